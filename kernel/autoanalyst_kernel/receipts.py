"""Finding the receipt of a question's cell, and waiting for the cells that stand below it.

A receipt reaches us in three ways: with the execute request (a front end that knows us puts the cell's
metadata there), in the notebook's file (metadata of the cell or of its output; that is what nbclient and a
colleague's machine have), or from the engine's own store. The first two are looked for here. Nothing of a
receipt is trusted here: the engine checks it.
"""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

FILE_BYTES = 32 * 2**20
"""Of a notebook that is looked through."""
RECEIPT_BYTES = 2**20
LOOK_SECONDS = 0.2
"""How long the notebooks of a folder are looked through, the newest first. The store may know the rest."""
KEY = "autoanalyst"
_KEY_WRITTEN = b'"autoanalyst"'
MOST = 5
"""Receipts of one question that the engine is shown."""

_without: dict[Path, tuple[int, int]] = {}
"""Notebooks without any receipt, with time and size: they need not be read again."""


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
    asking = cell_id(shell) if notebook_path(shell) is not None else None
    words = () if asking else _telling("\n".join(cell) if cell else question)
    for path in _notebooks(shell):
        for place, receipt in _receipts_in(path, words):
            if cell is None:
                wanted = receipt.receipt.get("question") == question
            else:  # an edited cell keeps its id
                wanted = place.written == _normal(*cell) or (asking is not None and place.cell == asking)
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
    until = time.monotonic() + LOOK_SECONDS
    for path in _beside():
        if time.monotonic() > until:
            return
        yield path


def _beside() -> list[Path]:
    """Notebooks of the folder, the newest first."""
    try:
        with os.scandir() as entries:
            files = [entry for entry in entries if entry.name.endswith(".ipynb") and entry.is_file()]
            return [Path(entry.path) for entry in sorted(files, key=_changed, reverse=True)]
    except OSError:  # the folder is gone, or not ours to read
        return []


def _changed(entry: "os.DirEntry[str]") -> float:
    return entry.stat().st_mtime


def _telling(text: str) -> tuple[bytes, ...]:
    """The longest line of a question, as the file of a notebook that asks it has it somewhere."""
    # Spaces in the line with the options may differ.
    words = [*(text.split("\n")[0]).split(), *(line.strip() for line in text.split("\n")[1:])]
    longest = max(words, key=len, default="")
    return tuple(
        {json.dumps(longest, ensure_ascii=ascii)[1:-1].encode("utf-8", "replace") for ascii in (True, False)}
    )


def _text_of(path: Path, words: tuple[bytes, ...]) -> bytes | None:
    """A notebook's file, where it may have a receipt for a question of these words."""
    found = path.stat()
    seen = (found.st_mtime_ns, found.st_size)
    if not 0 < found.st_size <= FILE_BYTES or _without.get(path.absolute()) == seen:
        return None
    text = path.read_bytes()
    if _KEY_WRITTEN not in text:
        _without[path.absolute()] = seen
        return None
    return text if not words or any(each in text for each in words) else None


class _Place(NamedTuple):
    """A cell in a notebook's file."""

    cell: str | None
    """Its id."""
    written: tuple[str, str]
    """Its line and body."""


def _receipts_in(path: Path, words: tuple[bytes, ...]) -> Iterator[tuple[_Place, FoundReceipt]]:
    """Each cell of a notebook's file that has a receipt, and the receipt; no `words` look at all of them."""
    try:
        if (text := _text_of(path, words)) is None:
            return
        cells = json.loads(text)["cells"]
        sources = ["".join(cell.get("source", "")) for cell in cells]
        held = [list(_receipts_of(cell)) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return  # not a notebook, or none that we could read
    for position, receipts in enumerate(held):
        for receipt in receipts:
            written = sources[position].strip().removeprefix("%%analyst").partition("\n")
            below = sources[position + 1 :]
            place = _Place(cells[position].get("id"), _normal(written[0], written[2]))
            yield place, FoundReceipt(receipt, _stands(receipt, below))


def _receipts_of(cell: dict[str, Any]) -> Iterator[dict[str, Any]]:
    holders = [cell, *(cell.get("outputs") or [])]
    for holder in holders:
        metadata = holder.get("metadata") if isinstance(holder, dict) else None
        receipt = _as_receipt(metadata.get(KEY)) if isinstance(metadata, dict) else None
        if receipt is not None:
            yield receipt


def _as_receipt(held: Any) -> dict[str, Any] | None:
    receipt = held.get("receipt") if isinstance(held, dict) else None
    if not isinstance(receipt, dict) or not isinstance(receipt.get("cells"), list):
        return None
    try:
        return receipt if len(json.dumps(receipt)) <= RECEIPT_BYTES else None
    except RecursionError:
        return None


def _stands(receipt: dict[str, Any], below: list[str]) -> bool:
    """Whether all cells of a receipt are among those below its question, before the next question."""
    end = next((at for at, source in enumerate(below) if source.lstrip().startswith("%%analyst")), len(below))
    texts = {source.strip() for source in below[:end]}
    sources = [cell.get("source") for cell in receipt["cells"] if isinstance(cell, dict)]
    return bool(sources) and all(isinstance(text, str) and text.strip() in texts for text in sources)


def _normal(line: str, body: str) -> tuple[str, str]:
    return " ".join(line.split()), body.strip()


def cells_of(receipt: dict[str, Any]) -> list[dict[str, str]]:
    """The cells of a receipt that are cells, and those of earlier questions that its answer refers to."""
    earlier = receipt.get("earlier")
    return [
        cell
        for cell in (*receipt["cells"], *(earlier if isinstance(earlier, list) else ()))
        if isinstance(cell, dict)
        and isinstance(cell.get("source"), str)
        and isinstance(cell.get("label"), str)
    ]
