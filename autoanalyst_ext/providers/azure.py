"""Azure OpenAI on the shelf. The model's name is the name of the deployment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..errors import BadRequest
from ..types.runs import ModelSettings
from .base import Provider
from .settings import connect_seconds

if TYPE_CHECKING:
    from pydantic import SecretStr
    from pydantic_ai.models import Model

API_VERSION = "2024-10-21"
"""A dated version of the API that is no preview; `OPENAI_API_VERSION` overrides it."""


class AzureProvider(Provider):
    """Deployments of an Azure OpenAI resource; the base URL is the resource's endpoint."""

    name = "azure"
    title = "Azure OpenAI"
    default_model = ""
    key_variable = "AZURE_OPENAI_API_KEY"
    base_url_variable = "AZURE_OPENAI_ENDPOINT"

    def build(
        self, model: str, *, key: SecretStr | None, base_url: str | None, settings: ModelSettings
    ) -> Model:
        """Make the model; raises `BadRequest` when no endpoint is known."""
        if base_url is None:
            raise BadRequest(
                "Azure OpenAI needs the address of your resource. Set AZURE_OPENAI_ENDPOINT "
                "to https://<resource>.openai.azure.com."
            )
        from httpx2 import Timeout
        from openai import AsyncAzureOpenAI
        from pydantic_ai.profiles.openai import OpenAIModelProfile
        from pydantic_ai.providers.azure import AzureProvider as Wire

        from .adapters.chat_model import ChatModel
        from .shelf import ShelfModel

        client = AsyncAzureOpenAI(
            api_key=key.get_secret_value() if key is not None else None,
            azure_endpoint=base_url,
            api_version=os.environ.get("OPENAI_API_VERSION", API_VERSION),
            timeout=Timeout(settings.timeout_seconds, connect=connect_seconds(settings)),
            max_retries=0,
        )
        chat = ChatModel(
            model,
            provider=Wire(openai_client=client),
            profile=OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True),
        )
        return ShelfModel(chat, settings, close=client.close)


PROVIDERS = (AzureProvider(),)
