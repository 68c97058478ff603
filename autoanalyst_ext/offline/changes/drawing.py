"""The last figures as a chart or a pivot table, and the last chart as another one."""

from ..plan import (
    BoxPlot,
    Column,
    Correlation,
    CorrelationMatrix,
    Crosstab,
    GroupChart,
    GroupHeatMap,
    HeatMap,
    Histogram,
    Plan,
    Question,
    RowCount,
    Scatter,
    Statistics,
    ValueCounts,
    ViolinPlot,
)


def as_chart(mark: str, previous: Plan) -> Plan | None:
    """The last figures as a chart; the last chart in another form."""
    ask: Question | None = None
    match mark, previous.ask:
        case (("scatter" | "plot"), Correlation(left=left, right=right)):
            ask = Scatter(x=left, y=right)
        case (("heat" | "plot"), CorrelationMatrix(columns=columns, method="pearson")):
            ask = HeatMap(columns=columns)
        case "heat", RowCount() if len(previous.by) == 2 and previous.rank is None:
            return previous.model_copy(update={"ask": GroupHeatMap()})
        case "heat", Statistics(measures=(figure,)) if len(previous.by) == 2 and previous.rank is None:
            return previous.model_copy(update={"ask": GroupHeatMap(measure=figure), "decimals": None})
        case (
            ("histogram" | "box" | "violin"),
            (Histogram(x=column) | BoxPlot(y=column) | ViolinPlot(y=column)),
        ):
            ask = _distribution(mark, column)
        case (("histogram" | "box" | "violin"), Statistics(measures=measures)):
            same = len({each.column for each in measures}) == 1
            ask = _distribution(mark, measures[0].column) if same else None
        case (("bar" | "line" | "pie" | "area" | "plot"), _) if (
            previous.rank is None or previous.rank.count is None
        ):
            return _as_group_chart("bar" if mark == "plot" else mark, previous)
    if ask is None or previous.rank is not None or len(previous.by) > 1:
        return None
    return previous.model_copy(update={"ask": ask, "decimals": None})


def _distribution(mark: str, column: Column) -> Question:
    if mark == "histogram":
        return Histogram(x=column)
    return BoxPlot(y=column) if mark == "box" else ViolinPlot(y=column)


def _as_group_chart(kind: str, previous: Plan) -> Plan | None:
    order = None if previous.rank is None else "largest" if previous.rank.largest else "smallest"
    made = {"mark": kind, "sorted": order}
    by = previous.by
    match previous.ask:
        case RowCount() if by:
            ask = GroupChart.model_validate(made)
        case Statistics(measures=(only,)) if by:
            ask = GroupChart.model_validate({**made, "measure": only})
        case GroupChart():
            ask = previous.ask.model_copy(update={"mark": kind})
        case ValueCounts(column=column, share=False):
            ask, by = GroupChart.model_validate(made), (column,)
        case _:
            return None
    if len(by) > 2 or (kind == "pie" and len(by) > 1):
        return None
    return previous.model_copy(update={"ask": ask, "by": by, "rank": None, "decimals": None})


def as_pivot(previous: Plan) -> Plan | None:
    """Figures of two groups as a table of one against the other."""
    if len(previous.by) != 2 or previous.rank is not None:
        return None
    rows, columns = previous.by
    match previous.ask:
        case RowCount():
            ask = Crosstab(rows=rows, columns=columns)
        case Statistics(measures=(figure,)):
            ask = Crosstab(rows=rows, columns=columns, measure=figure)
        case _:
            return None
    return previous.model_copy(update={"ask": ask, "by": ()})
