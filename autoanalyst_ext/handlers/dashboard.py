"""`Dashboard`: one connection of a dashboard: what it wants to see, what it may see, and its turn to be told.

It holds one message that waits and one that is on its way, however slowly the other side reads: what it has
not read when there is something newer, it is never sent. What it is told is `dashboards.py`'s to know.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tornado.websocket import WebSocketClosedError

if TYPE_CHECKING:
    from ..policy.admin import Right
    from ..usage.views import Wanted

Write = Callable[[str], Awaitable[None]]
"""Sends one message; done when the other side's system has taken it."""

SECONDS_BETWEEN = 0.25
"""Messages of one connection come at most so often."""
FIRST = '"seq":0'
"""In a message that is for several; each gets its own number in its place."""


class Dashboard:
    """One connection."""

    def __init__(self, write: Write, *, principal: str, kernel_id: str | None, right: "Right | None") -> None:
        self.principal = principal
        """Whose own usage it shows."""
        self.kernel_id = kernel_id
        """`None`: a page or a program."""
        self.right = right
        """That it came with; a kernel has none of its own."""
        self.wanted: Wanted | None = None
        self._write = write
        self._sent = 0
        self._told = ""
        self._next: str | None = None
        self._sending: asyncio.Task[None] | None = None
        self._closed = False

    def want(self, wanted: "Wanted") -> None:
        """Show this from now on: the next message is news, even if it says the same."""
        self.wanted = wanted
        self._told = ""

    def tell(self, text: str) -> None:
        """Send a message when it is this one's turn; not again what was said last."""
        if self._closed or text == self._told:
            return
        self._told = self._next = text
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())

    async def close(self) -> None:
        """Send nothing any more; returns when nothing is under way."""
        self.stop()
        if self._sending is not None:
            await asyncio.wait([self._sending])

    def stop(self) -> None:
        """Send nothing any more."""
        self._closed = True
        self.wanted = self._next = None
        if self._sending is not None:
            self._sending.cancel()

    async def _send(self) -> None:
        # One that is gone says so when it is told something; that its socket closes is heard elsewhere.
        with contextlib.suppress(WebSocketClosedError):
            while self._next is not None:
                text, self._next = self._next, None
                self._sent += 1
                await self._write(text.replace(FIRST, f'"seq":{self._sent}', 1))
                await asyncio.sleep(SECONDS_BETWEEN)
        self._sending = None
