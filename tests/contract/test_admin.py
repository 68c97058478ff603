"""Administrators at a real server: who may see everyone's usage, how they are refused, and what is live."""

import asyncio
import json
import random
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from ..server.cli.program import PROGRAM, environment, run
from ..server.jupyter import JupyterServer, ServerKernel, kernel_of, running
from .rest import TOKEN_HEADER, Reply, ask
from .test_one_person import NAMED

KEY = "administrator-of-this-very-test-server"
HEADER = "X-Admin-API-Key"
RIGHT = {**TOKEN_HEADER, HEADER: KEY}
SECRET = "__import__('os').environ['AUTOANALYST_KERNEL_SECRET']"
SUMMARY = "admin/usage/summary"
EVERYONE = {"kind": "watch", "scope": "everyone", "days": 7}
MINE = {"kind": "watch", "scope": "mine", "days": 7}
SPELLINGS = ("admin_api_key", "X-Admin-API-Key", "adminApiKey", "%61dmin_api_key", "ADMIN_API_KEY")
SOCKETS = 200


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    with running(tmp_path_factory.mktemp("server"), environment={"ADMIN_API_KEY": KEY}) as started:
        yield started
    assert "Traceback" not in started.log()
    assert "never retrieved" not in started.log()
    assert KEY not in started.log()


@pytest.fixture
def kernel(server: JupyterServer) -> Iterator[ServerKernel]:
    with kernel_of(server) as started:
        yield started


def code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["error"]["code"]


class Dashboard:
    """A dashboard's side of the socket."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket
        self.numbers: list[int] = []

    async def watch(self, wanted: dict[str, Any]) -> None:
        await self.socket.write_message(json.dumps(wanted))

    async def until(self, condition: Callable[[dict[str, Any]], bool], seconds: float = 30) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            while (text := await self.socket.read_message()) is not None:
                said: dict[str, Any] = json.loads(text)
                self.numbers.append(said["seq"])
                if condition(said):
                    return said
        raise AssertionError("the server has closed the socket")


@asynccontextmanager
async def dashboard(server: JupyterServer, headers: dict[str, str]) -> AsyncIterator[Dashboard]:
    address = f"ws{server.url.removeprefix('http')}autoanalyst/api/v1/admin/stream"
    socket = await websocket_connect(HTTPRequest(address, headers=headers))
    opened = Dashboard(socket)
    try:
        yield opened
    finally:
        socket.close()
        while await socket.read_message() is not None:
            pass
    assert opened.numbers == [*range(1, len(opened.numbers) + 1)]


def is_usage(scope: str) -> Callable[[dict[str, Any]], bool]:
    return lambda said: said["kind"] == "usage" and said["view"]["scope"] == scope


def is_locked(said: dict[str, Any]) -> bool:
    return bool(said["kind"] == "locked")


def test_the_right_key_opens_every_view_and_each_is_a_part_of_the_summary(server: JupyterServer) -> None:
    summary = ask(server, "GET", f"{SUMMARY}?days=7", headers=RIGHT).json
    assert (summary["scope"], len(summary["days"])) == ("everyone", 7)
    for part in ("daily", "models", "users"):
        name = {"daily": "days"}.get(part, part)
        assert ask(server, "GET", f"admin/usage/{part}?days=7", headers=RIGHT).json == {name: summary[name]}
    assert len(ask(server, "GET", SUMMARY, headers=RIGHT).json["days"]) == 30
    assert code(ask(server, "GET", f"{SUMMARY}?days=0", headers=RIGHT)) == (422, "invalid_body")


def test_no_key_a_wrong_key_and_the_right_key_without_a_login_are_refused(server: JupyterServer) -> None:
    assert code(ask(server, "GET", SUMMARY)) == (401, "admin_key_required")
    wrong = ask(server, "GET", SUMMARY, headers={**TOKEN_HEADER, HEADER: KEY + "x"})
    assert code(wrong) == (403, "admin_key_wrong")
    assert code(ask(server, "GET", SUMMARY, headers={HEADER: KEY})) == (403, "forbidden")
    assert "admin: refused GET /jupyter/autoanalyst/api/v1/admin/usage/summary" in server.log()


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_key_in_the_address_is_refused_even_if_it_is_right_and_is_not_in_the_log(
    server: JupyterServer, name: str
) -> None:
    for path in (SUMMARY, "admin/stream", "admin/nothing", "chats/nothing"):
        for headers in (RIGHT, TOKEN_HEADER, {}):
            reply = ask(server, "GET", f"{path}?days=7&{name}={KEY}", headers=headers)
            assert reply.status in (403, 404)
            assert KEY not in reply.text.decode()
    reply = ask(server, "GET", f"{SUMMARY}?{name}={KEY}", headers=RIGHT)
    assert code(reply) == (403, "admin_key_in_address")
    assert KEY not in server.log()


def test_a_kernel_with_a_grant_shows_everybodys_usage_until_it_is_started_again(
    server: JupyterServer, kernel: ServerKernel
) -> None:
    grants = f"admin/grants/{kernel.id}"
    as_kernel = {"Authorization": f"AnalystKernel {kernel.run('', SECRET)}"}
    assert kernel.run("import os", "os.environ.get('ADMIN_API_KEY')") is None

    async def work() -> None:
        async with dashboard(server, as_kernel) as shown:
            await shown.watch(MINE)
            await shown.until(is_usage("mine"))
            await shown.watch(EVERYONE)
            assert (await shown.until(is_locked))["code"] == "key_required"
            granted = await asyncio.to_thread(ask, server, "PUT", grants, headers=RIGHT)
            left = datetime.fromisoformat(granted.json["expires_at"]).timestamp() - datetime.now().timestamp()
            assert 880 < left <= 900
            await shown.until(is_usage("everyone"), seconds=2)
            assert (await asyncio.to_thread(ask, server, "DELETE", grants)).status == 204
            assert (await shown.until(is_locked))["code"] == "key_required"
            await asyncio.to_thread(ask, server, "PUT", grants, headers=RIGHT)
            await shown.until(is_usage("everyone"))
            await asyncio.to_thread(kernel.restart)
            assert (await shown.until(is_locked))["code"] == "key_required"

    asyncio.run(work())
    kernel.run("")  # what is ended while it starts says so in the log
    assert f"kernel {kernel.id} may read everyone's usage until" in server.log()
    for verb, path in (("PUT", grants), ("GET", SUMMARY)):  # its secret opens the sockets and nothing else
        assert ask(server, verb, path, headers={**as_kernel, HEADER: KEY}).status == 403
    assert code(ask(server, "PUT", "admin/grants/nobody", headers=RIGHT)) == (404, "not_found")
    assert code(ask(server, "PUT", grants)) == (401, "admin_key_required")


def test_a_program_shows_its_own_usage_and_with_the_key_everybodys(server: JupyterServer) -> None:
    async def work() -> None:
        async with dashboard(server, TOKEN_HEADER) as own, dashboard(server, RIGHT) as all_of_it:
            await own.watch(EVERYONE)
            assert HEADER in (await own.until(is_locked))["message"]
            await own.watch(MINE)
            await own.until(is_usage("mine"))
            await all_of_it.watch(EVERYONE)
            await all_of_it.until(is_usage("everyone"))
        with pytest.raises(HTTPClientError) as refused:
            async with dashboard(server, {**TOKEN_HEADER, HEADER: "wrong"}):
                pass
        assert refused.value.code == 403

    asyncio.run(work())


def test_a_question_of_the_command_line_shows_within_two_seconds(server: JupyterServer) -> None:
    data = {"JUPYTER_DATA_DIR": str(server.folder / "data")}

    async def work() -> None:
        async with dashboard(server, RIGHT) as shown:
            await shown.watch(EVERYONE)
            before = (await shown.until(is_usage("everyone")))["view"]["now"]
            asking = await asyncio.create_subprocess_exec(
                *(PROGRAM, "ask", "How many houses are there?"),
                cwd=server.folder,
                env=environment(server.folder, **data),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            questions = before["questions"] + 1
            view = (await shown.until(lambda said: said["view"]["now"]["questions"] == questions, 60))["view"]
            begun = datetime.fromisoformat(view["users"][0]["active_at"])
            assert (datetime.fromisoformat(view["as_of"]) - begun).total_seconds() < 2
            answered = before["answered"] + 1
            if view["now"]["answered"] < answered:  # else it was so quick that one look saw all of it
                said = await shown.until(lambda said: said["view"]["now"]["answered"] == answered, 60)
                view = said["view"]
            assert view["now"]["usage"]["requests"] > before["usage"]["requests"]
            assert view["now"]["usage"]["cost_usd"] == "0.00"
            assert await asking.wait() == 0

    asyncio.run(work())


def test_two_hundred_dashboards_come_and_go_and_the_rest_are_told(server: JupyterServer) -> None:
    rnd = random.Random(7)

    async def one(stay: float, *, abrupt: bool) -> None:
        async with dashboard(server, RIGHT) as shown:
            await shown.watch(EVERYONE if stay > 0.5 else MINE)
            if not abrupt:
                await shown.until(lambda said: said["kind"] == "usage")
            await asyncio.sleep(stay)
            if abrupt:
                shown.socket.stream.close()  # type: ignore[attr-defined]

    async def work() -> None:
        async with dashboard(server, RIGHT) as steady, asyncio.timeout(60):
            await steady.watch(EVERYONE)
            await steady.until(is_usage("everyone"))
            all_of_them = [one(rnd.random(), abrupt=rnd.random() < 0.5) for _ in range(SOCKETS)]
            await asyncio.gather(*all_of_them)
            await steady.watch(MINE)
            await steady.until(is_usage("mine"), seconds=5)

    asyncio.run(work())
    assert ask(server, "GET", "health").json["status"] == "ok"


def test_keys_are_made_changed_and_taken_back_while_the_server_runs(tmp_path: Path) -> None:
    """The server has no key at first; at its end, somebody guesses."""
    where = {"JUPYTER_DATA_DIR": str(tmp_path / "data")}

    def status(key: str = "") -> tuple[int, str]:
        reply = ask(server, "GET", SUMMARY, headers={**TOKEN_HEADER, HEADER: key} if key else TOKEN_HEADER)
        return (200, "") if reply.status == 200 else code(reply)

    with running(tmp_path, environment={"ADMIN_API_KEY": "too-short-to-be-a-key"}) as server:
        assert status() == status("too-short-to-be-a-key") == (503, "not_set")
        assert "ADMIN_API_KEY is not used" in server.log()
        made = run(tmp_path, "admin", "create-key", "--name", "ops", **where)
        first = made.out.strip()
        assert (len(made.out.splitlines()), first in made.err, status(first)) == (1, False, (200, ""))
        second = run(tmp_path, "admin", "rotate-key", **where).out.strip()
        assert [status(key) for key in (first, second)] == [(200, "")] * 2
        full = run(tmp_path, "admin", "create-key", **where)
        assert (full.code, full.out) == (1, "")
        assert "There are two admin keys already: 'ops' and 'admin'." in full.err
        third = run(tmp_path, "admin", "rotate-key", "--name", "third", **where).out.strip()
        assert [status(key)[0] for key in (first, second, third)] == [403, 200, 200]
        listed = run(tmp_path, "admin", "keys", **where).out
        assert [line.split()[0] for line in listed.splitlines()] == ["admin", "third"]
        assert run(tmp_path, "admin", "revoke-key", "admin", **where).code == 0
        assert run(tmp_path, "admin", "revoke-key", "admin", **where).code == 1
        assert status(second) == (403, "admin_key_wrong")
        while status("guess")[0] == 403:
            pass
        limited = ask(server, "GET", SUMMARY, headers={**TOKEN_HEADER, HEADER: third})
        assert code(limited) == (429, "too_many_wrong_keys"), "right, and not looked at"
        assert 0 < int(limited.headers["Retry-After"]) <= 60
    kept = (tmp_path / "data" / "autoanalyst" / "autoanalyst.log").read_text() + server.log()
    assert kept.count("admin_key_made") == 3
    assert kept.count("admin_key_ended") == 2
    for key in (first, second, third):
        assert key not in kept + listed
        assert key.encode() not in (tmp_path / "data" / "autoanalyst" / "autoanalyst.db").read_bytes()


def test_people_whom_the_configuration_names_need_no_key(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "named.py").write_text(NAMED)
    (tmp_path / "config").mkdir()
    configuration = {"Engine": {"admins": ["ann"]}}
    (tmp_path / "config" / "jupyter_server_config.json").write_text(json.dumps(configuration))
    with running(tmp_path, "--ServerApp.identity_provider_class=named.Named") as server:
        ann, bob = ({"X-Name": name} for name in ("ann", "bob"))
        assert ask(server, "GET", SUMMARY, headers=ann).status == 200
        assert code(ask(server, "GET", SUMMARY, headers=bob)) == (503, "not_set")
        assert ask(server, "GET", SUMMARY, headers={}).status == 403

        async def work() -> None:
            async with dashboard(server, ann) as hers, dashboard(server, bob) as his:
                await hers.watch(EVERYONE)
                await hers.until(is_usage("everyone"))
                await his.watch(EVERYONE)
                assert (await his.until(is_locked))["code"] == "key_required"

        asyncio.run(work())
    assert "Traceback" not in server.log()
