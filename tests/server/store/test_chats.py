"""Chats, messages, runs, steps and tool calls, on SQLite and on PostgreSQL."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, text

from autoanalyst_ext.errors import BadRequest, NotFound
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.runs import NewRun, Runs
from autoanalyst_ext.store.tool_calls import ToolCalls
from autoanalyst_ext.types.cells import DisplayOutput
from autoanalyst_ext.types.runs import Answer, CellRecord

from .conftest import on

ANN, BOB = "os:ann", "os:bob"


def a_run(chat_id: str) -> NewRun:
    return NewRun(
        chat_id=chat_id,
        question_id=None,
        agents=("data_viz_agent", "planner"),
        model="offline:analyst",
        mode="auto",
        egress_level="rows",
    )


def test_a_chat_is_what_was_stored(play: Any) -> None:
    async def scene(database: Database) -> None:
        chats = Chats(database)
        chat = await chats.create(ANN, "Häuser 🏠")
        assert chat.title == "Häuser 🏠"
        assert chat.created_at.utcoffset() is not None
        assert await chats.get(ANN, chat.id) == chat
        renamed = await chats.rename(ANN, chat.id, "Prices")
        assert renamed.title == "Prices"
        assert await chats.get(ANN, chat.id) == renamed

    play(scene)


def test_another_principals_chat_is_not_found(play: Any) -> None:
    async def scene(database: Database) -> None:
        chats, runs, calls = Chats(database), Runs(database), ToolCalls(database)
        chat = await chats.create(ANN, "mine")
        run = await runs.start(ANN, a_run(chat.id))
        for attempt in (
            chats.get(BOB, chat.id),
            chats.rename(BOB, chat.id, "taken"),
            chats.append(BOB, chat.id, "user", "hello"),
            chats.messages(BOB, chat.id),
            runs.start(BOB, a_run(chat.id)),
            runs.get(BOB, run.id),
            runs.of_chat(BOB, chat.id),
            runs.finish(BOB, run.id, "failed"),
            runs.start_step(BOB, run.id, 1, "planner"),
            runs.finish_step(BOB, run.id, 1, text=""),
            runs.steps(BOB, run.id),
            calls.begin_call(BOB, run.id, "c1", "run_cell", "0"),
            calls.finish_call(BOB, run.id, "c1", {}),
        ):
            with pytest.raises(NotFound):
                await attempt
        assert await chats.list(BOB) == ((), None)
        assert (await chats.get(ANN, chat.id)).title == "mine"
        assert (await runs.get(ANN, run.id)).status == "running"

    play(scene)


def test_pages_of_chats_are_newest_first_and_a_new_message_moves_a_chat_to_the_top(play: Any) -> None:
    async def scene(database: Database) -> None:
        chats = Chats(database)
        made = [await chats.create(ANN, str(number)) for number in range(7)]
        await chats.create(BOB, "not ann's")
        seen: list[str] = []
        cursor = None
        for size in (3, 3, 1):
            page, cursor = await chats.list(ANN, limit=3, cursor=cursor)
            assert len(page) == size
            seen += [chat.title for chat in page]
        assert cursor is None
        assert seen == ["6", "5", "4", "3", "2", "1", "0"]
        await chats.append(ANN, made[2].id, "user", "and now?")
        top, _ = await chats.list(ANN, limit=1)
        assert top[0].id == made[2].id
        assert top[0].active_at > made[6].active_at

    play(scene)


def test_chats_of_the_same_microsecond_are_each_on_one_page(play: Any) -> None:
    async def scene(database: Database) -> None:
        chats = Chats(database)
        made = {(await chats.create(ANN, str(number))).id for number in range(5)}
        await database.write(lambda connection: connection.execute(text("UPDATE chats SET active_at = 7")))
        seen, cursor = [], None
        for _ in range(3):
            page, cursor = await chats.list(ANN, limit=2, cursor=cursor)
            seen += [chat.id for chat in page]
        assert len(seen) == 5
        assert set(seen) == made

    play(scene)


@pytest.mark.parametrize("cursor", ["x", "é", "", "bnVsbA", "WzEsMl0", "W10", "'; DROP TABLE chats"])
def test_a_cursor_that_is_not_ours_is_a_bad_request(sqlite_url: str, cursor: str) -> None:
    async def scene(database: Database) -> None:
        with pytest.raises(BadRequest, match="first page"):
            await Chats(database).list(ANN, cursor=cursor)

    on(sqlite_url, scene)


def test_messages_come_oldest_first_and_page_backwards(play: Any) -> None:
    async def scene(database: Database) -> None:
        chats = Chats(database)
        chat = await chats.create(ANN, "long")
        for number in range(5):
            await chats.append(ANN, chat.id, "user" if number % 2 == 0 else "analyst", f"message {number}")
        last, cursor = await chats.messages(ANN, chat.id, limit=3)
        assert [message.text for message in last] == ["message 2", "message 3", "message 4"]
        assert [message.role for message in last] == ["user", "analyst", "user"]
        first, cursor = await chats.messages(ANN, chat.id, limit=3, cursor=cursor)
        assert [message.text for message in first] == ["message 0", "message 1"]
        assert cursor is None

    play(scene)


def test_text_that_postgresql_cannot_hold_is_kept_readable_on_both(play: Any) -> None:
    async def scene(database: Database) -> None:
        chats = Chats(database)
        chat = await chats.create(ANN, "odd")
        message = await chats.append(ANN, chat.id, "analyst", "a\0b 'c\"; -- %s :x 😀")
        assert message.text == "a\ufffdb 'c\"; -- %s :x 😀"
        (stored,), _ = await chats.messages(ANN, chat.id)
        assert stored == message

    play(scene)


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


def test_the_deepest_page_of_many_chats_reads_only_its_own_rows(sqlite_url: str) -> None:
    async def scene(database: Database) -> str:
        await database.open()

        def plan(connection: Connection) -> str:
            query = (
                "EXPLAIN QUERY PLAN SELECT * FROM chats "
                "WHERE principal_id = 'p' AND (active_at, id) < (5, 'x') "
                "ORDER BY active_at DESC, id DESC LIMIT 51"
            )
            return " ".join(str(row) for row in connection.execute(text(query)))

        return await database.read(plan)

    plan = on(sqlite_url, scene)
    assert "ix_chats_page" in plan
    assert "TEMP B-TREE" not in plan
