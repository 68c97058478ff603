"""`Operation`: what one verb of a route takes and gives. Every verb of ours declares one.

It is the one source of the checks of a request, of the form of its reply, and of `openapi.json`. Types of
bodies and replies are named by text, since loading them is for the first request and not for the server.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ..types.value import Value

Action = Literal["read", "write", "execute"]
"""What the server's authorizer is asked about the resource `autoanalyst`."""

ANY_OBJECT = "object"
"""As a reply: a JSON object of no type of ours."""

MODULES = ("panel", "tab", "chats", "admin", "budgets", "estimates", "prices", "own_usage")
"""Where types of bodies and replies are, in `types/`."""

Verb = Callable[..., Awaitable[None] | None]
"""As tornado knows it."""


@dataclass(frozen=True)
class Query:
    """A parameter of the address. A number has bounds; a text has none."""

    name: str
    says: str
    default: str | int | None = None
    least: int | None = None
    most: int | None = None
    required: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a whole number."""
        return self.least is not None


@dataclass(frozen=True)
class Operation:
    """One verb of a route."""

    summary: str
    reply: str | None = None
    """Name of its type; `None`: a success has no body."""
    body: str | None = None
    """Name of its type; `None`: a body is not looked at."""
    status: int = 200
    """Of a success."""
    query: tuple[Query, ...] = ()
    action: Action | None = None
    """`None`: `read` for GET, else `write`."""
    admin: bool = False
    """Only administrators get to it (`admission.py`)."""
    is_socket: bool = False
    """It becomes a WebSocket, and its clients may be kernels, which have no login."""

    def action_of(self, verb: str) -> Action:
        """What the authorizer is asked when it comes by this verb."""
        return self.action or ("read" if verb == "get" else "write")


def operation(summary: str, **declared: Any) -> Callable[[Callable[..., Any]], Verb]:
    """Declare what the decorated verb takes and gives: the fields of `Operation`."""

    def mark(method: Callable[..., Any]) -> Verb:
        method.operation = Operation(summary, **declared)  # type: ignore[attr-defined]
        return method

    return mark


def operation_of(method: Callable[..., Any]) -> Operation | None:
    """What a verb has declared."""
    declared: Operation | None = getattr(method, "operation", None)
    return declared


def type_named(name: str) -> "type[Value]":
    """The type of a body or reply."""
    for module in MODULES:
        found: type[Value] | None = getattr(import_module(f"..types.{module}", __package__), name, None)
        if found is not None:
            return found
    raise LookupError(f"No type in {MODULES} is called {name}.")
