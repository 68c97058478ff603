"""`scripted:` on the shelf: a model that answers from a script, in this process, without a network.

It is what tests and demonstrations use where a real model would be asked: same events, same tool calls, same
errors. `scripted:PATH` plays a file; `ScriptedModel(replies)` plays what it is given.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_ai import RunContext
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelOverloadedError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelServerError,
    ModelUnavailableError,
)
from pydantic_ai.messages import (
    FinishReason,
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ModelResponseStreamEvent,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.settings import ModelSettings as WireSettings
from pydantic_ai.usage import RequestUsage

from ..errors import ProviderError
from ..types.runs import ModelSettings
from ..types.usage import TokenUsage
from .base import Provider
from .script import Asked, Fault, Finish, Reply, Script, ScriptPlayer, read_script

if TYPE_CHECKING:
    from pydantic import SecretStr

FINISH_AS: dict[Finish, FinishReason] = {
    "tool_calls": "tool_call",
    "stop": "stop",
    "length": "length",
    "content_filter": "content_filter",
}
"""The library's words for why a reply ends."""

_Category = (
    type[ModelQuotaExceededError]
    | type[ModelRateLimitError]
    | type[ModelRequestRejectedError]
    | type[ModelServerError]
    | type[ModelUnavailableError]
)

CATEGORIES: dict[int, _Category] = {
    401: ModelAuthenticationError,
    402: ModelQuotaExceededError,
    403: ModelAuthenticationError,
    404: ModelNotFoundError,
    429: ModelRateLimitError,
    503: ModelUnavailableError,
    529: ModelOverloadedError,
}
"""What the library calls an error of this status, as its provider adapters do."""


class ScriptedModel(Model):
    """A model that plays a script: reply k answers the k-th request of this object, unless one matches.

    `requests` holds the messages of every request as they came, metadata of tool results included.
    """

    def __init__(self, script: Script | Iterable[Reply], *, name: str = "script") -> None:
        super().__init__()
        self._player = ScriptPlayer(script)
        self._name = name
        self.requests: list[list[ModelMessage]] = []

    @property
    def model_name(self) -> str:
        """Right of the colon."""
        return self._name

    @property
    def system(self) -> str:
        """Left of the colon."""
        return "scripted"

    @property
    def provider(self) -> None:
        """There is no connection to own."""
        return None

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: WireSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """The whole reply at once."""
        async with self.request_stream(messages, model_settings, model_request_parameters) as stream:
            async for _ in stream:
                pass
            return stream.get()

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: WireSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse, None]:
        """The reply piece by piece; raises `ProviderError` when the script is over."""
        _, parameters = self.prepare_request(model_settings, model_request_parameters)
        self.requests.append(list(messages))
        reply = self._player.choose(asked(messages))
        if reply is None:
            raise ProviderError(
                f"The script '{self._name}' has no reply to request {len(self.requests)}. Add one.",
                started=False,
            )
        if reply.pace.first:
            await asyncio.sleep(reply.pace.first)
        if reply.fault is not None and reply.fault.kind in ("status", "html"):
            raise _refusal(reply.fault, self._name)
        yield ScriptedStream(
            model_request_parameters=parameters, reply=reply, name=self._name, request=len(self.requests)
        )


@dataclass
class ScriptedStream(StreamedResponse):
    """A reply as it streams."""

    reply: Reply
    name: str
    request: int
    _timestamp: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        for number, piece in enumerate(self.reply.pieces):
            await self._pause(number)
            for event in self._parts_manager.handle_text_delta(vendor_part_id="text", content=piece):
                yield event
        for place, call in enumerate(self.reply.tool_calls):
            await self._pause(len(self.reply.pieces) + place)
            yield self._parts_manager.handle_tool_call_part(
                vendor_part_id=f"call-{place}",
                tool_name=call.name,
                args=call.args,
                tool_call_id=call.id or f"call-{self.request}-{place + 1}",
            )
        await self._pause(len(self.reply.pieces) + len(self.reply.tool_calls))
        self._usage = _wire_usage(self.reply.usage)
        self.finish_reason = FINISH_AS[self.reply.finish_reason]

    async def _pause(self, number: int) -> None:
        if number and self.reply.pace.between:
            await asyncio.sleep(self.reply.pace.between)
        fault = self.reply.fault
        if fault is None or number < fault.after:
            return
        match fault.kind:
            case "cut" | "end" | "empty" | "malformed":
                raise ModelConnectionError(self.name, "The script cuts its reply here.", phase="read")
            case "event":
                raise _refusal(fault, self.name, in_stream=True)
            case "stall":
                await asyncio.Event().wait()

    async def close_stream(self) -> None:
        """There is no connection to close."""

    @property
    def model_name(self) -> str:
        """Right of the colon."""
        return self.name

    @property
    def provider_name(self) -> str:
        """Left of the colon."""
        return "scripted"

    @property
    def provider_url(self) -> None:
        """Nothing is called."""
        return None

    @property
    def timestamp(self) -> datetime:
        """When the reply began, UTC."""
        return self._timestamp


class ScriptedProvider(Provider):
    """Scripts as models: registered ones by name, else the path of a file."""

    name = "scripted"
    title = "Script"
    default_model = ""
    needs_key = False
    is_local = True
    in_process = True

    def __init__(self, scripts: Mapping[str, Script] | None = None) -> None:
        self._scripts = dict(scripts or {})

    def models(self) -> tuple[str, ...]:
        """The registered scripts."""
        return tuple(self._scripts)

    def build(
        self, model: str, *, key: SecretStr | None, base_url: str | None, settings: ModelSettings
    ) -> ScriptedModel:
        """A fresh player of the script; raises `BadRequest` when there is no such file."""
        script = self._scripts.get(model)
        return ScriptedModel(script if script is not None else read_script(Path(model)), name=model)


def asked(messages: list[ModelMessage]) -> Asked:
    """What a script matches on, from the library's messages."""
    user, results = "", list[str]()
    for message in messages:
        if not isinstance(message, ModelRequest):
            continue
        for part in message.parts:
            if isinstance(part, UserPromptPart):
                content = part.content
                texts = (
                    [content]
                    if isinstance(content, str)
                    else [item for item in content if isinstance(item, str)]
                )
                user, results = "\n".join(texts), []
            elif isinstance(part, ToolReturnPart):
                results.append(part.model_response_str())
    return Asked(user=user, tool_results=tuple(results))


def _refusal(fault: Fault, name: str, *, in_stream: bool = False) -> ModelAPIError:
    other: _Category = ModelServerError if fault.status >= 500 else ModelRequestRejectedError
    return ModelHTTPError.for_category(
        CATEGORIES.get(fault.status, other),
        status_code=fault.status,
        model_name=name,
        body=None,
        headers={"retry-after": fault.retry_after} if fault.retry_after is not None else None,
        in_stream=in_stream,
    )


def _wire_usage(usage: TokenUsage | None) -> RequestUsage:
    if usage is None:
        return RequestUsage(unmeasured_requests=1)
    return RequestUsage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        cache_write_1h_tokens=usage.cache_write_1h_tokens,
        output_reasoning_tokens=usage.reasoning_tokens,
    )


PROVIDERS = (ScriptedProvider(),)
