"""`ChatManager`: the chats of a principal: make, find, open."""

from pathlib import Path

from ..notebooks.base import Notebook
from ..policy.principal import Principal
from ..types.chats import Chat
from .services import Defaults, Services
from .session import ChatSession
from .titles import title_of


class ChatManager:
    """Makes and opens chats."""

    def __init__(self, services: Services, defaults: Defaults) -> None:
        self._services = services
        self._defaults = defaults

    async def create(self, principal: Principal, question: str) -> Chat:
        """A new chat, titled by its first question."""
        return await self._services.chats.create(principal.id, title_of(question))

    async def get(self, principal: Principal, chat_id: str) -> Chat:
        """A chat of this principal; raises `NotFound`."""
        return await self._services.chats.get(principal.id, chat_id)

    def open(
        self,
        chat: Chat,
        *,
        principal: Principal,
        notebook: Notebook,
        folder: Path | None = None,
        owned_kernel: bool = False,
    ) -> ChatSession:
        """Open a chat on a notebook.

        `folder` is the notebook's: safe code may read data files in it. `owned_kernel`: the kernel
        was started for this chat alone, so that all of its names are the chat's.
        """
        return ChatSession(
            chat,
            principal=principal,
            notebook=notebook,
            services=self._services,
            defaults=self._defaults,
            folder=folder,
            owned_kernel=owned_kernel,
        )
