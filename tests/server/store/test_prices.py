"""Prices that administrators set, on SQLite and on PostgreSQL: never changed, only followed by others."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from autoanalyst_ext.errors import InvalidBody, NotFound
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.prices import PriceRow, Prices, changes
from autoanalyst_ext.types.prices import Rates
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt
from autoanalyst_ext.usage.prices import PriceBook

ANN = "os:ann"
RATES = Rates.of(input=Decimal("0.07"), output=Decimal("1.123456"))
DEARER = Rates.of(input=Decimal("100000"), output=Decimal("0.000001"), cache_write_1h=Decimal(3))
BOOK = PriceBook()
CALL = NewAttempt(provider="openai", model="gpt-5-nano", principal_id=ANN)
MILLION = TokenUsage(input_tokens=1_000_000)


def rates_at(rows: tuple[PriceRow, ...], at: datetime) -> Decimal | None:
    found = BOOK.overridden_by(rows).price("openai", "gpt-5-nano", at)
    return None if found is None else found.rates.input


def test_a_price_is_kept_to_the_last_digit_and_begins_now(play: Any) -> None:
    async def scene(database: Database) -> None:
        prices = Prices(database)
        before = datetime.now(UTC)
        row = await prices.set("OpenAI", "GPT-5-nano", RATES, made_by=ANN, note="contract 7")
        assert before <= row.effective_from == row.created_at <= datetime.now(UTC)
        assert (row.provider, row.model, row.rates) == ("openai", "gpt-5-nano", RATES)
        await prices.set("openai", "gpt-5-nano", DEARER, made_by=ANN)
        stored, dearer = await prices.all()
        assert stored == row
        assert dearer.rates == DEARER

    play(scene)


def test_a_price_cannot_begin_in_the_past_but_later(play: Any) -> None:
    async def scene(database: Database) -> None:
        prices, now = Prices(database), datetime.now(UTC)
        for moment in (now - timedelta(days=1), now):
            with pytest.raises(InvalidBody, match="cannot begin in the past"):
                await prices.set("openai", "gpt-5-nano", RATES, made_by=ANN, effective_from=moment)
        assert await prices.all() == ()
        later = now + timedelta(days=30)
        await prices.set("openai", "gpt-5-nano", RATES, made_by=ANN, effective_from=later)
        rows = await prices.all()
        assert rates_at(rows, later - timedelta(microseconds=1)) == Decimal("0.05")
        assert rates_at(rows, later) == Decimal("0.07")

    play(scene)


def test_what_is_withdrawn_holds_no_longer_and_what_was_to_come_does_not_come(play: Any) -> None:
    async def scene(database: Database) -> None:
        prices = Prices(database)
        later = datetime.now(UTC) + timedelta(days=30)
        await prices.set("openai", "gpt-5-nano", RATES, made_by=ANN)
        await prices.set("openai", "gpt-5-nano", DEARER, made_by=ANN, effective_from=later)
        await prices.set("openai", "gpt-5", DEARER, made_by=ANN)
        held = datetime.now(UTC)
        await prices.withdraw("openai", "GPT-5-nano", made_by=ANN)
        rows = await prices.all()
        assert len(rows) == 5, "nothing is ever taken away"
        assert rates_at(rows, held) == Decimal("0.07"), "what has held has held"
        assert rates_at(rows, datetime.now(UTC)) == Decimal("0.05")
        assert rates_at(rows, later) == Decimal("0.05")
        for model in ("gpt-5-nano", "gpt-4o"):
            with pytest.raises(NotFound, match="nothing to withdraw"):
                await prices.withdraw("openai", model, made_by=ANN)

    play(scene)


def test_every_change_shows_in_a_look_that_costs_little(play: Any) -> None:
    async def scene(database: Database) -> None:
        prices = Prices(database)
        seen = [await database.read(changes)]
        await prices.set("openai", "gpt-5-nano", RATES, made_by=ANN)
        seen.append(await database.read(changes))
        await prices.withdraw("openai", "gpt-5-nano", made_by=ANN)
        seen.append(await database.read(changes))
        assert len(set(seen)) == 3
        assert await database.read(changes) == seen[-1]

    play(scene)


def test_models_that_were_used_are_known(play: Any) -> None:
    async def scene(database: Database) -> None:
        ledger = Ledger(database, BOOK)
        calls = [CALL, CALL, NewAttempt(provider="ollama", model="llama3:8b", principal_id=ANN)]
        for call in calls:
            await ledger.settle((await ledger.open(call)).id, MILLION)
        assert await Prices(database).used_models() == (("ollama", "llama3:8b"), ("openai", "gpt-5-nano"))

    play(scene)


def test_what_is_set_for_the_asked_or_the_answering_model_comes_before_the_price_data(play: Any) -> None:
    async def scene(database: Database) -> None:
        prices, ledger = Prices(database), Ledger(database, BOOK)

        async def paid(asked: str, answered: str) -> int | None:
            call = NewAttempt(provider="azure", model=asked, principal_id=ANN)
            opened = await ledger.open(call)
            return (await ledger.settle(opened.id, MILLION, model_answered=answered)).cost_pusd

        assert await paid("our-deployment", "gpt-4o-2024-08-06") == 2_500_000_000_000
        await prices.set("azure", "our-deployment", RATES, made_by=ANN)
        assert await paid("our-deployment", "gpt-4o-2024-08-06") == 70_000_000_000
        assert await paid("our-deployment", "a-name-that-nobody-knows") == 70_000_000_000
        assert await paid("another-deployment", "gpt-4o-2024-08-06") == 2_500_000_000_000
        await prices.set("azure", "gpt-4o", Rates.of(input=Decimal(1), output=Decimal(1)), made_by=ANN)
        assert await paid("our-deployment", "gpt-4o-2024-08-06") == 10**12, "of two, that of who answered"

    play(scene)


def test_a_thousand_calls_around_a_change_have_the_price_of_their_start(play: Any, url: str) -> None:
    """Three processes' worth of ledgers are busy while the price changes five times."""

    async def scene(database: Database) -> None:
        await database.open()
        databases = [database, Database(url), Database(url)]
        ledgers = [Ledger(each, BOOK) for each in databases]
        done: list[tuple[Ledger, str]] = []

        turn, changed = asyncio.Lock(), [0]
        """When each change was done: after so many calls."""

        async def change() -> None:
            async with turn:
                if len(changed) <= 5 and len(done) - changed[-1] >= 150:
                    rates = Rates.of(input=Decimal(len(changed)), output=Decimal(0))
                    await Prices(databases[1]).set("openai", "gpt-5-nano", rates, made_by=ANN)
                    changed.append(len(done))

        async def calls(ledger: Ledger) -> None:
            while len(changed) <= 5 or len(done) < max(1000, changed[-1] + 150):
                attempt = (await ledger.open(CALL)).id
                await ledger.settle(attempt, MILLION)
                done.append((ledger, attempt))
                if not turn.locked():
                    await change()

        try:
            await asyncio.gather(*(calls(each) for each in ledgers for _ in range(10)))
            rows = await Prices(database).all()
            booked = [await ledger.get(attempt) for ledger, attempt in done]
        finally:
            for other in databases[1:]:
                await other.close()
        assert len(booked) >= 1000
        right = [rates_at(rows, attempt.started_at) for attempt in booked]
        assert [attempt.cost_pusd for attempt in booked] == [int(rate * 10**12) for rate in right if rate]
        assert set(right) == {Decimal("0.05"), *map(Decimal, range(1, 6))}, "all six prices were paid"

    play(scene)
