"""Everyone who watches usage: what they are told and when, and that nothing is left of who has gone.

With a real engine and database; the clients are functions that take what a socket would be sent.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tornado.websocket import WebSocketClosedError

from autoanalyst_ext.engine import Engine
from autoanalyst_ext.handlers.dashboard import SECONDS_BETWEEN, Dashboard
from autoanalyst_ext.handlers.dashboards import Dashboards
from autoanalyst_ext.handlers.loader import EngineLoader
from autoanalyst_ext.policy.admin import Grants, Right, digest
from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.types.usage import TokenUsage

from ..store.calls import put

KEY = "administrator-of-this-very-test-engine"
RIGHT = Right("key 'ADMIN_API_KEY'", digest(KEY))
EVERYONE = json.dumps({"kind": "watch", "scope": "everyone", "days": 7})
MINE = json.dumps({"kind": "watch", "scope": "mine", "days": 7})
SOON = 5.0


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Logged(logging.Handler):
    """Tells when something was logged."""

    def __init__(self) -> None:
        super().__init__()
        self.event = asyncio.Event()

    def emit(self, _: logging.LogRecord) -> None:
        self.event.set()


class Client:
    """The other side of a connection: keeps what it is sent, as fast as it is let."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage
        self.heard: list[dict[str, Any]] = []
        self.at: list[float] = []
        self.news = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()
        self.is_dead = False
        self.dashboard: Dashboard

    async def write(self, text: str) -> None:
        if self.is_dead:
            raise WebSocketClosedError
        await self.reads.wait()
        self.heard.append(json.loads(text))
        self.at.append(asyncio.get_running_loop().time())
        self.news.set()

    def watch(self, text: str = EVERYONE) -> None:
        self._stage.dashboards.hear(self.dashboard, text)

    async def until(self, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The newest message, once it is like this."""
        async with asyncio.timeout(SOON):
            while not self.heard or not condition(self.heard[-1]):
                self.news.clear()
                await self.news.wait()
        return self.heard[-1]


class Stage:
    """An engine, and those who watch its usage."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.clock = Clock()
        self.grants = Grants(self.clock)
        self.loader = EngineLoader(lambda: Engine(data_dir=str(folder), **settings))
        self.log = logging.getLogger("stage")
        self.dashboards = Dashboards(self.loader, self.grants, self.log)

    async def client(self, kernel_id: str | None = None, right: Right | None = RIGHT) -> Client:
        made = Client(self)
        made.dashboard = await self.dashboards.join(
            made.write, user=None, kernel_id=kernel_id, right=None if kernel_id else right
        )
        return made

    async def call(self, principal: str = "account:ann", cost: int = 10**9) -> None:
        """A model call that somebody made, begun and settled."""
        database = (await self.loader.get()).database
        call = NewAttempt(provider="openai", model="gpt-5", principal_id=principal)
        tokens, now = TokenUsage(input_tokens=5), datetime.now(UTC)
        await database.write(lambda c: put(c, call, at=now, cost=cost, tokens=tokens))


@asynccontextmanager
async def stage_in(folder: Path, **settings: Any) -> AsyncIterator[Stage]:
    stage = Stage(folder, **settings)
    await (await stage.loader.get()).database.open()
    tasks = asyncio.all_tasks()
    yield stage
    await stage.dashboards.close()
    async with asyncio.timeout(SOON):  # what was cancelled ends with the loop's next turns
        while left := asyncio.all_tasks() - tasks:
            await asyncio.wait(left)
    assert len(stage.dashboards) == 0
    await stage.loader.close()


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Callable[[Stage], Coroutine[Any, Any, None]]], None]:
    """Play a scene; nothing may be left of its connections after it."""

    def played(scene: Callable[[Stage], Coroutine[Any, Any, None]], **settings: Any) -> None:
        async def whole() -> None:
            async with stage_in(tmp_path, **{"admin_api_key": KEY, **settings}) as stage:
                await scene(stage)

        asyncio.run(whole())

    return played


def requests(count: int) -> Callable[[dict[str, Any]], bool]:
    """Whether a message shows so many requests."""
    return lambda said: said["kind"] == "usage" and said["view"]["now"]["usage"]["requests"] == count


def is_locked(code: str) -> Callable[[dict[str, Any]], bool]:
    return lambda said: said["kind"] == "locked" and said["code"] == code


def test_a_view_comes_at_once_and_again_when_it_has_changed_and_only_then(play: Any) -> None:
    async def scene(stage: Stage) -> None:
        client = await stage.client()
        client.watch()
        await client.until(requests(0))
        await stage.call()
        said = await client.until(requests(1))
        assert said["view"]["now"]["usage"]["cost_usd"] == "0.001"
        assert said["view"]["users"][0]["user"] == "ann"
        # Two more looks find nothing: the next that is heard is what was asked for.
        stage.dashboards.wake()
        client.watch(MINE)
        said = await client.until(lambda said: said["view"]["scope"] == "mine")
        assert (said["view"]["now"]["usage"]["requests"], said["view"]["users"]) == (0, [])
        assert [said["seq"] for said in client.heard] == [*range(1, len(client.heard) + 1)]

    play(scene)


def test_a_kernel_is_shown_everybodys_usage_while_it_has_a_grant(play: Any) -> None:
    async def scene(stage: Stage) -> None:
        client, other = await stage.client("one"), await stage.client("other")
        client.watch()
        other.watch()
        await client.until(is_locked("key_required"))
        await other.until(is_locked("key_required"))
        stage.grants.give("one", RIGHT, 900)
        stage.dashboards.wake()
        await client.until(requests(0))
        stage.clock.now += 900
        await client.until(is_locked("expired"))
        assert [said["kind"] for said in other.heard] == ["locked"]
        client.watch(MINE)
        await client.until(requests(0))

    play(scene)


def test_a_key_that_is_taken_back_locks_whoever_came_in_by_it(play: Any) -> None:
    async def scene(stage: Stage) -> None:
        keys = (await stage.loader.get()).admin_keys
        await keys.add(digest("made"), made_by="account:ann")
        right = Right("key 'admin'", digest("made"))
        client, kernel = await stage.client(right=right), await stage.client("one")
        stage.grants.give("one", right, 900)
        client.watch()
        kernel.watch()
        await client.until(requests(0))
        await kernel.until(requests(0))
        await keys.remove("admin")
        await client.until(is_locked("key_required"))
        await kernel.until(is_locked("key_required"))

    play(scene)


def test_a_server_without_a_key_says_so_and_shows_ones_own(play: Any) -> None:
    async def scene(stage: Stage) -> None:
        client = await stage.client(right=None)
        client.watch()
        said = await client.until(is_locked("not_set"))
        assert "autoanalyst admin create-key" in said["message"]
        client.watch(MINE)
        await client.until(requests(0))

    play(scene, admin_api_key="too short")


@pytest.mark.parametrize(
    "said",
    [
        *("", "{", b"\xff", "[]", "null", '{"kind": "watch"}', '{"kind": "watch", "scope": "all"}'),
        '{"kind": "watch", "scope": "everyone", "days": 401}',
        '{"kind": "watch", "scope": "mine", "days": "7"}',
    ],
)
def test_what_makes_no_sense_is_said_and_the_connection_goes_on(play: Any, said: Any) -> None:
    async def scene(stage: Stage) -> None:
        client = await stage.client()
        client.watch(said)
        assert (await client.until(lambda said: said["kind"] == "failed"))["code"] == "bad_request"
        client.watch()
        await client.until(requests(0))

    play(scene)


def test_messages_of_a_connection_come_four_times_a_second_at_most_however_often_it_asks(play: Any) -> None:
    async def scene(stage: Stage) -> None:
        client = await stage.client()
        for number in range(200):
            client.watch(MINE if number % 2 else EVERYONE)
            await asyncio.sleep(0.005)
        client.watch()
        await client.until(lambda said: said["kind"] == "usage" and said["view"]["scope"] == "everyone")
        between = [later - earlier for earlier, later in zip(client.at, client.at[1:], strict=False)]
        assert min(between) >= SECONDS_BETWEEN * 0.9

    play(scene)


def test_a_slow_reader_gets_the_newest_and_delays_nobody(play: Any) -> None:
    async def scene(stage: Stage) -> None:
        slow, quick = await stage.client(), await stage.client()
        slow.reads.clear()
        slow.watch()
        quick.watch()
        for count in range(1, 6):
            await stage.call()
            await quick.until(requests(count))
        assert slow.heard == []
        slow.reads.set()
        await slow.until(requests(5))
        assert len(slow.heard) == 2, "one that was on its way, and the newest"

    play(scene)


def test_leaving_twice_is_leaving_once(play: Any) -> None:
    async def scene(stage: Stage) -> None:
        client, other = await stage.client(), await stage.client()
        client.watch()
        other.watch()
        for _ in range(3):
            stage.dashboards.leave(client.dashboard)
        client.watch()  # a message that was on its way
        await stage.call()
        await other.until(requests(1))
        assert len(stage.dashboards) == 1

    play(scene)


def test_a_dead_client_harms_nobody(play: Any) -> None:
    async def scene(stage: Stage) -> None:
        dead, stuck, other = [await stage.client() for _ in range(3)]
        dead.is_dead = True
        stuck.reads.clear()
        for client in (dead, stuck, other):
            client.watch()
        await other.until(requests(0))
        await stage.call()
        await other.until(requests(1))
        stage.dashboards.leave(stuck.dashboard)
        stage.dashboards.leave(dead.dashboard)
        await stage.call()
        await other.until(requests(2))

    play(scene)


def test_connections_come_and_go_while_all_are_told(play: Any) -> None:
    rnd = random.Random(3)

    async def scene(stage: Stage) -> None:
        steady = await stage.client()
        steady.watch()
        others: list[Client] = []
        for number in range(150):
            others.append(await stage.client("one" if number % 3 else None))
            others[-1].watch(MINE if number % 2 else EVERYONE)
            if rnd.random() < 0.8:
                stage.dashboards.leave(rnd.choice(others).dashboard)
            if number % 50 == 0:
                await stage.call()
        await steady.until(requests(3))
        for other in others:
            stage.dashboards.leave(other.dashboard)
        assert len(stage.dashboards) == 1

    play(scene)


def test_nothing_is_looked_at_while_nobody_watches(play: Any) -> None:
    async def scene(stage: Stage) -> None:
        before = asyncio.all_tasks()
        client = await stage.client()
        assert asyncio.all_tasks() == before
        client.watch()
        await client.until(requests(0))
        assert len(asyncio.all_tasks() - before) >= 1
        stage.dashboards.leave(client.dashboard)
        await stage.dashboards.close()
        async with asyncio.timeout(SOON):
            while left := asyncio.all_tasks() - before:
                await asyncio.wait(left)

    play(scene)


def test_a_database_that_fails_is_said(play: Any) -> None:
    async def scene(stage: Stage) -> None:
        client = await stage.client()
        client.watch()
        await client.until(requests(0))
        engine = await stage.loader.get()
        await engine.database.close()
        said = await client.until(lambda said: said["kind"] == "failed")
        assert said["code"] == "store_error"

    play(scene)


def test_a_mistake_of_ours_is_logged_and_usage_is_watched_again(
    play: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(stage: Stage) -> None:
        client, logged = await stage.client(), Logged()
        stage.log.addHandler(logged)
        client.watch()
        await client.until(requests(0))
        database = (await stage.loader.get()).database
        rename = "ALTER TABLE {} RENAME TO {}"
        await database.write(lambda c: c.execute(text(rename.format("admin_keys", "gone"))))
        async with asyncio.timeout(SOON):
            await logged.event.wait()
        stage.log.removeHandler(logged)
        assert "usage is not watched" in caplog.text
        await database.write(lambda c: c.execute(text(rename.format("gone", "admin_keys"))))
        await stage.call()
        await client.until(requests(1))

    play(scene)
