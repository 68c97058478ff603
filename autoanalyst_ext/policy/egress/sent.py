"""What a provider was sent, piece by piece, for the person whose data it is.

It shows a payload that `outgoing.payload` built and what goes beside it: the instructions and the tools.
Headers, keys and settings of the call are no part of it. Keeping it is left to `store.payloads`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from ...types.panel import SentPart

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelRequestPart, ModelResponsePart
    from pydantic_ai.models import ModelRequestParameters

SENT_BYTES = 256_000
"""Most text of one call that is kept, in bytes of UTF-8."""
Role = Literal["instructions", "user", "assistant", "tool_call", "tool_return"]
ATTACHMENT = "(an attachment)"


def shown(
    payload: Sequence["ModelMessage"], parameters: "ModelRequestParameters", *, limit: int = SENT_BYTES
) -> tuple[tuple[SentPart, ...], bool]:
    """The pieces of a call in the order in which a model reads them, and whether some were left out."""
    return within(tuple(_parts(payload, parameters)), limit)


def within(parts: tuple[SentPart, ...], limit: int) -> tuple[tuple[SentPart, ...], bool]:
    """At most `limit` bytes of text: parts go from the middle outwards, the first and the last stay."""
    if sum(map(_size, parts)) <= limit:
        return parts, False
    last = len(parts) - 1
    kept = {index: _shortened(parts[index], limit // 2) for index in (0, last)}
    left = limit - sum(map(_size, kept.values()))
    # From both ends inwards; the end first, because that is what no other call shows.
    for index in sorted(range(1, last), key=lambda at: (min(at, last - at), -at)):
        left -= _size(parts[index])
        if left < 0:
            break
        kept[index] = parts[index]
    return tuple(kept[index] for index in sorted(kept)), True


def _size(part: SentPart) -> int:
    return len(part.text.encode())


def _shortened(part: SentPart, room: int) -> SentPart:
    """The part in at most `room` bytes: the middle of its text is left out."""
    if _size(part) <= room:
        return part
    text, gap = part.text.encode(), "\n(left out)\n"
    half = max(0, room - len(gap)) // 2
    start, end = text[:half].decode(errors="ignore"), text[len(text) - half :].decode(errors="ignore")
    return part.model_copy(update={"text": f"{start}{gap}{end}"})


def _parts(payload: Sequence["ModelMessage"], parameters: "ModelRequestParameters") -> Iterator[SentPart]:
    from pydantic_ai.messages import ModelRequest

    requests = [message for message in payload if isinstance(message, ModelRequest)]
    # The library sends the instructions of the last request that has some.
    instructions = next((m.instructions for m in reversed(requests) if m.instructions), None)
    if instructions:
        yield _part("instructions", instructions)
    for tool in (*parameters.function_tools, *parameters.output_tools):
        schema = json.dumps(tool.parameters_json_schema, ensure_ascii=False)
        yield _part("instructions", f"{tool.description or ''}\n{schema}".strip(), name=tool.name)
    for message in payload:
        if isinstance(message, ModelRequest):
            yield from map(_asked, message.parts)
        else:
            yield from map(_said, message.parts)


def _part(role: Role, text: str, *, name: str = "") -> SentPart:
    """A piece, without halves of characters, which cannot be stored."""
    return SentPart(role=role, name=_clean(name), text=_clean(text))


def _clean(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _asked(part: "ModelRequestPart") -> SentPart:
    """A part of a request."""
    from pydantic_ai.messages import RetryFeedbackPart, SystemPromptPart, ToolReturnPart, UserPromptPart

    if isinstance(part, ToolReturnPart):
        return _part("tool_return", part.model_response_str(), name=part.tool_name)
    if isinstance(part, UserPromptPart):
        return _part("user", _prompt(part.content))
    if isinstance(part, RetryFeedbackPart):
        return _part("user", part.model_response())
    if isinstance(part, SystemPromptPart):
        return _part("instructions", part.content)
    return _part("instructions", _whole(part))


def _said(part: "ModelResponsePart") -> SentPart:
    """A part of a response, which goes back to the model with the next request."""
    from pydantic_ai.messages import TextPart, ThinkingPart, ToolCallPart

    if isinstance(part, ToolCallPart):
        return _part("tool_call", part.args_as_json_str(), name=part.tool_name)
    if isinstance(part, TextPart | ThinkingPart):
        return _part("assistant", part.content)
    return _part("assistant", _whole(part))


def _prompt(content: str | Iterable[Any]) -> str:
    from pydantic_ai.messages import CachePoint, TextContent

    if isinstance(content, str):
        return content
    return "\n".join(
        item if isinstance(item, str) else item.content if isinstance(item, TextContent) else ATTACHMENT
        for item in content
        if not isinstance(item, CachePoint)
    )


def _whole(part: Any) -> str:
    """A kind of part that is not ours, as it is."""
    return json.dumps(asdict(part), ensure_ascii=False, default=str)
