"""Finding the receipt of a question's cell, and waiting for the cells that stand below it.

A receipt reaches us in three ways: with the execute request (a front end that knows us puts the cell's
metadata there), in the notebook's file (metadata of the cell or of its output; that is what nbclient and a
colleague's machine have), or from the engine's own store. The first two are looked for here. Nothing of a
receipt is trusted here: the engine checks it.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILES = 200
"""Notebooks of the folder that are looked through."""
FILE_BYTES = 32 * 2**20
KEY = "autoanalyst"
MOST = 5
"""Receipts of one question that the engine is shown."""


@dataclass(frozen=True)
class FoundReceipt:
    """A receipt, and whether its cells stand below the question, unedited."""

    receipt: dict[str, Any]
    standing: bool


def found(shell: Any, question: str, cell: tuple[str, str] | None = None) -> list[FoundReceipt]:
    """Receipts for a question; `cell` is line and body of the cell that asks it, where a whole cell does.

    Receipts of that cell count whatever they say, so that it can be said what has changed. For a question
    inside other code only those of the same question do.
    """
    if getattr(shell, "kernel", None) is None:
        return []  # a terminal has no notebook
    held = _metadata(shell).get(KEY) or {}
    if (sent := _as_receipt(held)) is not None and cell is not None:
        return [FoundReceipt(sent, held.get("standing") is True)]
    receipts: list[FoundReceipt] = []
    for path in _notebooks(shell):
        for written, receipt in _receipts_in(path):
            wanted = written == _normal(*cell) if cell else receipt.receipt.get("question") == question
            receipts += [receipt] if wanted else []
    return receipts[:MOST]


def notebook_path(shell: Any) -> Path | None:
    """The file of this notebook, where the front end tells."""
    told = shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME") or ""
    path = Path(str(told))
    return path if path.suffix == ".ipynb" and path.is_file() else None


def cell_id(shell: Any) -> str | None:
    """Id of the notebook's cell that runs, where the front end tells."""
    found = _metadata(shell).get("cellId")
    return found if isinstance(found, str) else None


def _metadata(shell: Any) -> dict[str, Any]:
    """The metadata of the running execute request; it has the cell's own in JupyterLab."""
    kernel = getattr(shell, "kernel", None)
    parent = kernel.get_parent() if kernel is not None else {}
    found = parent.get("metadata")
    return found if isinstance(found, dict) else {}


def _notebooks(shell: Any) -> Iterator[Path]:
    """The notebook's own file where it is known, else those of the folder that may be it."""
    known = notebook_path(shell)
    if known is not None:
        yield known
        return
    try:
        beside = sorted(Path.cwd().glob("*.ipynb"))[:FILES]
    except OSError:  # the folder is gone, or not ours to read
        return
    yield from beside


def _receipts_in(path: Path) -> Iterator[tuple[tuple[str, str], FoundReceipt]]:
    """Line and body of each cell of a notebook's file that has a receipt, and the receipt."""
    try:
        if path.stat().st_size > FILE_BYTES or KEY not in (text := path.read_text(encoding="utf-8")):
            return
        cells = json.loads(text)["cells"]
        sources = ["".join(cell.get("source", "")) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return  # not a notebook, or none that we could read
    for position, cell in enumerate(cells):
        for receipt in _receipts_of(cell):
            written = sources[position].strip().removeprefix("%%analyst").partition("\n")
            below = sources[position + 1 :]
            yield _normal(written[0], written[2]), FoundReceipt(receipt, _stands(receipt, below))


def _receipts_of(cell: dict[str, Any]) -> Iterator[dict[str, Any]]:
    holders = [cell, *(cell.get("outputs") or [])]
    for holder in holders:
        metadata = holder.get("metadata") if isinstance(holder, dict) else None
        receipt = _as_receipt(metadata.get(KEY)) if isinstance(metadata, dict) else None
        if receipt is not None:
            yield receipt


def _as_receipt(held: Any) -> dict[str, Any] | None:
    receipt = held.get("receipt") if isinstance(held, dict) else None
    return receipt if isinstance(receipt, dict) and isinstance(receipt.get("cells"), list) else None


def _stands(receipt: dict[str, Any], below: list[str]) -> bool:
    """Whether all cells of a receipt are among those below its question, before the next question."""
    end = next((at for at, source in enumerate(below) if source.lstrip().startswith("%%analyst")), len(below))
    texts = {source.strip() for source in below[:end]}
    sources = [cell.get("source") for cell in receipt["cells"] if isinstance(cell, dict)]
    return bool(sources) and all(isinstance(text, str) and text.strip() in texts for text in sources)


def _normal(line: str, body: str) -> tuple[str, str]:
    return " ".join(line.split()), body.strip()


@dataclass
class Results:
    """Values of recorded cells that have run in this kernel, and answers that wait for some.

    Cells below a question are ordinary cells: the user runs them, or *Run All* does. When the last one that
    an answer refers to has run, the answer's figures can be written anew.
    """

    watched: set[str] = field(default_factory=set)
    """Sources of recorded cells, stripped: of these alone values are kept."""
    values: dict[str, Any] = field(default_factory=dict)
    """Source to the described value of its last run."""

    def keep(self, source: str, described: Any) -> None:
        """A recorded cell has run."""
        self.watched.add(source.strip())
        self.values[source.strip()] = described

    def watch(self, receipt: dict[str, Any]) -> None:
        """Keep the values of this receipt's cells from now on."""
        self.watched.update(cell["source"].strip() for cell in _cells(receipt))

    def of(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """Label to value of those cells of a receipt that have run."""
        return {
            cell["label"]: self.values[cell["source"].strip()]
            for cell in _cells(receipt)
            if cell["source"].strip() in self.values
        }


def _cells(receipt: dict[str, Any]) -> list[dict[str, str]]:
    """The cells of a receipt that are cells, and those of earlier questions that its answer refers to."""
    return [
        cell
        for cell in (*receipt.get("cells", ()), *receipt.get("earlier", ()))
        if isinstance(cell, dict)
        and isinstance(cell.get("source"), str)
        and isinstance(cell.get("label"), str)
    ]
