"""A page of the browser, played: it speaks JSON to its relay, and its hands are a kernel's real client."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, cast

from autoanalyst_ext.chats.tab_relay import TabRelay
from autoanalyst_ext.notebooks.tabs import Tabs
from autoanalyst_ext.types.tab import CellSent, OpenNotebook, TabReplied, TabWanted
from autoanalyst_ext.types.wire import PROTOCOL
from tests.server.notebooks.rest_house import RestHouse
from tests.server.notebooks.scripted_page import ScriptedPage

from .local_house import LocalHouse

Message = dict[str, Any]


class Wire:
    """What the scripted page takes for `Tabs`: it writes and reads the relay's messages."""

    def __init__(self, relay: TabRelay) -> None:
        self.relay = relay
        self.told: list[Message] = []
        self._leaving: asyncio.Queue[str | None] = asyncio.Queue()
        self._send: Callable[[TabWanted], None] | None = None
        self._news = asyncio.Condition()
        self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._read())]
        self._said_hello = False

    def say(self, **message: Any) -> None:
        self._leaving.put_nowait(json.dumps(message))

    def raw(self, text: str) -> None:
        self._leaving.put_nowait(text)

    def connect(self, principal_id: str, tab: str, send: Callable[[TabWanted], None]) -> None:
        self._send = send

    def opened(self, tab: str, notebooks: Sequence[OpenNotebook]) -> None:
        opened = [each.model_dump() for each in notebooks]
        if self._said_hello:
            self.say(kind="notebooks", notebooks=opened)
        else:
            self._said_hello = True
            self.say(kind="hello", protocol=PROTOCOL, version="0", tab=tab, notebooks=opened)

    def sent(self, tab: str, message: CellSent) -> None:
        self._leaving.put_nowait(message.model_dump_json())

    def replied(self, tab: str, message: TabReplied) -> None:
        self._leaving.put_nowait(message.model_dump_json())

    def disconnect(self, tab: str, send: Callable[[TabWanted], None]) -> None:
        self._leaving.put_nowait(None)

    async def close(self) -> None:
        self._leaving.put_nowait(None)
        await asyncio.gather(*self._tasks)

    async def hears(self, kind: str, **parts: Any) -> Message:
        """The first message of this kind with these parts, once it is here."""
        async with self._news:
            await self._news.wait_for(lambda: self.of(kind, **parts))
        return self.of(kind, **parts)[0]

    def of(self, kind: str, **parts: Any) -> list[Message]:
        return [each for each in self.told if each["kind"] == kind and parts.items() <= each.items()]

    async def _write(self) -> None:
        while (text := await self._leaving.get()) is not None:
            await self.relay.take(text)
        await self.relay.close()

    async def _read(self) -> None:
        async for text in self.relay.outgoing():
            message = json.loads(text)
            if message["kind"] == "request" and self._send is not None:
                self._send(TabWanted.model_validate(message))
            async with self._news:
                self.told.append(message)
                self._news.notify_all()


class PanelPage:
    """A page with a panel: what it hears, and its hands."""

    def __init__(
        self, relay: TabRelay, house: LocalHouse, kernel_id: str, *paths: str, tab: str = ""
    ) -> None:
        self.wire = Wire(relay)
        self.hands = ScriptedPage(cast("Tabs", self.wire), cast("RestHouse", house), kernel_id, tab=tab)
        self.hands.connect(*paths)
        self.tab = self.hands.tab

    def watch(self, run: str, after: int = 0) -> None:
        self.wire.say(kind="watch", run=run, after=after)

    async def hears_end(self, run: str) -> list[Message]:
        """Everything it is told of a run, once that has ended."""
        async with self.wire._news:
            await self.wire._news.wait_for(lambda: self._is_over(run))
        return self.told_of(run)

    async def hears_event(self, run: str, kind: str) -> Message:
        """The first event of this kind, once it is here."""
        async with self.wire._news:
            await self.wire._news.wait_for(lambda: self.events(run, kind))
        return self.events(run, kind)[0]

    def told_of(self, run: str) -> list[Message]:
        return [
            each for each in self.wire.told if each["kind"] in ("event", "refused") and each["run"] == run
        ]

    def events(self, run: str, *kinds: str) -> list[Message]:
        found = [each["event"] for each in self.told_of(run) if each["kind"] == "event"]
        return [event for event in found if not kinds or event["kind"] in kinds]

    async def close(self) -> None:
        """Gone, as a page that is closed or reloaded."""
        await self.hands.close()
        await self.wire.close()

    def _is_over(self, run: str) -> bool:
        told = self.told_of(run)
        return bool(told) and (told[-1]["kind"] == "refused" or told[-1]["event"]["kind"] == "run_finished")
