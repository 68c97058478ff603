"""Runs, their steps and tool calls, on SQLite and on PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from autoanalyst_ext.errors import NotFound
from autoanalyst_ext.store.attempts import Owner
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.store.tables import runs as run_rows
from autoanalyst_ext.store.tool_calls import ToolCalls
from autoanalyst_ext.types.cells import DisplayOutput
from autoanalyst_ext.types.runs import Answer, CellRecord
from autoanalyst_ext.usage.owner import this_process

from .test_chats import a_run

ANN, BOB = "os:ann", "os:bob"


def test_a_run_ends_once_and_keeps_its_answer(play: Any) -> None:
    async def scene(database: Database) -> None:
        chats, runs = Chats(database), Runs(database)
        chat = await chats.create(ANN, "sales")
        question = await chats.append(ANN, chat.id, "user", "How many?")
        run = await runs.start(ANN, a_run(chat.id).model_copy(update={"question_id": question.id}))
        assert (run.status, run.ended_at, run.answer) == ("running", None, None)
        assert run.agents == ("data_viz_agent", "planner")
        plot = DisplayOutput(data={"application/json": {"y": [1.5, float("nan")]}})
        answer = Answer(
            status="answered",
            answer="545",
            cells=(CellRecord(source="len(df)", outputs=(plot,)),),
            run_id=run.id,
            chat_id=chat.id,
        )
        done = await runs.finish(ANN, run.id, "answered", answer=answer)
        assert done.answer is not None
        assert done.answer.answer == "545"
        # A number that JSON does not have is stored as null, on both databases.
        assert done.answer.cells[0].outputs[0].data == {"application/json": {"y": [1.5, None]}}  # type: ignore[union-attr]
        assert done.ended_at is not None
        assert await runs.finish(ANN, run.id, "failed", error_code="late") == done
        assert await runs.of_chat(ANN, chat.id) == (done,)

    play(scene)


def test_steps_are_stored_in_order_with_the_attempt_that_paid(play: Any) -> None:
    async def scene(database: Database) -> None:
        runs = Runs(database)
        run = await runs.start(ANN, a_run((await Chats(database).create(ANN, "x")).id))
        await runs.start_step(ANN, run.id, 1, "planner")
        await runs.finish_step(ANN, run.id, 1, text="first look", attempt_id="0199")
        await runs.start_step(ANN, run.id, 2, "data_viz_agent")
        one, two = await runs.steps(ANN, run.id)
        assert (one.number, one.agent, one.text, one.attempt_id) == (1, "planner", "first look", "0199")
        assert one.ended_at is not None
        assert one.ended_at >= one.started_at
        assert (two.number, two.text, two.ended_at) == (2, "", None)
        with pytest.raises(NotFound, match="no step 3"):
            await runs.finish_step(ANN, run.id, 3, text="")

    play(scene)


def test_a_tool_call_is_begun_once_and_its_outcome_found_again(play: Any) -> None:
    async def scene(database: Database) -> None:
        runs, calls = Runs(database), ToolCalls(database)
        run = await runs.start(ANN, a_run((await Chats(database).create(ANN, "x")).id))
        begun = await asyncio.gather(
            *(calls.begin_call(ANN, run.id, "call_1", "run_cell", "ab12") for _ in range(5))
        )
        assert begun.count(None) == 1
        started = next(call for call in begun if call is not None)
        assert (started.name, started.code_hash, started.outcome, started.ended_at) == (
            "run_cell",
            "ab12",
            None,
            None,
        )
        done = await calls.finish_call(ANN, run.id, "call_1", {"status": "ok", "value": 1})
        assert done.outcome == {"status": "ok", "value": 1}
        assert await calls.finish_call(ANN, run.id, "call_1", {"status": "error"}) == done
        assert await calls.begin_call(ANN, run.id, "call_1", "run_cell", "ab12") == done
        assert await calls.begin_call(ANN, run.id, "call_2", "run_cell", "ab12") is None
        with pytest.raises(NotFound):
            await calls.finish_call(ANN, run.id, "call_9", {})

    play(scene)


def test_a_run_is_stored_under_its_given_id_with_its_notebook_and_process(play: Any) -> None:
    async def scene(database: Database) -> None:
        runs, run_id = Runs(database), new_id()
        chat = await Chats(database).create(ANN, "x")
        more = {"id": run_id, "notebook": "work/sales.ipynb", "owner": this_process()}
        run = await runs.start(ANN, a_run(chat.id).model_copy(update=more))
        assert (run.id, run.notebook, run.owner) == (run_id, "work/sales.ipynb", this_process())
        assert await runs.get(ANN, run_id) == run
        assert await runs.of_ids(ANN, [run_id, "none"]) == {run_id: run}
        assert await runs.of_ids(BOB, [run_id]) == {}

    play(scene)


def test_runs_of_processes_that_are_gone_are_closed_and_no_others(play: Any) -> None:
    async def scene(database: Database) -> None:
        runs, chat = Runs(database), await Chats(database).create(ANN, "x")
        dead = Owner(pid=1, start="0", boot="b")

        async def begun(owner: Owner | None) -> str:
            return (await runs.start(ANN, a_run(chat.id).model_copy(update={"owner": owner}))).id

        lost, ours, ended = await begun(dead), await begun(this_process()), await begun(dead)
        young, old = await begun(None), await begun(None)
        await runs.finish(ANN, ended, "answered")
        long_ago = datetime.now(UTC) - timedelta(days=3)
        await database.write(
            lambda c: c.execute(update(run_rows).where(run_rows.c.id == old).values(started_at=long_ago))
        )
        assert await runs.recover(lambda owner: owner == dead) == 2
        assert await runs.recover(lambda owner: owner == dead) == 0
        closed = await runs.get(ANN, lost)
        assert (closed.status, closed.error_code) == ("interrupted", "process_ended")
        assert closed.ended_at is not None
        assert (await runs.get(ANN, old)).status == "interrupted"
        assert [(await runs.get(ANN, run)).status for run in (ours, ended, young)] == [
            "running",
            "answered",
            "running",
        ]

    play(scene)
