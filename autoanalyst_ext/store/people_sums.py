"""What each person did in a period, put together from whole weeks and the days before and after them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Subquery, Table, bindparam, func, select, union_all

from .call_sums import GRAINS
from .day_sums import Days
from .figures import Calls, added_up, of_sums
from .money_tables import call_sums, run_sums
from .sums import CHUNK, whole

_WEEK = GRAINS["week"] // GRAINS["day"]


class Person(NamedTuple):
    """What one person did in a period."""

    principal: str
    calls: Calls
    runs: int
    active_at: datetime
    """When their last call or run began."""

    def plus(self, other: "Person") -> "Person":
        """The same person in both periods."""
        last = max(self.active_at, other.active_at)
        return Person(self.principal, self.calls.plus(other.calls), self.runs + other.runs, last)


def spent(connection: Connection, days: Days) -> dict[str, tuple[int, int]]:
    """Cost and tokens of everybody who was there, by which people are ranked."""
    found = connection.execute(_SPENT, _spans(days)).all()
    return {name: (whole(high, low), int(tokens)) for name, high, low, tokens in found}


def count(connection: Connection, days: Days) -> int:
    """How many people were there."""
    people: int = connection.execute(_COUNTED, _spans(days)).scalar_one()
    return people


def persons(connection: Connection, days: Days, names: Sequence[str]) -> dict[str, Person]:
    """Those of these people who were there, by name."""
    calls, runs, active = dict.fromkeys(names, Calls()), dict.fromkeys(names, 0), dict[str, datetime]()
    for name, active_at, *figures in _of_names(connection, _THEIR_CALLS, days, names):
        calls[name] = calls[name].plus(added_up(figures))
        active[name] = max(active.get(name, active_at), active_at)
    for name, begun in _of_names(connection, _THEIR_RUNS, days, names):
        runs[name] += int(begun)
    return {name: Person(name, calls[name], runs[name], at) for name, at in active.items()}


def pieces(days: Days) -> Iterator[tuple[str, Days]]:
    """Grain and span of whole weeks, and of the days before and after; a span may be empty."""
    weeks = Days(-(-days.first // _WEEK), (days.last + 1) // _WEEK - 1)
    if weeks.first > weeks.last:
        yield from (("week", Days(0, -1)), ("day", days), ("day", Days(0, -1)))
    else:
        yield "week", weeks
        yield "day", Days(days.first, weeks.first * _WEEK - 1)
        yield "day", Days((weeks.last + 1) * _WEEK, days.last)


def _spans(days: Days) -> dict[str, int]:
    spans = enumerate(span for _, span in pieces(days))
    return {f"{end}_{number}": at for number, span in spans for end, at in span._asdict().items()}


def _of_people(*names: str) -> Subquery:
    """These columns of the rows of everybody that make up a period; `_spans` gives the period."""
    c = call_sums.c
    return union_all(
        *(
            select(*(c[name] for name in names)).where(
                c.grain == grain,
                c.dimension == "principal",
                c.start.between(bindparam(f"first_{number}"), bindparam(f"last_{number}")),
            )
            for number, grain in enumerate(("week", "day", "day"))
        )
    ).subquery()


def _of_names(
    connection: Connection, query: Select[Any], days: Days, names: Sequence[str]
) -> Iterator[Sequence[Any]]:
    """What a query finds of some people, in each of the pieces that make up a period."""
    for grain, span in pieces(days):
        if names and span.each:
            yield from connection.execute(query, {"grain": grain, "each": span.each, "names": names}).all()


def _their(table: Table, *figures: ColumnElement[Any]) -> Select[Any]:
    c = table.c
    rows = (
        c.grain == bindparam("grain"),
        c.dimension == "principal",
        c.start.in_(bindparam("each", expanding=True)),
        c.name.in_(bindparam("names", expanding=True)),
    )
    return select(c.name, *figures).where(*rows).group_by(c.name)


def _spent() -> Select[Any]:
    rows = _of_people("name", "cost_pusd", "input_tokens", "output_tokens").c
    return select(
        rows.name,
        func.sum(rows.cost_pusd // CHUNK),
        func.sum(rows.cost_pusd % CHUNK),
        func.sum(rows.input_tokens + rows.output_tokens),
    ).group_by(rows.name)


_SPENT, _COUNTED = _spent(), select(func.count(_of_people("name").c.name.distinct()))
_THEIR_CALLS = _their(call_sums, func.max(call_sums.c.active_at), *of_sums())
_THEIR_RUNS = _their(run_sums, func.sum(run_sums.c.runs))
