"""Sums of usage over days, as a dashboard shows them; and whether they may have changed.

Everything is summed up by the database in two queries, whatever the period and the number of users. What
the sums mean is left to `usage/views.py`.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    case,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
)

from ..types.usage import TokenUsage
from .columns import micros, moment
from .database import Database
from .sums import cost_columns, whole
from .tables import attempts, runs

_DAY_ONE = date(1970, 1, 1)
_ENDED = ("settled", "estimated", "void")
_TOKENS = tuple(TokenUsage.model_fields)


class CallSums(NamedTuple):
    """Model calls of one person to one model on one day; those that have ended."""

    day: date
    model: str
    """`provider:model`"""
    principal: str
    requests: int
    tokens: tuple[int, ...]
    """In the order of the fields of `TokenUsage`."""
    cost_pusd: int
    """Of those with a price."""
    priced: int
    unpriced: int
    estimated: int
    failed: int
    active_at: datetime
    milliseconds: tuple[int, ...]
    """How long each took, where that is known."""


class RunSums(NamedTuple):
    """Runs of one person that began on one day and are now in one state."""

    day: date
    principal: str
    status: str
    runs: int
    active_at: datetime
    microseconds: tuple[int, ...]
    """How long each took that has ended."""


class UsageSums:
    """The sums over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(
        self, first: date, last: date, principal: str | None = None
    ) -> tuple[list[CallSums], list[RunSums]]:
        """The sums of these days, both included; of one person, or of all."""

        def work(connection: Connection) -> tuple[list[CallSums], list[RunSums]]:
            called = connection.execute(_calls().where(*_within(attempts, first, last, principal)))
            asked = connection.execute(_runs().where(*_within(runs, first, last, principal)))
            return [_call_sums(row) for row in called], [_run_sums(row) for row in asked]

        return await self._database.read(work)

    async def mark(self, since: datetime) -> tuple[int, ...]:
        """Something that changes when usage does, found without summing up.

        It hears of all calls and runs that began after `since`; with `since` it changes too.
        """
        floor = str(UUID(int=micros(since) // 1000 << 80))

        def work(connection: Connection) -> tuple[int, ...]:
            found: list[int] = []
            for table in (attempts, runs):
                query = select(func.count(), func.count(table.c.ended_at)).where(table.c.id >= floor)
                found.extend(connection.execute(query).one())
            return tuple(found)

        return await self._database.read(work)


def _within(table: Table, first: date, last: date, principal: str | None) -> list[ColumnElement[bool]]:
    began = table.c.started_at
    conditions = [began >= _midnight(first), began < _midnight(last + timedelta(days=1))]
    if principal is not None:
        conditions.append(table.c.principal_id == principal)
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _day(table: Table) -> ColumnElement[int]:
    """Number of the UTC day on which something began."""
    # The literal: a bound number would be another one in GROUP BY, for PostgreSQL.
    return (type_coerce(table.c.started_at, BigInteger) // literal_column("86400000000")).label("day")


def _calls() -> Select[Any]:
    key = _day(attempts), attempts.c.provider, attempts.c.model, attempts.c.principal_id
    return (
        select(
            *key,
            func.count().label("requests"),
            *(func.coalesce(func.sum(attempts.c[name]), 0).label(name) for name in _TOKENS),
            *cost_columns(),
            func.count(case((attempts.c.state == "estimated", 1))).label("estimated"),
            func.count(attempts.c.error_code).label("failed"),
            func.max(type_coerce(attempts.c.started_at, BigInteger)).label("active_at"),
            func.aggregate_strings(cast(attempts.c.latency_ms, String), ",").label("took"),
        )
        .where(attempts.c.state.in_(_ENDED))
        .group_by(*key)
    )


def _runs() -> Select[Any]:
    key = _day(runs), runs.c.principal_id, runs.c.status
    began = type_coerce(runs.c.started_at, BigInteger)
    took = type_coerce(runs.c.ended_at, BigInteger) - began
    return select(
        *key,
        func.count().label("runs"),
        func.max(began).label("active_at"),
        func.aggregate_strings(cast(took, String), ",").label("took"),
    ).group_by(*key)


def _call_sums(row: Any) -> CallSums:
    # By position: there are thousands of rows, and names take twice as long.
    day, provider, model, principal, requests, *tokens = row[: 5 + len(_TOKENS)]
    high, low, priced, unpriced, estimated, failed, active_at, took = row[5 + len(_TOKENS) :]
    return CallSums(
        day=_DAY_ONE + timedelta(days=day),
        model=f"{provider}:{model}",
        principal=principal,
        requests=requests,
        tokens=tuple(map(int, tokens)),
        cost_pusd=whole(high, low),
        priced=priced,
        unpriced=unpriced,
        estimated=estimated,
        failed=failed,
        active_at=moment(active_at),
        milliseconds=_numbers(took),
    )


def _run_sums(row: Any) -> RunSums:
    return RunSums(
        day=_DAY_ONE + timedelta(days=row.day),
        principal=row.principal_id,
        status=row.status,
        runs=row.runs,
        active_at=moment(row.active_at),
        microseconds=_numbers(row.took),
    )


def _numbers(joined: str | None) -> tuple[int, ...]:
    return tuple(map(int, joined.split(","))) if joined else ()
