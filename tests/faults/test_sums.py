"""Calls of every priced model: the ledger's total is a rational adder's, to the last pico-USD."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, text

from autoanalyst_ext.store import consistency
from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.closings import CloseOrder, close_all
from autoanalyst_ext.usage.openings import Opened, OpenOrder, open_all
from autoanalyst_ext.usage.owner import this_process
from autoanalyst_ext.usage.prices import PriceBook
from autoanalyst_ext.usage.rulebook import RuleBook

from ..server.store.conftest import on

BATCH = 5_000
DAYS = 400
PRICES = PriceBook()
PROVIDERS = ("anthropic", "azure", "cerebras", "deepseek", "fireworks", "gemini", "groq", "mistral", "openai")
START = datetime(2025, 10, 1, tzinfo=UTC)
KINDS = ("plain", "read", "written", "written_1h", "output", "reasoned")


def models() -> list[tuple[str, str]]:
    """Every model of these providers that has one price at all times."""
    from genai_prices.data import providers

    names = {"gemini": "google"}
    by_id = {provider.id: provider for provider in providers}
    found = []
    for name in PROVIDERS:
        provider = by_id.get(names.get(name, name))
        for info in provider.models if provider is not None else ():
            price = PRICES.price(name, info.id, START)
            if not isinstance(info.prices, list) and price is not None and not price.is_free:
                found.append((name, info.id))
    return found


def parts(rnd: random.Random) -> tuple[int, ...]:
    """Tokens of each kind, none of them twice."""
    return tuple(int(rnd.random() * 10 ** rnd.randint(0, 4)) for _ in KINDS)


def tokens(part: tuple[int, ...]) -> TokenUsage:
    """As a provider reports them: counts are inclusive."""
    plain, read, written, hour, output, reasoned = part
    return TokenUsage(
        input_tokens=plain + read + written + hour,
        output_tokens=output + reasoned,
        cache_read_tokens=read,
        cache_write_tokens=written + hour,
        cache_write_1h_tokens=hour,
        reasoning_tokens=reasoned,
    )


def batches(count: int, used: Counter[tuple[Any, ...]]) -> Iterator[list[tuple[OpenOrder, CloseOrder]]]:
    """The calls; `used` takes the tokens of each kind by model and tier."""
    rnd, known = random.Random(7), models()
    assert len(known) > 150
    # Enough for every model and tier to see many; made anew for each call they would take most of the time.
    calls = [(part, tokens(part)) for part in (parts(rnd) for _ in range(20_011))]
    for first in range(0, count, BATCH):
        batch = []
        for number in range(first, min(count, first + BATCH)):
            provider, model = known[number % len(known)]
            part, total = calls[number % len(calls)]
            at = START + timedelta(seconds=number * DAYS * 86_400 // count)
            price = PRICES.price(provider, model, at)
            assert price is not None
            tier = sum(total.input_tokens > each.above for each in price.tiers)
            for kind, figure in zip(KINDS, part, strict=True):
                used[provider, model, tier, kind] += figure
            call = NewAttempt(
                provider=provider,
                model=model,
                principal_id=f"hub:{number % 500}",
                agent=("planner", "statistics", None)[number % 3],
            )
            name = new_id()
            batch.append(
                (
                    OpenOrder(name, call, at, TokenUsage()),
                    CloseOrder(name, at, total, latency_ms=number % 9000),
                )
            )
        yield batch


def total(used: Counter[tuple[Any, ...]]) -> Fraction:
    """Pico-USD of all, by rationals."""
    rate = {
        "plain": "input", "read": "cache_read", "written": "cache_write", "written_1h": "cache_write_1h",
        "output": "output", "reasoned": "reasoning",
    }  # fmt: skip
    found = Fraction(0)
    for (provider, model, tier, kind), figure in used.items():
        price = PRICES.price(provider, model, START)
        assert price is not None
        rates = price.tiers[tier - 1].rates if tier else price.rates
        found += figure * Fraction(str(getattr(rates, rate[kind]))) * 10**6
    return found


def summed(connection: Connection, expression: str, rows: str) -> int:
    """A sum of pico-USD that is exact beyond 64 bits."""
    query = f"SELECT SUM(({expression}) / 1000000), SUM(({expression}) % 1000000) FROM {rows}"
    high, low = connection.execute(text(query)).one()
    return int(high) * 10**6 + int(low)


def books(url: str, count: int) -> None:
    rules = RuleBook(PRICES, {})

    def book(connection: Connection, batch: list[tuple[OpenOrder, CloseOrder]]) -> None:
        now = rules.read(connection)
        opened = open_all(connection, [order for order, _ in batch], now, this_process())
        known = {each.id: each.under_way for each in opened if isinstance(each, Opened)}
        close_all(connection, [order for _, order in batch], known, now)

    async def scene(database: Database) -> None:
        used: Counter[tuple[Any, ...]] = Counter()
        for batch in batches(count, used):
            await database.write(partial(book, batch=batch))
        exact = total(used)
        assert exact.denominator == 1

        def figures(connection: Connection) -> dict[str, int]:
            of = "SELECT"
            found = {
                "attempts": summed(connection, "cost_pusd", "attempts"),
                "people": summed(connection, "amount_pusd", "postings WHERE account_id LIKE 'principal:%'"),
                "providers": -summed(connection, "amount_pusd", "postings WHERE amount_pusd < 0"),
            }
            for grain, dimension in connection.execute(
                text(f"{of} DISTINCT grain, dimension FROM call_sums")
            ).all():
                which = f"call_sums WHERE grain = '{grain}' AND dimension = '{dimension}'"
                found[f"{grain}s by {dimension}"] = summed(connection, "cost_pusd", which)
            return found

        found = await database.read(figures)
        assert len(found) >= 10
        assert found == dict.fromkeys(found, exact)
        assert await database.read(consistency.faults) == ()

    on(url, scene)


@pytest.mark.timeout(300)
def test_two_hundred_thousand_calls_of_every_model_add_up_in_every_grouping(sqlite_url: str) -> None:
    books(sqlite_url, 200_000)


def test_twenty_thousand_do_so_on_postgresql(postgres_url: str) -> None:
    books(postgres_url, 20_000)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_million_calls_add_up(url: str) -> None:
    books(url, 1_000_000)
