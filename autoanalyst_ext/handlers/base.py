"""What all our handlers share: who may come in, what comes in, and what goes out as JSON.

A class whose verb declares no operation cannot be defined, and a declared one is wrapped here: nobody gets
to it who is not signed in to the server and allowed by its authorizer. The one place that turns errors into
JSON.
"""

import json
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import allow_unauthenticated, authorized
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from tornado.web import HTTPError, RequestHandler, authenticated

from ..errors import AnalystError
from . import admission
from .operation import ANY_OBJECT, Operation, operation_of
from .request import arguments
from .services import Services

if TYPE_CHECKING:
    from ..engine import Engine
    from ..policy.admin import Right
    from ..policy.principal import Principal

RESOURCE = "autoanalyst"
"""What the server's authorizer is asked about."""
VERBS = ("get", "head", "post", "put", "patch", "delete")
SIGN_IN = "Sign in to the Jupyter server first."
BUG = {
    "code": "internal",
    "message": "Something went wrong in the analyst. The server's log says what; nothing was lost.",
    "detail": {},
}


class AnalystHandler(JupyterHandler):
    """A door of ours."""

    auth_resource = RESOURCE
    services: Services
    right: "Right | None" = None
    """Of an administrator, in a verb that is only for them."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for verb in VERBS:
            method = getattr(cls, verb)
            if method is RequestHandler._unimplemented_method or hasattr(method, "guarded"):
                continue
            declared = operation_of(method)
            if declared is None:
                raise TypeError(f"{cls.__name__}.{verb} declares no operation.")
            setattr(cls, verb, guarded(method, declared, verb))

    def initialize(self, services: Services) -> None:
        """Take what the route hands over."""
        self.services = services

    @classmethod
    def operations(cls) -> dict[str, Operation]:
        """What the verbs of this class declare."""
        found = {verb: operation_of(getattr(cls, verb)) for verb in VERBS}
        return {verb: declared for verb, declared in found.items() if declared is not None}

    def is_kernel(self) -> bool:
        """Whether a kernel of this server asks, with its secret. No door but the socket knows kernels."""
        return False

    async def prepare(self, **_: Any) -> None:
        """Send strangers and foreign pages away, whatever they want; never to a login page."""
        admission.hide_keys(self.request)
        await super().prepare(_redirect_to_login=False)
        if self.request.method == "OPTIONS" or self.is_kernel():
            return
        if not self.current_user:
            raise HTTPError(403, SIGN_IN)
        if not self.check_origin():
            raise HTTPError(403, "Pages of another origin may not ask here.")

    async def engine(self) -> "Engine":
        """The engine, whatever its database does."""
        return await self.services.engine.get()

    async def desk(self) -> "tuple[Engine, Principal]":
        """The engine, ready for work, and who asks. Raises `StoreError`."""
        engine = await self.engine()
        await engine.warm_up()
        return engine, self.principal()

    def principal(self) -> "Principal":
        """Who asks."""
        from ..policy.principal import here

        return here(self.current_user.username, self.current_user.display_name)

    def answer(self, value: Any, declared: Operation) -> None:
        """Send the reply of an operation that went well."""
        self.set_status(declared.status)
        if declared.reply is None:
            self.clear_header("Content-Type")
            self.finish()
        else:
            self.finish(value if declared.reply == ANY_OBJECT else value.model_dump_json())

    def set_default_headers(self) -> None:
        """JSON, for whoever asked and nobody else."""
        super().set_default_headers()
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")

    @property
    def content_security_policy(self) -> str:
        """What a browser may do with a reply that somebody opens as a page: nothing."""
        return f"{super().content_security_policy}; default-src 'none'"

    def get_login_url(self) -> str:
        """There is none: programs ask here, and a login page would be no answer."""
        raise HTTPError(403, SIGN_IN)

    @allow_unauthenticated
    def options(self, *_: str) -> None:
        """Say to a browser what a page of an allowed origin may send."""
        APIHandler.options(self)  # type: ignore[arg-type]

    def log_exception(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Errors that we tell a user are no news for the server's log; bugs are."""
        if isinstance(error, AnalystError):
            level = logging.ERROR if error.status >= 500 else logging.DEBUG
            self.log.log(level, "AutoAnalyst: %s %s: %s", self.request.method, self.request.path, error.code)
        else:
            super().log_exception(kind, error, trace)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with `{"error": {"code", "message", "detail"}}`."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        if isinstance(error, AnalystError):
            self.set_status(error.status)
            if "retry_after" in error.detail:
                self.set_header("Retry-After", str(error.detail["retry_after"]))
            body = error.as_json()
        elif isinstance(error, HTTPError) or error is None:
            body = _in_words(status_code, error)
        else:
            body = BUG
        if self.get_status() == 405:
            self.set_header("Allow", ", ".join([*map(str.upper, self.operations()), "OPTIONS"]))
        self.finish(json.dumps({"error": body}))


def guarded(
    method: Callable[..., Awaitable[Any]], declared: Operation, verb: str
) -> Callable[..., Awaitable[None] | None]:
    """A verb that only those reach who are signed in and allowed to; a socket also kernels."""

    @wraps(method)
    async def asked(self: AnalystHandler, *parts: str) -> None:
        if declared.admin:
            self.right = await admission.right(self)
        found = await method(self, *parts, **arguments(self, declared))
        if not declared.is_socket:
            self.answer(found, declared)

    allowed = authenticated(authorized(declared.action_of(verb), RESOURCE)(asked))
    allowed.guarded = True  # type: ignore[attr-defined]
    if not declared.is_socket:
        return allowed

    @wraps(allowed)
    def entered(self: AnalystHandler, *parts: str) -> Awaitable[None] | None:
        return asked(self, *parts) if self.is_kernel() else allowed(self, *parts)

    return allow_unauthenticated(entered)


def _in_words(status: int, error: HTTPError | None) -> dict[str, Any]:
    """What tornado or the server say, in our form."""
    reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    words = error.log_message % error.args if error is not None and error.log_message else reason
    code = "internal" if status == 500 else reason.lower().replace(" ", "_").replace("-", "_")
    return {"code": code, "message": words, "detail": {}}
