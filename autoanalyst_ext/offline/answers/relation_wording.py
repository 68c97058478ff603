"""Answers of comparisons: differences, shares of sums, strongest pairs, outliers and their kin."""

from collections.abc import Mapping

from ...types.results import Leaf, MappingResult, Result, ScalarResult, SeriesResult, TableResult
from ..plan import (
    Correlation,
    Difference,
    ExtremeColumn,
    Outliers,
    Plan,
    StrongestPair,
    SumShare,
    Table,
)
from . import references as ref
from .conventions import NO_ROWS
from .phrases import condition_text, function_text, listed, quoted
from .sentence import where_text
from .step_text import rule_text, step_text

SHOWN_ROWS = 5


def mapped(plan: Plan, result: MappingResult, label: str) -> str | None:
    """The answer of a comparison whose cell ended with a dictionary; `None` where it is none."""
    values = dict(zip(result.keys, result.values, strict=False))
    match plan.ask:
        case Difference():
            return _difference(plan.ask, values, label)
        case SumShare():
            return _sum_share(plan, plan.ask, values, label)
        case Correlation():
            return _correlation(plan, plan.ask, values, label)
        case Outliers():
            return _outlier_count(plan, plan.ask, values, label)
        case _:
            return None


def _difference(ask: Difference, values: Mapping[str, Result], label: str) -> str:
    left, right, gap = (_leaf(values.get(key)) for key in ("left", "right", "difference"))
    if left is None or right is None or gap is None:
        return NO_ROWS
    name = f"The {function_text(ask.measure)} of {quoted(ask.measure.column)}"
    first, second = (
        ref.entry(label, "left", ref.number_form(left)),
        ref.entry(label, "right", ref.number_form(right)),
    )
    parts = f"{first} where {condition_text(ask.left)} and {second} where {condition_text(ask.right)}"
    return f"{name} is {parts}: a difference of {ref.entry(label, 'difference', ref.number_form(gap))}."


def _sum_share(plan: Plan, ask: SumShare, values: Mapping[str, Result], label: str) -> str:
    share, part, total = (_leaf(values.get(key)) for key in ("share", "part", "total"))
    if share is None or ask.of is None:
        return "The sum of all rows is zero or missing, so no share of it can be given."
    rows = f"the rows where {condition_text(ask.of)}"
    sums = ref.entry(label, "part", ref.number_form(part))
    sums = f"{sums} of {ref.entry(label, 'total', ref.number_form(total))}"
    among = f", of the rows where {condition_text(plan.where)}" if plan.where is not None else ""
    figure = ref.entry(label, "share", "pct")
    return f"{figure} of the sum of {quoted(ask.column)} falls to {rows}: {sums}{among}."


def _correlation(plan: Plan, ask: Correlation, values: Mapping[str, Result], label: str) -> str:
    p_value = _leaf(values.get("p_value"))
    pair = f"{quoted(ask.left)} with {quoted(ask.right)}"
    where = where_text(plan)
    if not isinstance(p_value, (int, float)):
        return f"The correlation of {pair}{where} is not defined: too few values, or they are all the same."
    significance = "significant" if p_value < 0.05 else "not significant"
    figures = f"{ref.entry(label, 'r', '.3f')}, p-value {ref.entry(label, 'p_value', '.3g')}"
    lead = f"The correlation of {pair}{where} is {figures}, {ref.entry(label, 'rows')} rows"
    return f"{lead}: {significance} at the 5 % level (two-sided)."


def _outlier_count(plan: Plan, ask: Outliers, values: Mapping[str, Result], label: str) -> str:
    count = _leaf(values.get("outliers"))
    where = where_text(plan)
    noun = "outlier" if count == 1 else "outliers"
    figures = f"{ref.entry(label, 'outliers')} {noun} among its {ref.entry(label, 'rows')} values"
    return f"{quoted(ask.column)}{where} has {figures}: {rule_text(ask.rule)}."


def outlier_rows(plan: Plan, ask: Outliers, result: TableResult, label: str) -> str:
    """The rows that a rule takes for outliers."""
    where = where_text(plan)
    if result.length == 0:
        return f"No value of {quoted(ask.column)}{where} is {rule_text(ask.rule)}."
    noun = "row has an outlier" if result.length == 1 else "rows have outliers"
    lead = f"{ref.rows(label)} {noun} in {quoted(ask.column)}{where}: {rule_text(ask.rule)}"
    return f"{lead}.\n\n{ref.table(label, result.length)}"


def made_table(plan: Plan, ask: Table, result: TableResult, label: str) -> str:
    """The table that the steps made: what was done, how many rows there are, and the first of them."""
    done = listed([step_text(step) for step in plan.steps]) if plan.steps else "nothing was changed"
    shown = min(result.length, SHOWN_ROWS)
    lead = (
        f"{done[0].upper()}{done[1:]}. The new table has {ref.rows(label)} rows; `{plan.table}` is as it was."
    )
    if not shown:
        return lead
    return f"{lead} It begins:\n\n{ref.whole(label, f'table:{shown}')}"


def ordered(plan: Plan, result: SeriesResult, label: str) -> str | None:
    """Pairs or columns in order: the first one leads, or all that share its place."""
    if not result.values or result.values[0] is None:
        return None
    ties = sum(value == result.values[0] for value in result.values)
    match plan.ask:
        case StrongestPair():
            pair = result.index[0]
            if not isinstance(pair, tuple) or ties > 1:
                return None
            figure = ref.entry(label, pair, ".3f")
            return None if figure is None else f"{_pair(pair)} correlate most: {figure}."
        case ExtremeColumn(largest=largest):
            figure = ref.entry(label, result.index[0], ref.number_form(result.values[0]))
            if figure is None or ties > 1:
                return None
            end = "largest" if largest else "smallest"
            return f"It is {ref.label_at(label, 0)}, with the {end} figure: {figure}."
        case _:
            return None


def _pair(pair: tuple[Leaf, ...]) -> str:
    return " and ".join(f"`{part}`" for part in pair)


def _leaf(result: Result | None) -> Leaf:
    return result.value if isinstance(result, ScalarResult) else None
