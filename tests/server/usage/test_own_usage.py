"""What one person used, against sums over the same calls; and what another model would have cost."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from autoanalyst_ext.errors import BadRequest
from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.types.own_usage import OwnUsage
from autoanalyst_ext.types.prices import Rates
from autoanalyst_ext.types.usage import PICO, TokenUsage
from autoanalyst_ext.usage.own import OwnUsages, order_of
from autoanalyst_ext.usage.prices import Price, Tier

from ..store.calls import put
from ..store.test_chats import a_run

ANN, BOB = "os:ann", "os:bob"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 30, 10, tzinfo=UTC)
"""A Monday, the day after clocks were set forward in Berlin."""
MILLION = 10**6
USED = TokenUsage(input_tokens=1_000, output_tokens=100)
DEAR = Price(
    rates=Rates.of(input=Decimal(2), output=Decimal(10)),
    tiers=(Tier(above=200_000, rates=Rates.of(input=Decimal(4), output=Decimal(20))),),
    source="a test",
)


async def price_of(provider: str, model: str, at: datetime) -> Price | None:
    return DEAR if (provider, model) == ("openai", "dear") else None


def own(database: Database) -> OwnUsages:
    return OwnUsages(database, price_of, lambda: {"planner": "Planner"})


async def called(database: Database, at: datetime, cost: int | None = 10, **more: Any) -> None:
    """A call of Ann's, if nothing else is said."""
    about = {"provider": "openai", "model": "gpt-5", "principal_id": ANN, "agent": "planner"}
    names = set(NewAttempt.model_fields)
    call = NewAttempt(**about | {name: value for name, value in more.items() if name in names})
    stored = {"tokens": USED} | {name: value for name, value in more.items() if name not in names}
    await database.write(lambda connection: put(connection, call, at=at, cost=cost, **stored))


async def told(database: Database, **asked: Any) -> OwnUsage:
    return await own(database).of(ANN, order_of(asked), now=NOW)


def micro(text: str | None) -> Fraction:
    assert text is not None
    return Fraction(text) * PICO


Play = Callable[[Callable[[Database], Coroutine[Any, Any, None]]], None]


def test_periods_are_the_persons_own_days_weeks_and_months(play: Play) -> None:
    midnight = datetime(2026, 3, 30, tzinfo=BERLIN).astimezone(UTC)
    month = datetime(2026, 3, 1, tzinfo=BERLIN).astimezone(UTC)

    async def scene(database: Database) -> None:
        moment = timedelta(microseconds=1)
        await called(database, midnight, cost=1)
        await called(database, midnight - moment, cost=20)
        await called(database, month, cost=300)
        await called(database, month - moment, cost=4_000)
        await called(database, midnight, cost=50_000, principal_id=BOB)
        seen = await told(database, zone="Europe/Berlin")
        sums = [micro(usage.cost_usd) for usage in (seen.today, seen.week, seen.month, seen.all, seen)]
        assert sums == [1, 1, 321, 4_321, 4_321]
        assert micro((await told(database, zone="Europe/Berlin", period="month")).cost_usd) == 321
        assert micro((await told(database, zone="Europe/Berlin", days=2)).cost_usd) == 21
        assert micro((await told(database)).today.cost_usd) == 0, "in UTC that was yesterday"

    play(scene)


def test_days_of_a_zone_add_up_to_everything(play: Play) -> None:
    # 23, 24 and 25 hours: around both changes of the clock.
    starts = (datetime(2026, 3, 28, tzinfo=UTC), datetime(2025, 10, 25, tzinfo=UTC))

    async def scene(database: Database) -> None:
        expected: dict[str, int] = {}
        for number in range(2 * 72):
            at = starts[number % 2] + timedelta(hours=number // 2, minutes=7)
            await called(database, at, cost=number)
            day = at.astimezone(BERLIN).date().isoformat()
            expected[day] = expected.get(day, 0) + number
        seen = await told(database, zone="Europe/Berlin", by="day")
        assert [row.name for row in seen.rows] == sorted(expected, reverse=True)
        assert {row.name: micro(row.usage.cost_usd) for row in seen.rows} == expected
        assert sum(row.usage.requests for row in seen.rows) == seen.requests == 144

    play(scene)


@pytest.mark.parametrize("by", ["day", "chat", "notebook", "agent", "model"])
def test_every_grouping_adds_up_the_dearest_first(play: Play, by: str) -> None:
    async def scene(database: Database) -> None:
        for number in range(24):
            more = {
                "chat_id": [None, "c1", "c2"][number % 3],
                "notebook": [None, "a.ipynb", "sub/b.ipynb"][number % 3],
                "agent": [None, "planner", "charts"][number % 3],
                "model": ["gpt-5", "gpt-5-mini"][number % 2],
                "state": ["settled", "estimated", "void"][number % 3],
            }
            cost = None if number == 4 else 0 if more["state"] == "void" else number**3
            await called(database, NOW - timedelta(hours=5 * number), cost=cost, **more)
        seen = await told(database, by=by)
        assert sum(micro(row.usage.cost_usd or "0") for row in seen.rows) == micro(seen.cost_usd)
        for name in ("requests", "unpriced_requests", "estimated_requests"):
            assert sum(getattr(row.usage, name) for row in seen.rows) == getattr(seen, name)
        tokens = sum((row.usage.tokens for row in seen.rows), TokenUsage())
        assert tokens == seen.tokens == seen.all.tokens
        if by != "day":
            costs = [micro(row.usage.cost_usd) for row in seen.rows]
            assert costs == sorted(costs, reverse=True)

    play(scene)


def test_rows_have_names_for_people(play: Play) -> None:
    async def scene(database: Database) -> None:
        chat = await Chats(database).create(ANN, "Sales in May")
        await called(database, NOW, chat_id=chat.id)
        await called(database, NOW, chat_id="gone", agent=None, cost=2)
        await called(database, NOW, cost=1, notebook="a.ipynb")
        by_chat = (await told(database, by="chat")).rows
        assert [row.title for row in by_chat] == ["Sales in May", "a deleted chat", "outside of chats"]
        by_agent = (await told(database, by="agent")).rows
        assert [(row.name, row.title) for row in by_agent] == [("planner", "Planner"), ("", "no agent")]
        of_chat = await told(database, chat=chat.id, by="model")
        assert (of_chat.requests, of_chat.all.requests, of_chat.rows[0].title) == (1, 1, "openai:gpt-5")
        assert (await told(database, notebook="a.ipynb")).requests == 1

    play(scene)


def test_the_bill_prices_every_call_by_itself_and_says_what_it_leaves_out(play: Play) -> None:
    async def scene(database: Database) -> None:
        long = TokenUsage(input_tokens=300_000)
        await called(database, NOW, cost=7)
        await called(database, NOW, cost=None, tokens=long)
        await called(database, NOW, cost=None, tokens=None)
        await called(database, NOW, cost=0, state="void", tokens=None)
        await called(database, NOW, cost=0, provider="offline", model="analyst", tokens=TokenUsage())
        await called(database, NOW, cost=9, principal_id=BOB)
        bill = (await told(database, **{"as": "openai:dear"})).bill
        assert bill is not None
        # A long call has the price of a long call; two such calls are not one.
        assert micro(bill.cost_usd) == MILLION * (2 * 1_000 + 10 * 100 + 4 * 300_000)
        assert micro(bill.real_usd) == 7
        assert (bill.repriced_requests, bill.left_out_requests) == (2, 1)
        assert "1 request without a known price" in bill.basis
        assert "1 request whose tokens nobody counted" in bill.basis
        unknown = (await told(database, **{"as": "openai:gpt-none"})).bill
        assert unknown is not None
        assert (unknown.cost_usd, unknown.saved_usd) == (None, None)
        assert "No price is known for openai:gpt-none." in unknown.basis

    play(scene)


def test_offline_answers_saved_what_answers_of_models_cost_on_average(play: Play) -> None:
    async def answered(database: Database, model: str) -> str:
        chat = await Chats(database).create(ANN, "x")
        run = await Runs(database).start(ANN, a_run(chat.id).model_copy(update={"model": model}))
        await Runs(database).finish(ANN, run.id, "answered")
        return run.id

    async def scene(database: Database) -> None:
        for _ in range(3):
            await answered(database, "offline:analyst")
        later = {"as": "openai:dear", "days": 400}
        bill = (await own(database).of(ANN, order_of(later))).bill
        assert bill is not None
        assert (bill.offline_questions, bill.saved_usd) == (3, None)
        for calls in (1, 2):
            run = await answered(database, "openai:gpt-5")
            for _ in range(calls):
                await called(database, datetime.now(UTC), run_id=run)
        bill = (await own(database).of(ANN, order_of(later))).bill
        assert bill is not None
        # Three calls of 3,000 million pico in two answers: 4,500 million each.
        assert micro(bill.saved_usd) == 3 * 4_500 * MILLION
        assert "on average" in bill.basis

    play(scene)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("period", "year"),
        ("days", 0),
        ("days", 401),
        ("by", "colour"),
        ("as", "gpt-5"),
        ("zone", "Mars/Base"),
    ],
)
def test_what_makes_no_sense_is_said(play: Play, field: str, value: Any) -> None:
    async def scene(database: Database) -> None:
        with pytest.raises(BadRequest) as refused:
            await told(database, **{field: value})
        assert field in str(refused.value)

    play(scene)


def test_nothing_used_is_nothing(play: Play) -> None:
    async def scene(database: Database) -> None:
        seen = await told(database, by="day", **{"as": "openai:dear"})
        assert (seen.requests, seen.cost_usd, seen.rows) == (0, "0.00", ())
        assert seen.bill is not None
        assert (seen.bill.cost_usd, seen.bill.real_usd, seen.bill.saved_usd) == ("0.00", "0.00", "0.00")

    play(scene)
