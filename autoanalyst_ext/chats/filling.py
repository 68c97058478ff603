"""The words of an answer: references become values, every figure gets its claim; and what is said without."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..agents import claims, references
from ..tools.base import Abstention
from ..types.cells import Execution
from ..types.claims import Claim
from ..types.receipts import Receipt


@dataclass(frozen=True)
class Filling:
    """An answer with its figures."""

    text: str
    claims: tuple[Claim, ...]
    fits: bool = True
    """Every reference led to a value."""


def fill(template: str, *, question: str, cells: Mapping[str, Execution]) -> Filling:
    """Fill a template from cells (by label), and mark figures of its own that none of them shows."""
    proofs = {label: (cell.cell_id, cell) for label, cell in cells.items()}
    filled = references.fill(template, proofs)
    text, free = claims.mark(filled, question=question, cells=proofs)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return Filling(text, (*filled.claims, *free), fits=not filled.problems)


def mark(text: str, *, question: str, cells: Mapping[str, Execution]) -> Filling:
    """Mark the figures of a text that has no references to fill."""
    proofs = {label: (cell.cell_id, cell) for label, cell in cells.items()}
    marked, free = claims.mark(references.Filled(text, (), ()), question=question, cells=proofs)
    return Filling(marked, free)


def abstained(abstention: Abstention) -> str:
    """An abstention in words; the door that shows it lists the nearest questions."""
    lines = [f"Not answered: {abstention.not_understood}"]
    if abstention.understood:
        lines.insert(0, f"Understood: {abstention.understood}")
    return "\n\n".join(lines)


def still_recorded(receipt: Receipt) -> str:
    """What is said of figures that were recorded and are not proven here yet."""
    return f"The figures are those of {receipt.at:%Y-%m-%d} until the cells below have run."
