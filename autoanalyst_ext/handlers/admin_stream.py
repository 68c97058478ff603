"""`AdminStreamHandler`: the WebSocket of dashboards (`types/admin.py`).

A kernel comes in by its own secret and shows everyone's usage while it has a grant. Pages and programs come
in by the server's login; for everyone's usage they bring the admin key in the header of the handshake, or
are people whom the configuration names. One's own usage is shown to everyone.
"""

from typing import TYPE_CHECKING

from ..errors import AnalystError
from ..policy.admin import HEADER, Right
from . import admission
from .operation import operation
from .socket import SocketHandler

if TYPE_CHECKING:
    from .dashboard import Dashboard

LARGEST_BYTES = 4096
"""Of one message of a dashboard."""


class AdminStreamHandler(SocketHandler):
    """One dashboard."""

    _dashboard: "Dashboard | None" = None

    @property
    def max_message_size(self) -> int:
        """In bytes."""
        return LARGEST_BYTES

    @operation("A WebSocket: usage as it is, and whenever it changes", status=101, is_socket=True)
    async def get(self, *_: str) -> None:  # type: ignore[override]
        """Open the socket, for those who bring no key or a right one."""
        if not self.is_kernel():
            self.right = await self._own_right()
        await self.upgrade()

    async def open(self, *args: str, **kwargs: str) -> None:
        """Join those who are told of usage. The first message waits for that."""
        super().open(*args, **kwargs)
        user = None if self.is_kernel() else self.principal()
        try:
            joined = await self.services.dashboards.join(
                self.write_message, user=user, kernel_id=self.kernel_id, right=self.right
            )
        except AnalystError as error:
            self.log.error("AutoAnalyst cannot show usage: %s", error)
            await self.tell(_failed(error))
            self.end(str(error))
            return
        self._dashboard = joined
        if self.has_left():  # it did not wait for the engine
            self.services.dashboards.leave(joined)

    async def on_message(self, message: str | bytes) -> None:
        """What the dashboard wants to see."""
        if self._dashboard is not None:  # else it was sent away, and has not heard yet
            self.services.dashboards.hear(self._dashboard, message)

    def on_close(self) -> None:
        """It shows nothing any more."""
        if self._dashboard is not None:
            self.services.dashboards.leave(self._dashboard)

    async def _own_right(self) -> Right | None:
        engine = await self.engine()
        found = admission.named(self, engine)
        if found is None and self.request.headers.get(HEADER):
            return await admission.by_key(self, engine)
        return found


def _failed(error: AnalystError) -> str:
    from ..types.admin import UsageFailed

    return UsageFailed(seq=1, code=error.code, message=str(error)).model_dump_json()
