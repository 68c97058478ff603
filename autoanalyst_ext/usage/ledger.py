"""`Ledger`: every model call is a durable row before it is sent, and is booked exactly once.

open -> checkpoint ... -> settle or void. The ledger also closes the attempts of processes that are gone.
Whether a call may be made and what it costs is worked out in `openings.py` and `closings.py`, in the
transactions of `journal.py`; sending it is left to `meter.py`, SQL to `store/`.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from ..errors import StoreError
from ..store import writable
from ..store.attempts import Attempt, Attempts, NewAttempt
from ..store.budgets import Groups
from ..store.calls_under_way import Checkpoint
from ..store.database import Database
from ..store.ids import new_id
from ..types.usage import TokenUsage, Usage
from .closings import Closed, CloseOrder
from .journal import Journal
from .openings import Opened, OpenOrder
from .owner import standing
from .prices import Price, PriceBook
from .rulebook import RuleBook

__all__ = ["SILENCE", "Ledger", "NewAttempt", "Opened"]

SILENCE = timedelta(hours=1)
"""An attempt whose process nobody here can look at counts as left behind after this long without a sign."""


class Ledger:
    """The attempts of this process, in one database. `groups`: who is in the groups that budgets name."""

    def __init__(
        self, database: Database, prices: PriceBook | None = None, groups: Groups | None = None
    ) -> None:
        self._database = database
        self._attempts = Attempts(database)
        self._rules = RuleBook(prices or PriceBook(), groups or {})
        self._journal = Journal(database, self._rules)

    async def open(self, attempt: NewAttempt, at_most: TokenUsage | None = None) -> Opened:
        """Store an attempt before its request is sent, and set aside what it can cost `at_most`.

        Raises BudgetReached, PaidCallsOff or Unpriced when it may not be made, StoreError when it cannot be
        stored: then the request must not be sent.
        """
        order = OpenOrder(new_id(), attempt, datetime.now(UTC), at_most or TokenUsage())
        return await self._journal.open(order)

    async def checkpoint(
        self, attempt_id: str, tokens: TokenUsage, *, first_token_ms: int | None = None
    ) -> None:
        """Store what is known so far of a call that is under way. After its end, nothing changes."""
        await self._journal.checkpoint(Checkpoint(attempt_id, tokens, datetime.now(UTC), first_token_ms))

    async def settle(
        self,
        attempt_id: str,
        tokens: TokenUsage | None,
        *,
        model_answered: str | None = None,
        estimated: bool = False,
        error_code: str | None = None,
        first_token_ms: int | None = None,
        latency_ms: int | None = None,
    ) -> Closed:
        """Book a call that reached the provider, once; returns its cost, and budgets nearly used up.

        `tokens` None: the provider gave no figures, so what was checkpointed stands as an estimate.
        An explicit zero is a figure. An attempt that has ended stays as it is, and its cost is returned.
        """
        order = CloseOrder(
            attempt_id,
            datetime.now(UTC),
            tokens,
            estimated=estimated,
            model_answered=model_answered,
            error_code=error_code,
            first_token_ms=first_token_ms,
            latency_ms=latency_ms,
        )
        return await self._journal.close(order)

    async def void(self, attempt_id: str, error_code: str) -> None:
        """Close a call that was refused before anything was generated: it cost nothing."""
        order = CloseOrder(attempt_id, datetime.now(UTC), None, void=True, error_code=error_code)
        await self._journal.close(order)

    async def get(self, attempt_id: str) -> Attempt:
        """One attempt; raises NotFound."""
        return await self._attempts.get(attempt_id)

    async def price(self, provider: str, model: str, at: datetime) -> Price | None:
        """What a model's tokens cost at a moment, an administrator's prices included; None: unpriced."""

        def work(connection: Connection) -> Price | None:
            return self._rules.prices(connection).price(provider, model, at)

        return await self._database.read(work)

    async def has_used(self, principal: str, provider: str) -> bool:
        """Whether a principal has ever sent anything to a provider."""
        return await self._attempts.any_at(principal, provider)

    async def usage_of_run(self, run_id: str) -> Usage:
        """What a run has used so far. For who owns the run: a door asks `store.runs` for it first."""
        return await self._attempts.usage_of_run(run_id)

    async def usage_of_principal(self, principal: str, *, since: datetime | None = None) -> Usage:
        """What a principal has used, in all or since a moment."""
        return await self._attempts.usage_of_principal(principal, since=since)

    async def recover(self) -> int:
        """Close the attempts of processes that are gone; returns how many this call closed.

        As an estimate from the last checkpoint where anything was received, else as void. The attempts
        of a process that lives are never touched, whoever asks.
        """
        orders = [
            CloseOrder(attempt.id, datetime.now(UTC), None, left=True, error_code="process_gone")
            for attempt in await self.left_behind()
        ]
        return sum([(await self._journal.close(order)).here for order in orders])

    async def left_behind(self) -> tuple[Attempt, ...]:
        """The attempts that `recover` would close."""
        return tuple(each for each in await self._attempts.started() if self._is_left_behind(each))

    async def paid_calls_possible(self) -> str | None:
        """None when a paid call can be recorded, else the reason why not, for the user.

        Shown by a real write; `open` is the check that counts, since the disk may fill up meanwhile.
        """
        try:
            await self._database.write(writable.prove)
        except StoreError as error:
            return f"Paid model calls are off, because they cannot be recorded. {error}"
        return None

    def _is_left_behind(self, attempt: Attempt) -> bool:
        match standing(attempt.owner):
            case "alive":
                return False
            case "gone":
                return True
            case "other_boot" if self._database.file is not None:
                # A SQLite file in use is shared by one running system only: that boot is over.
                return True
            case _:
                return datetime.now(UTC) - attempt.seen_at > SILENCE
