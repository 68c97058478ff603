"""Limits of money: budgets and how they stand, and whether paid model calls are on."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from .value import Value

PeriodKind = Literal["day", "week", "month"]
"""Weeks begin on Monday."""

BudgetScope = Literal["everything", "group", "notebook", "chat", "agent", "model"]

_DOLLARS = r"^[0-9]{1,6}(\.[0-9]{1,12})?$"
"""An amount that is not negative. Below a million, and so far within 64 bits as whole pico-USD."""
_TEXT = r"^[^\x00]*$"
"""What every database can hold."""


class NewBudget(Value):
    """A limit that somebody sets."""

    principal: str | None = Field(default=None, max_length=255, pattern=_TEXT)
    """Whose model calls count: the id of a person, such as `account:ann`; `null`: everybody's together."""
    scope: BudgetScope = "everything"
    """Which of those calls count."""
    name: str = Field(default="", max_length=320, pattern=_TEXT)
    """Of the group, notebook (its path), chat (its id), agent or model (`openai:gpt-5-mini`; `openai:*` is
    all of a provider's); empty for `everything`."""
    period: PeriodKind = "month"
    zone: str = Field(default="UTC", max_length=64)
    """IANA name of the time zone of its days, weeks and months."""
    limit_usd: str = Field(pattern=_DOLLARS)
    """Dollars, as an exact decimal string. `0`: nothing may be spent."""
    warn_percent: int = Field(default=80, ge=1, le=100)
    """A warning is shown from this part of the limit on."""


class BudgetChange(Value):
    """What of a budget is changed; what is left out stays."""

    limit_usd: str | None = Field(default=None, pattern=_DOLLARS)
    warn_percent: int | None = Field(default=None, ge=1, le=100)


class Budget(NewBudget):
    """A limit that holds."""

    id: str
    made_by: str
    """The principal or administrator that set it."""
    created_at: datetime


class BudgetState(Value):
    """A budget, and how it stands in the period that is under way."""

    budget: Budget
    title: str
    """Its name for people: the chat's title where that is known, else `budget.name`."""
    words: str
    """What it is, such as `monthly budget of ann`."""
    start: datetime
    """The first moment of the period."""
    end: datetime
    """The first moment after the period: then all of the limit may be spent again."""
    spent_usd: str
    """Dollars that the period's model calls cost, as an exact decimal string."""
    held_usd: str
    """Dollars set aside for calls that are under way."""
    left_usd: str
    """Dollars that the next call may cost at most; never below zero."""
    percent: int
    """Of the limit that is spent, rounded down; 100 where the limit is zero."""
    warned: bool
    """Whether the warning is due."""
    reached: bool
    """Whether nothing is left: all is spent or set aside."""
    mine: bool = False
    """Whether whoever asks set it for themselves, and so may change it."""


class PaidCalls(Value):
    """Whether model calls that cost money are on."""

    on: bool = True
    reason: str = ""
    """Why they are off, in the words of whoever switched them off."""
    since: datetime | None = None
    """When they were switched off; `null` while they are on."""


class BudgetStates(Value):
    """The reply of `GET budgets` and `GET admin/budgets`."""

    budgets: tuple[BudgetState, ...]
    paid_calls: PaidCalls = PaidCalls()


class AdminPolicy(Value):
    """What holds for everybody at once: the reply of `GET admin/policy`."""

    paid_calls: Literal["on", "off"]
    reason: str
    """In the words of whoever switched it last; empty where nobody did."""
    changed_by: str | None
    changed_at: datetime | None


class PolicyChange(Value):
    """Switch paid model calls on or off, everywhere."""

    paid_calls: Literal["on", "off"]
    reason: str = Field(default="", max_length=500, pattern=_TEXT)
    """Shown to everybody whose question is refused."""
