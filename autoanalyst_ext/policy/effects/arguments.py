"""`Given`: the arguments of a call, as the code writes them and as they are seen."""

import ast
from dataclasses import dataclass

from . import methods
from .seen import Seen


@dataclass(frozen=True)
class Given:
    """The arguments of a call."""

    node: ast.Call
    positional: tuple[Seen, ...]
    keywords: dict[str, Seen]
    starred: bool
    """There is a `*args`."""
    spread: bool
    """There is a `**kwargs` that is not a display with constant keys."""

    @property
    def all(self) -> tuple[Seen, ...]:
        """Every argument."""
        return (*self.positional, *self.keywords.values())

    @property
    def deep(self) -> bool:
        """Nothing handed over belongs to anybody else."""
        return all(seen.deep for seen in self.all) and not self.starred and not self.spread

    def first(self, *names: str) -> Seen | None:
        """The first argument by position, or by one of these keywords."""
        if self.positional:
            return self.positional[0]
        return next((self.keywords[name] for name in names if name in self.keywords), None)

    def is_constant(self, keyword: str, value: object) -> bool:
        """Whether the keyword is written with this constant."""
        return any(
            entry.arg == keyword and isinstance(entry.value, ast.Constant) and entry.value.value is value
            for entry in self.node.keywords
        )

    @property
    def shares(self) -> bool:
        """`copy=False` and the like."""
        written = methods.SHARES_UNLESS_TRUE & set(self.keywords)
        return any(not self.is_constant(word, True) for word in written)

    @property
    def whose(self) -> str:
        """The first existing name that an argument may belong to."""
        return next((seen.whose for seen in self.all if seen.whose), "")
