"""A page's connection: hello, nonsense, news, and what its end does not end."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from autoanalyst_ext.chats.tab_relay import TabRelay
from autoanalyst_ext.engine import Engine
from autoanalyst_ext.errors import AnalystError
from autoanalyst_ext.providers.script import Reply

from .desk import runs
from .page import Wire
from .panel_stage import PanelStage, at_a_panel

HELLO = {"kind": "hello", "protocol": 1, "version": "0", "tab": "t", "notebooks": []}
NEVER = [runs("while True:\n    pass")]


def test_the_welcome_says_who_asks_whom_and_what_is_running(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("count for ever", page)
        await page.hears_event(run, "cell_started")
        welcome = await stage.open().wire.hears("welcome")
        assert (welcome["who"], welcome["mode"]) == (stage.who.name, "auto")
        (running,) = welcome["running"]
        assert (running["run"], running["question"]) == (run, "count for ever")

    at_a_panel(tmp_path, scene, NEVER)


def test_another_persons_page_hears_nothing_of_mine(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        other = stage.open(who=stage.who.model_copy(update={"id": "account:other"}))
        assert (await other.wire.hears("welcome"))["running"] == []
        page = stage.open()
        run = await stage.start("hello", page)
        other.watch(run)
        assert (await other.wire.hears("failed", run=run))["code"] == "not_found"
        await page.hears_end(run)
        assert not other.wire.of("chat")
        assert not other.wire.of("running")

    at_a_panel(tmp_path, scene, [Reply(text="Hello.")])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "JSON object"),
        ('{"kind": "watch", "run": "r"}', "must be 'hello'"),
        ('{"kind": "hello", "protocol": 99, "version": "9"}', "newer than the server's"),
        ('{"kind": "hello", "protocol": 0}', "older than the server's"),
        ('{"kind": "hello", "protocol": 1}', "makes no sense: hello.version"),
    ],
)
def test_a_message_that_makes_no_sense_is_said_so_and_the_connection_stays(
    tmp_path: Path, text: str, words: str
) -> None:
    async def scene(wire: Wire) -> None:
        wire.raw(text)
        failed = await wire.hears("failed")
        assert failed["code"] == "bad_request"
        assert words in failed["message"]
        wire.say(**HELLO)
        await wire.hears("welcome")
        wire.say(**HELLO)
        await wire.hears("failed", message="This page has said hello before.")

    at_a_socket(tmp_path, scene)


def test_after_its_end_a_page_is_told_nothing_and_takes_nothing(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        await page.wire.hears("welcome")
        await stage.leave(page)
        assert not stage.engine.news.is_heard(stage.who.id)
        await page.wire.relay.take(json.dumps(HELLO))
        assert not stage.engine.tabs.has(stage.who.id, "book.ipynb")

    at_a_panel(tmp_path, scene, table="")


def test_what_only_a_server_has_says_so_elsewhere(tmp_path: Path) -> None:
    async def scene() -> None:
        home = {"data_dir": str(tmp_path), "database_url": f"sqlite:///{tmp_path}/test.db"}
        async with Engine(**home) as engine:
            for name in ("tabs", "witnesses", "live_runs", "data"):
                with pytest.raises(AnalystError, match="no Jupyter server here"):
                    getattr(engine, name)

    asyncio.run(scene())


def at_a_socket(folder: Path, scene: Callable[[Wire], Awaitable[None]]) -> None:
    """Play `scene` with a connection that has said nothing yet."""

    async def play(stage: PanelStage) -> None:
        wire = Wire(TabRelay(stage.engine, stage.who))
        try:
            await scene(wire)
        finally:
            await wire.close()

    at_a_panel(folder, play, table="")
