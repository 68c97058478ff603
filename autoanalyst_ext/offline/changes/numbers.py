"""Another number in the last plan: how many of an order, or a limit of a condition."""

from collections.abc import Sequence

from ..plan import Between, Compare, Condition, Histogram, Plan, Rows, TopRows
from ..questions.conditions import AmbiguousError
from ..words.item import Item
from ..words.schema import Schema, is_numeric
from ..words.units import converted
from .misfit import MisfitError
from .order import with_count
from .selected import conjunction, parts_of


def other_number(rest: Sequence[Item], previous: Plan, schema: Schema) -> Plan | None:
    """`make it 8`: as many rows or groups, or another limit; which, where just one of them has a number."""
    number = int(rest[-1].number)
    end = next((item.value for item in rest if item.code == "L"), None)
    if isinstance(previous.ask, Rows) and previous.ask.part in ("first", "last") and number > 0:
        update = {"count": number, **({"part": end} if end else {})}
        return previous.model_copy(update={"ask": previous.ask.model_copy(update=update)})
    if isinstance(previous.ask, Histogram):
        return None
    has_count = (previous.rank is not None and previous.rank.count is not None) or (
        isinstance(previous.ask, TopRows) and previous.ask.count is not None
    )
    if has_count and end == "last":
        raise MisfitError("it is not clear whether the last of these are meant or the other end")
    limits = _limits(previous, schema)
    if has_count and limits and end is None:
        raise AmbiguousError(f"“{rest[-1].text}” can be how many, or a limit of the rows")
    if has_count:
        return with_count(previous, number) if number > 0 else None
    if len(limits) == 1 and isinstance(limits[0], Compare) and end is None:
        return _limited(limits[0], limits[0].operator, rest[-1], previous, schema)
    return None


def _limits(previous: Plan, schema: Schema) -> list[Condition]:
    """The conditions that compare with a number."""
    return [
        part
        for part in parts_of(previous.where)
        if isinstance(part, Compare | Between)
        and (profile := schema.table.column(part.column.name)) is not None
        and is_numeric(profile)
        and not (isinstance(part, Compare) and part.operator in ("==", "!="))
    ]


def other_limit(rest: Sequence[Item], previous: Plan, schema: Schema) -> Plan | None:
    """`over 200`, `between 5 and 10`: another limit in the place of the only one."""
    limits = _limits(previous, schema)
    if len(limits) != 1:
        return None
    (old,) = limits
    assert isinstance(old, Compare | Between)
    numbers = [item.number for item in rest if item.code == "N"]
    if len(numbers) == 2:
        low, high = sorted(numbers)
        return _with_part(old, Between(column=old.column, low=low, high=high), previous)
    operator = next(item.value for item in rest if item.code == "O")
    return _limited(old, operator, rest[-1], previous, schema)


def _limited(
    old: Compare | Between, operator: str, number: Item, previous: Plan, schema: Schema
) -> Plan | None:
    profile = schema.table.column(old.column.name)
    value = converted(number.number, number.unit, profile) if profile is not None else None
    if value is None:
        return None
    new = Compare.model_validate({"column": old.column, "operator": operator, "value": value})
    return _with_part(old, new, previous)


def _with_part(old: Condition, new: Condition, previous: Plan) -> Plan:
    parts = [new if part == old else part for part in parts_of(previous.where)]
    return previous.model_copy(update={"where": conjunction(parts)})
