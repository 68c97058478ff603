"""Anthropic on the shelf, by the Messages API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..types.runs import ModelSettings
from .base import Provider
from .catalogue import known_models
from .settings import connect_seconds

if TYPE_CHECKING:
    from pydantic import SecretStr
    from pydantic_ai.models import Model


class AnthropicProvider(Provider):
    """Models of Anthropic."""

    name = "anthropic"
    title = "Anthropic"
    default_model = "claude-sonnet-4-6"
    key_variable = "ANTHROPIC_API_KEY"
    base_url_variable = "ANTHROPIC_BASE_URL"
    default_base_url = "https://api.anthropic.com"

    def models(self) -> tuple[str, ...]:
        """The models that the library lists."""
        return known_models("anthropic")

    def build(
        self, model: str, *, key: SecretStr | None, base_url: str | None, settings: ModelSettings
    ) -> Model:
        """Make the model on a client of our own, without retries."""
        from anthropic import AsyncAnthropic
        from httpx2 import Timeout
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider as Wire

        from .shelf import ShelfModel

        client = AsyncAnthropic(
            api_key=key.get_secret_value() if key is not None else None,
            base_url=base_url,
            timeout=Timeout(settings.timeout_seconds, connect=connect_seconds(settings)),
            max_retries=0,
        )
        messages = AnthropicModel(model, provider=Wire(anthropic_client=client))
        return ShelfModel(messages, settings, close=client.close)


PROVIDERS = (AnthropicProvider(),)
