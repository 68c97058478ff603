"""What happens when model calls end: what they cost, who paid, and what of the set-aside money is free again.

Worked out inside the journal's transaction, each call exactly once. What a provider's figures mean is left to
`providers/usage.py`, the sums of dashboards to `store/call_sums.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from ..errors import NotFound
from ..store import accounts, call_sums, calls_under_way
from ..store.accounts import BUDGETS, Entry, Hold, HoldEnd, principal_account, provider_account
from ..store.calls_under_way import Checkpoint, Closing, Ended, UnderWay
from ..store.columns import micros
from ..types.budgets import BudgetState
from ..types.usage import TokenUsage
from .openings import NOTHING, Limit, limits_of, unit_prices, warnings
from .prices import Price, PriceBook, cost
from .rulebook import Rules


class CloseOrder(NamedTuple):
    """How a call ended."""

    attempt_id: str
    at: datetime
    tokens: TokenUsage | None
    """None: the provider gave no figures, so what was checkpointed stands as an estimate."""
    estimated: bool = False
    void: bool = False
    """It brought nothing and cost nothing."""
    left: bool = False
    """Its process is gone: void where nothing was received, else an estimate."""
    model_answered: str | None = None
    error_code: str | None = None
    first_token_ms: int | None = None
    latency_ms: int | None = None


class Closed(NamedTuple):
    """A call that has ended."""

    cost_pusd: int | None
    """None: its price is unknown."""
    here: bool
    """Whether this order ended it, and not one before."""
    warnings: tuple[BudgetState, ...] = ()
    """Budgets that are nearly used up, now that it is paid."""


def note_all(connection: Connection, orders: Sequence[Checkpoint]) -> list[NotFound | None]:
    """Store what is known of calls that are under way; of those that have ended, nothing changes."""
    if calls_under_way.checkpoint(connection, orders) == len(orders):
        return [None] * len(orders)
    there = calls_under_way.find(connection, {order.attempt_id for order in orders})
    return [None if order.attempt_id in there else not_found(order.attempt_id) for order in orders]


def not_found(attempt_id: str) -> NotFound:
    """What is said of an attempt that was never opened."""
    return NotFound(f"There is no attempt {attempt_id}.", attempt_id=attempt_id)


class Stale(Exception):
    """A call that was thought to be under way had been ended by somebody else."""


def close_all(
    connection: Connection, orders: Sequence[CloseOrder], known: Mapping[str, UnderWay], rules: Rules
) -> list[Closed | NotFound]:
    """End the calls that are under way; those that have ended stay as they are.

    `known`: calls that this process opened, which need no looking up. Raises `Stale` when one of them is not
    under way after all: then nothing is written, and the caller asks again without it.
    """
    unknown = {order.attempt_id for order in orders} - known.keys()
    found: dict[str, UnderWay | Ended] = dict(known)
    if unknown:
        found |= calls_under_way.find(connection, unknown)
    outcomes: list[Closed | NotFound] = []
    bills: list[_Bill] = []
    for order in orders:
        match found.get(order.attempt_id):
            case None:
                outcomes.append(not_found(order.attempt_id))
            case Ended(paid):
                outcomes.append(Closed(paid, here=False))
            case UnderWay() as call:
                bill = _bill(call, order, rules.prices)
                bills.append(bill)
                outcomes.append(Closed(bill.closing.cost_pusd, here=True))
                found[order.attempt_id] = Ended(bill.closing.cost_pusd)
    if not bills:
        return outcomes
    due = _store(connection, bills, rules)
    return [
        outcome._replace(warnings=due.get(order.attempt_id, ()))
        if isinstance(outcome, Closed) and outcome.here
        else outcome
        for order, outcome in zip(orders, outcomes, strict=True)
    ]


class _Bill(NamedTuple):
    call: UnderWay
    order: CloseOrder
    closing: Closing

    @property
    def hold_end(self) -> HoldEnd:
        if self.order.left:
            return "expired"
        return "void" if self.closing.state == "void" else "settled"


def _bill(call: UnderWay, order: CloseOrder, prices: PriceBook) -> _Bill:
    """What a call came to."""
    void = order.void or (order.left and call.tokens is None)
    price = _price(call, None if void else order.model_answered, prices)
    tokens = order.tokens if order.tokens is not None else call.tokens
    estimated = order.estimated or order.tokens is None
    closing = Closing(
        attempt_id=call.id,
        state="void" if void else "estimated" if estimated else "settled",
        at=order.at,
        tokens=order.tokens,
        cost_pusd=0 if void else _cost(price, tokens),
        unit_prices=unit_prices(price, NOTHING if void else tokens or NOTHING),
        price_source=None if price is None else price.source,
        model_answered=order.model_answered,
        error_code=order.error_code,
        first_token_ms=order.first_token_ms,
        latency_ms=order.latency_ms,
    )
    return _Bill(call, order, closing)


def _price(call: UnderWay, answered: str | None, prices: PriceBook) -> Price | None:
    """The price, when the call began, of the model that answered; else of the one that was asked.

    What an administrator has set for either comes first: the name of a deployment (Azure) is only asked for.
    """
    provider, moment = call.call.provider, call.started_at
    found = prices.price(provider, answered, moment) if answered else None
    if found is not None and (found.is_override or not prices.rows):
        return found
    asked = prices.price(provider, call.call.model, moment)
    return asked if found is None or (asked is not None and asked.is_override) else found


def _cost(price: Price | None, tokens: TokenUsage | None) -> int | None:
    """The cost; None where the price is unknown, or the tokens are and they are not free."""
    if price is None:
        return None
    if tokens is None:
        return 0 if price.is_free else None
    return cost(price, tokens)


def _store(
    connection: Connection, bills: Collection[_Bill], rules: Rules
) -> dict[str, tuple[BudgetState, ...]]:
    """Write it all down; returns the warnings that are due, by call."""
    if calls_under_way.close(connection, [bill.closing for bill in bills]) != len(bills):
        raise Stale
    _free_holds(connection, bills)
    paid = [bill for bill in bills if bill.closing.cost_pusd]
    limits = _limits(connection, paid, rules) if rules.budgets else {}
    accounts.post(connection, [_entry(bill, limits.get(bill.call.id, ())) for bill in paid])
    call_sums.add(connection, map(_ended, bills))
    return _warnings(connection, limits)


def _free_holds(connection: Connection, bills: Collection[_Bill]) -> None:
    by_end: dict[HoldEnd, list[Hold]] = {}
    for bill in bills:
        if bill.call.holds:
            by_end.setdefault(bill.hold_end, []).extend(bill.call.holds)
    for end, holds in by_end.items():
        accounts.release(connection, holds, end, at=next(iter(bills)).order.at)


def _limits(connection: Connection, bills: Collection[_Bill], rules: Rules) -> dict[str, tuple[Limit, ...]]:
    """The budgets that count each call and whose period has its account.

    Where a period's account is not open yet, it will begin with what the call cost. A budget that was made
    while the call ran counts it too.
    """
    accounts.lock_posting(connection)
    wanted = {bill.call.id: tuple(limits_of(bill.call.call, bill.call.started_at, rules)) for bill in bills}
    there = accounts.balances(connection, {limit.account for found in wanted.values() for limit in found})
    return {call: tuple(each for each in found if each.account in there) for call, found in wanted.items()}


def _warnings(
    connection: Connection, limits: Mapping[str, Sequence[Limit]]
) -> dict[str, tuple[BudgetState, ...]]:
    if not any(limits.values()):
        return {}
    now = accounts.balances(connection, {limit.account for found in limits.values() for limit in found})
    return {call: tuple(warnings(found, now)) for call, found in limits.items()}


def _entry(bill: _Bill, limits: Sequence[Limit]) -> Entry:
    """The person used it, the provider is owed it; every budget that counts it has spent it."""
    paid = bill.closing.cost_pusd or 0
    call = bill.call.call
    postings = {principal_account(call.principal_id): paid, provider_account(call.provider): -paid}
    if limits:
        budgets = dict.fromkeys((limit.account for limit in limits), paid)
        postings |= budgets | {BUDGETS: -paid * len(budgets)}
    return Entry(bill.call.id, "settle", bill.order.at, postings)


def _ended(bill: _Bill) -> call_sums.Ended:
    call, closing = bill.call.call, bill.closing
    tokens = closing.tokens if closing.tokens is not None else bill.call.tokens
    counts = tuple((tokens or NOTHING).__dict__.values())
    first = closing.first_token_ms if closing.first_token_ms is not None else bill.call.first_token_ms
    return call_sums.Ended(
        started_at_us=micros(bill.call.started_at),
        principal_id=call.principal_id,
        provider=call.provider,
        model=call.model,
        agent=call.agent,
        state=closing.state,
        priced=closing.cost_pusd is not None,
        cost_pusd=closing.cost_pusd or 0,
        error=closing.error_code is not None,
        tokens=counts,
        first_token_ms=first,
        latency_ms=closing.latency_ms,
    )
