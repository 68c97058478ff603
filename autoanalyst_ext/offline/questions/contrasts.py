"""Questions that set groups beside each other: `compare the average rent in Oslo and Lima`, `men vs women`.

The values that are named become groups of their own, where an ordinary question would take them together.
"""

import re
from collections.abc import Sequence

from ...types.profiles import ColumnProfile
from ..plan import AllOf, Compare, Condition, Difference, Measure, OneOf, Plan, RowCount, Statistics
from ..words.item import Item, codes
from ..words.schema import Schema, ValueHit
from .conditions import column_of
from .grammar import Head, UnfitError, head_of, numeric

_SIDES = re.compile(r"[bWIH]*V(?:[kARt]+[WIH]*V)+")
"""Values side by side, with what leads to them."""


def contrast_plan(items: Sequence[Item], schema: Schema) -> Plan | None:
    """The plan of a question that compares; `None` for all others."""
    kept = [item for item in items if item.code != "_"]
    letters = codes(kept)
    asked = {item.value for item in kept if item.code == "="}
    if len(asked) > 1 or (not asked and not re.search(r"Vk[WIH]*V", letters)):
        return None
    sides = _SIDES.search(letters)
    hits = _hits(kept[sides.start() : sides.end()]) if sides else None
    rest = list(kept)
    if sides and hits:
        del rest[sides.start() : sides.end()]
    head = head_of([item for item in rest if item.code != "="], schema)
    if head is None or (sides and not hits) or (hits and head.groups):
        return None
    if "difference" in asked:
        return _difference(head, hits) if hits else None
    return _side_by_side(head, hits)


def _hits(items: Sequence[Item]) -> tuple[ValueHit, ...] | None:
    """The values of one column; `None` where no column has them all, or several have."""
    words = [item.values for item in items if item.code == "V"]
    owners = [{hit.column.name for hit in hits} for hits in words]
    shared = set.intersection(*owners)
    if len(shared) != 1:
        return None
    name = shared.pop()
    found = tuple(hit for hits in words for hit in hits if hit.column.name == name)
    return found if len({hit.value for hit in found}) == len(words) == len(found) else None


def _side_by_side(head: Head, hits: tuple[ValueHit, ...] | None) -> Plan | None:
    """The figures of each value that is named, or of each group."""
    groups = (hits[0].column,) if hits else head.groups
    if not groups:
        return None
    ask = _asked(head, groups)
    if ask is None:
        return None
    plan = head.plan(ask, by=groups)
    if not hits:
        return plan
    values: Condition = OneOf(column=column_of(hits[0].column), values=tuple(hit.value for hit in hits))
    where = values if head.where is None else AllOf(parts=(head.where, values))
    return plan.model_copy(update={"where": where})


def _asked(head: Head, groups: Sequence[ColumnProfile]) -> RowCount | Statistics | None:
    """The figures that are named; of a column alone its mean and its median; or how many rows."""
    names = {column.name for column in groups}
    if head.codes in ("M", "MU", "UM") and not names & {measure.column.name for measure in head.measures}:
        return Statistics(measures=head.measures)
    if head.codes in ("C", "CU", "UC") and head.columns[0].name not in names:
        column = column_of(numeric(head.columns[0]))
        return Statistics(
            measures=(Measure(function="mean", column=column), Measure(function="median", column=column))
        )
    if head.codes in ("n", "nU") and head.knows_rows():
        return RowCount()
    return None


def _difference(head: Head, hits: tuple[ValueHit, ...]) -> Plan | None:
    """One figure in two groups, and what lies between them."""
    if len(hits) != 2:
        raise UnfitError("a difference is between two groups")
    if head.codes not in ("M", "MU", "UM") or len(head.measures) != 1:
        return None
    left, right = (Compare(column=column_of(hit.column), operator="==", value=hit.value) for hit in hits)
    return head.plan(Difference(measure=head.measures[0], left=left, right=right))
