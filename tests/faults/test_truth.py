"""What is booked is what the providers served: thousands of calls through the real SDKs, whatever goes wrong.

The fake provider's log is the oracle: which requests came, and which tokens it had reported for each.
"""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from fractions import Fraction
from typing import Any

import pytest
from pydantic_ai.messages import ModelMessage, ModelRequest, PartDeltaEvent
from pydantic_ai.models import ModelRequestParameters
from sqlalchemy import Connection, select

from autoanalyst_ext.errors import StreamCut
from autoanalyst_ext.providers.keys import KeyRing
from autoanalyst_ext.providers.registry import ProviderRegistry
from autoanalyst_ext.providers.script import Fault, Pace, Reply, ScriptedCall
from autoanalyst_ext.store import consistency
from autoanalyst_ext.store.columns import micros
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.money_tables import CALL_SUMS, call_sums
from autoanalyst_ext.store.tables import attempts
from autoanalyst_ext.types.runs import ModelSettings
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.call import CallContext
from autoanalyst_ext.usage.ledger import Ledger
from autoanalyst_ext.usage.meter import MeteredModel
from autoanalyst_ext.usage.prices import PriceBook

from ..fakes.provider import KEY, FakeProvider
from ..server.providers.talk import PARAMETERS
from ..server.store.conftest import on

pytestmark = [
    # A provider that reports no tokens makes the library warn; that is one of the cases.
    pytest.mark.filterwarnings("ignore::pydantic_ai.exceptions.UsageExtractionFailedWarning"),
    # An SDK's stream that is given up may be collected while it is being closed; the call is booked by then.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <async_generator object AsyncResponseStream"
        ":pytest.PytestUnraisableExceptionWarning"
    ),
]
PRICES = PriceBook()
MODELS = (
    ("openai", "gpt-4o"),
    ("openai", "gpt-5-nano"),
    ("openai-responses", "gpt-5-mini"),
    ("anthropic", "claude-haiku-4-5"),
    ("anthropic", "claude-sonnet-4-6"),
    ("groq", "openai/gpt-oss-120b"),
)
USERS = ("os:ann", "os:bob", "hub:cy", "hub:di")
KINDS = ("plain", "cached", "reasoning", "tools", "aborted", "retried", "missing", "twice", "zero", "cut")
EXACT = {"plain", "cached", "reasoning", "tools", "retried", "twice", "zero"}
AT_ONCE = 8
_NAME = re.compile(r"<call-(\d+)>")


def kind_of(number: int) -> str:
    return KINDS[number % len(KINDS)]


def usage_of(number: int) -> TokenUsage | None:
    """What the provider reports for a call: other figures for each."""
    kind, some = kind_of(number), 100 + number % 977
    match kind:
        case "missing":
            return None
        case "zero":
            return TokenUsage()
        case "cached":
            return TokenUsage(input_tokens=some * 3, output_tokens=some, cache_read_tokens=some * 2)
        case "reasoning":
            return TokenUsage(input_tokens=some, output_tokens=some * 2, reasoning_tokens=some)
        case _:
            return TokenUsage(input_tokens=some, output_tokens=some // 3)


class Script:
    """What the provider answers to each call."""

    def __init__(self) -> None:
        self.seen: Counter[int] = Counter()

    def __call__(self, asked: Any) -> Reply:
        number = int(_NAME.search(asked.asked.user)[1])  # type: ignore[index]
        self.seen[number] += 1
        kind, usage = kind_of(number), usage_of(number)
        answer = Reply(text=("one ", "two ", "three ", "four"), usage=usage)
        match kind:
            case "retried" if self.seen[number] == 1:
                return Reply(fault=Fault(kind="status", status=429, retry_after="0"))
            case "tools":
                call = ScriptedCall(name="run_cell", args={"code": "1"})
                return answer.model_copy(update={"tool_calls": (call,)})
            case "aborted":
                return answer.model_copy(update={"pace": Pace(between=0.05)})
            case "cut":
                return answer.model_copy(update={"fault": Fault(kind="cut", after=700)})
            case "twice":
                return answer.model_copy(update={"usage_repeated": True})
            case _:
                return answer


async def call(model: Any, ledger: Ledger, number: int, provider: str, name: str) -> None:
    """Make one call as the loop does; some are given up while they stream."""
    about = CallContext(
        principal_id=USERS[number % len(USERS)], chat_id=f"chat-{number % 40}", run_id=f"call-{number}",
        agent=("planner", "statistics")[number % 2], provider=provider, model=name, title=provider,
        in_process=False, level="names",
    )  # fmt: skip
    metered = MeteredModel(model, ledger=ledger, context=about)
    asked: list[ModelMessage] = [ModelRequest.user_text_prompt(f"Please <call-{number}> now")]
    parameters = PARAMETERS if kind_of(number) == "tools" else ModelRequestParameters()
    gives_up = kind_of(number) == "aborted"
    # A stream that was cut says so, and is booked all the same.
    with suppress(StreamCut):
        async with metered.request_stream(asked, None, parameters) as stream:
            async for event in stream:
                if gives_up and isinstance(event, PartDeltaEvent):
                    return


async def make(database: Database, fake: FakeProvider, count: int) -> None:
    """All calls, a few at a time."""
    names = {provider for provider, _ in MODELS}
    registry = ProviderRegistry(
        base_urls={name: fake.base_url(name) for name in names},
        keys=KeyRing(keys=dict.fromkeys(("openai", "anthropic", "groq"), KEY)),
    )
    ledger = Ledger(database, PRICES)
    settings = ModelSettings(timeout_seconds=30)
    models = [(*each, registry.resolve(":".join(each), settings=settings)) for each in MODELS]
    numbers = iter(range(count))

    async def worker() -> None:
        for number in numbers:
            # Every kind of fault with every model, in turn.
            provider, name, model = models[number // len(KINDS) % len(models)]
            await call(model, ledger, number, provider, name)

    async with AsyncExitStack() as stack:
        for *_, model in models:
            await stack.enter_async_context(model)
        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


def due(provider: str, model: str, tokens: TokenUsage) -> Fraction:
    """Pico-USD, by an adder that shares no arithmetic with the product."""
    price = PRICES.price(provider, model)
    assert price is not None
    assert not price.tiers or tokens.input_tokens < price.tiers[0].above
    rates = {kind: Fraction(str(rate)) for kind, rate in price.rates}
    plain = tokens.input_tokens - tokens.cache_read_tokens - tokens.cache_write_tokens
    dollars_per_million = (
        plain * rates["input"]
        + tokens.cache_read_tokens * rates["cache_read"]
        + tokens.cache_write_tokens * rates["cache_write"]
        + (tokens.output_tokens - tokens.reasoning_tokens) * rates["output"]
        + tokens.reasoning_tokens * rates["reasoning"]
    )
    return dollars_per_million * 10**12 / 10**6


def served(fake: FakeProvider) -> Iterator[tuple[int, Any]]:
    for exchange in fake.exchanges:
        number = _NAME.search(exchange.body.decode())[1]  # type: ignore[index]
        yield int(number), exchange


def check(rows: list[Any], fake: FakeProvider, count: int) -> None:
    """Every request has its attempt and every attempt its request; each is booked as it was served."""
    requests = Counter(number for number, _ in served(fake))
    booked = Counter(int(row["run_id"].removeprefix("call-")) for row in rows)
    assert requests == booked
    assert len(booked) == count
    assert sum(booked.values()) == count + sum(kind_of(number) == "retried" for number in range(count))
    logged = {number: exchange.served for number, exchange in served(fake) if exchange.served.status == 200}
    for row in rows:
        number = int(row["run_id"].removeprefix("call-"))
        tokens = {name: row[name] for name in TokenUsage.model_fields}
        if row["error_code"] == "rate_limited":
            assert (kind_of(number), row["state"], row["cost_pusd"]) == ("retried", "void", 0)
            continue
        cost = due(row["provider"], row["model"], TokenUsage(**tokens))
        assert row["cost_pusd"] == cost, (number, kind_of(number))
        if kind_of(number) in EXACT:
            assert row["state"] == "settled", (number, kind_of(number), row)
            assert tokens == logged[number].usage.model_dump(), (number, kind_of(number))
        else:
            assert row["state"] == "estimated", (number, kind_of(number))
            assert row["cost_pusd"] > 0, (number, kind_of(number))


def grouped(rows: list[Any]) -> dict[tuple[str, str, int], Counter[str]]:
    """Sums per model, person, agent and day, of the rows themselves."""
    found: dict[tuple[str, str, int], Counter[str]] = defaultdict(Counter)
    for row in rows:
        day = micros(row["started_at"]) // 86_400_000_000
        names = {
            "principal": row["principal_id"],
            "model": f"{row['provider']}:{row['model']}",
            "agent": row["agent"],
            "all": "",
        }
        for dimension, name in names.items():
            sums = found[dimension, name, day]
            sums["requests"] += 1
            for column in (*TokenUsage.model_fields, "cost_pusd"):
                sums[column] += row[column] or 0
    return found


def stored_sums(connection: Connection) -> dict[tuple[str, str, int], Counter[str]]:
    query = select(call_sums).where(call_sums.c.grain == "day")
    columns = ("requests", *TokenUsage.model_fields, "cost_pusd")
    assert set(columns) <= set(CALL_SUMS)
    return {
        (row["dimension"], row["name"], row["start"]): Counter({name: row[name] for name in columns})
        for row in connection.execute(query).mappings()
    }


def truth(url: str, count: int) -> None:
    async def scene(database: Database) -> None:
        async with FakeProvider(Script()) as fake:
            await make(database, fake, count)
            await fake.settled(len(fake.exchanges))
            rows = await database.read(
                lambda c: [dict(row) for row in c.execute(select(attempts)).mappings()]
            )
            check(rows, fake, count)
            sums = await database.read(stored_sums)
            wanted = grouped(rows)
            assert sums.keys() == wanted.keys()
            assert all(not (sums[key] - wanted[key]) and not (wanted[key] - sums[key]) for key in sums)
            assert await database.read(consistency.faults) == ()

    on(url, scene)


def test_what_is_booked_is_what_the_providers_served(url: str) -> None:
    truth(url, 600)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_ten_thousand_calls_are_booked_as_the_providers_served_them(sqlite_url: str) -> None:
    truth(sqlite_url, 10_000)
