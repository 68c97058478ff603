"""Chats and their messages, on SQLite and on PostgreSQL."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.dialects import sqlite

from autoanalyst_ext.errors import BadRequest, NotFound
from autoanalyst_ext.store import money_tables, pages
from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.chats import Chats, page_query
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.feedback import FeedbackStore
from autoanalyst_ext.store.receipts import Receipts
from autoanalyst_ext.store.run_events import RunEvents
from autoanalyst_ext.store.runs import NewRun, Runs
from autoanalyst_ext.store.schema import metadata
from autoanalyst_ext.store.tables import messages, payloads
from autoanalyst_ext.store.tool_calls import ToolCalls
from autoanalyst_ext.types.events import RunStarted
from autoanalyst_ext.types.panel import Feedback

from . import calls
from .conftest import asked, on, python
from .test_receipts import receipt

ANN, BOB = "os:ann", "os:bob"


OF_MONEY = {table.name for table in vars(money_tables).values() if isinstance(table, Table)}
"""What was paid stays, and what it was counted in."""


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
        made = [await asked(database, ANN, str(number)) for number in range(7)]
        await asked(database, BOB, "not ann's")
        await chats.create(ANN, "its question was refused")
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
        made = {(await asked(database, ANN, str(number))).id for number in range(5)}
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


@pytest.mark.parametrize("deep", [False, True])
def test_every_page_of_many_chats_reads_only_its_own_rows(sqlite_url: str, deep: bool) -> None:
    async def scene(database: Database) -> list[str]:
        cursor = pages.cursor(5, "x") if deep else None
        query = page_query(ANN, size=30, cursor=cursor)
        written = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))

        def plan(connection: Connection) -> list[str]:
            return [str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}")]

        return await database.read(plan)

    first, *others = on(sqlite_url, scene)
    bounds = "principal_id=? AND (active_at,id)<(?,?)" if deep else "principal_id=?"
    assert f"SEARCH chats USING INDEX ix_chats_page ({bounds})" in first
    assert any("ix_messages_chat (chat_id=?)" in line for line in others)
    assert not any("TEMP B-TREE" in line or "SCAN messages" in line for line in others)


def test_pages_show_nothing_twice_while_new_chats_arrive(play: Any) -> None:
    async def scene(database: Database) -> None:
        chats, cursor, seen = Chats(database), None, []
        made = [(await asked(database, ANN, str(number))).id for number in range(7)]
        while True:
            page, cursor = await chats.list(ANN, limit=2, cursor=cursor)
            seen += [chat.id for chat in page]
            await asked(database, ANN, "new")
            if cursor is None:
                break
        assert seen == made[::-1]

    play(scene)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("price", ["Price of houses", "unit prices"]),
        (" OF HOUSES ", ["Price of houses"]),
        ("100%", ["100% of a_b"]),
        ("%", ["100% of a_b"]),
        ("a_b", ["100% of a_b"]),
        ("_", ["100% of a_b"]),
        ("über", ["Überblick"]),
        ("ÜBER", ["Überblick"]),
        ("'; DROP TABLE chats", []),
        ("  ", ["Überblick", "Price of houses", "unit prices", "100% of a_b"]),
    ],
)
def test_chats_are_searched_by_any_part_of_their_title(play: Any, search: str, found: list[str]) -> None:
    async def scene(database: Database) -> None:
        for title in ("100% of a_b", "unit prices", "Price of houses", "Überblick"):
            await asked(database, ANN, title)
        page, cursor = await Chats(database).list(ANN, search=search)
        assert [chat.title for chat in page] == found
        assert cursor is None

    play(scene)


def test_two_first_questions_in_one_named_chat_make_one_chat(play: Any) -> None:
    async def scene(database: Database) -> None:
        chats = Chats(database)
        found = await asyncio.gather(*(chats.find_or_create(ANN, "sales") for _ in range(5)))
        assert len({chat.id for chat in found}) == 1
        assert (await chats.find_or_create(BOB, "sales")).id != found[0].id
        assert (await chats.find_or_create(ANN, "Sales")).id != found[0].id

    play(scene)


def test_two_processes_that_want_the_same_named_chat_get_the_same_one(url: str) -> None:
    script = """
import asyncio, sys
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
async def scene():
    database = Database(sys.argv[1])
    await database.open()
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(10):
        print((await Chats(database).find_or_create("os:ann", str(number))).id)
    await database.close()
asyncio.run(scene())
"""
    others = [python(script, url) for _ in range(2)]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    for other in others:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
    ends = [other.communicate(timeout=60) for other in others]
    assert [error for _, error in ends] == ["", ""]
    first, second = (out.split() for out, _ in ends)
    assert first == second
    assert len(set(first)) == 10


def test_a_deleted_chat_takes_everything_along_but_what_was_paid(play: Any) -> None:
    async def scene(database: Database) -> None:
        gone, kept = await asked(database, ANN, "gone"), await asked(database, ANN, "kept")
        for chat in (gone, kept):
            await everything(database, chat.id)
        with pytest.raises(NotFound):
            await Chats(database).delete(BOB, gone.id)
        assert (await Chats(database).delete(ANN, gone.id)).id == gone.id
        with pytest.raises(NotFound):
            await Chats(database).delete(ANN, gone.id)

        def count(connection: Connection) -> dict[str, int]:
            return {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in metadata.tables.items()
                if name not in OF_MONEY
            }

        rows = await database.read(count)
        assert rows.pop("messages") == 2
        assert rows == dict.fromkeys(rows, 1) | {"attempts": 2, "proofs": 0, "admin_keys": 0}

    play(scene)


async def everything(database: Database, chat_id: str) -> None:
    """A chat with one row in every table."""
    question = await Chats(database).append(ANN, chat_id, "user", "How many?")
    await database.write(lambda c: c.execute(messages.delete().where(messages.c.id == question.id)))
    runs = Runs(database)
    run = await runs.start(ANN, a_run(chat_id))
    answer = await Chats(database).append(ANN, chat_id, "analyst", "545", run_id=run.id)
    await runs.start_step(ANN, run.id, 1, "planner")
    await ToolCalls(database).begin_call(ANN, run.id, "call_1", "run_cell", "ab12")
    await Receipts(database).save(ANN, receipt(run.id))
    await FeedbackStore(database).give(ANN, answer.id, Feedback(rating=5, comment=""))
    begun = RunStarted(run_id=run.id, chat_id=chat_id, agents=("planner",), model="offline:analyst")
    await RunEvents(database).append(run.id, [begun])
    payload = {"run_id": run.id, "agent": "planner", "attempt_id": "0199", "payload": "{}"}
    await database.write(lambda c: c.execute(payloads.insert().values(payload)))
    call = NewAttempt(provider="offline", model="analyst", principal_id=ANN, chat_id=chat_id, run_id=run.id)
    await database.write(lambda c: calls.put(c, call, at=datetime.now(UTC), state="started"))
