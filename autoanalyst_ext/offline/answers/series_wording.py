"""Answers that are a figure for each of several: groups, values, columns; the first or the ends lead."""

from ...types.results import SeriesResult
from ..plan import (
    Correlation,
    CorrelationRanking,
    Distinct,
    MissingValues,
    Plan,
    RowCount,
    Share,
    Size,
    Statistics,
    Summary,
    SumShare,
    ValueCounts,
)
from ..words.amounts import calls
from . import references as ref
from .conventions import NO_ROWS, conventions_text
from .phrases import measure_text, quoted
from .relation_wording import ordered
from .sentence import lead_text, where_text


def series(plan: Plan, result: SeriesResult, label: str) -> str:
    """The answer that is a figure for each of several."""
    if result.length == 0:
        empty = "No column has missing values." if isinstance(plan.ask, MissingValues) else NO_ROWS
        return (
            empty if isinstance(plan.ask, MissingValues) or plan.where is not None else "There are no values."
        )
    if isinstance(plan.ask, Distinct) and not plan.by:
        values = f"{quoted(plan.ask.column)} has {ref.rows(label)} different values{where_text(plan)}"
        return f"{values}:\n\n{ref.table(label, result.length)}{conventions_text(plan)}"
    first = ordered(plan, result, label)
    if first is not None:
        return f"{first}\n\n{lead_text(plan)}:\n\n{ref.table(label, result.length)}{conventions_text(plan)}"
    if isinstance(plan.ask, Size | Summary):
        return f"{lead_text(plan)}:\n\n{ref.table(label, result.length)}"
    ends = _first_group(plan, result, label) if plan.rank else _ends(plan, result, label)
    lead = f"{ends}\n\n{lead_text(plan)}" if ends else lead_text(plan)
    return f"{lead}:\n\n{ref.table(label, result.length)}{conventions_text(plan)}"


def _figure(plan: Plan, result: SeriesResult, label: str, position: int) -> str | None:
    """The value at a position, by its index label."""
    percent = isinstance(plan.ask, (Share, SumShare)) or (
        isinstance(plan.ask, ValueCounts) and plan.ask.share
    )
    name = result.index[position]
    if sum(other == name for other in result.index) != 1:
        return None
    return ref.entry(label, name, "pct" if percent else ref.number_form(result.values[position]))


def _figure_name(plan: Plan) -> str:
    """What the figure of a group is."""
    match plan.ask:
        case Statistics(measures=(measure, *_)):
            return f"The {measure_text(measure)}"
        case Share() | ValueCounts(share=True):
            return "The share"
        case RowCount() | ValueCounts():
            return "The number of rows"
        case SumShare(column=column):
            return f"The share of the sum of {quoted(column)}"
        case Distinct():
            return "The number of different values"
        case Correlation():
            return "The correlation"
        case _:
            return "The figure"


def _first_group(plan: Plan, result: SeriesResult, label: str) -> str | None:
    """The winner of a ranking, or that there are several."""
    assert plan.rank is not None
    if plan.rank.count is None:
        return _ends(plan, result, label)
    if result.length > plan.rank.count:
        found = "columns" if isinstance(plan.ask, MissingValues) else "groups"
        return f"With ties at the cut these are {ref.rows(label)} {found}."
    figure = _figure(plan, result, label, 0) if result.values and isinstance(plan.rank.count, int) else None
    if figure is None or plan.rank.count != 1:
        return None
    return f"It is {_name_at(plan, result, label, 0)}, with {figure}."


def _ends(plan: Plan, result: SeriesResult, label: str) -> str | None:
    """Where the largest and the smallest figure are, when each is in one place only."""
    if isinstance(plan.ask, MissingValues) or result.length < 3 or result.length > len(result.values):
        return None
    numbers = [value for value in result.values if isinstance(value, (int, float))]
    if (
        len(numbers) != len(result.values)
        or numbers.count(max(numbers)) > 1
        or numbers.count(min(numbers)) > 1
    ):
        return None
    high, low = numbers.index(max(numbers)), numbers.index(min(numbers))
    largest, smallest = _figure(plan, result, label, high), _figure(plan, result, label, low)
    if largest is None or smallest is None:
        return None
    return (
        f"{_figure_name(plan)} is largest for {_name_at(plan, result, label, high)} ({largest}) "
        f"and smallest for {_name_at(plan, result, label, low)} ({smallest})."
    )


def _name_at(plan: Plan, result: SeriesResult, label: str, position: int) -> str:
    """What a group is called; a year or a number of an order is written without separators."""
    columns = [plan.ask.column] if isinstance(plan.ask, ValueCounts) and not plan.by else plan.by
    plain = len(columns) == 1 and calls(columns[0].name) and type(result.index[position]) is int
    return ref.label_at(label, position, "d" if plain else "")


def ranking(plan: Plan, result: SeriesResult, label: str) -> str:
    """Correlations with one column: the strongest leads."""
    assert isinstance(plan.ask, CorrelationRanking)
    if not result.values or result.values[0] is None:
        target = quoted(plan.ask.target)
        return f"No other column has a defined correlation with {target}.{conventions_text(plan)}"
    figure = ref.entry(label, result.index[0], ".3f")
    lead = lead_text(plan)
    if figure is not None:
        target = f"{quoted(plan.ask.target)}{where_text(plan)}"
        lead = f"{ref.label_at(label, 0)} correlates most with {target}: {figure}"
        return f"{lead}.\n\n{ref.table(label, result.length)}{conventions_text(plan)}"
    return f"{lead}:\n\n{ref.table(label, result.length)}{conventions_text(plan)}"
