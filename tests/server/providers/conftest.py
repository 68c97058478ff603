"""What the tests of the shelf share: a bare environment, and shelves whose calls go to a fake provider."""

from collections.abc import Callable
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from autoanalyst_ext.providers.keys import KeyRing
from autoanalyst_ext.providers.registry import ProviderRegistry
from tests.fakes.provider import KEY, FakeProvider

from .talk import Wire

VARIABLES = (
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_ORG_ID",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "GROQ_API_KEY",
    "GROQ_BASE_URL",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_ENDPOINT",
    "OPENAI_API_VERSION",
    "OLLAMA_BASE_URL",
    "VLLM_BASE_URL",
    "LMSTUDIO_BASE_URL",
    "AUTOANALYST_COMPATIBLE_BASE_URL",
    "AUTOANALYST_COMPATIBLE_API_KEY",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
)

WIRES = {
    "openai": "openai",
    "openai-responses": "openai-responses",
    "anthropic": "anthropic",
    "groq": "groq",
    "azure": "azure",
    "compatible": "openai",
}
"""Providers on the shelf to the dialect in which the fake plays them."""


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())  # type: ignore[no-untyped-call]


@pytest.fixture
def registry() -> ProviderRegistry:
    return ProviderRegistry()


@pytest.fixture(params=WIRES)
def provider(request: pytest.FixtureRequest) -> str:
    """The name of a provider on the shelf that the fake can play."""
    name: str = request.param
    return name


@pytest.fixture
def wire(provider: str) -> Callable[[FakeProvider], Wire]:
    """The provider's shelf, with its calls going to a fake."""

    def to(fake: FakeProvider, *, key: str = KEY) -> Wire:
        owner = "openai" if provider == "openai-responses" else provider
        keys = KeyRing(keys={owner: key})
        registry = ProviderRegistry(base_urls={provider: fake.base_url(WIRES[provider])}, keys=keys)
        return Wire(registry, provider)

    return to
