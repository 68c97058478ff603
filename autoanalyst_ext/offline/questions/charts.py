"""What questions for a chart mean."""

from dataclasses import replace

from ...types.profiles import ColumnProfile
from ..plan import (
    BoxPlot,
    GroupChart,
    GroupHeatMap,
    HeatMap,
    Histogram,
    LineChart,
    Measure,
    Plan,
    Question,
    Scatter,
    ViolinPlot,
)
from ..words.schema import is_numeric
from .conditions import column_of
from .figures import adds_up, one_meant
from .grammar import Head, UnfitError, need_unique_names, numeric, ordered, refuse_either

MOST_BARS = 50
"""A bar chart of the values of a column with more than this is refused."""
MOST_SLICES = 12
"""The same of a pie chart."""
_MARKS = {"bar": "bar", "plot": "bar", "line": "line", "pie": "pie", "area": "area"}


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
    mark = marks.pop()
    return _heat_map(rest) if mark == "heat" else _chart(mark, rest)


def _chart(mark: str, head: Head) -> Plan | None:
    match head.codes:
        case "C" | "UC" | "CU" if not head.groups:
            return _one_column(mark, head)
        case "C" | "UC" | "CU" if len(head.groups) == 1:
            return _by_column(mark, head)
        case "CNi" | "NiC" if mark == "histogram" and not head.groups:
            bins = head.count()
            return head.plan(Histogram(x=column_of(numeric(head.columns[0])), bins=bins)) if bins else None
        case "CkC" | "CAC" | "COC" | "CBC":
            return _two_columns(mark, head)
        case "M" | "MU" if head.groups:
            return _group_chart(mark, head)
        case "MkC" | "MOC":
            return _along(mark, head)
        case "n" | "nU" | "U" | "" if head.groups:
            return _group_chart(mark, head)
        case "nC" if not head.groups:
            return _one_column(mark, head)
        case _:
            return None


def _one_column(mark: str, head: Head) -> Plan | None:
    column = head.columns[0]
    if mark == "histogram" and is_numeric(column):
        return head.plan(Histogram(x=column_of(column)))
    if mark in ("box", "violin"):
        return head.plan(_spread(mark, column))
    if mark in ("bar", "histogram"):
        return head.plan(GroupChart(mark="bar"), by=(_few_values(column, MOST_BARS),))
    if mark == "pie":
        return head.plan(GroupChart(mark="pie"), by=(_few_values(column, MOST_SLICES),))
    return None


def _spread(mark: str, column: ColumnProfile) -> BoxPlot | ViolinPlot:
    y = column_of(numeric(column))
    return BoxPlot(y=y) if mark == "box" else ViolinPlot(y=y)


def _few_values(column: ColumnProfile, most: int) -> ColumnProfile:
    if column.kind == "other" or column.distinct is None or column.distinct > most:
        raise UnfitError(f"`{column.name}` has too many different values to draw one each")
    return column


def _by_column(mark: str, head: Head) -> Plan | None:
    column, group = head.columns[0], head.groups[0]
    if column == group:
        return None
    spoken = next(item.text for item in head.items if item.code == "C")
    match mark:
        case "histogram":
            ask: Question = Histogram(x=column_of(numeric(column)))
            return head.plan(ask, by=(_few_values(group, MOST_BARS),))
        case "box" | "violin":
            return head.plan(_spread(mark, column), by=(_few_values(group, MOST_BARS),))
        case "line" if group not in head.schema.virtual and not adds_up(column, spoken):
            return head.plan(LineChart(x=column_of(ordered(group)), y=column_of(numeric(column))), by=())
        case "scatter":
            return head.plan(Scatter(x=column_of(group), y=column_of(numeric(column))), by=())
        case "bar" | "line" | "area" | "pie":
            return _figure_chart(mark, head, one_meant(numeric(column), spoken))
        case _:
            return None


def _two_columns(mark: str, head: Head) -> Plan | None:
    first, second = head.columns
    link = head.items[1]
    if first == second or (link.code == "O" and link.text != "over"):
        return None
    # "a against b" has a on the vertical axis; "a and b" is read along the axes
    x, y = (first, second) if link.code == "A" else (second, first)
    along = link.code != "A" and x.kind == "datetime"
    timed = mark == "plot" and x.kind == "datetime" and link.code != "A"
    repeated = x.kind == "datetime" and (x.distinct or 0) < head.schema.table.rows and head.where is None
    repeated = repeated and x.distinct is not None
    if (mark == "line" or timed) and repeated and not head.groups and link.code != "A":
        return _figure_chart("line", replace(head, groups=(x,)), one_meant(numeric(y)))
    if (mark == "line" or timed) and not head.groups and link.code != "A":
        return head.plan(LineChart(x=column_of(ordered(x)), y=column_of(numeric(y))))
    if mark == "plot" and along and len(head.groups) < 2:
        return head.plan(LineChart(x=column_of(x), y=column_of(numeric(y))))
    if mark in ("scatter", "plot") and len(head.groups) < 2:
        return head.plan(Scatter(x=column_of(ordered(x)), y=column_of(numeric(y))))
    return None


def _along(mark: str, head: Head) -> Plan | None:
    """`average price over the years`: the figure of each date or year, in order."""
    link, group = head.items[1], head.columns[-1]
    if head.groups or mark not in ("line", "plot", "area") or (link.code == "O" and link.text != "over"):
        return None
    if group not in head.schema.virtual:
        ordered(group)
    if len(head.measures) != 1 or head.measures[0].column == column_of(group):
        return None
    kept = replace(head, groups=(group,))
    return _figure_chart("area" if mark == "area" else "line", kept, head.measures[0])


def _group_chart(mark: str, head: Head) -> Plan | None:
    refuse_either(head)
    measures = head.measures
    if len(measures) > 1 or len(head.groups) > 2 or mark not in _MARKS:
        return None
    if any(measure.column == column_of(group) for measure in measures for group in head.groups):
        raise UnfitError("a column cannot be both the group and the figure")
    if head.where is None and not measures and not head.knows_rows():
        return None
    if mark in ("line", "area") and head.groups[0] not in head.schema.virtual:
        ordered(head.groups[0])
    if mark == "pie" and len(head.groups) > 1:
        return None
    return _figure_chart(mark, head, measures[0] if measures else None)


def _figure_chart(mark: str, head: Head, measure: Measure | None) -> Plan | None:
    """A chart of one figure, or of the number of rows, for each group."""
    group = head.groups[0]
    if mark == "pie":
        if measure is not None and measure.function not in ("sum", "count"):
            raise UnfitError("the slices of a pie are parts of a whole; ask for a total, or for bars")
        if group.distinct is not None:
            _few_values(group, MOST_SLICES)
    along = group.kind == "datetime" or group in head.schema.virtual
    kind = "line" if mark == "plot" and along else _MARKS[mark]
    return head.plan(GroupChart.model_validate({"mark": kind, "measure": measure}))


def _heat_map(head: Head) -> Plan | None:
    """`heat map of the correlations`, `heat map of the average rent by city and year`."""
    if head.codes in ("a", "c", "ac", "ca", "cu", "au") and not head.groups:
        return head.plan(HeatMap())
    if head.codes in ("", "n", "nU", "U", "M") and len(head.groups) == 2 and len(head.measures) < 2:
        refuse_either(head)
        measure = head.measures[0] if head.measures else None
        if measure is None and not head.knows_rows():
            return None
        return head.plan(GroupHeatMap(measure=measure))
    columns = head.columns
    listed = head.codes.lstrip("c") == "A".join("C" * len(columns))
    if listed and len(columns) > 1 and not head.groups:
        return head.plan(HeatMap(columns=tuple(column_of(numeric(column)) for column in columns)))
    return None
