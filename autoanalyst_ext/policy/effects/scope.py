"""`Scope`: the names of a cell, a function or a comprehension while its code is read.

A name keeps what it means now and, for the functions that look at it later, all it ever meant.
"""

from typing import Literal

from .seen import Seen, join


class Scope:
    """Names and their values."""

    def __init__(
        self,
        parent: "Scope | None" = None,
        kind: Literal["cell", "function", "comprehension"] = "cell",
        *,
        late: bool = False,
    ) -> None:
        self.parent = parent
        self.kind = kind
        self.late = late or kind == "function"
        """It runs later than where it stands: a function, a generator."""
        self.names: dict[str, Seen] = {}
        self.ever: dict[str, Seen] = {}

    @property
    def frame(self) -> "Scope":
        """The cell or function that a walrus in here binds in."""
        scope = self
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        return scope

    def find(self, name: str) -> Seen | None:
        """What the name means here, or `None` when this code does not bind it."""
        scope: Scope | None = self
        outside = False
        while scope is not None:
            known = scope.ever if outside else scope.names
            if name in known:
                return known[name].from_outside() if outside else known[name]
            outside = outside or scope.late
            scope = scope.parent
        return None

    def put(self, name: str, seen: Seen) -> None:
        """Let the name mean this from here on."""
        self.names[name] = seen
        self.ever[name] = join(self.ever[name], seen) if name in self.ever else seen

    @property
    def depth(self) -> int:
        """How many functions are around."""
        return (0 if self.parent is None else self.parent.depth) + (self.kind == "function")
