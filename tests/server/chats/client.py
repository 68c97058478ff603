"""A client for the tests: it speaks the wire to a relay, and its hands are a real kernel."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from autoanalyst_ext.chats.relay import Relay
from autoanalyst_ext.engine import Engine
from autoanalyst_ext.notebooks.headless import HeadlessNotebook
from autoanalyst_ext.providers.script import Reply
from autoanalyst_ext.providers.scripted import ScriptedModel
from autoanalyst_ext.types.cells import DisplayOutput, Execution, OutputChange, ResultOutput, StreamOutput
from autoanalyst_ext.types.wire import PROTOCOL

from .desk import TABLE, OneModel

Message = dict[str, Any]


class Client:
    """One end of the connection. It keeps what it was told, and does what it is asked."""

    def __init__(self, relay: Relay, notebook: HeadlessNotebook) -> None:
        self.relay = relay
        self.notebook = notebook
        self.told: list[Message] = []
        self.before_reply: Callable[[Message], Awaitable[None]] | None = None
        """Called before the reply to a request is sent."""
        self._cells: dict[str, str] = {}
        self._hands: set[asyncio.Task[None]] = set()
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    async def say(self, **message: Any) -> None:
        if message["kind"] == "ask":
            message.setdefault("folder", str(self.notebook.folder))
        await self.relay.take(json.dumps(message))

    async def hello(self) -> Message:
        await self.say(kind="hello", protocol=PROTOCOL, version="0.1.0")
        return await self.hears("welcome")

    async def ask(self, question: str, id: str = "q1", **more: Any) -> Message:
        """Ask and wait for the end."""
        await self.say(kind="ask", id=id, question=question, **{"model": "scripted:test", **more})
        return await self.hears("ended", "failed", id=id)

    async def hears(self, *kinds: str, **parts: Any) -> Message:
        """The first message of one of these kinds with these parts, once it is here."""
        async with self._news:
            await self._news.wait_for(lambda: self.of(*kinds, **parts) or self._reading.done())
        return self.of(*kinds, **parts)[0]

    async def event(self, kind: str) -> Message:
        """The first event of this kind, once it is here."""
        async with self._news:
            await self._news.wait_for(lambda: self.events(kind) or self._reading.done())
        return self.events(kind)[0]

    def of(self, *kinds: str, **parts: Any) -> list[Message]:
        return [m for m in self.told if m["kind"] in kinds and parts.items() <= m.items()]

    def events(self, *kinds: str) -> list[Message]:
        found = [message["event"] for message in self.of("event")]
        return [event for event in found if not kinds or event["kind"] in kinds]

    async def leave(self) -> None:
        """Go, as a kernel that ends: nothing is answered any more."""
        for task in self._hands:
            task.cancel()
        await self.relay.close()
        await self._reading

    async def _read(self) -> None:
        async for text in self.relay.outgoing():
            message = json.loads(text)
            if message["kind"] == "request":
                task = asyncio.create_task(self._carry_out(message))
                self._hands.add(task)
                task.add_done_callback(self._hands.discard)
            async with self._news:
                self.told.append(message)
                self._news.notify_all()
        async with self._news:
            self._news.notify_all()

    async def _carry_out(self, message: Message) -> None:
        do: Message = message["do"]
        value: Message = {}
        match do["op"]:
            case "look":
                tables = [table.model_dump(mode="json") for table in await self.notebook.tables()]
                value = {"tables": tables, "names": dict(await self.notebook.names())}
            case "insert":
                self._cells[do["cell_id"]] = (await self.notebook.insert(do["source"])).id
            case "replace":
                mine = self._cells[do["cell_id"]]
                there = next(cell.source for cell in await self.notebook.cells() if cell.id == mine)
                await self.notebook.replace(mine, do["source"], expected=there)
            case "remove":
                await self.notebook.remove(self._cells.pop(do["cell_id"]))
            case "execute":
                value = await self._execute(message["request"], self._cells[do["cell_id"]])
            case "interrupt":
                await self.notebook.interrupt()
                return
        if self.before_reply is not None:
            await self.before_reply(message)
        await self.say(kind="replied", request=message["request"], value=value)

    async def _execute(self, request: str, cell_id: str) -> Message:
        execution: Execution | None = None
        async for item in self.notebook.execute(cell_id):
            if isinstance(item, Execution):
                execution = item
            else:
                await self._hear(request, item)
        assert execution is not None
        return execution.model_dump(mode="json", exclude={"cell_id", "source", "outputs"})

    async def _hear(self, request: str, change: OutputChange) -> None:
        output = change.output
        if isinstance(output, StreamOutput):
            kind, content = "stream", {"name": output.name, "text": output.text}
        elif isinstance(output, DisplayOutput | ResultOutput):
            kind, content = output.output_type, output.model_dump(exclude={"output_type"})
        else:
            return
        await self.say(kind="heard", request=request, type=kind, content=content)


@asynccontextmanager
async def connected(
    folder: Path, replies: Iterable[Reply] = (), *, data: str = "data", **traits: Any
) -> AsyncIterator[tuple[Client, Engine]]:
    """A client with a kernel of its own and a small table, that has said hello to an engine."""
    home = {"data_dir": str(folder / data), "database_url": f"sqlite:///{folder}/{data}/test.db"}
    async with Engine(**{**home, **traits}) as engine, HeadlessNotebook.start(folder) as notebook:
        engine.providers.add(OneModel(ScriptedModel(replies)))
        loading = await notebook.insert(TABLE)
        async for _ in notebook.execute(loading.id):
            pass
        client = Client(Relay(engine), notebook)
        await client.hello()
        try:
            yield client, engine
        finally:
            await client.leave()


def at_the_other_end(
    folder: Path,
    scene: Callable[[Client, Engine], Awaitable[None]],
    replies: Iterable[Reply] = (),
    **traits: Any,
) -> None:
    """Play `scene` with a client whose engine has a scripted model that gives `replies`."""

    async def play() -> None:
        async with connected(folder, replies, **traits) as (client, engine):
            await scene(client, engine)

    asyncio.run(asyncio.wait_for(play(), 90))
