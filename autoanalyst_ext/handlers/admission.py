"""Who gets to what only administrators may see: the request's side of `policy/admin.py`.

A key comes in a header. One in the address is no key, even the right one, and is taken out of what the server
logs. Every refusal is logged, without the key.
"""

from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from tornado.httputil import HTTPServerRequest

from ..errors import AnalystError
from ..policy.admin import HEADER, AdminKeyInAddress, Right, names_a_key

if TYPE_CHECKING:
    from ..engine import Engine
    from .base import AnalystHandler

HIDDEN = "[secret]"


def hide_keys(request: HTTPServerRequest) -> None:
    """Take admin keys out of the address, which is logged. The parsed arguments stay as they are."""
    path, mark, query = (request.uri or "").partition("?")
    if any(names_a_key(name) for name in request.query_arguments):
        request.query = "&".join(map(_hidden, query.split("&")))
        request.uri = f"{path}{mark}{request.query}"


async def right(handler: "AnalystHandler") -> Right:
    """The right of whoever asks. Raises what is said to those who have none, and logs it."""
    engine = await handler.engine()
    found = named(handler, engine)
    return found or await by_key(handler, engine)


def named(handler: "AnalystHandler", engine: "Engine") -> Right | None:
    """The right of somebody who needs no key. Raises `AdminKeyInAddress`."""
    if any(names_a_key(name) for name in handler.request.query_arguments):
        raise _logged(
            handler,
            AdminKeyInAddress(
                f"An admin key must not be in an address, where it is logged. Send it in the header "
                f"{HEADER}. Anyone who has seen the address has seen the key: replace it."
            ),
        )
    user = handler.current_user
    return engine.admin_gate.named(user.username, user.display_name)


async def by_key(handler: "AnalystHandler", engine: "Engine") -> Right:
    """The right that the key in the header gives. Raises as `AdminGate.right`."""
    key = handler.request.headers.get(HEADER, "").strip()
    # Behind a proxy all have one address, and on a laptop all are one person: both tell clients apart.
    client = f"{handler.request.remote_ip} {handler.principal().id}"
    stored = await engine.admin_keys.digests()
    try:
        return engine.admin_gate.right(key, client=client, stored=stored)
    except AnalystError as error:
        raise _logged(handler, error) from None


def _logged(handler: "AnalystHandler", error: AnalystError) -> AnalystError:
    handler.log.warning(
        "AutoAnalyst: admin: refused %s %s to %s at %s: %s",
        handler.request.method,
        handler.request.path,
        handler.principal().id,
        handler.request.remote_ip,
        error.code,
    )
    return error


def _hidden(part: str) -> str:
    name, mark, _ = part.partition("=")
    return f"{name}{mark}{HIDDEN}" if names_a_key(unquote_plus(name)) else part
