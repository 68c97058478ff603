"""Whether money fits together: entries that add up, balances that follow from them, sums of calls that agree.

Each fault is a query for what is wrong; `consistency.py` looks for them. Triggers and transactions see to it,
so what is found came from outside, or is a bug of ours.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Select, and_, exists, func, literal, select, true, type_coerce, union_all

from .call_sums import GRAINS
from .columns import micros
from .money_tables import accounts, call_sums, entries, holds, postings
from .sums import CHUNK
from .tables import attempts

if TYPE_CHECKING:
    from .consistency import Search

RECENT = timedelta(days=31)
"""What a quick look goes back to."""
DAY_US = GRAINS["day"]
_ENDED = attempts.c.state != "started"
_COST = and_(_ENDED, attempts.c.state != "void", attempts.c.cost_pusd > 0)


def searches(*, quick: bool) -> Iterator["Search"]:
    """What may be wrong; `quick` looks at the last month only, and leaves out what needs all postings."""
    since = micros(datetime.now(UTC) - RECENT) // DAY_US * DAY_US if quick else 0
    yield from _entries(since)
    yield from _holds()
    if not quick:
        yield from _accounts()
    yield from _sums(since // DAY_US)


def _entries(since: int) -> Iterator["Search"]:
    recent = type_coerce(entries.c.at, BigInteger) >= since if since else true()
    one = postings.c.about == entries.c.about, postings.c.kind == entries.c.kind
    total = select(func.coalesce(func.sum(postings.c.amount_pusd), 1)).where(*one).scalar_subquery()
    yield (
        "entries:sum",
        "entries whose postings do not add up to zero",
        select(entries.c.about).where(recent, total != 0),
    )
    called = _COST, type_coerce(attempts.c.started_at, BigInteger) >= since if since else true()
    booked = exists().where(entries.c.about == attempts.c.id, entries.c.kind == "settle")
    yield (
        "entries:missing",
        "model calls that cost something and are not in the books",
        select(attempts.c.id).where(*called, ~booked),
    )
    paid = exists().where(attempts.c.id == entries.c.about, _COST)
    yield (
        "entries:no_call",
        "entries of model calls that cost nothing",
        select(entries.c.about).where(recent, entries.c.kind == "settle", ~paid),
    )
    for name, column, sign in (
        ("principal", attempts.c.principal_id, 1),
        ("provider", attempts.c.provider, -1),
    ):
        right = exists().where(
            postings.c.about == attempts.c.id,
            postings.c.kind == "settle",
            postings.c.account_id == literal(f"{name}:").concat(column),
            postings.c.amount_pusd == sign * attempts.c.cost_pusd,
        )
        yield (
            f"entries:{name}",
            f"model calls whose cost is not what the {name} was booked",
            select(attempts.c.id).where(*called, booked, ~right),
        )


def _holds() -> Iterator["Search"]:
    under_way = exists().where(attempts.c.id == holds.c.attempt_id, attempts.c.state == "started")
    is_open = holds.c.state == "open"
    yield (
        "holds:left",
        "money set aside for model calls that have ended",
        select(holds.c.attempt_id).where(is_open, ~under_way),
    )
    yield (
        "holds:end",
        "money set aside that is open and free at once",
        select(holds.c.attempt_id).where(is_open == holds.c.ended_at.is_not(None)),
    )
    held = select(func.coalesce(func.sum(holds.c.amount_pusd), 0)).where(
        is_open, holds.c.account_id == accounts.c.id
    )
    yield (
        "accounts:held",
        "budgets whose money set aside is not that of their open holds",
        select(accounts.c.id).where(accounts.c.held_pusd != held.scalar_subquery()),
    )


def _accounts() -> Iterator["Search"]:
    """Balances are compared in two parts: a sum of pico-USD leaves 64 bits at $9.2 million."""
    c = postings.c
    parts = func.sum(c.amount_pusd // CHUNK).label("high"), func.sum(c.amount_pusd % CHUNK).label("low")
    # One pass over all postings: an index by account would cost every model call more than it saves here.
    posted = select(c.account_id, *parts).group_by(c.account_id).subquery()
    high, low = func.coalesce(posted.c.high, 0), func.coalesce(posted.c.low, 0)
    off = (accounts.c.balance_high - high) * CHUNK + (accounts.c.balance_low - low)
    yield (
        "accounts:balance",
        "accounts whose balance is not the sum of their postings",
        select(accounts.c.id).outerjoin(posted, posted.c.account_id == accounts.c.id).where(off != 0),
    )


def _sums(since: int) -> Iterator["Search"]:
    """Days whose sums are not those of their rows."""
    at, c = attempts.c, call_sums.c
    day = (type_coerce(at.started_at, BigInteger) // DAY_US).label("day")
    figures = (at.input_tokens, at.output_tokens, at.cost_pusd)
    raw = select(day, func.count(), *(func.coalesce(func.sum(each), 0) for each in figures)).where(_ENDED)
    kept = select(
        c.start, *(func.sum(each) for each in (c.requests, c.input_tokens, c.output_tokens, c.cost_pusd))
    ).where(c.grain == "day", c.start >= since, c.requests > 0)
    begun = type_coerce(at.started_at, BigInteger) >= since * DAY_US
    for dimension in ("all", "principal", "model", "agent"):
        stored = kept.where(c.dimension == dimension).group_by(c.start)
        words = f"days whose sums ({dimension}) are not those of their model calls"
        yield f"sums:{dimension}", words, _differing(raw.where(begun).group_by("day"), stored)


def _differing(one: Select[Any], other: Select[Any]) -> Select[Any]:
    """Days that are in one of them only, or in each with other figures."""
    parts = (one.except_(other).subquery(), other.except_(one).subquery())
    days = union_all(*(select(part.c[0].label("day")) for part in parts)).subquery()
    return select(days.c.day).distinct()
