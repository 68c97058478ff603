"""Services that speak OpenAI's Chat Completions, as data: a name, an address, whether it is on this machine.

Ollama, vLLM and LM Studio are declared local: they need no key and their calls are free. `compatible:` is any
other service; it may have a key of its own and nothing is said about its price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import BadRequest
from ..types.runs import ModelSettings
from .base import Provider
from .openai import openai_client

if TYPE_CHECKING:
    from pydantic import SecretStr
    from pydantic_ai.models import Model


class CompatibleProvider(Provider):
    """One OpenAI-compatible service."""

    needs_key = False

    def __init__(
        self,
        name: str,
        title: str,
        *,
        base_url: str | None,
        base_url_variable: str,
        key_variable: str | None = None,
        default_model: str = "",
        is_local: bool,
        says_why_it_ends: bool = True,
    ) -> None:
        self.name = name
        self.title = title
        self.default_base_url = base_url
        self.base_url_variable = base_url_variable
        self.key_variable = key_variable
        self.default_model = default_model
        self.is_local = is_local
        self._says_why_it_ends = says_why_it_ends

    def build(
        self, model: str, *, key: SecretStr | None, base_url: str | None, settings: ModelSettings
    ) -> Model:
        """Make the model; raises `BadRequest` when no address is known."""
        if base_url is None:
            raise BadRequest(
                f"No address is known for '{self.name}:{model}'. Set {self.base_url_variable} to the "
                "base URL of the service, e.g. http://127.0.0.1:8080/v1."
            )
        from pydantic_ai.profiles.openai import OpenAIModelProfile
        from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

        from .adapters.chat_model import ChatModel
        from .shelf import ShelfModel

        client = openai_client(key, base_url, settings)
        chat = ChatModel(
            model,
            provider=OpenAICompatibleProvider(self.name, openai_client=client),
            profile=OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=self._says_why_it_ends),
        )
        return ShelfModel(chat, settings, close=client.close)


PROVIDERS = (
    CompatibleProvider(
        "ollama",
        "Ollama",
        base_url="http://127.0.0.1:11434/v1",
        base_url_variable="OLLAMA_BASE_URL",
        default_model="qwen3",
        is_local=True,
    ),
    CompatibleProvider(
        "vllm", "vLLM", base_url="http://127.0.0.1:8000/v1", base_url_variable="VLLM_BASE_URL", is_local=True
    ),
    CompatibleProvider(
        "lmstudio",
        "LM Studio",
        base_url="http://127.0.0.1:1234/v1",
        base_url_variable="LMSTUDIO_BASE_URL",
        is_local=True,
    ),
    CompatibleProvider(
        "compatible",
        "Compatible service",
        base_url=None,
        base_url_variable="AUTOANALYST_COMPATIBLE_BASE_URL",
        key_variable="AUTOANALYST_COMPATIBLE_API_KEY",
        is_local=False,
        # Some services never send a finish reason; for them an answer that stops counts as whole.
        says_why_it_ends=False,
    ),
)
