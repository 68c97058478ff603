"""Answers: a plan and its result as a few sentences of Markdown.

Figures are references (see `references`); the result only decides the wording: whether there is a tie, or
nothing at all, and how many rows there are to show.
"""

import re

from ..types.results import (
    Leaf,
    MappingResult,
    Result,
    ScalarResult,
    SeriesResult,
    TableResult,
)
from . import references as ref
from .plan import (
    CHARTS,
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Distinct,
    MissingValues,
    Plan,
    RowCount,
    Rows,
    Share,
    Size,
    Statistics,
    Summary,
    TopRows,
    ValueCounts,
)
from .sentence import FUNCTION_NAMES, condition_text, listed, measure_text, printable, quoted, sentence

CONVENTIONS = {
    "std": "Standard deviations are those of a sample (`n - 1`).",
    "var": "Variances are those of a sample (`n - 1`).",
}
NO_ROWS = "No row of the table fulfils the condition, so there is nothing to compute."


def answer(plan: Plan, result: Result | None, label: str, *, gaps: bool = True) -> str:
    """The answer to `plan` with references to the cell called `label`; nothing measured is written out.

    `gaps`: whether the table has missing values, so that it is worth saying what became of them.
    """
    notes = [_body(plan, result, label)]
    if gaps and _leaves_gaps_out(plan):
        notes.append("Missing values are left out.")
    if plan.subject:
        notes.append(f"Each row of `{plan.table}` was taken as one {printable(plan.subject)}.")
    return _own_figures_marked("\n\n".join(notes))


_OWN_FIGURE = re.compile(
    r"(?P<kept>\{\{[^{}]*\}\}|`[^`]*`)|“(?P<value>[^”`{}]*\d[^”`{}]*)”|"
    r"(?P<number>(?<!\w)-?\d(?:[\w.,]*\w)?(?:(?<=e)[-+]\d+)?)"
)


def _own_figures_marked(text: str) -> str:
    """Write the constants of the plan as code: a figure that stands free is one that a cell must show."""
    return _OWN_FIGURE.sub(lambda found: found["kept"] or f"`{found['value'] or found['number']}`", text)


def _body(plan: Plan, result: Result | None, label: str) -> str:
    if result is None:
        return f"The cell computes the {sentence(plan)}; it gave no value to quote."
    if isinstance(plan.ask, CHARTS):
        return f"The chart is a {sentence(plan)}."
    match plan.ask, result:
        case ((Rows() | TopRows()), TableResult()):
            return _rows(plan, plan.ask, result, label)
        case ((Share() | Size()), MappingResult()):
            return _mapping(plan, result, label)
        case _, ScalarResult():
            return _scalar(plan, result, label)
        case CorrelationRanking(), SeriesResult():
            return _ranking(plan, result, label)
        case Statistics(), (SeriesResult() | MappingResult()) if not plan.by:
            return _several(plan, result, label)
        case _, SeriesResult():
            return _series(plan, result, label)
        case _, TableResult():
            return f"{_lead(plan)}:\n\n{ref.table(label, result.length)}{_notes(plan)}"
        case _:
            return f"The cell shows the {sentence(plan)}."


def _lead(plan: Plan) -> str:
    text = sentence(plan)
    return text[0].upper() + text[1:]


def _where(plan: Plan) -> str:
    return f" where {condition_text(plan.where)}" if plan.where is not None else ""


def _notes(plan: Plan) -> str:
    """The conventions that the figures follow, as a last paragraph."""
    notes: list[str] = []
    if isinstance(plan.ask, Statistics):
        notes += [CONVENTIONS[m.function] for m in plan.ask.measures if m.function in CONVENTIONS]
    if isinstance(plan.ask, (Correlation, CorrelationMatrix, CorrelationRanking)):
        notes.append("Pearson's correlation coefficient, over the rows that have both values.")
    return f"\n\n{' '.join(dict.fromkeys(notes))}" if notes else ""


def _leaves_gaps_out(plan: Plan) -> bool:
    """Whether the figures are over the values that are there; correlations say so themselves."""
    if isinstance(plan.ask, (Correlation, CorrelationMatrix, CorrelationRanking, *CHARTS)):
        return False
    return isinstance(plan.ask, (Statistics, ValueCounts, Distinct)) or bool(plan.by)


def _scalar(plan: Plan, result: ScalarResult, label: str) -> str:
    where = _where(plan)
    if result.value is None:
        return (
            f"There are too few values{where}, so there is nothing to compute."
            if where
            else f"There is no value: too few values are present for the {sentence(plan)}."
        )
    figure, alone = ref.whole(label, ref.number_form(result.value)), result.value == 1
    match plan.ask:
        case RowCount() if plan.where is not None:
            return f"{_matching(plan, figure, alone)}."
        case RowCount():
            return f"`{plan.table}` has {figure} {'row' if alone else 'rows'}."
        case Size():
            return f"`{plan.table}` has {figure} {'column' if alone else 'columns'}."
        case Statistics(measures=(measure, *_)):
            name = FUNCTION_NAMES[measure.function]
            return f"The {name} of {quoted(measure.column)}{where} is {figure}.{_notes(plan)}"
        case Distinct(column=column):
            values = "value" if alone else "different values"
            return f"{quoted(column)} has {figure} {values}{where}.{_notes(plan)}"
        case Correlation(left=left, right=right):
            correlation = ref.whole(label, ".3f")
            pair = f"{quoted(left)} with {quoted(right)}"
            return f"The correlation of {pair}{where} is {correlation}.{_notes(plan)}"
        case MissingValues(column=column):
            place = quoted(column) if column else f"`{plan.table}`"
            return f"{figure} {'value is' if alone else 'values are'} missing in {place}{where}."
        case _:
            return f"{_lead(plan)}: {figure}."


def _mapping(plan: Plan, result: MappingResult, label: str) -> str:
    values = dict(zip(result.keys, result.values, strict=False))
    if isinstance(plan.ask, Size):
        return (
            f"`{plan.table}` has {ref.entry(label, 'rows')} rows and {ref.entry(label, 'columns')} columns."
        )
    share = values.get("share")
    if not isinstance(share, ScalarResult) or share.value is None or not isinstance(plan.ask, Share):
        return NO_ROWS
    among = f" of the rows{_where(plan)}" if plan.where is not None else " of the rows"
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
            NO_ROWS if all(value is None for value in values) else f"{_lead(plan)}: the cell has the values."
        )
    parts: list[str] = []
    for measure, key, value in zip(plan.ask.measures, keys, values, strict=True):
        figure = ref.entry(label, key, ref.number_form(value)) if value is not None else "not defined"
        if figure is None:
            return f"{_lead(plan)}:\n\n{ref.whole(label, 'table')}{_notes(plan)}"
        parts.append(f"the {FUNCTION_NAMES[measure.function]} of {quoted(measure.column)} is {figure}")
    text = listed(parts)
    if plan.where is not None:
        text = f"for the rows{_where(plan)}, {text}"
    return f"{text[0].upper()}{text[1:]}.{_notes(plan)}"


def _leaf(result: Result) -> Leaf:
    return result.value if isinstance(result, ScalarResult) else None


def _rows(plan: Plan, ask: Rows | TopRows, result: TableResult, label: str) -> str:
    if result.length == 0:
        return f"No row{_where(plan)} was found in `{plan.table}`."
    if isinstance(ask, Rows) and ask.part == "all" and plan.where is not None:
        found = _matching(plan, ref.rows(label), result.length == 1)
        return f"{found}:\n\n{_shown(result, label)}"
    if isinstance(ask, TopRows) and result.length == 1 and ask.count == 1:
        return _single(plan, ask, result, label)
    lead = _counted(_lead(plan), ask.count, result, label)
    if not isinstance(ask, TopRows) or ask.count is None:
        return f"{lead}:\n\n{_shown(result, label)}"
    if result.length > ask.count:
        lead += f"; with ties at the cut these are {ref.rows(label)} rows"
    elif result.length < ask.count:
        lead += f"; there are only {ref.rows(label)}"
    return f"{lead}:\n\n{_shown(result, label)}"


def _counted(lead: str, wanted: int | None, result: TableResult, label: str) -> str:
    """The lead with the number of rows as a figure of the cell, where it has as many as were wanted."""
    if wanted != result.length:
        return lead
    return lead.replace(f" {wanted} rows", f" {ref.rows(label)} rows", 1)


def _matching(plan: Plan, figure: str, alone: bool) -> str:
    """How many rows match the plan's condition."""
    assert plan.where is not None
    verb = "row of `{}` matches" if alone else "rows of `{}` match"
    return f"{figure} {verb.format(plan.table)} {condition_text(plan.where)}"


def _shown(result: TableResult, label: str) -> str:
    return ref.table(label, result.length)


def _single(plan: Plan, ask: TopRows, result: TableResult, label: str) -> str:
    """One row: what it is called, its figure, and the row."""
    columns = result.columns
    name = ask.by.name
    if not ask.by.is_text or columns.count(name) != 1 or not result.rows:
        return f"{_lead(plan)}:\n\n{_shown(result, label)}"
    figure = ref.value_at(label, 0, name, ref.number_form(result.rows[0][columns.index(name)]))
    if figure is None:
        return f"{_lead(plan)}:\n\n{_shown(result, label)}"
    order = "largest" if ask.largest else "smallest"
    where = _where(plan)
    lead = f"Row {ref.label_at(label, 0)} has the {order} {quoted(ask.by)}{where}: {figure}"
    return f"{lead}.\n\n{_shown(result, label)}"


def _series(plan: Plan, result: SeriesResult, label: str) -> str:
    if result.length == 0:
        empty = "No column has missing values." if isinstance(plan.ask, MissingValues) else NO_ROWS
        return (
            empty if isinstance(plan.ask, MissingValues) or plan.where is not None else "There are no values."
        )
    if isinstance(plan.ask, Distinct):
        values = f"{quoted(plan.ask.column)} has {ref.rows(label)} different values{_where(plan)}"
        return f"{values}:\n\n{ref.table(label, result.length)}{_notes(plan)}"
    if isinstance(plan.ask, Size | Summary):
        return f"{_lead(plan)}:\n\n{ref.table(label, result.length)}"
    ends = _first_group(plan, result, label) if plan.rank else _ends(plan, result, label)
    lead = f"{ends}\n\n{_lead(plan)}" if ends else _lead(plan)
    return f"{lead}:\n\n{ref.table(label, result.length)}{_notes(plan)}"


def _figure(plan: Plan, result: SeriesResult, label: str, position: int) -> str | None:
    """The value at a position, by its index label."""
    percent = isinstance(plan.ask, Share) or (isinstance(plan.ask, ValueCounts) and plan.ask.share)
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
        case _:
            return "The number of rows"


def _first_group(plan: Plan, result: SeriesResult, label: str) -> str | None:
    """The winner of a ranking, or that there are several."""
    assert plan.rank is not None
    if result.length > plan.rank.count:
        found = "columns" if isinstance(plan.ask, MissingValues) else "groups"
        return f"With ties at the cut these are {ref.rows(label)} {found}."
    figure = _figure(plan, result, label, 0) if result.values and isinstance(plan.rank.count, int) else None
    if figure is None or plan.rank.count != 1:
        return None
    return f"It is {ref.label_at(label, 0)}, with {figure}."


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
        f"{_figure_name(plan)} is largest for {ref.label_at(label, high)} ({largest}) "
        f"and smallest for {ref.label_at(label, low)} ({smallest})."
    )


def _ranking(plan: Plan, result: SeriesResult, label: str) -> str:
    """Correlations with one column: the strongest leads."""
    assert isinstance(plan.ask, CorrelationRanking)
    if not result.values or result.values[0] is None:
        return f"No other column has a defined correlation with {quoted(plan.ask.target)}.{_notes(plan)}"
    figure = ref.entry(label, result.index[0], ".3f")
    lead = _lead(plan)
    if figure is not None:
        lead = (
            f"{ref.label_at(label, 0)} correlates most with {quoted(plan.ask.target)}{_where(plan)}: {figure}"
        )
        return f"{lead}.\n\n{ref.table(label, result.length)}{_notes(plan)}"
    return f"{lead}:\n\n{ref.table(label, result.length)}{_notes(plan)}"
