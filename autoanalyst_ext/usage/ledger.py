"""`Ledger`: every model call is a durable row before it is sent, and is booked exactly once.

open -> checkpoint ... -> settle or void. The ledger prices what the provider counted, and closes the
attempts of processes that are gone. Sending the call is left to `meter.py`, SQL to `store/`.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from ..errors import StoreError
from ..store import writable
from ..store.attempts import Attempt, Attempts, Booking, NewAttempt
from ..store.database import Database
from ..store.ids import new_id
from ..types.usage import TokenUsage, Usage
from .owner import standing, this_process
from .prices import Price, PriceBook, cost

__all__ = ["SILENCE", "Ledger", "NewAttempt"]

SILENCE = timedelta(hours=1)
"""An attempt whose process nobody here can look at counts as left behind after this long without a sign."""


class Ledger:
    """The attempts of this process, in one database."""

    def __init__(self, database: Database, prices: PriceBook | None = None) -> None:
        self._database = database
        self._attempts = Attempts(database)
        self._prices = prices or PriceBook()

    async def open(self, attempt: NewAttempt) -> str:
        """Store an attempt before its request is sent; returns its id.

        Raises StoreError when it cannot be stored: then the request must not be sent.
        """
        await self._load_prices()
        now = datetime.now(UTC)
        price = self._prices.price(attempt.provider, attempt.model, now)
        attempt_id = new_id()
        await self._attempts.start(
            attempt_id,
            attempt,
            owner=this_process(),
            at=now,
            unit_prices=_unit_prices(price, TokenUsage()),
            price_source=None if price is None else price.source,
        )
        return attempt_id

    async def checkpoint(
        self, attempt_id: str, tokens: TokenUsage, *, first_token_ms: int | None = None
    ) -> None:
        """Store what is known so far of a call that is under way. After its end, nothing changes."""
        await self._attempts.checkpoint(
            attempt_id, tokens, at=datetime.now(UTC), first_token_ms=first_token_ms
        )

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
    ) -> int | None:
        """Book a call that reached the provider, once; returns its cost in pico-USD (None: unpriced).

        `tokens` None: the provider gave no figures, so what was checkpointed stands as an estimate.
        An explicit zero is a figure. An attempt that has ended stays as it is, and its cost is returned.
        """
        await self._load_prices()

        def booking(attempt: Attempt) -> Booking:
            return self._priced(attempt, tokens, model_answered).model_copy(
                update={
                    "state": "estimated" if estimated or tokens is None else "settled",
                    "error_code": error_code,
                    "first_token_ms": first_token_ms,
                    "latency_ms": latency_ms,
                }
            )

        attempt, _ = await self._attempts.close(attempt_id, booking)
        return attempt.cost_pusd

    async def void(self, attempt_id: str, error_code: str) -> None:
        """Close a call that was refused before anything was generated: it cost nothing."""
        await self._attempts.close(attempt_id, lambda attempt: _voided(attempt, error_code))

    async def get(self, attempt_id: str) -> Attempt:
        """One attempt; raises NotFound."""
        return await self._attempts.get(attempt_id)

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
        closed = 0
        for attempt in await self.left_behind():
            await self._load_prices()
            _, ended_here = await self._attempts.close(attempt.id, self._last_known)
            closed += ended_here
        return closed

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

    async def _load_prices(self) -> None:
        if not self._prices.loaded:
            await asyncio.to_thread(self._prices.load)

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

    def _last_known(self, attempt: Attempt) -> Booking:
        if attempt.tokens is None:
            return _voided(attempt, "process_gone")
        return self._priced(attempt, None, None).model_copy(update={"error_code": "process_gone"})

    def _priced(self, attempt: Attempt, tokens: TokenUsage | None, model_answered: str | None) -> Booking:
        """An estimate of `tokens`, or of what was checkpointed, at the price of the moment it was sent."""
        counted = tokens if tokens is not None else attempt.tokens
        price = self._price(attempt, model_answered)
        return Booking(
            state="estimated",
            ended_at=datetime.now(UTC),
            tokens=tokens,
            cost_pusd=_cost(price, counted),
            unit_prices=_unit_prices(price, counted or TokenUsage()),
            price_source=None if price is None else price.source,
            model_answered=model_answered,
        )

    def _price(self, attempt: Attempt, model_answered: str | None) -> Price | None:
        """The price of the model that answered; of the one that was asked, where the answer's is unknown."""
        moment = attempt.started_at
        answered = self._prices.price(attempt.provider, model_answered, moment) if model_answered else None
        return answered or self._prices.price(attempt.provider, attempt.model, moment)


def _voided(attempt: Attempt, error_code: str) -> Booking:
    return Booking(
        state="void",
        ended_at=datetime.now(UTC),
        cost_pusd=0,
        unit_prices=attempt.unit_prices,
        price_source=attempt.price_source,
        error_code=error_code,
    )


def _cost(price: Price | None, tokens: TokenUsage | None) -> int | None:
    """The cost; None where the price is unknown, or the tokens are and they are not free."""
    if price is None:
        return None
    if tokens is None:
        return 0 if price.is_free else None
    return cost(price, tokens)


def _unit_prices(price: Price | None, tokens: TokenUsage) -> dict[str, str] | None:
    if price is None:
        return None
    return {name: format(rate, "f") for name, rate in price.rates_for(tokens)}
