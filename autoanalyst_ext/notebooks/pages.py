"""`Page`: a browser tab that is connected, or was a moment ago, and what it was asked and has not answered.

Which page is asked, and what is done when it goes away, is decided elsewhere.
"""

import asyncio
import time
from collections.abc import Callable
from uuid import uuid4

from ..types.tab import TabReplied, TabRequest, TabWanted

Send = Callable[[TabWanted], None]

RETURN_SECONDS = 3.0
"""A page whose connection was lost counts as gone after this time; until then it may come back."""


class Pending:
    """A request on its way."""

    def __init__(self, wanted: TabWanted) -> None:
        loop = asyncio.get_running_loop()
        self.wanted = wanted
        self.sent: asyncio.Future[str] = loop.create_future()
        """Of an execution: the id of the message to the kernel, once it is sent."""
        self.replied: asyncio.Future[TabReplied] = loop.create_future()


class Page:
    """One page of one person."""

    def __init__(self, principal_id: str, tab: str) -> None:
        self.principal_id, self.tab = principal_id, tab
        self.notebooks: dict[str, str | None] = {}
        """Path to the id of the kernel, if it has one."""
        self.pending: dict[str, Pending] = {}
        self.left_at: float | None = None
        """When its connection was lost; None while it is there."""
        self.came_at = time.monotonic()
        """When it was loaded."""
        self._send: Send | None = None

    def connect(self, send: Send) -> None:
        """It is there (again): what it has not answered is sent again."""
        self._send, self.left_at = send, None
        for pending in self.pending.values():
            send(pending.wanted)

    def disconnect(self, send: Send) -> bool:
        """Its connection is lost, unless it has another one already; whether it was."""
        if self._send != send:
            return False
        self._send, self.left_at = None, time.monotonic()
        return True

    def shows(self, principal_id: str, path: str) -> bool:
        """Whether it is there and has this notebook of this person open."""
        return self._send is not None and self.principal_id == principal_id and path in self.notebooks

    def ask(self, run_id: str, path: str, do: TabRequest) -> Pending:
        """Send it a request."""
        wanted = TabWanted(run=run_id, request=uuid4().hex, notebook=path, do=do)
        pending = self.pending[wanted.request] = Pending(wanted)
        if self._send is not None:
            self._send(wanted)
        return pending

    def has(self, pending: Pending | None) -> bool:
        """Whether it was asked this and has not answered."""
        return pending is not None and self.pending.get(pending.wanted.request) is pending

    def forget(self, pending: Pending) -> None:
        """Nobody waits for it any more."""
        self.pending.pop(pending.wanted.request, None)

    def sent(self, request: str, message: str) -> None:
        """It has sent a cell to the kernel."""
        pending = self.pending.get(request)
        if pending is not None and not pending.sent.done():
            pending.sent.set_result(message)

    def replied(self, reply: TabReplied) -> None:
        """It has answered; a late answer is left alone."""
        pending = self.pending.pop(reply.request, None)
        if pending is not None and not pending.replied.done():
            pending.replied.set_result(reply)

    def lost(self, path: str) -> float | None:
        """Seconds until it counts as gone for a request to this notebook; 0: it does; None: it is there."""
        if self.left_at is not None:
            return max(0.0, self.left_at + RETURN_SECONDS - time.monotonic())
        return None if path in self.notebooks else 0.0
