"""What questions for a chart mean."""

from dataclasses import replace

from ..types.profiles import ColumnProfile
from .conditions import column_of
from .grammar import Head, UnfitError, need_unique_names, numeric, ordered, refuse_either
from .plan import BoxPlot, GroupChart, Histogram, LineChart, Plan, Question, Scatter
from .schema import is_numeric

MOST_BARS = 50
"""A bar chart of the values of a column with more than this is refused."""


def chart_plan(head: Head) -> Plan | None:
    """The plan of a question that names a kind of chart."""
    marks = {item.value for item in head.items if item.code == "h"}
    if len(marks) > 1:
        marks.discard("plot")
    if len(marks) != 1:
        return None
    left = tuple(item for item in head.items if item.code != "h")
    rest = replace(head, items=left)
    need_unique_names(head)
    for column in (*rest.columns, *rest.groups):
        if not column.name_is_text:
            raise UnfitError(f"the name of column {column.name} is not a text, which charts need")
    return _chart(marks.pop(), rest)


def _chart(mark: str, head: Head) -> Plan | None:
    match head.codes:
        case "C" | "UC" | "CU" if not head.groups:
            return _one_column(mark, head)
        case "C" | "UC" | "CU" if len(head.groups) == 1:
            return _by_column(mark, head)
        case "CNi" | "NiC" if mark == "histogram" and not head.groups:
            bins = head.count()
            return head.plan(Histogram(x=column_of(numeric(head.columns[0])), bins=bins)) if bins else None
        case "CkC" | "CAC" | "COC":
            return _two_columns(mark, head)
        case "M" | "MU" if head.groups:
            return _group_chart(mark, head)
        case "n" | "nU" | "U" | "" if head.groups:
            return _group_chart(mark, head)
        case _:
            return None


def _one_column(mark: str, head: Head) -> Plan | None:
    column = head.columns[0]
    if mark == "histogram" and is_numeric(column):
        return head.plan(Histogram(x=column_of(column)))
    if mark == "box":
        return head.plan(BoxPlot(y=column_of(numeric(column))))
    if mark in ("bar", "histogram"):
        return head.plan(GroupChart(mark="bar"), by=(_few_values(column),))
    return None


def _few_values(column: ColumnProfile) -> ColumnProfile:
    if column.kind == "other" or column.distinct is None or column.distinct > MOST_BARS:
        raise UnfitError(f"`{column.name}` has too many different values for bars")
    return column


def _by_column(mark: str, head: Head) -> Plan | None:
    column, group = head.columns[0], head.groups[0]
    if column == group:
        return None
    ask: Question
    match mark:
        case "histogram":
            ask = Histogram(x=column_of(numeric(column)))
            return head.plan(ask, by=(_few_values(group),))
        case "box":
            ask = BoxPlot(y=column_of(numeric(column)))
            return head.plan(ask, by=(_few_values(group),))
        case "line":
            return head.plan(LineChart(x=column_of(ordered(group)), y=column_of(numeric(column))), by=())
        case "scatter":
            return head.plan(Scatter(x=column_of(group), y=column_of(numeric(column))), by=())
        case _:
            raise UnfitError(f"which figure of `{column.name}`? Say for example the average or the total")


def _two_columns(mark: str, head: Head) -> Plan | None:
    first, second = head.columns
    link = head.items[1]
    if first == second or (link.code == "O" and link.text != "over"):
        return None
    # "a against b" has a on the vertical axis; "a and b" is read along the axes
    x, y = (first, second) if link.code == "A" else (second, first)
    if mark == "line" and not head.groups and link.code != "A":
        return head.plan(LineChart(x=column_of(ordered(x)), y=column_of(numeric(y))))
    if mark in ("scatter", "plot") and len(head.groups) < 2:
        return head.plan(Scatter(x=column_of(ordered(x)), y=column_of(numeric(y))))
    return None


def _group_chart(mark: str, head: Head) -> Plan | None:
    refuse_either(head)
    measures = head.measures
    if len(measures) > 1 or len(head.groups) > 2 or mark not in ("bar", "line", "plot"):
        return None
    if any(measure.column == column_of(group) for measure in measures for group in head.groups):
        raise UnfitError("a column cannot be both the group and the figure")
    if head.where is None and not measures and not head.knows_rows():
        return None
    if mark == "line":
        ordered(head.groups[0])
    kind = "line" if mark == "line" or (mark == "plot" and head.groups[0].kind == "datetime") else "bar"
    ask = GroupChart(mark="line" if kind == "line" else "bar", measure=measures[0] if measures else None)
    return head.plan(ask)
