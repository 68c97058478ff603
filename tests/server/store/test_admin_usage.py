"""What a dashboard shows, against figures that plain Python works out of the same rows, on both databases."""

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import partial
from itertools import pairwise
from statistics import median_low
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.buckets import RELATIVE_ERROR
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.store.rebuilding import rebuild
from autoanalyst_ext.store.runs import NewRun, Runs
from autoanalyst_ext.store.tables import attempts, chats, principals, runs
from autoanalyst_ext.types.admin import UsageDay, UsageTotals, UsageView
from autoanalyst_ext.types.usage import TokenUsage, Usage
from autoanalyst_ext.usage.views import UsageViews, Wanted

from .calls import put
from .conftest import asked as asked_chat

NOW = datetime(2026, 3, 9, 15, 30, tzinfo=UTC)
PEOPLE = [f"hub:user{number}" for number in range(12)] + ["account:user3", "identity:ann"]
MODELS = [("openai", "gpt-5"), ("anthropic", "claude"), ("offline", "analyst"), ("openai", "gpt-5:batch")]
TOKENS = tuple(TokenUsage.model_fields)
STATES = ("started", "settled", "settled", "settled", "estimated", "void")
STATUSES = ("running", "waiting", "answered", "answered", "abstained", "failed", "stopped", "interrupted")
Row = dict[str, Any]


def moments(rnd: random.Random, days: int) -> datetime:
    """A moment in or around a period and the one before it; often just at midnight."""
    midnight = datetime(2026, 3, 10, tzinfo=UTC) - timedelta(days=rnd.randrange(0, 2 * days + 3))
    inside = timedelta(microseconds=rnd.randrange(86_400 * 10**6))
    return midnight - rnd.choice([timedelta(), timedelta(microseconds=1), inside, inside])


def an_attempt(rnd: random.Random, days: int) -> Row:
    provider, model = rnd.choice(MODELS)
    state, at = rnd.choice(STATES), moments(rnd, days)
    known, booked = rnd.random() < 0.8, state in ("settled", "estimated")
    cost = rnd.choice([None, 0, 1, rnd.randrange(10**12), 10**16 - 1]) if booked else 0
    return {
        "id": new_id(),
        "principal_id": rnd.choice(PEOPLE),
        "provider": provider,
        "model": model,
        "purpose": "answer",
        "state": state,
        **{name: rnd.randrange(10**6) if known else None for name in TOKENS},
        "cost_pusd": None if state == "started" else cost,
        "error_code": rnd.choice([None, None, "rate_limited"]) if state != "started" else None,
        "started_at": at,
        "seen_at": at,
        "ended_at": None if state == "started" else at + timedelta(seconds=1),
        "latency_ms": rnd.choice([None, rnd.randrange(30_000)]) if state != "started" else None,
        **{"owner_pid": 1, "owner_start": "1", "owner_boot": "1"},
    }


def a_run(rnd: random.Random, days: int) -> Row:
    status, at = rnd.choice(STATUSES), moments(rnd, days)
    is_open = status in ("running", "waiting")
    took = timedelta(microseconds=rnd.randrange(60 * 10**6))
    return {
        "id": new_id(),
        "chat_id": "chat",
        "principal_id": rnd.choice(PEOPLE),
        **{"agents": [], "model": "openai:gpt-5", "mode": "auto", "egress_level": "rows"},
        "status": status,
        "started_at": at,
        "ended_at": None if is_open else at + took,
    }


async def filled(database: Database, calls: list[Row], asked: list[Row]) -> None:
    people = [{"id": person, "created_at": NOW} for person in PEOPLE]
    chat = {"id": "chat", "principal_id": PEOPLE[0], "title": "x", "created_at": NOW, "active_at": NOW}

    def work(connection: Any) -> None:
        connection.execute(insert(principals), people)
        connection.execute(insert(chats), [chat])
        for table, rows in ((attempts, calls), (runs, asked)):
            if rows:
                connection.execute(insert(table), rows)
        rebuild(connection)

    await database.write(work)


def order(chat: str) -> NewRun:
    return NewRun(
        chat_id=chat,
        question_id=None,
        agents=("planner",),
        model="openai:gpt-5",
        mode="auto",
        egress_level="rows",
    )


# The oracle: straight sums over the rows, in exact fractions


def dollars(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def oracle_usage(calls: list[Row]) -> dict[str, Any]:
    booked = [row for row in calls if row["state"] in ("settled", "estimated")]
    unpriced = [row for row in booked if row["cost_pusd"] is None]
    cost = sum((Fraction(row["cost_pusd"] or 0, 10**12) for row in calls), Fraction())
    return {
        "requests": len(calls),
        "tokens": {name: sum(row[name] or 0 for row in calls) for name in TOKENS},
        "cost": None if unpriced and len(unpriced) == len(booked) else cost,
        "unpriced": len(unpriced),
        "estimated": sum(row["state"] == "estimated" for row in calls),
    }


def seen_usage(usage: Usage) -> dict[str, Any]:
    return {
        "requests": usage.requests,
        "tokens": usage.tokens.model_dump(),
        "cost": dollars(usage.cost_usd),
        "unpriced": usage.unpriced_requests,
        "estimated": usage.estimated_requests,
    }


def check_median(seconds: float | None, took: list[int]) -> None:
    """A median comes from counts in buckets: of two middle ones the shorter, and nearly that."""
    assert (seconds is None) == (not took)
    if seconds is not None:
        assert abs(seconds * 1000 - median_low(took)) <= RELATIVE_ERROR * median_low(took)


def check_totals(found: UsageTotals, calls: list[Row], asked: list[Row]) -> None:
    assert seen_usage(found.usage) == oracle_usage(calls)
    count = {status: sum(row["status"] == status for row in asked) for status in STATUSES}
    assert (found.answered, found.abstained, found.failed) == tuple(
        count[status] for status in ("answered", "abstained", "failed")
    )
    assert (found.questions, found.stopped) == (len(asked), count["stopped"] + count["interrupted"])
    ended = found.answered + found.abstained + found.failed
    assert found.success_rate == (found.answered / ended if ended else None)
    took = [row["ended_at"] - row["started_at"] for row in asked if row["status"] == "answered"]
    check_median(found.seconds, [one // timedelta(milliseconds=1) for one in took])
    assert found.users == len({row["principal_id"] for row in calls + asked})


def check_day(found: UsageDay, calls: list[Row], asked: list[Row]) -> None:
    of_calls, of_runs = on(calls, found.day), on(asked, found.day)
    assert seen_usage(found.usage) == oracle_usage(of_calls)
    assert (found.questions, found.failed) == (
        len(of_runs),
        sum(row["status"] == "failed" for row in of_runs),
    )
    assert found.users == len({row["principal_id"] for row in of_calls + of_runs})


def on(rows: Iterable[Row], first: date, last: date | None = None) -> list[Row]:
    return [row for row in rows if first <= row["started_at"].date() <= (last or first)]


def rank(name: str, calls: list[Row]) -> tuple[int, int, str]:
    cost = sum(row["cost_pusd"] or 0 for row in calls)
    return -cost, -sum((row["input_tokens"] or 0) + (row["output_tokens"] or 0) for row in calls), name


def check_models(view: UsageView, calls: list[Row]) -> None:
    by_model: dict[str, list[Row]] = {}
    for row in calls:
        by_model.setdefault(f"{row['provider']}:{row['model']}", []).append(row)
    assert [found.model for found in view.models] == sorted(
        by_model, key=lambda name: rank(name, by_model[name])
    )
    for found in view.models:
        of_model = by_model[found.model]
        assert seen_usage(found.usage) == oracle_usage(of_model)
        assert found.failed == sum(row["error_code"] is not None for row in of_model)
        took = [row["latency_ms"] for row in of_model if row["latency_ms"] is not None]
        check_median(found.seconds, took)


def check_users(view: UsageView, calls: list[Row], asked: list[Row]) -> None:
    people = {row["principal_id"] for row in calls + asked}
    own = {person: [row for row in calls if row["principal_id"] == person] for person in people}
    names = [person.partition(":")[2] for person in people]
    first = sorted(people, key=lambda person: rank(person, own[person]))[:10]
    assert len(view.users) == len(first)
    for found, person in zip(view.users, first, strict=True):
        short = person.partition(":")[2]
        assert found.user == (short if names.count(short) == 1 else person)
        assert seen_usage(found.usage) == oracle_usage(own[person])
        questions = [row for row in asked if row["principal_id"] == person]
        assert found.questions == len(questions)
        assert found.active_at == max(row["started_at"] for row in own[person] + questions)


def check(view: UsageView, calls: list[Row], asked: list[Row], days: int) -> None:
    ended = [row for row in calls if row["state"] != "started"]
    start, end = date(2026, 3, 9) - timedelta(days=days - 1), date(2026, 3, 9)
    assert (view.start, view.end, view.as_of) == (start, end, NOW)
    now = on(ended, start, end), on(asked, start, end)
    earlier, eve = start - timedelta(days=days), start - timedelta(days=1)
    check_totals(view.now, *now)
    check_totals(view.before, on(ended, earlier, eve), on(asked, earlier, eve))
    assert [found.day for found in view.days] == [start + timedelta(days=number) for number in range(days)]
    for found in view.days:
        check_day(found, *now)
    check_models(view, now[0])
    if view.scope == "everyone":
        check_users(view, *now)
    else:
        assert view.users == ()


@pytest.mark.parametrize("seed", range(6))
def test_every_figure_is_what_plain_sums_over_the_rows_say(play: Any, seed: int) -> None:
    rnd = random.Random(seed)
    days = rnd.choice([1, 7, 30, 90])
    calls = [an_attempt(rnd, days) for _ in range(rnd.choice([0, 3, 400]))]
    asked = [a_run(rnd, days) for _ in range(rnd.choice([0, 3, 200]))]

    async def scene(database: Database) -> None:
        await filled(database, calls, asked)
        views = UsageViews(database)
        everyone = Wanted("everyone", days)
        whole = await views.view(everyone, now=NOW)
        check(whole, calls, asked, days)
        for person in PEOPLE[:2]:
            own = [[row for row in rows if row["principal_id"] == person] for rows in (calls, asked)]
            check(await views.view(Wanted("mine", days, person), now=NOW), *own, days)

    play(scene)


def test_more_than_64_bits_of_money_in_a_period_are_exact(play: Any) -> None:
    rnd, most = random.Random(3), 2**63 - 2
    calls = [
        an_attempt(rnd, 1)
        | {"state": "settled", "cost_pusd": most, "principal_id": PEOPLE[week], "error_code": None}
        | {"started_at": NOW - timedelta(weeks=week)}
        for week in range(4)
    ]

    async def scene(database: Database) -> None:
        await filled(database, calls, [])
        view = await UsageViews(database).view(Wanted("everyone", 30), now=NOW)
        check(view, calls, [], 30)
        assert dollars(view.now.usage.cost_usd) == Fraction(4 * most, 10**12)

    play(scene)


def test_a_change_of_figures_is_heard_of(play: Any) -> None:
    async def scene(database: Database) -> None:
        views, stored = UsageViews(database), Runs(database)
        chat = await asked_chat(database, PEOPLE[0], "What is the mean?")
        marks = [await views.mark()]
        run = await stored.start(PEOPLE[0], order(chat.id))
        marks.append(await views.mark())
        call = NewAttempt(provider="openai", model="gpt-5", principal_id=PEOPLE[0])
        await database.write(lambda connection: put(connection, call, at=datetime.now(UTC), cost=1))
        marks.append(await views.mark())
        await stored.finish(PEOPLE[0], run.id, "failed")
        marks.append(await views.mark())
        assert all(one != other for one, other in pairwise(marks))
        assert await views.mark() == marks[-1]

    play(scene)


@pytest.mark.parametrize("days", [1, 7, 30])
def test_a_view_that_is_watched_is_that_of_a_new_server_whatever_changes_in_days_that_are_over(
    play: Any, days: int
) -> None:
    rnd = random.Random(days)
    calls, asked = ([make(rnd, days) for _ in range(60)] for make in (an_attempt, a_run))
    # So that a run that begins now begins in one of the days before.
    now = [NOW, datetime.now(UTC) + timedelta(days=days)]

    async def scene(database: Database) -> None:
        await filled(database, calls, asked)
        views, stored = UsageViews(database), Runs(database)
        wanted = [Wanted("everyone", days), Wanted("everyone", days + 1), Wanted("mine", days, PEOPLE[0])]

        async def watched() -> list[UsageView]:
            seen = [await views.view(each, now=at) for each in wanted for at in now]
            assert seen == [await UsageViews(database).view(each, now=at) for each in wanted for at in now]
            return seen

        seen = [await watched()]
        for back in (0, 1, days - 1, days, 2 * days - 1):
            call = NewAttempt(provider="openai", model="late", principal_id=PEOPLE[back % 2])
            at, cost = NOW - timedelta(days=back), rnd.randrange(10**16)
            await database.write(partial(put, call=call, at=at, cost=cost, latency_ms=rnd.randrange(9000)))
            seen.append(await watched())
        chat = await asked_chat(database, PEOPLE[0], "What is the mean?")
        run = await stored.start(PEOPLE[0], order(chat.id))
        seen.append(await watched())
        await stored.finish(PEOPLE[0], run.id, "answered")
        seen.append(await watched())
        assert all(one != other for one, other in pairwise(seen))

    play(scene)


def test_what_happened_stays_when_its_chat_is_deleted(play: Any) -> None:
    async def scene(database: Database) -> None:
        chat = await asked_chat(database, PEOPLE[0], "What is the mean?")
        run = await Runs(database).start(PEOPLE[0], order(chat.id))
        await Runs(database).finish(PEOPLE[0], run.id, "answered")
        views = UsageViews(database)
        whole = await views.view(Wanted("everyone", 7))
        assert (whole.now.questions, whole.now.answered, whole.now.users) == (1, 1, 1)
        await Chats(database).delete(PEOPLE[0], chat.id)
        assert (await database.write(rebuild)).total == 0
        assert (await views.view(Wanted("everyone", 7), now=whole.as_of)) == whole

    play(scene)


def test_a_sum_that_cannot_be_exact_is_refused(play: Any) -> None:
    call = NewAttempt(provider="openai", model="gpt-5", principal_id=PEOPLE[0])

    async def scene(database: Database) -> None:
        await database.write(lambda connection: put(connection, call, at=NOW, cost=2**62))
        with pytest.raises(DBAPIError):
            await database.write(lambda connection: put(connection, call, at=NOW, cost=2**62))
        view = await UsageViews(database).view(Wanted("everyone", 7), now=NOW)
        assert dollars(view.now.usage.cost_usd) == Fraction(2**62, 10**12)

    play(scene)
