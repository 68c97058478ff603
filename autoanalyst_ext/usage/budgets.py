"""Budgets in figures and words: which of them a model call counts to, how they stand, what a refusal says.

Everything here is pure. Rows and sums are `store/budgets.py`'s; refusing and holding is `ledger.py`'s.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ..errors import BudgetReached, PaidCallsOff, Unpriced
from ..store.budgets import ANY_MODEL, BudgetRow, Called, Groups, is_member
from ..store.switches import Switch
from ..types.budgets import Budget, BudgetState
from ..types.usage import PICO, usd
from .periods import Period

_ADJECTIVES = {"day": "daily", "week": "weekly", "month": "monthly"}
_OFFLINE = "the offline analyst (offline:analyst) answers free"


def applying(rows: Iterable[BudgetRow], call: Called, groups: Groups) -> tuple[BudgetRow, ...]:
    """The budgets that a model call counts to."""
    return tuple(row for row in rows if row.covers(call, groups))


def concerns(row: BudgetRow, principal: str, groups: Groups) -> bool:
    """Whether calls of this person may count to a budget."""
    if row.scope == "group":
        return is_member(principal, groups.get(row.name, ()))
    return row.principal_id in (None, principal)


def is_warned(row: BudgetRow, spent: int) -> bool:
    """Whether so many pico-USD spent are worth a warning."""
    return spent * 100 >= row.limit_pusd * row.warn_percent


def state_of(
    row: BudgetRow, period: Period, *, spent: int, held: int, title: str | None = None, mine: bool = False
) -> BudgetState:
    """How a budget stands with so many pico-USD `spent` and `held` in a period."""
    left = max(0, row.limit_pusd - spent - held)
    return BudgetState(
        budget=budget_of(row),
        title=row.name if title is None else title,
        words=words(row, title),
        start=period.start,
        end=period.end,
        spent_usd=usd(spent),
        held_usd=usd(held),
        left_usd=usd(left),
        percent=spent * 100 // row.limit_pusd if row.limit_pusd else 100,
        warned=is_warned(row, spent),
        reached=left == 0,
        mine=mine,
    )


def budget_of(row: BudgetRow) -> Budget:
    """A budget as the wire has it."""
    return Budget(
        id=row.id,
        principal=row.principal_id,
        scope=row.scope,
        name=row.name,
        period=row.period,
        zone=row.zone,
        limit_usd=usd(row.limit_pusd),
        warn_percent=row.warn_percent,
        made_by=row.made_by,
        created_at=row.created_at,
    )


def words(row: BudgetRow, title: str | None = None) -> str:
    """What a budget is: `monthly budget of ann`. `title`: of its chat, where it is known."""
    kind = f"{_ADJECTIVES[row.period]} budget"
    whose = (
        "" if row.principal_id is None else f" of {row.principal_id.partition(':')[2] or row.principal_id}"
    )
    match row.scope:
        case "everything":
            return f"{kind}{whose or ' of everybody'}"
        case "group":
            return f"{kind} of the group {row.name}"
        case "notebook":
            return f"{kind}{whose} for the notebook {row.name}"
        case "chat":
            return f"{kind}{whose} for the chat {title}" if title else f"{kind}{whose} for this chat"
        case "agent":
            return f"{kind}{whose} for @{row.name}"
        case "model":
            provider, _, model = row.name.partition(":")
            which = f"all models of {provider}" if model == ANY_MODEL else row.name
            return f"{kind}{whose} for {which}"


def warning(state: BudgetState) -> str:
    """The soft warning, for people."""
    budget = state.budget
    return (
        f"{state.percent} % of the {state.words} is used: {money(Decimal(state.spent_usd))} of "
        f"${budget.limit_usd}. It begins again on {_when(state.end, budget.zone)}."
    )


def reached(row: BudgetRow, period: Period, *, spent: int, held: int, needed: int) -> BudgetReached:
    """Why a call that could cost `needed` pico-USD is not sent."""
    left = max(0, row.limit_pusd - spent - held)
    facts = [f"{money(_dollars(spent))} of ${usd(row.limit_pusd)} is spent"]
    if held:
        facts.append(f"{money(_dollars(held))} is set aside for calls under way")
    if left:
        facts.append(f"the next model call could cost up to {money(_dollars(needed))}")
    *first, last = facts
    said = f"{', '.join(first)} and {last}" if first else last
    return BudgetReached(
        f"The {words(row)} is reached: {said}. Nothing more was sent. Your question and "
        f"everything so far are kept. Raise the budget, choose a cheaper model, or wait until "
        f"{_when(period.end, row.zone)}; {_OFFLINE}.",
        budget=row.id,
        limit_usd=usd(row.limit_pusd),
        spent_usd=usd(spent),
        held_usd=usd(held),
        needed_usd=usd(needed),
        period_end=period.end.isoformat(),
        zone=row.zone,
    )


def off(switch: Switch) -> PaidCallsOff:
    """Why no call that costs money is sent."""
    why = f" The reason: {reason}." if (reason := switch.reason.strip().rstrip(".")) else ""
    return PaidCallsOff(
        f"Paid model calls are switched off since {switch.changed_at.astimezone(UTC):%d %b %Y %H:%M} UTC."
        f"{why} Nothing more was sent. Your question and everything so far are kept. Wait until an "
        f"administrator switches them on again; {_OFFLINE}, and so do models on your own machine.",
        reason=switch.reason,
        since=switch.changed_at.isoformat(),
    )


def unpriced(row: BudgetRow, provider: str, model: str) -> Unpriced:
    """Why a call of unknown price is not sent where a budget applies."""
    return Unpriced(
        f"Nobody knows what {provider}:{model} costs, so it cannot be used under the {words(row)}. "
        "Nothing more was sent. Your question and everything so far are kept. Choose another model, or have "
        f"an administrator set its price: autoanalyst admin price set {provider}:{model}; {_OFFLINE}.",
        budget=row.id,
        model=f"{provider}:{model}",
    )


def money(amount: Decimal) -> str:
    """An amount with as many digits as it takes to be seen: `$12.40`, `$0.0042`, `$0.00000053`."""
    digits = 4 if abs(amount) < 1 else 2
    while digits < 12 and amount and abs(amount) < Decimal(10) ** (1 - digits):
        digits += 1
    whole, _, fraction = f"{amount:,.{digits}f}".partition(".")
    return f"${whole}.{fraction.rstrip('0').ljust(2, '0')}"


def _dollars(pico: int) -> Decimal:
    return Decimal(pico) / PICO


def _when(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %Y, %H:%M} ({zone})"
