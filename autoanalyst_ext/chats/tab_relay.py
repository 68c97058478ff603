"""`TabRelay`: one page's connection. It hears events and news, and its hands are lent to the runs.

The carrier hands in what the page says (`take`) and sends what `outgoing` gives; when the page is gone it
calls `close`. That ends nothing: runs go on, and the page hears the rest when it comes back.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from .. import __version__
from ..errors import AnalystError, BadRequest, NotFound
from ..policy.principal import Principal
from ..types.tab import (
    CellSent,
    ServerMessage,
    TabFailed,
    TabHello,
    TabMessage,
    TabNotebooks,
    TabReplied,
    TabWelcome,
    Unwatch,
    Watch,
)
from ..types.wire import PROTOCOL
from . import failures
from .desk import PanelDesk
from .feed import Feed
from .outbox import Outbox
from .parsing import is_other_protocol, message_of, parsed


class TabRelay:
    """A page's connection to the engine."""

    def __init__(self, desk: PanelDesk, principal: Principal) -> None:
        self._desk, self._principal = desk, principal
        self._outbox: Outbox[ServerMessage] = Outbox()
        self._send = self._outbox.put  # one and the same, by which others know this connection
        self._tab: str | None = None
        """The page, once it has said hello."""
        self._watching: dict[str, asyncio.Task[None]] = {}
        """By run."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def outgoing(self) -> AsyncIterator[str]:
        """What the page is to be sent, one JSON text after the other, until `close`."""
        async for message in self._outbox.messages():
            yield message.model_dump_json()

    async def take(self, text: str | bytes) -> None:
        """Take a message of the page, as JSON, in the order in which they came. After `close` none is."""
        if self._closed:
            return
        try:
            data = parsed(text)
            if is_other_protocol(data, PROTOCOL):
                raise BadRequest(_other_protocol(data))
            message = message_of(data, _messages())
            if isinstance(message, TabHello):
                await self._welcome(message)
            elif self._tab is None:
                raise BadRequest("The first message must be 'hello'.")
            else:
                self._handle(message, self._tab)
        except AnalystError as error:
            self._fail(None, error)

    async def close(self) -> None:
        """The page is gone. Its runs go on."""
        self._closed = True
        self._outbox.close()
        self._desk.news.leave(self._principal.id, self._send)
        if self._tab is not None:
            self._desk.tabs.disconnect(self._tab, self._send)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _welcome(self, hello: TabHello) -> None:
        if self._tab is not None:
            raise BadRequest("This page has said hello before.")
        choosing = asyncio.create_task(self._desk.chosen_model())
        await asyncio.wait([choosing])
        if self._closed:
            return
        if (error := choosing.exception()) is not None:
            self._fail(None, error)
            return
        who = self._principal
        self._outbox.put(
            TabWelcome(
                protocol=PROTOCOL,
                version=__version__,
                who=who.name,
                model=choosing.result(),
                mode=self._desk.mode,
                running=self._desk.live_runs.running(who),
            )
        )
        self._desk.tabs.connect(who.id, hello.tab, self._send)
        self._tab = hello.tab
        self._desk.news.listen(who.id, self._send)
        self._desk.tabs.opened(hello.tab, hello.notebooks)
        self._start(None, self._prepare())

    async def _prepare(self) -> None:
        """Load what a question needs, while the user thinks of one. What is wrong is told (by `_start`)."""
        await self._desk.warm_up()

    def _handle(self, message: TabMessage, tab: str) -> None:
        match message:
            case TabNotebooks():
                self._desk.tabs.opened(tab, message.notebooks)
            case CellSent():
                self._desk.tabs.sent(tab, message)
            case TabReplied():
                self._desk.tabs.replied(tab, message)
            case Watch():
                self._watch(message)
            case Unwatch():
                self._unwatch(message.run)

    def _watch(self, watch: Watch) -> None:
        self._unwatch(watch.run)
        try:
            feed = self._desk.live_runs.feed(self._principal, watch.run)
        except NotFound as error:
            self._fail(watch.run, error)
            return
        self._watching[watch.run] = self._start(watch.run, self._pass_on(feed, watch.after))

    def _unwatch(self, run_id: str) -> None:
        if (task := self._watching.pop(run_id, None)) is not None:
            task.cancel()

    async def _pass_on(self, feed: Feed, after: int) -> None:
        """Tell a run's messages, as fast as the page reads: what it does not read yet grows in the feed."""
        async for message in feed.after(after):
            self._outbox.put(message)
            await self._outbox.read()

    def _start(self, run_id: str | None, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something while more messages come; what goes wrong is told."""

        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                self._fail(run_id, error)

        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(done)
        return task

    def _fail(self, run_id: str | None, error: BaseException) -> None:
        told = failures.told(run_id, error)
        self._outbox.put(TabFailed(run=run_id, code=told.code, message=told.message, detail=told.detail))


def _other_protocol(hello: dict[str, Any]) -> str:
    """Which of the two sides is to be upgraded."""
    theirs, version = hello.get("protocol"), str(hello.get("version", "unknown"))[:40]
    if isinstance(theirs, int) and theirs > PROTOCOL:
        return (
            f"This page's AutoAnalyst ({version}) is newer than the server's ({__version__}). "
            "Restart the Jupyter server, or upgrade autoanalyst-ext where it runs."
        )
    return (
        f"This page's AutoAnalyst ({version}) is older than the server's ({__version__}). "
        "Reload the page. If that does not help, upgrade autoanalyst-ext and restart the Jupyter server."
    )


@cache
def _messages() -> TypeAdapter[TabMessage]:
    return TypeAdapter(TabMessage)
