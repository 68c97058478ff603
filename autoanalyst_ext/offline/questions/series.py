"""Questions for a course in time: growth, rolling figures, running totals, `sales over time`.

The rows of each day, month or year become one figure in a step; what changes from one to the next is a column
beside it. What a column stands for where no statistic is named is as in `figures`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...types.profiles import ColumnProfile
from ..cells.naming import measure_keys
from ..plan import (
    Arithmetic,
    Column,
    Constant,
    Derive,
    Group,
    GroupChart,
    KeepRows,
    Measure,
    Moving,
    Plan,
    Rows,
    Step,
)
from ..words.calendar import years_of
from ..words.schema import Schema
from .conditions import AmbiguousError, column_of
from .figures import is_figure, meant, one_meant
from .grammar import Head, Rule, UnfitError, refuse_either

_FEW_DAYS = 62
"""A course of so many days is drawn by the day, a longer one by the month."""
MANY_YEARS = 6
"""A longer one than this is drawn by the year."""


@dataclass(frozen=True)
class _Course:
    """One figure for each stretch of time."""

    period: ColumnProfile
    figure: Column
    steps: tuple[Step, ...]


def course_plan(head: Head) -> Plan | None:
    """`month over month growth of revenue`, `7 day rolling mean of rainfall`, `cumulative units by month`."""
    asked = [item.value for item in head.items if item.code == "@"]
    if len(asked) != 1 or not re.fullmatch(r"[@$NCMnUS]+", head.codes):
        return None
    refuse_either(head)
    course = _course(head, asked[0])
    if course is None:
        return None
    match asked[0]:
        case "growth":
            if head.item("NS"):
                return None
            moved = Moving(column=course.figure, function="growth")
            made = Derive(
                name="growth_pct", value=Arithmetic(operator="*", left=moved, right=Constant(value=100))
            )
        case "difference":
            if head.item("NS"):
                return None
            made = Derive(name="change", value=Moving(column=course.figure, function="difference"))
        case "cumulative":
            if head.item("NS"):
                return None
            made = Derive(name="running_total", value=Moving(column=course.figure, function="cumulative"))
        case _:
            window = head.count()
            if window is None or window < 2:
                raise UnfitError("over how many days or months? Say for example “7 day rolling mean”")
            made = _rolling(head, course, window)
    columns = (column_of(course.period), course.figure, Column(name=made.name))
    plan = head.plan(Rows(columns=columns), by=())
    return plan.model_copy(update={"where": None, "steps": (*course.steps, made)})


def _rolling(head: Head, course: _Course, window: int) -> Derive:
    words = [item.value for item in head.items if item.code == "S"] or ["mean"]
    words += [m.function for m in head.measures if m.function == "std"]
    if len(words) > 1 or words[0] not in ("mean", "sum", "std"):
        raise UnfitError("only means, sums and standard deviations roll")
    moving = Moving.model_validate({"column": course.figure, "function": words[0], "window": window})
    return Derive(name=f"rolling_{words[0]}_{window}", value=moving)


def _course(head: Head, asked: str) -> _Course | None:
    """The figure of each period that the question names; for running totals by the day where none is."""
    period = _period(head, "date" if asked == "cumulative" else None)
    figure = _figure(head, asked)
    if period is None or figure is None:
        return None
    by, steps = column_of(period), list(_chosen(head, period))
    if isinstance(figure, Measure):
        steps.append(Group(by=(by,), measures=(figure,)))
        name = measure_keys((figure,))[0]
    else:
        steps.append(Group(by=(by,), rows=True))
        name = "rows"
    return _Course(period, Column(name=name), tuple(steps))


def _chosen(head: Head, period: ColumnProfile) -> Sequence[Step]:
    """The steps before the groups: the rows that are meant, the part of the date."""
    kept = [KeepRows(where=head.where)] if head.where is not None else []
    used = head.where.model_dump_json() if head.where is not None else ""
    parts = [step for made, step in head.schema.virtual.items() if f'"{made.name}"' in used]
    own = head.schema.virtual[period]
    return [*parts, *kept, *([own] if own not in parts else [])]


def _period(head: Head, otherwise: str | None) -> ColumnProfile | None:
    """The part of a date that the figures are of."""
    virtual = head.schema.virtual
    named = [c for c in (*head.groups, *head.columns) if c in virtual and _is_period(c, head.schema)]
    others = [c for c in head.groups if c not in named]
    over = [item.value for item in head.items if item.code == "$"]
    if others:
        raise UnfitError("a course in time is not split by groups yet")
    parts = over or ([otherwise] if otherwise and not named else [])
    for part in parts:
        columns = head.schema.times(part)
        if len(columns) > 1 and not named:
            raise AmbiguousError("the table has several dates; say by which one")
        named += [c for c in columns if c not in named]
    if not named:
        raise UnfitError("from when to when? Say for example “by month”")
    return named[0] if len(set(named)) == 1 else None


def _is_period(column: ColumnProfile, schema: Schema) -> bool:
    return any(
        column in schema.times(part) for part in ("year", "year_month", "year_quarter", "week_start", "date")
    )


def _figure(head: Head, asked: str) -> Measure | Literal["rows"] | None:
    """The one figure, or `rows` where rows are counted."""
    if head.measures:
        only = head.measures[0]
        if len(head.measures) == 1 and asked == "moving" and only.function == "mean":
            column = head.schema.named_column(only.column.name)
            return None if column is None else meant(column)[0]  # the mean is over the days
        return only if len(head.measures) == 1 else None
    columns = [item for item in head.items if item.code == "C" and item.column not in head.schema.virtual]
    columns += [
        i for i in head.items if i.code == "C" and i.column in head.schema.virtual and is_figure(i.column)
    ]
    if len(columns) == 1 and columns[0].column is not None:
        column = columns[0].column
        if not is_figure(column):
            return None
        found = meant(column, columns[0].text)
        if len(found) > 1 and asked == "moving":
            return found[0]
        return one_meant(column, columns[0].text)
    if not columns and (head.item("n") or head.item("U")) and (head.knows_rows() or head.is_record_noun()):
        return "rows"
    return None


def over_time_plan(head: Head) -> Plan | None:
    """`units over time`, `how did the price change over time`: a line, by day, month or year."""
    items = [item for item in head.items if item.code != "@"]
    letters = "".join(item.code for item in items)
    changed = [item.value for item in head.items if item.code == "@"]
    if letters not in ("COC", "MOC", "UOC", "nUOC") or any(value != "difference" for value in changed):
        return None
    link, time = items[-2], items[-1].column
    if link.text != "over" or time is None or time.kind != "datetime" or head.groups:
        return None
    refuse_either(head)
    period = _fitting(time, head.schema)
    if period is None:
        return None
    figure: Measure | None = None
    if letters == "MOC":
        if len(head.measures) != 1:
            return None
        figure = head.measures[0]
    elif letters == "COC":
        column = items[0].column
        if column is None or not is_figure(column):
            return None
        figure = one_meant(column, items[0].text)
    elif not (head.knows_rows() or head.is_record_noun()):
        return None
    return head.plan(GroupChart(mark="line", measure=figure), by=(period,))


def _fitting(time: ColumnProfile, schema: Schema) -> ColumnProfile | None:
    """The part of a date that a line is drawn by: fine enough to see, coarse enough to read."""
    years = years_of(time)
    part = "year" if years and years[1] - years[0] >= MANY_YEARS and not schema.readings else "year_month"
    days = time.distinct
    if days is not None and days <= _FEW_DAYS:
        part = "date"
    found = [column for column in schema.times(part) if column.name.startswith(f"{time.name}_")]
    return found[0] if len(found) == 1 else None


COURSES: tuple[Rule, ...] = (
    (r"[@$NCMnUS]*@[@$NCMnUS]*", course_plan),
    (r"@?(?:C|M|n?U)OC@?|(?:C|M|n?U)@OC", over_time_plan),
)
