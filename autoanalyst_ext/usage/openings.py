"""What happens when model calls are opened: may they be made, and what is set aside for them.

Worked out inside the journal's transaction, for all calls that came together, with the accounts of their
budgets locked: so calls that run at the same time, here or in other processes, cannot pass one budget.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from ..errors import AnalystError
from ..store import accounts, calls_under_way
from ..store.accounts import BUDGETS, Balance, Entry, Hold
from ..store.attempts import NewAttempt, Owner
from ..store.budgets import BudgetRow, account_of, spent_before
from ..store.calls_under_way import Opening, UnderWay
from ..store.ids import new_id
from ..types.budgets import BudgetState
from ..types.usage import TokenUsage
from . import budgets
from .periods import Period, period_of
from .prices import Price, cost
from .rulebook import Rules

NOTHING = TokenUsage()


class OpenOrder(NamedTuple):
    """A call that somebody wants to make."""

    id: str
    call: NewAttempt
    at: datetime
    at_most: TokenUsage
    """What it can use at most; that much is set aside where a budget applies."""


class Opened(NamedTuple):
    """A call that may be made."""

    under_way: UnderWay
    price: Price | None
    warnings: tuple[BudgetState, ...]
    """Budgets that are nearly used up."""

    @property
    def id(self) -> str:
        """Of the attempt."""
        return self.under_way.id


class Limit(NamedTuple):
    """A budget in one of its periods."""

    row: BudgetRow
    period: Period
    account: str


class _Wanted(NamedTuple):
    order: OpenOrder
    price: Price | None
    amount: int
    """Pico-USD to set aside."""
    limits: tuple[Limit, ...]


def open_all(
    connection: Connection, orders: Sequence[OpenOrder], rules: Rules, owner: Owner
) -> list[Opened | AnalystError]:
    """Store the calls that may be made, in the order in which they came, and say of the others why not."""
    wanted = [_wanted(order, rules) for order in orders]
    limits = {limit.account: limit for want in wanted if isinstance(want, _Wanted) for limit in want.limits}
    standing = _opened(connection, limits, rules) if limits else {}
    outcomes = [want if isinstance(want, AnalystError) else _decide(want, standing) for want in wanted]
    opened = [outcome for outcome in outcomes if isinstance(outcome, Opened)]
    calls_under_way.insert(connection, map(_row, opened), owner)
    holds = [hold for one in opened for hold in one.under_way.holds]
    if holds:
        accounts.place(connection, holds, at=opened[0].under_way.started_at)
    return outcomes


def limits_of(call: NewAttempt, at: datetime, rules: Rules) -> Iterator[Limit]:
    """The budgets that count a call begun at `at`, each in its period."""
    for row in budgets.applying(rules.budgets, call, rules.groups):
        period = period_of(row.period, row.zone, at)
        yield Limit(row, period, account_of(row, period.start))


def unit_prices(price: Price | None, tokens: TokenUsage) -> str | None:
    """The rates that hold for a call of this size, as it stores them."""
    return None if price is None else price.tariff(tokens).as_stored


def _wanted(order: OpenOrder, rules: Rules) -> "_Wanted | AnalystError":
    price = rules.prices.price(order.call.provider, order.call.model, order.at)
    if price is not None and price.is_free:
        return _Wanted(order, price, 0, ())
    if rules.off is not None:
        return budgets.off(rules.off)
    limits = tuple(limits_of(order.call, order.at, rules))
    if price is None:
        if limits:
            return budgets.unpriced(limits[0].row, order.call.provider, order.call.model)
        return _Wanted(order, None, 0, ())
    return _Wanted(order, price, _upper_bound(price, order.at_most) if limits else 0, limits)


def _upper_bound(price: Price, at_most: TokenUsage) -> int:
    """What a call can cost at most: all input may be written to a cache, all output may be reasoning."""
    inputs, outputs = at_most.input_tokens, at_most.output_tokens
    return max(
        cost(price, at_most.model_copy(update={"cache_write_tokens": written, "reasoning_tokens": reasoned}))
        for written in (0, inputs)
        for reasoned in (0, outputs)
    )


def _opened(connection: Connection, limits: dict[str, Limit], rules: Rules) -> dict[str, Balance]:
    """How the accounts of these budgets stand; the first call of a period opens its account."""
    standing = accounts.balances(connection, limits, lock=True)
    missing = [limits[account] for account in sorted(limits.keys() - standing.keys())]
    if missing:
        accounts.lock_alone(connection)
        for limit in missing:
            _open_account(connection, limit, rules)
        standing = accounts.balances(connection, limits, lock=True)
    return standing


def _open_account(connection: Connection, limit: Limit, rules: Rules) -> None:
    """Open the account of a period with what its calls cost before the budget was there."""
    if not accounts.open_once(connection, limit.account, at=limit.period.start):
        return
    spent = spent_before(connection, limit.row, limit.period.start, limit.period.end, rules.groups)
    postings = {limit.account: spent, BUDGETS: -spent}
    accounts.post(connection, [Entry(new_id(), "opening", limit.period.start, postings)])


def _decide(want: _Wanted, standing: dict[str, Balance]) -> Opened | AnalystError:
    """Set money aside in `standing`, in every budget that applies or in none."""
    for limit in want.limits:
        now = standing[limit.account]
        if now.balance + now.held + want.amount > limit.row.limit_pusd:
            return budgets.reached(
                limit.row, limit.period, spent=now.balance, held=now.held, needed=want.amount
            )
    for limit in want.limits:
        now = standing[limit.account]
        standing[limit.account] = now._replace(held=now.held + want.amount)
    order = want.order
    holds = tuple(Hold(order.id, limit.account, want.amount) for limit in want.limits)
    under_way = UnderWay(order.id, order.call, order.at, None, None, holds)
    return Opened(under_way, want.price, tuple(warnings(want.limits, standing)))


def warnings(limits: Collection[Limit], standing: Mapping[str, Balance]) -> Iterator[BudgetState]:
    """The budgets of which so much is spent that it is worth a warning."""
    for limit in limits:
        now = standing[limit.account]
        if budgets.is_warned(limit.row, now.balance):
            yield budgets.state_of(limit.row, limit.period, spent=now.balance, held=now.held)


def _row(one: Opened) -> Opening:
    source = None if one.price is None else one.price.source
    return Opening(one.under_way, unit_prices(one.price, NOTHING), source)
