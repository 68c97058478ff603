"""The list of chats: SQL of page 1 and of the deepest page. Goal: at most 0.1 ms, also of a million chats.

Each chat has a question, an answer, a run and a model call. The page itself is timed at the driver, as the
program asks it; what else a list shows (`chat_facts`) and the whole call are printed beside it.

    python benchmarks/chat_list.py [CHATS]
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from autoanalyst_ext.engine import Engine
from autoanalyst_ext.store import pages
from autoanalyst_ext.store.chats import page_query
from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.types.panel import ChatPage

GOAL_MS = 0.1
SIZE = 30
ROUNDS = 200
BATCH = 10_000
START = 1_700_000_000_000_000
"""Microseconds; when the first chat was made."""

CHAT = (
    "INSERT INTO chats (id, principal_id, title, created_at, active_at, history) VALUES (?, ?, ?, ?, ?, ?)",
    "INSERT INTO runs (id, chat_id, principal_id, agents, model, mode, egress_level, status, started_at, "
    "ended_at) VALUES (?, ?, ?, '[\"planner\"]', 'offline:analyst', 'auto', 'rows', 'answered', ?, ?)",
    "INSERT INTO messages (id, chat_id, role, text, run_id, created_at) VALUES (?, ?, 'user', ?, NULL, ?)",
    "INSERT INTO messages (id, chat_id, role, text, run_id, created_at) VALUES (?, ?, 'analyst', ?, ?, ?)",
    "INSERT INTO attempts (id, run_id, principal_id, chat_id, provider, model, purpose, state, cost_pusd, "
    "started_at, seen_at, owner_pid, owner_start, owner_boot) VALUES (?, ?, ?, ?, 'openai', 'gpt-5-nano', "
    "'answer', 'settled', 450000000, ?, ?, 1, '1', '1')",
)
TEXT = "The mean of `price` is 4,766,729, and the median is 4,340,000. " * 5


def rows(chats: int, principal: str) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """One row for each statement of `CHAT`, chat by chat."""
    for number in range(chats):
        chat, run, at = new_id(), new_id(), START + number * 1_000
        yield (
            (chat, principal, f"Average price by area, number {number}", at, at + 500, TEXT),
            (run, chat, principal, at, at + 500),
            (new_id(), chat, "What is the average price by area?", at),
            (new_id(), chat, TEXT, run, at + 500),
            (new_id(), run, principal, chat, at, at),
        )


def fill(connection: Connection, chats: int, principal: str) -> None:
    """Write them, as fast as the driver can."""
    cursor = connection.connection.cursor()
    cursor.execute("INSERT INTO principals (id, created_at) VALUES (?, 1)", (principal,))
    made = rows(chats, principal)
    while batch := list(islice(made, BATCH)):
        for statement, values in zip(CHAT, zip(*batch, strict=True), strict=True):
            cursor.executemany(statement, values)


def sql_ms(connection: Connection, principal: str, cursor: str | None) -> float:
    """The median milliseconds of a page's SQL at the driver, its rows read."""
    query = page_query(principal, size=SIZE, cursor=cursor)
    written = str(query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    reader = connection.connection.cursor()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        found = reader.execute(written).fetchall()
        times.append((time.perf_counter() - begun) * 1e3)
        assert len(found) >= SIZE
    return statistics.median(times)


async def whole(engine: Engine, cursor: str | None) -> tuple[ChatPage, float]:
    """A page as a panel gets it, and its median milliseconds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        page = await engine.chats.page(engine.principal, limit=SIZE, cursor=cursor)
        times.append((time.perf_counter() - begun) * 1e3)
    assert len(page.chats) == SIZE
    assert page.chats[0].cost_usd == "0.00045"
    return page, statistics.median(times)


async def main(chats: int) -> int:
    """Print the medians; the exit code says whether the goal is held."""
    with tempfile.TemporaryDirectory() as folder:
        async with Engine(data_dir=folder, database_url=f"sqlite:///{folder}/chats.db") as engine:
            principal = engine.principal.id
            await engine.database.write(lambda connection: fill(connection, chats, principal))
            at = START + SIZE * 1_000
            cursors = {"page 1": None, "the deepest page": pages.cursor(at, new_id())}
            held = True
            for name, cursor in cursors.items():
                spent = await engine.database.read(
                    lambda connection, cursor=cursor: sql_ms(connection, principal, cursor)  # type: ignore[misc]
                )
                page, call = await whole(engine, cursor)
                held = held and spent <= GOAL_MS
                print(
                    f"{chats:,} chats, {name}: SQL {spent:.3f} ms (goal {GOAL_MS}), whole call {call:.2f} ms"
                )
            assert page.cursor is None
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
