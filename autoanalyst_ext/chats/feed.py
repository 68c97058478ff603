"""`Feed`: what one run has said, numbered 1, 2, 3 ..., for whoever watches it, however late they come.

A watcher reads at its own pace, from any number on, again if it wants. Text that nobody has read yet grows
as one piece, so a page is told a few times a second and not once a word.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from ..errors import AnalystError
from ..types.events import RunEvent, RunFinished, TextDelta
from ..types.tab import RunRefused, RunTold
from .telling import without_outputs

TEXT_SECONDS = 0.05
"""Time between two pieces of text for one watcher."""


class Feed:
    """The messages of one run. Used from one event loop."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self._said: list[RunTold | RunRefused] = []
        self._heard = 0
        """The last number that somebody has read: up to it nothing changes any more."""
        self._over = False
        self._news = asyncio.Event()

    @property
    def is_over(self) -> bool:
        """True once the run has ended or was refused; nothing follows then."""
        return self._over

    def put(self, event: RunEvent) -> None:
        """Tell an event, as a page hears it."""
        light = without_outputs(event)
        if light is None or self._over:
            return
        last = self._said[-1] if self._said else None
        if isinstance(last, RunTold) and last.seq > self._heard and (text := _joined(last.event, light)):
            self._said[-1] = last.model_copy(update={"event": text})
        else:
            self._said.append(RunTold(run=self.run_id, seq=len(self._said) + 1, event=light))
        self._tell(over=isinstance(event, RunFinished))

    def refuse(self, error: AnalystError) -> None:
        """Tell that the run did not begin, and why."""
        self.end(error.code, str(error), error.detail)

    def end(self, code: str, message: str, detail: dict[str, Any] | None = None) -> None:
        """Tell that the run did not begin, in words of our own. A run that has ended has ended."""
        if self._over:
            return
        more = {"code": code, "message": message, "detail": detail or {}}
        self._said.append(RunRefused(run=self.run_id, seq=len(self._said) + 1, **more))
        self._tell(over=True)

    async def after(self, seq: int) -> AsyncIterator[RunTold | RunRefused]:
        """The messages from number `seq` + 1 on as they come, until the end."""
        position, last_text = max(0, seq), 0.0
        while True:
            news = self._news
            if position >= len(self._said):
                if self._over:
                    return
                await news.wait()
                continue
            if position == len(self._said) - 1 and _is_text(self._said[position]):
                await asyncio.sleep(last_text + TEXT_SECONDS - time.monotonic())
                last_text = time.monotonic()
            item = self._said[position]
            position += 1
            self._heard = max(self._heard, position)
            yield item

    def _tell(self, *, over: bool) -> None:
        self._over = over
        news, self._news = self._news, asyncio.Event()
        news.set()


def _is_text(item: RunTold | RunRefused) -> bool:
    return isinstance(item, RunTold) and isinstance(item.event, TextDelta)


def _joined(before: RunEvent, after: RunEvent) -> TextDelta | None:
    """Two pieces of one step's text as one."""
    if not (isinstance(before, TextDelta) and isinstance(after, TextDelta) and before.step == after.step):
        return None
    return TextDelta(step=before.step, text=before.text + after.text)
