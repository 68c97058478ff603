"""`Conversation`: the messages between one agent and the model, always in a state a provider accepts.

Tool returns carry structured facts as metadata and no text: what a provider reads of them is made by
`policy.egress` each time they are sent. Every tool call is answered exactly once; when a run is
stopped, `close` answers what is open, so that the next question can follow.
"""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    ModelResponsePart,
    RetryFeedbackPart,
    RetryInfo,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from ..policy.egress import IN_PROCESS
from ..tools.run_cell import history_copy
from ..types.cells import Execution

CELLS = "cells"
"""Key of a response's metadata: the cells of the question that it belongs to."""
MADE = "made"
"""Key beside it: names of tables that these cells made."""
OPENING = "Which tables are in this notebook?"
LOOK = "inspect_data"


class Conversation:
    """The messages of one agent in one chat."""

    def __init__(self, messages: Sequence[ModelMessage] = ()) -> None:
        self.messages: list[ModelMessage] = list(messages)

    @classmethod
    def load(cls, text: str | None) -> "Conversation":
        """Read what `dump` wrote; None or empty is a new conversation."""
        return cls(ModelMessagesTypeAdapter.validate_json(text) if text else ())

    def dump(self) -> str:
        """The messages as ASCII JSON text, whatever characters are in them."""
        return json.dumps(ModelMessagesTypeAdapter.dump_python(self.messages, mode="json"))

    def keep(self, cells: Mapping[str, Execution], made: Collection[str] = ()) -> None:
        """Keep the cells of a question with the last response, so that later answers can refer to them.

        `made` names the tables that they made, unlike those that they only changed.
        """
        for index in range(len(self.messages) - 1, -1, -1):
            message = self.messages[index]
            if isinstance(message, ModelResponse):
                kept = {label: history_copy(cell) for label, cell in cells.items()}
                metadata = {**(message.metadata or {}), CELLS: kept, MADE: sorted(made)}
                self.messages[index] = replace(message, metadata=metadata)
                return

    def cells(self) -> dict[str, Execution]:
        """The cells of earlier questions by label; a label means one cell for the whole chat."""
        found: dict[str, Execution] = {}
        for message in self.messages:
            if isinstance(message, ModelResponse):
                for label, cell in (message.metadata or {}).get(CELLS, {}).items():
                    found[label] = Execution.model_validate(cell)
        return found

    def made(self) -> frozenset[str]:
        """Names of the tables that earlier answers made."""
        held = (m.metadata or {} for m in self.messages if isinstance(m, ModelResponse))
        return frozenset(name for metadata in held for name in metadata.get(MADE, ()))

    def look(self, facts: dict[str, Any]) -> None:
        """Put a look at the data into the history, as if the model had asked for it.

        It stands before the question, so that the opening of a chat stays the same from call to
        call; an unchanged look is not repeated.
        """
        if self._last_look() == facts:
            return
        self._append(UserPromptPart(OPENING if not self.messages else "The tables have changed."))
        call = ToolCallPart(LOOK, {}, tool_call_id=f"look_{len(self.messages)}")
        self.messages.append(ModelResponse(parts=[call]))
        self.returned(call, facts)

    def ask(self, question: str) -> None:
        """The user's question."""
        self._append(UserPromptPart(question))

    def correct(self, wrong: str) -> None:
        """What is wrong with the model's last answer, for it to write another."""
        self._append(RetryFeedbackPart(wrong, retry=RetryInfo(cause="model_retry")))

    def replied(self, response: ModelResponse, *, in_process: bool = False) -> ModelResponse:
        """Take in the model's response; returns it with call ids of ours.

        Providers may use an id again in the next response, and not every provider accepts another's. Halves
        of characters, which JSON can hold and no file, are put together or replaced.
        `in_process`: the model saw all of the data, so its words must not reach a provider.
        """
        parts = [_ours(part) for part in response.parts]
        metadata = {**(response.metadata or {}), **({IN_PROCESS: True} if in_process else {})}
        ours = replace(response, parts=parts, metadata=metadata or None)
        self.messages.append(ours)
        return ours

    def told(self, text: str, *, in_process: bool = False) -> None:
        """What other agents answered in this chat, as the model's own words; `in_process` as in `replied`."""
        metadata = {IN_PROCESS: True} if in_process else None
        self.messages.append(ModelResponse(parts=[TextPart(text)], metadata=metadata))

    def returned(self, call: ToolCallPart, facts: dict[str, Any]) -> None:
        """What a tool call left."""
        self._append(ToolReturnPart(call.tool_name, "", tool_call_id=call.tool_call_id, metadata=facts))

    def open_calls(self) -> list[ToolCallPart]:
        """Tool calls of the last response that have no return yet, in order."""
        answered: set[str] = set()
        for message in reversed(self.messages):
            if isinstance(message, ModelResponse):
                return [call for call in message.tool_calls if call.tool_call_id not in answered]
            answered |= {p.tool_call_id for p in message.parts if isinstance(p, ToolReturnPart)}
        return []

    def answer_calls(self, why: str) -> None:
        """Answer every call that is still open with `why`."""
        for call in self.open_calls():
            self.returned(call, {"notice": why})

    def close(self, why: str) -> None:
        """Answer every open call, and a question without an answer, with `why`; another one can follow."""
        self.answer_calls(why)
        if self.messages and isinstance(self.messages[-1], ModelRequest):
            self.told(why)

    def _last_look(self) -> dict[str, Any] | None:
        for message in reversed(self.messages):
            for part in reversed(message.parts):
                if isinstance(part, ToolReturnPart) and part.tool_name == LOOK:
                    metadata: dict[str, Any] = part.metadata
                    return metadata
        return None

    def _append(self, part: ModelRequestPart) -> None:
        """Add to the open request, or begin one: a provider wants them alternating with responses."""
        last = self.messages[-1] if self.messages else None
        if isinstance(last, ModelRequest):
            self.messages[-1] = ModelRequest(parts=[*last.parts, part])
        else:
            self.messages.append(ModelRequest(parts=[part]))


def _ours(part: ModelResponsePart) -> ModelResponsePart:
    """The part with a call id of ours, and without halves of characters in what we read of it."""
    if isinstance(part, TextPart):
        return replace(part, content=whole(part.content))
    if isinstance(part, ToolCallPart):
        return replace(part, tool_call_id=f"call_{secrets.token_hex(8)}", args=_whole(_unescaped(part.args)))
    return part


def whole(text: str) -> str:
    """The text with its halves of characters put together; one that stands alone is replaced."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _unescaped(arguments: Any) -> Any:
    """Arguments as an object where their JSON may hold half a character."""
    if not isinstance(arguments, str) or "\\ud" not in arguments.lower():
        return arguments
    try:
        found = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments  # the tool says what is wrong with them
    return found if isinstance(found, dict) else arguments


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {whole(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value
