"""Answers that are rows: how many there are, which is the largest, and the rows themselves."""

from ...types.results import TableResult
from ..plan import (
    Plan,
    Rows,
    TopRows,
)
from . import references as ref
from .phrases import condition_text, quoted
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
    lead = f"Row {ref.label_at(label, 0)} has the {order} {quoted(ask.by)}{where}: {figure}"
    return f"{lead}.\n\n{_shown(result, label)}"
