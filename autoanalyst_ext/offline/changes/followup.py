"""Follow-up questions that change one thing of the chat's last plan.

`and the median?`, `only 2023`, `by country?`, `what about science?`, `as a bar chart`, `make it 8`. A
fragment says nothing by itself: whatever names what to do, or the rows, is a question of its own. How a
correction is worded is in `corrections`; set phrases such as `the other way round` are in `changes`.
"""

import re
from collections.abc import Sequence

from ...types.profiles import ColumnProfile
from ..plan import (
    CorrelationMatrix,
    GroupChart,
    HeatMap,
    Plan,
    Rank,
    Rows,
    Statistics,
    TopRows,
    ValueCounts,
)
from ..questions.conditions import AmbiguousError, column_of
from ..questions.grammar import UnfitError, measure
from ..words.item import Item, codes
from ..words.schema import Schema, is_numeric, words_of
from ..words.tokens import fold, word_set
from .drawing import as_chart, as_pivot
from .exchange import exchanged, with_column, with_pair, with_partner
from .groups import narrowed, without_groups
from .numbers import other_limit, other_number
from .order import one_figure, ordered_by_figure

_STANDALONE = word_set("show list give find display get print which who tell see want need")
_OPENING = re.compile(r"^(?:X?A|[Ap])+")
_LIMITING = word_set("only just without excluding except but not for from among with")
"""A question that begins with one of these is about fewer rows of the last answer."""


def is_fragment(items: Sequence[Item]) -> bool:
    """Whether a reading can only be a change of an earlier question."""
    first = fold(items[0].text).split()[0] if items else ""
    limits = first in _LIMITING or (bool(items) and fold(items[-1].text) == "only")
    if any(item.code in "?!" or (item.code == "U" and not limits) for item in items):
        return False
    shown = any(item.code == "h" for item in items) or all(item.code in "_NTL" for item in items)
    words = _STANDALONE - {"show", "display", "see", "want", "give"} if shown else _STANDALONE
    return not any(word in words for item in items if item.code == "_" for word in item.text.split())


def without_opening(items: Sequence[Item]) -> Sequence[Item]:
    """The items without the links that a follow-up begins with: `and`, `what about`."""
    opening = _OPENING.match(codes(items))
    return items[opening.end() :] if opening else items


def followed(items: Sequence[Item], previous: Plan, schema: Schema, *, corrects: bool = False) -> Plan | None:
    """The last plan with what the question changes, maybe to the same; `None` for anything else.

    `corrects`: the words around it said that it changes something. Raises `UnfitError` or `AmbiguousError`
    when the change makes no sense.
    """
    if not is_fragment(items):
        return None
    limits = bool(items) and fold(items[0].text).split()[0] in ("only", "just")
    kept = [item for item in items if item.code not in "_U"]
    rest = without_opening(kept)
    letters, begins = codes(rest), len(rest) < len(kept)
    if not begins and re.fullmatch(r"X[SZ].*|X[BWH].*", letters) and rest[0].text in ("no", "not"):
        if letters.startswith("XB"):
            return without_groups(rest[1:], previous, schema)
        rest, letters = rest[1:], letters[1:]
    opened = corrects or begins or (bool(items) and fold(items[0].text) in ("of", "for", "in"))
    if limits and (plan := _only_columns(rest, letters, previous)) is not None:
        return plan
    if (plan := _other_ask(rest, letters, previous, schema, corrects=corrects)) is not None:
        return plan
    if re.fullmatch(r"V", letters) and opened and _is_like(rest[0], previous, schema):
        raise AmbiguousError(f"“{rest[0].text}” can be a value or a column")
    if opened and (plan := _other_columns(rest, letters, previous)) is not None:
        return plan
    return narrowed(rest, previous, schema)


def _other_ask(
    rest: Sequence[Item], letters: str, previous: Plan, schema: Schema, *, corrects: bool
) -> Plan | None:
    """Another statistic, chart, number or end of an order."""
    if re.fullmatch(r"[SZ](?:A+[SZ])*", letters):
        return _other_statistics([item.value for item in rest if item.code in "SZ"], previous, schema)
    if re.fullmatch(r"h+", letters):
        marks = {item.value for item in rest}
        marks = marks - {"plot"} if len(marks) > 1 else marks
        return as_chart(marks.pop(), previous) if len(marks) == 1 else None
    if re.fullmatch(r"W?TN?|NT", letters):
        word = next(item for item in rest if item.code == "T")
        number = next((item.number for item in rest if item.code == "N"), None)
        return _other_end(word, number, previous, schema, corrects=corrects)
    if re.fullmatch(r"W?L?N", letters) and isinstance(rest[-1].number, int):
        return other_number(rest, previous, schema)
    if re.fullmatch(r"W?(?:ON|bN[tA]N)", letters):
        return other_limit(rest, previous, schema)
    if corrects and re.fullmatch(r"[SZ]W?C", letters) and rest[-1].column is not None:
        return _other_figure(rest[0].value, rest[-1].column, previous)
    if letters == "z" and isinstance(previous.ask, ValueCounts):
        count = previous.rank.count if previous.rank is not None else 1
        return previous.model_copy(update={"rank": Rank(largest=rest[0].value == "largest", count=count)})
    if letters == "#":
        return as_pivot(previous)
    if re.fullmatch(r"sB?C", letters) and rest[-1].column is not None:
        return _sorted_by(rest[-1].column, previous)
    return None


def _other_columns(rest: Sequence[Item], letters: str, previous: Plan) -> Plan | None:
    """`units instead`, `price and rating instead`, `with rating`."""
    columns = [item.column for item in rest if item.column is not None]
    match letters, columns:
        case ("C" | "WC", [column]):
            return with_column(previous, column)
        case ("HC" | "kC", [column]):
            return with_partner(previous, column)
        case (("CAC" | "CkC" | "WCAC"), [first, second]):
            return with_pair(previous, first, second)
        case _:
            return None


def _only_columns(rest: Sequence[Item], letters: str, previous: Plan) -> Plan | None:
    """`only price and units`: of rows, of gaps and of correlations."""
    columns = tuple(column_of(item.column) for item in rest if item.column is not None)
    if not re.fullmatch(r"W?[CY](?:A+[CY])*", letters) or len(set(columns)) < len(columns):
        return None
    match previous.ask:
        case Rows() | TopRows():
            return previous.model_copy(update={"ask": previous.ask.model_copy(update={"columns": columns})})
        case CorrelationMatrix() | HeatMap() if len(columns) > 1:
            if not all(item.column is None or is_numeric(item.column) for item in rest):
                raise UnfitError("only numeric columns correlate")
            return previous.model_copy(update={"ask": previous.ask.model_copy(update={"columns": columns})})
        case _:
            return None


def _other_figure(function: str, column: ColumnProfile, previous: Plan) -> Plan | None:
    """`no, the sum of units`: another figure of the same rows and groups."""
    figure = measure(function, column)
    if figure.column in previous.by:
        raise UnfitError("the column is already what the figures are grouped by")
    match previous.ask:
        case Statistics():
            return previous.model_copy(update={"ask": Statistics(measures=(figure,))})
        case GroupChart():
            return previous.model_copy(update={"ask": previous.ask.model_copy(update={"measure": figure})})
        case _:
            return None


def replaced(old: Sequence[Item], new: Sequence[Item], previous: Plan, schema: Schema) -> Plan | None:
    """`not by shop but by region`: the new where the old is, which must be in the last plan."""
    before, after = _bare(old), _bare(new)
    if (was := _only_column(before)) and (now := _only_column(after)):
        plan = exchanged(previous, was, now, schema)
        if plan is None:
            raise UnfitError(f"`{was.name}` is not in the last answer")
        return plan
    if followed(old, previous, schema, corrects=True) != previous:
        raise UnfitError("what you take back is not in the last answer")
    return followed(new, previous, schema, corrects=True)


def _bare(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.code not in "_U"]


def _only_column(items: Sequence[Item]) -> ColumnProfile | None:
    """The column of `by shop` or `units`."""
    return items[-1].column if re.fullmatch(r"[BW]?[CY]", codes(items)) else None


def _is_like(item: Item, previous: Plan, schema: Schema) -> bool:
    """Whether a value is also a part of the name of a column of the last one's unit."""
    if not isinstance(previous.ask, Statistics):
        return False
    units = {words_of(measure.column.name)[-1:] for measure in previous.ask.measures}
    return any(
        fold(item.text) in words_of(column.name) and words_of(column.name)[-1:] in units
        for column in schema.columns
    )


def _other_statistics(functions: Sequence[str], previous: Plan, schema: Schema) -> Plan | None:
    if isinstance(previous.ask, GroupChart) and previous.ask.measure is not None and len(functions) == 1:
        profile = schema.table.column(previous.ask.measure.column.name)
        if profile is None:
            return None
        ask = previous.ask.model_copy(update={"measure": measure(functions[0], profile)})
        return previous.model_copy(update={"ask": ask})
    if not isinstance(previous.ask, Statistics):
        return None
    profiles = [schema.table.column(m.column.name) for m in previous.ask.measures]
    columns = dict.fromkeys(profile for profile in profiles if profile is not None)
    if len(columns) != len({m.column for m in previous.ask.measures}):
        return None
    measures = tuple(dict.fromkeys(measure(function, column) for column in columns for function in functions))
    if previous.rank is not None and len(measures) > 1:
        return None
    return previous.model_copy(update={"ask": Statistics(measures=measures)})


def _other_end(
    word: Item, number: float | None, previous: Plan, schema: Schema, *, corrects: bool
) -> Plan | None:
    """`the bottom 3`, `the lowest`, `top 2`: the other end of an order, or a first order of groups."""
    if number is not None and (not isinstance(number, int) or number < 1):
        return None
    largest = word.value == "largest"
    match previous.ask:
        case TopRows(by=by, count=count):
            if word.column is not None and column_of(word.column) != by:
                return None
            update = {"largest": largest, "count": count if number is None else number}
            return previous.model_copy(update={"ask": previous.ask.model_copy(update=update)})
        case _ if word.column is not None:
            return None
    if previous.rank is not None:
        rank = Rank(largest=largest, count=previous.rank.count if number is None else number)
        return previous.model_copy(update={"rank": rank})
    if number is not None:
        return (
            previous.model_copy(update={"rank": Rank(largest=largest, count=number)})
            if one_figure(previous)
            else None
        )
    if word.text not in ("highest", "largest", "lowest", "smallest"):
        return None
    if previous.by and not corrects:
        raise AmbiguousError(f"“{word.text}” can mean a value in each group, or the group with that figure")
    return _other_statistics(["max" if largest else "min"], previous, schema)


def _sorted_by(column: ColumnProfile, previous: Plan) -> Plan | None:
    """`sorted by price`, `sorted by shop`: groups by their figure, or by their name."""
    if not one_figure(previous) or previous.rank is not None:
        return None
    if column_of(column) in previous.by:
        return previous.model_copy(update={"rank": None})
    if isinstance(previous.ask, Statistics) and previous.ask.measures[0].column == column_of(column):
        return ordered_by_figure(previous, largest=True)
    return None
