"""`OwnUsages`: what one person used, of a period, a chat, a notebook or a run, and by what it was for.

A person asks for their own and for nobody else's. What the store sums up is told here in the person's own
days; what the tokens would have cost elsewhere is `what_if.py`'s.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from pydantic import ValidationError

from ..errors import BadRequest
from ..store.database import Database
from ..store.figures import Calls
from ..store.own_usage import OwnCalls, Which
from ..types.admin import LONGEST_DAYS
from ..types.own_usage import Bill, OwnUsage, UsageBy, UsageOrder, UsagePeriod, UsageRow
from .periods import period_of, zone_named
from .prices import Price, cost
from .what_if import bill

UNKNOWN = {"chat": "outside of chats", "notebook": "outside of notebooks", "agent": "no agent"}
"""Titles of what has no name."""
GONE = "a deleted chat"

WANTED = {
    "period": "it is today, week, month or all.",
    "days": f"it is a whole number from 1 to {LONGEST_DAYS}.",
    "by": "it is day, chat, notebook, agent or model.",
    "as": "it is a model, written provider:model, such as openai:gpt-5-mini.",
}

PriceOf = Callable[[str, str, datetime], Awaitable[Price | None]]
"""The price of a provider's model at a moment."""


def order_of(given: Mapping[str, object]) -> UsageOrder:
    """What a client asks for, by the names of `GET usage`; raises `BadRequest` where it makes no sense."""
    try:
        return UsageOrder.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = str(first["loc"][0])
    raise BadRequest(
        f"The parameter '{field}' makes no sense: {WANTED.get(field, first['msg'])}", field=field
    )


class OwnUsages:
    """Everybody's own usage, in one database."""

    def __init__(
        self, database: Database, price_of: PriceOf, agent_titles: Callable[[], Mapping[str, str]]
    ) -> None:
        self._calls = OwnCalls(database)
        self._price_of = price_of
        self._agent_titles = agent_titles

    async def of(self, principal: str, asked: UsageOrder, *, now: datetime | None = None) -> OwnUsage:
        """What a person used. Raises `BadRequest` for a zone that there is not."""
        at = now or datetime.now(UTC)
        whole = Which(principal, chat=asked.chat, notebook=asked.notebook, run=asked.run)
        starts = _starts(asked.zone, at)
        sums = {
            name: (await self._calls.total(whole._replace(since=since))).usage()
            for name, since in starts.items()
        }
        since = starts[asked.period] if asked.days is None else _first_of(asked.days, asked.zone, at)
        which = whole._replace(since=since)
        told = sums[asked.period] if asked.days is None else (await self._calls.total(which)).usage()
        return OwnUsage(
            **dict(told),
            **sums,
            rows=tuple(await self._rows(asked, which)) if asked.by else (),
            bill=await self._bill(asked.as_model, which, at) if asked.as_model else None,
        )

    async def _rows(self, asked: UsageOrder, which: Which) -> Iterator[UsageRow]:
        by = asked.by or "day"
        if by == "day":
            return _days(await self._calls.by_quarter(which), asked.zone)
        titles = self._agent_titles() if by == "agent" else {}
        found = await self._calls.by(by, which)
        ranked = sorted(found.items(), key=lambda each: each[1][1].order(each[0]))
        return (
            UsageRow(name=name, title=_title(by, name, titles.get(name, title)), usage=calls.usage())
            for name, (title, calls) in ranked
        )

    async def _bill(self, model: str, which: Which, at: datetime) -> Bill:
        provider, _, name = model.partition(":")
        price = await self._price_of(provider, name, at)
        calls = await self._calls.real(which)
        by_models, offline = await self._calls.answered(which)
        cost_of = None if price is None else partial(cost, price)
        # In a thread: years of calls are more than a server's loop should wait for.
        return await asyncio.to_thread(bill, model, calls, by_models, offline, cost_of)


def _starts(zone: str, at: datetime) -> dict[UsagePeriod, datetime | None]:
    return {
        "today": period_of("day", zone, at).start,
        "week": period_of("week", zone, at).start,
        "month": period_of("month", zone, at).start,
        "all": None,
    }


def _first_of(days: int, zone: str, at: datetime) -> datetime:
    """Where so many days begin, of which today is the last."""
    place = zone_named(zone)
    noon = datetime.combine(at.astimezone(place).date() - timedelta(days=days - 1), time(12), place)
    return period_of("day", zone, noon).start


def _days(quarters: list[tuple[datetime, Calls]], zone: str) -> Iterator[UsageRow]:
    """Days of the zone in which something was used, the newest first."""
    place, days = zone_named(zone), dict[date, Calls]()
    for quarter, calls in quarters:
        day = quarter.astimezone(place).date()
        days[day] = days.get(day, Calls()).plus(calls)
    for day in sorted(days, reverse=True):
        yield UsageRow(name=day.isoformat(), title=day.isoformat(), usage=days[day].usage())


def _title(by: UsageBy, name: str, title: str) -> str:
    if not name:
        return UNKNOWN.get(by, name)
    return title or (GONE if by == "chat" else name)
