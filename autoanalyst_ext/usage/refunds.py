"""`Refunds`: money that is given back to whoever paid it, and to the budgets that counted it, once per call.

What the provider is owed, and so what dashboards show of usage, stays as it was: a refund is an entry of its
own, against the account `refunds`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from ..errors import BadRequest, NotFound
from ..store import accounts
from ..store.accounts import BUDGETS, Entry
from ..store.attempts import paid_calls
from ..store.database import Database

REFUNDS = "refunds"
"""The account that stands against those of people: what it gave, they got back."""


class Refunds:
    """The refunds in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(self, attempt_id: str, pico_usd: int | None = None) -> int:
        """Give back what a model call cost, or `pico_usd` of it; returns how much.

        Raises NotFound where there is nothing that was paid, BadRequest for more than that, for nothing or
        less, and where it was given back before.
        """

        def work(connection: Connection) -> int:
            # Of two who give back the same at the same time, the second sees what the first did.
            accounts.lock_alone(connection)
            return _give(connection, attempt_id, pico_usd)

        return await self._database.write(work)

    async def give_run(self, run_id: str) -> int:
        """Give back what all model calls of a question cost; returns how much. Raises as `give`."""

        def work(connection: Connection) -> int:
            accounts.lock_alone(connection)
            calls = paid_calls(connection, run_id)
            if not calls:
                raise NotFound(f"Nothing was paid for {run_id}.", run_id=run_id)
            return sum([_give(connection, call, None) for call in calls])

        return await self._database.write(work)


def _give(connection: Connection, attempt_id: str, wanted: int | None) -> int:
    paid = accounts.postings_of(connection, attempt_id, "settle")
    if not paid:
        raise NotFound(f"Nothing was paid for {attempt_id}.", attempt_id=attempt_id)
    if accounts.postings_of(connection, attempt_id, "refund"):
        raise BadRequest(f"What {attempt_id} cost was given back before.", attempt_id=attempt_id)
    cost = max(paid.values())
    amount = cost if wanted is None else wanted
    if not 0 < amount <= cost:
        raise BadRequest("Give back more than nothing, and no more than it cost.", attempt_id=attempt_id)
    postings = _postings([account for account, posted in paid.items() if posted > 0], amount)
    accounts.post(connection, [Entry(attempt_id, "refund", datetime.now(UTC), postings)])
    return amount


def _postings(payers: Sequence[str], amount: int) -> dict[str, int]:
    budgets = [account for account in payers if account.startswith("budget:")]
    back = dict.fromkeys(payers, -amount) | {REFUNDS: amount}
    return back | {BUDGETS: amount * len(budgets)} if budgets else back
