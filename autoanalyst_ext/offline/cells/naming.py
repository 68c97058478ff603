"""Names for the variables that a plan's code makes: readable, valid, and never one that is taken."""

import builtins
import keyword
import re
from collections.abc import Iterable

from ..plan import (
    CHARTS,
    BoxPlot,
    Column,
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Crosstab,
    Distinct,
    ExtremeColumn,
    GroupChart,
    GroupHeatMap,
    Histogram,
    LineChart,
    Measure,
    MissingValues,
    Outliers,
    Plan,
    RowCount,
    Rows,
    Scatter,
    Size,
    Statistics,
    Summary,
    SumShare,
    TopRows,
    ValueCounts,
    ViolinPlot,
)

LONGEST = 40
"""Letters of a name, before a number is added to tell it from another."""

IMPORTED = frozenset(
    {"px", "pd", "np", "sm", "stats", "scipy", "train_test_split", "accuracy_score", "precision_score"}
    | {"recall_score", "f1_score", "roc_auc_score", "mean_squared_error", "mean_absolute_error", "r2_score"}
    | {"silhouette_score"}
)
"""What cells import, always under these names."""


class Names:
    """Hands out names, each once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken, *keyword.kwlist, *keyword.softkwlist, *dir(builtins), *IMPORTED}

    def new(self, wish: str) -> str:
        """A valid name that nobody has, as near to `wish` as possible."""
        base = _short(slug(wish))
        name, number = base, 2
        while name in self._taken:
            name, number = f"{base}_{number}", number + 1
        self._taken.add(name)
        return name


def _short(name: str) -> str:
    """The first words of a long name."""
    if len(name) <= LONGEST:
        return name
    words, _, _ = name[: LONGEST + 1].rpartition("_")
    return words.rstrip("_") or name[:LONGEST]


def slug(text: str) -> str:
    """`text` in lower-case letters, digits and underscores, not beginning with a digit."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    if not plain:
        return "result"
    return f"n_{plain}" if plain[0].isdigit() else plain


def measure_name(measure: Measure) -> str:
    """`mean_price`."""
    function = f"q{round((measure.q or 0) * 100)}" if measure.function == "quantile" else measure.function
    return slug(f"{function}_{_name(measure.column)}")


def measure_keys(measures: Iterable[Measure]) -> tuple[str, ...]:
    """A different name for each measure, for the columns or keys of a result."""
    names = Names(())
    return tuple(names.new(measure_name(measure)) for measure in measures)


def result_name(plan: Plan) -> str:
    """What to call the plan's result, before it is made unique."""
    name = _ask_name(plan)
    return f"{name}_by_{'_'.join(map(_name, plan.by))}" if plan.by else name


def _name(column: Column) -> str:
    name = slug(column.name)
    return "column" if name == "result" else name


def _ask_name(plan: Plan) -> str:
    match plan.ask:
        case Rows(part=part, count=count, start=start):
            names = {"first": f"first_{count}_rows", "last": f"last_{count}_rows", "from": f"row_{start}"}
            names["sample"] = f"{count}_random_rows"
            return names.get(part, "matching_rows")
        case TopRows(by=by, largest=largest, count=count):
            if count is None:
                return f"sorted_by_{_name(by)}"
            return f"{'top' if largest else 'bottom'}_{count}_by_{_name(by)}"
        case RowCount():
            return "row_count"
        case Statistics(measures=measures):
            if len(measures) == 1:
                return measure_name(measures[0])
            columns = {_name(measure.column) for measure in measures}
            return f"{columns.pop()}_statistics" if len(columns) == 1 else "statistics"
        case Distinct(column=column, counted=counted):
            return f"{_name(column)}_distinct" if counted else f"{_name(column)}_values"
        case ValueCounts(column=column, share=share):
            return f"{_name(column)}_{'shares' if share else 'counts'}"
        case SumShare(column=column):
            return f"share_of_{_name(column)}"
        case Correlation(left=left, right=right):
            return f"correlation_{_name(left)}_{_name(right)}"
        case CorrelationMatrix():
            return "correlations"
        case CorrelationRanking(target=target):
            return f"correlations_with_{_name(target)}"
        case MissingValues():
            return f"missing_{_name(plan.ask.column)}" if plan.ask.column else "missing_values"
        case Summary(column=column):
            return f"{_name(column)}_summary" if column else f"{plan.table}_summary"
        case Size(what=what):
            return {"columns": "column_count", "both": "size", "names": "column_names"}.get(
                what, f"column_{what}"
            )
        case Outliers(column=column):
            return f"{_name(column)}_outliers"
        case Crosstab(rows=rows, columns=columns):
            return f"{_name(rows)}_by_{_name(columns)}"
        case ExtremeColumn(function=function):
            return f"{function}_of_each_column"
        case _:
            return _chart_name(plan) if isinstance(plan.ask, CHARTS) else plan.ask.kind


def _chart_name(plan: Plan) -> str:
    match plan.ask:
        case Histogram(x=x):
            return f"{_name(x)}_histogram"
        case Scatter(x=x, y=y):
            return f"{_name(y)}_against_{_name(x)}"
        case LineChart(x=x, y=y):
            return f"{_name(y)}_along_{_name(x)}"
        case BoxPlot(y=y) | ViolinPlot(y=y):
            return f"{_name(y)}_{'boxes' if isinstance(plan.ask, BoxPlot) else 'violins'}"
        case GroupChart(measure=measure) | GroupHeatMap(measure=measure):
            return f"{measure_name(measure) if measure else 'row_count'}_chart"
        case _:
            return "correlation_chart"
