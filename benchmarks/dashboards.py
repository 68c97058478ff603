"""A dashboard's view of the last days: at most 5 ms to 31 days, 15 to 90, 60 to a year, at ten million calls.

500 people, 12 models, 400 days, a question for every four calls. Every view is compared with the rows
themselves, to the last pico-USD, and the time that reading the rows takes is printed beside it. `first` is a
view of a server that has just been started; `again` one that somebody watches, in which today is read anew.

    python benchmarks/dashboards.py [CALLS] [FILE]

A FILE is made when it is not there, and kept: ten million calls take some minutes.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, func, select, text

from autoanalyst_ext.store.database import LIBRARY, Database
from autoanalyst_ext.store.money_tables import call_sums
from autoanalyst_ext.store.rebuilding import rebuild
from autoanalyst_ext.types.admin import UsageView
from autoanalyst_ext.types.usage import pico
from autoanalyst_ext.usage.views import UsageViews, Wanted

PEOPLE = [f"hub:person{number:03}" for number in range(500)]
MODELS = [(provider, f"model-{n}") for provider in ("openai", "anthropic", "groq") for n in range(4)]
AGENTS = ["planner", "preprocessing", "statistics", "charts", None]
DAYS = 400
DAY_US = 24 * 60 * 60 * 10**6
GOALS_MS = {1: 5.0, 7: 5.0, 31: 5.0, 90: 15.0, 365: 60.0}
"""By days of a view."""
BATCH = 20_000
ROUNDS = 9

CALL = (
    "INSERT INTO attempts (id, principal_id, agent, provider, model, purpose, state, input_tokens, "
    "output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_pusd, error_code, "
    "started_at, seen_at, ended_at, first_token_ms, latency_ms, owner_pid, owner_start, owner_boot) VALUES "
    "(?, ?, ?, ?, ?, 'answer', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, '1', '1')"
)
RUN = (
    "INSERT INTO runs (id, chat_id, principal_id, agents, model, mode, egress_level, status, started_at, "
    "ended_at) VALUES (?, ?, ?, '[\"planner\"]', 'openai:model-1', 'auto', 'rows', ?, ?, ?)"
)


def calls(count: int, start: int, seed: int) -> Iterator[tuple[Any, ...]]:
    """Calls in the order of time, as such calls are: some free, unpriced, cut off or refused."""
    rnd = random.Random(seed)
    uniform, pick = rnd.random, rnd.choice
    for number in range(count):
        at = start + int((number + uniform()) * DAYS * DAY_US / count)
        provider, model = pick(MODELS)
        luck, tokens = uniform(), int(uniform() * 20_000)
        state = "settled" if luck < 0.95 else "estimated" if luck < 0.97 else "void"
        cost = None if luck < 0.01 else 0 if state == "void" else int(uniform() * 10**11)
        took = int(1000 * rnd.lognormvariate(1.0, 0.6))
        failed = "rate_limited" if luck > 0.96 else None
        yield (
            *(f"{number:036}", pick(PEOPLE), pick(AGENTS), provider, model, state, tokens, tokens // 10),
            *(tokens // 2, tokens // 8, tokens // 40, cost, failed),
            *(at, at, at + took * 1000, took // 3, took),
        )


def asked(count: int, start: int, seed: int) -> Iterator[tuple[Any, ...]]:
    """Questions in the order of time; the chat of a person has the person's name."""
    rnd = random.Random(seed)
    ends = ["answered"] * 16 + ["abstained", "failed", "stopped", "interrupted"]
    for number in range(count):
        at = start + int((number + rnd.random()) * DAYS * DAY_US / count)
        person = rnd.choice(PEOPLE)
        yield (
            f"{number:036}",
            person,
            person,
            rnd.choice(ends),
            at,
            at + int(1e6 * rnd.lognormvariate(2.0, 0.7)),
        )


def fill(connection: Connection, count: int, start: int) -> None:
    """Write them, as fast as the driver can, and make the sums."""
    driver: Any = connection.connection
    cursor = driver.cursor()
    # A crash may cost this file.
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "temp_store = MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("BEGIN")
    cursor.executemany("INSERT INTO principals (id, created_at) VALUES (?, 1)", [(each,) for each in PEOPLE])
    cursor.executemany(
        "INSERT INTO chats (id, principal_id, title, created_at, active_at) VALUES (?, ?, 'x', 1, 1)",
        [(each, each) for each in PEOPLE],
    )
    for statement, rows in ((CALL, calls(count, start, 1)), (RUN, asked(count // 4, start, 2))):
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(statement, batch)
    rebuild(connection)
    cursor.execute("COMMIT")


def oracle(connection: Connection, *, wanted: Wanted, start: int) -> tuple[float, dict[str, Any]]:
    """The same figures from the rows themselves, and the milliseconds that they take."""
    first, last = start + (DAYS - wanted.days) * DAY_US, start + DAYS * DAY_US
    own = f"AND principal_id = '{wanted.principal}'" if wanted.scope == "mine" else ""
    within = f"started_at >= {first} AND started_at < {last} {own}"
    sums = "COUNT(*), SUM(input_tokens), SUM(output_tokens), SUM(cost_pusd), COUNT(error_code)"
    begun = time.perf_counter()
    found: dict[str, Any] = {}
    for name, key in (
        ("days", f"started_at / {DAY_US}"),
        ("models", "provider || ':' || model"),
        ("users", "principal_id"),
    ):
        query = f"SELECT {key}, {sums} FROM attempts WHERE state <> 'started' AND {within} GROUP BY 1"
        rows = connection.execute(text(query))
        found[name] = {key: tuple(figure or 0 for figure in figures) for key, *figures in rows}
    query = f"SELECT COUNT(*) FROM runs WHERE {within}"
    found["questions"] = connection.execute(text(query)).scalar_one()
    return (time.perf_counter() - begun) * 1e3, found


def same(view: UsageView, found: dict[str, Any]) -> None:
    """Raise AssertionError where a view and the rows differ."""

    def figures(usage: Any, failed: int | None) -> tuple[Any, ...]:
        tokens = usage.tokens
        return usage.requests, tokens.input_tokens, tokens.output_tokens, pico(usage.cost_usd or "0"), failed

    days = {(each.day - date(1970, 1, 1)).days: each for each in view.days}
    assert {day for day, each in days.items() if each.usage.requests} == set(found["days"])
    for day, expected in found["days"].items():
        assert figures(days[day].usage, None)[:4] == expected[:4], day
    models = {each.model: figures(each.usage, each.failed) for each in view.models}
    assert models == found["models"]
    people = sorted(found["users"].items(), key=lambda item: (-item[1][3], -item[1][1] - item[1][2], item[0]))
    for user, (name, expected) in zip(view.users, people, strict=False):
        assert name.endswith(user.user)
        assert figures(user.usage, None)[:4] == expected[:4], name
    whole = tuple(map(sum, zip(*found["days"].values(), strict=True)))
    assert figures(view.now.usage, None)[:4] == whole[:4]
    assert view.now.questions == found["questions"]


async def make(file: Path, count: int) -> None:
    """A database of so many calls up to today, in its own schema."""
    url, begun = f"sqlite:///{file}", time.perf_counter()
    await (empty := Database(url)).open()
    await empty.close()
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    start = int((today - timedelta(days=DAYS - 1)).timestamp()) * 10**6
    engine = create_engine(url, module=LIBRARY, connect_args={"isolation_level": None})
    with engine.connect() as connection:
        fill(connection, count, start)
    engine.dispose()
    print(f"{count:,} calls made and summed up in {time.perf_counter() - begun:.0f} s")


async def timed(
    views: Callable[[], UsageViews], wanted: Wanted, now: datetime
) -> tuple[str, float, UsageView]:
    """Median and shortest time in words, the median in milliseconds, and the view."""
    times = []
    for _ in range(ROUNDS):
        of = views()
        begun = time.perf_counter()
        view = await of.view(wanted, now=now)
        times.append((time.perf_counter() - begun) * 1e3)
    median = statistics.median(times)
    return f"{median:.1f} ms (at best {min(times):.1f})", median, view


async def compare(database: Database) -> bool:
    """Print the medians of all views; whether the goals are held, also by a first view."""
    first_day = select(func.min(call_sums.c.start)).where(call_sums.c.grain == "day")
    start = DAY_US * await database.read(lambda connection: connection.execute(first_day).scalar_one())
    now = datetime.fromtimestamp(start // 10**6, UTC) + timedelta(days=DAYS - 1, hours=12)
    held, views = True, UsageViews(database)
    for scope in ("everyone", "mine"):
        for days, goal in GOALS_MS.items():
            wanted = Wanted(scope, days, PEOPLE[7])
            first, first_ms, _ = await timed(partial(UsageViews, database), wanted, now)
            again, again_ms, view = await timed(lambda: views, wanted, now)
            rows, found = await database.read(partial(oracle, wanted=wanted, start=start))
            same(view, found)
            held = held and max(first_ms, again_ms) <= goal
            print(
                f"{scope}, {days} days: first {first}, again {again}, goal {goal:.0f}; the rows themselves "
                f"{rows:,.0f} ms, {rows / again_ms:,.0f} times as long; every figure equal",
                flush=True,
            )
    return held


async def main(file: Path) -> int:
    """Print the figures; the exit code says whether the goals are held."""
    database = Database(f"sqlite:///{file}")
    try:
        return 0 if await compare(database) else 1
    finally:
        await database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        wanted_calls = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
        kept = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "usage.db"
        if not kept.exists():
            asyncio.run(make(kept, wanted_calls))
        sys.exit(asyncio.run(main(kept)))
