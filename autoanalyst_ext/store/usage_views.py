"""Sums of usage over days, as a dashboard shows them; and whether they may have changed.

Everyone's come from the sums that are kept, so that ten million calls take no longer than ten thousand; which
models one person used is read from their own calls. What it all means is left to `usage/views.py`.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select

from . import day_sums, own_sums, people_sums
from .database import Database
from .day_sums import Days
from .figures import Calls, Runs
from .money_tables import RUN_SUMS, call_sums, run_sums
from .people_sums import Person

MOST_PEOPLE = 10
"""That are told of by name."""

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Seen:
    """What happened in a period and in the one before it."""

    calls: dict[int, Calls]
    """By day."""
    runs: dict[int, Runs]
    took: dict[int, int]
    """How long runs took that answered, as counts of `durations`."""
    models: dict[str, Calls]
    """By `provider:model`, in the period."""
    models_took: dict[str, int]
    people: dict[int, int]
    """How many there were on each day of the period."""
    people_now: int
    people_before: int
    persons: tuple[Person, ...] = ()
    """The first ones; not in a view of one's own."""
    names: tuple[str, ...] = ()
    """Everybody of the period."""


class UsageSums:
    """The sums over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def everyone(self, before: Days, now: Days) -> Seen:
        """What all people did."""
        return await self._database.read(lambda connection: _everyone(connection, before, now))

    async def mine(self, before: Days, now: Days, principal: str) -> Seen:
        """What one person did."""
        return await self._database.read(lambda connection: _mine(connection, before, now, principal))

    async def mark(self) -> tuple[int, ...]:
        """Something that changes when a view does, found without making one."""
        return await self._database.read(_mark)


def _everyone(connection: Connection, before: Days, now: Days) -> Seen:
    whole = Days(before.first, now.last)
    names = people_sums.order(connection, now)
    return Seen(
        calls=day_sums.calls(connection, whole),
        runs=day_sums.runs(connection, whole),
        took={day: counts for day, _, counts in day_sums.took(connection, "run", whole)},
        models=day_sums.models(connection, now),
        models_took=_added((name, counts) for _, name, counts in day_sums.took(connection, "model", now)),
        people=day_sums.people(connection, now),
        people_now=len(names),
        people_before=people_sums.count(connection, before),
        persons=people_sums.persons(connection, now, names[:MOST_PEOPLE]),
        names=tuple(names),
    )


def _mine(connection: Connection, before: Days, now: Days, principal: str) -> Seen:
    whole = Days(before.first, now.last)
    calls = day_sums.calls(connection, whole, principal)
    return Seen(
        calls=calls,
        runs=day_sums.runs(connection, whole, principal),
        took=_added(own_sums.runs_took(connection, whole, principal)),
        models=own_sums.models(connection, now, principal),
        models_took=_added(own_sums.models_took(connection, now, principal)),
        people={day: 1 for day in calls if day >= now.first},
        people_now=int(any(day >= now.first for day in calls)),
        people_before=int(any(day < now.first for day in calls)),
    )


def _mark(connection: Connection) -> tuple[int, ...]:
    """Every call that ends, and every run that begins or ends, counts in a day of all."""
    return (*_of_all(connection, call_sums, ("requests",)), *_of_all(connection, run_sums, RUN_SUMS))


def _of_all(connection: Connection, table: Table, columns: tuple[str, ...]) -> Iterable[int]:
    query = select(*(func.coalesce(func.sum(table.c[name]), 0) for name in columns))
    row = connection.execute(query.where(table.c.grain == "day", table.c.dimension == "all")).one()
    return map(int, row)


def _added(counts: Iterable[tuple[K, int]]) -> dict[K, int]:
    summed: Counter[K] = Counter()
    for key, count in counts:
        summed[key] += count
    return summed
