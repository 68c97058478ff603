"""Making a receipt: what was asked, which tables the answer depends on, and how it was come by."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from ..agents import markdown
from ..types.cells import Execution
from ..types.profiles import TableProfile
from ..types.receipts import Receipt, ReceiptCell, ReceiptTable
from ..types.runs import Answer
from .reading import read

LARGEST = 1_000_000
"""Bytes of the largest receipt as JSON; what is larger is neither made nor taken."""

_REFERENCE = re.compile(r"(\{\{\s*)([^\W\d]\w*)")
_NO_DATA = frozenset({"module", "function", "type", "ABCMeta", "builtin_function_or_method"})
"""Types of names that code can read without depending on data that we have no fingerprint of."""


@dataclass(frozen=True)
class Asked:
    """A question as it is written, and what was there before it."""

    question: str
    agents: tuple[str, ...]
    """Named beside the question, as written."""
    model: str | None
    """Asked for beside the question."""
    scope: tuple[str, ...]
    answerer: str
    """The model that answers now: the one asked for, or the chosen one."""
    previous: str | None
    """The question before it in the chat."""
    tables: tuple[TableProfile, ...]
    names: Mapping[str, str]
    """Variables, to the names of their types."""
    made: frozenset[str]
    """Those that runs of ours made."""
    cells: Mapping[str, Execution]
    """Of earlier questions of the chat, by label."""


@dataclass(frozen=True)
class Work:
    """What a run did for its answer."""

    template: str
    cells: Mapping[str, Execution]
    """By label, in order."""
    purposes: Mapping[str, str]
    answered_by: str


def receipt_of(asked: Asked, answer: Answer, work: Work) -> Receipt | None:
    """The receipt of an answer; None for one that cannot be done again, or only at great length."""
    if answer.status not in ("answered", "abstained"):
        return None
    own = {label: cell for label, cell in work.cells.items() if cell.status == "ok"}
    used = labels_in(work.template)
    earlier = {label: cell for label, cell in asked.cells.items() if label in used and label not in own}
    data, every = _data(asked, [cell.source for cell in own.values()])
    facts = {
        "question": asked.question,
        "agents": asked.agents,
        "model": asked.model,
        "scope": asked.scope,
        "follows": asked.previous,
        "data": data,
        "every_table": every,
        "cells": _cells(own, work.purposes),
        "earlier": _cells(earlier, {}),
        "template": work.template,
        "answer": answer.answer,
        "claims": answer.claims,
        "status": answer.status,
        "suggestions": answer.suggestions,
        "answered_by": work.answered_by,
        "run_id": answer.run_id,
        "at": datetime.now(UTC),
    }
    try:
        receipt = Receipt.model_validate(facts)
    except ValidationError:
        return None  # E.g. a provider's model whose name cannot be written down.
    return receipt if is_small(receipt) else None


def is_small(receipt: Receipt) -> bool:
    """Whether it can be written as JSON and is not too long for a notebook's metadata."""
    try:
        return len(receipt.model_dump_json().encode()) <= LARGEST
    except ValueError:
        # Half a character, or a number of more digits than Python writes.
        return False


def labels_in(template: str) -> set[str]:
    """The labels that the references of a template name."""
    code = markdown.code_spans(template)
    return {found[2] for found in _REFERENCE.finditer(template) if not _inside(found.start(), code)}


def relabelled(template: str, labels: Mapping[str, str]) -> str:
    """The template with other labels in its references."""
    code = markdown.code_spans(template)

    def other(found: re.Match[str]) -> str:
        if _inside(found.start(), code):
            return found.group()
        return found[1] + labels.get(found[2], found[2])

    return _REFERENCE.sub(other, template)


def _inside(position: int, spans: Collection[tuple[int, int]]) -> bool:
    return any(start <= position < stop for start, stop in spans)


def _cells(cells: Mapping[str, Execution], purposes: Mapping[str, str]) -> tuple[ReceiptCell, ...]:
    return tuple(
        ReceiptCell(label=label, id=cell.cell_id, purpose=purposes.get(label, ""), source=cell.source)
        for label, cell in cells.items()
    )


def _data(asked: Asked, sources: list[str]) -> tuple[tuple[ReceiptTable, ...], bool]:
    """The tables that an answer depends on, and whether these are all that there were.

    Tables that answers made are left out of "all": when the notebook runs from its top, they come later.
    """
    tables = {table.name: table for table in asked.tables}
    others = {n for n, kind in asked.names.items() if n not in tables and kind not in _NO_DATA}
    reading = read(sources)
    used = tables.keys() & (reading.names | reading.words) if reading else set()
    every = reading is None or not used or bool(reading.names & others)
    if every:
        used = used | (tables.keys() - asked.made)
    found = (table for name, table in tables.items() if name in used)
    data = tuple(
        ReceiptTable(
            name=table.name, fingerprint=table.fingerprint, rows=table.rows, columns=len(table.columns)
        )
        for table in found
    )
    return data, every
