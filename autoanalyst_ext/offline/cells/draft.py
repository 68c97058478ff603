"""A cell while it is written: its imports, its lines, and names for what it makes.

What several figures need is written once. The parts that know what a plan means (`*_code`) write into a
draft; the draft knows nothing of plans.
"""

import textwrap
from collections.abc import Callable, Collection, Hashable, Iterable
from typing import TypeVar

from .layout import WIDEST, assigned
from .naming import Names

Made = TypeVar("Made")


class Draft:
    """Collects a cell. Names in `taken` are never given to anything new."""

    def __init__(
        self, taken: Iterable[str], *, gaps: bool = True, texts: Collection[str] | None = None
    ) -> None:
        self.names = Names(taken)
        self.gaps = gaps
        """Whether the table has missing values, so that a group can be without any value."""
        self.texts = None if texts is None else set(texts)
        """The names of the columns that hold text, as steps leave them; `None` where nobody knows."""
        self.replaced: list[str] = []
        """The columns in whose place there is one for each of their values."""
        self._taken = frozenset(taken)
        self._imports: dict[str, None] = {}
        self._lines: list[str] = []
        self._made: dict[Hashable, object] = {}

    def module(self, path: str, name: str) -> str:
        """Import a module under its usual name, as `pandas` as `pd`; the name."""
        self._imports[f"import {path} as {name}"] = None
        return name

    def function(self, module: str, name: str) -> str:
        """Import something of a module; its name."""
        self._imports[f"from {module} import {name}"] = None
        return name

    def stats(self) -> str:
        """Import scipy's statistics: as `stats`, unless the user calls something else so."""
        if "stats" not in self._taken:
            return self.function("scipy", "stats")
        self._imports["import scipy.stats"] = None
        return "scipy.stats"

    def let(self, wish: str, *links: str) -> str:
        """Give a chain of calls a name, as near to `wish` as possible; the name."""
        name = self.names.new(wish)
        self.add(assigned(name, *links))
        return name

    def shared(self, wish: str, expression: str) -> str:
        """The name of an expression: the one that it has, or a new one."""
        return self.once((wish, expression), lambda: self.let(wish, expression))

    def add(self, *lines: str) -> None:
        """Write statements."""
        self._lines += lines

    def comment(self, text: str) -> None:
        """Write a comment on what comes next."""
        self._lines.append(comment(text))

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` returns, which is called only for the first of equal keys."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]  # what was stored under the key

    def cell(self, sentence: str, result: str) -> str:
        """The source: the sentence, the imports, the lines, and the expression that is the answer."""
        imports = sorted(self._imports, key=lambda line: (line.startswith("from"), line))
        head = [comment(sentence), *imports, *([""] if imports else [])]
        return "\n".join([*head, *self._lines, result]) + "\n"


def comment(text: str) -> str:
    """A comment, on as many lines as it needs."""
    lines = textwrap.wrap(text, WIDEST - 2, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"# {line}" for line in lines)
