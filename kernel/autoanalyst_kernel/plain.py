"""A copy of a notebook that runs where AutoAnalyst is not installed.

Questions become comments, followed by the code that answered them (from their receipts) and the answer as
Markdown. Works on the JSON of nbformat 4.
"""

import ast
import copy
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError

from .wording import CAN_BE

Json = dict[str, Any]

KEY = "autoanalyst"
_MAGIC = re.compile(
    r"(?P<space>\s*)(?:(?P<name>\w+)\s*=\s*)?"
    r"(?:%analyst\b|%(?:re|un)?load_ext\s+autoanalyst_(?:kernel|ext)\b)"
)
_PYTHON = re.compile(r"\s*%%(?:time|timeit|capture|prun)\b")
"""Cell magics whose body is this kernel's code."""
_AS = re.compile(r"--as[\s=]+[\"']?(\w+)")
_TAG = re.compile(r"(\\*)<(?=[A-Za-z/!?])")
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
_DOLLAR = re.compile(r"(?<!\\)\$")


@dataclass(frozen=True)
class Written:
    """A copy that was written."""

    path: Path
    source: Path
    """The notebook, of which what was saved is copied."""
    unanswered: tuple[str, ...]
    """Questions that have no recorded answer; they are comments only."""

    def __str__(self) -> str:
        """What was done, for the user."""
        left = len(self.unanswered)
        done = f"Wrote {self.path}, from {self.source.name} as it was last saved."
        if not left:
            return done
        questions = "1 question has" if left == 1 else f"{left} questions have"
        return f"{done} {questions} no recorded answer: ask again, save, and repeat this."


def write_plain(path: Path, target: Path | None = None) -> Written:
    """Write the plain copy of the notebook at `path` beside it; raises `UsageError`."""
    target = target or path.with_name(f"{path.stem}-plain.ipynb")
    made = plain_copy(_read(path))
    if not made["cells"]:
        raise UsageError(f"{path.name} has no cells as it was last saved. Save it, and repeat this.")
    if target.exists() and not (_is_ours(target) and target.resolve() != path.resolve()):
        raise UsageError(f"{target} exists and is no plain copy. Name another: %analyst plain NAME.ipynb")
    text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    try:
        _replace(target, text, path.stat().st_mode)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from None
    return Written(target, path, tuple(made["metadata"][KEY]["plain"]["unanswered"]))


def plain_copy(notebook: Json) -> Json:
    """The notebook without us. Its metadata says that it is a copy, and what was left unanswered."""
    made = copy.deepcopy(notebook)
    cells: list[Json] = made["cells"]
    out: list[Json] = []
    unanswered: list[str] = []
    waiting: list[tuple[int, Json]] = []
    """Answers, each with the position of the cell that it stands below."""
    answers: set[str] = set()
    for position, cell in enumerate(cells):
        named = _named(cell)
        receipts, asked = _receipts(cell), _rewrite(cell)
        _leave_out(cell, answers)
        answers |= named
        out.append(cell)
        if asked and not receipts:
            unanswered += asked
        for receipt in receipts if asked else ():
            below = _standing(receipt, cells, position)
            out += [_code(source) for label, source in _recorded(receipt) if label not in below]
            waiting.append((max(below.values(), default=position), _markdown(receipt)))
        out += [answer for last, answer in waiting if last == position]
        _forget(cell)
    made["cells"] = out
    made.setdefault("metadata", {})[KEY] = {"plain": {"unanswered": unanswered}}
    _name_cells(made)
    return made


def _read(path: Path) -> Json:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise UsageError(f"{path} is not a notebook.") from None
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4 or "cells" not in notebook:
        raise UsageError(f"{path} is not a notebook of format 4. Open and save it in Jupyter first.")
    return notebook


def _is_ours(path: Path) -> bool:
    """Whether we wrote the file."""
    try:
        metadata = _read(path)["metadata"].get(KEY)
    except (UsageError, KeyError, AttributeError):
        return False
    return isinstance(metadata, dict) and "plain" in metadata


def _replace(target: Path, text: str, mode: int) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, mode)
        os.replace(name, target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


# --- what a cell becomes --------------------------------------------------------------------------


def _rewrite(cell: Json) -> list[str]:
    """Make comments of what only we can run; returns the questions."""
    source = _text(cell["source"])
    if cell["cell_type"] != "code":
        return []
    if source.lstrip().startswith("%%analyst"):
        cell["source"] = "\n".join(f"# {line}".rstrip() for line in source.strip().splitlines())
        cell["outputs"], cell["execution_count"] = [], None
        return [source.strip()]
    lines = source.split("\n")
    foreign = source.lstrip().startswith("%%") and not _PYTHON.match(source)
    if foreign or not any(_MAGIC.match(line) for line in lines):
        return []
    cell["source"] = "\n".join(new for line in lines for new in _comment(line))
    cell["outputs"] = [each for each in cell["outputs"] if KEY not in (each.get("metadata") or {})]
    return [line.strip() for line in lines if _MAGIC.match(line) and _asks(line)]


def _named(cell: Json) -> set[str]:
    """Variables that a cell gives an answer of ours to."""
    if cell["cell_type"] != "code":
        return set()
    source = _text(cell["source"])
    first = source.lstrip().partition("\n")[0]
    found = {match["name"] for line in source.split("\n") if (match := _MAGIC.match(line)) and match["name"]}
    return found | set(_AS.findall(first) if first.startswith("%%analyst") else ())


def _leave_out(cell: Json, answers: set[str]) -> None:
    """Make a comment of a cell that uses an answer: there is no such object in the copy."""
    source = _text(cell["source"])
    if cell["cell_type"] != "code" or not answers:
        return
    try:
        used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    except (SyntaxError, ValueError):  # magics of others: not ours to judge
        return
    if there := sorted(used & answers):
        said = f"# This uses `{there[0]}`, an answer of AutoAnalyst that is not in this copy."
        quiet = "\n".join(f"# {line}".rstrip() for line in source.strip().splitlines())
        cell["source"], cell["outputs"], cell["execution_count"] = f"{said}\n{quiet}", [], None


def _comment(line: str) -> Iterator[str]:
    found = _MAGIC.match(line)
    if found is None:
        yield line
        return
    # An indented line may be all that its block has.
    keep = "pass  " if found["space"] else ""
    yield f"{found['space']}{keep}# {line.strip()}"
    if name := found["name"]:
        yield f"{found['space']}# `{name}` was an answer of AutoAnalyst; the code below it made the values."


def _asks(line: str) -> bool:
    """Whether a line asks a question, rather than to look around."""
    from .arguments import VERBS

    _, found, said = line.partition("%analyst")
    words = said.split()
    return bool(found) and bool(words) and words[0] not in VERBS


def _receipts(cell: Json) -> list[Json]:
    """The receipts of a cell and its outputs, each once, the one that the cell holds first."""
    found: dict[str, Json] = {}
    for holder in (cell, *cell.get("outputs", ())):
        kept = (holder.get("metadata") or {}).get(KEY)
        receipt = kept.get("receipt") if isinstance(kept, dict) else None
        if isinstance(receipt, dict) and isinstance(receipt.get("answer"), str):
            found.setdefault(str(receipt.get("run_id")), receipt)
    if _text(cell["source"]).lstrip().startswith("%%analyst"):
        return list(found.values())[:1]
    return list(found.values())


def _recorded(receipt: Json) -> list[tuple[str, str]]:
    cells = [cell for cell in receipt.get("cells", ()) if isinstance(cell, dict)]
    return [(str(c.get("label", at)), c["source"]) for at, c in enumerate(cells) if _is_text(c.get("source"))]


def _standing(receipt: Json, cells: list[Json], question: int) -> dict[str, int]:
    """Labels of the receipt's cells that stand below the question, edited or not, and where."""
    found: dict[str, int] = {}
    for position in range(question + 1, len(cells)):
        source = _text(cells[position]["source"]).strip()
        if source.startswith("%%analyst"):
            break
        mark = (cells[position].get("metadata") or {}).get(KEY)
        made = (mark.get("run"), mark.get("label")) if isinstance(mark, dict) else None
        for label, recorded in _recorded(receipt):
            if recorded.strip() == source or made == (receipt.get("run_id"), label):
                found.setdefault(label, position)
    return found


def _code(source: str) -> Json:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def _markdown(receipt: Json) -> Json:
    """The answer as a cell: its tags and dollar signs are text."""
    parts = _CODE.split(_TAG.sub(_escaped_tag, receipt["answer"]))
    parts[::2] = [_DOLLAR.sub(r"\\$", part) for part in parts[::2]]
    source = "".join(parts)
    if suggestions := [each for each in receipt.get("suggestions") or () if _is_text(each)]:
        title = "" if source.rstrip().endswith(":") else f"\n\n{CAN_BE}"
        source = f"{source.rstrip()}{title}\n\n" + "\n".join(f"- {_code_of(each)}" for each in suggestions)
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _code_of(question: str) -> str:
    """A question as Markdown shows it letter by letter."""
    line = " ".join(question.split())
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


def _escaped_tag(found: re.Match[str]) -> str:
    """`<` as an entity, without the backslash that escaped it."""
    slashes = found[1]
    return f"{slashes[: len(slashes) - len(slashes) % 2]}&lt;"


def _forget(cell: Json) -> None:
    """Take our marks off a cell and its outputs."""
    for holder in (cell, *cell.get("outputs", ())):
        if isinstance(holder.get("metadata"), dict):
            holder["metadata"].pop(KEY, None)


def _name_cells(notebook: Json) -> None:
    """Ids for the new cells, the same each time, where the format has ids."""
    if int(notebook.get("nbformat_minor", 0)) < 5:
        return
    taken = {cell["id"] for cell in notebook["cells"] if "id" in cell}
    for position, cell in enumerate(notebook["cells"]):
        if "id" not in cell:
            seed = f"{position}\n{cell['source']}".encode()
            cell["id"] = hashlib.blake2b(seed, digest_size=6).hexdigest()
            while cell["id"] in taken:
                seed += b"+"
                cell["id"] = hashlib.blake2b(seed, digest_size=6).hexdigest()
            taken.add(cell["id"])


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
