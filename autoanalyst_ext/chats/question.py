"""`Question`: one question of a client while it is answered. Its notebook is the client's.

Everything that the run says goes to the client as it comes, without outputs: the client has them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NotFound, Refused
from ..notebooks.remote import RemoteNotebook
from ..policy.principal import Principal
from ..tools.turn import Permissions
from ..types.chats import Chat
from ..types.events import (
    Notice,
    ReceiptMade,
    Replayed,
    RunEvent,
    RunFinished,
    RunStarted,
)
from ..types.receipts import Receipt
from ..types.runs import Answer, Choices
from ..types.wire import Approve, Ask, Ended, EngineMessage, Told
from . import failures
from .desk import Desk
from .handover import is_offline, next_model
from .news import announce
from .rendering import to_html
from .telling import without_outputs

if TYPE_CHECKING:
    from .session import ChatSession  # with it comes the agent library, which `warm_up` loads in a thread


class Question:
    """A question that was asked, up to its end."""

    def __init__(
        self,
        ask: Ask,
        *,
        desk: Desk,
        principal: Principal,
        notebook_id: str,
        asked_in: str | None,
        tell: Callable[[EngineMessage], None],
    ) -> None:
        """`tell` takes what the client is to hear. `asked_in`: path of its notebook, if that is known."""
        self.ask = ask
        self.notebook = RemoteNotebook(tell, ask.id, notebook_id=notebook_id, scope=ask.scope)
        self.run_id: str | None = None
        """The run that answers it, once that has begun."""
        self._desk, self._principal = desk, principal
        self._tell, self._asked_in = tell, asked_in
        self._session: ChatSession | None = None
        self._stop_wanted = False
        self._answer: Answer | None = None
        self._receipt: Receipt | None = None
        self._replayed: Replayed | None = None
        self._instead: str | None = None
        self._model = ""

    async def run(self, chat: Callable[[Ask], Awaitable[Chat]]) -> None:
        """Answer in the chat that `chat` finds, and say how it ended: `ended` or `failed`, once."""
        work = asyncio.create_task(self._run(chat), name=f"question {self.ask.id}")
        await asyncio.wait([work])
        error = work.exception()
        failed = failures.told(self.ask.id, error) if error is not None else None
        if self._answer is not None:
            # The run has told how it ended, also where something broke at the very end.
            self._tell(self._ended(self._answer))
        elif failed is not None:
            self._tell(failed)

    def stop(self) -> None:
        """Stop the run; it still ends by itself."""
        self._stop_wanted = True
        if self._session is not None:
            self._session.stop()

    def leave(self, reason: str) -> None:
        """The client is gone: stop, and wait for nothing from it."""
        self.stop()
        self.notebook.gone(reason)

    def approve(self, said: Approve) -> None:
        """Pass on a person's yes or no. One that comes too late changes nothing, and the client hears why."""
        if self._session is None:
            return
        try:
            self._session.approve(said.call_id, said.code_hash, yes=said.yes, remember=said.remember)
        except (NotFound, Refused) as error:
            self._tell(Told(id=self.ask.id, event=Notice(code=error.code, text=str(error))))

    async def _run(self, chat: Callable[[Ask], Awaitable[Chat]]) -> None:
        # The client looks at its kernel while the libraries load; the run uses what it found.
        await asyncio.gather(self._desk.warm_up(), self.notebook.names())
        from .request import Origin

        session = self._session = self._desk.chats.open(
            await chat(self.ask),
            principal=self._principal,
            notebook=self.notebook,
            folder=Path(self.ask.folder),
        )
        if self._stop_wanted:
            # Asking forgets earlier stops; this one comes as soon as it has begun.
            asyncio.get_running_loop().call_soon(session.stop)
        ask = self.ask
        asking = session.ask(
            ask.question,
            agents=ask.agents,
            choices=Choices(model=ask.model),
            permissions=Permissions(
                mode=ask.mode or self._desk.mode, rules=self._desk.admin_rules, can_ask=ask.can_ask
            ),
            scope=ask.scope,
            receipts=ask.receipts,
            fresh=ask.fresh,
            follows=ask.follows,
            origin=Origin(asked_in=self._asked_in),
        )
        async with aclosing(asking) as events:
            async for event in events:
                self._note(event)
                if isinstance(event, RunStarted | RunFinished):
                    await announce(self._desk, self._principal, session.chat.id)
                if (light := without_outputs(event)) is not None:
                    self._tell(Told(id=ask.id, event=light))
        if self._answer is not None and self._answer.status == "abstained" and is_offline(self._model):
            self._instead = await next_model(self._desk)

    def _note(self, event: RunEvent) -> None:
        match event:
            case RunStarted():
                self.run_id, self._model = event.run_id, event.model
            case Replayed():
                self._replayed = event
            case Notice(code="replay_failed"):
                self._replayed = None
            case ReceiptMade():
                self._receipt = event.receipt
            case RunFinished():
                self._answer = event.answer

    def _ended(self, answer: Answer) -> Ended:
        return Ended(
            id=self.ask.id,
            html=to_html(answer.answer),
            receipt=self._receipt,
            replayed=self._replayed is not None,
            pending=self._replayed.pending if self._replayed is not None else (),
            instead=self._instead,
        )
