"""What went wrong with a model call, in our own errors and in words that a user can act on.

pydantic-ai names the kind of a failure; here it becomes one of `errors.ProviderError`'s classes. The messages
are ours: a provider's own text may quote the question or the key, so it is never passed on.
"""

from __future__ import annotations

import json
import math

import httpx
import httpx2
from pydantic_ai import exceptions as pai

from ..errors import (
    KeyRejected,
    ModelUnavailable,
    ProviderDown,
    ProviderError,
    ProviderTimeout,
    RateLimited,
    StreamCut,
)

CAUGHT: tuple[type[Exception], ...] = (
    pai.ModelAPIError,
    pai.UnexpectedModelBehavior,
    httpx.TransportError,
    httpx2.TransportError,
    httpx.StreamError,
    httpx2.StreamError,
)
"""What a model call may raise when the provider or the way to it fails."""

LONGEST_WAIT = 60.0
"""Seconds. A provider that asks for more is not waited for; the user decides."""

RETRY_STATUSES = frozenset({408, 409, 429})
_FIRST_WAIT = 1.0


def explain(error: Exception, provider: str, *, started: bool) -> ProviderError:
    """Turn one of `CAUGHT` into our error. `provider` is its title; `started`: content had arrived.

    `detail` holds `started`, and where known `status` and `retry_after` (seconds).
    """
    if isinstance(error, ProviderError):
        return error
    if isinstance(
        error,
        pai.ModelTimeoutError | pai.ModelRequestTimeout | httpx.TimeoutException | httpx2.TimeoutException,
    ):
        return _timeout(error, provider, started)
    if isinstance(error, pai.ModelConnectionError | httpx.HTTPError | httpx2.HTTPError):
        return _connection(error, provider, started)
    if isinstance(error, pai.ModelAPIError):
        return _answered(error, provider, started)
    if isinstance(error, pai.ContentFilterError):
        return ProviderError(
            f"{provider}'s content filter refused this. Rephrase the question.", started=started
        )
    return StreamCut(
        f"The answer from {provider} ended without any content, or could not be understood. Ask again.",
        started=started,
    )


def retryable(error: Exception, *, attempt: int = 1) -> float | None:
    """Seconds to wait before attempt number `attempt` + 1; `None` when it must not be tried again.

    Only what certainly was not answered is tried again: 408, 409, 429 and 5xx before any content, and
    connections that were never made. `error` is one of `CAUGHT` from before any content, or what
    `explain` made of one. A wait that the provider asks for is honoured up to `LONGEST_WAIT`.
    """
    known = error if isinstance(error, ProviderError) else explain(error, "", started=False)
    detail = known.detail
    if detail.get("started"):
        return None
    status = detail.get("status")
    refused = isinstance(status, int) and (status in RETRY_STATUSES or status >= 500)
    if detail.get("exhausted") or not (refused or detail.get("unsent")):
        return None
    asked = detail.get("retry_after")
    if asked is None:
        return float(min(LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1)))
    return float(asked) if asked <= LONGEST_WAIT else None


def _timeout(error: Exception, provider: str, started: bool) -> ProviderError:
    if _unsent(error):
        return ProviderDown(
            f"{provider} could not be reached in time. Check the network, then ask again.",
            started=started,
            unsent=True,
        )
    kept = " What had arrived is kept." if started else ""
    return ProviderTimeout(
        f"{provider} was silent for too long, so the call was given up.{kept} Ask again, or switch model.",
        started=started,
    )


def _connection(error: Exception, provider: str, started: bool) -> ProviderError:
    if _unsent(error):
        return ProviderDown(
            f"{provider} could not be reached. Check the network and the base URL, then ask again.",
            started=started,
            unsent=True,
        )
    if started:
        return StreamCut(
            f"The answer from {provider} broke off before its end. What had arrived is kept; ask again.",
            started=True,
        )
    return StreamCut(f"{provider} ended the connection before it answered. Ask again.", started=False)


def _unsent(error: Exception) -> bool:
    if isinstance(error, pai.ModelConnectionError):
        return error.phase in ("pool", "connect")
    return isinstance(
        error,
        httpx.ConnectError
        | httpx.ConnectTimeout
        | httpx.PoolTimeout
        | httpx2.ConnectError
        | httpx2.ConnectTimeout
        | httpx2.PoolTimeout,
    )


def _answered(error: pai.ModelAPIError, provider: str, started: bool) -> ProviderError:
    status = error.status_code if isinstance(error, pai.ModelHTTPError) else None
    if status is None and not _categorised(error):
        return _unreadable(error, provider, started)
    retry_after = _sane(error.retry_after)
    made = _by_kind(error, status, provider, retry_after)
    made.detail["started"] = started
    if status is not None:
        made.detail["status"] = status
    if retry_after is not None or isinstance(made, RateLimited):
        made.detail["retry_after"] = retry_after
    return made


def _categorised(error: pai.ModelAPIError) -> bool:
    return type(error) is not pai.ModelAPIError or error.provider_error_type is not None


def _by_kind(
    error: pai.ModelAPIError, status: int | None, provider: str, retry_after: float | None
) -> ProviderError:
    said = f"{provider} answered {status}" if status is not None else f"{provider} reported an error"
    model = error.model_name
    match error:
        case pai.ModelQuotaExceededError():
            return ProviderError(
                f"{said}: the account's quota or credit is used up. Top it up, or switch model.",
                exhausted=True,
            )
        case pai.ModelRateLimitError():
            return RateLimited(f"{said} (rate limit). {_wait(retry_after)}")
        case pai.ModelAuthenticationError() if status == 403:
            return KeyRejected(
                f"{said}: this key may not use '{model}', or a proxy refuses. Try another model."
            )
        case pai.ModelAuthenticationError():
            return KeyRejected(f"{provider} does not accept the key. Check it, or set another.")
        case pai.ModelNotFoundError():
            return ModelUnavailable(
                f"{provider} does not know the model '{model}'. Choose another, or check the base URL.",
                model=model,
            )
        case pai.ModelContextWindowExceededError():
            return ProviderError(
                f"The chat is longer than the model '{model}' can read. Start a new chat, or use another."
            )
        case pai.ModelUnavailableError() | pai.ModelServerError():
            why = (
                "overloaded" if isinstance(error, pai.ModelOverloadedError) else "its servers have a problem"
            )
            return ProviderDown(f"{said} ({why}). {_wait(retry_after)}")
        case _:
            return _by_status(error, status, said, retry_after)


def _by_status(
    error: pai.ModelAPIError, status: int | None, said: str, retry_after: float | None
) -> ProviderError:
    if status == 429:
        return RateLimited(f"{said} (rate limit). {_wait(retry_after)}")
    if status is not None and (status >= 500 or status in RETRY_STATUSES):
        return ProviderDown(f"{said}. {_wait(retry_after)}")
    if status == 413:
        return ProviderError(f"{said}: the request is too large. Start a new chat, or use less data.")
    return ProviderError(f"{said}: the model '{error.model_name}' refused the request. Try another model.")


def _unreadable(error: pai.ModelAPIError, provider: str, started: bool) -> ProviderError:
    damaged = isinstance(error.__cause__, json.JSONDecodeError | UnicodeDecodeError)
    if damaged or started or "finish_reason" in error.message:
        return StreamCut(
            f"The answer from {provider} was damaged or broke off. What could be read is kept; ask again.",
            started=started,
        )
    return ProviderError(
        f"What {provider} answered is not a model's answer. Check the base URL and any proxy between.",
        started=False,
    )


def _sane(seconds: float | None) -> float | None:
    return seconds if seconds is not None and math.isfinite(seconds) and seconds >= 0 else None


def _wait(retry_after: float | None) -> str:
    if retry_after is None:
        return "Try again in a while, or switch model."
    if retry_after < 120:
        return f"Try again in {math.ceil(retry_after)} s, or switch model."
    return f"Try again in {math.ceil(retry_after / 60)} min, or switch model."
