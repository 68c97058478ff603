"""Other groups and other rows of the last plan, as a fragment names them: `by region`, `only tea`."""

from collections.abc import Sequence

from ...types.profiles import ColumnProfile
from ..plan import (
    BoxPlot,
    Column,
    Compare,
    Condition,
    Correlation,
    GroupChart,
    Histogram,
    Plan,
    RowCount,
    Scatter,
    Share,
    Statistics,
    TopRows,
    ViolinPlot,
)
from ..questions.conditions import column_of
from ..questions.grammar import Head, UnfitError, head_of
from ..words.item import Item
from ..words.schema import Schema
from .exchange import with_column
from .selected import conjunction, parts_of


def narrowed(rest: Sequence[Item], previous: Plan, schema: Schema) -> Plan | None:
    """Other rows, other groups, or both."""
    head = head_of(rest, schema)
    if head is None or head.codes or not (head.groups or head.conditions):
        return None
    plan = previous
    if head.groups:
        plan = _grouped(head, plan)
    if head.conditions and head.where is not None:
        plan = plan.model_copy(update={"where": _where(plan.where, head.where)})
    return plan


def _where(old: Condition | None, new: Condition) -> Condition | None:
    """Both conditions; the new one instead of the old where they are about one column."""
    column = _column(new)
    kept = [part for part in parts_of(old) if column is None or _column(part) != column]
    return conjunction([*kept, new])


def _column(condition: Condition) -> str | None:
    return condition.column.name if isinstance(condition, Compare) else None


def _grouped(head: Head, previous: Plan) -> Plan:
    if isinstance(previous.ask, TopRows) and len(head.groups) == 1 and not previous.by:
        plan = with_column(previous, head.groups[0])  # "by" names what the rows are ranked by
        assert plan is not None
        return plan
    return grouped_by(tuple(map(column_of, head.groups)), previous, head.groups)


def grouped_by(columns: tuple[Column, ...], previous: Plan, profiles: Sequence[ColumnProfile | None]) -> Plan:
    """The same figures of other groups."""
    if any(profile is None or profile.kind == "other" for profile in profiles):
        raise UnfitError("the last answer cannot be grouped otherwise")
    match previous.ask:
        case (
            RowCount()
            | Share()
            | GroupChart()
            | BoxPlot()
            | ViolinPlot()
            | Histogram()
            | Scatter()
            | Correlation()
        ):
            fits_in = len(columns) == 1 or isinstance(previous.ask, RowCount | Share | GroupChart)
        case Statistics(measures=measures):
            fits_in = all(each.column not in columns for each in measures)
        case _:
            fits_in = False
    if not fits_in:
        raise UnfitError("the last answer cannot be grouped")
    return previous.model_copy(update={"by": columns})


def without_groups(items: Sequence[Item], previous: Plan, schema: Schema) -> Plan:
    """`not by shop`: the other groups alone."""
    head = head_of(items, schema)
    gone = tuple(map(column_of, head.groups)) if head is not None else ()
    if not gone or not set(gone) <= set(previous.by) or head is None or head.codes or head.conditions:
        raise UnfitError("the last answer has no such groups")
    kept = tuple(column for column in previous.by if column not in gone)
    if not kept and not isinstance(previous.ask, RowCount | Share | Statistics | Correlation):
        raise UnfitError("the last answer needs its groups")
    return previous.model_copy(update={"by": kept, "rank": previous.rank if kept else None})
