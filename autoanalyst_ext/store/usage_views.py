"""Sums of usage over days, as a dashboard shows them; and whether they may have changed.

Everyone's come from the sums that are kept, so that ten million calls take no longer than ten thousand; those
of days that are over are read once (`past_days.py`). Which models one person used is read from their calls.
What it all means is left to `usage/views.py`.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from operator import add as plus
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select

from . import day_sums, own_sums, people_sums
from .database import Database
from .day_sums import Days
from .figures import Calls, Runs
from .money_tables import RUN_SUMS, call_sums, run_sums
from .past_days import PastDays
from .people_sums import Person

MOST_PEOPLE = 10
"""That are told of by name."""
MOST_PERIODS, MOST_OWN = 8, 100
"""Of everyone and of single people, that are kept of days that are over."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True)
class Seen:
    """What happened in a period and in the one before it."""

    calls: dict[int, Calls]
    """By day, of both periods."""
    runs: dict[int, Runs]
    took: int
    """How long the period's runs took that answered, as counts of `durations`."""
    took_before: int
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


@dataclass(frozen=True)
class _Period:
    """A part of the period: what everyone did, or one person."""

    took: int
    models: dict[str, Calls]
    models_took: dict[str, int]
    people: dict[int, int] = field(default_factory=dict)
    spent: dict[str, tuple[int, int]] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    """Of those whom somebody has asked for."""


class UsageSums:
    """The sums over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._past: PastDays[_Period] = PastDays(MOST_PERIODS)
        self._before: PastDays[tuple[int, int]] = PastDays(MOST_PERIODS)
        self._own_past: PastDays[_Period] = PastDays(MOST_OWN)
        self._own_before: PastDays[int] = PastDays(MOST_OWN)

    async def everyone(self, before: Days, now: Days) -> Seen:
        """What all people did."""
        return await self._database.read(lambda connection: self._everyone(connection, before, now))

    async def mine(self, before: Days, now: Days, principal: str) -> Seen:
        """What one person did."""
        return await self._database.read(lambda connection: self._mine(connection, before, now, principal))

    async def mark(self) -> tuple[int, ...]:
        """Something that changes when a view does, found without making one."""
        return await self._database.read(_mark)

    def _everyone(self, connection: Connection, before: Days, now: Days) -> Seen:
        whole = Days(before.first, now.last)
        calls, runs = day_sums.calls(connection, whole), day_sums.runs(connection, whole)
        past, today = _parts(now)
        over = self._past.of(past, _sums(calls, runs, past), lambda: _period(connection, past))
        took_before, people_before = self._before.of(
            before, _sums(calls, runs, before), lambda: _count(connection, before)
        )
        going_on = _period(connection, today)
        spent = _both(over.spent, going_on.spent, _spent_both)
        names = sorted(spent, key=lambda name: (-spent[name][0], -spent[name][1], name))
        return Seen(
            calls=calls,
            runs=runs,
            took=over.took + going_on.took,
            took_before=took_before,
            models=_both(over.models, going_on.models, Calls.plus),
            models_took=_both(over.models_took, going_on.models_took, plus),
            people=over.people | going_on.people,
            people_now=len(names),
            people_before=people_before,
            persons=_persons(connection, ((past, over), (today, going_on)), names[:MOST_PEOPLE]),
            names=tuple(names),
        )

    def _mine(self, connection: Connection, before: Days, now: Days, principal: str) -> Seen:
        whole = Days(before.first, now.last)
        calls = day_sums.calls(connection, whole, principal)
        runs = day_sums.runs(connection, whole, principal)
        past, today = _parts(now)
        over = self._own_past.of(
            (principal, past), _sums(calls, runs, past), lambda: _own(connection, past, principal)
        )
        took_before = self._own_before.of(
            (principal, before),
            _sums(calls, runs, before),
            lambda: own_sums.runs_took(connection, before, principal),
        )
        going_on = _own(connection, today, principal)
        return Seen(
            calls=calls,
            runs=runs,
            took=over.took + going_on.took,
            took_before=took_before,
            models=_both(over.models, going_on.models, Calls.plus),
            models_took=_both(over.models_took, going_on.models_took, plus),
            people={day: 1 for day in calls if day >= now.first},
            people_now=int(any(day >= now.first for day in calls)),
            people_before=int(any(day < now.first for day in calls)),
        )


def _parts(days: Days) -> tuple[Days, Days]:
    """The days that are over, and today."""
    return Days(days.first, days.last - 1), Days(days.last, days.last)


def _sums(calls: dict[int, Calls], runs: dict[int, Runs], days: Days) -> Hashable:
    """What changes with whatever happens on one of these days."""
    return tuple((calls.get(day), runs.get(day)) for day in days.each)


def _period(connection: Connection, days: Days) -> _Period:
    took = _added((name, counts) for _, name, counts in day_sums.took(connection, "model", days))
    return _Period(
        took=_runs_took(connection, days),
        models=day_sums.models(connection, days),
        models_took=took,
        people=day_sums.people(connection, days),
        spent=people_sums.spent(connection, days),
    )


def _own(connection: Connection, days: Days, principal: str) -> _Period:
    return _Period(
        took=own_sums.runs_took(connection, days, principal),
        models=own_sums.models(connection, days, principal),
        models_took=own_sums.models_took(connection, days, principal),
    )


def _count(connection: Connection, days: Days) -> tuple[int, int]:
    """How long runs took, and how many people there were."""
    return _runs_took(connection, days), people_sums.count(connection, days)


def _runs_took(connection: Connection, days: Days) -> int:
    return sum(counts for _, _, counts in day_sums.took(connection, "run", days))


def _persons(
    connection: Connection, periods: Iterable[tuple[Days, _Period]], names: list[str]
) -> tuple[Person, ...]:
    """These people in periods that follow each other; what is looked up of a period stays with it."""
    found: dict[str, Person] = {}
    for days, period in periods:
        there = [name for name in names if name in period.spent]
        missing = [name for name in there if name not in period.persons]
        period.persons.update(people_sums.persons(connection, days, missing))
        found = _both(found, {name: period.persons[name] for name in there}, Person.plus)
    return tuple(found[name] for name in names)


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


def _both(one: dict[K, V], other: dict[K, V], added: Callable[[V, V], V]) -> dict[K, V]:
    """What is in either; what is in both, added up."""
    return one | {key: added(one[key], value) if key in one else value for key, value in other.items()}


def _spent_both(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]
