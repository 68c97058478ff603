"""What is wanted beside what the last answer has: `also the median`, `units too`, `by region as well`."""

import re
from collections.abc import Sequence

from ..plan import Plan, Statistics, TopRows
from ..questions.conditions import column_of
from ..questions.grammar import UnfitError, measure
from ..words.item import Item, codes
from ..words.schema import Schema
from .exchange import of_column
from .followup import without_opening
from .groups import grouped_by

MOST_GROUPS = 3
"""More groups than these are not read at a glance."""


def added(items: Sequence[Item], previous: Plan, schema: Schema) -> Plan | None:
    """`also the median`, `units too`, `by region as well`: the new beside what there is."""
    rest = without_opening([item for item in items if item.code != "_"])
    letters, columns = codes(rest), [item.column for item in rest if item.column is not None]
    ask = previous.ask
    if re.fullmatch(r"B[CY]", letters) and len(columns) == 1 and not isinstance(ask, TopRows):
        by = (*previous.by, column_of(columns[0]))
        if len(set(by)) < len(by) or len(by) > MOST_GROUPS:
            raise UnfitError("the last answer has this group already, or too many")
        return grouped_by(by, previous, columns)
    if not isinstance(ask, Statistics) or previous.rank is not None:
        return None
    if re.fullmatch(r"[SZ]", letters) and len({each.column for each in ask.measures}) == 1:
        profile = schema.table.column(ask.measures[0].column.name)
        more = () if profile is None else (measure(rest[0].value, profile),)
    elif letters == "C" and len({each.function for each in ask.measures}) == 1:
        more = (of_column(ask.measures[0], columns[0]),) if columns[0] else ()
    else:
        return None
    measures = tuple(dict.fromkeys((*ask.measures, *more)))
    return previous.model_copy(update={"ask": Statistics(measures=measures)})
