"""An order said beside what is asked: `total value by club, highest first`, `rating by genre sorted`."""

import re
from collections.abc import Callable
from dataclasses import replace

from ..plan import Plan, Rank, Rows, Sort, Statistics
from ..plan.findings import RowCount, Share, SumShare, ValueCounts
from .conditions import column_of
from .grammar import Head

_LAST = re.compile(r"(?:A*s?l|A*s)$")


def ordered_plan(head: Head, plan: Callable[[Head], Plan | None]) -> Plan | None:
    """The plan of the question without its order, with the groups ordered by their figures."""
    said = _LAST.search(head.codes)
    if said is None or not head.groups:
        return None
    rest = replace(head, items=head.items[: said.start()])
    found = plan(rest)
    if found is None or found.rank is not None or len(found.by) != 1:
        return None
    if isinstance(found.ask, Statistics) and len(found.ask.measures) > 1:
        return None
    if not isinstance(found.ask, RowCount | Statistics | Share | SumShare | ValueCounts):
        return None
    word = next((item for item in head.items[said.start() :] if item.code == "l"), None)
    largest = word is None or word.value == "descending"
    return found.model_copy(update={"rank": Rank(largest=largest, count=None)})


def first_of_ordered_plan(head: Head) -> Plan | None:
    """`first 10 rows sorted by price`."""
    end, count, by = head.item("L"), head.count(), head.groups or head.columns
    if end is None or end.value != "first" or count is None or len(by) != 1 or (head.groups and head.columns):
        return None
    direction = head.item("l")
    largest = direction is not None and direction.value == "descending"
    plan = head.plan(Rows(part="first", count=count), by=())
    return plan.model_copy(update={"steps": (Sort(by=(column_of(by[0]),), descending=largest),)})
