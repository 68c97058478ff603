"""`StreamHandler`: the WebSocket over which a client asks and is the hands of its questions.

It carries messages of `types/wire.py` to the client's relay and back. For now its clients are the kernels of
this server; each shows its own secret.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.websocket import WebSocketMixin
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ..errors import AnalystError
from ..kernels import KernelSecrets
from .base import AnalystHandler

if TYPE_CHECKING:
    from ..chats.relay import Relay
    from .relays import RelayManager

STREAM = r"autoanalyst/api/v1/stream"
LARGEST_BYTES = 64 * 2**20
"""Of one message, in either direction."""
REASON_BYTES = 123
"""Longest reason that the end of a WebSocket can carry."""


class StreamHandler(WebSocketMixin, WebSocketHandler, AnalystHandler):
    """One client."""

    def initialize(self, kernel_secrets: KernelSecrets, relays: "RelayManager") -> None:
        """Take what the route hands over."""
        self._kernel_secrets = kernel_secrets
        self._relays = relays
        self._relay: Relay | None = None

    @property
    def ping_interval(self) -> float:
        """No pings: a kernel is on this machine, so its end closes the socket.

        And one whose code lets no other thread run for minutes, and so answers no ping, is still there.
        """
        return 0.0

    @property
    def max_message_size(self) -> int:
        """In bytes."""
        return LARGEST_BYTES

    @allow_unauthenticated  # the server's login says nothing of a kernel; `_admit` does
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Open the socket for those who may."""
        self._admit()
        await super().get(*args, **kwargs)

    def _admit(self) -> None:
        """Let in kernels that this server manages now.

        A page has no such secret: it comes in by the server's login and its authorizer instead.
        """
        headers = self.request.headers
        kernel_id = self._kernel_secrets.kernel(headers.get("Authorization", ""))
        # Only pages have an origin; not by `check_origin`, which is not asked about a page of this server.
        if kernel_id is None or kernel_id not in self.kernel_manager or "Origin" in headers:
            raise HTTPError(403, "Only kernels of this server may connect.")

    async def open(self, *args: str, **kwargs: str) -> None:
        """Give the client a relay. Its first message waits for that."""
        super().open(*args, **kwargs)
        try:
            self._relay = relay = await self._relays.open(self._tell)
        except AnalystError as error:
            self.log.error("AutoAnalyst cannot be asked: %s", error)
            self.close(1011, _short(str(error)))
            return
        if self.ws_connection is None or self.ws_connection.is_closing():  # it did not wait for the engine
            self._relays.leave(relay)

    async def on_message(self, message: str | bytes) -> None:
        """Pass a message of the client on."""
        if self._relay is not None:  # else it was sent away, and has not heard yet
            await self._relay.take(message)

    def on_close(self) -> None:
        """End what the client left behind."""
        if self._relay is not None:
            self._relays.leave(self._relay)

    async def _tell(self, text: str) -> None:
        """Send a message, as fast as the client reads."""
        with suppress(WebSocketClosedError):  # `on_close` is on its way
            await self.write_message(text)


def _short(reason: str) -> str:
    """A reason as a close frame can hold it."""
    return reason.encode()[:REASON_BYTES].decode(errors="ignore")
