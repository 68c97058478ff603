"""Other rows of the last plan: all of them, without outliers, gaps or repeats; and no groups."""

import re
from collections.abc import Sequence

from ..plan import (
    AllOf,
    Column,
    CompareColumns,
    Condition,
    Correlation,
    DropDuplicates,
    DropMissing,
    DropOutliers,
    Fences,
    GroupChart,
    Histogram,
    KeepRows,
    Measure,
    Plan,
    RowCount,
    Share,
    Statistics,
)
from ..words.schema import Schema, words_of
from ..words.tokens import fold, singular
from .misfit import MisfitError


def parts_of(where: Condition | None) -> list[Condition]:
    """The conditions that all have to hold."""
    return list(where.parts) if isinstance(where, AllOf) else [where] if where is not None else []


def conjunction(parts: Sequence[Condition]) -> Condition | None:
    """All of these, as one condition."""
    return AllOf(parts=tuple(parts)) if len(parts) > 1 else parts[0] if parts else None


def ungrouped(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    if not plan.by or not isinstance(plan.ask, RowCount | Share | Statistics | Correlation):
        raise MisfitError("the last answer has no groups that can be left out")
    return plan.model_copy(update={"by": (), "rank": None})


def unfiltered(plan: Plan, match: re.Match[str], _: Schema) -> Plan:
    """Without the condition: the whole one, or the one about the column whose values are all wanted."""
    noun = match.groupdict().get("noun")
    if noun is None or noun in _ANY_ROWS or singular(noun) == singular(fold(plan.table)):
        if plan.where is None:
            raise MisfitError("the last answer is about all rows already")
        return plan.model_copy(update={"where": None})
    kept = [part for part in parts_of(plan.where) if singular(noun) not in _names(part)]
    if len(kept) == len(parts_of(plan.where)):
        raise MisfitError(f"the last answer is not limited to some {noun}")
    return plan.model_copy(update={"where": conjunction(kept)})


_ANY_ROWS = ("rows", "data", "of it", "of them", "everything", "records")


def everything(plan: Plan, match: re.Match[str], schema: Schema) -> Plan:
    if plan.by and plan.where is not None:
        raise MisfitError("it is not clear whether the groups or the condition should go")
    return ungrouped(plan, match, schema) if plan.by else unfiltered(plan, match, schema)


def is_named(noun: str, column: Column) -> bool:
    return singular(noun) in {singular(word) for word in words_of(column.name)}


def _names(condition: Condition) -> set[str]:
    """The words of the name of the column that a condition is about, in the singular."""
    if isinstance(condition, CompareColumns) or not hasattr(condition, "column"):
        return set()
    return {singular(word) for word in words_of(condition.column.name)}


def without_outliers(plan: Plan, _: re.Match[str], schema: Schema) -> Plan:
    """Outliers of the one column of figures, among the rows that the plan is about."""
    match plan.ask:
        case Statistics(measures=measures) if len({each.column for each in measures}) == 1:
            column = measures[0].column
        case GroupChart(measure=Measure(column=column)) | Histogram(x=column):
            pass
        case _:
            raise MisfitError("it is not clear in which column outliers are meant")
    profile = schema.table.column(column.name)
    if profile is None or profile.kind not in ("integer", "number"):
        raise MisfitError(f"I look for outliers in numbers, and `{column.name}` has none")
    kept = (KeepRows(where=plan.where),) if plan.where is not None else ()
    steps = (*plan.steps, *kept, DropOutliers(column=column, rule=Fences()))
    return plan.model_copy(update={"steps": steps, "where": None})


def without_missing(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    """Figures leave missing values out by themselves; groups and figures then are over whole rows."""
    if not isinstance(plan.ask, Statistics):
        raise MisfitError("it is not clear in which column a value must be there")
    columns = tuple(dict.fromkeys([*(each.column for each in plan.ask.measures), *plan.by]))
    return plan.model_copy(update={"steps": (*plan.steps, DropMissing(columns=columns))})


def without_duplicates(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    return plan.model_copy(update={"steps": (DropDuplicates(), *plan.steps)})
