"""One person, three doors: panel, magic and command line find the same chats, whoever Jupyter says it is."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..server.cli.program import PROGRAM, environment
from ..server.jupyter import TOKEN, JupyterServer, kernel_of, running
from .rest import TOKEN_HEADER, Browser, ask

KEY = "sk-canary-0123456789"

NAMED = """
from jupyter_server.auth import IdentityProvider, User

class Named(IdentityProvider):
    def get_user(self, handler):
        name = handler.request.headers.get("X-Name")
        return User(username=name, display_name=name.title()) if name else None
"""
"""A provider that believes whatever name it is told."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JupyterServer]:
    with running(tmp_path) as started:
        yield started
    assert "Traceback" not in started.log()


def titles(server: JupyterServer, headers: dict[str, str]) -> list[str]:
    """The chats that a panel with these headers lists, newest first."""
    reply = ask(server, "GET", "chats", headers=headers)
    assert reply.status == 200, reply.text
    return [chat["title"] for chat in reply.json["chats"]]


def who(server: JupyterServer, headers: dict[str, str]) -> tuple[str, str]:
    reply = ask(server, "GET", "me", headers=headers)
    return reply.json["name"], reply.json["source"]


def test_panel_magic_and_command_line_are_one_person(server: JupyterServer) -> None:
    with kernel_of(server) as kernel:
        kernel.run("import pandas as pd; cars = pd.DataFrame({'speed': [1, 2, 3]})")
        kernel.run("%load_ext autoanalyst_kernel")
        kernel.run("%analyst How many rows does cars have?")
    data = {"JUPYTER_DATA_DIR": str(server.folder / "data")}
    subprocess.run(
        [PROGRAM, "ask", "List top 10 houses by area"],
        cwd=server.folder,
        env=environment(server.folder, **data),
        check=True,
        capture_output=True,
        timeout=90,
    )
    expected = ["List top 10 houses by area", "How many rows does cars have"]

    first = Browser(server)
    first.sign_in()
    again = Browser(server)  # the same person, after all cookies are cleared
    again.sign_in()
    named = [value for name, value in first.cookies.items() if name.startswith("username")]
    assert named != [value for name, value in again.cookies.items() if name.startswith("username")]
    for headers in (TOKEN_HEADER, first.headers(), again.headers()):
        assert titles(server, headers) == expected
        assert who(server, headers)[1] == "account"
    usage = ask(server, "GET", "usage").json
    assert usage["all"]["requests"] == usage["today"]["requests"] >= 2


def test_two_named_people_do_not_see_each_others_chats(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "named.py").write_text(NAMED)
    with running(tmp_path, "--ServerApp.identity_provider_class=named.Named") as server:
        ann, ben = ({"X-Name": name, "X-XSRFToken": "x", "Cookie": "_xsrf=x"} for name in ("ann", "ben"))
        chat = ask(server, "POST", "chats", {"question": "Average price"}, ann).json["id"]
        assert (who(server, ann), who(server, ben)) == (("Ann", "identity"), ("Ben", "identity"))
        assert ask(server, "GET", f"chats/{chat}", headers=ann).status == 200
        for method, path, body in (
            ("GET", f"chats/{chat}", None),
            ("PATCH", f"chats/{chat}", {"title": "Mine"}),
            ("DELETE", f"chats/{chat}", None),
            ("GET", f"chats/{chat}/messages", None),
        ):
            assert ask(server, method, path, body, ben).status == 404, (method, path)
        assert ask(server, "GET", f"chats/{chat}", headers=ann).json["title"] == "Average price"


def test_a_key_goes_in_and_comes_out_nowhere(tmp_path: Path) -> None:
    no_keyring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    with running(tmp_path, "--ServerApp.log_level=DEBUG", environment=no_keyring) as server:
        replies = [
            ask(server, "PUT", "keys/openai", {"key": KEY}),
            ask(server, "PUT", "keys/openai", {"key": KEY, "more": KEY}),
            ask(server, "PUT", "keys/openai", f'{{"key": "{KEY}"'.encode()),
            ask(server, "PUT", "keys/openai", {"key": f"{KEY}\n"}),
            ask(server, "PUT", "keys/nobody", {"key": KEY}),
            ask(server, "GET", "keys"),
            ask(server, "GET", "models"),
            ask(server, "DELETE", "keys/openai"),
            ask(server, "GET", "keys"),
        ]
        assert [reply.status for reply in replies] == [204, 422, 400, 204, 400, 200, 200, 204, 200]
        sources = [
            {key["provider"]: key["source"] for key in reply.json["keys"]}["openai"]
            for reply in (replies[5], replies[8])
        ]
        assert sources == ["file", None]
        assert not [reply for reply in replies if KEY.encode() in reply.text]
    assert TOKEN not in server.log()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path


def test_the_analysts_state_is_said_in_words(tmp_path: Path) -> None:
    nowhere = {"AUTOANALYST_DATABASE_URL": f"sqlite:///{tmp_path}/nothing/here/x.db"}
    with running(tmp_path, environment=nowhere) as server:
        (tmp_path / "nothing").write_text("in the way")
        health = ask(server, "GET", "health")
        assert (health.status, health.json["status"]) == (200, "broken")
        assert "cannot be made or opened" in health.json["problem"]
        chats = ask(server, "GET", "chats")
        assert (chats.status, chats.json["error"]["message"]) == (503, health.json["problem"])
        assert ask(server, "GET", "me").status == 200
    assert "Traceback" not in server.log()
    assert json.loads(health.text)["version"]
