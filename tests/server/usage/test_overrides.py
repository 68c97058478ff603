"""Prices that administrators set: which calls have them, from when on, and what they say of themselves."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from autoanalyst_ext.store.prices import PriceRow
from autoanalyst_ext.types.prices import Rates
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.prices import Price, PriceBook, cost

from .prices_set import price_set

DATA = PriceBook()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=9)
TICK = timedelta(microseconds=1)
SET = {"input": "7", "output": "8"}


def book(*rows: PriceRow) -> PriceBook:
    return DATA.overridden_by(sorted(rows, key=lambda row: row.effective_from))


def input_rate(prices: PriceBook, model: str, at: datetime = NOON) -> str | None:
    provider, _, name = model.partition(":")
    found = prices.price(provider, name, at)
    return None if found is None else str(found.rates.input)


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("openai:gpt-5-nano", ("openai:gpt-5-nano", "OpenAI:GPT-5-Nano", "openai-responses:gpt-5-nano")),
        ("openai:gpt-5-nano", ("openai:gpt-5-nano-2025-08-07", "openai:gpt-5-nano-2031-01-01")),
        ("openai-responses:gpt-5-nano", ("openai:gpt-5-nano",)),
        ("groq:openai/gpt-oss-120b", ("groq:gpt-oss-120b", "groq:OPENAI/GPT-OSS-120B")),
        ("anthropic:claude-sonnet-4-0", ("anthropic:claude-sonnet-4-20250514",)),
        ("anthropic:claude-sonnet-4-0", ("anthropic:claude-sonnet-4@20250514",)),
        ("compatible:my-own/model", ("compatible:My-Own/Model", "compatible:my-own/model-20260101")),
    ],
)
def test_a_price_holds_for_every_form_of_the_models_name(name: str, calls: tuple[str, ...]) -> None:
    provider, _, model = name.partition(":")
    prices = book(price_set(provider, model, **SET))
    assert {call: input_rate(prices, call) for call in calls} == dict.fromkeys(calls, "7")


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("openai:gpt-5", "openai:gpt-5-nano"),
        ("openai:gpt-5-nano", "openai:gpt-5"),
        ("openai:gpt-5-nano", "openai:gpt-5-nano-x"),
        ("openai:gpt-5-nano", "azure:gpt-5-nano"),
        ("openai:gpt-5-nano-2025-08-07", "openai:gpt-5-nano"),
        ("compatible:model", "compatible:model-2"),
        ("groq:gpt-oss-120b", "openai:gpt-oss-120b"),
    ],
)
def test_a_price_holds_for_no_other_model(name: str, call: str) -> None:
    provider, _, model = name.partition(":")
    assert input_rate(book(price_set(provider, model, **SET)), call) == input_rate(DATA, call) != "7"


def test_a_dated_form_with_a_price_of_its_own_does_not_follow_the_undated_one() -> None:
    prices = book(
        price_set("openai", "gpt-5-nano", **SET),
        price_set("openai", "gpt-5-nano-2025-08-07", input="9", output="9"),
    )
    assert input_rate(prices, "openai:gpt-5-nano-2025-08-07") == "9"
    assert input_rate(prices, "openai:gpt-5-nano") == "7"


def test_a_price_holds_from_its_moment_on_until_the_next() -> None:
    prices = book(
        price_set("openai", "gpt-5-nano", NOON, **SET),
        price_set("openai", "gpt-5-nano", LATER, input="9", output="9"),
        price_set("openai", "gpt-5-nano", LATER + timedelta(days=1)),
    )
    moments = (NOON - TICK, NOON, LATER - TICK, LATER, LATER + timedelta(days=1))
    found = [input_rate(prices, "openai:gpt-5-nano", moment) for moment in moments]
    assert found == ["0.05", "7", "7", "9", "0.05"]


def test_of_two_prices_for_one_moment_the_later_set_one_counts() -> None:
    first = price_set("openai", "gpt-5-nano", LATER, **SET)
    second = price_set("openai", "gpt-5-nano", LATER, input="9", output="9")
    assert input_rate(DATA.overridden_by([first, second]), "openai:gpt-5-nano", LATER) == "9"


def test_a_model_without_a_price_gets_one_and_loses_it_again() -> None:
    prices = book(price_set("compatible", "m", NOON, **SET), price_set("compatible", "m", LATER))
    assert [input_rate(prices, "compatible:m", at) for at in (NOON - TICK, NOON, LATER)] == [None, "7", None]


def test_what_is_free_by_declaration_stays_free_unless_a_price_names_it() -> None:
    prices = book(price_set("ollama", "qwen3", NOON, **SET))
    assert input_rate(prices, "ollama:qwen3") == "7"
    assert input_rate(prices, "ollama:other") == "0"
    assert input_rate(prices, "ollama:qwen3", NOON - TICK) == "0"
    declared = PriceBook(free=("compatible",)).overridden_by([price_set("compatible", "m", **SET)])
    assert [input_rate(declared, f"compatible:{name}") for name in ("m", "n")] == ["7", "0"]


def test_what_has_no_price_of_its_own_costs_what_it_is_a_part_of() -> None:
    price = book(price_set("openai", "gpt-5-nano", **SET)).price("openai", "gpt-5-nano", NOON)
    assert price is not None
    assert price.rates == Rates(
        input=Decimal(7),
        output=Decimal(8),
        cache_read=Decimal(7),
        cache_write=Decimal(7),
        cache_write_1h=Decimal(7),
        reasoning=Decimal(8),
    )
    every = TokenUsage(
        input_tokens=100,
        output_tokens=10,
        cache_read_tokens=50,
        cache_write_tokens=30,
        cache_write_1h_tokens=20,
        reasoning_tokens=5,
    )
    assert cost(price, every) == (100 * 7 + 10 * 8) * 10**6
    own = price_set(
        "openai", "gpt-5-nano", input="7", output="8", cache_write="10", cache_write_1h="20", reasoning="80"
    )
    price = DATA.overridden_by([own]).price("openai", "gpt-5-nano", NOON)
    assert price is not None
    assert cost(price, every) == (70 * 7 + 10 * 10 + 20 * 20 + 5 * 8 + 5 * 80) * 10**6


def test_a_price_says_who_set_it_when_and_why() -> None:
    row = price_set("openai", "gpt-5-nano", NOON, note="contract 7", **SET)
    price = DATA.overridden_by([row]).price("openai", "gpt-5-nano", LATER)
    assert price == Price(
        rates=Rates.of(input=Decimal(7), output=Decimal(8)),
        source="set by ann on 2026-11-23, effective 2026-11-23 12:00:00 UTC: contract 7",
        since=NOON,
        is_override=True,
    )


def test_a_thousand_calls_around_the_moment_are_on_one_side_each() -> None:
    prices = book(price_set("openai", "gpt-5-nano", NOON, **SET))
    random.seed(7)
    starts = [NOON + TICK * random.randint(-500, 500) for _ in range(1000)]
    wrong = [
        at for at in starts if input_rate(prices, "openai:gpt-5-nano", at) != ("7" if at >= NOON else "0.05")
    ]
    assert wrong == []
    assert min(starts) < NOON <= max(starts)


def test_the_price_data_are_read_once_for_all_books() -> None:
    first = PriceBook()
    second = first.overridden_by([price_set("openai", "gpt-5-nano", **SET)])
    assert not second.loaded
    second.load()
    assert first.loaded
    assert first.price("openai", "gpt-4o", NOON) is second.price("openai", "gpt-4o", NOON)
