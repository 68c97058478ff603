"""A plan as one plain sentence: what the user reads before anything runs."""

from collections.abc import Sequence

from ..types.results import Leaf
from .plan import (
    AllOf,
    AnyOf,
    Between,
    BoxPlot,
    Column,
    Compare,
    Condition,
    Contains,
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Distinct,
    GroupChart,
    Histogram,
    LineChart,
    Measure,
    Missing,
    MissingValues,
    Not,
    OneOf,
    Plan,
    RowCount,
    Rows,
    Scatter,
    Share,
    Size,
    Statistics,
    Summary,
    TopRows,
    ValueCounts,
)

FUNCTION_NAMES = {
    "mean": "mean",
    "median": "median",
    "sum": "sum",
    "min": "minimum",
    "max": "maximum",
    "std": "standard deviation",
    "var": "variance",
    "count": "number of values",
}
_OPPOSITES = {"==": "is", "!=": "is not"}


def printable(text: str) -> str:
    """`text` on one line: whatever cannot be printed is escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def quoted(column: Column) -> str:
    """A column in a sentence."""
    return f"`{printable(column.name)}`"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def value_text(value: Leaf) -> str:
    """A constant of the question in a sentence."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return f"“{printable(value)}”"
        case int() | float() if abs(value) >= 10_000:
            return f"{value:,}"
        case _:
            return str(value)


def condition_text(condition: Condition) -> str:
    """A condition in words: `area` > 5000 and `mainroad` is “yes”."""
    match condition:
        case Compare(column=column, operator=operator, value=value):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                sign = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤"}.get(operator, operator)
                return f"{quoted(column)} {sign} {value_text(value)}"
            return f"{quoted(column)} {_OPPOSITES.get(operator, operator)} {value_text(value)}"
        case Between(column=column, low=low, high=high):
            return f"{quoted(column)} is between {value_text(low)} and {value_text(high)}"
        case OneOf(column=column, values=values):
            return f"{quoted(column)} is {listed([value_text(value) for value in values], 'or')}"
        case Contains(column=column, text=text):
            return f"{quoted(column)} contains {value_text(text)}"
        case Missing(column=column):
            return f"{quoted(column)} is missing"
        case Not(part=Missing(column=column)):
            return f"{quoted(column)} is not missing"
        case Not(part=part):
            return f"not ({condition_text(part)})"
        case AllOf(parts=parts):
            return " and ".join(_nested(part) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(_nested(part) for part in parts)


def _nested(condition: Condition) -> str:
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, (AllOf, AnyOf)) else text


def measure_text(measure: Measure) -> str:
    """`mean of price`, with the column in quotes."""
    return f"{FUNCTION_NAMES[measure.function]} of {quoted(measure.column)}"


def sentence(plan: Plan) -> str:
    """The whole plan: what, where, by which groups, which of them."""
    parts = [_ask_text(plan)]
    if plan.where is not None:
        parts[0] += (
            f" {'of the rows ' if isinstance(plan.ask, Share) else ''}where {condition_text(plan.where)}"
        )
    if plan.by:
        parts.append(f"by {listed([quoted(column) for column in plan.by])}")
    if plan.rank is not None:
        end = "largest" if plan.rank.largest else "smallest"
        parts.append(f"the {end} only" if plan.rank.count == 1 else f"the {plan.rank.count} {end}")
    if plan.subject:
        parts.append(f"each row taken as one {printable(plan.subject)}")
    return ", ".join(parts)


def _ask_text(plan: Plan) -> str:
    match plan.ask:
        case Rows() | TopRows():
            return "all rows" if plan.ask == Rows() and plan.where is None else _rows_text(plan.ask)
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
        case Correlation(left=left, right=right):
            return f"correlation of {quoted(left)} with {quoted(right)}"
        case CorrelationMatrix():
            return "correlations of all numeric columns"
        case CorrelationRanking(target=target):
            return f"correlations of {quoted(target)} with the other numeric columns, strongest first"
        case MissingValues():
            return _missing_text(plan.ask)
        case Summary(column=column):
            return f"summary of {quoted(column) if column else f'`{plan.table}`'}"
        case Size(what=what):
            names = {
                "columns": "number of columns",
                "both": "number of rows and columns",
                "names": "names of the columns",
            }
            return names[what]
        case _:
            return _chart_text(plan)


def _rows_text(ask: Rows | TopRows) -> str:
    shown = f"{listed([quoted(column) for column in ask.columns])} of " if ask.columns else ""
    match ask:
        case TopRows(count=None):
            order = "largest" if ask.largest else "smallest"
            return f"{shown}all rows ordered by {quoted(ask.by)}, {order} first"
        case TopRows():
            order = "largest" if ask.largest else "smallest"
            rows = "row" if ask.count == 1 else f"{ask.count} rows"
            return f"{shown}the {rows} with the {order} {quoted(ask.by)}"
        case Rows(part="all"):
            return f"{shown}the rows"
        case Rows(part="from", count=1):
            return f"{shown}row {ask.start} (counted from zero)"
        case Rows(part="from"):
            return f"{shown}rows {ask.start} to {ask.start + (ask.count or 0) - 1} (counted from zero)"
        case _:
            return f"{shown}the {ask.part} {'row' if ask.count == 1 else f'{ask.count} rows'}"


def _missing_text(ask: MissingValues) -> str:
    match ask.scope:
        case "one":
            assert ask.column is not None
            return f"number of missing values in {quoted(ask.column)}"
        case "total":
            return "number of missing values in all columns together"
        case "columns":
            return "number of missing values in each column"
        case "affected":
            return "columns that have missing values"


def _chart_text(plan: Plan) -> str:
    match plan.ask:
        case Histogram(x=x, bins=bins):
            return f"histogram of {quoted(x)}{f' with at most {bins} bins' if bins else ''}"
        case Scatter(x=x, y=y):
            return f"scatter plot of {quoted(y)} against {quoted(x)}"
        case LineChart(x=x, y=y):
            return f"line chart of {quoted(y)} along {quoted(x)}"
        case BoxPlot(y=y):
            return f"box plot of {quoted(y)}"
        case GroupChart(mark=mark, measure=measure):
            return f"{mark} chart of the {measure_text(measure) if measure else 'number of rows'}"
        case other:
            raise AssertionError(f"no chart: {other}")
