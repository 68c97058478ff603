"""`Board`: a dashboard as it stands in the page. It puts the parts together and lets them know of each other.

Messages come in the connection's thread and are taken on the kernel's own, as what is pressed is. A kernel
that is busy meanwhile takes the newest when it is free.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import ipywidgets  # type: ignore[import-untyped]
from IPython.display import DisplayHandle, display

from . import summary, tables
from .charts import DayChart, ModelChart
from .figures import tiles
from .parts import Bar, Section, Tiles
from .unlock import Unlock
from .watched import PERIODS, Message, Scope, Watched

FIRST_SECONDS = 2.0
"""How long the cell waits for the first figures, so that it does not end empty."""
SUMMARY_SECONDS = 20.0
"""Between two changes of the summary, which is part of the notebook's file."""
TABLES = (tables.days, tables.models, tables.users)
"""What the sections show, in their order."""
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class Line(Protocol):
    """A connection, as far as a board knows it."""

    @property
    def kernel(self) -> str:
        """Id of the kernel that it comes from."""

    def watch(self, message: Message) -> None:
        """Show this from now on."""

    def close(self) -> None:
        """End."""


class Loop(Protocol):
    """The kernel's event loop, as far as a board uses it."""

    def add_callback(self, callback: Callable[[], None]) -> None:
        """Call on the kernel's own thread; from any thread."""

    def call_later(self, delay: float, callback: Callable[[], None]) -> object:
        """Call on the kernel's own thread, later."""


class Board(ipywidgets.VBox):  # type: ignore[misc]
    """All parts of one dashboard."""

    def __init__(
        self,
        connect: Callable[[Callable[[Message], None]], Line],
        loop: Loop,
        *,
        scope: Scope,
        days: int,
    ) -> None:
        self._loop = loop
        self._watched = Watched(scope, days)
        self._news: deque[Message] = deque()
        self._came = threading.Condition()
        self._lost: Message | None = None
        self._until = ""
        self._summary: DisplayHandle | None = None
        self._summed = 0.0
        """When the summary was last written, in monotonic seconds."""
        self._summing = False
        self.ended = False
        self._line = connect(self._told)
        self._bar = Bar(scope=scope, days=days, status={"state": "connecting"})
        self._unlock = Unlock(kernel=self._line.kernel)
        self._tiles = Tiles()
        self._days = Section("By day", "usage-by-day", DayChart())
        self._models = Section("By model", "usage-by-model", ModelChart())
        self._users = Section("Top users", "top-users")
        self._sections = (self._days, self._models, self._users)
        super().__init__([self._bar, self._unlock, self._tiles, *self._sections])
        self.add_class("aa-board")
        self._bar.observe(lambda change: self._choose(scope=change["new"]), "scope")
        self._bar.observe(lambda change: self._choose(days=change["new"]), "days")
        self._unlock.on_msg(self._unlocked)
        for section in self._sections:
            section.show_if(False)

    def show(self) -> None:
        """Connect, and appear in the cell that runs now, with a summary for when no kernel runs."""
        self._line.watch(self._watched.message)
        self._wait()
        view = {"model_id": self.model_id, "version_major": 2, "version_minor": 0}
        display({WIDGET_VIEW: view, "text/plain": ""}, raw=True)  # type: ignore[no-untyped-call]
        self._summary = DisplayHandle()  # type: ignore[no-untyped-call]
        self._summary.display(summary.bundle(self._watched.view), raw=True)  # type: ignore[no-untyped-call]
        self._summed = time.monotonic()

    def close(self) -> None:
        """End the connection and take everything out of the page."""
        if not self.ended:
            self.ended = True
            self._line.close()
            for widget in self._all():
                widget.close()
            super().close()

    def _told(self, message: Message) -> None:
        """Hear a message, in the connection's thread. Of views that wait only the newest counts."""
        with self._came:
            if self._news and self._news[-1]["kind"] == message["kind"] == "usage":
                self._news.pop()
            self._news.append(message)
            self._came.notify()
        self._loop.add_callback(self._take)

    def _wait(self) -> None:
        """Let the first figures come, or word of why there are none."""
        until = time.monotonic() + FIRST_SECONDS
        while self._watched.view is None and self._lost is None and not self._watched.trouble:
            with self._came:
                if not self._news and not self._came.wait(until - time.monotonic()):
                    return
            self._take()

    def _take(self) -> None:
        """Take what has come, on the kernel's own thread."""
        while self._news and not self.ended:
            with self._came:
                message = self._news.popleft()
            if message["kind"] == "lost":
                self._lost = message
            else:
                self._lost = None
                if self._watched.take(message):
                    self._line.watch(self._watched.message)
            self._render()

    def _choose(self, *, scope: Scope | None = None, days: int | None = None) -> None:
        if self._is_chosen(scope, days):
            return  # it was set here, to show what is watched
        self._watched.choose(scope=scope, days=days)
        self._line.watch(self._watched.message)

    def _is_chosen(self, scope: Scope | None, days: int | None) -> bool:
        return scope in (None, self._watched.scope) and days in (None, self._watched.days)

    def _unlocked(self, _: Any, content: Any, __: Any) -> None:
        """A page says that the server has taken the key, or wants to know whether it takes one by now."""
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind in ("granted", "again"):
            self._until = str(content.get("until", ""))
            self._watched.choose(scope="everyone")
            self._line.watch(self._watched.message)

    def _render(self) -> None:
        self._show_state()
        view = self._watched.view
        if view is not None:
            self._show_view(view)

    def _show_state(self) -> None:
        watched, view = self._watched, self._watched.view
        lock = watched.lock if watched.wanted == "everyone" else None
        if lock is not None:
            self._until = ""
        with self._unlock.hold_sync():
            self._unlock.message = "" if lock is None else lock["message"]
            self._unlock.takes_keys = lock is None or lock["code"] != "not_set"
            self._unlock.locked = lock is not None
        self._bar.status = {**self._state(), "as_of": view["as_of"] if view else "", "until": self._until}
        if self._lost is not None or watched.is_old:
            self.add_class("aa-old")
        else:
            self.remove_class("aa-old")

    def _state(self) -> Message:
        if self._lost is not None:
            return {"state": "lost", "message": self._lost["message"], "seconds": self._lost["seconds"]}
        if self._watched.trouble:
            return {"state": "failed", "message": self._watched.trouble}
        if self._watched.is_old:
            return {"state": "locked"}
        return {"state": "live" if self._watched.view else "connecting"}

    def _show_view(self, view: Message) -> None:
        everyones = view["scope"] == "everyone"
        is_empty = not view["now"]["usage"]["requests"] and not view["now"]["questions"]
        wider = next((days for days in PERIODS if days > self._watched.days), 0)
        with self._bar.hold_sync():
            self._bar.scope, self._bar.days = view["scope"], self._watched.days
            self._bar.empty = f"No requests in the last {self._watched.days} days" if is_empty else ""
            self._bar.wider = wider
        self._tiles.tiles = list(tiles(view))
        for section, table in zip(self._sections, TABLES, strict=True):
            section.show_if(not is_empty and (section is not self._users or everyones))
            section.show(table(view))
        self._sum_up()

    def _sum_up(self) -> None:
        """Bring the summary up to date, but not with each message: the notebook would never be saved."""
        if self._summary is not None and not self._summing:
            self._summing = True
            self._loop.call_later(max(0.0, self._summed + SUMMARY_SECONDS - time.monotonic()), self._sum)

    def _sum(self) -> None:
        self._summing, self._summed = False, time.monotonic()
        if self._summary is not None and not self.ended:
            self._summary.update(summary.bundle(self._watched.view), raw=True)  # type: ignore[no-untyped-call]

    def _all(self) -> list[Any]:
        """Every widget below this one."""
        found, below = [], list(self.children)
        while below:
            widget = below.pop()
            found.append(widget)
            below.extend(getattr(widget, "children", ()))
        return found
