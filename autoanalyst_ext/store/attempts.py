"""Attempts: one row per request to a provider, and their sums. What they cost is worked out in `usage/`.

An attempt is `started`, then ends exactly once; a row that has ended never changes. They are written in
`calls_under_way.py`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, case, func, select

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
    notebook: str | None = None
    """Path of the notebook that it was asked in, where one is known."""


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
    held_pusd: int | None
    """Set aside against budgets when it was opened; None where none applied."""
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


class Attempts:
    """The attempts in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

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


def paid_calls(connection: Connection, run_id: str) -> tuple[str, ...]:
    """Ids of the calls of a run that cost something, in order."""
    query = select(attempts.c.id).where(attempts.c.run_id == run_id, attempts.c.cost_pusd > 0)
    return tuple(connection.execute(query.order_by(attempts.c.id)).scalars())


def _sums() -> Any:
    return select(
        func.count().label("requests"),
        *(func.coalesce(func.sum(attempts.c[name]), 0).label(name) for name in _TOKENS),
        *cost_columns(),
        func.count(case((attempts.c.state == "estimated", 1))).label("estimated"),
    )


def _get(connection: Connection, attempt_id: str) -> Attempt:
    query = select(attempts).where(attempts.c.id == attempt_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no attempt {attempt_id}.", attempt_id=attempt_id)
    return _attempt(row)


def _attempt(row: RowMapping) -> Attempt:
    counts = {name: row[name] for name in _TOKENS if row[name] is not None}
    plain = {name: row[name] for name in Attempt.model_fields if name not in ("tokens", "owner")}
    return Attempt(
        **plain,
        # What one has no number of was not counted yet when it was booked.
        tokens=TokenUsage(**counts) if counts else None,
        owner=Owner(pid=row["owner_pid"], start=row["owner_start"], boot=row["owner_boot"]),
    )
