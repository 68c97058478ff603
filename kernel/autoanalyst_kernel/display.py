"""`View`: what the user sees of a question, in the output of its cell.

Where there is a front end, one output that is updated in place and makes room for the finished answer; in a
plain terminal, lines. What it says is in `page`, `terminal` and `finished`.
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from . import page
from .finished import Finished, Shown
from .progress import Progress
from .terminal import Lines
from .wording import harmless

PROMPT = "Run this cell? [y]es / [n]o / [a]lways run safe cells here: "
MOMENT = 0.1
"""Seconds between two updates while words stream; what ends something is shown at once."""

_STREAMING = frozenset({"text_delta", "tables_seen", "run_started"})
_PICTURE = re.compile(r"<(script|svg|iframe|img|canvas|video|audio|object|embed)\b", re.IGNORECASE)


class View:
    """One question as the user sees it."""

    def __init__(self, shell: Any, question: str, *, alone: bool = True) -> None:
        """`alone`: the cell is the question and nothing else, so that all of its outputs are ours."""
        self._alone = alone
        self._publisher = shell.display_pub if getattr(shell, "kernel", None) is not None else None
        self._lines = Lines()
        self._progress = Progress(question)
        self._finished: Finished | None = None
        self._display = uuid4().hex
        self._shown_at = 0.0
        self._held_back = False
        """There is something newer than what is shown."""
        if self._publisher is not None:
            self._publish(*self._going())

    @property
    def model(self) -> str:
        """`provider:model`, once the run has said who answers."""
        return self._progress.model

    def event(self, event: Mapping[str, Any]) -> None:
        """Show an event of the run, the JSON of a `RunEvent`."""
        self._progress.take(event)
        if event["kind"] == "tables_seen" and not event["tables"]:
            self._no_tables()
        if self._publisher is None:
            self._lines.event(event)
        else:
            self._held_back = True
            if event["kind"] not in _STREAMING or self.due() == 0:
                self.refresh()

    def due(self) -> float | None:
        """Seconds until `refresh` is to be called, unless an event comes before; None where it is not."""
        if not self._held_back:
            return None
        return max(0.0, self._shown_at + MOMENT - time.monotonic())

    def refresh(self) -> None:
        """Show what was held back."""
        if self._held_back:
            self._held_back = False
            self._publish(*self._going(), update=True)

    def ask_approval(self, event: Mapping[str, Any]) -> tuple[bool, bool]:
        """Show code that needs a yes, and ask: (run it, stop asking for safe code)."""
        if self._publisher is None:
            self._lines.approval(event)
        elif not any(attempt.state == "waiting" for attempt in self._progress.attempts):
            self.event(event)
        try:
            said = input(PROMPT).strip().lower()
        except (EOFError, NotImplementedError):  # nobody is there; ipykernel says so by the latter
            return False, False
        always = said in {"a", "always"}
        return always or said in {"y", "yes"}, always

    def finish(
        self,
        answer: Mapping[str, Any],
        html: str,
        cells: Sequence[Shown],
        *,
        receipt: dict[str, Any] | None,
        replayed: bool,
        below: bool,
        command: str = "",
    ) -> None:
        """Put the answer in the place of everything that was shown on the way to it.

        `command` is what to run to ask a model instead.
        """
        text, said = str(answer["answer"]), self._progress
        self._finished = shown = Finished(
            answer, text, html, cells, said, receipt, replayed, below, self.model, command
        )
        if self._publisher is None:
            self._lines.finish(shown)
            return
        if not self._alone:
            self._publish(page.answer(shown), shown.plain(), metadata=shown.metadata, update=True)
            return
        # A new output, not an update of the old one: some front ends, and files, know no updates.
        self._publisher.clear_output(wait=True)
        self._display = uuid4().hex
        self._publish(page.answer(shown), shown.plain(), metadata=shown.metadata)
        if not below:
            self._publish_pictures(cells)

    def refill(self, text: str, html: str, claims: Sequence[Mapping[str, Any]]) -> None:
        """Show the finished answer with other figures, and what vouches for them."""
        if self._finished is None:
            return
        self._progress.settle()
        answer = {**self._finished.answer, "claims": claims}
        self._finished = shown = replace(self._finished, answer=answer, text=text, html=html)
        if self._publisher is None:
            self._lines.finish(shown)
        else:
            self._publish(page.answer(shown), shown.plain(), metadata=shown.metadata, update=True)

    def stop(self, words: str) -> None:
        """The question ended without an answer: keep what there is and say what happened."""
        if self._publisher is None:
            self._lines.stop(words)
        else:
            text = "\n".join(part for part in (self._progress.plain(), words) if part)
            self._publish(page.going(self._progress, words), text, update=True)

    def _no_tables(self) -> None:
        """Say how to load one; data files of the folder are named."""
        from .verbs import loading

        for words in loading(Path()):
            self.event({"kind": "notice", "code": "no_tables", "text": words})

    def _going(self) -> tuple[str, str]:
        return page.going(self._progress), self._progress.plain() or "thinking"

    def _publish(
        self, html: str, text: str, *, metadata: dict[str, Any] | None = None, update: bool = False
    ) -> None:
        assert self._publisher is not None
        self._shown_at = time.monotonic()
        data = {"text/html": html, "text/plain": harmless(text)}
        transient = {"display_id": self._display}
        self._publisher.publish(data, metadata or {}, transient=transient, update=update)

    def _publish_pictures(self, cells: Sequence[Shown]) -> None:
        """What the cells drew; it went when the output was cleared for the answer."""
        assert self._publisher is not None
        for cell in cells:
            for output in cell.outputs:
                data = output.get("data") or {}
                if is_picture(data):
                    transient = output.get("transient") or {}
                    self._publisher.publish(data, output.get("metadata") or {}, transient=transient)


def is_picture(data: Mapping[str, Any]) -> bool:
    """Whether an output is more than text and tables."""
    if any(mime.startswith(("image/", "application/", "video/", "audio/")) for mime in data):
        return True
    markup = data.get("text/html", "")
    return _PICTURE.search("".join(markup) if isinstance(markup, list) else str(markup)) is not None
