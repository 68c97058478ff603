"""`Seat`: a run's place at a notebook. It finds the page to ask, and waits where there is none.

Requests of a run go one after another. One whose page goes away is asked of the next page; whether that is
harmless is the caller's to know, so an execution is not asked through here.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeVar

from ..errors import BadRequest, KernelGone
from ..types.events import Parked, Resumed
from ..types.tab import TabReplied, TabRequest, TabRestore
from .pages import Page, Pending

if TYPE_CHECKING:
    from .tabs import Tabs

T = TypeVar("T")

PARK_SECONDS = 0.5
"""What takes longer is told."""
SLOW_SECONDS = 2.0
"""The same where the machine may just be slow."""
KERNEL_SECONDS = 10.0
"""A page that opens a notebook knows within this time which kernel it has."""
CLOSED_SECONDS = 600.0
"""How long a run waits for its notebook."""
REPLY_SECONDS = 60.0
"""Longest wait for a reply of a page that is there."""

Why = Literal["kernel_busy", "notebook_closed"]
TEXTS: dict[Why, str] = {
    "kernel_busy": "Another cell is running. The analyst goes on when it has ended.",
    "notebook_closed": "The notebook is closed. Open it, and the analyst goes on.",
}
CLOSED = "The notebook was closed for 10 minutes, so the analyst stopped. Cells and outputs so far are kept."
SILENT = f"The notebook's page did not answer within {REPLY_SECONDS:g} s. Reload it and ask again."


class Seat:
    """One run at one notebook."""

    def __init__(
        self,
        tabs: "Tabs",
        principal_id: str,
        path: str,
        *,
        tab: str,
        run_id: str,
        tell: Callable[[Parked | Resumed], None],
        restoring: Callable[[], TabRestore | None],
    ) -> None:
        self.principal_id, self.path = principal_id, path
        self._tabs, self._tab, self.run_id = tabs, tab, run_id
        self._tell, self._restoring = tell, restoring
        self._turn = asyncio.Lock()
        self._late: list[Page] | None = None
        """While a cell runs: pages that did not see all of it."""
        self._whole: set[Page] = set()
        """Pages that have all cells of the run."""

    async def ask(self, do: TabRequest) -> None:
        """Have a request carried out. Raises `BadRequest` where the page refuses, `KernelGone`."""
        async with self._turn:
            while True:
                page = await self.page()
                reply = await self._reply(page, self.send(page, do))
                if reply is None or reply.gone:
                    continue
                if reply.error is not None:
                    raise BadRequest(reply.error)
                return

    async def page(self) -> Page:
        """The page to ask; waits, and says so, where there is none. Raises `KernelGone` in the end.

        One that had the notebook open all the time, but was not asked, gets the cells so far first.
        """
        page = await self.patiently(self._some_page(), "notebook_closed")
        self._make_whole(page)
        return page

    def send(self, page: Page, do: TabRequest) -> Pending:
        """Send a request to a page."""
        return page.ask(self.run_id, self.path, do)

    async def kernel(self, page: Page) -> str | None:
        """Id of the notebook's kernel in a page, which may have just opened it; None: it has none."""
        until = time.monotonic() + KERNEL_SECONDS
        while page.shows(self.principal_id, self.path) and page.notebooks[self.path] is None:
            if (rest := until - time.monotonic()) <= 0:
                break
            await self._tabs.news(rest)
        return page.notebooks.get(self.path)

    def lost(self, page: Page, pending: Pending) -> "asyncio.Task[None]":
        """Done when the page will not answer any more."""
        return asyncio.create_task(self._tabs.lost(page, pending))

    async def patiently(self, work: Awaitable[T], why: Why, *, known: bool = True) -> T:
        """Wait for `work`; if that takes long, say why; if that is not `known` to be why, a little later."""
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=PARK_SECONDS if known else SLOW_SECONDS)
            if not done:
                self._tell(Parked(why=why, text=TEXTS[why]))
                try:
                    await asyncio.wait({task})
                finally:
                    self._tell(Resumed())
            return task.result()
        finally:
            task.cancel()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While a cell runs: a page that comes meanwhile gets all of its outputs when it has ended."""
        self._late = []
        try:
            yield
        finally:
            late, self._late = self._late, None
            for page in late:
                self._restore(page)

    def came(self, page: Page) -> None:
        """A page has opened the notebook: what it loaded may lack cells and outputs."""
        self._restore(page)
        self.came_again(page)

    def came_again(self, page: Page) -> None:
        """A page was away for a moment."""
        if self._late is not None and page not in self._late:
            self._late.append(page)

    def leave(self) -> None:
        """The run is over. What it left goes to the page that has the notebook now, or to the next one."""
        page = self._tabs.page(self.principal_id, self.path, first=self._tab)
        if page is not None:
            self._make_whole(page)
        self._tabs.leave(self, self._restoring() if page is None else None)

    def _make_whole(self, page: Page) -> None:
        """It is asked now: it has all cells, and alone has the next."""
        if page not in self._whole:
            self._restore(page)
        self._whole = {page}

    def _restore(self, page: Page) -> None:
        if page.shows(self.principal_id, self.path) and (restore := self._restoring()) is not None:
            self.send(page, restore)
            self._whole.add(page)

    async def _some_page(self) -> Page:
        try:
            async with asyncio.timeout(CLOSED_SECONDS):
                while True:
                    page = self._tabs.page(self.principal_id, self.path, first=self._tab)
                    if page is not None:
                        return page
                    await self._tabs.news()
        except TimeoutError:
            raise KernelGone(CLOSED) from None

    async def _reply(self, page: Page, pending: Pending) -> TabReplied | None:
        """A page's reply; None when it is gone."""
        losing = self.lost(page, pending)
        try:
            await asyncio.wait(
                (pending.replied, losing), timeout=REPLY_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            losing.cancel()
            page.forget(pending)
        if pending.replied.done():
            return pending.replied.result()
        if losing.done():
            return None
        raise KernelGone(SILENT)
