"""What one person used, and what it would have cost with another model: `GET usage`, `%analyst usage`."""

from typing import Literal

from pydantic import Field

from .admin import LONGEST_DAYS
from .usage import Usage
from .value import Value

UsageBy = Literal["day", "chat", "notebook", "agent", "model"]
"""What rows of one's own usage are about."""

UsagePeriod = Literal["today", "week", "month", "all"]
"""Of the person's time zone; weeks begin on Monday."""


class UsageOrder(Value):
    """What somebody wants to know of their own usage."""

    zone: str = "UTC"
    """IANA name; whose days, weeks and months."""
    period: UsagePeriod = "all"
    days: int | None = Field(default=None, ge=1, le=LONGEST_DAYS)
    """So many days up to today, instead of a period."""
    chat: str | None = None
    notebook: str | None = None
    run: str | None = None
    by: UsageBy | None = None
    as_model: str | None = Field(default=None, alias="as", pattern=r"^[^:\s]+:\S+$")
    """`provider:model` of the what-if bill."""


class UsageRow(Value):
    """What one day, chat, notebook, agent or model used."""

    name: str
    """Date, id of the chat, path, name of the agent, `provider:model`; empty where it is not known."""
    title: str
    """For people."""
    usage: Usage


class Bill(Value):
    """What the same tokens would have cost with another model, at today's price, call by call."""

    model: str
    """`provider:model`"""
    cost_usd: str | None
    """Of the requests that are repriced; `None` where the model has no known price."""
    real_usd: str | None
    """What the same requests really cost; `None` where none of them had a price."""
    repriced_requests: int
    left_out_requests: int
    """Requests whose tokens the provider did not count: they are in neither figure."""
    offline_questions: int
    """Questions that the offline analyst answered, for nothing."""
    saved_usd: str | None
    """What these would have cost with that model; `None` where there is nothing to go by."""
    basis: str
    """How the figures came about, for people."""


class OwnUsage(Usage):
    """The reply of `GET usage`: first what was asked for, then what it is part of."""

    today: Usage
    """These four are of the same chat, notebook or run, if one was asked for."""
    week: Usage
    month: Usage
    all: Usage
    rows: tuple[UsageRow, ...] = ()
    """The dearest first, days the newest first; empty unless asked for."""
    bill: Bill | None = None
