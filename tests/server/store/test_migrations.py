"""Databases of earlier programs are brought up to date with their rows, on SQLite and on PostgreSQL."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from autoanalyst_ext.store import consistency
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.feedback import FeedbackStore
from autoanalyst_ext.store.rebuilding import rebuild
from autoanalyst_ext.store.receipts import Receipts
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.store.schema import SCHEMA
from autoanalyst_ext.store.upgrade import revision
from autoanalyst_ext.types.panel import Feedback

from .conftest import at_revision
from .test_receipts import receipt

ANN = "os:ann"
ROWS = (
    "INSERT INTO principals (id, created_at) VALUES ('os:ann', 1)",
    "INSERT INTO chats (id, principal_id, title, created_at, active_at, history) "
    "VALUES ('chat', 'os:ann', 'Sales', 1000000, 2000000, '[]')",
    "INSERT INTO runs (id, chat_id, principal_id, question_id, agents, model, mode, egress_level, status, "
    "started_at, ended_at) VALUES ('run', 'chat', 'os:ann', 'm1', '[\"planner\"]', 'offline:analyst', "
    "'auto', 'rows', 'interrupted', 1000000, 2000000)",
    "INSERT INTO messages (id, chat_id, role, text, run_id, created_at) "
    "VALUES ('m1', 'chat', 'user', 'How much?', NULL, 1000000)",
    "INSERT INTO messages (id, chat_id, role, text, run_id, created_at) "
    "VALUES ('m2', 'chat', 'analyst', '231', 'run', 2000000)",
)


async def opened(database: Database) -> None:
    (chat,), _ = await Chats(database).list(ANN)
    assert (chat.title, chat.active_at) == ("Sales", datetime.fromtimestamp(2, UTC))
    said, _ = await Chats(database).messages(ANN, chat.id)
    assert [message.text for message in said] == ["How much?", "231"]
    (run,) = await Runs(database).of_chat(ANN, chat.id)
    assert (run.status, run.agents, run.notebook, run.owner) == ("interrupted", ("planner",), None, None)
    assert await database.read(revision) == SCHEMA


def test_a_database_of_the_first_schema_is_brought_up_to_date_with_its_rows(play: Any, url: str) -> None:
    async def scene(database: Database) -> None:
        await opened(database)
        await Receipts(database).save(ANN, receipt("run"))
        assert len(await Receipts(database).find(ANN, "total revenue")) == 1

    at_revision(url, "0001", *ROWS)
    play(scene)


def test_a_database_of_the_second_schema_keeps_its_receipts_and_takes_what_a_panel_adds(
    play: Any, url: str
) -> None:
    kept = receipt("run", answer="231")

    async def scene(database: Database) -> None:
        await opened(database)
        (found,) = await Receipts(database).find(ANN, kept.question)
        assert found == kept
        given = Feedback(rating=4, comment="")
        await FeedbackStore(database).give(ANN, "m2", given)
        assert await FeedbackStore(database).of_messages(["m2"]) == {"m2": given}

    as_text = kept.model_dump_json().replace("'", "''").replace(":", "\\:")
    digest = hashlib.sha256(kept.question.encode()).hexdigest()
    at_revision(
        url,
        "0002",
        *ROWS,
        "INSERT INTO receipts (principal_id, key, question_key, run_id, created_at, receipt) "
        f"VALUES ('os:ann', 'key', '{digest}', 'run', 1, '{as_text}')",
    )
    play(scene)


def test_what_was_booked_before_is_in_the_sums_and_in_the_books(play: Any, url: str) -> None:
    """Everything that a database of the fourth schema holds is summed up and posted as if it came today."""
    columns = (
        "(id, principal_id, agent, provider, model, purpose, state, input_tokens, output_tokens, cost_pusd, "
        "error_code, started_at, seen_at, ended_at, first_token_ms, latency_ms, owner_pid, "
        "owner_start, owner_boot)"
    )
    calls = (
        "('a', 'os:ann', 'planner', 'openai', 'x', 'answer', 'settled', 5, 6, 70, NULL, 1000, 1, 2, 3, 400",
        "('b', 'os:bob', NULL, 'openai', 'x', 'fix', 'estimated', NULL, 6, NULL, 'e', 1000, 1, 2, NULL, NULL",
        "('c', 'os:bob', NULL, 'groq', 'y', 'answer', 'void', NULL, NULL, 0, 'e', 90000000000, 1, 2, NULL, 9",
        "('d', 'os:ann', NULL, 'groq', 'y', 'x', 'started', 5, 6, NULL, NULL, 90000000000, 1, NULL, NULL, 9",
    )
    answered = (
        "INSERT INTO runs (id, chat_id, principal_id, agents, model, mode, egress_level, status, started_at, "
        "ended_at) VALUES ('r2', 'chat', 'os:ann', '[]', 'x:y', 'auto', 'rows', 'answered', 1000000, 5000000)"
    )

    async def scene(database: Database) -> None:
        assert len(await Runs(database).of_chat(ANN, "chat")) == 2
        assert (await database.write(rebuild)).total == 0
        found = {fault.kind.partition(":")[0] for fault in await database.read(consistency.faults)}
        assert not found & {"entries", "accounts", "holds", "sums", "attempts"}

    inserted = (f"INSERT INTO attempts {columns} VALUES {call}, 1, '1', '1')" for call in calls)
    at_revision(url, "0004", *ROWS, answered, *inserted)
    play(scene)
