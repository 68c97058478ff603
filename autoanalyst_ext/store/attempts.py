"""Attempts: one row per request to a provider, and their sums. What they cost is worked out in `usage/`.

An attempt is `started`, then ends exactly once; a row that has ended never changes.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Update, case, func, insert, select, update

from ..errors import NotFound
from ..types.runs import EgressLevel
from ..types.usage import AttemptState, TokenUsage, Usage, usd
from ..types.value import Value
from .database import Database
from .sums import cost_columns, whole
from .tables import attempts

_TOKENS = tuple(TokenUsage.model_fields)


class NewAttempt(Value):
    """A model call that is about to be sent."""

    provider: str
    model: str
    """The model that is asked, without the provider."""
    principal_id: str
    purpose: str = "answer"
    """What the call is for: `answer`, `plan`, `title`, `fix`, ..."""
    agent: str | None = None
    run_id: str | None = None
    step: int | None = None
    """1-based, within the run."""
    chat_id: str | None = None
    request_digest: str | None = None
    """SHA-256 of the payload, hexadecimal."""
    egress_level: EgressLevel | None = None


class Owner(Value):
    """The process that an attempt belongs to."""

    pid: int
    start: str
    """When the process began, as its system counts: two processes of one pid differ in it."""
    boot: str
    """The run of the system, and the container, in which `pid` means something."""


class Attempt(NewAttempt):
    """An attempt as it is stored."""

    id: str
    state: AttemptState
    model_answered: str | None
    tokens: TokenUsage | None
    """None: the provider gave no figures (yet)."""
    cost_pusd: int | None
    """Whole pico-USD. None: not booked yet, or the price is unknown."""
    unit_prices: dict[str, str] | None
    """Dollars per million tokens of each kind, as decimal text; None when the price is unknown."""
    price_source: str | None
    error_code: str | None
    started_at: datetime
    seen_at: datetime
    """The last sign of life before it ended."""
    ended_at: datetime | None
    first_token_ms: int | None
    latency_ms: int | None
    owner: Owner


class Booking(Value):
    """What closes an attempt."""

    state: AttemptState
    ended_at: datetime
    tokens: TokenUsage | None = None
    cost_pusd: int | None = None
    unit_prices: dict[str, str] | None = None
    price_source: str | None = None
    model_answered: str | None = None
    error_code: str | None = None
    first_token_ms: int | None = None
    latency_ms: int | None = None


class Attempts:
    """The attempts in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(
        self,
        attempt_id: str,
        attempt: NewAttempt,
        *,
        owner: Owner,
        at: datetime,
        unit_prices: dict[str, str] | None,
        price_source: str | None,
    ) -> None:
        """Store an attempt as started; when this returns it is on disk."""
        values = attempt.model_dump() | {
            "id": attempt_id,
            "state": "started",
            "started_at": at,
            "seen_at": at,
            "unit_prices": unit_prices,
            "price_source": price_source,
            **{f"owner_{name}": value for name, value in owner.model_dump().items()},
        }
        await self._database.write(lambda connection: connection.execute(insert(attempts).values(values)))

    async def checkpoint(
        self, attempt_id: str, tokens: TokenUsage, *, at: datetime, first_token_ms: int | None = None
    ) -> bool:
        """Store what is known of a started attempt; False if it has ended. Raises NotFound."""
        change: dict[str, Any] = {**tokens.model_dump(), "seen_at": at}
        if first_token_ms is not None:
            change["first_token_ms"] = first_token_ms

        def work(connection: Connection) -> bool:
            if connection.execute(_started(attempt_id).values(change)).rowcount == 1:
                return True
            _get(connection, attempt_id)
            return False

        return await self._database.write(work)

    async def close(self, attempt_id: str, booking: Callable[[Attempt], Booking]) -> tuple[Attempt, bool]:
        """End a started attempt as `booking` says of it; one that has ended stays as it is.

        Returns the attempt as it now stands, and whether this call ended it. Tokens and first-token time
        that the booking leaves out stay as they were checkpointed. Raises NotFound.
        """

        def work(connection: Connection) -> tuple[Attempt, bool]:
            found = _get(connection, attempt_id)
            if found.state != "started":
                return found, False
            # Guarded again by the state: another process may end it between the look and this.
            ended_here = (
                connection.execute(_started(attempt_id).values(_filled(booking(found)))).rowcount == 1
            )
            return _get(connection, attempt_id), ended_here

        return await self._database.write(work)

    async def get(self, attempt_id: str) -> Attempt:
        """One attempt; raises NotFound."""
        return await self._database.read(lambda connection: _get(connection, attempt_id))

    async def started(self) -> tuple[Attempt, ...]:
        """All attempts of all processes that have not ended, oldest first."""
        query = select(attempts).where(attempts.c.state == "started").order_by(attempts.c.id)
        return await self._database.read(
            lambda connection: tuple(_attempt(row) for row in connection.execute(query).mappings())
        )

    async def any_at(self, principal: str, provider: str) -> bool:
        """Whether a principal has ever sent anything to a provider."""
        query = select(attempts.c.id).where(
            attempts.c.principal_id == principal, attempts.c.provider == provider
        )
        return await self._database.read(
            lambda connection: connection.execute(query.limit(1)).first() is not None
        )

    async def usage_of_run(self, run_id: str) -> Usage:
        """The sum of a run's attempts. For who owns the run: a door asks `Runs.get` first."""
        return await self._usage(attempts.c.run_id == run_id)

    async def usage_of_principal(self, principal: str, *, since: datetime | None = None) -> Usage:
        """The sum of a principal's attempts, those of helpers without a run included."""
        whose = attempts.c.principal_id == principal
        return await self._usage(whose if since is None else whose & (attempts.c.started_at >= since))

    async def _usage(self, which: ColumnElement[bool]) -> Usage:
        query = _sums().where(which)
        row = await self._database.read(lambda connection: connection.execute(query).mappings().one())
        cost = whole(row["cost_high"], row["cost_low"])
        none_has_a_price = row["unpriced"] > 0 and row["priced"] == 0
        return Usage(
            requests=row["requests"],
            tokens=TokenUsage(**{name: int(row[name]) for name in _TOKENS}),
            cost_usd=None if none_has_a_price else usd(cost),
            unpriced_requests=row["unpriced"],
            estimated_requests=row["estimated"],
        )


def _sums() -> Any:
    return select(
        func.count().label("requests"),
        *(func.coalesce(func.sum(attempts.c[name]), 0).label(name) for name in _TOKENS),
        *cost_columns(),
        func.count(case((attempts.c.state == "estimated", 1))).label("estimated"),
    )


def _filled(booking: Booking) -> dict[str, Any]:
    """The columns that a booking changes."""
    change = booking.model_dump(exclude={"tokens"})
    if booking.tokens is not None:
        change |= booking.tokens.model_dump()
    if booking.first_token_ms is None:
        del change["first_token_ms"]
    return change


def _started(attempt_id: str) -> Update:
    return update(attempts).where(attempts.c.id == attempt_id, attempts.c.state == "started")


def _get(connection: Connection, attempt_id: str) -> Attempt:
    query = select(attempts).where(attempts.c.id == attempt_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no attempt {attempt_id}.", attempt_id=attempt_id)
    return _attempt(row)


def _attempt(row: RowMapping) -> Attempt:
    counts = {name: row[name] for name in _TOKENS}
    plain = {name: row[name] for name in Attempt.model_fields if name not in ("tokens", "owner")}
    return Attempt(
        **plain,
        tokens=None if all(count is None for count in counts.values()) else TokenUsage(**counts),
        owner=Owner(pid=row["owner_pid"], start=row["owner_start"], boot=row["owner_boot"]),
    )
