"""A request on its way, without a kernel."""

import asyncio
from typing import Any

from autoanalyst_ext.notebooks.kernel import INTERRUPT_PATIENCE
from autoanalyst_ext.notebooks.request import BACKLOG, Request
from autoanalyst_ext.types.cells import Execution, OutputChange, StreamOutput


def shown(value: int) -> dict[str, Any]:
    return {"data": {"text/plain": str(value)}, "metadata": {}, "transient": {"display_id": "bar"}}


async def ended(request: Request, reply: dict[str, Any]) -> Execution:
    request.answer(reply)
    request.hear("status", {"execution_state": "idle"}, 0)
    await asyncio.wait_for(request.over, 5)
    request.end()
    return request.execution("c", "source")


def test_a_slow_reader_of_many_updates_gets_the_latest_state() -> None:
    async def work() -> tuple[list[OutputChange], Execution]:
        request = Request(None)
        request.hear("display_data", shown(-1), 1)
        for value in range(20 * BACKLOG):
            request.hear("update_display_data", shown(value), 1)
        execution = await ended(request, {"status": "ok", "execution_count": 1, "user_expressions": {}})
        return [change async for change in request.changes()], execution

    changes, execution = asyncio.run(work())
    assert len(changes) <= BACKLOG + 1
    assert changes[-1].output == execution.outputs[0]
    assert execution.outputs[0].data["text/plain"] == str(20 * BACKLOG - 1)  # type: ignore[union-attr]


def test_it_is_over_only_when_both_the_reply_and_the_idle_status_are_here() -> None:
    async def work() -> None:
        for first, second in (("reply", "idle"), ("idle", "reply")):
            request = Request(None)
            for what in (first, second):
                assert not request.over.done()
                if what == "reply":
                    request.answer({"status": "ok"})
                else:
                    request.hear("status", {"execution_state": "idle"}, 0)
            assert request.over.done()

    asyncio.run(work())


def test_a_stop_after_the_reply_changes_nothing() -> None:
    async def work() -> Execution:
        request = Request(None)
        request.answer({"status": "ok", "execution_count": 4})
        request.stop("interrupted")
        return await ended(request, {"status": "ok", "execution_count": 4})

    execution = asyncio.run(work())
    assert (execution.status, execution.execution_count) == ("ok", 4)


def test_an_interrupt_that_left_no_reply_ends_before_its_kernel_would_be_ended() -> None:
    async def work() -> Execution:
        request = Request(None)
        request.stop("interrupted")
        request.hear("status", {"execution_state": "idle"}, 0)
        await asyncio.wait_for(request.over, sum(INTERRUPT_PATIENCE))
        request.end()
        return request.execution("c", "source")

    execution = asyncio.run(work())
    assert (execution.status, execution.ename) == ("interrupted", "KeyboardInterrupt")


def test_a_report_that_makes_no_sense_leaves_a_finished_cell_without_a_result() -> None:
    async def work(text: str) -> Execution:
        report = {"status": "ok", "data": {"text/plain": text}}
        return await ended(Request(None), {"status": "ok", "user_expressions": {"report": report}})

    for text in ("not a literal", "7", repr("{}{"), repr('{"result": {"kind": "nothing known"}}')):
        execution = asyncio.run(work(text))
        assert (execution.status, execution.result, execution.tables) == ("ok", None, ())


def test_output_after_the_end_is_kept_for_the_notebook() -> None:
    async def work() -> Request:
        request = Request(None)
        await ended(request, {"status": "ok"})
        request.hear("stream", {"name": "stdout", "text": "late"}, 4)
        return request

    assert asyncio.run(work()).log.outputs == (StreamOutput(name="stdout", text="late"),)
