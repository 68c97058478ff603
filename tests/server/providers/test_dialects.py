"""The same expectations of every dialect: our shelf, the official SDK, and the fake provider behind it."""

import asyncio
from collections.abc import Callable

import pytest
from pydantic_ai.messages import ModelRequest

from autoanalyst_ext.errors import (
    AnalystError,
    KeyMissing,
    KeyRejected,
    ModelUnavailable,
    ProviderDown,
    ProviderError,
    ProviderTimeout,
    RateLimited,
    StreamCut,
)
from autoanalyst_ext.providers import failures
from autoanalyst_ext.providers.script import Asked, Fault, Match, Pace, Reply, ScriptedCall
from autoanalyst_ext.types.runs import ModelSettings
from autoanalyst_ext.types.usage import TokenUsage
from tests.fakes.dialects.base import ModelRequest as Read
from tests.fakes.provider import DIALECTS, FakeProvider

from .conftest import WIRES
from .talk import MODEL, PARAMETERS, Heard, Wire, answered, hear

MakeWire = Callable[..., Wire]
USED = TokenUsage(
    input_tokens=1200, output_tokens=90, cache_read_tokens=1000, cache_write_tokens=50, reasoning_tokens=40
)
HELLO = ("Grüß ", "Gott, ", "there are 545 rows 🏠.")


@pytest.fixture
def first_text(provider: str) -> int:
    """How many events of the provider's stream hold exactly the first piece of HELLO."""
    dialect = next(known for known in DIALECTS if known.name == WIRES[provider])
    request = Read(model=MODEL, stream=True, asked=Asked(), body={})
    frames = dialect.frames(Reply(text=HELLO), request, 1)
    return next(place for place, frame in enumerate(frames, 1) if HELLO[0] in frame.data.decode())


def ask(wire: MakeWire, *replies: Reply, settings: ModelSettings | None = None) -> tuple[Heard, FakeProvider]:
    async def talk() -> tuple[Heard, FakeProvider]:
        async with FakeProvider(replies) as fake:
            heard = await wire(fake).ask(settings=settings)
            await fake.settled(1)
            return heard, fake

    return asyncio.run(asyncio.wait_for(talk(), 20))


def fail(wire: MakeWire, fault: Fault, *, text: tuple[str, ...] = HELLO) -> tuple[Heard, FakeProvider]:
    return ask(wire, Reply(text=text, usage=USED, fault=fault))


def test_text_arrives_in_pieces_and_whole(wire: MakeWire) -> None:
    heard, fake = ask(wire, Reply(text=HELLO, usage=USED))
    assert heard.error is None
    assert heard.text == "".join(HELLO)
    assert len([piece for piece in heard.pieces if piece]) == len(HELLO)
    assert heard.response is not None
    assert heard.response.state == "complete"
    served = fake.exchanges[0].served
    assert served is not None
    assert (served.status, served.complete, served.hung_up) == (200, True, False)


def test_characters_that_are_split_between_packets_stay_whole(wire: MakeWire) -> None:
    heard, _ = ask(wire, Reply(text=HELLO, usage=USED, split=1))
    assert heard.text == "".join(HELLO)


def test_usage_is_inclusive_and_to_the_token(wire: MakeWire, provider: str) -> None:
    # Groq has no cache that is paid for on writing, and Anthropic alone keeps some of it for an hour.
    differs = {"groq": {"cache_write_tokens": 0}, "anthropic": {"cache_write_1h_tokens": 30}}
    used = USED.model_copy(update=differs.get(provider, {}))
    heard, fake = ask(wire, Reply(text="Yes.", usage=used))
    assert heard.tokens == used
    served = fake.exchanges[0].served
    assert served is not None
    assert served.usage == used


def test_usage_of_zero_is_zero(wire: MakeWire) -> None:
    heard, _ = ask(wire, Reply(text="Yes.", usage=TokenUsage()))
    assert heard.tokens == TokenUsage()


@pytest.mark.filterwarnings("ignore::pydantic_ai.exceptions.UsageExtractionFailedWarning")
def test_usage_that_is_not_reported_is_none(wire: MakeWire) -> None:
    heard, _ = ask(wire, Reply(text="Yes.", usage=None))
    assert heard.error is None
    assert heard.tokens is None


def test_a_tool_call_its_result_and_the_answer(wire: MakeWire) -> None:
    async def talk() -> None:
        call = ScriptedCall(name="run_cell", args={"code": "df['preis'].mean()  # €"})
        replies = [
            Reply(tool_calls=(call,), usage=USED, match=Match(has_tool_result=False)),
            Reply(text="It is 42.", usage=USED, match=Match(tool_result="42.0")),
        ]
        async with FakeProvider(replies) as fake, wire(fake).model() as model:
            first = await hear(model, [ModelRequest.user_text_prompt("How many?")])
            assert first.calls == [("run_cell", {"code": "df['preis'].mean()  # €"})]
            second = await hear(model, answered(first, "mean = 42.0"))
            assert second.text == "It is 42."
            bodies = [exchange.body for exchange in await fake.settled(2)]
            assert b"mean = 42.0" in bodies[1]
            assert b"CANARY-7f3a" not in bodies[1], "metadata of a tool result left the process"

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_two_tool_calls_in_one_answer_keep_their_order(wire: MakeWire) -> None:
    calls = tuple(ScriptedCall(name="run_cell", args={"code": code}) for code in ("a = 1", "b = 2"))
    heard, _ = ask(wire, Reply(text="Two cells.", tool_calls=calls, usage=USED))
    assert [args["code"] for _, args in heard.calls] == ["a = 1", "b = 2"]
    assert heard.text == "Two cells."


def test_temperature_and_max_tokens_are_on_the_wire(wire: MakeWire) -> None:
    settings = ModelSettings(temperature=0.25, max_tokens=321)
    _, fake = ask(wire, Reply(text="Yes.", usage=USED), settings=settings)
    body = fake.exchanges[0].json()
    assert body["temperature"] == 0.25
    assert 321 in (body.get("max_tokens"), body.get("max_completion_tokens"), body.get("max_output_tokens"))


@pytest.mark.parametrize("name", ["gpt-6.1-terra", "claude-opus-5-5"])
def test_a_temperature_that_a_model_does_not_take_is_left_out_quietly(wire: MakeWire, name: str) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text="Yes.", usage=USED)]) as fake:
            heard = await wire(fake).ask(settings=ModelSettings(temperature=0.5), name=name)
            assert heard.text == "Yes."

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_nothing_is_sent_for_what_is_left_to_the_provider(wire: MakeWire) -> None:
    _, fake = ask(wire, Reply(text="Yes.", usage=USED), settings=ModelSettings(max_tokens=None))
    assert "temperature" not in fake.exchanges[0].json()


def test_a_request_that_is_not_streamed_gives_the_same(wire: MakeWire) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text=HELLO, usage=USED)]) as fake, wire(fake).model() as model:
            response = await model.request([ModelRequest.user_text_prompt("Hi")], None, PARAMETERS)
            assert response.text == "".join(HELLO)
            assert response.usage.input_tokens == USED.input_tokens
            assert response.usage.output_tokens == USED.output_tokens

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_a_wrong_key_is_rejected_once(wire: MakeWire) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text="No.")]) as fake:
            heard = await wire(fake, key="sk-wrong-key").ask()
            assert isinstance(heard.error, KeyRejected)
            assert "sk-wrong-key" not in str(heard.error)
            assert "QUOTED" not in str(heard.error)
            assert len(fake.exchanges) == 1

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_an_unknown_model_is_named(wire: MakeWire) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text="No.")], models=("other",)) as fake:
            heard = await wire(fake).ask()
            assert isinstance(heard.error, ModelUnavailable)
            assert MODEL in str(heard.error)

    asyncio.run(asyncio.wait_for(talk(), 20))


STATUSES: list[tuple[int, type[AnalystError], bool]] = [
    (400, ProviderError, False),
    (401, KeyRejected, False),
    (402, ProviderError, False),
    (403, KeyRejected, False),
    (404, ModelUnavailable, False),
    (408, ProviderDown, True),
    (409, ProviderDown, True),
    (413, ProviderError, False),
    (429, RateLimited, True),
    (500, ProviderDown, True),
    (503, ProviderDown, True),
    (529, ProviderDown, True),
]


@pytest.mark.parametrize(("status", "kind", "again"), STATUSES)
def test_an_error_status_is_one_error_and_one_request(
    wire: MakeWire, status: int, kind: type[AnalystError], again: bool
) -> None:
    heard, fake = fail(wire, Fault(kind="status", status=status))
    assert type(heard.error) is kind
    assert len(fake.exchanges) == 1, "the SDK retried by itself"
    assert heard.cause is not None
    assert (failures.retryable(heard.cause) is not None) == again
    assert "QUOTED" not in str(heard.error) + str(heard.error.as_json())


def test_a_rate_limit_says_how_long(wire: MakeWire) -> None:
    heard, _ = fail(wire, Fault(kind="status", status=429, retry_after="20"))
    assert isinstance(heard.error, RateLimited)
    assert heard.error.detail["retry_after"] == 20
    assert str(heard.error) == ("The provider answered 429 (rate limit). Try again in 20 s, or switch model.")
    assert failures.retryable(heard.error) == 20


@pytest.mark.parametrize("header", ["-5", "soon", "1e999", "99999999999999999999", "3600"])
def test_a_strange_retry_after_is_never_waited_for_long(wire: MakeWire, header: str) -> None:
    heard, _ = fail(wire, Fault(kind="status", status=429, retry_after=header))
    assert heard.cause is not None
    wait = failures.retryable(heard.cause)
    assert wait is None or 0 <= wait <= failures.LONGEST_WAIT


def test_an_error_page_of_a_proxy_is_an_outage(wire: MakeWire) -> None:
    heard, _ = fail(wire, Fault(kind="html", status=502))
    assert type(heard.error) is ProviderDown
    assert "<html>" not in str(heard.error)


def test_an_empty_answer_is_an_error(wire: MakeWire) -> None:
    heard, _ = fail(wire, Fault(kind="empty"))
    assert isinstance(heard.error, ProviderError)


def test_a_silent_provider_is_given_up(wire: MakeWire) -> None:
    reply = Reply(text=HELLO, pace=Pace(first=30))
    heard, fake = ask(wire, reply, settings=ModelSettings(timeout_seconds=0.5))
    assert isinstance(heard.error, ProviderTimeout)
    assert heard.cause is not None
    assert failures.retryable(heard.cause) is None, "it may have been billed"
    served = fake.exchanges[0].served
    assert served is not None
    assert served.hung_up


def test_a_stream_that_stalls_is_given_up_and_its_text_kept(wire: MakeWire, first_text: int) -> None:
    reply = Reply(text=HELLO, usage=USED, fault=Fault(kind="stall", after=first_text))
    heard, _ = ask(wire, reply, settings=ModelSettings(timeout_seconds=0.5))
    assert isinstance(heard.error, ProviderTimeout)
    assert heard.text == HELLO[0]
    assert "kept" in str(heard.error)


@pytest.mark.parametrize("kind", ["end", "malformed", "event"])
def test_a_broken_stream_gives_its_text_before_the_error(
    wire: MakeWire, provider: str, first_text: int, kind: str
) -> None:
    fault = Fault.model_validate({"kind": kind, "after": first_text, "status": 500})
    heard, _ = fail(wire, fault)
    assert heard.text == HELLO[0]
    if (provider, kind) == ("compatible", "end"):
        # Some services never say why an answer ends, so this one may be whole.
        assert heard.error is None
        return
    assert isinstance(heard.error, ProviderDown if kind == "event" else StreamCut)
    assert heard.response is not None
    assert heard.response.state == "incomplete"
    assert failures.retryable(heard.error) is None


def test_an_outage_told_by_the_first_event_of_a_stream_is_tried_again(wire: MakeWire) -> None:
    heard, _ = fail(wire, Fault(kind="event", after=0, status=500))
    assert type(heard.error) is ProviderDown
    assert heard.cause is not None
    assert failures.retryable(heard.cause) is not None
    assert "QUOTED" not in str(heard.error)


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_connection_cut_after_some_text_is_a_cut_stream(wire: MakeWire, reset: bool) -> None:
    async def talk() -> None:
        replies = [Reply(text=HELLO, usage=USED), Reply(text=HELLO, usage=USED)]
        async with FakeProvider(replies) as fake:
            await wire(fake).ask()
            served = (await fake.settled(1))[0].served
        assert served is not None
        fault = Fault(kind="cut", after=served.bytes_sent - 60, reset=reset)
        async with FakeProvider([Reply(text=HELLO, usage=USED, fault=fault, split=64)]) as fake:
            heard = await wire(fake).ask()
            assert isinstance(heard.error, StreamCut)
            # A reset may overtake what was sent just before it.
            assert "".join(HELLO).startswith(heard.text)
            assert reset or heard.text == "".join(HELLO)

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_a_missing_key_says_how_to_set_one(wire: MakeWire, provider: str) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text="No.")]) as fake:
            if not wire(fake).registry.provider(provider).needs_key:
                # It may need none, so it is asked; and this one does.
                assert isinstance((await wire(fake, key="").ask()).error, KeyRejected)
                return
            with pytest.raises(KeyMissing, match="autoanalyst key set"):
                await wire(fake, key="").ask()
            assert fake.exchanges == []

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_an_address_where_nobody_listens_is_an_outage(wire: MakeWire) -> None:
    async def talk() -> None:
        async with FakeProvider() as fake:
            closed = wire(fake)
        heard = await closed.ask()
        assert type(heard.error) is ProviderDown
        assert heard.cause is not None
        assert failures.retryable(heard.cause) is not None

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_cancelling_a_stream_hangs_up(wire: MakeWire) -> None:
    async def talk() -> None:
        reply = Reply(text=("one ",) * 200, usage=USED, pace=Pace(between=0.01))
        async with FakeProvider([reply]) as fake:
            async with wire(fake).model() as model:
                async with model.request_stream(
                    [ModelRequest.user_text_prompt("Go")], None, PARAMETERS
                ) as stream:
                    async for _ in stream:
                        await stream.cancel()
                assert stream.get().state == "interrupted"
            served = (await fake.settled(1))[0].served
            assert served is not None
            assert served.hung_up
            assert not served.complete

    asyncio.run(asyncio.wait_for(talk(), 20))
