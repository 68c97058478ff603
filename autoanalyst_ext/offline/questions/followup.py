"""Follow-up questions that change one thing of the chat's last plan.

`and the median?`, `only 2023`, `by country?`, `what about science?`, `as a bar chart`, `make it 8`. A
fragment says nothing by itself: whatever names what to do, or the rows, is a question of its own.
"""

import re
from collections.abc import Sequence

from ...types.profiles import ColumnProfile
from ..plan import (
    AllOf,
    Compare,
    Condition,
    GroupChart,
    Plan,
    RowCount,
    Rows,
    Share,
    Statistics,
    TopRows,
    ValueCounts,
)
from ..words.item import Item, codes
from ..words.schema import Schema, words_of
from ..words.tokens import fold, word_set
from .conditions import AmbiguousError, column_of
from .grammar import Head, UnfitError, head_of, measure

_STANDALONE = word_set("show list give find display get print which who tell see want need")
_OPENING = re.compile(r"^(?:X?A|[Ap])+")


def is_fragment(items: Sequence[Item]) -> bool:
    """Whether a reading can only be a change of an earlier question."""
    if any(item.code in "?!U" for item in items):
        return False
    charted = any(item.code == "h" for item in items)
    words = _STANDALONE - {"show", "display", "see", "want"} if charted else _STANDALONE
    return not any(word in words for item in items if item.code == "_" for word in item.text.split())


def followed(items: Sequence[Item], previous: Plan, schema: Schema) -> Plan | None:
    """The last plan with what the question changes; `None` for anything else.

    Raises `UnfitError` or `AmbiguousError` when the change makes no sense.
    """
    if not is_fragment(items):
        return None
    kept = [item for item in items if item.code != "_"]
    opening = _OPENING.match(codes(kept))
    rest = kept[opening.end() :] if opening else kept
    letters = codes(rest)
    if opening is None and re.fullmatch(r"X[SZ].*|X[BWH].*", letters) and rest[0].text in ("no", "not"):
        rest, letters = rest[1:], letters[1:]
    if re.fullmatch(r"[SZ](?:A+[SZ])*", letters):
        return _other_statistics([item.value for item in rest if item.code in "SZ"], previous, schema)
    if re.fullmatch(r"h+", letters):
        marks = {item.value for item in rest}
        marks = marks - {"plot"} if len(marks) > 1 else marks
        return _as_chart(marks.pop(), previous) if len(marks) == 1 else None
    if re.fullmatch(r"T", letters) and rest[0].text in ("highest", "largest", "lowest", "smallest"):
        return _other_statistics(["max" if rest[0].value == "largest" else "min"], previous, schema)
    if re.fullmatch(r"[TL]?N", letters) and isinstance(rest[-1].number, int):
        return _other_count(rest[-1].number, previous)
    if re.fullmatch(r"V", letters) and opening is not None and _is_like(rest[0], previous, schema):
        raise AmbiguousError(f"“{rest[0].text}” can be a value or a column")
    if re.fullmatch(r"W?C", letters) and opening is not None and rest[-1].column is not None:
        return _other_column(rest[-1].column, previous, schema)
    return _narrowed(rest, previous, schema)


def _is_like(item: Item, previous: Plan, schema: Schema) -> bool:
    """Whether a value is also a part of the name of a column of the last one's unit."""
    if not isinstance(previous.ask, Statistics):
        return False
    units = {words_of(measure.column.name)[-1:] for measure in previous.ask.measures}
    return any(
        fold(item.text) in words_of(column.name) and words_of(column.name)[-1:] in units
        for column in schema.columns
    )


def _narrowed(rest: Sequence[Item], previous: Plan, schema: Schema) -> Plan | None:
    """Other rows, other groups, or both."""
    head = head_of(rest, schema)
    if head is None or head.codes or not (head.groups or head.conditions):
        return None
    plan = previous
    if head.groups:
        plan = _grouped(head, plan)
    if head.conditions and head.where is not None:
        plan = plan.model_copy(update={"where": _where(plan.where, head.where)})
    return plan if plan != previous else None


def _where(old: Condition | None, new: Condition) -> Condition:
    """Both conditions; the new one instead of the old where they are about one column."""
    parts = list(old.parts) if isinstance(old, AllOf) else [old] if old is not None else []
    column = _column(new)
    kept = [part for part in parts if column is None or _column(part) != column]
    return AllOf(parts=(*kept, new)) if kept else new


def _column(condition: Condition) -> str | None:
    return condition.column.name if isinstance(condition, Compare) else None


def _grouped(head: Head, previous: Plan) -> Plan:
    columns = tuple(map(column_of, head.groups))
    if previous.rank is not None or any(column.kind == "other" for column in head.groups):
        raise UnfitError("the last answer cannot be grouped otherwise")
    match previous.ask:
        case RowCount() | Share() | GroupChart():
            return previous.model_copy(update={"by": columns})
        case Statistics(measures=measures) if all(m.column not in columns for m in measures):
            return previous.model_copy(update={"by": columns})
        case _:
            raise UnfitError("the last answer cannot be grouped")


def _other_statistics(functions: Sequence[str], previous: Plan, schema: Schema) -> Plan | None:
    if isinstance(previous.ask, GroupChart) and previous.ask.measure is not None and len(functions) == 1:
        profile = _profile(previous.ask.measure.column.name, schema)
        if profile is None:
            return None
        ask = previous.ask.model_copy(update={"measure": measure(functions[0], profile)})
        return previous.model_copy(update={"ask": ask})
    if not isinstance(previous.ask, Statistics):
        return None
    profiles = [_profile(m.column.name, schema) for m in previous.ask.measures]
    columns = dict.fromkeys(profile for profile in profiles if profile is not None)
    if len(columns) != len({m.column for m in previous.ask.measures}):
        return None
    measures = tuple(dict.fromkeys(measure(function, column) for column in columns for function in functions))
    if previous.rank is not None and len(measures) > 1:
        return None
    return previous.model_copy(update={"ask": Statistics(measures=measures)})


def _profile(name: str, schema: Schema) -> ColumnProfile | None:
    return schema.table.column(name)


def _other_column(column: ColumnProfile, previous: Plan, schema: Schema) -> Plan | None:
    """`what about science?`: the same figure of another column."""
    match previous.ask:
        case Statistics(measures=measures) if len({m.column for m in measures}) == 1:
            others = tuple(
                measure(m.function, column).model_copy(update={"ddof": m.ddof, "q": m.q}) for m in measures
            )
            if any(column_of(column) == by for by in previous.by):
                raise AmbiguousError("the column is already what the figures are grouped by")
            return previous.model_copy(update={"ask": Statistics(measures=others)})
        case ValueCounts():
            return previous.model_copy(
                update={"ask": previous.ask.model_copy(update={"column": column_of(column)})}
            )
        case _:
            return None


def _as_chart(mark: str, previous: Plan) -> Plan | None:
    """The last figures as a chart."""
    if mark not in ("bar", "line", "pie", "area", "plot") or previous.rank is not None:
        return None
    kind = "bar" if mark == "plot" else mark
    match previous.ask:
        case RowCount() if previous.by:
            ask = GroupChart.model_validate({"mark": kind})
        case Statistics(measures=(only,)) if previous.by:
            ask = GroupChart.model_validate({"mark": kind, "measure": only})
        case GroupChart():
            ask = previous.ask.model_copy(update={"mark": kind})
        case ValueCounts(column=column, share=False):
            ask = GroupChart.model_validate({"mark": kind})
            return previous.model_copy(update={"ask": ask, "by": (column,)})
        case _:
            return None
    if len(previous.by) > 2 or (kind == "pie" and len(previous.by) > 1):
        return None
    return previous.model_copy(update={"ask": ask})


def _other_count(count: int, previous: Plan) -> Plan | None:
    """`make it 8`: as many rows or groups."""
    if count < 1:
        return None
    if previous.rank is not None and previous.rank.count is not None:
        rank = previous.rank.model_copy(update={"count": count})
        return previous.model_copy(update={"rank": rank})
    match previous.ask:
        case TopRows(count=int()) | Rows(part="first" | "last"):
            return previous.model_copy(update={"ask": previous.ask.model_copy(update={"count": count})})
        case _:
            return None
