"""Sums that are kept with every call and run are those that are made anew; what was wrong is put right."""

import random
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from autoanalyst_ext.store import durations
from autoanalyst_ext.store.attempts import NewAttempt, Owner
from autoanalyst_ext.store.buckets import RELATIVE_ERROR
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.money_tables import call_sums, run_sums
from autoanalyst_ext.store.money_tables import durations as durations_table
from autoanalyst_ext.store.rebuilding import rebuild
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.types.usage import AttemptState, TokenUsage

from .calls import put
from .conftest import asked
from .test_chats import a_run

Play = Callable[[Callable[[Database], Coroutine[Any, Any, None]]], None]
STATES: tuple[AttemptState, ...] = ("started", "settled", "estimated", "void")
TABLES = (call_sums, run_sums, durations_table)


def everything(connection: Connection) -> list[list[Any]]:
    """All sums, in order."""
    return [
        [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for table in TABLES
    ]


def emptied(connection: Connection) -> None:
    """No sums at all."""
    for table in TABLES:
        connection.execute(table.delete())


def calls(connection: Connection) -> None:
    """Calls of all kinds, days apart and within a quarter of an hour."""
    rnd = random.Random(7)
    for _ in range(120):
        spread = rnd.choice([1, 900, 86_400]) * rnd.random()
        at = datetime(2026, 3, 9, tzinfo=UTC) + spread * timedelta(seconds=9)
        state = rnd.choice(STATES)
        call = NewAttempt(
            provider=rnd.choice(["openai", "groq"]),
            model=rnd.choice(["one", "two"]),
            principal_id=rnd.choice(["os:ann", "os:bob", "hub:eve"]),
            agent=rnd.choice([None, "planner"]),
        )
        put(
            connection,
            call,
            at=at,
            state=state,
            cost=rnd.choice([None, 0, rnd.randrange(10**12)]) if state in ("settled", "estimated") else None,
            tokens=rnd.choice([None, TokenUsage(input_tokens=9, output_tokens=5, reasoning_tokens=2)]),
            latency_ms=rnd.choice([None, rnd.randrange(10**5)]),
        )


async def used(database: Database) -> None:
    """Calls, and runs that ended in every way, are open, or were left behind."""
    await database.write(calls)
    runs, chat = Runs(database), await asked(database, "os:ann", "x")
    gone = Owner(pid=1, start="1", boot="1")
    for status in ("answered", "abstained", "failed", "stopped", "interrupted", None):
        run = await runs.start("os:ann", a_run(chat.id).model_copy(update={"owner": gone}))
        if status is not None:
            await runs.finish("os:ann", run.id, status)
            await runs.finish("os:ann", run.id, "failed")
    await runs.start("os:ann", a_run(chat.id))
    assert await runs.recover(lambda owner: owner == gone) == 1


def test_kept_sums_are_those_that_are_made_anew(play: Play) -> None:
    async def scene(database: Database) -> None:
        await used(database)
        kept = await database.read(everything)
        assert all(kept)
        assert (await database.write(rebuild)).total == 0
        await database.write(emptied)
        assert (await database.write(rebuild)).total == sum(map(len, kept))
        assert await database.read(everything) == kept

    play(scene)


@pytest.mark.parametrize(
    ("damage", "counted"),
    [
        (
            "UPDATE call_sums SET cost_pusd = cost_pusd + 1 WHERE grain = 'day' AND dimension = 'model'",
            "calls",
        ),
        ("DELETE FROM call_sums WHERE dimension = 'principal' AND requests > 0", "calls"),
        (
            "INSERT INTO call_sums SELECT grain, 'agent', start + 99, 'nobody', requests, priced, unpriced, "
            "estimated, failed, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, "
            "cache_write_1h_tokens, reasoning_tokens, cost_pusd, active_at FROM call_sums "
            "WHERE dimension = 'all' AND grain = 'day'",
            "calls",
        ),
        ("UPDATE run_sums SET answered = 0", "runs"),
        ("DELETE FROM durations WHERE dimension = 'run'", "durations"),
        ("DELETE FROM durations WHERE dimension = 'model'", "durations"),
    ],
)
def test_what_is_wrong_is_found_and_put_right(play: Play, damage: str, counted: str) -> None:
    async def scene(database: Database) -> None:
        await used(database)
        right = await database.read(everything)
        changed = await database.write(lambda connection: connection.execute(text(damage)).rowcount)
        assert changed > 0
        found = await database.write(rebuild)
        assert found.total == getattr(found, counted) > 0
        assert await database.read(everything) == right

    play(scene)


def test_counts_of_durations_give_quantiles_with_the_stated_error() -> None:
    rnd = random.Random(1)
    for _ in range(50):
        took = sorted(int(rnd.lognormvariate(7, 2)) for _ in range(rnd.randrange(1, 300)))
        counts = sum(durations.one(each) for each in took)
        assert durations.read(durations.written(counts)) == counts
        for share in (0.5, 0.95):
            exact = took[max(0, -int(-share * len(took) // 1) - 1)]
            found = durations.quantile(counts, share)
            assert found is not None
            assert abs(found - exact) <= RELATIVE_ERROR * exact
    assert durations.quantile(0, 0.5) is None


def test_two_sums_of_counts_are_the_counts_of_both() -> None:
    one, other = [durations.one(each) for each in (5, 5, 900)], [durations.one(each) for each in (5, 70_000)]
    assert sum(one) + sum(other) == sum(one + other)
    assert dict(durations.by_bucket(durations.highest(sum(one), sum(other)))) == {
        **dict(durations.by_bucket(sum(one))),
        **dict(durations.by_bucket(durations.one(70_000))),
    }
