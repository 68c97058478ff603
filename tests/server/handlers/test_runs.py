"""A question that a program asks over REST: accepted at once, told over the socket, stopped, seen again."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.websocket import WebSocketClientConnection

from ...contract.rest import TOKEN_HEADER, ask
from ..jupyter import JupyterServer, ServerKernel, kernel_of, running
from ..websockets import stream_of

HELLO = {"kind": "hello", "protocol": 1, "version": "0", "tab": "t1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    with running(tmp_path_factory.mktemp("server")) as started:
        yield started
    # A kernel that is shut down while it is asked something writes a traceback of its own.
    assert not [bug for bug in ("Uncaught exception", "never retrieved") if bug in started.log()]


@pytest.fixture
def kernel(server: JupyterServer) -> Iterator[ServerKernel]:
    with kernel_of(server) as started:
        started.run("import pandas as pd; cars = pd.DataFrame({'speed': [1, 2, 3]})")
        yield started


async def until(socket: WebSocketClientConnection, kind: str, event: str = "") -> dict[str, Any]:
    """The first message of this kind, and of this kind of event."""
    while True:
        text = await socket.read_message()
        assert text is not None, "the socket was closed"
        message: dict[str, Any] = json.loads(text)
        if message["kind"] == kind and event in ("", message.get("event", {}).get("kind")):
            return message


def start(server: JupyterServer, kernel: ServerKernel) -> dict[str, str]:
    chat = ask(server, "POST", "chats", {"question": "How many rows does cars have?"}).json["id"]
    order = {
        "question": "How many rows does cars have?",
        "tab": "t1",
        "notebook": {"path": "a.ipynb", "kernel": kernel.id},
    }
    reply = ask(server, "POST", f"chats/{chat}/runs", order)
    assert reply.status == 202, reply.text
    ticket: dict[str, str] = reply.json
    assert ticket["chat"] == chat
    return ticket


def test_a_run_without_a_page_waits_and_can_be_stopped(server: JupyterServer, kernel: ServerKernel) -> None:
    run = start(server, kernel)["run"]

    async def watched() -> dict[str, Any]:
        async with stream_of(server, TOKEN_HEADER) as socket:
            await socket.write_message(json.dumps(HELLO))
            assert [r["run"] for r in (await until(socket, "welcome"))["running"]] == [run]
            await socket.write_message(json.dumps({"kind": "watch", "run": run}))
            assert (await until(socket, "event", "parked"))["event"]["why"] == "notebook_closed"
            stopped = await asyncio.to_thread(ask, server, "POST", f"runs/{run}/cancel")
            assert (stopped.status, stopped.text) == (204, b"")
            return await until(socket, "event", "run_finished")

    told = asyncio.run(asyncio.wait_for(watched(), 60))
    assert told["event"]["answer"]["status"] == "stopped"
    assert ask(server, "POST", f"runs/{run}/cancel").status == 204, "it has ended: harmless"
    assert ask(server, "GET", f"runs/{run}").json["status"] == "interrupted"
    assert ask(server, "GET", f"runs/{run}/sent").status == 200
    undone = ask(server, "POST", f"runs/{run}/undo")
    assert undone.status in (200, 404), undone.text


def test_a_chat_whose_question_still_waits_is_not_deleted(server: JupyterServer) -> None:
    with kernel_of(server) as empty:  # no table: nothing is written before the notebook is open
        ticket = start(server, empty)
        refused = ask(server, "DELETE", f"chats/{ticket['chat']}")
        assert (refused.status, refused.json["error"]["code"]) == (409, "limit_reached")
        assert ask(server, "POST", f"runs/{ticket['run']}/cancel").status == 204
        while (deleted := ask(server, "DELETE", f"chats/{ticket['chat']}")).status == 409:
            pass  # it ends in a moment
        assert deleted.status == 204
        assert ask(server, "POST", f"runs/{ticket['run']}/cancel").status == 204, "harmless"


def test_a_killed_servers_runs_are_closed_by_the_next_one_and_stay_booked(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        kernel = ServerKernel(first, "python3")
        kernel.run("import pandas as pd; cars = pd.DataFrame({'speed': [1, 2, 3]})")
        run = start(first, kernel)["run"]
        while b"step_finished" not in ask(first, "GET", f"runs/{run}").text:
            pass  # the model's first answer is written down in a moment
        os.kill(first.pid, signal.SIGKILL)
        kernel.leave()
    with running(tmp_path) as second:
        found = ask(second, "GET", f"runs/{run}").json
        assert (found["status"], found["events"][0]["kind"]) == ("interrupted", "run_started")
        assert ask(second, "GET", "usage").json["today"]["requests"] >= 1
        assert ask(second, "DELETE", f"chats/{found['chat_id']}").status == 204


def test_an_answer_to_a_question_that_nobody_asked_is_refused(
    server: JupyterServer, kernel: ServerKernel
) -> None:
    run = start(server, kernel)["run"]
    answer = {"code_hash": "0" * 64, "yes": True}
    assert ask(server, "POST", f"runs/{run}/approvals/c1", answer).status == 404
    wrong = ask(server, "POST", f"runs/{run}/approvals/c1", {"yes": True})
    assert (wrong.status, wrong.json["error"]) == (
        422,
        {
            "code": "invalid_body",
            "message": "The field 'code_hash' makes no sense: Field required.",
            "detail": {"field": "code_hash"},
        },
    )
    assert ask(server, "POST", f"runs/{run}/cancel").status == 204


def test_a_run_in_a_kernel_that_is_not_there_is_refused_at_once(server: JupyterServer) -> None:
    chat = ask(server, "POST", "chats", {"question": "How many?"}).json["id"]
    order = {"question": "How many?", "tab": "t1", "notebook": {"path": "a.ipynb", "kernel": "nobody"}}
    reply = ask(server, "POST", f"chats/{chat}/runs", order)
    assert (reply.status, reply.json["error"]["code"]) == (404, "not_found")


def test_a_body_that_is_too_long_or_no_json_is_refused(server: JupyterServer) -> None:
    large = ask(server, "POST", "chats", {"question": "x" * 2**20})
    assert (large.status, large.json["error"]["code"]) == (413, "too_large")
    broken = ask(server, "POST", "chats", b'{"question": ')
    assert (broken.status, broken.json["error"]["code"]) == (400, "bad_request")
    many = ask(server, "GET", "chats?limit=0")
    assert (many.status, many.json["error"]["message"]) == (
        422,
        "The parameter 'limit' must be a whole number from 1 to 200.",
    )
