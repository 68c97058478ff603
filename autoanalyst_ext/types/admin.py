"""What administrators and everybody else see of usage: over REST, and live over the `admin/stream` socket.

Amounts are sums over model calls that have ended. Days are UTC. A dashboard says which view it wants
(`watch`) and gets all of it, and all of it again whenever it has changed: nobody adds anything up twice.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from .usage import Usage
from .value import Value

Scope = Literal["mine", "everyone"]
"""Whose usage: one's own, which everybody may see, or everyone's, which an administrator may."""

LONGEST_DAYS = 400
"""Longest period that is shown."""

# --- what is shown -------------------------------------------------------------------------------


class UsageTotals(Value):
    """The first row of a dashboard."""

    usage: Usage
    """Requests (model calls), tokens, cost; what could not be priced is counted, not added as zero."""
    questions: int
    """Runs that were begun."""
    answered: int
    """Those of them that ended with an answer."""
    abstained: int
    """Those that ended saying what could not be answered."""
    failed: int
    stopped: int
    """By the user, or by a limit."""
    success_rate: float | None
    """`answered / (answered + abstained + failed)`, 0 to 1; `None` where none has ended."""
    seconds: float | None
    """Median time from a question to its answer, within 3.3 %; `None` where there is none."""
    users: int
    """Different people."""


class UsageDay(Value):
    """One day, also where nothing happened."""

    day: date
    usage: Usage
    questions: int
    failed: int
    users: int


class UsageModel(Value):
    """What one model was used for; by cost, then tokens, then name."""

    model: str
    """`provider:model`"""
    usage: Usage
    failed: int
    """Requests that ended with an error."""
    seconds: float | None
    """Median time of a request, within 3.3 %."""


class UsageUser(Value):
    """What one person used; by cost, then tokens, then name. The first ten."""

    user: str
    usage: Usage
    questions: int
    active_at: datetime
    """Of their last request or question in the period."""


class UsageView(Value):
    """All that a dashboard shows of a period."""

    scope: Scope
    start: date
    end: date
    """The last day, which is in it: today."""
    as_of: datetime
    now: UsageTotals
    before: UsageTotals
    """The same number of days before `start`."""
    days: tuple[UsageDay, ...]
    models: tuple[UsageModel, ...]
    users: tuple[UsageUser, ...]
    """Empty when the scope is `mine`."""


class UsageDays(Value):
    """The reply of `GET admin/usage/daily`."""

    days: tuple[UsageDay, ...]


class UsageModels(Value):
    """The reply of `GET admin/usage/models`."""

    models: tuple[UsageModel, ...]


class UsageUsers(Value):
    """The reply of `GET admin/usage/users`."""

    users: tuple[UsageUser, ...]


class Grant(Value):
    """The reply of `PUT admin/grants/{kernel}`: until when a kernel may read everyone's usage."""

    kernel: str
    expires_at: datetime


# --- over the socket -----------------------------------------------------------------------------


class WatchUsage(Value):
    """The one message of a dashboard: show this from now on."""

    kind: Literal["watch"] = "watch"
    scope: Scope
    days: int = Field(default=30, ge=1, le=LONGEST_DAYS)


class UsageTold(Value):
    """A whole view: at once after `watch`, and again at most four times a second when it has changed."""

    kind: Literal["usage"] = "usage"
    seq: int
    """Counts up by one for each message of a connection, from 1."""
    view: UsageView


class UsageLocked(Value):
    """Everyone's usage may not be shown now. When that changes, the view comes by itself."""

    kind: Literal["locked"] = "locked"
    seq: int
    code: Literal["key_required", "expired", "not_set"]
    """No key was given for this kernel; its quarter of an hour is over; the server has no admin key."""
    message: str
    """For the user: what to do."""


class UsageFailed(Value):
    """What was asked makes no sense, or the server cannot answer. The connection stays open."""

    kind: Literal["failed"] = "failed"
    seq: int
    code: str
    message: str


DashboardMessage = WatchUsage
"""What a dashboard sends."""

AdminMessage = Annotated[UsageTold | UsageLocked | UsageFailed, Field(discriminator="kind")]
"""What it gets."""
