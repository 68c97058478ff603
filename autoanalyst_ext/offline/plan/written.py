"""A plan that somebody wrote as JSON, read against the tables that there are.

`Plan.to_json` and `Plan.from_json` are the exact form, described by `schema/Plan.json`. Here a column may
also be just its name, and what does not fit the tables is an error in words that its writer can act on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from ...types.profiles import TableProfile
from ...types.value import Value
from . import CHARTS, Measure, Plan, Statistics, ValueCounts

_OF_ANYTHING = ("count", "nunique", "mode", "first", "last", "min", "max")
"""Statistics of values of any kind, or of any that have an order."""
_NUMERIC = ("integer", "number", "boolean", "duration")
_MAKERS = ("group", "resample", "join", "encode")
"""Steps that make columns whose names only the table itself can tell."""
MOST_PROBLEMS = 4


class PlanError(Exception):
    """A plan that cannot be read, or does not fit the tables; the text says why."""


class Known:
    """The columns that a plan may name: those of its table, and those that its steps make."""

    def __init__(self, table: TableProfile, steps: object) -> None:
        written = [step for step in steps if isinstance(step, Mapping)] if isinstance(steps, list) else []
        self._texts = {column.name: column.name_is_text for column in table.columns}
        self._texts |= {str(step.get("name")): True for step in written if step.get("kind") == "derive"}
        self._any = any(step.get("kind") in _MAKERS for step in written)

    def column(self, value: object) -> object:
        """A column by its name; raises `ValueError` for one that is not there."""
        name = value.get("name") if isinstance(value, Mapping) else value
        if not isinstance(name, str) or self._any:
            return {"name": name} if isinstance(name, str) and not isinstance(value, Mapping) else value
        if name not in self._texts:
            near = get_close_matches(name, self._texts, n=3) or list(self._texts)[:20]
            raise ValueError(f"there is no column `{name}`; there is {_listed(near)}")
        return {"name": name, "is_text": self._texts[name]}


def read_plan(data: Mapping[str, Any], tables: Sequence[TableProfile]) -> Plan:
    """Read a plan; raises `PlanError`. One that names no table is about the only one."""
    named = {table.name: table for table in tables if table.library == "pandas" and table.name.isidentifier()}
    wanted = data.get("table", next(iter(named)) if len(named) == 1 else None)
    table = named.get(wanted) if isinstance(wanted, str) else None
    if table is None:
        raise PlanError(f"There is no table `{wanted}` that a plan can be about. There is {_listed(named)}.")
    known = Known(table, data.get("steps"))
    try:
        plan = Plan.model_validate({**data, "table": table.name}, context=known)
    except ValidationError as error:
        raise PlanError(_in_words(error)) from None
    _check(plan, table)
    return plan


def _in_words(error: ValidationError) -> str:
    said = [
        f"{'.'.join(map(str, problem['loc'])) or 'plan'}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors(include_url=False, include_input=False)
    ]
    return "The plan is not right. " + "; ".join(dict.fromkeys(said[:MOST_PROBLEMS]))


def _check(plan: Plan, table: TableProfile) -> None:
    """Raise `PlanError` for what would run and mean nothing: a mean of names, a rank of one figure."""
    for measure in _measures(plan):
        column = table.column(measure.column.name)
        if column and measure.function not in _OF_ANYTHING and column.kind not in _NUMERIC:
            made = any(getattr(step, "column", None) == measure.column for step in plan.steps)
            if not made:
                raise PlanError(f"`{column.name}` is not numeric, so it has no {measure.function}.")
    if plan.rank is not None and not _has_figures_of_groups(plan):
        raise PlanError("`rank` orders groups by their figure; this plan has no figure of groups.")
    if plan.rank is not None and isinstance(plan.ask, Statistics) and len(plan.ask.measures) != 1:
        raise PlanError("`rank` needs one measure.")
    if plan.decimals is not None and not isinstance(plan.ask, Statistics):
        raise PlanError("`decimals` rounds statistics only.")


def _has_figures_of_groups(plan: Plan) -> bool:
    return isinstance(plan.ask, ValueCounts) or (bool(plan.by) and not isinstance(plan.ask, CHARTS))


def _measures(value: object) -> Iterator[Measure]:
    """All statistics in a plan, wherever they stand."""
    if isinstance(value, Measure):
        yield value
    elif isinstance(value, Value):
        for _, part in value:
            yield from _measures(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _measures(part)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"
