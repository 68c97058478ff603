"""`AnalystAnswer`: what `answer = %analyst ...` and `%%analyst --as answer` leave in a variable."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from .wording import cost, count, harmless, plain, tokens


class Ran(Protocol):
    """A cell that the run inserted, with what its last expression was."""

    source: str
    metadata: dict[str, Any]
    outputs: list[dict[str, Any]]
    status: str | None
    value: Any


@dataclass(frozen=True)
class AnswerCell:
    """A cell of an answer."""

    label: str
    """What references call it: `c1`."""
    source: str
    outputs: tuple[dict[str, Any], ...]
    """As in a notebook's file."""


@dataclass(frozen=True)
class AnswerClaim:
    """A figure of an answer."""

    text: str
    """The figure as the answer shows it."""
    value: Any
    """The figure itself."""
    status: str
    """`verified`, `unverified` or `contradicted`."""
    path: str | None
    """Where it was read: `c1[0].area`."""


class AnalystAnswer:
    """An answer: its words, the objects that its cells made, and what it cost.

    True when the question was answered. The objects are the ones in the kernel, not copies.
    """

    def __init__(
        self,
        answer: Mapping[str, Any],
        cells: Sequence[Ran],
        *,
        question: str,
        model: str,
        receipt: dict[str, Any] | None = None,
        replayed: bool = False,
    ) -> None:
        self.question, self.model, self.receipt, self.replayed = question, model, receipt, replayed
        self.text: str = answer["answer"]
        """Markdown, with its figures."""
        self.status: str = answer["status"]
        self.suggestions: tuple[str, ...] = tuple(answer.get("suggestions") or ())
        """Questions that can be answered instead, where this one could not."""
        self.seconds = float(answer.get("seconds") or 0.0)
        self.claims = tuple(_claim(claim) for claim in answer.get("claims") or ())
        self.cells = tuple(_cell(cell) for cell in cells)
        self._usage: Mapping[str, Any] = answer.get("usage") or {}
        self._values = [cell.value for cell in cells if cell.status == "ok" and cell.value is not None]

    @property
    def value(self) -> Any:
        """What the last expression of the last cell was that had one."""
        return self._values[-1] if self._values else None

    @property
    def table(self) -> Any:
        """The last table that a cell showed; a labelled column counts as a table of one column."""
        for value in reversed(self._values):
            if isinstance(value, type):
                continue
            if hasattr(value, "columns"):
                return value
            if hasattr(value, "to_frame"):
                return value.to_frame()
        return None

    @property
    def figure(self) -> Any:
        """The last chart that a cell showed, of plotly or matplotlib."""
        figures = (_figure(value) for value in reversed(self._values))
        return next((figure for figure in figures if figure is not None), None)

    @property
    def cost(self) -> Decimal | None:
        """Dollars, exact; `None` when the model has no known price."""
        dollars = self._usage.get("cost_usd")
        return None if dollars is None else Decimal(dollars)

    @property
    def tokens(self) -> int:
        """Input and output tokens."""
        return tokens(self._usage)

    def __bool__(self) -> bool:
        return self.status == "answered"

    def __str__(self) -> str:
        return plain(self.text)

    def __repr__(self) -> str:
        words = " ".join(plain(self.text).split())
        short = words if len(words) <= 80 else f"{words[:79].rstrip()}…"
        parts = [self.status, count(len(self.cells), "cell"), self.model, cost(self._usage)]
        return harmless(f"<AnalystAnswer {short!r} · {' · '.join(parts)}>")


def _cell(cell: Ran) -> AnswerCell:
    label = (cell.metadata.get("autoanalyst") or {}).get("label") or ""
    return AnswerCell(str(label), cell.source, tuple(cell.outputs))


def _claim(claim: Mapping[str, Any]) -> AnswerClaim:
    return AnswerClaim(claim["text"], claim.get("value"), claim["status"], claim.get("path"))


def _figure(value: Any) -> Any:
    """The chart that `value` is or is drawn in. Only libraries that the user's code has loaded are asked."""
    plotly = sys.modules.get("plotly.basedatatypes")
    if plotly is not None and isinstance(value, plotly.BaseFigure):
        return value
    if (figures := sys.modules.get("matplotlib.figure")) is None:
        return None
    if isinstance(value, figures.Figure):
        return value
    drawn = _first(value)
    # An axes or an artist of it (a bar, a line); both know the figure they are in.
    artists = sys.modules.get("matplotlib.artist")
    return drawn.get_figure() if artists is not None and isinstance(drawn, artists.Artist) else None


def _first(value: Any) -> Any:
    """The first of several drawn things: `hist` gives an array of axes, `plot` a list of lines."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray) and value.dtype == object and value.size:
        return value.flat[0]
    return value[0] if isinstance(value, (list, tuple)) and value else value
