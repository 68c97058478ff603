"""What model calls came to, by quarter of an hour and by day: the sums that dashboards read.

An attempt is added when it ends, in the transaction that ends it, by the time it started. `rebuilding.py`
makes the same sums again from the attempts; what they mean is left to `usage_views.py`.
"""

from collections.abc import Iterable
from operator import add as plus
from typing import NamedTuple

from sqlalchemy import Connection

from . import adding, durations
from .adding import Key
from .money_tables import CALL_SUMS, call_sums

QUARTER_US, DAY_US = 15 * 60 * 10**6, 24 * 60 * 60 * 10**6
GRAINS = {"quarter": QUARTER_US, "day": DAY_US, "week": 7 * DAY_US}
"""Lengths of what sums are kept of, in microseconds; numbered since 1970, so weeks begin on Thursdays."""
GRAINS_OF = {
    "all": ("quarter", "day"),
    "principal": ("quarter", "day", "week"),
    "model": ("quarter", "day"),
    "agent": ("quarter", "day"),
}
"""By dimension. There are many people, so long periods of theirs are put together from few pieces."""


class Ended(NamedTuple):
    """A model call that has ended, as sums take it."""

    started_at_us: int
    principal_id: str
    provider: str
    model: str
    agent: str | None
    state: str
    priced: bool
    """Whether its price is known; of no interest for one that is `void`."""
    cost_pusd: int
    """0 where the price is unknown."""
    error: bool
    tokens: tuple[int, int, int, int, int, int]
    """In the order of `CALL_SUMS`; 0 where the provider gave none."""
    first_token_ms: int | None
    latency_ms: int | None


def add(connection: Connection, ended: Iterable[Ended]) -> None:
    """Add calls that end in this transaction; each exactly once."""
    quarters: dict[Key, list[int]] = {}
    took: dict[durations.Key, int] = {}
    for call in ended:
        quarter, day = call.started_at_us // QUARTER_US, call.started_at_us // DAY_US
        model = f"{call.provider}:{call.model}"
        figures = _figures(call)
        for key in (("principal", call.principal_id), ("model", model), ("agent", call.agent or "")):
            _gather(quarters, ("quarter", key[0], quarter, key[1]), figures)
        for dimension, milliseconds in (("model", call.latency_ms), ("first_token", call.first_token_ms)):
            if milliseconds is not None:
                timed = dimension, day, model
                took[timed] = took.get(timed, 0) + durations.one(milliseconds)
    adding.add(connection, call_sums, _all_grains(quarters))
    durations.add(connection, took)


def add_person(connection: Connection, principal: str, at_us: int) -> None:
    """Somebody asked: they count as a person of that time, whatever becomes of it."""
    figures = [0] * len(CALL_SUMS) + [at_us]
    rows: dict[Key, list[int]] = {
        (grain, "principal", at_us // GRAINS[grain], principal): figures for grain in GRAINS_OF["principal"]
    }
    adding.add(connection, call_sums, rows)


def _figures(call: Ended) -> list[int]:
    is_billed = call.state != "void"
    return [
        1,
        int(is_billed and call.priced),
        int(is_billed and not call.priced),
        int(call.state == "estimated"),
        int(call.error),
        *call.tokens,
        call.cost_pusd,
        call.started_at_us,
    ]


def _all_grains(quarters: dict[Key, list[int]]) -> dict[Key, list[int]]:
    """The same in all grains, and of all together."""
    rows: dict[Key, list[int]] = {}
    for (_, dimension, quarter, name), figures in quarters.items():
        _gather_all(rows, dimension, quarter, name, figures)
        if dimension == "agent":
            _gather_all(rows, "all", quarter, "", figures)
    return rows


def _gather_all(
    rows: dict[Key, list[int]], dimension: str, quarter: int, name: str, figures: list[int]
) -> None:
    for grain in GRAINS_OF[dimension]:
        _gather(rows, (grain, dimension, quarter * QUARTER_US // GRAINS[grain], name), figures)


def _gather(rows: dict[Key, list[int]], key: Key, figures: list[int]) -> None:
    found = rows.get(key)
    if found is None:
        rows[key] = figures
        return
    summed = list(map(plus, found, figures))
    summed[-1] = max(found[-1], figures[-1])
    rows[key] = summed
