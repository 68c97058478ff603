"""What of a streaming answer can be shown already: its references filled, its open end held back."""

from collections.abc import Mapping, Sequence

from ..types.cells import Execution
from ..types.profiles import TableProfile
from .references import fill


def problems_of(text: str, cells: Mapping[str, Execution], tables: Sequence[TableProfile]) -> str | None:
    """What is wrong with an answer, in words for the model; None when nothing is."""
    if not text.strip():
        return "Your answer was empty. Write the answer, or call a tool."
    problems = fill(text, _proofs(cells), tables=tables).problems
    if not problems:
        return None
    listed = "\n".join(f"- {problem}" for problem in problems)
    return (
        f"These references do not point at an output:\n{listed}\n"
        "Write the whole answer again with references that do."
    )


def _proofs(cells: Mapping[str, Execution]) -> dict[str, tuple[str, Execution]]:
    return {label: (cell.cell_id, cell) for label, cell in cells.items()}


class ShownText:
    """Turns deltas of an answer with references into deltas of the answer as people read it."""

    def __init__(self, cells: Mapping[str, Execution]) -> None:
        self._proofs = _proofs(cells)
        self._text = ""
        self._shown = ""

    def add(self, delta: str) -> str:
        """Take in more text; returns what may be shown now."""
        self._text += delta
        return self._show(self._text[: _safe_end(self._text)]) if delta else ""

    def rest(self) -> str:
        """What was held back, once the text is whole."""
        return self._show(self._text)

    def _show(self, text: str) -> str:
        filled = fill(text, self._proofs).text
        if not filled.startswith(self._shown):
            # A fence or a bracket changed what came before: the whole answer at the end says it right.
            return ""
        new, self._shown = filled[len(self._shown) :], filled
        return new


def _safe_end(text: str) -> int:
    """Where the text must be cut so that no reference is shown half."""
    opened = text.rfind("{{")
    if opened >= 0 and "}}" not in text[opened:]:
        return opened
    return len(text) - 1 if text.endswith("{") else len(text)
