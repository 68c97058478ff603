"""`ChatManager`: the chats of a principal: make, find, open, list, show, rate, delete.

What a chat or a run looks like when it is shown again is put together in `shown_again.py`.
"""

from functools import partial
from pathlib import Path

from ..errors import InvalidBody, LimitReached
from ..notebooks.base import Notebook
from ..policy.principal import Principal
from ..store.feedback import FeedbackStore
from ..types.chats import Chat
from ..types.estimates import Estimate, EstimateOrder
from ..types.panel import ChatPage, Feedback, MessagePage, RunView, Sent
from ..usage.owner import is_gone, standing
from .estimating import Estimating
from .services import Defaults, Services
from .session import ChatSession
from .shown_again import ShownAgain
from .titles import title_of

BUSY = "A question is being answered in this chat. Stop it, or wait until it has ended, then delete the chat."


class ChatManager:
    """Makes, opens and shows chats."""

    def __init__(self, services: Services, defaults: Defaults) -> None:
        self._services = services
        self._defaults = defaults
        self._feedback = FeedbackStore(services.chats.database)
        self._shown = ShownAgain(services.chats, services.runs, services.events)
        self._estimating = Estimating(services, defaults)

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

    async def page(
        self, principal: Principal, *, limit: int = 30, cursor: str | None = None, search: str = ""
    ) -> ChatPage:
        """A page of the chats that something was said in, newest activity first.

        `search`: only those with this text in their title. Raises `BadRequest` for a cursor that is not ours.
        """
        return await self._shown.chats(principal.id, limit=limit, cursor=cursor, search=search)

    async def rename(self, principal: Principal, chat_id: str, title: str) -> Chat:
        """Give a chat another title; raises `NotFound`, and `InvalidBody` for one without a letter."""
        title = " ".join(title.split())
        if not title:
            raise InvalidBody("The title is empty. Write what the chat is about.")
        return await self._services.chats.rename(principal.id, chat_id, title)

    async def delete(self, principal: Principal, chat_id: str) -> Chat:
        """Delete a chat with its messages, runs and receipts; what was paid stays booked.

        Raises `NotFound`, and `LimitReached` while a question is being answered in it.
        """
        chat = await self.get(principal, chat_id)
        if any(
            run.owner and standing(run.owner) == "alive" for run in await self._services.runs.open(chat_id)
        ):
            raise LimitReached(BUSY)
        return await self._services.chats.delete(principal.id, chat.id)

    async def messages(
        self, principal: Principal, chat_id: str, *, limit: int = 30, cursor: str | None = None
    ) -> MessagePage:
        """The last messages of a chat, oldest first, each with its run and what was thought of it.

        Raises `NotFound`, and `BadRequest` for a cursor that is not ours.
        """
        return await self._shown.messages(principal.id, chat_id, limit=limit, cursor=cursor)

    async def rate(self, principal: Principal, message_id: str, feedback: Feedback) -> Feedback:
        """Keep what a person thinks of an answer, in place of what they thought before; raises `NotFound`."""
        return await self._feedback.give(principal.id, message_id, feedback)

    async def run(self, principal: Principal, run_id: str) -> RunView:
        """A run as it is shown again; raises `NotFound`."""
        return await self._shown.run(principal.id, run_id)

    async def sent(self, principal: Principal, run_id: str) -> Sent:
        """What a run sent to providers; raises `NotFound`."""
        run = await self._services.runs.get(principal.id, run_id)
        payloads = self._services.payloads
        return Sent() if payloads is None else await payloads.of_run(principal.id, run.id)

    async def estimate(self, principal: Principal, order: EstimateOrder) -> Estimate:
        """What the next question may cost; raises `NotFound`, `UnknownModel`."""
        return await self._estimating.next_question(principal.id, order)

    async def recover(self) -> int:
        """Close the runs that processes left open when they ended; returns how many."""
        one_system = self._services.chats.database.file is not None
        return await self._services.runs.recover(partial(is_gone, one_system=one_system))
