"""What providers report, in their own words, through the real SDKs to an exact cost.

The payloads are in `tests/data/usage_payloads.jsonl`. What they cost is added up here once more, from the
providers' price lists and in fractions, by somebody who knows nothing of our code.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.providers.keys import KeyRing
from autoanalyst_ext.providers.registry import ProviderRegistry
from autoanalyst_ext.providers.script import Reply
from autoanalyst_ext.types.usage import PICO, TokenUsage
from autoanalyst_ext.usage.prices import PriceBook, cost
from tests.fakes.dialects import chat, messages, responses
from tests.fakes.provider import KEY, FakeProvider
from tests.server.usage.prices_set import price_set

from .conftest import WIRES
from .talk import Wire

FILE = Path(__file__).parents[2] / "data" / "usage_payloads.jsonl"

# Dollars per million tokens: input, output, cached, written (5 min), written (1 h); above so much input.
LISTS: dict[str, tuple[tuple[int, str, str, str, str, str], ...]] = {
    "claude-sonnet-4-6": ((-1, "3", "15", "0.30", "3.75", "6"),),
    "claude-haiku-4-5": ((-1, "1", "5", "0.10", "1.25", "2"),),
    "claude-opus-4-8": ((-1, "5", "25", "0.50", "6.25", "10"),),
    "claude-haiku-5-5": (
        (-1, "0.10", "0.50", "0.01", "0.125", "0.20"),
        (100_000, "0.50", "2.50", "0.05", "0.625", "1"),
    ),
    "gpt-5-nano": ((-1, "0.05", "0.40", "0.005", "0.05", "0.05"),),
    "gpt-5": ((-1, "1.25", "10", "0.125", "1.25", "1.25"),),
    "gpt-6.1-terra": (
        (-1, "1", "5", "0.05", "1.25", "1.25"),
        (272_000, "2", "7.50", "0.10", "2.50", "2.50"),
    ),
    "gpt-4": ((-1, "30", "60", "30", "30", "30"),),
    "gpt-4o": ((-1, "2.50", "10", "1.25", "2.50", "2.50"),),
    "o3": ((-1, "2", "8", "0.50", "2", "2"),),
    "openai/gpt-oss-120b": ((-1, "0.15", "0.60", "0.075", "0.15", "0.15"),),
    "llama-3.3-70b-versatile": ((-1, "0.59", "0.79", "0.59", "0.59", "0.59"),),
    "any-model": ((-1, "0.17", "0.71", "0.013", "0.17", "0.17"),),
}
DATED = {"claude-haiku-4-5-20251001": "claude-haiku-4-5", "gpt-5-nano-2025-08-07": "gpt-5-nano"}
BOOK = PriceBook().overridden_by(
    [price_set("compatible", "any-model", input="0.17", output="0.71", cache_read="0.013")]
)


@dataclass(frozen=True)
class Payload:
    """One report."""

    provider: str
    model: str
    says: str
    usage: dict[str, Any] | None

    @property
    def parts(self) -> tuple[int, int, int, int, int]:
        """Plain input, output, cached, written for five minutes, written for an hour."""
        said = self.usage or {}
        if self.provider == "anthropic":
            written = said.get("cache_creation_input_tokens") or 0
            hour = (said.get("cache_creation") or {}).get("ephemeral_1h_input_tokens") or 0
            read = said.get("cache_read_input_tokens") or 0
            return said["input_tokens"], said["output_tokens"], read, written - hour, hour
        all_input, output = (
            (said["input_tokens"], said["output_tokens"])
            if self.provider == "openai-responses"
            else (said["prompt_tokens"], said["completion_tokens"])
        )
        details = said.get("prompt_tokens_details") or said.get("input_tokens_details") or {}
        read, written = details.get("cached_tokens") or 0, details.get("cache_write_tokens") or 0
        return all_input - read - written, output, read, written, 0

    @property
    def dollars(self) -> Fraction:
        """What it costs."""
        plain, output, read, written, hour = self.parts
        name = DATED.get(self.model, self.model.lower())
        _, *rates = [row for row in LISTS[name] if plain + read + written + hour > row[0]][-1]
        millionths = zip((plain, output, read, written, hour), map(Fraction, rates), strict=True)
        return sum((count * rate for count, rate in millionths), Fraction()) / 10**6

    @property
    def reasoning(self) -> int:
        said = self.usage or {}
        details = said.get("output_tokens_details") or said.get("completion_tokens_details") or {}
        return details.get("thinking_tokens") or details.get("reasoning_tokens") or 0


PAYLOADS = [Payload(**json.loads(line)) for line in FILE.read_text().splitlines()]


def test_there_are_reports_of_every_kind_from_every_provider() -> None:
    assert len(PAYLOADS) >= 60
    for provider in WIRES:
        own = [payload for payload in PAYLOADS if payload.provider == provider]
        assert any(not payload.usage for payload in own), "missing"
        assert any(payload.usage and payload.dollars == 0 for payload in own), "zero"
        assert any(payload.usage and payload.parts[2] for payload in own), "cached"
        assert any(payload.reasoning for payload in own), "reasoning"


@pytest.mark.filterwarnings("ignore::pydantic_ai.exceptions.UsageExtractionFailedWarning")
@pytest.mark.parametrize("provider", WIRES)
def test_every_report_costs_exactly_what_the_price_list_says(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [payload for payload in PAYLOADS if payload.provider == provider]
    reports: Iterator[Payload] = iter(own)
    said: dict[str, Any] = {}
    for dialect in (chat, messages, responses):
        monkeypatch.setattr(dialect, "usage_body", lambda _: dict(said))

    async def heard() -> list[TokenUsage | None]:
        async with FakeProvider(lambda _: Reply(text="Yes.", usage=TokenUsage() if said else None)) as fake:
            keys = KeyRing(keys={"openai" if provider == "openai-responses" else provider: KEY})
            urls = {provider: fake.base_url(WIRES[provider])}
            wire = Wire(ProviderRegistry(base_urls=urls, keys=keys), provider)
            found = []
            for payload in reports:
                said.clear()
                said.update(payload.usage or {})
                answer = await wire.ask(name=payload.model)
                assert answer.error is None, payload
                found.append(answer.tokens)
            return found

    for payload, tokens in zip(own, asyncio.run(asyncio.wait_for(heard(), 60)), strict=True):
        if not payload.usage:
            assert tokens is None, payload
            continue
        assert tokens is not None, payload
        plain, output, read, written, hour = payload.parts
        assert tokens == TokenUsage(
            input_tokens=plain + read + written + hour,
            output_tokens=output,
            cache_read_tokens=read,
            cache_write_tokens=written + hour,
            cache_write_1h_tokens=hour,
            reasoning_tokens=payload.reasoning,
        ), payload
        price = BOOK.price(provider, payload.model)
        assert price is not None
        assert Fraction(cost(price, tokens), PICO) == payload.dollars, payload
