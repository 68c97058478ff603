"""From items to a head: conditions, groups and statistics are gathered, what is left says what is asked.

The head is a short row of letters that `questions` and `charts` know the meanings of. Nothing is ever
skipped but fillers and links: a question with a word that no rule used has no plan.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from ...types.profiles import ColumnProfile
from ..plan import (
    AllOf,
    AnyOf,
    BoxPlot,
    Column,
    Condition,
    Correlation,
    CorrelationRanking,
    Function,
    GroupChart,
    Histogram,
    LineChart,
    Measure,
    Plan,
    Question,
    Rank,
    Scatter,
    Statistics,
    TopRows,
)
from ..words.amounts import is_id, nature
from ..words.item import Item, codes
from ..words.lexicon import ROW_NOUNS
from ..words.schema import PART, Schema, is_key, is_numeric, is_ordered, words_of, yes_and_no
from ..words.tokens import fold, singular
from ..words.vocabulary import GENERIC_TABLES
from .conditions import AmbiguousError, column_of, reduce_conditions

MOST_GROUPS = 20
"""`per` a numeric column with more different values than this, or than half of the rows, is a ratio."""


class UnfitError(Exception):
    """The words fit together, but not with the table; the text says why."""


@dataclass(frozen=True)
class Head:
    """What is asked, of which rows, by which groups."""

    schema: Schema
    items: tuple[Item, ...]
    """Without conditions, groups, links and fillers; yes/no columns are C like all others."""
    where: Condition | None
    groups: tuple[ColumnProfile, ...]
    links: str = ""
    """All letters before links and conditions were taken out."""
    conditions: tuple[Item, ...] = ()
    """The condition items, in order."""
    fillers: tuple[str, ...] = ()
    """The words that were left out, in small letters."""
    opening: str = ""
    """The first word, in small letters."""

    @property
    def asks_list(self) -> bool:
        """Whether the question asks to list something."""
        return bool({"list", "show", "which", "what", "display", "give"} & set(self.fillers))

    @property
    def is_yes_no(self) -> bool:
        """Whether the question begins with a verb: `are there outliers`."""
        return self.links.startswith("I")

    @property
    def codes(self) -> str:
        """The letters that patterns match."""
        return codes(self.items)

    @property
    def columns(self) -> tuple[ColumnProfile, ...]:
        """The columns of the head, in order."""
        return tuple(item.column for item in self.items if item.code == "C" and item.column is not None)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The statistics of the head, in order."""
        return tuple(measure for item in self.items for measure in item.measures)

    def item(self, code: str) -> Item | None:
        """The first item with one of these letters."""
        return next((item for item in self.items if item.code in code), None)

    def number(self) -> int | None:
        """The only whole number of the head."""
        if any(item.code == "N" and item.text.endswith("%") for item in self.items):
            return None  # "the top 10%" are no ten rows
        numbers = [item.number for item in self.items if item.code in "Nr"]
        return numbers[0] if len(numbers) == 1 and isinstance(numbers[0], int) else None

    def count(self) -> int | None:
        """The only whole number of the head, where it can say how many: one or more."""
        number = self.number()
        return number if number is not None and number > 0 else None

    def plan(
        self, ask: Question, *, by: Sequence[ColumnProfile] | None = None, rank: Rank | None = None
    ) -> Plan:
        """The plan for this question of these rows and groups."""
        groups = self.groups if by is None else by
        for column in groups:
            if column.kind == "other":
                raise UnfitError(f"`{column.name}` holds values that cannot be grouped")
        self._need_values(ask)
        return Plan(
            table=self.schema.table.name,
            where=self.where,
            by=tuple(map(column_of, groups)),
            ask=ask,
            rank=rank,
            subject=self._subject(),
        )

    def _need_values(self, ask: Question) -> None:
        """Raise `UnfitError` where a figure is asked of a column whose values are all missing."""
        rows = self.schema.table.rows
        for used in _figure_columns(ask):
            column = self.schema.table.column(used.name)
            if column is not None and column.nulls == rows:
                what = "all of its values are missing" if rows else "the table has no rows"
                raise UnfitError(f"`{column.name}` has no value to compute with: {what}")

    def _subject(self) -> str | None:
        assumed = [item for item in self.items if item.code == "U" and item.value == "assumed"]
        noun = singular(fold(assumed[0].text)) if assumed else None
        return "person" if noun == "people" else noun

    def is_entity(self) -> bool:
        """Whether the noun is called by a number that comes up in several rows: a customer of orders."""
        return any(item.code == "U" and item.value == "entity" for item in self.items)

    def knows_rows(self) -> bool:
        """Whether counting rows is what the question's noun asks for."""
        if self.is_entity():
            return False
        return self._subject() is None or fold(self.schema.table.name) in GENERIC_TABLES

    def is_record_noun(self) -> bool:
        """Whether the assumed noun can be what rows are, where no key says that they are something else."""
        keys = [c for c in self.schema.columns if is_key(c, self.schema.table.rows)]
        return self._subject() in _RECORDS and not keys


_RECORDS = frozenset(map(singular, ROW_NOUNS))


def _figure_columns(ask: Question) -> tuple[Column, ...]:
    """The columns that figures are computed from; counts and lists of values need no value."""
    match ask:
        case Statistics(measures=measures):
            return tuple(measure.column for measure in measures)
        case TopRows(by=by):
            return (by,)
        case Correlation(left=left, right=right):
            return (left, right)
        case CorrelationRanking(target=target):
            return (target,)
        case Histogram(x=x):
            return (x,)
        case BoxPlot(y=y):
            return (y,)
        case Scatter(x=x, y=y) | LineChart(x=x, y=y):
            return (x, y)
        case GroupChart(measure=Measure(column=column)):
            return (column,)
        case _:
            return ()


Rule = tuple[str, Callable[[Head], Plan | None]]


def numeric(column: ColumnProfile) -> ColumnProfile:
    """The column itself; raises `UnfitError` if it is not numeric."""
    if not is_numeric(column):
        raise UnfitError(f"`{column.name}` is not numeric")
    return column


def ordered(column: ColumnProfile) -> ColumnProfile:
    """The column itself; raises `UnfitError` if its values have no order."""
    if not is_ordered(column):
        raise UnfitError(f"`{column.name}` is neither a number nor a date")
    return column


def need_unique_names(head: Head) -> None:
    """Raise `UnfitError` where two columns have the same name, which some libraries cannot take."""
    columns = head.schema.table.columns
    if len({column.name for column in columns}) < len(columns):
        raise UnfitError("two columns of the table have the same name")


def measure(function: str, column: ColumnProfile) -> Measure:
    """A statistic of a column; raises `UnfitError` where it has no meaning."""
    if function in ("min", "max"):
        ordered(column)
    elif function != "count":
        numeric(column)
    if function.startswith("quantile:"):
        return Measure(function="quantile", column=column_of(column), q=float(function.partition(":")[2]))
    name, _, kind = function.partition(":")
    ddof = 0 if kind == "population" else 1
    return Measure(function=cast(Function, name), column=column_of(column), ddof=ddof)


def head_of(items: Sequence[Item], schema: Schema) -> Head | None:
    """The head of a reading; `None` where a word is unknown. Raises `AmbiguousError` and `UnfitError`."""
    kept = [item for item in items if item.code != "_"]
    if any(item.code in "?!" for item in kept):
        return None
    reduced = _groups(_measures(reduce_conditions(kept)), schema.table.rows)
    conditions = tuple(item for item in reduced if item.code == "K")
    groups = tuple(column for item in reduced if item.code == "G" for column in item.columns)
    if len(set(groups)) != len(groups):
        return None
    left = [
        replace(item, code="C") if item.code == "Y" else item for item in reduced if item.code not in "KGHWI"
    ]
    where = _all(conditions)
    fillers = tuple(fold(item.text) for item in items if item.code == "_")
    opening = fold(items[0].text) if items else ""
    return Head(schema, tuple(_tidy(left)), where, groups, codes(reduced), conditions, fillers, opening)


def _all(conditions: Sequence[Item]) -> Condition | None:
    parts = [item.condition for item in conditions if item.condition is not None]
    if len(parts) < 2:
        return parts[0] if parts else None
    if any(isinstance(part, AnyOf) for part in parts):
        raise AmbiguousError("it is not clear what the `or` joins; ask in two questions")
    return AllOf(parts=tuple(parts))


def _tidy(items: Sequence[Item]) -> list[Item]:
    """Without commas that join nothing any more, and with each noun for the rows said once."""
    tidy: list[Item] = []
    for index, item in enumerate(items):
        after = items[index + 1].code if index + 1 < len(items) else ""
        if item.text == "," and not (tidy and tidy[-1].code == "C" and after == "C"):
            if [kept.code for kept in tidy] == ["U"]:
                tidy.clear()  # "for furnished houses, ..."
            continue
        if item.code == "U" and tidy and tidy[-1].code == "U":
            tidy[-1] = _plainer(tidy[-1], item)
            continue
        if item.code == "C" and tidy and tidy[-1].code == "C" and tidy[-1].column == item.column:
            continue  # "units sold" of a column of units
        tidy.append(item)
    return tidy


def _plainer(first: Item, second: Item) -> Item:
    """Of two nouns in a row (`rows` `housing`) the one that assumes more, so that nothing is hidden."""
    return second if second.value == "assumed" else first


_FUNCTIONS = {"largest": ("max",), "smallest": ("min",), "range": ("min", "max")}
_LAST = ("range", "skew")
"""Statistics that are named after their column."""
"""Words whose statistics have other names."""


def _measures(items: Sequence[Item]) -> list[Item]:
    """Replace statistics with their columns by M items, and join those that stand side by side."""
    items = _replace(items, re.compile(r"(?<![SZTACY])[CY]S"), _range_last)
    pattern = re.compile(r"(?<!N)[SZT](?:A+[SZT])*[UWI]*n?[CY](?:A+[CY](?!S))*")
    return _merge(_replace(items, pattern, _measure_item), "M", r"M(?:A+M)+")


def _range_last(part: Sequence[Item]) -> Item | None:
    """`price range`, the one statistic that is named after its column."""
    column, word = part
    return _measure_item((word, column)) if word.value in _LAST else None


def _measure_item(part: Sequence[Item]) -> Item | None:
    columns = [item.column for item in part if item.code in "CY" and item.column is not None]
    words = [item for item in part if item.code in "SZT"]
    if not all(compares(word, columns) for word in words):
        return None
    if any(word.code == "T" and is_id(column) for word in words for column in columns):
        return None  # "the top customer" has no large number
    measures = tuple(
        measure(function, column)
        for column in columns
        for word in words
        for function in _FUNCTIONS.get(word.value, (word.value,))
    )
    if len(set(measures)) != len(measures):
        return None
    return Item("M", _text(part), _score(part), cue=words[0].cue, measures=measures)


def compares(word: Item, columns: Sequence[ColumnProfile]) -> bool:
    """Whether an adjective can be said of these columns: `largest area`, but not `cheapest area`."""
    if word.code != "T" or word.cue is None or not word.cue.concepts or "size" in word.cue.concepts:
        return True
    concepts = set(word.cue.concepts)
    return all(column == word.column or concepts & set(words_of(column.name)) for column in columns)


def _groups(items: Sequence[Item], rows: int) -> list[Item]:
    """Replace `by this and that` by G items.

    Raises `UnfitError` if a part of a name would group by a column that is different in every row: the price
    `paid by the guests` is no price by guest number.
    """

    def group(part: Sequence[Item]) -> Item:
        columns = tuple(item.column for item in part if item.column is not None)
        _refuse_ratio(part, columns, items, rows)
        _refuse_row_of_each(part, items)
        for item in part:
            if item.column is not None and item.score <= PART and item.column.distinct == rows:
                raise UnfitError(
                    f"`{item.column.name}` is different in every row; name it in full to group by it"
                )
        return Item("G", _text(part), _score(part), columns=columns)

    return _replace(items, re.compile(r"B+[nw]?U?[CY](?:A+B*n?[CY])*"), group)


def _refuse_row_of_each(group: Sequence[Item], items: Sequence[Item]) -> None:
    """Raise `UnfitError` for `the largest house for each region`: only `by` names what rows are ranked by."""
    letters = codes(items)
    ranks_rows = "M" not in letters and ("T" in letters or "Z" in letters)
    links = {fold(item.text) for item in group if item.code == "B"}
    if ranks_rows and not links <= {"by", "according to"}:
        raise UnfitError("I rank the rows of the whole table, not those of each group")


def _refuse_ratio(
    group: Sequence[Item], columns: Sequence[ColumnProfile], items: Sequence[Item], rows: int
) -> None:
    """Raise `AmbiguousError` for `largest area per bedroom`: it may ask for a ratio of each row.

    A mean per bedroom is taken as a group of its own, while there are few numbers of bedrooms.
    """
    if not any(fold(item.text) == "per" for item in group) or "h" in codes(items):
        return
    made = [column.name for column in columns if not column.quantiles and column.distinct is None]
    if made and any(m.function == "mean" for item in items for m in item.measures):
        raise AmbiguousError(
            f"“per {group[-1].text}” can mean a mean of its rows or of its totals; say “by” for the former"
        )
    extreme = any(measure.function in ("min", "max") for item in items for measure in item.measures)
    for column in columns:
        many = column.distinct is None or column.distinct > min(MOST_GROUPS, rows / 2)
        figured = any(item.measures for item in items)
        named = nature(column) == "name" and not figured
        counted = figured or "n" in codes(items) or "U" in codes(items)
        if not is_numeric(column) or yes_and_no(column) is not None or named:
            continue
        if extreme or many or not counted:
            raise AmbiguousError(
                f"`per` with `{column.name}` can ask for a ratio of each row, which I do not compute; "
                f"say `by {column.name}` for one figure for each of its values"
            )


def _replace(
    items: Sequence[Item], pattern: re.Pattern[str], build: Callable[[Sequence[Item]], Item | None]
) -> list[Item]:
    result: list[Item] = []
    position = 0
    for match in pattern.finditer(codes(items)):
        built = build(items[match.start() : match.end()])
        result += items[position : match.start()]
        result += [built] if built else items[match.start() : match.end()]
        position = match.end()
    return result + list(items[position:])


def _merge(items: Sequence[Item], code: str, pattern: str) -> list[Item]:
    def merged(part: Sequence[Item]) -> Item:
        measures = tuple(measure for item in part for measure in item.measures)
        return Item(code, _text(part), _score(part), cue=part[0].cue, measures=measures)

    return _replace(items, re.compile(pattern), merged)


def _text(part: Sequence[Item]) -> str:
    return " ".join(item.text for item in part)


def _score(part: Sequence[Item]) -> float:
    return min(item.score for item in part)


def apply(rules: Sequence[Rule], head: Head) -> Plan | None:
    """The plan of the first rule whose letters are the head's and which finds it makes sense."""
    ends = any(each.function in ("min", "max") for each in head.measures)
    if head.is_entity() and (
        ends or (head.groups and not head.measures) or re.search(r"[TZLNnsDr]", head.codes)
    ):
        return None  # rows are not what such a noun counts
    for pattern, build in rules:
        if re.fullmatch(pattern, head.codes):
            plan = build(head)
            if plan is not None:
                return plan if head.opening != "when" or _has_date(plan) else None
    return None


def _has_date(plan: Plan) -> bool:
    """Whether the answer to `when` shows one: rows with the columns that were chosen for it."""
    return isinstance(plan.ask, TopRows) and len(plan.ask.columns) > 1


def refuse_either(head: Head) -> None:
    """Raise `AmbiguousError` where a figure is asked of `A and B`: it could be one figure or two."""
    if any(item.either for item in head.conditions):
        raise AmbiguousError(
            "one figure for both together, or one for each? Say `or` for together, `by` for each"
        )
