"""Prices: found by exact names, exact to the pico, and never invented."""

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import genai_prices
import pytest
from genai_prices.data import providers
from hypothesis import given, settings
from hypothesis import strategies as st

from autoanalyst_ext.types.prices import Rates
from autoanalyst_ext.types.usage import PICO, TokenUsage, usd
from autoanalyst_ext.usage.prices import Price, PriceBook, cost

BOOK = PriceBook()
DATA = {provider.id: provider for provider in providers}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def tokens(
    inputs: int, outputs: int, read: int = 0, write: int = 0, hour: int = 0, reasoning: int = 0
) -> TokenUsage:
    return TokenUsage(
        input_tokens=inputs,
        output_tokens=outputs,
        cache_read_tokens=read,
        cache_write_tokens=write,
        cache_write_1h_tokens=hour,
        reasoning_tokens=reasoning,
    )


def price(provider: str, model: str, at: datetime = NOW) -> Price:
    found = BOOK.price(provider, model, at)
    assert found is not None, f"{provider}:{model} has no price"
    return found


@pytest.mark.parametrize(
    ("provider", "model", "inputs", "outputs", "dollars"),
    [
        ("anthropic", "claude-sonnet-4-6", 1000, 500, "0.0105"),
        ("openai", "gpt-5-nano", 1000, 1000, "0.00045"),
        ("anthropic", "claude-haiku-4-5", 123_456, 7_890, "0.162906"),
        ("groq", "gpt-oss-120B", 1, 0, "0.00000015"),
        ("openai", "gpt-4o", 0, 0, "0.00"),
    ],
)
def test_known_calls_cost_what_the_providers_list(
    provider: str, model: str, inputs: int, outputs: int, dollars: str
) -> None:
    assert usd(cost(price(provider, model), tokens(inputs, outputs))) == dollars


@pytest.mark.parametrize(
    ("provider", "name", "same_as"),
    [
        ("openai", "GPT-4o", "gpt-4o"),
        ("OpenAI", "gpt-4o-2024-08-06", "gpt-4o"),
        ("openai-responses", "gpt-4o", "gpt-4o"),
        ("openai", "gpt-5-nano-2025-08-07", "gpt-5-nano"),
        ("openai", "gpt-5-nano-2031-01-01", "gpt-5-nano"),
        ("groq", "gpt-oss-120B", "openai/gpt-oss-120b"),
        ("groq", "OpenAI/GPT-OSS-120b", "openai/gpt-oss-120b"),
        ("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("anthropic", "claude-sonnet-4-20250514", "claude-sonnet-4-0"),
        ("anthropic", "claude-sonnet-4@20250514", "claude-sonnet-4-0"),
        ("anthropic", "claude-3-7-sonnet-20250219", "claude-3-7-sonnet-latest"),
    ],
)
def test_a_name_in_another_form_is_the_same_model(provider: str, name: str, same_as: str) -> None:
    own_name = {"openai-responses": "openai"}.get(provider.lower(), provider.lower())
    assert price(provider, name) == price(own_name, same_as)


@pytest.mark.parametrize("provider", ["openai", "anthropic", "groq", "nobody", ""])
@pytest.mark.parametrize(
    "name", ["5", "o", "gpt", "claude", "", "4", "mini", "latest", "-latest", "llama", "120b"]
)
def test_a_part_of_a_name_is_no_model(provider: str, name: str) -> None:
    assert BOOK.price(provider, name, NOW) is None


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("openai", "gpt-5-nano-x"),
        ("openai", "my-gpt-4o"),
        ("openai", "gpt-4o-mini-turbo"),
        ("openai", "text-moderation-9"),
        ("anthropic", "claude-haiku-4-5-turbo"),
        ("anthropic", "claude-haiku-4-55"),
        ("anthropic", "claude-sonnet-4-6-20260101-beta"),
        ("anthropic", "my-claude-v2"),
        ("anthropic", "gpt-4o"),
        ("groq", "openai/gpt-oss-1200b"),
        ("compatible", "gpt-4o"),
    ],
)
def test_a_name_that_only_resembles_a_model_is_unpriced(provider: str, name: str) -> None:
    assert BOOK.price(provider, name, NOW) is None


@pytest.mark.parametrize("provider", ["offline", "scripted", "ollama", "vllm", "lmstudio", "Ollama"])
def test_models_on_ones_own_machine_are_free_by_declaration(provider: str) -> None:
    found = price(provider, "anything")
    assert found.is_free
    assert found.source.startswith("declared free")
    assert cost(found, tokens(10**9, 10**9, 5, 5)) == 0


def test_a_compatible_service_is_free_only_where_it_is_declared() -> None:
    assert BOOK.price("compatible", "x", NOW) is None
    declared = PriceBook(free=("compatible",)).price("compatible", "x", NOW)
    assert declared is not None
    assert declared.is_free


def test_a_price_says_where_it_is_from() -> None:
    version = genai_prices.__version__
    assert price("openai", "gpt-4o-2024-08-06").source == f"genai-prices {version}, openai/gpt-4o"
    assert price("openai", "o3").source == f"genai-prices {version}, openai/o3, effective 2025-06-10"
    assert "cached input at the full input price" in price("openai", "gpt-4").source


def test_the_price_is_that_of_the_day() -> None:
    before, after = datetime(2025, 6, 9, 23, tzinfo=UTC), datetime(2025, 6, 10, tzinfo=UTC)
    assert price("openai", "o3", before).rates.input == Decimal(10)
    assert price("openai", "o3", after).rates.input == Decimal(2)


def test_a_long_input_moves_all_tokens_of_the_call_to_the_higher_rate() -> None:
    found = price("anthropic", "claude-sonnet-4-5")
    (tier,) = found.tiers
    assert tier.above == 200_000
    at, above = tokens(200_000, 10), tokens(200_001, 10)
    assert cost(found, at) == (200_000 * 3 + 10 * 15) * 10**6
    assert cost(found, above) == 200_001 * 6 * 10**6 + 10 * 22_500_000


def test_cached_tokens_are_part_of_the_input() -> None:
    found = price("anthropic", "claude-sonnet-4-6")
    expected = 100 * 3_000_000 + 600 * 300_000 + 300 * 3_750_000 + 50 * 15_000_000
    assert cost(found, tokens(1000, 50, read=600, write=300)) == expected


def test_what_is_kept_for_an_hour_has_a_price_of_its_own() -> None:
    found = price("anthropic", "claude-sonnet-4-6")
    expected = 100 * 3_000_000 + 600 * 300_000 + 200 * 3_750_000 + 100 * 6_000_000 + 50 * 15_000_000
    assert cost(found, tokens(1000, 50, read=600, write=300, hour=100)) == expected


def test_where_an_hour_has_no_price_of_its_own_a_write_is_a_write_and_the_source_says_so() -> None:
    found = price("openai", "gpt-6.1-terra")
    assert cost(found, tokens(1000, 0, write=1000, hour=1000)) == 1000 * 1_250_000
    assert "cache writes for an hour at the price of other cache writes" in found.source
    assert "for an hour" not in price("anthropic", "claude-sonnet-4-6").source


def test_reasoning_has_a_price_of_its_own_where_there_is_one() -> None:
    found = price("perplexity", "sonar-deep-research")
    assert found.rates.reasoning != found.rates.output
    expected = 40 * found.rates.output + 60 * found.rates.reasoning
    assert cost(found, tokens(0, 100, reasoning=60)) == expected * 10**6


def test_reasoning_tokens_are_not_charged_twice() -> None:
    plain = TokenUsage(input_tokens=5, output_tokens=100)
    thought = TokenUsage(input_tokens=5, output_tokens=100, reasoning_tokens=90)
    found = price("openai", "gpt-5")
    assert cost(found, plain) == cost(found, thought)


def test_counts_that_contradict_themselves_still_charge_every_part() -> None:
    found = price("anthropic", "claude-sonnet-4-6")
    assert cost(found, tokens(10, 0, read=600)) == 600 * 300_000
    assert cost(found, tokens(0, 0, hour=600)) == 600 * 6_000_000
    assert cost(found, tokens(0, 1, reasoning=600)) == 600 * 15_000_000


def test_a_fraction_of_a_pico_is_rounded_half_to_even_once_per_call() -> None:
    half = Decimal("0.0000005")
    found = Price(
        rates=Rates.of(input=half, output=half),
        source="a rate of half a pico",
    )
    assert [cost(found, tokens(count, 0)) for count in (1, 2, 3, 4, 5)] == [0, 1, 2, 2, 2]
    assert cost(found, tokens(1, 1)) == 1


CHATTING = [
    (provider, model.id)
    for provider in ("anthropic", "groq", "openai")
    for model in DATA[provider].models
    if {"input_mtok", "output_mtok"}
    <= {key for key, value in vars(model.get_prices(NOW)).items() if value is not None}
]
USAGES = [
    (0, 0, 0, 0, 0, 0),
    (1, 1, 0, 0, 0, 1),
    (999, 77, 500, 0, 0, 70),
    (199_999, 3, 0, 199_999, 199_999, 0),
    (200_001, 5_000, 150_000, 20_000, 1, 4_999),
    (272_001, 1, 0, 0, 0, 0),
    (10_000_019, 999_983, 7_777_777, 1_234_567, 234_567, 99_991),
]


def test_only_models_that_are_not_charged_by_text_are_left_out() -> None:
    everything = {(name, model.id) for name in ("anthropic", "groq", "openai") for model in DATA[name].models}
    silent = sorted(model for _, model in everything - set(CHATTING))
    words = (
        "whisper",
        "orpheus",
        "tts",
        "embedding",
        "moderation",
        "transcribe",
        "translate",
        "live",
        "image",
    )
    assert [model for model in silent if not any(word in model for word in words)] == []
    assert all(BOOK.price(provider, model, NOW) is None for provider, model in everything - set(CHATTING))


@pytest.mark.parametrize("provider", ["anthropic", "groq", "openai"])
def test_every_model_costs_exactly_what_genai_prices_calculates(provider: str) -> None:
    names = [model for its, model in CHATTING if its == provider]
    assert len(names) > 20
    for name in names:
        assert [ours(provider, name, *usage) for usage in USAGES] == [
            theirs(provider, name, *usage) for usage in USAGES
        ], name


@settings(max_examples=150, deadline=None)
@given(model=st.sampled_from(CHATTING), counts=st.tuples(*[st.integers(0, 10**7)] * 6))
def test_any_call_costs_exactly_what_genai_prices_calculates(
    model: tuple[str, str], counts: tuple[int, int, int, int, int, int]
) -> None:
    plain, said, read, write, hour, reasoning = counts
    usage = (plain + read + write + hour, said + reasoning, read, write + hour, hour, reasoning)
    assert ours(*model, *usage) == theirs(*model, *usage)


def ours(provider: str, model: str, *usage: int) -> Decimal:
    return Decimal(cost(price(provider, model), tokens(*usage))) / PICO


def theirs(provider: str, model: str, *counts: int) -> Decimal:
    inputs, outputs, read, write, hour, reasoning = counts
    usage: Any = genai_prices.Usage(
        input_tokens=inputs,
        output_tokens=outputs,
        cache_read_tokens=read,
        cache_write_tokens=write,
        cache_write_1h_tokens=hour,
        output_reasoning_tokens=reasoning,
    )
    found = next(info for info in DATA[provider].models if info.id == model)
    total = found.calc_price(usage, DATA[provider], genai_request_timestamp=NOW).total_price
    assert (total * PICO) % 1 == 0, "the comparison is exact"
    return total


def test_looking_up_a_price_uses_no_network_and_importing_it_loads_no_data() -> None:
    script = """
import sys
from autoanalyst_ext.usage.prices import PriceBook
book = PriceBook()
before = "genai_prices" in sys.modules
class NoSockets:
    def __call__(self, event, arguments):
        if event.startswith("socket."):
            raise RuntimeError(event)
sys.addaudithook(NoSockets())
free = book.price("ollama", "x").is_free
print(before, free, "genai_prices" in sys.modules, book.price("openai", "gpt-4o").rates.input)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.stdout, ran.stderr) == ("False True False 2.5\n", "")
