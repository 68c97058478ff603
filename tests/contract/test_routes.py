"""The live table of routes of a real server: nobody gets to any of ours who is not signed in and allowed."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autoanalyst_ext.handlers.base import AnalystHandler
from autoanalyst_ext.handlers.operation import operation
from autoanalyst_ext.handlers.routes import ROUTES

from ..server.jupyter import JupyterServer, kernel_of, running
from .rest import API, HANDSHAKE, TOKEN_HEADER, Browser, Reply, ask

LIBRARY = """
from jupyter_server.auth import Authorizer

class ReadOnly(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return action == "read"

def _jupyter_server_extension_points():
    return [{"module": "all_routes"}]

def _load_jupyter_server_extension(server):
    pass

async def _start_jupyter_server_extension(server):
    import json, pathlib
    found = []
    def walk(router):
        for rule in getattr(router, "rules", ()):
            if hasattr(rule.target, "rules"):
                walk(rule.target)
            elif hasattr(rule.target, "mro"):
                pattern = rule.matcher.regex.pattern
                ours = rule.target.__module__.startswith("autoanalyst_ext")
                verbs = [verb for verb in rule.target.SUPPORTED_METHODS
                         if getattr(rule.target, verb.lower()).__name__ != "_unimplemented_method"]
                if ours or "autoanalyst" in pattern:
                    found.append([pattern, ours, verbs])
    walk(server.web_app.wildcard_router)
    walk(server.web_app.default_router)
    pathlib.Path(server.root_dir, "routes.json").write_text(json.dumps(found))
"""
"""An extension that writes down our live routes, and an authorizer that lets everybody read and nothing more.

Its name lets it start before the one that says when the server is ready.
"""

ADMIN_KEY = "administrator-of-this-very-test-server"
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
SECRET = "__import__('os').environ['AUTOANALYST_KERNEL_SECRET']"


@dataclass(frozen=True)
class Route:
    """One live route."""

    path: str
    ours: bool
    verbs: tuple[str, ...]

    @property
    def is_socket(self) -> bool:
        return self.path.endswith("/stream")


@dataclass(frozen=True)
class Served:
    """A server and its live routes."""

    server: JupyterServer
    routes: tuple[Route, ...]

    def ask(self, verb: str, route: Route, headers: dict[str, str]) -> Reply:
        handshake = HANDSHAKE if route.is_socket and verb == "GET" else {}
        return ask(self.server, verb, route.path, None, {**headers, **handshake})


def path_of(pattern: str) -> str:
    """An address that a route's pattern takes."""
    plain = pattern.removesuffix("$").replace("([^/]+)", "x").replace("(?:/.*)?", "/nothing")
    return plain.replace("\\", "") + ("?notebook=x.ipynb" if re.search("datasets|remembered", plain) else "")


def served(folder: Path, *options: str) -> Iterator[Served]:
    (folder / "library").mkdir()
    (folder / "library" / "all_routes.py").write_text(LIBRARY)
    key = {"ADMIN_API_KEY": ADMIN_KEY}
    with running(
        folder, "--ServerApp.jpserver_extensions=all_routes=True", *options, environment=key
    ) as server:
        found = json.loads((folder / "work" / "routes.json").read_text())
        yield Served(server, tuple(Route(path_of(p), ours, tuple(verbs)) for p, ours, verbs in found))
    assert "Traceback" not in server.log()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from served(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from served(
        tmp_path_factory.mktemp("read-only"), "--ServerApp.authorizer_class=all_routes.ReadOnly"
    )


def test_the_live_table_is_ours_and_all_of_it(live: Served) -> None:
    assert all(route.ours for route in live.routes), "somebody else has a route below our prefix"
    assert len(live.routes) == len(ROUTES) + 1
    assert {route.path.partition("?")[0] for route in live.routes} == {
        *(API + re.sub(r"{\w+}", "x", path) for path in ROUTES),
        "/jupyter/autoanalyst/nothing",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "token wrong"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "AnalystKernel x.y"},
        {"Cookie": "username-localhost=wrong; _xsrf=x", "X-XSRFToken": "x"},
    ],
    ids=["nothing", "token", "bearer", "kernel", "cookie"],
)
def test_a_stranger_is_turned_away_everywhere(live: Served, headers: dict[str, str]) -> None:
    for route in live.routes:
        for verb in VERBS:
            reply = live.ask(verb, route, headers)
            assert reply.status == 403, (verb, route)
            assert "Location" not in reply.headers
            assert verb == "HEAD" or reply.is_error_of_ours(), (verb, route)


def test_nobody_gets_to_what_is_for_administrators_without_their_key(live: Served) -> None:
    found = [route for route in live.routes if "/admin/" in route.path and not route.is_socket]
    assert len(found) == 9
    for route in found:
        for verb in {*route.verbs} - {"OPTIONS"}:
            if verb == "DELETE" and "/grants/" in route.path:
                continue  # locking a kernel takes no key: it only takes away
            reply = live.ask(verb, route, TOKEN_HEADER)
            assert (reply.status, reply.json["error"]["code"]) == (401, "admin_key_required"), (verb, route)
            only_the_key = live.ask(verb, route, {"X-Admin-API-Key": ADMIN_KEY})
            assert only_the_key.status == 403, "it stands beside the login, not instead of it"


def test_a_kernels_secret_opens_the_streams_and_nothing_else(live: Served) -> None:
    with kernel_of(live.server) as kernel:
        headers = {"Authorization": f"AnalystKernel {kernel.run('', SECRET)}"}
        for route in live.routes:
            for verb in VERBS:
                status = 101 if (verb, route.is_socket) == ("GET", True) else 403
                assert live.ask(verb, route, headers).status == status, (verb, route)


def test_who_may_only_read_can_change_nothing_and_ask_nothing_over_a_socket(read_only: Served) -> None:
    for route in read_only.routes:
        for verb in route.verbs:
            if verb == "OPTIONS":
                continue
            reply = read_only.ask(verb, route, TOKEN_HEADER)
            if route.path.endswith("admin/stream"):
                assert reply.status == 101, "one's own usage may be seen"
            elif verb == "GET" and not route.is_socket:
                assert 200 <= reply.status <= 404, (verb, route, reply.text)
                assert reply.status != 403, (verb, route)
            else:
                assert (reply.status, reply.is_error_of_ours()) == (403, True), (verb, route)


def test_a_page_of_another_site_can_write_nothing_with_the_users_cookies(live: Served) -> None:
    browser = Browser(live.server)
    browser.sign_in()
    assert ask(live.server, "GET", "me", headers=browser.headers()).status == 200
    for route in live.routes:
        for verb in {*route.verbs} - {"GET", "HEAD", "OPTIONS"}:
            reply = live.ask(verb, route, browser.headers())
            assert (reply.status, reply.is_error_of_ours()) == (403, True), (verb, route)
    body = {"question": "How many rows?"}
    assert ask(live.server, "POST", "chats", body, browser.headers(xsrf=True)).status == 201


def test_a_socket_is_opened_by_a_login_and_an_origin_of_the_server(live: Served) -> None:
    browser = Browser(live.server)
    browser.sign_in()
    streams = [route for route in live.routes if route.is_socket]
    assert len(streams) == 2
    here = {"Origin": f"http://127.0.0.1:{live.server.port}"}
    there = {"Origin": "http://elsewhere.example"}
    for headers, status in (
        (browser.headers() | here, 101),
        (browser.headers() | there, 403),
        (here, 403),
        (TOKEN_HEADER, 101),
    ):
        assert [live.ask("GET", stream, headers).status for stream in streams] == [status] * 2, headers
    for stream in streams:
        refused = live.ask("GET", stream, browser.headers() | there)
        assert refused.json["error"]["message"] == "Pages of another origin may not ask here."
        plain = ask(live.server, "GET", stream.path)
        assert (plain.status, plain.json["error"]["message"]) == (400, "Only WebSockets can be opened here.")


def test_an_address_or_a_verb_that_is_not_there_is_said_in_json(live: Served) -> None:
    for path in ("nothing", "chats/", "chats/x/nothing", "/jupyter/autoanalyst", "/jupyter/autoanalyst/api"):
        reply = ask(live.server, "GET", path)
        assert (reply.status, reply.json["error"]["code"]) == (404, "not_found"), path
    reply = ask(live.server, "PUT", "chats")
    assert (reply.status, reply.json["error"]["code"]) == (405, "method_not_allowed")
    assert reply.headers["Allow"] == "GET, POST, OPTIONS"


def test_a_server_that_wants_everybody_signed_in_knows_that_our_routes_do(tmp_path: Path) -> None:
    options = ("--ServerApp.allow_unauthenticated_access=False",)
    for live in served(tmp_path, *options):
        assert "registered for /jupyter/autoanalyst" not in live.server.log()
        assert ask(live.server, "GET", "me", headers={}).status == 403
        assert ask(live.server, "GET", "me").status == 200
        with kernel_of(live.server) as kernel:
            assert kernel.connect()["where"] == "in the Jupyter server"


def test_a_verb_that_declares_no_operation_cannot_be_written() -> None:
    with pytest.raises(TypeError, match=r"Open\.get declares no operation"):

        class Open(AnalystHandler):
            async def get(self) -> None:
                self.finish("secrets")

    class Mixin:
        async def post(self) -> None:
            raise AssertionError("reached")

    with pytest.raises(TypeError, match=r"Mixed\.post declares no operation"):

        class Mixed(Mixin, AnalystHandler):
            @operation("Fine")
            async def get(self) -> None:
                raise AssertionError("reached")
