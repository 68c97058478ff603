"""Answers: a plan and its result as a few sentences of Markdown.

Figures are references (see `references`); the result only decides the wording: whether there is a tie, or
nothing at all, and how many rows there are to show.
"""

import re

from ...types.results import (
    Leaf,
    MappingResult,
    Result,
    ScalarResult,
    SeriesResult,
    TableResult,
)
from ..plan import (
    CHARTS,
    Correlation,
    CorrelationRanking,
    Distinct,
    Duplicates,
    MissingValues,
    Outliers,
    Plan,
    Report,
    RowCount,
    Rows,
    Share,
    Size,
    Statistics,
    Table,
    TopRows,
    ValueCounts,
)
from ..words.amounts import calls
from . import references as ref
from .conventions import NO_ROWS, conventions_text, says_gaps_itself
from .finding_text import HYPOTHESES
from .hypothesis_wording import tested
from .phrases import condition_text, function_text, listed, printable, quoted
from .relation_wording import made_table, mapped, outlier_rows
from .report_wording import report
from .row_wording import matching, rows
from .sentence import bare_text, lead_text, where_text
from .series_wording import ranking, series
from .step_text import step_text


def answer(plan: Plan, result: Result | None, label: str, *, gaps: bool = True) -> str:
    """The answer to `plan` with references to the cell called `label`; nothing measured is written out.

    `gaps`: whether the table has missing values, so that it is worth saying what became of them.
    """
    notes = [_body(plan, result, label)]
    if isinstance(plan.ask, Report):
        return notes[0]
    if gaps and _leaves_gaps_out(plan):
        notes.append("Missing values are left out.")
    if plan.steps and not isinstance(plan.ask, Table):
        notes.append(f"Beforehand: {'; '.join(map(step_text, plan.steps))}.")
    if plan.subject:
        notes.append(f"Each row of `{plan.table}` was taken as one {printable(plan.subject)}.")
    return _own_figures_marked(_rounded("\n\n".join(notes), plan.decimals))


def _rounded(text: str, decimals: int | None) -> str:
    """The same with figures in so many places."""
    if decimals is None:
        return text
    return _FIGURE_FORM.sub(f"|,.{decimals}f}}}}", text)


_FIGURE_FORM = re.compile(r"\|(?:,\.2f|\.4g|\.3f)\}\}")


_OWN_FIGURE = re.compile(
    r"(?P<kept>\{\{[^{}]*\}\}|`[^`]*`)|“(?P<value>[^”`{}]*\d[^”`{}]*)”|"
    r"(?P<number>(?<!\w)(?:\d{4}-\d\d-\d\d(?!\w)|-?\d(?:[\w.,]*\w)?(?:(?<=e)[-+]\d+)?))"
)


def _own_figures_marked(text: str) -> str:
    """Write the constants of the plan as code: a figure that stands free is one that a cell must show."""
    return _OWN_FIGURE.sub(lambda found: found["kept"] or f"`{found['value'] or found['number']}`", text)


def _body(plan: Plan, result: Result | None, label: str) -> str:
    if result is None:
        return f"{lead_text(plan)}: the cell gave no value to quote."
    if isinstance(plan.ask, CHARTS):
        return f"The chart is a {bare_text(plan)}."
    if isinstance(plan.ask, HYPOTHESES) and isinstance(result, MappingResult):
        return tested(plan, result, label)
    if isinstance(result, MappingResult):
        found = mapped(plan, result, label)
        if found is not None:
            return f"{found}{conventions_text(plan)}"
    match plan.ask, result:
        case Report(), MappingResult():
            return report(plan.ask, result, label)
        case Table(), TableResult():
            return made_table(plan, plan.ask, result, label)
        case Outliers(), TableResult():
            return f"{outlier_rows(plan, plan.ask, result, label)}{conventions_text(plan)}"
        case ((Rows() | TopRows()), TableResult()):
            return rows(plan, plan.ask, result, label)
        case ((Share() | Size()), MappingResult()):
            return _mapping(plan, result, label)
        case _, ScalarResult():
            return _scalar(plan, result, label)
        case CorrelationRanking(), SeriesResult():
            return ranking(plan, result, label)
        case Statistics(), (SeriesResult() | MappingResult()) if not plan.by:
            return _several(plan, result, label)
        case _, SeriesResult():
            return series(plan, result, label)
        case _, TableResult():
            return f"{lead_text(plan)}:\n\n{ref.table(label, result.length)}{conventions_text(plan)}"
        case _:
            return f"The cell shows the {bare_text(plan)}."


def _leaves_gaps_out(plan: Plan) -> bool:
    """Whether the figures are over the values that are there; correlations say so themselves."""
    if says_gaps_itself(plan) or isinstance(plan.ask, CHARTS):
        return False
    return isinstance(plan.ask, (Statistics, ValueCounts, Distinct, Outliers)) or bool(plan.by)


def _scalar(plan: Plan, result: ScalarResult, label: str) -> str:
    where = where_text(plan)
    if result.value is None:
        return (
            f"There are too few values{where}, so there is nothing to compute."
            if where
            else f"There is no value: too few values are present for the {bare_text(plan)}."
        )
    figure, alone = ref.whole(label, ref.number_form(result.value)), result.value == 1
    match plan.ask:
        case RowCount() if plan.where is not None:
            return f"{matching(plan, figure, alone)}."
        case RowCount():
            return f"`{plan.table}` has {figure} {'row' if alone else 'rows'}."
        case Size():
            return f"`{plan.table}` has {figure} {'column' if alone else 'columns'}."
        case Statistics(measures=(measure, *_)):
            if isinstance(result.value, int) and calls(measure.column.name) and measure.function in _ENDS:
                figure = ref.whole(label, "d")
            name = function_text(measure)
            return f"The {name} of {quoted(measure.column)}{where} is {figure}.{conventions_text(plan)}"
        case Distinct(column=column):
            values = "value" if alone else "different values"
            return f"{quoted(column)} has {figure} {values}{where}.{conventions_text(plan)}"
        case Correlation(left=left, right=right):
            correlation = ref.whole(label, ".3f")
            pair = f"{quoted(left)} with {quoted(right)}"
            return f"The correlation of {pair}{where} is {correlation}.{conventions_text(plan)}"
        case Duplicates():
            noun = "row repeats" if alone else "rows repeat"
            return f"{figure} {noun} an earlier one in `{plan.table}`{where}."
        case MissingValues(scope="rows") | MissingValues(share=True):
            return f"{lead_text(plan)}: {figure}."
        case MissingValues(column=column):
            place = quoted(column) if column else f"`{plan.table}`"
            return f"{figure} {'value is' if alone else 'values are'} missing in {place}{where}."
        case _:
            return f"{lead_text(plan)}: {figure}."


_ENDS = frozenset({"min", "max", "mode", "first", "last"})
"""Statistics that are one of the values."""


def _mapping(plan: Plan, result: MappingResult, label: str) -> str:
    values = dict(zip(result.keys, result.values, strict=False))
    if isinstance(plan.ask, Size):
        return (
            f"`{plan.table}` has {ref.entry(label, 'rows')} rows and {ref.entry(label, 'columns')} columns."
        )
    share = values.get("share")
    if not isinstance(share, ScalarResult) or share.value is None or not isinstance(plan.ask, Share):
        return NO_ROWS
    among = f" of the rows{where_text(plan)}" if plan.where is not None else " of the rows"
    counts = f"{ref.entry(label, 'matching')} of {ref.entry(label, 'rows')}"
    return f"{ref.entry(label, 'share', 'pct')}{among} match {condition_text(plan.ask.of)}: {counts}."


def _several(plan: Plan, result: SeriesResult | MappingResult, label: str) -> str:
    """Several statistics of all rows: one sentence."""
    assert isinstance(plan.ask, Statistics)
    keys = result.index if isinstance(result, SeriesResult) else result.keys
    values = result.values if isinstance(result, SeriesResult) else tuple(map(_leaf, result.values))
    if (
        len(keys) != len(plan.ask.measures)
        or len(values) != len(keys)
        or all(value is None for value in values)
    ):
        return (
            NO_ROWS
            if all(value is None for value in values)
            else f"{lead_text(plan)}: the cell has the values."
        )
    parts: list[str] = []
    for measure, key, value in zip(plan.ask.measures, keys, values, strict=True):
        figure = ref.entry(label, key, ref.number_form(value)) if value is not None else "not defined"
        if figure is None:
            return f"{lead_text(plan)}:\n\n{ref.whole(label, 'table')}{conventions_text(plan)}"
        parts.append(f"the {function_text(measure)} of {quoted(measure.column)} is {figure}")
    text = listed(parts)
    if plan.where is not None:
        text = f"for the rows{where_text(plan)}, {text}"
    return f"{text[0].upper()}{text[1:]}.{conventions_text(plan)}"


def _leaf(result: Result) -> Leaf:
    return result.value if isinstance(result, ScalarResult) else None
