"""What a plan asks, in words: figures, comparisons, tests and charts. Whole plans are in `sentence`."""

from ..plan import (
    CHARTS,
    BoxPlot,
    ChiSquare,
    Clusters,
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Crosstab,
    Difference,
    Distinct,
    Duplicates,
    ExtremeColumn,
    Finding,
    GroupChart,
    GroupHeatMap,
    GroupsTest,
    HeatMap,
    Histogram,
    LineChart,
    MissingValues,
    Model,
    Normality,
    OneSample,
    Outliers,
    Question,
    Regression,
    RowCount,
    Rows,
    Scatter,
    Share,
    Size,
    Statistics,
    StrongestPair,
    Summary,
    SumShare,
    TopRows,
    TwoSamples,
    ValueCounts,
    ViolinPlot,
)
from .hypothesis_text import hypothesis_text
from .phrases import condition_text, listed, measure_text, quoted
from .step_text import rule_text

HYPOTHESES = (Normality, TwoSamples, OneSample, GroupsTest, ChiSquare, Regression, Model, Clusters)
METHODS = {"pearson": "correlation", "spearman": "Spearman correlation", "kendall": "Kendall correlation"}
_ORDINALS = {2: "second ", 3: "third ", 4: "fourth ", 5: "fifth "}


def finding_text(ask: Question | Finding, table: str, *, alone: bool = False) -> str:
    """What is asked of the rows of a table; `alone`: of all of them."""
    if isinstance(ask, CHARTS):
        return _chart_text(ask)
    if isinstance(ask, HYPOTHESES):
        return hypothesis_text(ask)
    match ask:
        case Rows() | TopRows():
            return "all rows" if ask == Rows() and alone else _rows_text(ask)
        case RowCount():
            return "number of rows"
        case Statistics(measures=measures):
            return listed([measure_text(measure) for measure in measures])
        case Distinct(column=column, counted=counted):
            return f"{'number of ' if counted else ''}different values of {quoted(column)}"
        case ValueCounts(column=column, share=share):
            return f"{'share' if share else 'number of rows'} of each value of {quoted(column)}"
        case Share(of=condition):
            return f"share of rows with {condition_text(condition)}"
        case MissingValues():
            return _missing_text(ask)
        case Summary(column=column):
            return f"summary of {quoted(column) if column else f'`{table}`'}"
        case Size(what=what):
            return _SIZES[what]
        case _:
            return _relation_text(ask)


_SIZES = {
    "columns": "number of columns",
    "both": "number of rows and columns",
    "names": "names of the columns",
    "types": "types of the columns",
}


def _relation_text(ask: Question | Finding) -> str:
    match ask:
        case Correlation(left=left, right=right, method=method, tested=tested):
            test = " and its p-value" if tested else ""
            return f"{METHODS[method]} of {quoted(left)} with {quoted(right)}{test}"
        case CorrelationMatrix(columns=columns, method=method):
            which = listed([quoted(column) for column in columns]) if columns else "all numeric columns"
            return f"{METHODS[method]}s of {which}"
        case CorrelationRanking(target=target, method=method):
            return f"{METHODS[method]}s of {quoted(target)} with the other numeric columns, strongest first"
        case StrongestPair(columns=columns, sign=sign, method=method):
            which = listed([quoted(column) for column in columns]) if columns else "all numeric columns"
            kind = {"any": "strongest", "positive": "largest", "negative": "most negative"}[sign]
            return f"{METHODS[method]}s of the pairs of {which}, the {kind} first"
        case Outliers(column=column, rule=rule, counted=counted):
            which = "number of rows" if counted else "rows"
            return f"{which} whose {quoted(column)} is {rule_text(rule)}"
        case Duplicates(columns=columns):
            where = f" in {listed([quoted(column) for column in columns])}" if columns else ""
            return f"number of rows that repeat an earlier one{where}"
        case ExtremeColumn(columns=columns, function=function, largest=largest):
            which = listed([quoted(column) for column in columns])
            what = "value of the row" if function == "first" else function
            return f"{what} of each of {which}, {'largest' if largest else 'smallest'} first"
        case SumShare(column=column, of=condition):
            rows = f" of the rows where {condition_text(condition)}" if condition is not None else ""
            return f"share of the sum of {quoted(column)}{rows}"
        case Difference(measure=measure, left=left, right=right):
            sides = f"{condition_text(left)} and where {condition_text(right)}"
            return f"{measure_text(measure)} where {sides}, and their difference"
        case Crosstab(rows=rows, columns=columns, measure=measure, share=share):
            figure = measure_text(measure) if measure else "share of rows" if share else "number of rows"
            within = {"rows": f" within each {quoted(rows)}", "columns": f" within each {quoted(columns)}"}
            return f"{figure} by {quoted(rows)} and {quoted(columns)}{within.get(share or '', '')}"
        case other:
            raise AssertionError(f"no words for {other}")


def _rows_text(ask: Rows | TopRows) -> str:
    shown = f"{listed([quoted(column) for column in ask.columns])} of " if ask.columns else ""
    match ask:
        case TopRows(count=None):
            order = "largest" if ask.largest else "smallest"
            return f"{shown}all rows ordered by {quoted(ask.by)}, {order} first"
        case TopRows():
            order = f"{_place_text(ask.place)}{'largest' if ask.largest else 'smallest'}"
            rows = "row" if ask.count == 1 else f"{ask.count} rows"
            return f"{shown}the {rows} with the {order} {quoted(ask.by)}"
        case Rows(part="all"):
            return f"{shown}the rows"
        case Rows(part="sample"):
            return f"{shown}{ask.count} rows by chance"
        case Rows(part="from", count=1):
            return f"{shown}row {ask.start} (counted from zero)"
        case Rows(part="from"):
            return f"{shown}rows {ask.start} to {ask.start + (ask.count or 0) - 1} (counted from zero)"
        case _:
            return f"{shown}the {ask.part} {'row' if ask.count == 1 else f'{ask.count} rows'}"


def _place_text(place: int) -> str:
    return "" if place == 1 else _ORDINALS.get(place, f"{place}th ")


def _missing_text(ask: MissingValues) -> str:
    figure, kind = "share" if ask.share else "number", " text" if ask.text_only else ""
    match ask.scope:
        case "one":
            assert ask.column is not None
            return f"{figure} of missing values in {quoted(ask.column)}"
        case "total":
            return f"{figure} of missing values in all{kind} columns together"
        case "columns":
            return f"{figure} of missing values in each{kind} column"
        case "affected":
            return f"{kind.lstrip()} columns that have missing values".lstrip()
        case "rows":
            return f"{figure} of rows that miss a value"


def _chart_text(ask: Question | Finding) -> str:
    match ask:
        case Histogram(x=x, bins=bins):
            return f"histogram of {quoted(x)}{f' with at most {bins} bins' if bins else ''}"
        case Scatter(x=x, y=y, trend=trend):
            return f"scatter plot of {quoted(y)} against {quoted(x)}{' with a trend line' if trend else ''}"
        case LineChart(x=x, y=y):
            return f"line chart of {quoted(y)} along {quoted(x)}"
        case BoxPlot(y=y):
            return f"box plot of {quoted(y)}"
        case ViolinPlot(y=y):
            return f"violin plot of {quoted(y)}"
        case GroupChart(mark=mark, measure=measure, sorted=order):
            figure = measure_text(measure) if measure else "number of rows"
            return f"{mark} chart of the {figure}{f', {order} first' if order else ''}"
        case HeatMap(columns=columns):
            which = listed([quoted(column) for column in columns]) if columns else "all numeric columns"
            return f"heat map of the correlations of {which}"
        case GroupHeatMap(measure=measure):
            return f"heat map of the {measure_text(measure) if measure else 'number of rows'}"
        case other:
            raise AssertionError(f"no chart: {other}")
