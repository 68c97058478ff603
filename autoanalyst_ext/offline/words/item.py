"""One meaningful piece of a question, which items of a reading are."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...types.profiles import ColumnProfile
from ..plan import Condition, Measure
from .schema import ValueHit
from .tokens import Token
from .vocabulary import (
    Cue,
)


@dataclass(frozen=True)
class Item:
    """One meaningful piece of a question."""

    code: str
    """The letter of the vocabulary, or: N number, Q text, C column, Y yes/no column, V value, ? unknown;
    and, once reduced: K condition, G group, M measures."""
    text: str
    score: float = 1.0
    cue: Cue | None = None
    column: ColumnProfile | None = None
    values: tuple[ValueHit, ...] = ()
    number: int | float = 0
    mantissa: int | float = 0
    condition: Condition | None = None
    either: bool = False
    """For a condition: values joined by `and` were read as "one of these"."""
    columns: tuple[ColumnProfile, ...] = ()
    unit: str = ""
    """Of a number: the unit that follows it."""
    measures: tuple[Measure, ...] = ()

    @property
    def value(self) -> str:
        """The cue's value, empty for other items."""
        return self.cue.value if self.cue else ""


def codes(items: Sequence[Item]) -> str:
    """The items' letters, which the grammar's patterns match."""
    return "".join(item.code for item in items)


def plain_words(words: Sequence[Token]) -> tuple[str, ...]:
    """The words of tokens as vocabularies have them."""
    return tuple(word.word for word in words)
