"""The sums of UTC days as they are stored: of all people or of one, and by model.

Statements are written once: a dashboard asks for them four times a second.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Select, Table, bindparam, func, select

from . import durations
from .figures import Calls, Runs, added_up, of_sums
from .money_tables import CALL_SUMS, RUN_SUMS, call_sums, run_sums
from .money_tables import durations as durations_table

FIRST: BindParameter[int] = bindparam("first")
LAST: BindParameter[int] = bindparam("last")


class Days(NamedTuple):
    """Whole UTC days (or weeks of them), counted since 1970."""

    first: int
    last: int
    """Is one of them."""

    @property
    def each(self) -> range:
        """One after the other."""
        return range(self.first, self.last + 1)


def calls(connection: Connection, days: Days, principal: str | None = None) -> dict[int, Calls]:
    """By day; one on which somebody only asked is among them."""
    return {day: Calls.of(figures) for day, figures in _by_day(connection, _CALLS, days, principal)}


def runs(connection: Connection, days: Days, principal: str | None = None) -> dict[int, Runs]:
    """By day."""
    return {day: Runs(*figures) for day, figures in _by_day(connection, _RUNS, days, principal)}


def models(connection: Connection, days: Days) -> dict[str, Calls]:
    """By `provider:model`."""
    return {name: added_up(figures) for name, *figures in connection.execute(_MODELS, days._asdict()).all()}


def took(connection: Connection, dimension: str, days: Days) -> Iterator[tuple[int, str, int]]:
    """Day, name and counts of durations."""
    found = connection.execute(_TOOK, days._asdict() | {"dimension": dimension}).all()
    return ((day, name, durations.read(counts)) for day, name, counts in found)


def people(connection: Connection, days: Days) -> dict[int, int]:
    """How many people there were, by day."""
    return {row.start: row.people for row in connection.execute(_PEOPLE, days._asdict()).all()}


def _by_day(
    connection: Connection, queries: tuple[Select[Any], Select[Any]], days: Days, principal: str | None
) -> Iterator[tuple[int, list[Any]]]:
    of_all, of_one = queries
    if principal is None:
        found = connection.execute(of_all, days._asdict())
    else:
        found = connection.execute(of_one, {"principal": principal, "each": days.each})
    return ((day, figures) for day, *figures in found.all())


def _of_days(table: Table, columns: tuple[str, ...]) -> tuple[Select[Any], Select[Any]]:
    """Day and columns, of all people and of one."""
    c = table.c
    by_day = select(c.start, *(c[name] for name in columns)).where(c.grain == "day")
    # One by one: a range of days would lead through the rows of everybody.
    each = c.start.in_(bindparam("each", expanding=True))
    return (
        by_day.where(c.dimension == "all", c.start.between(FIRST, LAST)),
        by_day.where(c.dimension == "principal", c.name == bindparam("principal"), each),
    )


_CALLS, _RUNS = _of_days(call_sums, CALL_SUMS), _of_days(run_sums, RUN_SUMS)
_MODELS = (
    select(call_sums.c.name, *of_sums())
    .where(
        call_sums.c.grain == "day", call_sums.c.dimension == "model", call_sums.c.start.between(FIRST, LAST)
    )
    .group_by(call_sums.c.name)
)
_TOOK = select(durations_table.c.start, durations_table.c.name, durations_table.c.counts).where(
    durations_table.c.dimension == bindparam("dimension"), durations_table.c.start.between(FIRST, LAST)
)
_PEOPLE = (
    select(call_sums.c.start, func.count().label("people"))
    .where(
        call_sums.c.grain == "day",
        call_sums.c.dimension == "principal",
        call_sums.c.start.between(FIRST, LAST),
    )
    .group_by(call_sums.c.start)
)
