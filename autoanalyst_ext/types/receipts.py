"""What a run leaves about how it came to its answer, so that it can be done again without a model.

A receipt travels in the notebook (metadata of the cell, or of its output), so another person's machine
has it too. It holds code that nobody there has seen: whoever replays it checks it like a model's.
"""

from typing import Literal

from pydantic import AwareDatetime, Field

from .claims import Claim
from .value import Value


class ReceiptTable(Value):
    """A table that the recorded code reads."""

    name: str
    """The variable's name."""
    fingerprint: str
    """`TableProfile.fingerprint` when the question was asked."""
    rows: int
    columns: int


class ReceiptCell(Value):
    """A finished cell."""

    label: str = Field(pattern=r"^c[0-9]{1,9}$")
    """What the answer's references call it: `c1`."""
    id: str = ""
    """Its id in the notebook where it ran; claims name it."""
    purpose: str = ""
    source: str


class Receipt(Value):
    """One answered question: what was asked, of which data, and how it was answered."""

    version: Literal[1] = 1
    question: str
    """As the user wrote it, mentions included."""
    agents: tuple[str, ...] = ()
    """Agents named beside the question, as written."""
    model: str | None = None
    """The model that was asked for; `None` left the choice to the settings."""
    scope: tuple[str, ...] = ()
    """Tables that the question was limited to; empty means all."""
    follows: str | None = None
    """The question before it in the same chat, if there was one."""
    data: tuple[ReceiptTable, ...] = ()
    """The tables that the code reads."""
    every_table: bool = False
    """Nothing says which tables the answer depends on: `data` has all of them, and a new one is a change."""
    cells: tuple[ReceiptCell, ...] = ()
    """The cells that ran to their end, in order."""
    earlier: tuple[ReceiptCell, ...] = ()
    """Cells of earlier questions that the answer refers to. They are not run again for this one."""
    template: str
    """The answer with references (`{{c1[0].area}}`)."""
    answer: str
    """The answer with its figures, as it was shown."""
    claims: tuple[Claim, ...] = ()
    status: Literal["answered", "abstained"]
    suggestions: tuple[str, ...] = ()
    answered_by: str = Field(pattern=r"^[^\x00-\x1f\x7f]{1,255}$")
    """`provider:model` that answered."""
    run_id: str
    """The run that made the cells."""
    at: AwareDatetime
    """UTC; when the model answered."""


def as_asked(question: str) -> str:
    """A question as it counts when two are compared: without blanks around it and at the ends of lines."""
    return "\n".join(line.rstrip() for line in question.strip().splitlines())
