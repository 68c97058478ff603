"""OpenAI on the shelf: `openai:` speaks Chat Completions, `openai-responses:` the Responses API.

Chat Completions is the default because it is the one that every compatible service and gateway speaks too
(one base URL moves a team behind its own), it keeps nothing on the provider's side, and its usage and errors
are the same everywhere. Responses is there for models that are offered nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..types.runs import ModelSettings
from .base import Provider
from .catalogue import known_models
from .settings import connect_seconds

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from pydantic import SecretStr
    from pydantic_ai.models import Model


class OpenAIProvider(Provider):
    """Models of OpenAI by Chat Completions."""

    name = "openai"
    title = "OpenAI"
    default_model = "gpt-6.1-terra"
    key_variable = "OPENAI_API_KEY"
    base_url_variable = "OPENAI_BASE_URL"
    default_base_url = "https://api.openai.com/v1"

    def models(self) -> tuple[str, ...]:
        """The models that Chat Completions serves."""
        return known_models("openai-chat")

    def build(
        self, model: str, *, key: SecretStr | None, base_url: str | None, settings: ModelSettings
    ) -> Model:
        """Make the model on a client of our own, without retries."""
        from pydantic_ai.profiles.openai import OpenAIModelProfile
        from pydantic_ai.providers.openai import OpenAIProvider as Wire

        from .adapters.chat_model import ChatModel
        from .shelf import ShelfModel

        client = openai_client(key, base_url, settings)
        wire = Wire(openai_client=client)
        chat = ChatModel(
            model,
            provider=wire,
            profile=OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True),
        )
        return ShelfModel(chat, settings, close=client.close)


class OpenAIResponsesProvider(Provider):
    """Models of OpenAI by the Responses API."""

    name = "openai-responses"
    title = "OpenAI (Responses)"
    default_model = "gpt-6.1-terra"
    key_name = "openai"
    key_variable = "OPENAI_API_KEY"
    base_url_variable = "OPENAI_BASE_URL"
    default_base_url = "https://api.openai.com/v1"

    def models(self) -> tuple[str, ...]:
        """The models that the Responses API serves."""
        return known_models("openai")

    def build(
        self, model: str, *, key: SecretStr | None, base_url: str | None, settings: ModelSettings
    ) -> Model:
        """Make the model; answers are not stored on the provider's side."""
        from pydantic_ai.models.openai import OpenAIResponsesModel, OpenAIResponsesModelSettings
        from pydantic_ai.providers.openai import OpenAIProvider as Wire

        from .shelf import ShelfModel

        client = openai_client(key, base_url, settings)
        responses = OpenAIResponsesModel(
            model,
            provider=Wire(openai_client=client),
            settings=OpenAIResponsesModelSettings(openai_store=False),
        )
        return ShelfModel(responses, settings, close=client.close)


def openai_client(key: SecretStr | None, base_url: str | None, settings: ModelSettings) -> AsyncOpenAI:
    """An OpenAI client without retries; a service without a key gets a placeholder, never another's."""
    from httpx2 import Timeout
    from openai import AsyncOpenAI

    return AsyncOpenAI(
        api_key=key.get_secret_value() if key is not None else "no-key-needed",
        base_url=base_url,
        timeout=Timeout(settings.timeout_seconds, connect=connect_seconds(settings)),
        max_retries=0,
    )


PROVIDERS = (OpenAIProvider(), OpenAIResponsesProvider())
