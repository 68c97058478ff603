"""Model calls as they are after they ended, put into a database without a ledger: any cost, any time."""

from datetime import datetime

from sqlalchemy import Connection

from autoanalyst_ext.store import call_sums, calls_under_way
from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.calls_under_way import Closing, Opening, UnderWay
from autoanalyst_ext.store.columns import micros
from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.types.usage import AttemptState, TokenUsage
from autoanalyst_ext.usage.owner import this_process


def put(
    connection: Connection,
    call: NewAttempt,
    *,
    at: datetime,
    state: AttemptState = "settled",
    cost: int | None = None,
    tokens: TokenUsage | None = None,
    latency_ms: int | None = None,
    summed: bool = True,
) -> str:
    """Store a call begun at `at`, and its sums unless they cannot hold it; returns its id."""
    number = new_id()
    opening = Opening(UnderWay(number, call, at, None, None), None, None)
    calls_under_way.insert(connection, [opening], this_process())
    if state == "started":
        return number
    closing = Closing(number, state, at, tokens, cost, None, None, None, None, None, latency_ms)
    assert calls_under_way.close(connection, [closing]) == 1
    if not summed:
        return number
    ended = call_sums.Ended(
        started_at_us=micros(at),
        principal_id=call.principal_id,
        provider=call.provider,
        model=call.model,
        agent=call.agent,
        state=state,
        priced=cost is not None,
        cost_pusd=cost or 0,
        error=False,
        tokens=tuple((tokens or TokenUsage()).model_dump().values()),
        first_token_ms=None,
        latency_ms=latency_ms,
    )
    call_sums.add(connection, [ended])
    return number
