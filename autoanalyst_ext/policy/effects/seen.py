"""`Seen`: what is known of a value by reading the code that makes it.

Two questions matter: may this value be changed in place (is it `own`: made by this run, held by nobody
else), and what can be called. `scope.py` keeps these by name, `expressions.py` works them out.
"""

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .scope import Scope

Kind = Literal[
    "data",
    "table",
    "column",
    "array",
    "expression",
    "text",
    "module",
    "function",
    "local",
    "method",
    "unknown",
]
"""`table`: a data frame or groups of one. `column`: a series, index or row. `array`: of NumPy.
`expression`: of polars, never a text. `function`: a listed function. `local`: one that this code defines.
`method`: of `receiver`, not called. `unknown`: it was reported, or nothing is known; it may not be called."""

TABULAR: tuple[Kind, ...] = ("table", "column", "array", "expression")
"""Kinds that copy what is stored into them."""


@dataclass(eq=False)
class LocalFunction:
    """A function or lambda that the code itself defines."""

    node: ast.FunctionDef | ast.Lambda
    scope: "Scope"
    """Where it was defined."""
    result: "Seen | None" = None
    """What a call gives; `None` while it is being worked out."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A value as the code shows it."""

    kind: Kind = "data"
    own: bool = False
    """Made by this run and held by no name that was there before."""
    held: bool = False
    """What it holds is own as well."""
    path: str = ""
    """Dotted path of a module or function, name of a method; `groups` for groups of a table."""
    whose: str = ""
    """The existing name it may belong to."""
    texts: frozenset[str] | None = None
    """The constant texts it can be, or for a display the texts it holds; `None` when not known."""
    function: LocalFunction | None = field(default=None)
    receiver: "Seen | None" = None

    @property
    def deep(self) -> bool:
        """Nothing in it belongs to anybody else."""
        return self.own and self.held

    def element(self) -> "Seen":
        """What an index, an attribute or a loop takes out of it."""
        if self.kind == "table" and self.path == "groups":
            return Seen("table", own=self.held, path=self.path, whose=self.whose)
        kind: Kind = "column" if self.kind == "table" else "data"
        texts = None if self.kind == "text" else self.texts
        if self.kind == "text":
            return PLAIN
        return Seen("text" if texts else kind, own=self.held, held=self.held, whose=self.whose, texts=texts)

    def view(self) -> "Seen":
        """Another way to look at the same value."""
        kind = self.kind if self.kind in TABULAR else "data"
        return Seen(kind, own=self.own, held=self.held, whose=self.whose)

    def from_outside(self) -> "Seen":
        """The same, read from inside a function: by the time it runs, the name may mean another value."""
        return replace(self, own=False, held=False, texts=None)


PLAIN = Seen(own=True, held=True)
"""A new value that holds nothing of anybody's."""
UNKNOWN = Seen("unknown")


def join(first: Seen, second: Seen) -> Seen:
    """What is known of a value that is one or the other."""
    if first == second:
        return first
    return Seen(
        _joined_kind(first, second),
        own=first.own and second.own,
        held=first.held and second.held,
        path=first.path if first.path == second.path else "",
        whose=first.whose or second.whose,
        texts=None if first.texts is None or second.texts is None else first.texts | second.texts,
        function=first.function if first.function is second.function else None,
        receiver=first.receiver if first.receiver == second.receiver else None,
    )


def _joined_kind(first: Seen, second: Seen) -> Kind:
    values = ("data", "text", *TABULAR)
    if first.kind == second.kind:
        same = first.path == second.path and first.function is second.function
        return (
            first.kind if first.kind in values or (same and first.receiver == second.receiver) else "unknown"
        )
    return "data" if first.kind in values and second.kind in values else "unknown"
