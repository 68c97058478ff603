"""`FakeProvider`: model providers' APIs on loopback, played from a script, with a log of all that was said.

It speaks OpenAI Chat Completions, OpenAI Responses, Anthropic Messages, Groq and Azure OpenAI, streamed or
not, and fails in the ways a script asks for. In a test: `async with FakeProvider(script) as fake`, or `with`
it in a thread of its own for tests that start programs. As a program: `python -m tests.fakes.provider
--script FILE --log FILE`.
"""

import argparse
import asyncio
import json
import signal
import ssl
import sys
import threading
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autoanalyst_ext.providers.script import Fault, Reply, Script, ScriptPlayer, read_script
from autoanalyst_ext.types.usage import TokenUsage

from .connection import Connection, HttpRequest
from .dialects.base import Dialect, Frame, ModelRequest
from .dialects.chat import AzureDialect, ChatDialect, GroqDialect
from .dialects.messages import MessagesDialect
from .dialects.responses import ResponsesDialect
from .log import Exchange, ExchangeLog, Served

DIALECTS: tuple[Dialect, ...] = (
    ChatDialect(),
    ResponsesDialect(),
    MessagesDialect(),
    GroqDialect(),
    AzureDialect(),
)
KEY = "sk-fake-key"
"""The key that is accepted."""

Answering = Callable[[ModelRequest], Reply | Awaitable[Reply]]


class FakeProvider:
    """A provider that plays `script`: replies, a `Script`, or a function from the request to a reply.

    `models` are the names it knows, all when `None`. `tls` makes it an HTTPS server for `localhost`.
    """

    def __init__(
        self,
        script: Script | Iterable[Reply] | Answering = (),
        *,
        key: str = KEY,
        models: Collection[str] | None = None,
        log: Path | None = None,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._answering: Answering | None = script if callable(script) else None
        self._player = ScriptPlayer(() if callable(script) else script)
        self.key = key
        self.models = models
        self.log = ExchangeLog(log)
        self.port = port
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections: set[Connection] = set()
        self._failures: list[BaseException] = []
        self._over = asyncio.Condition()
        self._thread: threading.Thread | None = None

    @property
    def exchanges(self) -> list[Exchange]:
        """All requests so far, with their answers."""
        return self.log.exchanges

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"https://localhost:{self.port}" if self._tls else f"http://127.0.0.1:{self.port}"

    def base_url(self, dialect: str) -> str:
        """The base URL for the official SDK of a dialect (`openai`, `openai-responses`, `anthropic`...)."""
        return next(known for known in DIALECTS if known.name == dialect).base_url(self.url)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connect, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in tuple(self._connections):
            connection.transport.abort()
            await connection.gone.wait()
        await self._server.wait_closed()
        if self._failures and error is None:
            raise self._failures[0]

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._in_thread(ready)), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise TimeoutError("The fake provider did not start.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        if self._thread.is_alive():
            raise TimeoutError("The fake provider did not end.")

    async def settled(self, count: int) -> list[Exchange]:
        """Wait until `count` requests are over, and return all."""
        async with self._over:
            await self._over.wait_for(lambda: sum(e.served is not None for e in self.exchanges) >= count)
        return self.exchanges

    async def _in_thread(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with self:
            ready.set()
            await self._stop.wait()

    def _connect(self) -> Connection:
        return Connection(asyncio.StreamReader(), self._opened)

    def _opened(self, connection: Connection) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(connection))
        self._tasks.add(task)
        self._connections.add(connection)
        task.add_done_callback(self._closed)

    def _closed(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failures.append(failure)

    async def _serve(self, connection: Connection) -> None:
        try:
            while (request := await connection.read()) is not None:
                await self._exchange(connection, request)
        finally:
            connection.transport.close()
            self._connections.discard(connection)

    async def _exchange(self, connection: Connection, request: HttpRequest) -> None:
        dialect = next((known for known in DIALECTS if known.serves(request.path.partition("?")[0])), None)
        exchange = self.log.received(
            dialect=dialect.name if dialect else None,
            method=request.method,
            path=request.path,
            headers=request.headers,
            body=request.body,
        )
        answer = _Answer(connection)
        try:
            await self._answer(answer, dialect, request, exchange)
        except ConnectionError:
            answer.hung_up = True
        finally:
            self.log.served(exchange, answer.served())
            async with self._over:
                self._over.notify_all()

    async def _answer(
        self, answer: "_Answer", dialect: Dialect | None, request: HttpRequest, exchange: Exchange
    ) -> None:
        if dialect is None or request.method != "POST":
            await answer.whole(404, {"error": {"message": "No such path."}})
            return
        headers = {name.lower(): value for name, value in request.headers}
        if dialect.key(headers) != self.key:
            await answer.whole(401, dialect.error(401))
            return
        try:
            asked = dialect.read(request.path, json.loads(request.body))
        except ValueError:
            await answer.whole(400, dialect.error(400))
            return
        if self.models is not None and asked.model not in self.models:
            await answer.whole(404, dialect.error(404))
            return
        reply = await self._reply(asked)
        if reply is None:
            await answer.whole(500, dialect.error(500))
            return
        await answer.play(dialect, reply, asked, exchange.number)

    async def _reply(self, asked: ModelRequest) -> Reply | None:
        if self._answering is None:
            return self._player.choose(asked.asked)
        reply = self._answering(asked)
        return reply if isinstance(reply, Reply) else await reply


class _Answer:
    """One answer on its way out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._before = connection.bytes_sent
        self.status = 0
        self.usage: TokenUsage | None = None
        self.complete = False
        self.hung_up = False

    def served(self) -> Served:
        sent = self._connection.bytes_sent - self._before
        return Served(self.status, sent, self.usage, self.complete, self.hung_up)

    async def whole(
        self, status: int, body: dict[str, Any] | str, headers: dict[str, str] | None = None
    ) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        kind = "text/html" if isinstance(body, str) and body else "application/json"
        self.status = status
        await self._connection.head(
            status, {"content-type": kind, "content-length": str(len(data)), **(headers or {})}
        )
        await self._connection.body(data, chunked=False)
        self.complete = True

    async def play(self, dialect: Dialect, reply: Reply, asked: ModelRequest, number: int) -> None:
        if reply.pace.first and await self._connection.pause(reply.pace.first):
            raise ConnectionResetError
        fault = reply.fault
        if fault is not None and fault.kind in ("status", "html", "empty"):
            await self._refuse(dialect, fault, asked)
        elif asked.stream:
            await self._stream(dialect, reply, asked, number)
        else:
            await self._at_once(dialect, reply, asked, number)

    async def _refuse(self, dialect: Dialect, fault: Fault, asked: ModelRequest) -> None:
        extra = {"retry-after": fault.retry_after} if fault.retry_after is not None else {}
        if fault.kind == "status":
            await self.whole(fault.status, dialect.error(fault.status), extra)
        elif fault.kind == "html":
            await self.whole(fault.status, "<html><body><h1>Bad gateway</h1></body></html>", extra)
        else:
            kind = "text/event-stream" if asked.stream else "application/json"
            await self.whole(200, "", {"content-type": kind})

    async def _at_once(self, dialect: Dialect, reply: Reply, asked: ModelRequest, number: int) -> None:
        data = json.dumps(dialect.whole(reply, asked, number), ensure_ascii=False).encode()
        fault, self.status = reply.fault, 200
        if fault is not None and fault.kind == "malformed":
            data = data[:-1]
        await self._connection.head(
            200, {"content-type": "application/json", "content-length": str(len(data))}
        )
        if fault is not None and fault.kind == "cut":
            await self._connection.body(data[: fault.after], chunked=False)
            self._connection.cut(reset=fault.reset)
        elif fault is not None and fault.kind == "stall":
            await self._connection.pause(None)
            raise ConnectionResetError
        else:
            await self._connection.body(data, chunked=False)
            self.usage, self.complete = reply.usage, True

    async def _stream(self, dialect: Dialect, reply: Reply, asked: ModelRequest, number: int) -> None:
        self.status = 200
        headers = {"content-type": "text/event-stream", "transfer-encoding": "chunked"}
        await self._connection.head(200, headers)
        fault = reply.fault
        left = fault.after if fault is not None and fault.kind == "cut" else None
        frames = _faulty(dialect.frames(reply, asked, number), dialect, fault)
        for place, frame in enumerate(frames):
            if frame is None:
                await self._connection.pause(None)
                raise ConnectionResetError
            if place and reply.pace.between and await self._connection.pause(reply.pace.between):
                raise ConnectionResetError
            data = frame.data if left is None else frame.data[:left]
            for piece in _split(data, reply.split):
                await self._connection.body(piece, chunked=True)
            if left is not None and (left := left - len(data)) == 0 and fault is not None:
                if len(data) == len(frame.data):
                    self.usage = frame.usage or self.usage
                self._connection.cut(reset=fault.reset)
                return
            self.usage = frame.usage or self.usage
        await self._connection.end()
        self.complete = fault is None


def _split(data: bytes, size: int | None) -> Iterator[bytes]:
    step = size or len(data) or 1
    return (data[start : start + step] for start in range(0, len(data), step))


def _faulty(frames: Iterator[Frame], dialect: Dialect, fault: Fault | None) -> Iterator[Frame | None]:
    """The frames with the fault in them; `None` is a silence without end."""
    for place, frame in enumerate(frames):
        if fault is not None and fault.kind in ("stall", "end", "event") and place == fault.after:
            if fault.kind == "stall":
                yield None
            elif fault.kind == "event":
                yield dialect.error_frame(fault.status)
            return
        if fault is not None and fault.kind == "malformed" and place == fault.after:
            yield Frame(frame.data.rstrip()[:-2] + b"\n\n")
        else:
            yield frame


async def run(options: argparse.Namespace) -> None:
    """Serve until the program is told to end; the first line of output is the address."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    script = read_script(options.script)
    async with FakeProvider(script, key=options.key, log=options.log, port=options.port) as fake:
        sys.stdout.write(fake.url + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="A provider of scripted model answers, on loopback.")
    parser.add_argument("--script", type=Path, required=True, help="the replies, as JSON")
    parser.add_argument("--log", type=Path, help="where requests and answers are noted, as JSON lines")
    parser.add_argument("--port", type=int, default=0, help="0 for any free port")
    parser.add_argument("--key", default=KEY, help="the key that is accepted")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
