"""Which recorded answer fits a question, and if none does, what has changed since.

What counts is what is written in the cell, the question that it follows, and the tables that the recorded
code reads. A receipt of a client comes from a notebook that anybody may have written: it is read with
care here, and its code is checked like a model's when it is run.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..logs import logger
from ..types.profiles import TableProfile
from ..types.receipts import Receipt, ReceiptTable, as_asked
from ..types.results import Leaf, Result
from ..types.wire import FoundReceipt
from .reading import read
from .receipts import Asked, is_small, labels_in

_BITS = 4096
"""Bits of the longest integer that is taken; longer ones are not read back from JSON."""


@dataclass(frozen=True)
class Found:
    """A receipt that was found for a question."""

    receipt: Receipt
    standing: bool = False
    """Its cells stand in the notebook, unedited; whoever runs the notebook runs them."""
    results: Mapping[str, Result] = field(default_factory=dict)
    """Label to the value of those of its cells that have run."""
    own: bool = False
    """A run of the same person made it, here: it comes from the store."""


@dataclass(frozen=True)
class Search:
    """What came of looking for a recorded answer."""

    found: Found | None = None
    notice: str | None = None
    """Why the question is asked anew, if there was something to replay."""


def search(asked: Asked, given: Sequence[FoundReceipt], stored: Sequence[Receipt], *, fresh: bool) -> Search:
    """The first receipt that fits, the client's before the store's; or why none does."""
    candidates = [found for one in given if (found := usable(one)) is not None]
    candidates += [Found(receipt, own=True) for receipt in stored]
    reasons: list[tuple[int, str]] = []
    for found in candidates:
        change = next(changes(found.receipt, asked), None)
        if change is None:
            return Search(notice="Asked anew, because of --fresh.") if fresh else Search(found=found)
        if not (found.own and _is_of_other_data(found.receipt, asked)):
            reasons.append(change)
    if fresh or not reasons:
        return Search()
    # The candidate that fits furthest is the one that the user has in mind.
    return Search(notice=f"Asked anew: {max(reasons, key=lambda reason: reason[0])[1]}.")


def usable(found: FoundReceipt) -> Found | None:
    """A client's receipt, if it is one that can be used."""
    try:
        receipt = Receipt.model_validate(found.receipt)
    except (ValueError, RecursionError) as error:
        logger().debug("receipt ignored", kind=type(error).__name__)
        return None
    labels = [cell.label for cell in (*receipt.cells, *receipt.earlier)]
    sound = all(_is_sound(claim.value) for claim in receipt.claims) and is_small(receipt)
    if len(labels) != len(set(labels)) or not sound:
        logger().debug("receipt ignored", kind="unusable")
        return None
    results = {label: result for label, result in found.results.items() if result is not None}
    return Found(receipt, standing=found.standing, results=results)


def _is_sound(value: Leaf) -> bool:
    """Whether a value can go through JSON everywhere and come back."""
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or value.bit_length() <= _BITS


def changes(receipt: Receipt, asked: Asked) -> Iterator[tuple[int, str]]:
    """What is different now, with a number that grows with how much fitted before."""
    if as_asked(receipt.question) != as_asked(asked.question):
        yield 0, "the question has changed"
    if receipt.agents != asked.agents:
        yield 1, "the agents have changed"
    if receipt.model != asked.model:
        yield 2, "another model is asked for"
    if sorted(receipt.scope) != sorted(asked.scope):
        yield 3, "the tables it is limited to have changed"
    if _follows_another(receipt, asked):
        yield 4, "the question before it has changed"
    yield from ((5, words) for words in _changed_data(receipt, asked))
    sources = {cell.source for cell in asked.cells.values()}
    if any(cell.source not in sources for cell in receipt.earlier):
        yield 6, "it builds on an answer that is not there"
    known = {cell.label for cell in (*receipt.cells, *receipt.earlier)}
    if receipt.status == "answered" and labels_in(receipt.template) - known:
        yield 7, "what is recorded of its answer is incomplete"
    if receipt.status == "abstained" and receipt.answered_by != asked.answerer:
        # One model's silence is no answer for another's asking.
        yield 8, f"{_short(receipt.answered_by)} could not answer it, {asked.answerer} may"


def _follows_another(receipt: Receipt, asked: Asked) -> bool:
    """Whether another question stands before it than when it was answered.

    A question that was the first needs none, and where nothing was asked yet there is nothing to compare.
    """
    if receipt.follows is None or asked.previous is None:
        return False
    return as_asked(receipt.follows) != as_asked(asked.previous)


def _changed_data(receipt: Receipt, asked: Asked) -> Iterator[str]:
    now = {table.name: table for table in asked.tables}
    known = {table.name for table in receipt.data}
    for then in receipt.data:
        table = now.get(then.name)
        if table is None:
            yield f"`{_short(then.name)}` is not there"
        elif table.fingerprint != then.fingerprint:
            yield f"the table `{then.name}` has changed since{_sizes(then, table)}"
    if receipt.every_table:
        yield from (f"the table `{name}` is new" for name in sorted(now.keys() - asked.made - known))
        return
    # What we record is complete; what is found in a notebook need not be.
    reading = read([cell.source for cell in receipt.cells])
    if reading is None or not known or reading.names & now.keys() - known:
        yield "what is recorded of its data is incomplete"


def _sizes(then: ReceiptTable, now: TableProfile) -> str:
    if then.rows != now.rows:
        return f" ({then.rows:,} rows then, {now.rows:,} now)"
    if then.columns != len(now.columns):
        return f" ({then.columns:,} columns then, {len(now.columns):,} now)"
    return ""


def _short(name: str) -> str:
    """A name that somebody else's notebook brings, fit for a sentence."""
    return " ".join(name.replace("`", "").split())[:60]


def _is_of_other_data(receipt: Receipt, asked: Asked) -> bool:
    """Whether the same words were once asked of tables that are not here: no news for this notebook."""
    return not {table.name for table in receipt.data} <= {table.name for table in asked.tables}
