"""The tree of errors. Each knows its HTTP status and a stable code; the message is for the user.

AnalystError                    500 internal
├── BadRequest                  400 bad_request          the question, a flag or a body is wrong
│   ├── InvalidBody             422 invalid_body         a request's body does not fit its type
│   ├── UnknownAgent            400 unknown_agent
│   ├── UnknownModel            400 unknown_model        no such provider or model name
│   └── DataUnreadable          400 data_unreadable
├── NotFound                    404 not_found
├── Refused                     403 refused              policy says no
│   ├── PaidCallsOff            403 paid_calls_off       an administrator has switched them off
│   └── Unpriced                403 unpriced             a budget applies, and the price is unknown
├── LimitReached                409 limit_reached        rounds, tokens, time, repairs
│   └── BudgetReached           402 budget_reached       a limit of money
├── KernelGone                  502 kernel_gone          it died or did not start
├── ProviderError               502 provider_error       a model call failed
│   ├── KeyMissing              401 key_missing
│   ├── KeyRejected             401 key_rejected
│   ├── ModelUnavailable        404 model_unavailable    the provider does not know the model
│   ├── RateLimited             429 rate_limited
│   ├── ProviderDown            502 provider_down        5xx
│   ├── ProviderTimeout         504 provider_timeout
│   └── StreamCut               502 stream_cut           the answer broke off
└── StoreError                  503 store_error
    ├── StoreUnwritable         503 store_unwritable     read-only, full, network file system
    └── StoreOutdated           503 store_outdated       the schema and the program do not fit
"""

from typing import Any


class AnalystError(Exception):
    """Base of all errors that a user may see. `str(error)` is the message."""

    status = 500
    code = "internal"

    def __init__(self, message: str, **detail: Any) -> None:
        super().__init__(message)
        self.detail = detail
        """JSON-ready facts for programs, e.g. `{"retry_after": 20}`."""

    def as_json(self) -> dict[str, Any]:
        """The inner object of the wire's `{"error": ...}`."""
        return {"code": self.code, "message": str(self), "detail": self.detail}


class BadRequest(AnalystError):
    """What was asked for makes no sense as it stands."""

    status, code = 400, "bad_request"


class InvalidBody(BadRequest):
    """The body or a parameter of a request does not fit its type."""

    status, code = 422, "invalid_body"


class UnknownAgent(BadRequest):
    """A mention or `--agent` names nobody."""

    code = "unknown_agent"


class UnknownModel(BadRequest):
    """A model name has no provider we know."""

    code = "unknown_model"


class DataUnreadable(BadRequest):
    """A data file is missing or could not be read."""

    code = "data_unreadable"


class NotFound(AnalystError):
    """No such thing, or not yours."""

    status, code = 404, "not_found"


class Refused(AnalystError):
    """Policy says no."""

    status, code = 403, "refused"


class PaidCallsOff(Refused):
    """An administrator has switched paid model calls off; nothing was sent."""

    code = "paid_calls_off"


class Unpriced(Refused):
    """A budget applies to the call, and nobody knows what it would cost; nothing was sent."""

    code = "unpriced"


class LimitReached(AnalystError):
    """A limit of the run was reached; everything so far is kept."""

    status, code = 409, "limit_reached"


class BudgetReached(LimitReached):
    """The next model call could cost more than a budget has left; nothing was sent."""

    status, code = 402, "budget_reached"


class KernelGone(AnalystError):
    """The kernel died or could not be started."""

    status, code = 502, "kernel_gone"


class ProviderError(AnalystError):
    """A model call failed."""

    status, code = 502, "provider_error"


class KeyMissing(ProviderError):
    """No key for the provider."""

    status, code = 401, "key_missing"


class KeyRejected(ProviderError):
    """The provider does not accept the key."""

    status, code = 401, "key_rejected"


class ModelUnavailable(ProviderError):
    """The provider does not know the model, or does not offer it to this key."""

    status, code = 404, "model_unavailable"


class RateLimited(ProviderError):
    """Too many requests; `detail["retry_after"]` is seconds or None."""

    status, code = 429, "rate_limited"


class ProviderDown(ProviderError):
    """The provider answered 5xx or could not be reached."""

    code = "provider_down"


class ProviderTimeout(ProviderError):
    """The provider was silent for too long."""

    status, code = 504, "provider_timeout"


class StreamCut(ProviderError):
    """The answer broke off before its end."""

    code = "stream_cut"


class StoreError(AnalystError):
    """The database cannot do what is needed."""

    status, code = 503, "store_error"


class StoreUnwritable(StoreError):
    """The database cannot be written: read-only, full, or on a network file system."""

    code = "store_unwritable"


class StoreOutdated(StoreError):
    """The database's schema is newer than the program."""

    code = "store_outdated"
