"""Answers that are rows: how many there are, which is the largest, and the rows themselves."""

from ...types.results import TableResult
from ..plan import (
    Derive,
    Plan,
    Rows,
    TopRows,
)
from ..words.lexicon import ROW_NOUNS
from ..words.schema import words_of
from ..words.tokens import singular
from . import references as ref
from .phrases import condition_text, listed, quoted
from .sentence import lead_text, where_text


def rows(plan: Plan, ask: Rows | TopRows, result: TableResult, label: str) -> str:
    """The answer that is rows of the table."""
    if result.length == 0:
        return f"No row{where_text(plan)} was found in `{plan.table}`."
    if isinstance(ask, Rows) and ask.part == "all" and plan.where is not None:
        found = matching(plan, ref.rows(label), result.length == 1)
        return f"{found}:\n\n{_shown(result, label)}"
    if isinstance(ask, TopRows) and result.length == 1 and ask.count == 1:
        return _single(plan, ask, result, label)
    lead = _counted(lead_text(plan), ask.count, result, label)
    if ends := _newest(plan, ask, result, label):
        return f"{ends}\n\n{lead}:\n\n{_shown(result, label)}"
    if not isinstance(ask, TopRows) or ask.count is None:
        return f"{lead}:\n\n{_shown(result, label)}"
    if names := _tied(plan, ask, result, label):
        return f"{names}{where_text(plan)}:\n\n{_shown(result, label)}"
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


def matching(plan: Plan, figure: str, alone: bool) -> str:
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
        return f"{lead_text(plan)}:\n\n{_shown(result, label)}"
    figure = ref.value_at(label, 0, name, ref.number_form(result.rows[0][columns.index(name)]))
    if figure is None:
        return f"{lead_text(plan)}:\n\n{_shown(result, label)}"
    order = "largest" if ask.largest else "smallest"
    where = where_text(plan)
    called = _name_at(plan, result, label, 0) or f"Row {ref.label_at(label, 0)}"
    lead = f"{called} has the {order} {quoted(ask.by)}{where}: {figure}"
    return f"{lead}.\n\n{_shown(result, label)}"


MOST_TIED = 5
"""Rows that share a place and are named in the sentence."""


def _tied(plan: Plan, ask: TopRows, result: TableResult, label: str) -> str | None:
    """The names of the few rows that share the first place."""
    if ask.count != 1 or not 1 < result.length <= MOST_TIED or len(result.rows) < result.length:
        return None
    names = [_name_at(plan, result, label, row) for row in range(result.length)]
    if None in names or not ask.by.is_text:
        return None
    order = "largest" if ask.largest else "smallest"
    value = result.rows[0][result.columns.index(ask.by.name)] if ask.by.name in result.columns else None
    figure = ref.value_at(label, 0, ask.by.name, ref.number_form(value))
    at = f", {figure}" if figure is not None and value is not None else ""
    return f"{listed([name for name in names if name])} share the {order} {quoted(ask.by)}{at}"


def _name_at(plan: Plan, result: TableResult, label: str, row: int) -> str | None:
    """What a row is called: its text in the one column of names of what rows are, no shop of an order."""
    own = {"full", *ROW_NOUNS, *map(singular, words_of(plan.table))}
    columns = [
        name
        for name in result.columns
        if (words := words_of(name)) and own.issuperset(words[:-1])
        if words[-1] in _NAMES or (len(words) == 1 and words[0] in ROW_NOUNS)
    ]
    if len(columns) != 1 or result.columns.count(columns[0]) != 1:
        return None
    value = result.rows[row][result.columns.index(columns[0])]
    return ref.value_at(label, row, columns[0]) if isinstance(value, str) and value else None


_NAMES = frozenset({"name", "fullname", "title"})


def _newest(plan: Plan, ask: Rows | TopRows, result: TableResult, label: str) -> str | None:
    """The last figure of a course in time: its growth, its rolling mean, its running total."""
    made = plan.steps[-1] if plan.steps and isinstance(ask, Rows) else None
    if not isinstance(made, Derive) or '"moving"' not in made.model_dump_json():
        return None
    last = result.length - 1
    if len(result.columns) != 3 or result.columns[-1] != made.name or len(result.rows) != result.length:
        return None
    period, figure = result.rows[last][0], result.rows[last][-1]
    if not isinstance(figure, (int, float)) or period is None:
        return None
    when = ref.value_at(label, last, result.columns[0])
    value = ref.value_at(label, last, made.name, ref.number_form(figure))
    unit = " %" if made.name.endswith("_pct") else ""
    return f"For {when}, the last, `{made.name}` is {value}{unit}." if when and value else None
