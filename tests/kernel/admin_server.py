"""A loopback stand-in for `admin/stream`, that says to dashboards exactly what a test wants them to hear."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from queue import SimpleQueue
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler

from autoanalyst_ext.types.admin import (
    UsageDay,
    UsageLocked,
    UsageModel,
    UsageTold,
    UsageTotals,
    UsageUser,
    UsageView,
)
from autoanalyst_ext.types.usage import TokenUsage, Usage

SECONDS = 30.0
TODAY = date(2026, 11, 22)


class AdminServer:
    """What dashboards have said, in order, and the way to answer them."""

    def __init__(self) -> None:
        self.heard: SimpleQueue[tuple[int, dict[str, Any]]] = SimpleQueue()
        """The connection, counted from 1, and its message."""
        self.left: SimpleQueue[int] = SimpleQueue()
        self.authorizations: list[str] = []
        self.refuse = 0
        """The status that connections get; 0 lets them in."""
        self.on_watch: Callable[[int, dict[str, Any]], None] | None = None
        """Answers by itself what a dashboard says."""
        self.url = ""
        self.opened = 0
        self._sockets: dict[int, _Socket] = {}
        self._seqs: dict[int, int] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    def watched(self) -> tuple[int, dict[str, Any]]:
        """The next thing a dashboard says, and on which connection."""
        return self.heard.get(timeout=SECONDS)

    def tell(self, connection: int, message: UsageTold | UsageLocked, *, skip: int = 0) -> None:
        """Say something with the next number; `skip` leaves numbers out, as if messages were lost."""
        seq = self._seqs[connection] = self._seqs.get(connection, 0) + 1 + skip
        text = message.model_copy(update={"seq": seq}).model_dump_json()
        self._do(self._sockets[connection].write_message, text)

    def view(self, connection: int, found: UsageView) -> None:
        """Say a view."""
        self.tell(connection, UsageTold(seq=0, view=found))

    def lock(self, connection: int, code: Any = "key_required", words: str = "Type the admin key.") -> None:
        """Say that everyone's usage is locked."""
        self.tell(connection, UsageLocked(seq=0, code=code, message=words))

    def drop(self, connection: int) -> None:
        """End a connection."""
        self._do(self._sockets[connection].close)

    @property
    def connected(self) -> int:
        """How many connections there are."""
        return len(self._sockets)

    def _do(self, call: Any, *args: Any) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(call, *args)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = HTTPServer(Application([("/autoanalyst/api/v1/admin/stream", _Socket, {"server": self})]))
        listening, port = bind_unused_port()
        server.add_sockets([listening])
        self.url = f"http://127.0.0.1:{port}/"
        ready.set()
        await self._stop.wait()
        server.stop()
        for socket in list(self._sockets.values()):
            socket.close()
        await server.close_all_connections()


class _Socket(WebSocketHandler):
    server: AdminServer

    def initialize(self, server: AdminServer) -> None:
        self.server = server

    def prepare(self) -> None:
        self.server.authorizations.append(self.request.headers.get("Authorization", ""))
        if self.server.refuse:
            self.set_status(self.server.refuse)
            self.finish()

    def open(self, *_: str, **__: str) -> None:
        self.server.opened += 1
        self.number = self.server.opened
        self.server._sockets[self.number] = self

    def on_message(self, message: str | bytes) -> None:
        said = json.loads(message)
        if self.server.on_watch is not None:
            self.server.on_watch(self.number, said)
        self.server.heard.put((self.number, said))

    def on_close(self) -> None:
        self.server._sockets.pop(self.number, None)
        self.server.left.put(self.number)


@contextmanager
def admin_server() -> Iterator[AdminServer]:
    """A server in a thread of its own."""
    server, ready = AdminServer(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(server._serve(ready)))
    thread.start()
    assert ready.wait(SECONDS)
    try:
        yield server
    finally:
        assert server._stop is not None
        server._do(server._stop.set)
        thread.join(SECONDS)


def used(
    requests: int = 0, cost: str | None = "0.00", *, unpriced: int = 0, estimated: int = 0, tokens: int = 0
) -> Usage:
    """What some requests used."""
    return Usage(
        requests=requests,
        tokens=TokenUsage(input_tokens=tokens, output_tokens=tokens // 10),
        cost_usd=cost,
        unpriced_requests=unpriced,
        estimated_requests=estimated,
    )


def totals(
    usage: Usage, *, answered: int = 0, failed: int = 0, seconds: float | None = None, users: int = 0
) -> UsageTotals:
    """A first row."""
    ended = answered + failed
    return UsageTotals(
        usage=usage,
        questions=ended,
        answered=answered,
        abstained=0,
        failed=failed,
        stopped=0,
        success_rate=answered / ended if ended else None,
        seconds=seconds,
        users=users,
    )


def usage_view(
    *,
    scope: Any = "everyone",
    days: int = 30,
    requests: int = 120,
    cost: str = "4.25",
    models: tuple[tuple[str, int, str | None], ...] = (
        ("openai:gpt-5-mini", 80, "4.25"),
        ("offline:offline", 40, "0.00"),
    ),
    users: tuple[tuple[str, int, str], ...] = (("ada", 70, "3.00"), ("grace", 50, "1.25")),
) -> UsageView:
    """A view of the days up to `TODAY`; the requests are today's."""
    start = TODAY - timedelta(days=days - 1)
    blank = used()
    dates = [start + timedelta(days=each) for each in range(days)]
    whole = used(requests, cost, tokens=requests * 900)
    at = datetime(2026, 11, 22, 21, 5, tzinfo=UTC)
    return UsageView(
        scope=scope,
        start=start,
        end=TODAY,
        as_of=at,
        now=totals(whole, answered=requests // 2, failed=requests // 40, seconds=2.1, users=len(users)),
        before=totals(used(100, "3.40"), answered=45, failed=5, seconds=2.5, users=1),
        days=tuple(
            UsageDay(day=day, usage=whole if day == TODAY else blank, questions=0, failed=0, users=0)
            for day in dates
        ),
        models=tuple(
            UsageModel(
                model=name,
                usage=used(number, spent, unpriced=number if spent is None else 0),
                failed=0,
                seconds=1.5,
            )
            for name, number, spent in models
        ),
        users=tuple(
            UsageUser(user=name, usage=used(number, spent), questions=number // 2, active_at=at)
            for name, number, spent in users
        )
        if scope == "everyone"
        else (),
    )
