"""The same conversations against somebody else's understanding of the APIs: the npm package aimock."""

import asyncio
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelRequest

from autoanalyst_ext.errors import ProviderDown, RateLimited
from autoanalyst_ext.providers import failures
from autoanalyst_ext.providers.keys import KeyRing
from autoanalyst_ext.providers.registry import ProviderRegistry
from autoanalyst_ext.types.runs import ModelSettings
from tests.server.providers.talk import MODEL, Heard, Wire, answered, hear

pytestmark = pytest.mark.soak

PROGRAM = Path(__file__).parents[2] / "build" / "soak" / "node_modules" / ".bin" / "llmock"
FIXTURES = {
    "fixtures": [
        {
            "match": {"toolResultContains": "42.0"},
            "response": {
                "content": "It is 42, as the cell shows.",
                "usage": {"prompt_tokens": 30, "completion_tokens": 5, "total_tokens": 35},
            },
        },
        {
            "match": {"userMessage": "How many", "hasToolResult": False},
            "response": {
                "toolCalls": [{"name": "run_cell", "arguments": '{"code": "df.mean()"}'}],
                "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14},
            },
        },
        {
            "match": {"userMessage": "limit"},
            "response": {"error": {"message": "QUOTED", "type": "rate_limit_error"}, "status": 429},
        },
        {
            "match": {"userMessage": "break"},
            "response": {"error": {"message": "QUOTED", "type": "api_error"}, "status": 500},
        },
    ]
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not PROGRAM.exists():
        pytest.fail("aimock is not installed. Run: tests/soak/install.sh")
    fixtures = tmp_path_factory.mktemp("aimock") / "fixtures.json"
    fixtures.write_text(json.dumps(FIXTURES))
    command = [str(PROGRAM), "--port", "0", "--fixtures", str(fixtures)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as program:
        try:
            assert program.stdout is not None
            found = (re.search(r"http://[\d.]+:\d+", line) for line in program.stdout)
            yield next(match.group() for match in found if match)
        finally:
            program.terminate()
            program.wait(20)


@pytest.fixture(params=["openai", "openai-responses", "anthropic", "groq"])
def wire(request: pytest.FixtureRequest, address: str) -> Wire:
    name: str = request.param
    url = f"{address}/v1" if name.startswith("openai") else address
    keys = KeyRing(keys={"openai" if name == "openai-responses" else name: "any"})
    return Wire(ProviderRegistry(base_urls={name: url}, keys=keys), name)


def run(wire: Wire, question: str) -> Heard:
    return asyncio.run(asyncio.wait_for(wire.ask(question), 30))


def test_a_tool_call_its_result_and_the_answer_with_usage(wire: Wire) -> None:
    async def talk() -> None:
        async with wire.registry.resolve(f"{wire.provider}:{MODEL}", settings=ModelSettings()) as model:
            first = await hear(model, [ModelRequest.user_text_prompt("How many?")])
            assert first.calls == [("run_cell", {"code": "df.mean()"})]
            second = await hear(model, answered(first, "mean = 42.0"))
            assert second.text == "It is 42, as the cell shows."
            # It sends no usage in Groq's streams.
            if wire.provider != "groq":
                assert first.tokens is not None
                assert (first.tokens.input_tokens, first.tokens.output_tokens) == (11, 3)
                assert second.tokens is not None
                assert (second.tokens.input_tokens, second.tokens.output_tokens) == (30, 5)

    asyncio.run(asyncio.wait_for(talk(), 30))


def test_a_rate_limit_and_an_outage_are_understood(wire: Wire) -> None:
    limited = run(wire, "limit")
    assert isinstance(limited.error, RateLimited)
    assert failures.retryable(limited.error) == 1
    assert "QUOTED" not in str(limited.error)
    assert type(run(wire, "break").error) is ProviderDown
