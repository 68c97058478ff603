"""Groq on the shelf, by its own SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..types.runs import ModelSettings
from .base import Provider
from .catalogue import known_models
from .settings import connect_seconds

if TYPE_CHECKING:
    from pydantic import SecretStr
    from pydantic_ai.models import Model


class GroqProvider(Provider):
    """Models that Groq serves."""

    name = "groq"
    title = "Groq"
    default_model = "openai/gpt-oss-120b"
    key_variable = "GROQ_API_KEY"
    base_url_variable = "GROQ_BASE_URL"
    default_base_url = "https://api.groq.com"

    def models(self) -> tuple[str, ...]:
        """The models that the library lists."""
        return known_models("groq")

    def build(
        self, model: str, *, key: SecretStr | None, base_url: str | None, settings: ModelSettings
    ) -> Model:
        """Make the model on a client of our own, without retries."""
        from groq import AsyncGroq, Timeout
        from pydantic_ai.models.groq import GroqModel
        from pydantic_ai.providers.groq import GroqProvider as Wire

        from .shelf import ShelfModel

        client = AsyncGroq(
            api_key=key.get_secret_value() if key is not None else None,
            base_url=base_url,
            timeout=Timeout(settings.timeout_seconds, connect=connect_seconds(settings)),
            max_retries=0,
        )
        chat = GroqModel(model, provider=Wire(groq_client=client))
        return ShelfModel(chat, settings, close=client.close)


PROVIDERS = (GroqProvider(),)
