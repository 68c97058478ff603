"""The WebSocket of the server: who is let in, and what becomes of a question whose client goes away."""

import asyncio
import json
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ..jupyter import HELLO, TOKEN, JupyterServer, ServerKernel, kernel_of, running
from ..websockets import stream_of

SECRET = "__import__('os').environ['AUTOANALYST_KERNEL_SECRET']"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    with running(tmp_path_factory.mktemp("server")) as started:
        yield started
    assert "Traceback" not in started.log()


@pytest.fixture(scope="module")
def kernel(server: JupyterServer) -> Iterator[ServerKernel]:
    with kernel_of(server) as started:
        yield started


PAGE_HELLO = {"kind": "hello", "protocol": 1, "version": "0", "tab": "t1"}


def welcomed(server: JupyterServer, hello: dict[str, Any] = HELLO, **headers: str) -> str | int:
    """The kind of the first message to a client with these headers, else the status of the refusal."""

    async def work() -> str | int:
        try:
            async with stream_of(server, headers) as client:
                await client.write_message(json.dumps(hello))
                message = await client.read_message()
        except HTTPClientError as error:
            return error.code
        assert message is not None
        return str(json.loads(message)["kind"])

    return asyncio.run(asyncio.wait_for(work(), 60))


def test_a_kernel_with_its_secret_is_let_in(server: JupyterServer, kernel: ServerKernel) -> None:
    assert welcomed(server, Authorization=f"AnalystKernel {kernel.run('', SECRET)}") == "welcome"


def test_a_page_comes_in_by_the_servers_login_and_speaks_the_language_of_pages(server: JupyterServer) -> None:
    token = f"token {TOKEN}"
    assert welcomed(server, PAGE_HELLO, Authorization=token) == "welcome"
    assert welcomed(server, PAGE_HELLO, Authorization=token, Origin=server.url.rstrip("/")) == "welcome"
    assert welcomed(server, HELLO, Authorization=token) == "failed", "a kernel's hello says no tab"


def open_socket(server: JupyterServer, authorization: str) -> socket.socket:
    """A socket that is a WebSocket now, and whose client does nothing more: it answers no ping."""
    lines = (
        "GET /jupyter/autoanalyst/api/v1/stream HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"Authorization: {authorization}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    opened = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    opened.sendall("\r\n".join([*lines, "", ""]).encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += opened.recv(1)
    assert b" 101 " in head
    return opened


def test_a_page_on_a_closed_laptop_is_let_go_and_a_busy_kernel_is_not(tmp_path: Path) -> None:
    often = "--ServerApp.tornado_settings={'ws_ping_interval': 100, 'ws_ping_timeout': 300}"
    with running(tmp_path, often) as pinging, kernel_of(pinging) as started:
        busy = open_socket(pinging, f"AnalystKernel {started.run('', SECRET)}")
        page = open_socket(pinging, f"token {TOKEN}")
        with busy, page:
            heard = b""
            while part := page.recv(1000):
                heard += part
            assert heard.startswith(b"\x89\x00"), "a ping"
            busy.setblocking(False)
            with pytest.raises(BlockingIOError):
                busy.recv(1)


def test_a_client_with_anything_else_is_not_let_in(server: JupyterServer, kernel: ServerKernel) -> None:
    secret = kernel.run("", SECRET)
    code = secret.rpartition(".")[2]
    with kernel_of(server) as another:
        other = another.id
        others = another.run("", SECRET)
        assert welcomed(server, Authorization=f"AnalystKernel {others}") == "welcome"
        assert welcomed(server, Authorization=f"AnalystKernel {other}.{code}") == 403
    assert welcomed(server, Authorization=f"AnalystKernel {others}") == 403, "that kernel has ended"
    assert welcomed(server) == 403
    assert welcomed(server, Authorization=f"AnalystKernel {kernel.id}.{'0' * 64}") == 403
    assert welcomed(server, Authorization="AnalystKernel") == 403
    assert welcomed(server, Authorization=f"AnalystKernel {secret}", Origin=server.url.rstrip("/")) == 403


def test_a_refusal_is_said_in_json_and_no_secret_is_in_the_log(
    server: JupyterServer, kernel: ServerKernel
) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.url}autoanalyst/api/v1/stream", timeout=60)
    assert refused.value.code == 403
    assert json.load(refused.value) == {
        "error": {"code": "forbidden", "message": "Sign in to the Jupyter server first.", "detail": {}}
    }
    refused.value.close()
    assert kernel.run("", SECRET).rpartition(".")[2] not in server.log()


ASK = {"kind": "ask", "id": "q1", "folder": "/", "question": "How many rows are there?"}


def test_a_killed_kernel_takes_its_question_along_and_the_next_one_can_ask(
    server: JupyterServer, kernel: ServerKernel
) -> None:
    kernel.connect()
    kernel.run(f"client.send({ASK!r})")
    wanted = (
        "def wanted():\n    while (m := client.receive(30))['kind'] != 'request':\n        pass\n    return m"
    )
    assert kernel.run(wanted, "wanted()['do']['op']") == "look"
    pid = kernel.run("import os", "os.getpid()")
    os.kill(pid, signal.SIGKILL)
    kernel.restart()
    assert kernel.connect()["kind"] == "welcome"
    kernel.run(f"client.send({ASK!r})")
    assert kernel.run(wanted, "wanted()['do']['op']") == "look"
    kernel.run("client.close()")


def test_a_large_message_passes(server: JupyterServer, kernel: ServerKernel) -> None:
    kernel.connect("large")
    size = 20 * 2**20
    assert kernel.run("", f"list(large.query('agents', seconds=60, ballast='x' * {size}))") == ["agents"]
    kernel.run("large.close()")


def test_several_clients_of_one_kernel_have_a_connection_each(
    server: JupyterServer, kernel: ServerKernel
) -> None:
    kernel.connect("first")
    kernel.connect("second")
    assert kernel.run("first.close()", "(first.alive, second.alive)") == (False, True)
    assert kernel.run("", "list(second.query('agents'))") == ["agents"]
    kernel.run("second.close()")


FORK = """
import os
held = client._link.descriptors()
reading, writing = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(writing, repr([os.readlink(f"/proc/self/fd/{number}") for number in held]).encode())
    os._exit(0)
os.waitpid(pid, 0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_process_forked_in_the_kernel_does_not_hold_the_connection(
    server: JupyterServer, kernel: ServerKernel
) -> None:
    kernel.connect()
    assert kernel.run(FORK, "os.read(reading, 1000).decode()") == "['/dev/null']"
    assert kernel.run("", "list(client.query('agents'))") == ["agents"]
    kernel.run("client.close()")


def test_a_server_without_the_analyst_is_said_and_a_child_answers(tmp_path: Path) -> None:
    off = "--ServerApp.jpserver_extensions=autoanalyst_ext=False"
    with running(tmp_path, off) as bare, kernel_of(bare) as kernel:
        given = {"AUTOANALYST_URL": bare.url, "AUTOANALYST_KERNEL_SECRET": "k.s"}
        kernel.run(f"import os; os.environ.update({given!r})")
        found = kernel.connect()
        assert found["where"] == "in a process of its own"
        assert found["note"].startswith("The Jupyter server does not have the analyst. ")
        kernel.run("client.close()")
