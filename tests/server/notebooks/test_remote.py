"""A notebook at the other end of a connection: what it asks for, and what it makes of the replies."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from autoanalyst_ext.errors import BadRequest, KernelGone, NotFound
from autoanalyst_ext.notebooks import remote
from autoanalyst_ext.notebooks.outputs import OUTPUT_BYTES
from autoanalyst_ext.notebooks.remote import RemoteNotebook
from autoanalyst_ext.types.cells import Execution, OutputChange, StreamOutput
from autoanalyst_ext.types.profiles import TableProfile
from autoanalyst_ext.types.results import ScalarResult
from autoanalyst_ext.types.wire import (
    Execute,
    Heard,
    Insert,
    Interrupt,
    Look,
    Remove,
    Replace,
    Replied,
    Wanted,
)


def table(name: str) -> dict[str, Any]:
    return TableProfile(name=name, library="pandas", rows=2, columns=(), fingerprint=name).model_dump(
        mode="json"
    )


LOOK = {"tables": [table("sales"), table("orders")], "names": {"sales": "DataFrame"}, "made": ["sales"]}


class Far:
    """The client at the other end: it keeps what it is asked, and answers what it was told to answer."""

    def __init__(self, **replies: dict[str, Any] | str | None) -> None:
        self.replies: dict[str, dict[str, Any] | str | None] = {
            "look": LOOK, "insert": {}, "replace": {}, "remove": {}, "interrupt": None, **replies
        }  # fmt: skip
        self.wanted: list[Wanted] = []
        self.came = asyncio.Event()
        self.notebook: RemoteNotebook

    def take(self, wanted: Wanted) -> None:
        self.wanted.append(wanted)
        self.came.set()
        reply = self.replies.get(wanted.do.op)
        if isinstance(reply, dict):
            self.reply(wanted, **reply)
        elif isinstance(reply, str):
            asyncio.get_running_loop().call_soon(
                self.notebook.replied, Replied(request=wanted.request, error=reply)
            )

    def reply(self, wanted: Wanted, **value: Any) -> None:
        asyncio.get_running_loop().call_soon(
            self.notebook.replied, Replied(request=wanted.request, value=value)
        )

    def write(self, wanted: Wanted, text: str) -> None:
        heard = Heard(request=wanted.request, type="stream", content={"name": "stdout", "text": text})
        self.notebook.hear(heard, len(text))

    async def asked(self, kind: type) -> Wanted:
        """The last request of this kind, once it is here."""
        while not any(isinstance(each.do, kind) for each in self.wanted):
            self.came.clear()
            await self.came.wait()
        return [each for each in self.wanted if isinstance(each.do, kind)][-1]


def play(
    scene: Callable[[Far, RemoteNotebook], Awaitable[None]], *, scope: tuple[str, ...] = (), **replies: Any
) -> None:
    async def all_of_it() -> None:
        far = Far(**replies)
        far.notebook = RemoteNotebook(far.take, "q1", scope=scope)
        await scene(far, far.notebook)

    asyncio.run(asyncio.wait_for(all_of_it(), 30))


async def run_cell(
    notebook: RemoteNotebook, seconds: float | None = None
) -> tuple[list[OutputChange], Execution]:
    inserted = await notebook.insert("print(1)\n1")
    *changes, execution = [item async for item in notebook.execute(inserted.id, seconds=seconds)]
    assert isinstance(execution, Execution)
    return [change for change in changes if isinstance(change, OutputChange)], execution


def test_one_look_serves_tables_and_names_until_a_cell_has_run() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        assert [found.name for found in await notebook.tables()] == ["sales", "orders"]
        assert await notebook.names() == {"sales": "DataFrame"}
        assert await notebook.made() == {"sales"}
        assert [type(each.do) for each in far.wanted] == [Look]
        assert {each.id for each in far.wanted} == {"q1"}
        await run_cell(notebook)
        await notebook.names()
        assert [type(each.do) for each in far.wanted] == [Look, Insert, Execute, Look]

    play(scene, execute={"status": "ok"})


def test_code_of_ours_is_evaluated_by_a_client_that_knows_how() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        assert await notebook.evaluate("1 + 1") == ScalarResult(type="int", value=2)
        far.replies["evaluate"] = "This kernel's autoanalyst-ext cannot do 'evaluate'. Upgrade it there."
        with pytest.raises(BadRequest, match="Upgrade it there"):
            await notebook.evaluate("1 + 1")

    play(scene, evaluate={"result": {"kind": "scalar", "type": "int", "value": 2}})


def test_two_looks_at_the_same_time_are_one_request() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        await asyncio.gather(notebook.tables(), notebook.names(), notebook.made())
        assert len(far.wanted) == 1

    play(scene)


def test_a_scope_hides_the_other_tables_but_none_that_the_run_makes() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        assert [found.name for found in await notebook.tables()] == ["orders"]
        far.replies["look"] = {**LOOK, "tables": [*LOOK["tables"], table("result")]}
        await run_cell(notebook)
        assert [found.name for found in await notebook.tables()] == ["orders", "result"]

    play(scene, scope=("orders",), execute={"status": "ok"})


def test_a_scope_without_such_a_table_says_which_there_are() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        with pytest.raises(BadRequest, match=r"no table named salse. There are: orders, sales\."):
            await notebook.tables()

    play(scene, scope=("salse",))


def test_outputs_come_as_they_are_heard_and_the_reply_is_the_end() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        running = asyncio.create_task(run_cell(notebook))
        wanted = await far.asked(Execute)
        far.write(wanted, "a")
        far.write(wanted, "b")
        result = {"kind": "scalar", "type": "int", "value": 1}
        far.reply(wanted, status="ok", execution_count=7, result=result, tables=[table("made")], seconds=0.5)
        changes, execution = await running
        assert [change.op for change in changes] == ["append", "extend"]
        assert execution.outputs == (StreamOutput(name="stdout", text="ab"),)
        assert (execution.status, execution.execution_count, execution.seconds) == ("ok", 7, 0.5)
        assert execution.source == "print(1)\n1"
        assert execution.result is not None
        assert [made.name for made in execution.tables] == ["made"]

    play(scene)


def test_an_error_is_the_clients_reply() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        _, execution = await run_cell(notebook)
        assert (execution.status, execution.ename, execution.evalue) == ("error", "KeyError", "'x'")

    play(scene, execute={"status": "error", "ename": "KeyError", "evalue": "'x'"})


def test_an_interrupt_by_the_user_is_told_by_the_reply() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        _, execution = await run_cell(notebook)
        assert (execution.status, execution.ename) == ("interrupted", "KeyboardInterrupt")
        assert not any(isinstance(each.do, Interrupt) for each in far.wanted)

    play(scene, execute={"status": "interrupted"})


def test_a_cell_that_takes_too_long_is_interrupted_and_says_so() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        running = asyncio.create_task(run_cell(notebook, seconds=0.01))
        interrupt, execute = await far.asked(Interrupt), await far.asked(Execute)
        assert interrupt.do == Interrupt(of=execute.request)
        far.reply(execute, status="interrupted", seconds=0.02)
        _, execution = await running
        assert (execution.status, execution.ename) == ("timeout", "CellTimeout")
        assert execution.evalue == "The cell ran longer than 0.01 s; it was stopped."

    play(scene)


def test_a_client_that_does_not_stop_a_cell_counts_as_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "INTERRUPT_SECONDS", 0.01)

    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        with pytest.raises(KernelGone, match="did not stop within"):
            await run_cell(notebook, seconds=0.01)
        with pytest.raises(KernelGone, match="did not stop within"):
            await notebook.names()

    play(scene)


def test_a_client_that_does_not_answer_counts_as_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "REPLY_SECONDS", 0.01)

    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        with pytest.raises(KernelGone, match="did not answer"):
            await notebook.insert("1")

    play(scene, insert=None)


def test_a_flood_is_cut_and_stopped() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        running = asyncio.create_task(run_cell(notebook))
        execute = await far.asked(Execute)
        far.write(execute, "x" * (OUTPUT_BYTES + 1))
        await far.asked(Interrupt)
        far.reply(execute, status="interrupted")
        _, execution = await running
        assert (execution.status, execution.ename) == ("interrupted", "OutputFlood")
        (kept,) = execution.outputs
        assert isinstance(kept, StreamOutput)
        assert len(kept.text) == OUTPUT_BYTES

    play(scene)


def test_a_flood_that_the_client_stopped_says_the_same() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        _, execution = await run_cell(notebook)
        assert (execution.status, execution.ename) == ("interrupted", "OutputFlood")

    play(scene, execute={"status": "interrupted", "flooded": True})


def test_leaving_early_interrupts_the_cell_and_waits_for_its_end() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        inserted = await notebook.insert("while True: print(1)")
        executing = notebook.execute(inserted.id)

        async def first() -> Any:
            return await anext(executing)

        reading = asyncio.create_task(first())
        execute = await far.asked(Execute)
        far.write(execute, "1")
        await reading
        leaving = asyncio.create_task(executing.aclose())
        await far.asked(Interrupt)
        assert not leaving.done()
        far.reply(execute, status="interrupted")
        await leaving

    play(scene)


@pytest.mark.parametrize("waits_for", [Look, Insert, Execute])
def test_when_the_client_goes_whatever_waits_for_it_ends(waits_for: type) -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        work = notebook.tables() if waits_for is Look else run_cell(notebook)
        waiting = asyncio.create_task(work)
        await far.asked(waits_for)
        notebook.gone("The tab was closed.")
        with pytest.raises(KernelGone, match="The tab was closed"):
            await waiting
        with pytest.raises(KernelGone, match="The tab was closed"):
            await notebook.insert("1")

    silent = {"look": None} if waits_for is Look else {"insert": None} if waits_for is Insert else {}
    play(scene, **silent)


def test_a_cell_is_replaced_only_as_the_run_left_it() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        cell = await notebook.insert("1", metadata={"a": 1})
        with pytest.raises(BadRequest, match="changed meanwhile"):
            await notebook.replace(cell.id, "2", expected="3")
        assert (await notebook.replace(cell.id, "2", expected="1")).source == "2"
        assert [each.source for each in await notebook.cells()] == ["2"]
        await notebook.remove(cell.id)
        assert await notebook.cells() == ()
        with pytest.raises(NotFound):
            await notebook.remove(cell.id)
        told = [each.do for each in far.wanted]
        assert told == [
            Insert(cell_id=cell.id, source="1", metadata={"a": 1}),
            Replace(cell_id=cell.id, source="2"),
            Remove(cell_id=cell.id),
        ]

    play(scene)


def test_a_request_that_the_client_cannot_carry_out_is_told_in_its_words() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        cell = await notebook.insert("1")
        with pytest.raises(BadRequest, match=r"The cell is not there\."):
            await notebook.replace(cell.id, "2", expected="1")
        assert [each.source for each in await notebook.cells()] == ["1"]
        with pytest.raises(BadRequest, match="A cell is running"):
            await run_cell(notebook)

    play(scene, replace="The cell is not there.", execute="A cell is running.")


def test_a_report_that_cannot_be_read_leaves_a_finished_cell() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        _, execution = await run_cell(notebook)
        assert (execution.status, execution.result) == ("ok", None)

    play(scene, execute={"status": "ok", "result": {"kind": "hologram"}})


def test_a_reply_that_says_nothing_is_no_end() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        with pytest.raises(KernelGone, match="did not say how the cell ended"):
            await run_cell(notebook)

    play(scene, execute={"state": "fine"})


def test_an_output_without_its_parts_is_refused_and_the_cell_goes_on() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        running = asyncio.create_task(run_cell(notebook))
        execute = await far.asked(Execute)
        for kind, content in (("stream", {}), ("display_data", {"data": 3}), ("error", {"ename": 1})):
            with pytest.raises(BadRequest):
                notebook.hear(Heard(request=execute.request, type=kind, content=content), 10)
        far.reply(execute, status="ok")
        assert (await running)[1].status == "ok"

    play(scene)


def test_what_nobody_waits_for_is_left_alone() -> None:
    async def scene(far: Far, notebook: RemoteNotebook) -> None:
        notebook.replied(Replied(request="old", value={"status": "ok"}))
        notebook.hear(Heard(request="old", type="stream", content={"name": "stdout", "text": "x"}), 1)
        _, execution = await run_cell(notebook)
        assert execution.outputs == ()

    play(scene, execute={"status": "ok"})
