"""The scene of a task: its marked text, the columns it makes, and which of its rows it is about.

All `task_` modules that decide something read the scene; `task` makes it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...types.profiles import ColumnProfile
from ..plan.selection import Condition
from ..plan.steps import Derive, Step
from ..words.mentions import Marked
from ..words.schema import Schema, words_of
from ..words.tokens import singular
from .text import Task, words_of_name


class TaskError(Exception):
    """A part of the task that is not understood, or that the table cannot answer; the text says which."""


@dataclass(frozen=True)
class Choice:
    """A value that chooses rows, with the words by which the text or an answer's name can call it."""

    column: ColumnProfile
    condition: Condition
    names: tuple[tuple[str, ...], ...]
    """Each a row of words; digits by themselves."""
    said: bool = True
    """False for the other values of a column that the text groups by."""


@dataclass
class Scene:
    """What is known of a task before its answers are planned."""

    task: Task
    schema: Schema
    text: Marked
    made: list[tuple[Derive, ColumnProfile]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    """Before anything is computed; those that make columns included."""
    choices: list[Choice] = field(default_factory=list)
    """Values that answers can be split by."""
    where: Condition | None = None
    """Of all answers."""
    used: set[str] = field(default_factory=set)
    """Names of the columns that the conditions of all answers use."""

    @property
    def lower(self) -> str:
        """The text in small letters, marks as they are."""
        return self.text.text.casefold()

    @property
    def columns(self) -> list[ColumnProfile]:
        """The columns that the text makes or names for sure, those it makes first."""
        made = [profile for _, profile in self.made]
        return list(dict.fromkeys([*made, *self.text.sure_columns(self.text.text)]))

    @property
    def question(self) -> str:
        """The marked text of the question, without the constraints."""
        if not self.task.constraints:
            return self.text.text
        first = self.task.constraints.split("\n")[0][:8]
        positions = [m.start() for m in re.finditer("\n", self.text.text)]
        plain = [p for p in positions if self.text.plain(self.text.text[p + 1 : p + 40]).startswith(first)]
        return self.text.text[: plain[0]] if plain else self.text.text

    def says(self, pattern: str) -> bool:
        """Whether the text has a pattern, whatever its case."""
        return re.search(pattern, self.lower) is not None

    def named(self, words: Sequence[str], among: Sequence[ColumnProfile]) -> list[ColumnProfile]:
        """The columns whose names are made of some of these words: `mean rent zone 1` names `Rent`.

        Only those with the most words: `close price` is not `Price`.
        """
        found = {column: size for column in among if (size := self._covered(column, words))}
        best = max(found.values(), default=0)
        return [column for column, size in found.items() if size == best]

    def _covered(self, column: ColumnProfile, words: Sequence[str]) -> int:
        """How many letters of the words the column's name takes up, or what the text calls it."""
        names = {words_of(column.name) or (column.name.casefold(),)}
        names |= {words_of_name(m.text) for m in self.text.mentions if m.column == column and m.sure}
        return max(_size(name, words) for name in names if name)


def _size(name: Sequence[str], words: Sequence[str]) -> int:
    """How many letters of the words a name takes up, 0 where it is not there in full."""
    parts = [singular(part) for part in name]
    wanted = [singular(word) for word in words]
    joined = "".join(parts)
    for start in range(len(wanted)):
        for end in range(start + 1, len(wanted) + 1):
            if "".join(wanted[start:end]) == joined:
                return len(joined) + 100
    if len(parts) > 1 and all(part in wanted for part in parts):
        return len(joined) + 50
    return 0
