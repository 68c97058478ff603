"""A plan as one cell of pandas that a person could have written.

The cell begins with the plan's sentence, makes only new names, changes nothing that exists, and ends with
the expression that is the answer. What the parts of a plan become is in the files `*_code`.
"""

from collections.abc import Collection, Iterable

from ..answers.sentence import sentence
from ..plan import (
    CHARTS,
    DatePart,
    Derive,
    Plan,
    Rank,
    Report,
    RowCount,
    Rows,
    Share,
    Statistics,
    Table,
)
from .charts import ORDERS, chart_lines
from .conditions import leaves, mask
from .draft import Draft
from .findings import links
from .literals import column_key
from .naming import result_name
from .reports import kept_steps, report_lines
from .steps import Prepared


def code(
    plan: Plan, taken: Iterable[str] = (), *, gaps: bool = True, texts: Collection[str] | None = None
) -> str:
    """The source of the cell; no name in `taken` is given to a new variable.

    `gaps`: whether the table has missing values, so that a group can be without any value. `texts`: the
    columns that hold text, where they are known.
    """
    draft = Draft({*taken, plan.table}, gaps=gaps, texts=texts)
    ask = plan.ask
    kept = kept_steps(ask) if isinstance(ask, Report) else frozenset[int]()
    prepared = Prepared(plan.table, plan.steps, kept, draft)
    if isinstance(ask, Report):
        return draft.cell(sentence(plan), report_lines(plan, ask, prepared, draft))
    whole = frame = prepared.after(None)
    if plan.where is not None:
        frame = draft.let(f"selected_{plan.table}", f"{whole}[{mask(plan.where, whole, draft)}]")
    if isinstance(ask, CHARTS):
        return draft.cell(sentence(plan), chart_lines(plan, frame, draft))
    if isinstance(ask, Table):
        return draft.cell(sentence(plan), _table(ask, frame))
    if isinstance(ask, Rows) and ask.part == "all" and not ask.columns:
        return draft.cell(sentence(plan), frame)
    found = links(plan, frame, whole, draft)
    if plan.rank is None:
        found += _in_calendar_order(plan)
    else:
        found.append(_ranked(plan.rank))
    if plan.decimals is not None:
        found = _rounded(found, plan)
    return draft.cell(sentence(plan), draft.let(result_name(plan), *found))


def _table(ask: Table, frame: str) -> str:
    """The whole table, with the columns that matter first."""
    if not ask.columns:
        return frame
    first = ", ".join(map(column_key, ask.columns))
    return f"{frame}[[{first}, *{frame}.columns.drop([{first}])]]"


def _in_calendar_order(plan: Plan) -> list[str]:
    """What puts weekdays and months by name in the order of the calendar, where they are the groups."""
    parts = {
        step.name: step.value.part
        for step in plan.steps
        if isinstance(step, Derive) and isinstance(step.value, DatePart)
    }
    if len(plan.by) != 1 or not isinstance(plan.ask, (Statistics, RowCount, Share)):
        return []
    names = ORDERS.get(parts.get(plan.by[0].name, ""))
    return [f".sort_index(key=lambda names: names.map({leaves(names)}.index))"] if names else []


def _rounded(found: list[str], plan: Plan) -> list[str]:
    """The figures with so many places: those of groups, or the one of all rows."""
    if plan.by:
        return [*found, f".round({plan.decimals})"]
    return [f"round({''.join(found)}, {plan.decimals})"]


def _ranked(rank: Rank) -> str:
    if rank.count is None:
        return f'.sort_values({"ascending=False, " if rank.largest else ""}kind="stable")'
    return f'.{"nlargest" if rank.largest else "nsmallest"}({rank.count}, keep="all")'
