"""`Relay`: one client's connection, whatever carries it: a socket of the server, or a pipe.

The carrier hands in what the client says (`take`) and sends what `outgoing` gives; when the client is gone
it calls `close`. Nothing that a client says ends its connection. The client has been let in by then: who
it is, is the carrier's to know.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import TypeAdapter

from .. import __version__
from ..errors import BadRequest, LimitReached
from ..logs import logger
from ..types.events import TextDelta
from ..types.wire import (
    PROTOCOL,
    Approve,
    Ask,
    ClientMessage,
    EngineMessage,
    Found,
    Heard,
    Hello,
    Query,
    Replied,
    Stop,
    Told,
    Welcome,
)
from . import failures, queries
from .desk import Desk
from .outbox import Outbox
from .parsing import is_other_protocol, message_of, parsed
from .question import Question

if TYPE_CHECKING:
    from ..policy.principal import Principal
    from ..types.chats import Chat

LEFT = "The notebook is gone. The question and everything so far are kept."


class Relay:
    """A client's connection to the engine. One question at a time."""

    def __init__(self, desk: Desk, *, principal: "Principal | None" = None) -> None:
        """`principal`: who the client works for, if that is not who this process works for."""
        self._desk = desk
        self._principal = principal or desk.principal
        self._outbox: Outbox[EngineMessage] = Outbox(joined)
        self._hello: Hello | None = None
        self._notebook_id = uuid4().hex
        """Names the client's notebook for as long as it is connected."""
        self._chat: Chat | None = None
        """The client's own chat, once it has asked a question without naming one."""
        self._question: Question | None = None
        self._runs: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def outgoing(self) -> AsyncIterator[str]:
        """What the client is to be sent, one JSON text after the other, until `close`."""
        async for message in self._outbox.messages():
            yield _as_json(message)

    async def take(self, text: str | bytes) -> None:
        """Take a message of the client, as JSON. Must be called in the order in which messages came.

        After `close` nothing is taken: nobody would stop or book what it begins.
        """
        if self._closed:
            return
        message_id: str | None = None
        try:
            data = parsed(text)
            message_id = data["id"] if isinstance(data.get("id"), str) else None
            if is_other_protocol(data, PROTOCOL):
                raise BadRequest(_other_protocol(data))
            message = message_of(data, _messages())
            if isinstance(message, Hello):
                await self._welcome(message)
            elif self._hello is None:
                raise BadRequest("The first message must be 'hello'.")
            else:
                self._handle(message, self._hello, size=len(text))
        except BadRequest as error:
            self._outbox.put(failures.told(message_id, error))

    async def close(self) -> None:
        """The client is gone. What it asked is stopped, and booked when this returns."""
        self._closed = True
        if self._question is not None:
            self._question.leave(LEFT)
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        self._outbox.close()

    async def _welcome(self, hello: Hello) -> None:
        if self._hello is not None:
            raise BadRequest("This client has said hello before.")
        self._hello = hello
        model = asyncio.create_task(self._desk.chosen_model())
        await asyncio.wait([model])
        if (error := model.exception()) is not None:
            self._outbox.put(failures.told(None, error))
            return
        welcome = Welcome(
            protocol=PROTOCOL,
            version=__version__,
            model=model.result(),
            mode=self._desk.mode,
            who=self._principal.name,
        )
        self._outbox.put(welcome)
        self._start(None, self._prepare())

    async def _prepare(self) -> None:
        """Load what a question needs, while the client thinks of one. What fails here fails there again."""
        await asyncio.gather(self._desk.warm_up(), return_exceptions=True)

    def _handle(self, message: ClientMessage, hello: Hello, size: int) -> None:
        # Messages about a question that has just ended crossed with its end: nothing is left to do.
        question = self._question
        match message:
            case Ask():
                self._begin(message)
            case Query():
                self._start(message.id, self._answer(message))
            case Heard() if question is not None:
                _hear(question, message, size)
            case Replied() if question is not None:
                question.notebook.replied(message)
            case Stop() if question is not None and question.ask.id == message.id:
                question.stop()
            case Approve() if question is not None and question.ask.id == message.id:
                question.approve(message)

    def _begin(self, ask: Ask) -> None:
        if self._question is not None:
            busy = LimitReached("Another question is being answered. Stop it, or wait until it has ended.")
            self._outbox.put(failures.told(ask.id, busy))
            return
        self._question = Question(
            ask,
            desk=self._desk,
            principal=self._principal,
            notebook_id=self._notebook_id,
            asked_in=self._asked_in(),
            tell=self._outbox.put,
        )
        self._start(ask.id, self._see_to(self._question))

    def _asked_in(self) -> str | None:
        """Path of the client's notebook, as the panel has it where it is in the server's folder."""
        told = self._hello.notebook if self._hello is not None else ""
        house = self._desk.house
        root = house.folder("any.ipynb") if house is not None else None
        if root is not None and Path(told).is_relative_to(root):
            return Path(told).relative_to(root).as_posix()
        return told or None

    async def _see_to(self, question: Question) -> None:
        """Answer a question. The next may follow when its end has been told."""
        try:
            await question.run(self._chat_of)
        finally:
            self._question = None
            if question.run_id is not None:
                self._runs.append(question.run_id)

    async def _chat_of(self, ask: Ask) -> "Chat":
        """The chat of that name, or else the client's own; a new one where there is none yet."""
        from ..store.chats import Chats

        who, store = self._principal, Chats(self._desk.database)
        if name := ask.chat.strip():
            return await store.find_or_create(who.id, name)
        if self._chat is None:
            self._chat = await self._desk.chats.create(who, ask.question)
        return self._chat

    async def _answer(self, query: Query) -> None:
        if query.what == "cancel":
            body: dict[str, Any] = {"stopped": 0 if self._question is None else 1}
            if self._question is not None:
                self._question.stop()
        else:
            body = await queries.answer(
                query.what, query.args, desk=self._desk, principal=self._principal, runs=self._runs
            )
        self._outbox.put(Found(id=query.id, body=body))

    def _start(self, message_id: str | None, work: Coroutine[Any, Any, None]) -> None:
        """Do something while more messages come; what goes wrong is told with the id."""

        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                self._outbox.put(failures.told(message_id, error))

        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(done)


def _as_json(message: EngineMessage) -> str:
    """A message as it is sent. One that cannot be written down is told as a bug: somebody waits for it."""
    try:
        return message.model_dump_json()
    except ValueError as error:
        message_id = None if isinstance(message, Welcome) else message.id
        return failures.told(message_id, error).model_dump_json()


def joined(first: EngineMessage, second: EngineMessage) -> EngineMessage | None:
    """Two pieces of one step's text as one."""
    if not (isinstance(first, Told) and isinstance(second, Told) and first.id == second.id):
        return None
    before, after = first.event, second.event
    if not (isinstance(before, TextDelta) and isinstance(after, TextDelta) and before.step == after.step):
        return None
    return Told(id=first.id, event=TextDelta(step=before.step, text=before.text + after.text))


def _hear(question: Question, heard: Heard, size: int) -> None:
    """Pass on an output. The user has one that we cannot read; it does not end the question."""
    try:
        question.notebook.hear(heard, size)
    except BadRequest:
        logger().warning("output ignored", kind=heard.type)


def _other_protocol(hello: dict[str, Any]) -> str:
    """Which of the two packages is to be upgraded."""
    theirs, version = hello.get("protocol"), str(hello.get("version", "unknown"))[:40]
    if isinstance(theirs, int) and theirs > PROTOCOL:
        return (
            f"The notebook's autoanalyst-ext ({version}) is newer than the analyst's ({__version__}). "
            "Upgrade autoanalyst-ext where the Jupyter server runs, and restart the server."
        )
    return (
        f"The notebook's autoanalyst-ext ({version}) is older than the analyst's ({__version__}). "
        "Upgrade autoanalyst-ext in the kernel's environment, and restart the kernel."
    )


@cache
def _messages() -> TypeAdapter[ClientMessage]:
    return TypeAdapter(ClientMessage)
