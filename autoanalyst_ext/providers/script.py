"""Scripts: what a stand-in for a model answers, reply by reply.

The `scripted:` provider plays them in the process, the fake provider of the tests plays them over HTTP. Here
are the format (JSON) and the choice of the next reply; what a reply looks like on a wire is the player's
matter.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from ..errors import BadRequest
from ..types.usage import TokenUsage
from ..types.value import Value

Finish = Literal["stop", "length", "tool_calls", "content_filter"]


class ScriptedCall(Value):
    """A tool call in a reply."""

    name: str
    args: dict[str, Any] | str = Field(default_factory=dict)
    """Arguments; text is sent as it stands, so that it may be broken JSON."""
    id: str | None = None
    """Made from its place in the script when missing."""


class Match(Value):
    """Which requests a reply answers. All that is given must hold."""

    user: str | None = None
    """Part of the last user message."""
    tool_result: str | None = None
    """Part of a tool result that came after the last user message."""
    has_tool_result: bool | None = None
    """Whether any tool result came after the last user message."""


class Pace(Value):
    """How fast a reply arrives, in seconds."""

    first: float = 0.0
    """Silence before the first byte."""
    between: float = 0.0
    """Silence between two pieces of the stream."""


class Fault(Value):
    """What goes wrong with a reply.

    `status`: an error of HTTP status `status` in the provider's own shape. `html`: the same as a proxy's
    page. `empty`: 200 without a body. `cut`: the connection ends after `after` bytes of the body. `stall`:
    nothing comes after `after` pieces, for ever. `malformed`: piece number `after` is broken JSON. `event`:
    an error event in the stream after `after` pieces. `end`: the stream ends in good order after `after`
    pieces.
    """

    kind: Literal["status", "html", "empty", "cut", "stall", "malformed", "event", "end"]
    status: int = 500
    """For `status` and `html`, and the error that `event` reports."""
    retry_after: str | None = None
    """The `Retry-After` header, as it stands."""
    after: int = 0
    """Bytes for `cut`, pieces for the others."""
    reset: bool = False
    """`cut` by a connection reset instead of an orderly end."""


class Reply(Value):
    """One answer of a scripted model."""

    text: str | tuple[str, ...] = ""
    """Text, in pieces as they are streamed."""
    tool_calls: tuple[ScriptedCall, ...] = ()
    usage: TokenUsage | None = TokenUsage()
    """Tokens that the provider reports; `null` when it reports none."""
    usage_repeated: bool = False
    """The report of the tokens comes twice, as from some services."""
    finish: Finish | None = None
    """Why it ends; by default `tool_calls` where there are some, else `stop`."""
    pace: Pace = Pace()
    fault: Fault | None = None
    match: Match | None = None
    """Answers every request that fits, as often as one comes; without it a reply is used once, in order."""
    split: int | None = Field(default=None, gt=0)
    """Sends the body in pieces of this many bytes, through the middle of characters if need be."""

    @property
    def pieces(self) -> tuple[str, ...]:
        """The text in pieces, none of them empty."""
        parts = (self.text,) if isinstance(self.text, str) else self.text
        return tuple(part for part in parts if part)

    @property
    def finish_reason(self) -> Finish:
        """Why the reply ends."""
        return self.finish or ("tool_calls" if self.tool_calls else "stop")


class Script(Value):
    """A list of replies."""

    replies: tuple[Reply, ...]


class Asked(Value):
    """What a script looks at in a request."""

    user: str = ""
    """Text of the last user message."""
    tool_results: tuple[str, ...] = ()
    """Results of tools after it."""


class ScriptPlayer:
    """Chooses the reply to each request: the first that matches, else the next in order.

    The rule counts requests of this player, not conversations: reply k without `match` answers the k-th
    request that no `match` caught.
    """

    def __init__(self, script: Script | Iterable[Reply]) -> None:
        replies = script.replies if isinstance(script, Script) else tuple(script)
        self._matching = [reply for reply in replies if reply.match is not None]
        self._in_order: Sequence[Reply] = [reply for reply in replies if reply.match is None]
        self._next = 0

    def choose(self, asked: Asked) -> Reply | None:
        """The reply to a request; `None` when the script is over."""
        for reply in self._matching:
            if reply.match is not None and _fits(reply.match, asked):
                return reply
        if self._next >= len(self._in_order):
            return None
        self._next += 1
        return self._in_order[self._next - 1]


def _fits(match: Match, asked: Asked) -> bool:
    if match.user is not None and match.user not in asked.user:
        return False
    if match.has_tool_result is not None and match.has_tool_result != bool(asked.tool_results):
        return False
    return match.tool_result is None or any(match.tool_result in result for result in asked.tool_results)


def read_script(path: Path) -> Script:
    """Read a script file: `{"replies": [...]}`; raises `BadRequest` when it is missing or wrong."""
    try:
        return Script.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadRequest(f"The script {path} could not be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadRequest(f"The script {path} is not valid: {where}: {first['msg']}.") from error
