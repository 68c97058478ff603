"""`ShelfModel`: what every model of a real provider is wrapped in when it leaves the shelf.

It sends the settings that were asked for, owns the connection of the SDK's client, and refuses an answer that
ends without saying that it is over. Metering, retries and policy wrap this from outside.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

from pydantic_ai import RunContext
from pydantic_ai.exceptions import ModelConnectionError
from pydantic_ai.messages import ModelMessage, ModelResponse, ModelResponseStreamEvent
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from ..types.runs import ModelSettings as Asked
from .settings import sendable, wire_settings


class ShelfModel(WrapperModel):
    """A model whose connections close at the end of the outermost `async with`."""

    def __init__(self, wrapped: Model, settings: Asked, *, close: Callable[[], Awaitable[None]]) -> None:
        super().__init__(wrapped)
        self._asked = wire_settings(settings)
        self._close = close
        self._depth = 0

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._depth += 1
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> bool | None:
        self._depth -= 1
        suppressed = await super().__aexit__(exc_type, exc_val, exc_tb)
        if self._depth == 0:
            await self._close()
        return suppressed

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """As the model's own."""
        return await super().request(messages, self._settings_for(model_settings), model_request_parameters)

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse, None]:
        """As the model's own; the stream raises `ModelConnectionError` when it ends unfinished.

        A connection that a proxy ends in good order looks like an answer that is over; only the missing
        reason tells.
        """
        async with super().request_stream(
            messages, self._settings_for(model_settings), model_request_parameters, run_context
        ) as stream:
            # The library keeps the iterator it made, so that every reader of the stream sees our end of it.
            stream._event_iterator = _to_the_end(stream, aiter(stream))
            yield stream

    def _settings_for(self, given: ModelSettings | None) -> ModelSettings:
        return sendable({**self._asked, **(given or {})}, self.profile)


async def _to_the_end(
    stream: StreamedResponse, events: AsyncIterator[ModelResponseStreamEvent]
) -> AsyncIterator[ModelResponseStreamEvent]:
    try:
        async for event in events:
            yield event
    except ModelConnectionError:
        # Hanging up is what `cancel()` is for; not every SDK's error for it is known to the library as ours.
        if not stream.cancelled:
            raise
    if _ended_unfinished(stream):
        stream.state = "incomplete"
        raise ModelConnectionError(
            stream.model_name, "The stream ended without a finish reason", phase="read"
        )


def _ended_unfinished(stream: StreamedResponse) -> bool:
    if stream.cancelled or stream.finish_reason is not None:
        return False
    # A reason that the library has no name for is a reason all the same.
    return not (stream.provider_details or {}).get("finish_reason")
