"""What may leave: the one family of functions that builds everything a provider sees of the data.

The history of a chat keeps structured facts and no text; `payload` writes the text of every tool return
anew for each request, at the level in force. What it does not understand is withheld. How tables, executions
and errors are put into words is in `table_text`, `execution_text` and `redaction`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from ...types.cells import Execution
from ...types.profiles import TableProfile
from ...types.runs import EgressLevel
from .bounds import HISTORY_CHARACTERS, HISTORY_STEP, RETURN_CHARACTERS, clip
from .execution_text import Schema, execution_text
from .levels import allows
from .redaction import WITHHELD, error_text
from .table_text import tables_text
from .vocabulary import schema_words

if TYPE_CHECKING:
    from pydantic_ai.messages import (
        ModelMessage,
        ModelRequest,
        ModelRequestPart,
        ModelResponse,
        ToolReturnPart,
    )

_PROFILES = TypeAdapter(tuple[TableProfile, ...])

IN_PROCESS = "in_process"
"""Key of a response's metadata: a model in this process wrote it, and that model saw all of the data."""
NOT_SHOWN = "(answered by a model on this machine that saw the data; not shown)"
LEFT_OUT = "(left out: this is long ago; look again if it is needed)"

_OUTCOMES = {
    "denied": "The user did not allow this call.",
    "interrupted": "The call was interrupted before it had a result.",
    "failed": "The call failed.",
}
_LIBRARY_TEXTS = frozenset(
    {"Final result processed.", "Tool not executed - a final result was already processed."}
)
_RETRIED_BY_LIBRARY = frozenset({"validation_error", "unknown_tool", "unavailable_tool"})
"""Causes of a retry whose text the library wrote about what the model itself sent."""

_OWN_WORDS = frozenset(
    {
        "system-prompt",
        "retry-feedback",
        "instruction-delta",
        "tool-availability-delta",
        "capability-load-delta",
    }
    | {"model-settings-delta", "instruction-baseline", "compaction"}
)
"""Kinds of request parts that hold our own instructions, the library's words, or what a provider wrote."""


def render_tables(tables: Sequence[TableProfile], level: EgressLevel) -> str:
    """Tables of the user's as a model may see them, in at most `RETURN_CHARACTERS` characters."""
    return _tables(tables, level, Schema.of(tables))


def render_execution(
    execution: Execution, level: EgressLevel, tables: Sequence[TableProfile], label: str
) -> str:
    """An execution as a model may see it. `tables`: the user's, as known before; `label`: `c1`."""
    return execution_text(execution, level, Schema.of(tables), label)


def render_error(
    ename: str,
    evalue: str,
    traceback: Sequence[str],
    source: str,
    tables: Sequence[TableProfile],
    level: EgressLevel,
) -> str:
    """An exception as a model may see it: class, redacted message, line of the user's cell, near names."""
    return error_text(ename, evalue, traceback, source, tables, level)


def payload(
    messages: Sequence["ModelMessage"], level: EgressLevel, *, keep_metadata: bool = False
) -> list["ModelMessage"]:
    """A copy of `messages` as they may leave: every tool return rendered from its facts at `level`.

    The same messages give the same bytes, and a longer history begins with those of a shorter one until
    it is too long as a whole. `keep_metadata` is for models inside this process and for nobody else: it
    leaves the structured facts in the messages, whatever the level, and leaves nothing out.
    """
    from pydantic_ai.messages import ModelRequest

    renderer = _Renderer(level, keep_metadata)
    sent: list[ModelMessage] = [
        renderer.request(message) if isinstance(message, ModelRequest) else renderer.response(message)
        for message in messages
    ]
    return sent if keep_metadata else _within_bounds(sent)


def digest(payload: Sequence["ModelMessage"]) -> str:
    """SHA-256 of what a payload says, hexadecimal; times and ids of our own are left out."""
    from pydantic_ai.messages import ModelMessagesTypeAdapter

    facts = ModelMessagesTypeAdapter.dump_python(list(payload), mode="json")
    text = json.dumps(_without_bookkeeping(facts), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _Renderer:
    """Walks a history from its start and remembers the tables that it has shown."""

    def __init__(self, level: EgressLevel, keep_metadata: bool) -> None:
        self.level = level
        self.keep_metadata = keep_metadata
        self.schema = Schema.of(())
        self.executions = 0
        self.hidden: set[str] = set()
        """Calls of models in this process."""

    def request(self, message: "ModelRequest") -> "ModelRequest":
        """A request with its parts rendered and its metadata dropped."""
        metadata = message.metadata if self.keep_metadata else None
        return replace(message, parts=[self.part(part) for part in message.parts], metadata=metadata)

    def response(self, message: "ModelResponse") -> "ModelResponse":
        """A response: the words of a model, which go back as they came, but only to who may see as much."""
        from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart

        if self.keep_metadata:
            return message
        if not (message.metadata or {}).get(IN_PROCESS) or allows(self.level, "rows"):
            return replace(message, metadata=None)
        calls = [part for part in message.parts if isinstance(part, ToolCallPart)]
        self.hidden |= {call.tool_call_id for call in calls}
        parts = [ToolCallPart(call.tool_name, {}, tool_call_id=call.tool_call_id) for call in calls]
        return ModelResponse(parts=[*parts] or [TextPart(NOT_SHOWN)], timestamp=message.timestamp)

    def part(self, part: "ModelRequestPart") -> "ModelRequestPart":
        """One part of a request; a kind that is not known is withheld."""
        from pydantic_ai.messages import ToolReturnPart, UserPromptPart

        if isinstance(part, ToolReturnPart):
            return self._returned(part)
        if isinstance(part, UserPromptPart):
            return replace(part, content=self._prompt(part.content))
        return part if part.part_kind in _OWN_WORDS else UserPromptPart(WITHHELD)

    def _returned(self, part: "ToolReturnPart") -> "ToolReturnPart":
        metadata = part.metadata if self.keep_metadata else None
        if part.tool_call_id in self.hidden:
            return replace(part, content=NOT_SHOWN, metadata=None)
        return replace(part, content=self._facts(part) or _without_facts(part), metadata=metadata)

    def _facts(self, part: "ToolReturnPart") -> str:
        """The text of a tool return's facts; empty when it has none that we know."""
        facts = part.metadata
        if not isinstance(facts, Mapping):
            return ""
        try:
            texts = [*self._tables(facts), *self._execution(facts), *_notice(facts), *_names(facts)]
        except ValidationError:
            return WITHHELD
        return clip("\n".join(texts))

    def _tables(self, facts: Mapping[str, Any]) -> list[str]:
        if "tables" not in facts:
            return []
        tables = _PROFILES.validate_python(facts["tables"])
        self.schema = self.schema.seen(tables)
        return [_tables(tables, self.level, self.schema)]

    def _execution(self, facts: Mapping[str, Any]) -> list[str]:
        if "execution" not in facts:
            return []
        execution = Execution.model_validate(facts["execution"])
        self.executions += 1
        label = facts.get("label")
        known = isinstance(label, str) and label.isidentifier() and len(label) <= 12
        text = execution_text(
            execution, self.level, self.schema, str(label) if known else f"c{self.executions}"
        )
        self.schema = self.schema.ran(execution)
        return [text]

    def _prompt(self, content: Any) -> Any:
        """The user's words as they are; files and images only at the level `rows`."""
        from pydantic_ai.messages import CachePoint, TextContent

        if isinstance(content, str) or allows(self.level, "rows"):
            return content
        return [
            item
            if isinstance(item, str | CachePoint)
            else item.content
            if isinstance(item, TextContent)
            else "(an attachment, withheld)"
            for item in content
        ]


def _tables(tables: Sequence[TableProfile], level: EgressLevel, schema: Schema) -> str:
    own = schema_words(schema.own())

    def known(table: TableProfile) -> frozenset[str] | None:
        return own if table.name in schema.made and not allows(level, "rows") else None

    return tables_text(tables, level, known=known)


def _notice(facts: Mapping[str, Any]) -> list[str]:
    notice = facts.get("notice")
    return [clip(notice)] if isinstance(notice, str) else []


def _names(facts: Mapping[str, Any]) -> list[str]:
    """Variables of the kernel, so that new code does not take their names."""
    names = facts.get("names")
    if not isinstance(names, Sequence) or isinstance(names, str):
        return []
    plain = [name for name in names if isinstance(name, str) and name.isidentifier() and len(name) <= 60]
    return [clip(f"Names that exist already: {', '.join(plain)}", 1_500)] if plain else []


def _without_facts(part: "ToolReturnPart") -> str:
    """The text of a tool return that carries no facts of ours: fixed words, or nothing."""
    if isinstance(part.content, str):
        retried = part.outcome == "retried" and part.retry and part.retry.cause in _RETRIED_BY_LIBRARY
        if retried or part.content in _LIBRARY_TEXTS:
            return clip(part.content, RETURN_CHARACTERS)
    return _OUTCOMES.get(part.outcome, WITHHELD)


def _within_bounds(messages: list["ModelMessage"]) -> list["ModelMessage"]:
    """Leave out the oldest tool returns of a history that is too long, many at once."""
    from pydantic_ai.messages import ModelRequest, ToolReturnPart

    parts = [
        part
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, ToolReturnPart) and isinstance(part.content, str)
    ]
    over = sum(len(str(part.content)) for part in parts) - HISTORY_CHARACTERS
    if over <= 0:
        return messages
    left = -(-over // HISTORY_STEP) * HISTORY_STEP
    dropped: set[int] = set()
    for part in parts:
        if left <= 0:
            break
        left -= len(str(part.content))
        dropped.add(id(part))
    return [
        _without(message, dropped) if isinstance(message, ModelRequest) else message for message in messages
    ]


def _without(message: "ModelRequest", dropped: set[int]) -> "ModelRequest":
    from pydantic_ai.messages import ToolReturnPart

    parts = [
        _left_out(part) if isinstance(part, ToolReturnPart) and id(part) in dropped else part
        for part in message.parts
    ]
    return replace(message, parts=parts)


def _left_out(part: "ToolReturnPart") -> "ToolReturnPart":
    return replace(part, content=LEFT_OUT)


def _without_bookkeeping(facts: Any) -> Any:
    if isinstance(facts, dict):
        left_out = ("timestamp", "run_id", "conversation_id", "metadata")
        return {key: _without_bookkeeping(value) for key, value in facts.items() if key not in left_out}
    if isinstance(facts, list):
        return [_without_bookkeeping(item) for item in facts]
    return facts
