"""`SocketHandler`: what our WebSockets share. Kernels come in by their secret, all others by the login."""

from contextlib import suppress
from functools import cached_property

from jupyter_server.base.websocket import WebSocketMixin
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from .base import AnalystHandler
from .operation import operation

REASON_BYTES = 123
"""Longest reason that the end of a WebSocket can carry."""


class SocketHandler(WebSocketMixin, WebSocketHandler, AnalystHandler):
    """One client."""

    @property
    def ping_interval(self) -> float:
        """A page's laptop may be closed, so pages are pinged, in milliseconds; kernels are not.

        A kernel is on this machine, so its end closes the socket. And one whose code lets no other thread
        run for minutes, and so answers no ping, is still there.
        """
        return 0.0 if self.is_kernel() else float(super().ping_interval)

    def is_kernel(self) -> bool:
        """Whether a kernel that this server manages now shows its own secret."""
        return self.kernel_id is not None

    @cached_property
    def kernel_id(self) -> str | None:
        """The kernel that shows its secret."""
        if self.request.method != "GET":
            return None
        headers = self.request.headers
        kernel_id = self.services.kernel_secrets.kernel(headers.get("Authorization", ""))
        # Only pages have an origin; not by `check_origin`, which is not asked about a page of this server.
        if kernel_id is None or kernel_id not in self.kernel_manager or "Origin" in headers:
            return None
        return kernel_id

    @operation("A WebSocket", status=101, action="execute", is_socket=True)
    async def get(self, *_: str) -> None:  # type: ignore[override]
        """Open the socket; each of ours declares this again, as what it is."""
        await self.upgrade()

    async def upgrade(self) -> None:
        """Make a WebSocket of the request."""
        headers = self.request.headers
        wanted = headers.get("Upgrade", "").lower(), headers.get("Connection", "").lower()
        if wanted[0] != "websocket" or "upgrade" not in wanted[1]:
            raise HTTPError(400, "Only WebSockets can be opened here.")
        await super().get()

    def has_left(self) -> bool:
        """Whether the client is gone, or going."""
        return self.ws_connection is None or self.ws_connection.is_closing()

    async def tell(self, text: str) -> None:
        """Send a message, as fast as the client reads."""
        with suppress(WebSocketClosedError):  # `on_close` is on its way
            await self.write_message(text)

    def end(self, reason: str) -> None:
        """Close the socket, because the analyst cannot be asked."""
        self.close(1011, reason.encode()[:REASON_BYTES].decode(errors="ignore"))
