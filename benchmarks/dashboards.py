"""A dashboard's view of the last days: at most 5 ms to 31 days, 15 to 90, 60 to a year, at ten million calls.

500 people, 12 models, 400 days, a question for every four calls. Every view is compared with the rows
themselves, to the last pico-USD, and the time that reading the rows takes is printed beside it.

    python benchmarks/dashboards.py [CALLS]
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Connection, text

from autoanalyst_ext.engine import Engine
from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.store.rebuilding import rebuild
from autoanalyst_ext.types.admin import UsageView
from autoanalyst_ext.types.usage import pico
from autoanalyst_ext.usage.views import Wanted

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
            *(new_id(), pick(PEOPLE), pick(AGENTS), provider, model, state, tokens, tokens // 10),
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
        yield new_id(), person, person, rnd.choice(ends), at, at + int(1e6 * rnd.lognormvariate(2.0, 0.7))


def fill(connection: Connection, count: int, start: int) -> None:
    """Write them, as fast as the driver can, and make the sums."""
    cursor = connection.connection.cursor()
    cursor.executemany("INSERT INTO principals (id, created_at) VALUES (?, 1)", [(each,) for each in PEOPLE])
    cursor.executemany(
        "INSERT INTO chats (id, principal_id, title, created_at, active_at) VALUES (?, ?, 'x', 1, 1)",
        [(each, each) for each in PEOPLE],
    )
    for statement, rows in ((CALL, calls(count, start, 1)), (RUN, asked(count // 4, start, 2))):
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(statement, batch)
    rebuild(connection)


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


async def timed(ask: Callable[[], Coroutine[Any, Any, UsageView]]) -> tuple[float, UsageView]:
    """A view and its median milliseconds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        view = await ask()
        times.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times), view


async def main(count: int) -> int:
    """Print the medians; the exit code says whether the goals are held."""
    now = datetime.now(UTC)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    start = int((today - timedelta(days=DAYS - 1)).timestamp()) * 10**6
    with tempfile.TemporaryDirectory() as folder:
        async with Engine(data_dir=folder, database_url=f"sqlite:///{folder}/usage.db") as engine:
            begun = time.perf_counter()
            await engine.database.write(lambda connection: fill(connection, count, start))
            print(f"{count:,} calls made and summed up in {time.perf_counter() - begun:.0f} s")
            held = True
            for scope in ("everyone", "mine"):
                for days, goal in GOALS_MS.items():
                    wanted = Wanted(scope, days, PEOPLE[7])
                    took, view = await timed(partial(engine.usage_views.view, wanted, now=now))
                    rows, found = await engine.database.read(partial(oracle, wanted=wanted, start=start))
                    same(view, found)
                    held = held and took <= goal
                    print(
                        f"{count:,} calls, {scope}, {days} days: {took:.1f} ms (goal {goal:.0f}); the rows "
                        f"themselves {rows:,.0f} ms, {rows / took:,.0f} times as long; every figure equal"
                    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
