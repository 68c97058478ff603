"""Whether the Jupyter server that AUTOANALYST_URL names answers, and the analyst in it works."""

import json
import os
import ssl
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from ... import __version__
from .finding import Finding, fine, note, problem

ADDRESS, CERTIFICATE = "AUTOANALYST_URL", "AUTOANALYST_CERTIFICATE"
"""What a server gives its kernels: `kernels.py`."""
HEALTH = "autoanalyst/api/v1/health"
TOKEN = "JUPYTER_TOKEN"  # noqa: S105 - the variable's name
SECONDS = 5.0


async def look() -> list[Finding]:
    """The server of this kernel or terminal; nothing where none is named."""
    url = os.environ.get(ADDRESS, "")
    if not url:
        return []
    client = AsyncHTTPClient(force_instance=True)
    try:
        answer = await client.fetch(_request(url), raise_error=False)
    except (OSError, ValueError, HTTPClientError) as error:
        words = f"{url} cannot be reached ({error})."
        return [problem("server", words, f"Start it (autoanalyst lab), or correct {ADDRESS}.")]
    finally:
        client.close()
    return [_judged(url, answer)]


def _request(url: str) -> HTTPRequest:
    token, certificate = os.environ.get(TOKEN), os.environ.get(CERTIFICATE)
    # The server's own certificate, as kernels are given it: no other is accepted.
    context = ssl.create_default_context(cafile=certificate) if certificate else None
    return HTTPRequest(
        f"{url.rstrip('/')}/{HEALTH}",
        headers={"Authorization": f"token {token}"} if token else {},
        follow_redirects=False,
        connect_timeout=SECONDS,
        request_timeout=SECONDS * 2,
        ssl_options=context,
    )


def _judged(url: str, answer: HTTPResponse) -> Finding:
    if answer.code in (302, 401, 403):
        return note("server", f"{url} answers, and wants a login. Set {TOKEN} to look further.")
    if answer.code == 404:
        words = f"{url} answers, and does not have the analyst."
        return problem("server", words, command="jupyter server extension enable autoanalyst_ext")
    if answer.code == 599:
        return problem(
            "server", f"{url} cannot be reached ({answer.reason}).", f"Start it, or correct {ADDRESS}."
        )
    health = _health(answer)
    if health is None:
        return problem("server", f"{url} answers {answer.code} {answer.reason}.", "Look at the server's log.")
    if health["problem"]:
        return problem("server", f"{url} answers: {health['problem']}")
    if health["version"] != __version__:
        words = f"The server at {url} runs version {health['version']}, this program is {__version__}."
        return problem("server", words, "Start the server again.")
    return fine("server", f"{url} answers, {health['version']}")


def _health(answer: HTTPResponse) -> dict[str, Any] | None:
    if answer.code != 200:
        return None
    try:
        found = json.loads(answer.body)
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"problem", "version"} <= set(found) else None
