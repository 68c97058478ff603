"""What a table's columns and values may be called.

`Schema` finds the columns, values and table that a few words of a question can mean, in tiers: a tier is
only looked at when no earlier one knows the words. Two hits in one tier are an ambiguity, left to the caller.
"""

import ast
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from ..types.profiles import ColumnProfile, TableProfile
from ..types.results import Leaf
from .tokens import fold, key, singular
from .vocabulary import ABBREVIATIONS, GENERIC_TABLES, REAL_WORDS, UNITS

EXACT, SPELLING, NUMBER, SHORT, PART, TYPO = 1.0, 0.99, 0.98, 0.95, 0.85, 0.8
"""The tiers: the name itself; other separators or case; other grammatical number; units or abbreviations;
a part of the name; a slip of the finger."""

_YES = frozenset({"yes", "y", "true", "t"})
_NO = frozenset({"no", "n", "false", "f"})


@dataclass(frozen=True)
class ColumnHit:
    """A column that some words can mean."""

    column: ColumnProfile
    score: float


@dataclass(frozen=True)
class ValueHit:
    """A value of a column that some words can mean."""

    column: ColumnProfile
    value: Leaf


def words_of(name: str) -> tuple[str, ...]:
    """The words in a column's name: `FurnishingStatus`, `furnishing_status` -> furnishing, status."""
    spaced = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(fold(word) for word in re.split(r"[\W_]+", spaced) if word)


def is_numeric(column: ColumnProfile) -> bool:
    """Whether statistics can be computed of the column."""
    return column.kind in ("integer", "number")


def is_ordered(column: ColumnProfile) -> bool:
    """Whether the column has a largest and a smallest value."""
    return is_numeric(column) or column.kind in ("datetime", "duration")


def yes_and_no(column: ColumnProfile) -> tuple[Leaf, Leaf] | None:
    """The values that mean yes and no when the column has just these two, else `None`."""
    if column.kind == "boolean":
        return True, False
    values = [count.value for count in column.top]
    if column.kind == "integer" and len(values) == 2 and set(values) == {0, 1} and column.distinct == 2:
        return 1, 0
    if column.kind != "category" or len(values) != 2:
        return None
    yes = [value for value in values if isinstance(value, str) and fold(value) in _YES]
    no = [value for value in values if isinstance(value, str) and fold(value) in _NO]
    return (yes[0], no[0]) if len(yes) == len(no) == 1 else None


class Schema:
    """The names of one table."""

    def __init__(self, table: TableProfile) -> None:
        self.table = table
        repeated = Counter(column.name for column in table.columns)
        self.columns = tuple(c for c in table.columns if repeated[c.name] == 1 and _addressable(c))
        self._tiers: dict[float, dict[str, list[ColumnProfile]]] = {
            tier: defaultdict(list) for tier in (EXACT, SPELLING, NUMBER, SHORT, PART)
        }
        self._values: dict[str, list[ValueHit]] = defaultdict(list)
        for column in self.columns:
            self._add_names(column)
            self._add_values(column)
        self.longest = 1 + max((len(words_of(c.name)) for c in self.columns), default=1)
        self.longest_value = max(
            (len(re.split(r"[\W_]+", str(hit.value))) for hits in self._values.values() for hit in hits),
            default=1,
        )
        self._table_stems = {_stem(word) for word in words_of(table.name)} - GENERIC_TABLES

    def _add_names(self, column: ColumnProfile) -> None:
        words = words_of(column.name)
        plain = [word for word in words if word not in UNITS] or list(words)
        names = {
            EXACT: {column.name},
            SPELLING: {key(column.name)},
            NUMBER: {"".join(map(singular, words))},
            SHORT: {"".join(map(_long, plain)), "".join(map(_long, words)), "".join(map(singular, plain))},
            PART: set(map(singular, plain)) | {"".join(map(singular, pair)) for pair in pairwise(words)},
        }
        for tier, spellings in names.items():
            for spelling in spellings:
                if spelling and column not in self._tiers[tier][spelling]:
                    self._tiers[tier][spelling].append(column)

    def _add_values(self, column: ColumnProfile) -> None:
        if column.kind != "category":
            return
        for count in column.top:
            if isinstance(count.value, str) and key(count.value):
                self._values[key(count.value)].append(ValueHit(column, count.value))

    def named(self, name: str) -> tuple[ColumnHit, ...]:
        """Columns of exactly this name, or of this name written differently (for quoted names)."""
        for tier, spelling in ((EXACT, name), (SPELLING, key(name))):
            if hits := self._tiers[tier].get(spelling):
                return tuple(ColumnHit(column, tier) for column in hits)
        return ()

    def firm(self, words: tuple[str, ...]) -> tuple[ColumnHit, ...]:
        """Columns whose whole name these words are."""
        folded = [key(word) for word in words]
        spellings = (
            (EXACT, " ".join(words)),
            (SPELLING, "".join(folded)),
            (NUMBER, "".join(map(singular, folded))),
            (SHORT, "".join(map(_long, folded))),
        )
        for tier, spelling in spellings:
            if hits := self._tiers[tier].get(spelling):
                return tuple(ColumnHit(column, tier) for column in hits)
        return ()

    def loose(self, words: tuple[str, ...]) -> tuple[ColumnHit, ...]:
        """Columns that have these words in their name, or are spelled nearly like them."""
        wanted = "".join(singular(key(word)) for word in words)
        if len(wanted) < 3:
            return ()
        parts = list(self._tiers[PART].get(wanted, ()))
        parts += [c for c in self.columns if c not in parts and _inside(wanted, key(c.name))]
        if parts:
            return tuple(ColumnHit(column, PART) for column in parts)
        if len(words) == 1 and words[0] in REAL_WORDS:
            return ()
        typos = [c for c in self.columns if _is_typo(wanted, "".join(map(singular, words_of(c.name))))]
        return tuple(ColumnHit(column, TYPO) for column in typos)

    def values(self, words: tuple[str, ...]) -> tuple[ValueHit, ...]:
        """Values that these words spell, in any category column."""
        spelling = "".join(key(word) for word in words)
        return tuple(self._values.get(spelling, ()) or self._values.get(singular(spelling), ()))

    def is_subject(self, word: str) -> bool:
        """Whether a noun is what the table's name says its rows are (`houses` of `housing`)."""
        return len(word) > 2 and _stem(word) in self._table_stems

    def knows_all_values(self) -> bool:
        """Whether the profile lists every text of the table, so that an unknown word is no value of it."""
        return all(column.kind not in ("text", "other") for column in self.table.columns)

    def quantity(self, concepts: tuple[str, ...]) -> ColumnHit | None:
        """The one ordered column that measures one of these quantities, `None` if there is not just one."""
        for tier in (self.firm, self.loose):
            hits = {
                hit.column: hit
                for name in concepts
                for hit in tier((name,))
                if is_ordered(hit.column) and hit.score > TYPO
            }
            if hits:
                return next(iter(hits.values())) if len(hits) == 1 else None
        return None


def _addressable(column: ColumnProfile) -> bool:
    """Whether code can name the column: its name is text or a number.

    A tuple is one level of several, which pandas reads differently in each of its methods.
    """
    if column.name_is_text:
        return True
    try:
        value = ast.literal_eval(column.name)
    except (ValueError, SyntaxError):
        return False
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _long(word: str) -> str:
    return ABBREVIATIONS.get(word, singular(word))


def _stem(word: str) -> str:
    stem = singular(fold(word))
    for ending in ("ing", "es", "e"):
        if stem.endswith(ending) and len(stem) - len(ending) >= 3:
            return stem.removesuffix(ending)
    return stem


def _inside(part: str, name: str) -> bool:
    """Whether `part` is a good deal of a name that is written without separators."""
    enough = len(part) >= 4 and 2 * len(part) >= len(name)
    return enough and part != name and (name.startswith(part) or name.endswith(part))


def _is_typo(wanted: str, name: str) -> bool:
    if len(wanted) < 5 or len(name) < 5 or wanted[0] != name[0]:
        return False
    allowed = 1 if min(len(wanted), len(name)) < 8 else 2
    return OSA.distance(wanted, name, score_cutoff=allowed) <= allowed
