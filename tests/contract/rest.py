"""A browser's and a program's way to our routes of a real server, for contract tests. Follows no redirect."""

import http.client
import json
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from ..server.jupyter import TOKEN, JupyterServer

API = "/jupyter/autoanalyst/api/v1/"
TOKEN_HEADER = {"Authorization": f"token {TOKEN}"}
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    def is_error_of_ours(self) -> bool:
        """Whether it is JSON in our form of an error."""
        return list(self.json) == ["error"] and list(self.json["error"]) == ["code", "message", "detail"]


def ask(
    server: JupyterServer,
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] = TOKEN_HEADER,
) -> Reply:
    """One request; `path` begins with a slash, or is below our prefix. Bytes are sent as they are."""
    sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request(method, path if path.startswith("/") else API + path, sent, headers)
        reply = connection.getresponse()
        return Reply(reply.status, reply.headers, b"" if reply.status == 101 else reply.read())
    finally:
        connection.close()


@dataclass
class Browser:
    """A browser that keeps cookies."""

    server: JupyterServer
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self) -> None:
        """Sign in by the server's own page."""
        self.keep(ask(self.server, "GET", "/jupyter/login", headers=self.headers()))
        form = urlencode({"password": TOKEN, "_xsrf": self.cookies["_xsrf"]}).encode()
        headers = {**self.headers(), "Content-Type": "application/x-www-form-urlencoded"}
        reply = ask(self.server, "POST", "/jupyter/login", form, headers)
        assert reply.status == 302, reply.text
        self.keep(reply)

    def keep(self, reply: Reply) -> None:
        """Keep what the server wants kept."""
        for line in reply.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value

    def headers(self, *, xsrf: bool = False) -> dict[str, str]:
        """What the browser sends along; `xsrf`: as our pages do."""
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        return {**cookie, "X-XSRFToken": self.cookies["_xsrf"]} if xsrf else cookie
