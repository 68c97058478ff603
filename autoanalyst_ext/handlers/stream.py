"""`StreamHandler`: the WebSocket of those who have questions answered: kernels, and pages of a browser.

A kernel comes in by its own secret and speaks `types/wire.py`; a page comes in by the server's login and
speaks `types/tab.py`. Their messages go to their relays and back.
"""

from typing import TYPE_CHECKING

from ..errors import AnalystError
from .operation import operation
from .socket import SocketHandler

if TYPE_CHECKING:
    from .relays import AnyRelay

LARGEST_BYTES = 64 * 2**20
"""Of one message, in either direction."""
LARGEST_OF_PAGES = 4 * 2**20
"""Of one message of a page: it says what it did, and never what cells put out."""


class StreamHandler(SocketHandler):
    """One client."""

    _relay: "AnyRelay | None" = None

    @property
    def max_message_size(self) -> int:
        """In bytes."""
        return LARGEST_BYTES if self.is_kernel() else LARGEST_OF_PAGES

    @operation(
        "A WebSocket: events of runs, and requests to notebooks", status=101, action="execute", is_socket=True
    )
    async def get(self, *_: str) -> None:  # type: ignore[override]
        """Open the socket."""
        await self.upgrade()

    async def open(self, *args: str, **kwargs: str) -> None:
        """Give the client a relay. Its first message waits for that."""
        super().open(*args, **kwargs)
        user = None if self.is_kernel() else self.current_user
        try:
            self._relay = relay = await self.services.relays.open(self.tell, user)
        except AnalystError as error:
            self.log.error("AutoAnalyst cannot be asked: %s", error)
            if user is not None:  # a page shows what it is told; a kernel reads the reason of the end
                await self.tell(_failed(error))
            self.end(str(error))
            return
        if self.has_left():  # it did not wait for the engine
            self.services.relays.leave(relay)

    async def on_message(self, message: str | bytes) -> None:
        """Pass a message of the client on."""
        if self._relay is not None:  # else it was sent away, and has not heard yet
            await self._relay.take(message)

    def on_close(self) -> None:
        """End what the client left behind."""
        if self._relay is not None:
            self.services.relays.leave(self._relay)


def _failed(error: AnalystError) -> str:
    """What a page is told."""
    from ..types.tab import TabFailed

    return TabFailed(**error.as_json()).model_dump_json()
