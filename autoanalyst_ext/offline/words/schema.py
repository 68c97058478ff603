"""What a table's columns and values may be called.

`Schema` finds the columns, values and table that a few words of a question can mean, in tiers: a tier is
only looked at when no earlier one knows the words. Two hits in one tier are an ambiguity, left to the caller.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from ...types.profiles import ColumnProfile, TableProfile
from ...types.results import Leaf
from ..plan.steps import Derive, ParseDate, ParseNumber
from .calendar import parts_of
from .lexicon import synonyms, value_synonyms
from .tokens import fold, key, singular
from .vocabulary import ABBREVIATIONS, GENERIC_TABLES, NAME_UNITS, REAL_WORDS, UNITS

EXACT, SPELLING, NUMBER, SHORT, PART, TYPO = 1.0, 0.99, 0.98, 0.95, 0.85, 0.8
SYNONYM, LOOSE_SYNONYM = 0.84, 0.78
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


@lru_cache(4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words in a column's name: `FurnishingStatus`, `furnishing_status` -> furnishing, status."""
    spaced = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(fold(word) for word in re.split(r"[\W_]+", spaced) if word)


def is_numeric(column: ColumnProfile) -> bool:
    """Whether statistics can be computed of the column."""
    return column.kind in ("integer", "number") and column.dtype != "object"


def is_ordered(column: ColumnProfile) -> bool:
    """Whether the column has a largest and a smallest value."""
    return is_numeric(column) or (column.kind in ("datetime", "duration") and column.dtype != "object")


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


def is_key(column: ColumnProfile, rows: int) -> bool:
    """Whether a column only numbers the rows: `order_id`, with no value twice."""
    words = words_of(column.name)
    unique = column.distinct is not None and column.distinct == rows and column.nulls == 0
    return len(words) > 1 and words[-1] in ("id", "key", "uuid", "nr", "no", "number") and unique


def names_rows(column: ColumnProfile, rows: int) -> bool:
    """Whether a column is the name of what each row is: `player`, with no value twice."""
    unique = column.distinct is not None and column.distinct == rows and column.nulls == 0 and rows > 1
    return column.kind == "text" and unique and len(words_of(column.name)) == 1


_JOINTS = frozenset(("to", "of", "the", "from", "in"))
"""Words that stand between those of a name, and are no part of it."""


class Schema:
    """The names of one table."""

    def __init__(
        self, table: TableProfile, readings: Mapping[str, ParseDate | ParseNumber] | None = None
    ) -> None:
        self.table = table
        self.readings = readings or {}
        """The steps that read text columns as dates or numbers, as `table` already has them."""
        repeated = Counter(map(_label, table.columns))
        self.columns = tuple(c for c in table.columns if repeated[_label(c)] == 1 and _addressable(c))
        self.virtual: dict[ColumnProfile, Derive] = {}
        """Parts of dates, each a column that a step makes where a plan uses it."""
        self._times: dict[str, list[ColumnProfile]] = defaultdict(list)
        self._tiers: dict[float, dict[str, list[ColumnProfile]]] = {
            tier: defaultdict(list) for tier in (EXACT, SPELLING, NUMBER, SHORT, PART)
        }
        self._values: dict[str, list[ValueHit]] = defaultdict(list)
        for column in self.columns:
            self._add_names(column)
            self._add_values(column)
            self._add_times(column)
        self.longest = 1 + max((len(words_of(c.name)) for c in self.columns), default=1)
        self.longest_value = max(
            (len(re.split(r"[\W_]+", str(hit.value))) for hits in self._values.values() for hit in hits),
            default=1,
        )
        keys = {_stem(words_of(c.name)[0]) for c in self.columns if is_key(c, table.rows)}
        named = {_stem(word) for word in words_of(table.name)} - GENERIC_TABLES
        self._table_stems = named | keys
        self._vague = named - keys if keys else frozenset()

    def _add_names(self, column: ColumnProfile) -> None:
        words = words_of(column.name)
        plain = list(words)
        if len(plain) > 1 and plain[-1] in UNITS | NAME_UNITS:
            plain = plain[:-1]
        outside = words_of(re.sub(r"[(\[].*?[)\]]", "", column.name)) or words
        names = {
            EXACT: {column.name},
            SPELLING: {key(column.name)},
            NUMBER: {"".join(map(singular, words))},
            SHORT: {
                "".join(map(_long, outside)),
                "".join(map(singular, outside)),
                "".join(map(_long, plain)),
                "".join(map(_long, words)),
                "".join(map(singular, plain)),
            },
            PART: set(map(singular, plain))
            | set(map(_long, plain))
            | {"".join(map(singular, pair)) for pair in pairwise(words)},
        }
        if is_key(column, self.table.rows):
            names[PART] = set()  # "orders" are no order numbers
        for tier, spellings in names.items():
            for spelling in spellings:
                if spelling and column not in self._tiers[tier][spelling]:
                    self._tiers[tier][spelling].append(column)

    def _add_values(self, column: ColumnProfile) -> None:
        if pair := yes_and_no(column):
            for word, value in zip(("true", "false", "yes", "no"), (*pair, *pair), strict=True):
                if not isinstance(value, str) or fold(value) != word:
                    self._values[word].append(ValueHit(column, value))
        for count in column.top if column.kind == "category" else ():
            if isinstance(count.value, str) and key(count.value):
                self._values[key(count.value)].append(ValueHit(column, count.value))

    def _add_times(self, column: ColumnProfile) -> None:
        """The parts of a date column, as columns that can be made."""
        for part, made, step in parts_of(column, self.table):
            self.virtual[made] = step
            self._times[part].append(made)

    def named_column(self, name: str) -> ColumnProfile | None:
        """The column of this exact name, of the table or made by a step."""
        made = (column for column in self.virtual if column.name == name)
        return self.table.column(name) or next(made, None)

    def times(self, part: str) -> tuple[ColumnProfile, ...]:
        """The columns for a part of a date: one for each date column of the table."""
        return tuple(self._times.get(part, ()))

    def dates(self) -> tuple[ColumnProfile, ...]:
        """The columns that hold dates."""
        return tuple(column for column in self.columns if column.kind == "datetime")

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
        if not parts and len(words) > 1 and not {words[0], words[-1]} & _JOINTS:
            parts = self._with_words(words)
        if parts:
            return tuple(ColumnHit(column, PART) for column in parts)
        if hits := self._synonyms("".join(key(word) for word in words)):
            return hits
        if any(word in REAL_WORDS for word in words[:1]) or any(len(word) < 4 for word in words[1:]):
            return ()
        typos = [c for c in self.columns if _is_typo(wanted, "".join(map(singular, words_of(c.name))))]
        return tuple(ColumnHit(column, TYPO) for column in typos)

    def _with_words(self, words: tuple[str, ...]) -> list[ColumnProfile]:
        """Columns whose names have all of these words, or an abbreviation made of their first letters."""
        wanted = {_long(word) for word in words if word not in _JOINTS}
        letters = "".join(word[0] for word in words)
        found = []
        for column in self.columns:
            parts = set(map(_long, words_of(column.name)))
            short = len(letters) > 1 and letters in words_of(column.name) and len(parts) > 1
            if (len(wanted) > 1 and wanted <= parts) or short:
                found.append(column)
        return found

    def stems(self, word: str) -> tuple[ColumnProfile, ...]:
        """Yes/no columns that begin like a word: `readmission` and `readmitted`."""
        return tuple(
            column
            for column in self.columns
            if yes_and_no(column) is not None
            for part in words_of(column.name)
            if _common(part, word) >= max(5, len(part) - 4)
        )

    def _synonyms(self, word: str) -> tuple[ColumnHit, ...]:
        """Columns that are called by another word for the same."""
        found: dict[ColumnProfile, float] = {}
        for other in synonyms(word) | synonyms(singular(word)):
            for tier in (SPELLING, SHORT, PART):
                for column in self._tiers[tier].get(other if tier != PART else singular(other), ()):
                    whole = tier != PART
                    found[column] = max(found.get(column, 0), SYNONYM if whole else LOOSE_SYNONYM)
        best = max(found.values(), default=0)
        return tuple(ColumnHit(column, score) for column, score in found.items() if score == best)

    def values(self, words: tuple[str, ...]) -> tuple[ValueHit, ...]:
        """Values that these words spell, in any category column."""
        spelling = "".join(key(word) for word in words)
        exact = self._values.get(spelling, ()) or self._values.get(singular(spelling), ())
        if exact or len(words) > 1:
            return tuple(exact)
        for ending in ("y", "ly", "n", "ian"):
            stem = spelling.removesuffix(ending)
            if stem != spelling and len(stem) > 3 and (near := self._values.get(stem)):
                return tuple(near)
        others = [hit for other in sorted(value_synonyms(spelling)) for hit in self._values.get(other, ())]
        return tuple(others)

    def coded(self, prefix: str, text: str) -> tuple[ValueHit, ...]:
        """A value of a column whose values are all written so: letters, a hyphen, a number."""
        found = []
        for column in self.columns:
            samples = [sample for sample in column.samples if isinstance(sample, str)]
            alike = [re.fullmatch(rf"({re.escape(prefix)})-\d+", each, re.IGNORECASE) for each in samples]
            if column.kind == "text" and samples and all(alike) and alike[0] is not None:
                found.append(ValueHit(column, alike[0][1] + text[len(prefix) :]))
        return tuple(found)

    def near_values(self, word: str) -> tuple[ValueHit, ...]:
        """Values that are spelled nearly like a word."""
        allowed = 1 if len(word) < 8 else 2
        return tuple(
            hit
            for spelling, hits in self._values.items()
            if len(spelling) > 4
            and spelling[0] == word[0]
            and OSA.distance(word, spelling, score_cutoff=allowed) <= allowed
            for hit in hits
        )

    def entity(self, word: str) -> ColumnProfile | None:
        """The id, in several rows each, of what a noun means: `customer_id` in a table of orders."""
        found = [
            column
            for column in self.columns
            if words_of(column.name)[-1:] == ("id",)
            and len(words_of(column.name)) == 2
            and _stem(words_of(column.name)[0]) == _stem(word)
            and (column.distinct or self.table.rows) < self.table.rows
        ]
        return found[0] if len(found) == 1 else None

    def is_subject(self, word: str) -> bool:
        """Whether a noun is what the table's name says its rows are (`houses` of `housing`)."""
        return len(word) > 2 and _stem(word) in self._table_stems

    def is_vague(self, word: str) -> bool:
        """Whether a noun is only of the table's name, where a key says that rows are something else."""
        return _stem(word) in self._vague

    def quantity(self, concepts: tuple[str, ...], *, largest: bool | None = None) -> ColumnHit | None:
        """The one ordered column that measures one of these quantities, `None` if there is not just one.

        Of several, the maximum is what is `largest`, and the minimum what is smallest.
        """
        for tier in (self.firm, self.loose):
            hits = {
                hit.column: hit
                for name in concepts
                for hit in tier(tuple(name.split()))
                if is_ordered(hit.column) and hit.score > TYPO
            }
            ends = {None: (), True: ("max", "maximum", "high"), False: ("min", "minimum", "low")}[largest]
            end = [hit for column, hit in hits.items() if set(words_of(column.name)) & set(ends)]
            if len(hits) > 1 and len(end) == 1:
                return end[0]
            if hits:
                return next(iter(hits.values())) if len(hits) == 1 else None
        return None


def _label(column: ColumnProfile) -> object:
    """The name as the frame has it where it is a number or a truth value: `1`, `1.0` and `True` are one."""
    if column.name_is_text:
        return column.name
    try:
        value = ast.literal_eval(column.name)
    except (ValueError, SyntaxError):
        return (column.name,)
    return value if isinstance(value, (bool, int, float)) else (column.name,)


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


def _common(first: str, second: str) -> int:
    """How many letters two words begin with in common."""
    return next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )


def _inside(part: str, name: str) -> bool:
    """Whether `part` is a good deal of a name that is written without separators."""
    enough = len(part) >= 4 and 2 * len(part) >= len(name)
    return enough and part != name and (name.startswith(part) or name.endswith(part))


def _is_typo(wanted: str, name: str) -> bool:
    if len(wanted) < 5 or len(name) < 5 or wanted[0] != name[0]:
        return False
    allowed = 1 if min(len(wanted), len(name)) < 8 else 2
    return OSA.distance(wanted, name, score_cutoff=allowed) <= allowed
