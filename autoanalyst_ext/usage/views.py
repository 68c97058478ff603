"""`UsageViews`: what a dashboard shows of a period, worked out of the store's sums.

Exact: money is added up in whole pico-USD, a median is a middle one that is there. Who may see which view
is left to the door.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any, TypeVar

from ..store.database import Database
from ..store.usage_views import CallSums, RunSums, UsageSums
from ..types.admin import Scope, UsageDay, UsageModel, UsageTotals, UsageUser, UsageView
from ..types.usage import TokenUsage, Usage, usd

MOST_USERS = 10
"""That are listed."""

H = TypeVar("H", bound=Hashable)


@dataclass(frozen=True)
class Wanted:
    """A view that somebody wants."""

    scope: Scope
    days: int
    """Up to today, which is one of them."""
    principal: str = ""
    """Whose; of no interest when the scope is `everyone`."""


@dataclass(frozen=True)
class Older:
    """The sums of days that are taken to be over."""

    until: date
    """The first day that is not among them."""
    calls: list[CallSums]
    runs: list[RunSums]


@dataclass
class _Sums:
    """The rows that something is summed up from: a period, a day, a model or a person."""

    calls: list[CallSums] = field(default_factory=list)
    runs: list[RunSums] = field(default_factory=list)

    @property
    def cost(self) -> int:
        """In pico-USD."""
        return sum(row.cost_pusd for row in self.calls)

    @property
    def questions(self) -> int:
        return sum(row.runs for row in self.runs)

    @property
    def people(self) -> set[str]:
        return {row.principal for row in self.calls} | {row.principal for row in self.runs}

    @property
    def active_at(self) -> datetime:
        return max([row.active_at for row in self.calls] + [row.active_at for row in self.runs])

    def ended(self, *statuses: str) -> int:
        """How many runs ended like this."""
        return sum(row.runs for row in self.runs if row.status in statuses)

    def tokens(self) -> TokenUsage:
        columns = zip(*(row.tokens for row in self.calls), strict=True)
        return TokenUsage(**dict(zip(TokenUsage.model_fields, map(sum, columns), strict=False)))

    def usage(self) -> Usage:
        unpriced = sum(row.unpriced for row in self.calls)
        none_has_a_price = unpriced > 0 and not any(row.priced for row in self.calls)
        return Usage(
            requests=sum(row.requests for row in self.calls),
            tokens=self.tokens(),
            cost_usd=None if none_has_a_price else usd(self.cost),
            unpriced_requests=unpriced,
            estimated_requests=sum(row.estimated for row in self.calls),
        )

    def order(self, name: str) -> tuple[int, int, str]:
        """By cost, then tokens, then name."""
        tokens = self.tokens()
        return -self.cost, -tokens.input_tokens - tokens.output_tokens, name


class UsageViews:
    """The views of a database."""

    def __init__(self, database: Database) -> None:
        self._sums = UsageSums(database)

    async def view(
        self, wanted: Wanted, *, now: datetime | None = None, older: Older | None = None
    ) -> UsageView:
        """The view of the days up to today, and the totals of as many days before.

        `older`: sums that are not made again, for a view that is wanted time after time.
        """
        as_of = now or datetime.now(UTC)
        end = as_of.astimezone(UTC).date()
        start = end - timedelta(days=wanted.days - 1)
        first = start - timedelta(days=wanted.days)
        calls, runs = await self._sums.of(max(first, older.until) if older else first, end, _whose(wanted))
        if older is not None:
            calls = [row for row in older.calls if row.day >= first] + calls
            runs = [row for row in older.runs if row.day >= first] + runs
        # In a thread: a year of many people is more than a server's loop should wait for.
        return await asyncio.to_thread(_view, wanted, start, end, as_of, calls, runs)

    async def older(self, wanted: Wanted, until: date) -> Older:
        """The sums of the days of a view before `until`."""
        first = datetime.now(UTC).date() - timedelta(days=2 * wanted.days - 1)
        calls, runs = await self._sums.of(first, until - timedelta(days=1), _whose(wanted))
        return Older(until, calls, runs)

    async def mark(self, since: datetime) -> tuple[int, ...]:
        """Something that changes when a view does; `UsageSums.mark` says what it hears of."""
        return await self._sums.mark(since)


def _whose(wanted: Wanted) -> str | None:
    return wanted.principal if wanted.scope == "mine" else None


def _view(
    wanted: Wanted, start: date, end: date, as_of: datetime, calls: list[CallSums], runs: list[RunSums]
) -> UsageView:
    now, before = _parts(calls, runs, start)
    return UsageView(
        scope=wanted.scope,
        start=start,
        end=end,
        as_of=as_of,
        now=_totals(now),
        before=_totals(before),
        days=tuple(_days(now, start, wanted.days)),
        models=tuple(_models(now)),
        users=tuple(_users(now)) if wanted.scope == "everyone" else (),
    )


def _parts(calls: list[CallSums], runs: list[RunSums], start: date) -> tuple[_Sums, _Sums]:
    """What began from `start` on, and what began before."""
    parts = _grouped(_Sums(calls, runs), lambda row: row.day >= start)
    return parts[True], parts[False]


def _grouped(sums: _Sums, key: Callable[[Any], H]) -> dict[H, _Sums]:
    """The same rows by what `key` says of them."""
    found: dict[H, _Sums] = defaultdict(_Sums)
    for call in sums.calls:
        found[key(call)].calls.append(call)
    for run in sums.runs:
        found[key(run)].runs.append(run)
    return found


def _totals(sums: _Sums) -> UsageTotals:
    answered, abstained, failed = (sums.ended(status) for status in ("answered", "abstained", "failed"))
    ended = answered + abstained + failed
    took = _middle(row.microseconds for row in sums.runs if row.status == "answered")
    return UsageTotals(
        usage=sums.usage(),
        questions=sums.questions,
        answered=answered,
        abstained=abstained,
        failed=failed,
        stopped=sums.ended("stopped", "interrupted"),
        success_rate=answered / ended if ended else None,
        seconds=None if took is None else took / 10**6,
        users=len(sums.people),
    )


def _days(sums: _Sums, start: date, count: int) -> Iterator[UsageDay]:
    by_day = _grouped(sums, lambda row: row.day)
    for day in (start + timedelta(days=number) for number in range(count)):
        one = by_day[day]
        yield UsageDay(
            day=day,
            usage=one.usage(),
            questions=one.questions,
            failed=one.ended("failed"),
            users=len(one.people),
        )


def _models(sums: _Sums) -> Iterator[UsageModel]:
    by_model = _grouped(_Sums(sums.calls), lambda row: row.model)
    for model, one in sorted(by_model.items(), key=lambda item: item[1].order(item[0])):
        took = _middle(row.milliseconds for row in one.calls)
        yield UsageModel(
            model=model,
            usage=one.usage(),
            failed=sum(row.failed for row in one.calls),
            seconds=None if took is None else took / 1000,
        )


def _users(sums: _Sums) -> Iterator[UsageUser]:
    by_person = _grouped(sums, lambda row: row.principal)
    first = sorted(by_person.items(), key=lambda item: item[1].order(item[0]))[:MOST_USERS]
    names = _names(by_person)
    for principal, one in first:
        yield UsageUser(
            user=names[principal], usage=one.usage(), questions=one.questions, active_at=one.active_at
        )


def _names(principals: Collection[str]) -> dict[str, str]:
    """What people are called: without the kind of their account, where that leaves no doubt who is meant."""
    short = {principal: principal.partition(":")[2] or principal for principal in principals}
    bearers = Counter(short.values())
    return {principal: name if bearers[name] == 1 else principal for principal, name in short.items()}


def _middle(groups: Iterable[tuple[int, ...]]) -> float | None:
    """The median; `None` of nothing."""
    numbers = [number for group in groups for number in group]
    return median(numbers) if numbers else None
