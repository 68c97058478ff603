"""`UsageViews`: what a dashboard shows of a period, worked out of the store's sums.

Exact but for medians, which come from counts in buckets. Who may see which view is left to the door.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import reduce

from ..store import durations
from ..store.database import Database
from ..store.day_sums import Days
from ..store.figures import Calls, Runs
from ..store.usage_views import Seen, UsageSums
from ..types.admin import Scope, UsageDay, UsageModel, UsageTotals, UsageUser, UsageView

_DAY_ONE = date(1970, 1, 1)


@dataclass(frozen=True)
class Wanted:
    """A view that somebody wants."""

    scope: Scope
    days: int
    """Up to today, which is one of them."""
    principal: str = ""
    """Whose; of no interest when the scope is `everyone`."""


class UsageViews:
    """The views of a database."""

    def __init__(self, database: Database) -> None:
        self._sums = UsageSums(database)

    async def view(self, wanted: Wanted, *, now: datetime | None = None) -> UsageView:
        """The view of the days up to today, and the totals of as many days before."""
        as_of = now or datetime.now(UTC)
        last = (as_of.astimezone(UTC).date() - _DAY_ONE).days
        period = Days(last - wanted.days + 1, last)
        before = Days(period.first - wanted.days, period.first - 1)
        if wanted.scope == "everyone":
            seen = await self._sums.everyone(before, period)
        else:
            seen = await self._sums.mine(before, period, wanted.principal)
        return UsageView(
            scope=wanted.scope,
            start=_date(period.first),
            end=_date(period.last),
            as_of=as_of,
            now=_totals(seen, period, seen.took, seen.people_now),
            before=_totals(seen, before, seen.took_before, seen.people_before),
            days=tuple(_days(seen, period)),
            models=tuple(_models(seen)),
            users=tuple(_users(seen)),
        )

    async def mark(self) -> tuple[int, ...]:
        """Something that changes when a view does."""
        return await self._sums.mark()


def _totals(seen: Seen, days: Days, took: int, people: int) -> UsageTotals:
    calls = reduce(Calls.plus, (seen.calls[day] for day in days.each if day in seen.calls), Calls())
    asked = reduce(Runs.plus, (seen.runs[day] for day in days.each if day in seen.runs), Runs())
    ended = asked.answered + asked.abstained + asked.failed
    return UsageTotals(
        usage=calls.usage(),
        questions=asked.runs,
        answered=asked.answered,
        abstained=asked.abstained,
        failed=asked.failed,
        stopped=asked.stopped,
        success_rate=asked.answered / ended if ended else None,
        seconds=_median(took),
        users=people,
    )


def _days(seen: Seen, days: Days) -> Iterator[UsageDay]:
    """Also those on which nothing happened."""
    for day in days.each:
        asked = seen.runs.get(day, Runs())
        yield UsageDay(
            day=_date(day),
            usage=seen.calls.get(day, Calls()).usage(),
            questions=asked.runs,
            failed=asked.failed,
            users=seen.people.get(day, 0),
        )


def _models(seen: Seen) -> Iterator[UsageModel]:
    for model, calls in sorted(seen.models.items(), key=lambda item: item[1].order(item[0])):
        yield UsageModel(
            model=model,
            usage=calls.usage(),
            failed=calls.failed,
            seconds=_median(seen.models_took.get(model, 0)),
        )


def _users(seen: Seen) -> Iterator[UsageUser]:
    names = _names(seen.names)
    for person in seen.persons:
        yield UsageUser(
            user=names[person.principal],
            usage=person.calls.usage(),
            questions=person.runs,
            active_at=person.active_at,
        )


def _names(principals: Collection[str]) -> dict[str, str]:
    """What people are called: without the kind of their account, where that leaves no doubt who is meant."""
    short = {principal: principal.partition(":")[2] or principal for principal in principals}
    bearers = Counter(short.values())
    return {principal: name if bearers[name] == 1 else principal for principal, name in short.items()}


def _median(counts: int) -> float | None:
    """Seconds."""
    milliseconds = durations.quantile(counts, 0.5)
    return None if milliseconds is None else milliseconds / 1000


def _date(day: int) -> date:
    return _DAY_ONE + timedelta(days=day)
