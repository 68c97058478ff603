"""`News`: tells all pages of one person what concerns none of them alone: chats, and runs under way."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from ..errors import AnalystError
from ..types.chats import Chat
from ..types.tab import ChatTold, RunningRun, RunningTold

if TYPE_CHECKING:
    from ..policy.principal import Principal
    from .desk import Desk

Listener = Callable[[ChatTold | RunningTold], None]


class News:
    """The pages that listen, by principal. Used from one event loop."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}

    def listen(self, principal_id: str, listener: Listener) -> None:
        """Tell this listener what is new from now on."""
        self._listeners.setdefault(principal_id, []).append(listener)

    def leave(self, principal_id: str, listener: Listener) -> None:
        """Tell it no more. One that never listened changes nothing."""
        left = [one for one in self._listeners.get(principal_id, ()) if one != listener]
        if left:
            self._listeners[principal_id] = left
        else:
            self._listeners.pop(principal_id, None)

    def is_heard(self, principal_id: str) -> bool:
        """Whether anybody listens."""
        return principal_id in self._listeners

    def chat(self, principal_id: str, chat: Chat, *, deleted: bool = False) -> None:
        """A chat is new, has another title or has moved to the top; or it is deleted."""
        self._tell(principal_id, ChatTold(chat=chat, deleted=deleted))

    def running(self, principal_id: str, running: tuple[RunningRun, ...]) -> None:
        """Other runs are under way than before."""
        self._tell(principal_id, RunningTold(running=running))

    def _tell(self, principal_id: str, message: ChatTold | RunningTold) -> None:
        for listener in tuple(self._listeners.get(principal_id, ())):
            listener(message)


async def announce(desk: "Desk", principal: "Principal", chat_id: str) -> None:
    """Tell that something was said in a chat, so that it has moved to the top of the list."""
    if not desk.news.is_heard(principal.id):
        return
    with suppress(AnalystError):  # a list that is not up to date is no reason to fail
        desk.news.chat(principal.id, await desk.chats.get(principal, chat_id))
