"""A finished question: everything that its output shows, and the same as clean text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any, Protocol

from . import wording
from .progress import Progress


class Shown(Protocol):
    """What is shown of a cell that the run inserted."""

    id: str
    source: str
    metadata: dict[str, Any]
    outputs: list[dict[str, Any]]
    status: str | None


@dataclass(frozen=True)
class Finished:
    """An answer with what belongs to it."""

    answer: Mapping[str, Any]
    """The JSON of an `Answer`."""
    text: str
    """The answer's Markdown; newer than the one in `answer` where figures were filled anew."""
    html: str
    cells: Sequence[Shown]
    progress: Progress
    receipt: dict[str, Any] | None
    replayed: bool
    below: bool
    """The cells stand below in the notebook, so they are not shown here."""
    model: str
    command: str = ""
    """What to run to ask a model instead; empty where there is nothing to offer."""

    @property
    def footer(self) -> str:
        """Model, tokens, cost, time."""
        return wording.footer(self.answer, self.model, receipt=self.receipt, replayed=self.replayed)

    @property
    def metadata(self) -> dict[str, Any]:
        """What front ends save with the output: how the answer can be had again."""
        return {"autoanalyst": {"receipt": self.receipt}} if self.receipt else {}

    def label(self, cell: Shown) -> str:
        """What references call the cell: `c1`."""
        return str((cell.metadata.get("autoanalyst") or {}).get("label") or "")

    def purpose(self, label: str) -> str:
        """What the cell of this label is for; the receipt knows it where no event said it."""
        told = self.progress.purpose(label)
        recorded = (self.receipt or {}).get("cells") or ()
        return told or next((str(c.get("purpose", "")) for c in recorded if c.get("label") == label), "")

    @property
    def status(self) -> str:
        """What became of it, where that is no answer and the text does not say it itself."""
        words = wording.status(self.answer)
        return "" if words in self.text else words

    @property
    def suggestions(self) -> list[str]:
        """Questions that can be answered, as they are to be written."""
        return [wording.harmless(str(each)) for each in self.answer.get("suggestions") or ()]

    @property
    def needs_title(self) -> bool:
        """Whether the text does not say itself what the suggestions are; answers of earlier versions do."""
        return not self.text.rstrip().endswith(":")

    def said(self) -> list[str]:
        """The answer as clean text: its words, what could be asked instead, figures that nothing shows."""
        words = wording.plain(self.text).strip()
        lines = [f"{self.status}: {words}" if self.status else words]
        if suggestions := self.suggestions:
            lines += [
                *([wording.CAN_BE] if self.needs_title else []),
                *(f"  - {each}" for each in suggestions),
            ]
        if self.command:
            lines += [wording.HAND_OVER, indent(self.command, "    ")]
        doubts = wording.doubts(self.answer)
        return lines + [f"{sign} {wording.plain(what)}" for kind, sign, what in doubts if kind != "verified"]

    def plain(self) -> str:
        """The whole output without a browser."""
        lines = self.said()
        for attempt in self.progress.not_run:
            lines += [f"Not run: {attempt.title}. {attempt.words}", indent(attempt.source, "    ")]
        return wording.harmless("\n".join([*lines, *self.progress.notices, "", self.footer]))
