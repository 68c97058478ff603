"""`Tabs`: the pages that are connected now, and the notebooks they have open.

Whoever reads a page's socket says here what it says. Runs take a `Seat` at a notebook; the notebook of
another person is never found.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

from pydantic import ValidationError

from ..errors import BadRequest, KernelGone, NotFound, Refused
from ..types.events import Parked, Resumed
from ..types.tab import CellAsLeft, CellSent, OpenNotebook, TabReplied, TabRestore, TabWithdraw, Withdrawn
from .leftovers import Leftovers
from .pages import Page, Pending, Send
from .seat import REPLY_SECONDS, Seat

FORGOTTEN_SECONDS = 600.0
"""A page that has been away for so long is another one when it comes back."""


class Tabs:
    """The pages of this server."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}
        """By tab, the one that came last at the end."""
        self._seats: list[Seat] = []
        self._leftovers = Leftovers()
        self._news = asyncio.Event()

    # --- what pages say --------------------------------------------------------------------------

    def connect(self, principal_id: str, tab: str, send: Send) -> None:
        """A page came, or came again: what it has not answered is sent again.

        Raises `Refused` where it calls itself like a page of somebody else.
        """
        self._forget_old()
        page = self._pages.get(tab) or Page(principal_id, tab)
        if page.principal_id != principal_id:
            raise Refused("This page belongs to somebody else. Reload it.")
        self._pages.pop(tab, None)
        self._pages[tab] = page
        came_again = page.left_at is not None
        page.connect(send)
        for seat in self._seats_of(page) if came_again else ():
            seat.came_again(page)
        self._leftovers.tell(page)
        self._tell()

    def opened(self, tab: str, notebooks: Sequence[OpenNotebook]) -> None:
        """The notebooks that a page has open now, all of them."""
        page = self._page(tab)
        before, page.notebooks = page.notebooks, {each.path: each.kernel for each in notebooks}
        for seat in self._seats_of(page):
            if seat.path not in before:
                seat.came(page)
        self._leftovers.tell(page)
        self._tell()

    def sent(self, tab: str, message: CellSent) -> None:
        """A page has sent a cell to the kernel."""
        self._page(tab).sent(message.request, message.message)

    def replied(self, tab: str, message: TabReplied) -> None:
        """A page has answered a request."""
        page = self._page(tab)
        pending = page.pending.get(message.request)
        if pending is not None and message.gone:
            page.notebooks.pop(pending.wanted.notebook, None)
        page.replied(message)
        self._tell()

    def disconnect(self, tab: str, send: Send) -> None:
        """A page's connection is lost; nothing, if it has come again meanwhile."""
        page = self._pages.get(tab)
        if page is not None and page.disconnect(send):
            self._tell()

    # --- what runs ask ---------------------------------------------------------------------------

    def has(self, principal_id: str, path: str) -> bool:
        """Whether a page has this notebook open."""
        return self.page(principal_id, path) is not None

    def page(self, principal_id: str, path: str, *, first: str = "") -> Page | None:
        """The page to ask: tab `first` if it has the notebook open, else the one that came last."""
        pages = [page for page in self._pages.values() if page.shows(principal_id, path)]
        return next((page for page in pages if page.tab == first), pages[-1] if pages else None)

    def seat(
        self,
        principal_id: str,
        path: str,
        *,
        tab: str,
        run_id: str,
        tell: Callable[[Parked | Resumed], None],
        restoring: Callable[[], TabRestore | None],
    ) -> Seat:
        """A run's place at a notebook; `leave` must be called.

        `restoring` says what a page needs that opens the notebook while the run is under way.
        """
        seat = Seat(self, principal_id, path, tab=tab, run_id=run_id, tell=tell, restoring=restoring)
        self._seats.append(seat)
        return seat

    def leave(self, seat: Seat, left: TabRestore | None) -> None:
        """A run is over; what it `left` is not in the notebook yet, as no page has it open."""
        if seat in self._seats:
            self._seats.remove(seat)
            if left is not None:
                self._leftovers.keep(seat.principal_id, seat.path, seat.run_id, left)

    async def news(self, seconds: float | None = None) -> None:
        """Wait until a page has come, gone or said something, or until `seconds` are over."""
        waiting = asyncio.ensure_future(self._news.wait())
        try:
            await asyncio.wait({waiting}, timeout=seconds)
        finally:
            waiting.cancel()

    async def lost(self, page: Page, pending: Pending) -> None:
        """Wait until a page will not answer a request any more: it is gone, or has closed the notebook.

        One that lost its connection may come back, unless another one has opened the notebook since.
        """
        path = pending.wanted.notebook
        while (rest := page.lost(path)) is None or rest > 0:
            if rest is not None and self._replaced(page, path):
                break
            await self.news(rest)
        page.forget(pending)

    async def withdraw(
        self, principal_id: str, path: str, run_id: str, cells: Sequence[CellAsLeft]
    ) -> Withdrawn:
        """Take the cells of a run out. Raises `NotFound` when no page has the notebook open, `BadRequest`."""
        while (page := self.page(principal_id, path)) is not None:
            pending = page.ask(run_id, path, TabWithdraw(cells=tuple(cells)))
            losing = asyncio.ensure_future(self.lost(page, pending))
            try:
                await asyncio.wait(
                    (pending.replied, losing), timeout=REPLY_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
            finally:
                losing.cancel()
                page.forget(pending)
            if pending.replied.done() and not (reply := pending.replied.result()).gone:
                return _withdrawn(reply)
            if not pending.replied.done() and not losing.done():
                raise KernelGone("The notebook did not answer. Reload the page and undo again.")
        raise NotFound("The notebook is not open. Open it and undo again.", notebook=path)

    # --- inside ----------------------------------------------------------------------------------

    def _page(self, tab: str) -> Page:
        if (page := self._pages.get(tab)) is None:
            raise NotFound("The page is not connected. Reload it.", tab=tab)
        return page

    def _seats_of(self, page: Page) -> tuple[Seat, ...]:
        return tuple(seat for seat in self._seats if page.shows(seat.principal_id, seat.path))

    def _replaced(self, page: Page, path: str) -> bool:
        """Whether another page has come and opened the notebook since this one was lost."""
        left_at = page.left_at or time.monotonic()
        others = (each for each in self._pages.values() if each.came_at >= left_at)
        return any(each.shows(page.principal_id, path) for each in others)

    def _forget_old(self) -> None:
        now = time.monotonic()
        for tab, page in tuple(self._pages.items()):
            if page.left_at is not None and now - page.left_at > FORGOTTEN_SECONDS:
                del self._pages[tab]

    def _tell(self) -> None:
        """Wake whoever waits for news."""
        self._news.set()
        self._news = asyncio.Event()


def _withdrawn(reply: TabReplied) -> Withdrawn:
    if reply.error is not None:
        raise BadRequest(reply.error)
    try:
        return Withdrawn.model_validate(reply.value)
    except ValidationError as error:
        raise BadRequest("The page did not say which cells it took out. Reload it.") from error
