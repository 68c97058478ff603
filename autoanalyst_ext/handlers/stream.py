"""`StreamHandler`: the WebSocket of those who have questions answered: kernels, and pages of a browser.

A kernel comes in by its own secret and speaks `types/wire.py`; a page comes in by the server's login and
speaks `types/tab.py`. Their messages go to their relays and back.
"""

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from jupyter_server.base.websocket import WebSocketMixin
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ..errors import AnalystError
from .base import AnalystHandler
from .operation import operation

if TYPE_CHECKING:
    from .relays import AnyRelay

LARGEST_BYTES = 64 * 2**20
"""Of one message, in either direction."""
LARGEST_OF_PAGES = 4 * 2**20
"""Of one message of a page: it says what it did, and never what cells put out."""
REASON_BYTES = 123
"""Longest reason that the end of a WebSocket can carry."""


class StreamHandler(WebSocketMixin, WebSocketHandler, AnalystHandler):
    """One client."""

    _relay: "AnyRelay | None" = None

    @property
    def ping_interval(self) -> float:
        """A page's laptop may be closed, so pages are pinged, in milliseconds; kernels are not.

        A kernel is on this machine, so its end closes the socket. And one whose code lets no other thread
        run for minutes, and so answers no ping, is still there.
        """
        return 0.0 if self.is_kernel() else float(super().ping_interval)

    @property
    def max_message_size(self) -> int:
        """In bytes."""
        return LARGEST_BYTES if self.is_kernel() else LARGEST_OF_PAGES

    def is_kernel(self) -> bool:
        """Whether a kernel that this server manages now shows its own secret."""
        return self._kernel_id is not None

    @cached_property
    def _kernel_id(self) -> str | None:
        if self.request.method != "GET":
            return None
        headers = self.request.headers
        kernel_id = self.services.kernel_secrets.kernel(headers.get("Authorization", ""))
        # Only pages have an origin; not by `check_origin`, which is not asked about a page of this server.
        if kernel_id is None or kernel_id not in self.kernel_manager or "Origin" in headers:
            return None
        return kernel_id

    @operation(
        "A WebSocket: events of runs, and requests to notebooks", status=101, action="execute", is_socket=True
    )
    async def get(self, *_: str) -> None:  # type: ignore[override]
        """Open the socket."""
        headers = self.request.headers
        wanted = headers.get("Upgrade", "").lower(), headers.get("Connection", "").lower()
        if wanted[0] != "websocket" or "upgrade" not in wanted[1]:
            raise HTTPError(400, "Only WebSockets can be opened here.")
        await super().get()

    async def open(self, *args: str, **kwargs: str) -> None:
        """Give the client a relay. Its first message waits for that."""
        super().open(*args, **kwargs)
        user = None if self.is_kernel() else self.current_user
        try:
            self._relay = relay = await self.services.relays.open(self._tell, user)
        except AnalystError as error:
            self.log.error("AutoAnalyst cannot be asked: %s", error)
            if user is not None:  # a page shows what it is told; a kernel reads the reason of the end
                await self._tell(_failed(error))
            self.close(1011, _short(str(error)))
            return
        if self.ws_connection is None or self.ws_connection.is_closing():  # it did not wait for the engine
            self.services.relays.leave(relay)

    async def on_message(self, message: str | bytes) -> None:
        """Pass a message of the client on."""
        if self._relay is not None:  # else it was sent away, and has not heard yet
            await self._relay.take(message)

    def on_close(self) -> None:
        """End what the client left behind."""
        if self._relay is not None:
            self.services.relays.leave(self._relay)

    async def _tell(self, text: str) -> None:
        """Send a message, as fast as the client reads."""
        with suppress(WebSocketClosedError):  # `on_close` is on its way
            await self.write_message(text)


def _failed(error: AnalystError) -> str:
    """What a page is told."""
    from ..types.tab import TabFailed

    return TabFailed(**error.as_json()).model_dump_json()


def _short(reason: str) -> str:
    """A reason as a close frame can hold it."""
    return reason.encode()[:REASON_BYTES].decode(errors="ignore")
