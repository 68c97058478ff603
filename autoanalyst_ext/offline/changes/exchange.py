"""One column of a plan in the place of another: `units instead`, `by region instead of shop`.

What a column is used for decides what may take its place: figures want numbers, orders want an order.
"""

from ...types.profiles import ColumnProfile
from ..plan import (
    BoxPlot,
    Column,
    Correlation,
    CorrelationRanking,
    Difference,
    Distinct,
    GroupChart,
    Histogram,
    Measure,
    MissingValues,
    Normality,
    Outliers,
    Plan,
    Question,
    Report,
    Scatter,
    Share,
    Statistics,
    Summary,
    SumShare,
    Table,
    TopRows,
    TwoSamples,
    ValueCounts,
    ViolinPlot,
)
from ..questions.conditions import AmbiguousError, column_of
from ..questions.grammar import UnfitError, measure, numeric, ordered
from ..words.schema import Schema, is_numeric

_WITH_CONDITIONS = (Share, SumShare, Difference, TwoSamples, Report, Table)


def with_column(previous: Plan, column: ColumnProfile) -> Plan | None:
    """The same question of another column, where it is about just one; `None` where it is not."""
    ask = _asked_of(previous.ask, column)
    if ask is None:
        return None
    if column_of(column) in previous.by:
        raise AmbiguousError("the column is already what the figures are grouped by")
    return previous.model_copy(update={"ask": ask})


def _asked_of(ask: Question, column: ColumnProfile) -> Question | None:
    new = column_of(column)
    match ask:
        case Statistics(measures=measures) if len({each.column for each in measures}) == 1:
            return Statistics(measures=tuple(of_column(each, column) for each in measures))
        case GroupChart(measure=Measure() as figure):
            return ask.model_copy(update={"measure": of_column(figure, column)})
        case ValueCounts() | Distinct() | MissingValues(scope="one") | Summary(column=Column()):
            return ask.model_copy(update={"column": new})
        case MissingValues(scope="columns" | "total" | "affected"):
            return MissingValues(scope="one", column=new, share=ask.share)
        case TopRows():
            return ask.model_copy(update={"by": column_of(ordered(column))})
        case Histogram():
            return ask.model_copy(update={"x": column_of(numeric(column))})
        case BoxPlot() | ViolinPlot():
            return ask.model_copy(update={"y": column_of(numeric(column))})
        case Outliers() | SumShare() | Normality():
            return ask.model_copy(update={"column": column_of(numeric(column))})
        case CorrelationRanking():
            return ask.model_copy(update={"target": column_of(numeric(column))})
        case _:
            return None


def of_column(figure: Measure, column: ColumnProfile) -> Measure:
    """The same statistic of another column."""
    checked = measure("quantile:0.5" if figure.function == "quantile" else figure.function, column)
    return figure.model_copy(update={"column": checked.column})


def with_partner(previous: Plan, column: ColumnProfile) -> Plan | None:
    """Another second column of a pair: `with rating`."""
    match previous.ask:
        case Correlation(left=first) | Scatter(x=first) if first != column_of(column):
            key = "right" if isinstance(previous.ask, Correlation) else "y"
            ask = previous.ask.model_copy(update={key: column_of(numeric(column))})
            return previous.model_copy(update={"ask": ask})
        case _:
            return None


def with_pair(previous: Plan, first: ColumnProfile, second: ColumnProfile) -> Plan | None:
    """Another pair of columns: `price and rating`."""
    left, right = column_of(numeric(first)), column_of(numeric(second))
    if left == right:
        return None
    match previous.ask:
        case Statistics(measures=measures) if len({each.column for each in measures}) == 1:
            both = tuple(of_column(each, column) for column in (first, second) for each in measures)
            if previous.rank is not None or {left, right} & set(previous.by):
                return None
            return previous.model_copy(update={"ask": Statistics(measures=both)})
        case Correlation():
            return previous.model_copy(
                update={"ask": previous.ask.model_copy(update={"left": left, "right": right})}
            )
        case Scatter():
            return previous.model_copy(
                update={"ask": previous.ask.model_copy(update={"x": left, "y": right})}
            )
        case _:
            return None


def exchanged(previous: Plan, old: ColumnProfile, new: ColumnProfile, schema: Schema) -> Plan | None:
    """The plan with one column in another's place, in what is asked and in its groups.

    `None` where the old one is in neither; raises `UnfitError` where the new one cannot do what it did.
    """
    before, after = column_of(old), column_of(new)
    asked = previous.ask.model_dump()
    # A condition compares with values of its own column: another column has others.
    ask = asked if isinstance(previous.ask, _WITH_CONDITIONS) else _swapped(asked, before, after)
    by = tuple(after if column == before else column for column in previous.by)
    if ask == asked and by == previous.by:
        return None
    if is_numeric(old) and by == previous.by and not is_numeric(new):
        raise UnfitError(f"`{new.name}` is not numeric")
    if new.kind == "other" or len(set(by)) < len(by):
        raise UnfitError(f"`{new.name}` cannot take the place of `{old.name}`")
    return Plan.model_validate({**dict(previous), "ask": ask, "by": by})


def _swapped(value: object, before: Column, after: Column) -> object:
    """A dumped value with one column in another's place."""
    if value == before.model_dump():
        return after.model_dump()
    if isinstance(value, dict):
        return {key: _swapped(part, before, after) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_swapped(part, before, after) for part in value)
    return value
