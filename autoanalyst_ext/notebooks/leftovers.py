"""`Leftovers`: the cells of runs that ended while no page had their notebook open.

The kernel was heard to the end, so the engine has what the notebook's file lacks. It is kept, within bounds,
until a page that opens the notebook has put it there. When that is, the `Tabs` say.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from ..types.tab import TabRestore
from .pages import Page, Pending

KEPT = 50
"""So many runs."""
KEPT_SECONDS = 3_600.0
KEPT_BYTES = 64 * 1024 * 1024
"""Of cells and outputs, of all of them together."""


@dataclass
class Leftover:
    """The cells of one run."""

    principal_id: str
    path: str
    run_id: str
    restore: TabRestore
    bytes: int
    ended_at: float
    told: Pending | None = None
    """What the page was asked that had the notebook last."""

    @property
    def is_there(self) -> bool:
        """Whether a page has put it into the notebook."""
        return self.told is not None and self.told.replied.done() and not self.told.replied.result().gone


class Leftovers:
    """Those of this server, oldest first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: list[Leftover] = []
        self._clock = clock

    def keep(self, principal_id: str, path: str, run_id: str, restore: TabRestore) -> None:
        """Keep what a run left; the oldest go where it is too much."""
        size = len(restore.model_dump_json())
        self._kept.append(Leftover(principal_id, path, run_id, restore, size, self._clock()))
        self._forget()

    def tell(self, page: Page) -> None:
        """A page has opened notebooks, or is there again: have it put into them what they lack."""
        self._forget()
        for each in self._kept:
            if page.shows(each.principal_id, each.path) and not page.has(each.told):
                each.told = page.ask(each.run_id, each.path, each.restore)

    def _forget(self) -> None:
        """What a page has put there, what is old, and the oldest where it is too much."""
        now = self._clock()
        waiting = [each for each in self._kept if not each.is_there and now - each.ended_at < KEPT_SECONDS]
        self._kept = waiting[-KEPT:]
        while sum(each.bytes for each in self._kept) > KEPT_BYTES:
            del self._kept[0]
