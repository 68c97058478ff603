"""`Dialect`: how one provider's API reads a request and writes an answer.

Dialects are pure: they turn bodies into what a script looks at, and replies into frames. The server sends
them.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autoanalyst_ext.providers.script import Asked, Reply
from autoanalyst_ext.types.usage import TokenUsage


@dataclass(frozen=True)
class Frame:
    """One event of a stream, as it goes over the wire."""

    data: bytes
    usage: TokenUsage | None = None
    """What the provider has reported once this frame is out."""


@dataclass(frozen=True)
class ModelRequest:
    """A request that a dialect has read."""

    model: str
    stream: bool
    asked: Asked
    body: dict[str, Any] = field(repr=False)


class Dialect(ABC):
    """One wire format."""

    name: str

    @abstractmethod
    def serves(self, path: str) -> bool:
        """Whether a POST to this path is for this dialect."""

    @abstractmethod
    def key(self, headers: Mapping[str, str]) -> str:
        """The key of a request; header names are lower case."""

    @abstractmethod
    def base_url(self, root: str) -> str:
        """The base URL that the official SDK is given."""

    @abstractmethod
    def asked(self, body: dict[str, Any]) -> Asked:
        """What a script looks at."""

    @abstractmethod
    def whole(self, reply: Reply, request: ModelRequest, number: int) -> dict[str, Any]:
        """The body of an answer that is not streamed."""

    @abstractmethod
    def frames(self, reply: Reply, request: ModelRequest, number: int) -> Iterator[Frame]:
        """The events of a streamed answer."""

    @abstractmethod
    def error(self, status: int) -> dict[str, Any]:
        """The body of an error answer."""

    @abstractmethod
    def error_frame(self, status: int) -> Frame:
        """An error event inside a stream."""

    def read(self, path: str, body: dict[str, Any]) -> ModelRequest:
        """Read a request."""
        return ModelRequest(
            model=str(body.get("model", "")),
            stream=bool(body.get("stream")),
            asked=self.asked(body),
            body=body,
        )


def arguments(args: dict[str, Any] | str) -> str:
    """Arguments of a tool call as a wire carries them."""
    return args if isinstance(args, str) else json.dumps(args)


def halves(text: str) -> tuple[str, ...]:
    """Arguments in two pieces, as providers stream them."""
    middle = len(text) // 2
    return tuple(piece for piece in (text[:middle], text[middle:]) if piece)


def event(data: Mapping[str, Any], *, name: str | None = None, usage: TokenUsage | None = None) -> Frame:
    """A server-sent event; characters beyond ASCII stay as they are, so that a cut can go through one."""
    head = f"event: {name}\n" if name else ""
    return Frame(f"{head}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode(), usage)


def text_of(content: Any) -> str:
    """The text of a message's content: a string, or a list of parts with `text` or `content`."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "\n".join(str(part.get("text") or text_of(part.get("content"))) for part in content)
