"""The fake provider against the official SDKs, without anything of ours between."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import anthropic
import groq
import openai
import pytest

from autoanalyst_ext.providers.script import Fault, Match, Pace, Reply, ScriptedCall
from autoanalyst_ext.types.usage import TokenUsage
from tests.fakes.dialects.base import ModelRequest
from tests.fakes.log import read_log
from tests.fakes.provider import KEY, FakeProvider

USED = TokenUsage(input_tokens=100, output_tokens=20, cache_read_tokens=60, cache_write_tokens=10)
CALL = ScriptedCall(name="run_cell", args={"code": "x = 'ü'"}, id="call-7")
QUESTION: Any = [{"role": "user", "content": "How many?"}]

Text = Callable[[FakeProvider], AsyncIterator[str]]


def chat_client(fake: FakeProvider, timeout: float = 10) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=fake.base_url("openai"), api_key=KEY, max_retries=0, timeout=timeout)


async def chat_text(fake: FakeProvider) -> AsyncIterator[str]:
    async with chat_client(fake, timeout=0.5) as client:
        async for chunk in await client.chat.completions.create(model="m", messages=QUESTION, stream=True):
            for choice in chunk.choices:
                yield choice.delta.content or ""


async def responses_text(fake: FakeProvider) -> AsyncIterator[str]:
    async with chat_client(fake, timeout=0.5) as client:
        async for event in await client.responses.create(model="m", input="How many?", stream=True):
            if event.type == "response.output_text.delta":
                yield event.delta
            elif event.type == "response.failed":
                raise openai.APIError("failed", None, body=None)  # type: ignore[arg-type]


async def messages_text(fake: FakeProvider) -> AsyncIterator[str]:
    async with (
        anthropic.AsyncAnthropic(
            base_url=fake.base_url("anthropic"), api_key=KEY, max_retries=0, timeout=0.5
        ) as client,
        client.messages.stream(model="m", max_tokens=9, messages=QUESTION) as stream,
    ):
        async for text in stream.text_stream:
            yield text


async def groq_text(fake: FakeProvider) -> AsyncIterator[str]:
    async with groq.AsyncGroq(
        base_url=fake.base_url("groq"), api_key=KEY, max_retries=0, timeout=0.5
    ) as client:
        async for chunk in await client.chat.completions.create(model="m", messages=QUESTION, stream=True):
            for choice in chunk.choices:
                yield choice.delta.content or ""


TEXTS: dict[str, Text] = {
    "openai": chat_text,
    "openai-responses": responses_text,
    "anthropic": messages_text,
    "groq": groq_text,
}
ERRORS = (openai.OpenAIError, anthropic.AnthropicError, groq.GroqError, json.JSONDecodeError)


@pytest.fixture(params=TEXTS)
def text(request: pytest.FixtureRequest) -> Text:
    return TEXTS[request.param]


async def collect(text: Text, fake: FakeProvider, into: list[str]) -> None:
    # One by one: what came before an error must stay.
    async for piece in text(fake):
        into += [piece] if piece else []


def test_text_comes_in_the_pieces_of_the_script(text: Text) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text=("Grüß ", "Gott"), usage=USED, split=1)]) as fake:
            pieces: list[str] = []
            await collect(text, fake, pieces)
            assert pieces == ["Grüß ", "Gott"]

    asyncio.run(asyncio.wait_for(talk(), 20))


FAULTS = [
    *(
        Fault(kind="status", status=status, retry_after="7")
        for status in (400, 401, 403, 404, 429, 500, 503, 529)
    ),
    Fault(kind="html", status=502),
    Fault(kind="cut", after=40),
    Fault(kind="cut", after=40, reset=True),
    Fault(kind="stall", after=1),
    Fault(kind="event", after=1),
    Fault(kind="malformed", after=0),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.reset}")
def test_each_fault_is_an_error_to_the_sdk(text: Text, fault: Fault) -> None:
    async def talk() -> None:
        import httpx
        import httpx2

        async with FakeProvider([Reply(text="No.", usage=USED, fault=fault)]) as fake:
            with pytest.raises((*ERRORS, httpx.TransportError, httpx2.TransportError)) as raised:
                await collect(text, fake, [])
            if fault.kind == "status":
                response: Any = getattr(raised.value, "response")  # noqa: B009 - the SDKs share no base class
                assert response.status_code == fault.status
                assert response.headers["retry-after"] == "7"
            served = (await fake.settled(1))[0].served
            assert served is not None
            if fault.kind != "malformed":
                assert served.hung_up == (fault.kind == "stall")
            if fault.kind == "cut":
                assert served.bytes_sent == 40

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_an_empty_answer_has_no_body(text: Text) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(fault=Fault(kind="empty"))]) as fake:
            pieces: list[str] = []
            try:
                await collect(text, fake, pieces)
            except AssertionError:
                # Anthropic's stream helper asserts that there was a message.
                assert text is messages_text
            assert pieces == []
            served = fake.exchanges[0].served
            assert served is not None
            assert (served.status, served.bytes_sent) == (200, 0)

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_tool_calls_and_usage_of_every_dialect_streamed_or_not() -> None:
    reply = Reply(text="So.", tool_calls=(CALL,), usage=USED)

    async def talk() -> None:
        async with FakeProvider([reply] * 5) as fake:
            async with chat_client(fake) as client:
                chat = await client.chat.completions.create(model="m", messages=QUESTION)
                calls: Any = chat.choices[0].message.tool_calls
                assert (calls[0].id, calls[0].function.name) == ("call-7", "run_cell")
                assert json.loads(calls[0].function.arguments) == CALL.args
                assert chat.usage is not None
                assert (chat.usage.prompt_tokens, chat.usage.completion_tokens) == (100, 20)
                response = await client.responses.create(model="m", input="How many?")
                assert (response.output_text, response.output[1].type) == ("So.", "function_call")
                assert response.usage is not None
                assert response.usage.input_tokens_details.cached_tokens == 60
            async with anthropic.AsyncAnthropic(base_url=fake.url, api_key=KEY) as claude:
                message = await claude.messages.create(model="m", max_tokens=9, messages=QUESTION)
                assert message.content[1].to_dict()["input"] == CALL.args
                assert (message.usage.input_tokens, message.usage.cache_read_input_tokens) == (30, 60)
                async with claude.messages.stream(model="m", max_tokens=9, messages=QUESTION) as stream:
                    final = await stream.get_final_message()
                assert final.content[1].to_dict()["input"] == CALL.args
                assert final.usage.output_tokens == 20
            async with groq.AsyncGroq(base_url=fake.url, api_key=KEY) as fast:
                quick = await fast.chat.completions.create(model="m", messages=QUESTION)
                assert quick.usage is not None
                assert quick.usage.total_tokens == 120
            assert all(e.served is not None and e.served.usage == USED for e in await fake.settled(5))

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_the_log_holds_every_byte_of_a_request_in_memory_and_in_its_file(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"

    async def talk() -> None:
        async with FakeProvider([Reply(text="Hi", usage=USED)], log=log) as fake:
            await collect(messages_text, fake, [])
            exchange = (await fake.settled(1))[0]
            assert exchange.json()["messages"] == QUESTION
            assert exchange.header("content-length") == str(len(exchange.body))
            assert exchange.header("anthropic-version") is not None

    asyncio.run(asyncio.wait_for(talk(), 20))
    received, served = read_log(log)
    assert (received["event"], received["dialect"], json.loads(received["body"])["model"]) == (
        "received",
        "anthropic",
        "m",
    )
    assert (served["event"], served["status"], served["complete"]) == ("served", 200, True)
    assert TokenUsage.model_validate(served["usage"]) == USED


def test_usage_is_not_served_when_the_stream_was_cut_before_it() -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text="Hi", usage=USED, fault=Fault(kind="end", after=2))]) as fake:
            await collect(chat_text, fake, [])
            served = fake.exchanges[0].served
            assert served is not None
            assert (served.usage, served.complete) == (None, False)

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_a_function_can_answer_from_the_request() -> None:
    def answer(request: ModelRequest) -> Reply:
        return Reply(text=f"{request.model}: {request.asked.user}")

    async def talk() -> None:
        async with FakeProvider(answer) as fake:
            pieces: list[str] = []
            await collect(groq_text, fake, pieces)
            assert pieces == ["m: How many?"]

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_a_client_that_goes_away_is_noted() -> None:
    async def talk() -> None:
        reply = Reply(text=("x",) * 500, pace=Pace(between=0.01))
        async with FakeProvider([reply]) as fake:
            async for _ in chat_text(fake):
                break
            served = (await fake.settled(1))[0].served
            assert served is not None
            assert served.hung_up

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_it_runs_in_a_thread_for_programs_that_are_not_ours() -> None:
    with FakeProvider([Reply(text="From the thread.", match=Match(user="How"))]) as fake:
        with openai.OpenAI(base_url=fake.base_url("openai"), api_key=KEY, max_retries=0) as client:
            chat = client.chat.completions.create(model="m", messages=QUESTION)
        assert chat.choices[0].message.content == "From the thread."
        assert len(fake.exchanges) == 1


def test_it_runs_as_a_program(tmp_path: Path) -> None:
    script, log = tmp_path / "script.json", tmp_path / "log.jsonl"
    script.write_text(json.dumps({"replies": [{"text": "From a program."}]}))
    command = [sys.executable, "-m", "tests.fakes.provider", "--script", str(script), "--log", str(log)]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True
    ) as program:
        try:
            assert program.stdout is not None
            url = program.stdout.readline().strip()
            with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
                chat = client.chat.completions.create(model="m", messages=QUESTION)
            assert chat.choices[0].message.content == "From a program."
        finally:
            program.terminate()
            assert program.wait(20) == 0
    assert [line["event"] for line in read_log(log)] == ["received", "served"]


def test_a_mistake_in_the_test_is_not_taken_for_a_fault_of_the_provider() -> None:
    def answer(request: ModelRequest) -> Reply:
        raise ValueError("a mistake in the test")

    async def talk() -> None:
        async with FakeProvider(answer) as fake:
            with pytest.raises(openai.APIConnectionError):
                await collect(chat_text, fake, [])

    with pytest.raises(ValueError, match="a mistake in the test"):
        asyncio.run(asyncio.wait_for(talk(), 20))


def test_a_body_that_is_no_json_and_a_path_that_is_no_api() -> None:
    async def talk() -> None:
        async with FakeProvider() as fake:
            for path, status in (("/v1/messages", 400), ("/v1/nothing", 404)):
                reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
                head = f"POST {path} HTTP/1.1\r\nx-api-key: {KEY}\r\ncontent-length: 1\r\n\r\n" + "{"
                writer.write(head.encode())
                assert f" {status} ".encode() in await reader.readline()
                writer.close()
                await writer.wait_closed()

    asyncio.run(asyncio.wait_for(talk(), 20))
