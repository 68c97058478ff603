"""Everything that can be wrong with stored chats is found, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from autoanalyst_ext.errors import StoreUnwritable
from autoanalyst_ext.store import consistency
from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import LIBRARY, Database
from autoanalyst_ext.store.feedback import FeedbackStore
from autoanalyst_ext.store.glance import glance
from autoanalyst_ext.store.histories import Histories
from autoanalyst_ext.store.payloads import Payloads
from autoanalyst_ext.store.receipts import Receipts
from autoanalyst_ext.store.run_events import RunEvents
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.store.schema import metadata
from autoanalyst_ext.store.tool_calls import ToolCalls
from autoanalyst_ext.store.upgrade import revision
from autoanalyst_ext.types.events import Notice
from autoanalyst_ext.types.panel import Feedback
from autoanalyst_ext.types.runs import Answer
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger

from .test_chats import a_run
from .test_payloads import call
from .test_receipts import receipt

ANN = "os:ann"


async def a_question_and_its_answer(database: Database) -> None:
    """What one answered question leaves behind, in every table."""
    chats, runs, ledger = Chats(database), Runs(database), Ledger(database)
    chat = await chats.create(ANN, "sales")
    question = await chats.append(ANN, chat.id, "user", "How many?")
    run = await runs.start(ANN, a_run(chat.id).model_copy(update={"question_id": question.id}))
    paid = NewAttempt(provider="openai", model="gpt-4o", principal_id=ANN, run_id=run.id, chat_id=chat.id)
    attempt = (await ledger.open(paid)).id
    await ledger.settle(attempt, TokenUsage(input_tokens=100, output_tokens=10), latency_ms=5)
    await runs.start_step(ANN, run.id, 1, "planner")
    await runs.finish_step(ANN, run.id, 1, text="545", attempt_id=attempt)
    await ToolCalls(database).begin_call(ANN, run.id, "call", "run_cell", "hash")
    await RunEvents(database).append(
        run.id, [Notice(code="note", text=text) for text in ("one", "two", "three")]
    )
    await Payloads(database).keep(run.id, "planner", call())
    await Receipts(database).save(ANN, receipt(run.id))
    answer = await chats.append(ANN, chat.id, "analyst", "545", run_id=run.id)
    await Histories(database).save(ANN, chat.id, "[]")
    await FeedbackStore(database).give(ANN, answer.id, Feedback(rating=5, comment=""))
    done = Answer(status="answered", answer="545", run_id=run.id, chat_id=chat.id)
    await runs.finish(ANN, run.id, "answered", answer=done)


@contextmanager
def let_loose(url: str) -> Iterator[Connection]:
    """A connection of a tool that minds no foreign keys; what it did is rolled back."""
    engine = create_engine(url, **({"module": LIBRARY} if url.startswith("sqlite") else {}))
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            yield connection
    finally:
        engine.dispose()


FAULTS = {
    "chats:late": "UPDATE chats SET active_at = 1",
    "messages:no_run": "UPDATE messages SET run_id = NULL WHERE role = 'analyst'",
    "feedback:rating": "UPDATE feedback SET rating = 6",
    "runs:no_question": "DELETE FROM messages WHERE role = 'user'",
    "runs:no_answer": "DELETE FROM messages WHERE role = 'analyst'",
    "runs:principal": "UPDATE runs SET principal_id = 'os:bob'",
    "runs:status": "UPDATE runs SET status = 'lost'",
    "runs:end": "UPDATE runs SET ended_at = NULL",
    "run_events:gap": "DELETE FROM run_events WHERE number = 2",
    "steps:no_attempt": "DELETE FROM attempts",
    "attempts:negative": "UPDATE attempts SET cost_pusd = -1",
    "attempts:parts": "UPDATE attempts SET cache_read_tokens = 101",
    "attempts:state": "UPDATE attempts SET state = 'lost'",
    "attempts:end": "UPDATE attempts SET ended_at = NULL",
    "attempts:void": "UPDATE attempts SET state = 'void'",
    "entries:sum": "INSERT INTO postings SELECT about, kind, 'nobody', 7 FROM entries",
    "entries:missing": "UPDATE attempts SET id = 'another'",
    "entries:no_call": "UPDATE attempts SET cost_pusd = 0",
    "entries:principal": "UPDATE attempts SET cost_pusd = cost_pusd + 1",
    "entries:provider": "UPDATE attempts SET provider = 'groq'",
    "accounts:balance": "UPDATE accounts SET balance_low = balance_low + 1 WHERE kind = 'principal'",
    "accounts:held": "UPDATE accounts SET held_pusd = 1",
    "holds:left": "INSERT INTO holds VALUES ('x', 'provider:openai', 5, 'open', 1, NULL)",
    "holds:end": "INSERT INTO holds VALUES ('x', 'provider:openai', 5, 'open', 1, 2)",
    "sums:all": "UPDATE call_sums SET requests = 2 WHERE dimension = 'all'",
    "sums:principal": "UPDATE call_sums SET cost_pusd = 2 WHERE dimension = 'principal'",
    "sums:model": "UPDATE call_sums SET input_tokens = 2 WHERE dimension = 'model'",
    "sums:agent": "DELETE FROM call_sums WHERE dimension = 'agent'",
    "unreadable:chats.history": "UPDATE chats SET history = '[{'",
    "unreadable:run_events.event": "UPDATE run_events SET event = '' WHERE number = 1",
    "unreadable:payloads.payload": "UPDATE payloads SET payload = 'no'",
    "unreadable:receipts.receipt": "UPDATE receipts SET receipt = 'no'",
}
ORPHANS = {
    f"orphan:{table.name}.{key.parent.name}": f"UPDATE {table.name} SET {key.parent.name} = 'nobody'"
    for table in metadata.sorted_tables
    for key in table.foreign_keys
    if table.name in {"chats", "runs", "messages", "steps", "tool_calls", "run_events", "payloads"}
    or table.name in {"feedback", "receipts"}
}


def test_an_answered_question_leaves_nothing_to_find_and_each_planted_fault_is_found(
    play: Any, url: str
) -> None:
    play(a_question_and_its_answer)
    assert set(ORPHANS) >= {"orphan:steps.run_id", "orphan:feedback.message_id", "orphan:chats.principal_id"}
    with let_loose(url) as connection:
        assert consistency.missing(connection) == ()
        assert consistency.damage(connection) == ()
        assert consistency.faults(connection) == ()
        for kind, statement in {**FAULTS, **ORPHANS}.items():
            connection.execute(text(statement))
            found = {fault.kind: fault for fault in consistency.faults(connection)}
            assert kind in found, f"{statement} left {sorted(found)}"
            assert found[kind].count >= 1
            assert found[kind].examples
            connection.rollback()
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
        assert consistency.faults(connection) == ()


def test_every_document_column_of_sqlite_is_read(sqlite_url: str) -> None:
    async def scene() -> None:
        database = Database(sqlite_url)
        await a_question_and_its_answer(database)
        await database.close()

    asyncio.run(scene())
    with let_loose(sqlite_url) as connection:
        connection.execute(text("UPDATE runs SET answer = '{'"))
        (fault,) = consistency.faults(connection)
        assert (fault.kind, fault.count) == ("unreadable:runs.answer", 1)


def test_a_chat_is_put_back_to_its_last_message(play: Any) -> None:
    async def scene(database: Database) -> None:
        await a_question_and_its_answer(database)
        (chat,), _ = await Chats(database).list(ANN)
        await database.write(lambda connection: connection.execute(text("UPDATE chats SET active_at = 1")))
        (fault,) = await glance(database, consistency.faults)
        assert (fault.kind, fault.mendable, fault.examples) == ("chats:late", True, (chat.id,))
        assert await database.write(consistency.mend) == 1
        assert await glance(database, consistency.faults) == ()
        assert (await Chats(database).get(ANN, chat.id)).active_at == chat.active_at

    play(scene)


def test_what_a_schema_lacks_is_named(play: Any, url: str) -> None:
    play(a_question_and_its_answer)
    with let_loose(url) as connection:
        connection.execute(text("ALTER TABLE runs DROP COLUMN notebook"))
        connection.execute(text("DROP TABLE feedback"))
        assert consistency.missing(connection) == ("feedback", "runs.notebook")


def test_a_glance_makes_nothing_and_changes_nothing(url: str) -> None:
    async def scene() -> None:
        database = Database(url)
        if database.file is not None:
            with pytest.raises(StoreUnwritable, match="cannot be opened"):
                await glance(database, revision)
            assert not database.file.exists()
            assert not database.file.parent.exists()
        else:
            assert await glance(database, revision) is None
        await database.open()
        write = text("INSERT INTO principals (id, created_at) VALUES ('os:bob', 1)")
        with pytest.raises(StoreUnwritable, match="read-only"):
            await glance(database, lambda connection: connection.execute(write))
        await database.close()

    asyncio.run(scene())
