"""Names of models: what they mean, what they almost mean, and what the shelf offers."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from autoanalyst_ext.errors import BadRequest, KeyMissing, UnknownModel
from autoanalyst_ext.providers.registry import ProviderRegistry
from autoanalyst_ext.providers.script import Reply, Script
from autoanalyst_ext.providers.scripted import ScriptedProvider
from autoanalyst_ext.types.runs import ModelSettings
from tests.fakes.provider import KEY, FakeProvider

from .talk import MODEL, Wire


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("antropic:claude", "Did you mean 'anthropic'?"),
        ("OpenAI:gpt-4o", "Did you mean 'openai'?"),
        ("nobody-at-all:x", "There are: anthropic, azure"),
        ("anthropic", "Did you mean 'anthropic:"),
        ("anthropic:", "Write for example 'anthropic:"),
        ("claude-sonnet-4-6", "Did you mean 'anthropic:claude-sonnet-4-6'?"),
        ("claude-sonet-4-6", "Did you mean 'anthropic:claude-sonnet-4-6'?"),
        ("", "Write 'provider:model'"),
    ],
)
def test_a_name_that_means_nothing_says_what_was_meant(
    registry: ProviderRegistry, name: str, says: str
) -> None:
    with pytest.raises(UnknownModel) as unknown:
        registry.resolve(name, settings=ModelSettings())
    assert says in str(unknown.value)


def test_a_name_is_split_at_its_first_colon(registry: ProviderRegistry) -> None:
    provider, model = registry.split("ollama:qwen3:8b")
    assert (provider.name, model) == ("ollama", "qwen3:8b")


def test_the_default_model_of_every_provider_is_offered(registry: ProviderRegistry) -> None:
    offered = {info.name for info in registry.known()}
    for info in registry.known():
        provider = registry.provider(info.provider)
        assert not provider.default_model or f"{provider.name}:{provider.default_model}" in offered


def test_the_shelf_says_which_models_are_ready_and_never_a_key(
    registry: ProviderRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "sk-hidden")
    shelf = {info.provider: info for info in registry.known()}
    assert (shelf["groq"].ready, shelf["groq"].key_source) == (True, "environment")
    assert (shelf["anthropic"].ready, shelf["anthropic"].key_source) == (False, None)
    assert (shelf["ollama"].ready, shelf["ollama"].is_local, shelf["ollama"].needs_key) == (True, True, False)
    assert "sk-hidden" not in repr(registry.known())


def test_a_key_file_open_to_others_hides_no_model(registry: ProviderRegistry) -> None:
    registry.keys.set(registry.provider("groq"), SecretStr("sk-1"))
    registry.keys.path.chmod(0o644)
    shelf = {info.provider: info for info in registry.known()}
    assert not shelf["groq"].ready
    assert "chmod 600" in (shelf["groq"].problem or "")
    assert shelf["ollama"].ready


def test_a_missing_key_names_its_variable(registry: ProviderRegistry) -> None:
    with pytest.raises(KeyMissing, match="OPENAI_API_KEY") as missing:
        registry.resolve("openai-responses:gpt-4o", settings=ModelSettings())
    assert missing.value.detail == {"provider": "openai"}


@pytest.mark.parametrize("name", ["compatible:m", "azure:deployment"])
def test_a_service_without_an_address_says_where_to_put_one(
    registry: ProviderRegistry, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "k")
    with pytest.raises(BadRequest, match=r"AUTOANALYST_COMPATIBLE_BASE_URL|AZURE_OPENAI_ENDPOINT"):
        registry.resolve(name, settings=ModelSettings())


VARIABLES = {
    "openai": "OPENAI_BASE_URL",
    "openai-responses": "OPENAI_BASE_URL",
    "anthropic": "ANTHROPIC_BASE_URL",
    "groq": "GROQ_BASE_URL",
    "azure": "AZURE_OPENAI_ENDPOINT",
    "ollama": "OLLAMA_BASE_URL",
    "compatible": "AUTOANALYST_COMPATIBLE_BASE_URL",
}


@pytest.mark.parametrize("provider", VARIABLES)
def test_the_usual_variables_say_where_calls_go(
    registry: ProviderRegistry, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text="Here.")]) as fake:
            dialect = "openai" if provider in ("ollama", "compatible") else provider
            monkeypatch.setenv(VARIABLES[provider], fake.base_url(dialect))
            variable = registry.provider(provider).key_variable
            fake.key = KEY if variable else "no-key-needed"
            if variable:
                monkeypatch.setenv(variable, KEY)
            assert (await Wire(registry, provider).ask()).text == "Here."

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_the_key_of_one_service_is_not_sent_to_another(
    registry: ProviderRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk() -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-for-openai-only")
        async with FakeProvider([Reply(text="Here.")], key="no-key-needed") as fake:
            monkeypatch.setenv("VLLM_BASE_URL", fake.base_url("openai"))
            assert (await Wire(registry, "vllm").ask()).text == "Here."
            assert "sk-for-openai-only" not in repr(fake.exchanges[0].headers)

    asyncio.run(asyncio.wait_for(talk(), 20))


def test_a_provider_can_be_put_on_one_shelf_only(registry: ProviderRegistry) -> None:
    registry.add(ScriptedProvider({"demo": Script(replies=(Reply(text="Hi."),))}))
    assert "scripted:demo" in {info.name for info in registry.known()}
    assert "scripted:demo" not in {info.name for info in ProviderRegistry().known()}
    assert registry.resolve("scripted:demo", settings=ModelSettings()).model_name == "demo"


def test_looking_at_the_shelf_loads_no_sdk() -> None:
    program = (
        "import sys; from autoanalyst_ext.providers.registry import ProviderRegistry; "
        "assert not {'pydantic_ai', 'openai', 'anthropic', 'groq', 'keyring'} & set(sys.modules); "
        "ProviderRegistry().split('openai:gpt-4o'); "
        "assert not {'openai', 'anthropic', 'groq'} & set(sys.modules)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_models_of_the_shelf_are_named_as_asked(
    registry: ProviderRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    assert registry.resolve(f"anthropic:{MODEL}", settings=ModelSettings()).model_name == MODEL
