"""Follow-up questions that change one thing of the chat's last plan: the statistic, or the groups."""

import re
from collections.abc import Sequence

from .conditions import column_of
from .grammar import measure
from .items import Item, codes
from .plan import Plan, RowCount, Share, Statistics
from .schema import Schema


def followed(items: Sequence[Item], previous: Plan, schema: Schema) -> Plan | None:
    """The last plan with what "and the median?" or "what about by status?" changes; `None` for anything else.

    Raises `UnfitError` when the change makes no sense for the columns.
    """
    kept = [item for item in items if item.code != "_"]
    letters = codes(kept)
    if re.fullmatch(r"[Ap]+[SZ](?:A+[SZ])*", letters):
        return _other_statistics([item.value for item in kept if item.code in "SZ"], previous, schema)
    if re.fullmatch(r"[Ap]+B+[CY]", letters):
        return _other_groups(kept[-1], previous)
    return None


def _other_statistics(functions: Sequence[str], previous: Plan, schema: Schema) -> Plan | None:
    if not isinstance(previous.ask, Statistics):
        return None
    profiles = [schema.table.column(m.column.name) for m in previous.ask.measures]
    columns = dict.fromkeys(profile for profile in profiles if profile is not None)
    if len(columns) != len({m.column for m in previous.ask.measures}):
        return None
    measures = tuple(dict.fromkeys(measure(function, column) for column in columns for function in functions))
    if previous.rank is not None and len(measures) > 1:
        return None
    return previous.model_copy(update={"ask": Statistics(measures=measures)})


def _other_groups(item: Item, previous: Plan) -> Plan | None:
    if item.column is None or previous.rank is not None or item.column.kind == "other":
        return None
    column = column_of(item.column)
    match previous.ask:
        case RowCount() | Share():
            return previous.model_copy(update={"by": (column,)})
        case Statistics(measures=measures) if all(m.column != column for m in measures):
            return previous.model_copy(update={"by": (column,)})
        case _:
            return None
