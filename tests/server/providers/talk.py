"""One model call through the shelf, and all that a caller can see of it."""

import json
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from autoanalyst_ext.errors import ProviderError
from autoanalyst_ext.providers import failures
from autoanalyst_ext.providers.registry import ProviderRegistry
from autoanalyst_ext.providers.usage import tokens_of
from autoanalyst_ext.types.runs import ModelSettings
from autoanalyst_ext.types.usage import TokenUsage

MODEL = "gpt-4o"
"""A name without quirks: the library sends what it is told for it."""
TOOL = ToolDefinition(
    name="run_cell",
    description="Run code.",
    parameters_json_schema={
        "type": "object",
        "properties": {"code": {"type": "string"}},
        "required": ["code"],
        "additionalProperties": False,
    },
)
PARAMETERS = ModelRequestParameters(function_tools=[TOOL])


@dataclass
class Heard:
    """What came of a call."""

    pieces: list[str] = field(default_factory=list)
    response: ModelResponse | None = None
    tokens: TokenUsage | None = None
    error: ProviderError | None = None
    cause: Exception | None = None

    @property
    def text(self) -> str:
        """All text that arrived, also before an error."""
        return "".join(self.pieces)

    @property
    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        """Tool calls with their arguments."""
        assert self.response is not None
        parts = [part for part in self.response.parts if isinstance(part, ToolCallPart)]
        return [(part.tool_name, part.args_as_dict()) for part in parts]


@dataclass(frozen=True)
class Wire:
    """A provider whose calls go to a fake."""

    registry: ProviderRegistry
    provider: str

    def model(self, settings: ModelSettings | None = None, *, name: str = MODEL) -> Model:
        """The model that the shelf makes."""
        return self.registry.resolve(f"{self.provider}:{name}", settings=settings or ModelSettings())

    async def ask(
        self, question: str = "How many?", *, settings: ModelSettings | None = None, name: str = MODEL
    ) -> Heard:
        """Ask one question."""
        async with self.model(settings, name=name) as model:
            return await hear(model, [ModelRequest.user_text_prompt(question)])


async def hear(model: Model, messages: list[ModelMessage]) -> Heard:
    """One streamed call, as a metering wrapper makes it."""
    heard = Heard()
    stream = None
    try:
        async with model.request_stream(messages, None, PARAMETERS) as stream:
            async for event in stream:
                if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
                    heard.pieces.append(event.part.content)
                elif isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
                    heard.pieces.append(event.delta.content_delta)
    except failures.CAUGHT as error:
        heard.cause = error
        heard.error = failures.explain(error, "The provider", started=bool(heard.pieces))
    if stream is not None:
        heard.response = stream.get()
        heard.tokens = tokens_of(stream.usage, complete=heard.error is None)
    return heard


def answered(heard: Heard, result: str) -> list[ModelMessage]:
    """The messages that give a tool's result back to the model."""
    assert heard.response is not None
    call = next(part for part in heard.response.parts if isinstance(part, ToolCallPart))
    part = ToolReturnPart(call.tool_name, result, call.tool_call_id, metadata={"canary": "CANARY-7f3a"})
    return [ModelRequest.user_text_prompt("How many?"), heard.response, ModelRequest(parts=[part])]


def sent_as_text(body: bytes) -> str:
    """A request's body as one text, escapes resolved."""
    return json.dumps(json.loads(body), ensure_ascii=False)
