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
from .figures import adds_up, is_figure, meant
from .grammar import Head, UnfitError, head_of, measure, numeric

_SIDES = re.compile(r"[bWIH]*V(?:[kARt]+[WIH]*V)+")
"""Values side by side, with what leads to them."""


def contrast_plan(items: Sequence[Item], schema: Schema) -> Plan | None:
    """The plan of a question that compares; `None` for all others."""
    kept = [item for item in items if item.code != "_"]
    letters = codes(kept)
    asked = {item.value for item in kept if item.code == "="}
    told = _TOLD.search(letters)
    if len(asked) > 1 or (not asked and not told and not re.search(r"Vk[WIH]*V", letters)):
        return None
    if told and not _SIDES.search(letters):
        return _yes_and_no(kept, told, schema)
    rest = list(kept)
    if asked == {"more"} and "n" in letters:
        raise UnfitError("how many more is a difference; ask for the two figures side by side")
    if asked == {"more"} and letters.count("V") == 2:
        rest = _beside(kept)
        letters = codes(rest)
    sides = _SIDES.search(letters)
    hits = _hits(rest[sides.start() : sides.end()]) if sides else None
    if sides and hits:
        del rest[sides.start() : sides.end()]
    head = head_of([item for item in rest if item.code != "="], schema)
    if head is None or (sides and not hits) or (hits and head.groups) or (asked == {"more"} and not hits):
        return None
    if "difference" in asked:
        return _difference(head, hits) if hits else None
    return _side_by_side(head, hits)


_TOLD = re.compile(r"[HWI]*Y[kAR]+[HWI]*[xX]+Y?|[HWI]*[xX]Y[kAR]+[HWI]*Y|HAxY")
"""`cancelled vs not cancelled`, `with and without solar`."""


def _yes_and_no(kept: Sequence[Item], told: re.Match[str], schema: Schema) -> Plan | None:
    """The figures of the rows where a yes/no column says yes, and of the others."""
    part = kept[told.start() : told.end()]
    columns = {item.column for item in part if item.code == "Y"}
    column = columns.pop() if len(columns) == 1 else None
    rest = [item for item in (*kept[: told.start()], *kept[told.end() :]) if item.code != "="]
    head = head_of(rest, schema) if column is not None else None
    if head is None or column is None or head.groups or column in head.columns:
        return None
    ask = _asked(head, (column,))
    return head.plan(ask, by=(column,)) if ask is not None else None


def _beside(kept: Sequence[Item]) -> list[Item]:
    """`do dramas have higher ratings than comedies`: the two values as in `dramas vs comedies`."""
    values = [item for item in kept if item.code == "V"]
    rest = [item for item in kept if item.code not in "VkR"]
    while rest and rest[-1].code in "WIH":
        rest.pop()
    while rest and rest[0].code in "WIH":
        rest.pop(0)
    link = Item("k", "vs")
    return [*rest, values[0], link, values[1]]


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
    if not hits and head.codes == "C" and len(groups) == 1 and is_figure(groups[0]):
        who, what = head.columns[0], groups[0]  # "compare shops by revenue"
        return None if is_figure(who) else head.plan(Statistics(measures=meant(what)), by=(who,))
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
        functions = ("sum", "mean") if adds_up(head.columns[0]) else ("mean", "median")
        return Statistics(
            measures=tuple(Measure.model_validate({"function": f, "column": column}) for f in functions)
        )
    if head.codes in ("n", "nU") and head.knows_rows():
        return RowCount()
    return None


def _difference(head: Head, hits: tuple[ValueHit, ...]) -> Plan | None:
    """One figure in two groups, and what lies between them."""
    if len(hits) != 2:
        raise UnfitError("a difference is between two groups")
    figures = head.measures
    if head.codes in ("C", "CU", "UC") and is_figure(head.columns[0]):
        only = head.columns[0]
        figures = (measure("sum" if adds_up(only) else "mean", only),)
    elif head.codes not in ("M", "MU", "UM"):
        return None
    if len(figures) != 1:
        return None
    left, right = (Compare(column=column_of(hit.column), operator="==", value=hit.value) for hit in hits)
    return head.plan(Difference(measure=figures[0], left=left, right=right))
