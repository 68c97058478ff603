"""What keeps the analyst from working is said in one sentence with its remedy, at every door of the panel.

Jupyter itself starts and serves all the same.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.store.database import LIBRARY

from ..server.jupyter import JupyterServer, running
from ..server.websockets import stream_of
from .rest import TOKEN_HEADER, ask

HELLO = {"kind": "hello", "protocol": 1, "version": "0", "tab": "t1"}


def database_of(folder: Path) -> dict[str, str]:
    return {"AUTOANALYST_DATABASE_URL": f"sqlite:///{folder}/chats.db"}


@contextmanager
def wrong_setting(folder: Path) -> Iterator[JupyterServer]:
    with running(folder, "--Engine.mode=sometimes") as server:
        yield server


@contextmanager
def wrong_rule(folder: Path) -> Iterator[JupyterServer]:
    (folder / "config").mkdir()
    rules = {"Engine": {"rules": {"egress": "everything"}}}
    (folder / "config" / "jupyter_server_config.json").write_text(json.dumps(rules))
    with running(folder) as server:
        yield server


@contextmanager
def newer_schema(folder: Path) -> Iterator[JupyterServer]:
    connection = LIBRARY.connect(folder / "chats.db")
    with connection:
        connection.execute("CREATE TABLE autoanalyst_version (version_num TEXT)")
        connection.execute("INSERT INTO autoanalyst_version VALUES ('9999')")
    connection.close()
    with running(folder, environment=database_of(folder)) as server:
        yield server


@contextmanager
def no_database(folder: Path) -> Iterator[JupyterServer]:
    (folder / "chats.db").mkdir()
    with running(folder, environment=database_of(folder)) as server:
        yield server


@contextmanager
def broken_database(folder: Path) -> Iterator[JupyterServer]:
    (folder / "chats.db").write_bytes(b"no database " * 1000)
    with running(folder, environment=database_of(folder)) as server:
        yield server


def told_to_a_page(server: JupyterServer) -> str:
    """What the socket says is wrong."""

    async def work() -> str:
        async with stream_of(server, TOKEN_HEADER) as socket:
            await socket.write_message(json.dumps(HELLO))
            while (text := await socket.read_message()) is not None:
                message: dict[str, Any] = json.loads(text)
                if message["kind"] == "failed":
                    return str(message["message"])
        raise AssertionError("the socket was closed without a word")

    return asyncio.run(asyncio.wait_for(work(), 60))


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (wrong_setting, ("mode", "sometimes")),
        (wrong_rule, ("rules", "egress")),
        (newer_schema, ("newer AutoAnalyst", "pip install -U")),
        (no_database, ("chats.db",)),
        (broken_database, ("chats.db",)),
    ],
)
def test_what_is_wrong_is_said_and_jupyter_works(
    tmp_path: Path, trouble: Any, words: tuple[str, ...]
) -> None:
    with trouble(tmp_path) as server:
        health = ask(server, "GET", "health").json
        problem: str = health["problem"]
        assert health["status"] == "broken"
        assert all(word in problem for word in words), problem
        assert "\n" not in problem
        chats = ask(server, "GET", "chats")
        assert chats.is_error_of_ours()
        assert chats.json["error"]["message"] == problem
        assert told_to_a_page(server) == problem
        assert server.call("GET", "status")["kernels"] == 0, "Jupyter itself works"
    assert "Traceback" not in server.log()
