"""Days, weeks and months of a time zone, as moments: what a budget's limit is for.

A day is from the first moment of its date to the first of the next, so it may have 23 or 25 hours. Weeks
begin on Monday. What is spent in a period is left to `store/budgets.py`.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ..errors import BadRequest
from ..types.budgets import PeriodKind
from ..types.value import Value

_SECOND = timedelta(seconds=1)


class Period(Value):
    """From `start` up to, and without, `end`; both UTC."""

    start: datetime
    end: datetime


def period_of(kind: PeriodKind, zone: str, at: datetime) -> Period:
    """The day, week or month of `zone` that the aware moment `at` is in. Raises `BadRequest`.

    Periods of one kind and zone follow each other without a gap, so every moment is in exactly one. Where
    clocks are set back over midnight, what then repeats of yesterday belongs to today.
    """
    place = zone_named(zone)
    day = at.astimezone(place).date()
    if _begin(day + timedelta(days=1), place) <= at:
        day += timedelta(days=1)
    first, next_first = _dates(kind, day)
    return Period(start=_begin(first, place), end=_begin(next_first, place))


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as `Asia/Kolkata`; raises `BadRequest` for any other."""
    try:
        return ZoneInfo(name)
    # A folder's name, an empty one, one that leads out of the folder, or a file that is no zone.
    except (LookupError, ValueError, OSError):
        raise BadRequest(
            f"There is no time zone {name!r}. Write its IANA name, such as Europe/Berlin, or UTC.", zone=name
        ) from None


def local_zone() -> str:
    """IANA name of this machine's zone; `UTC` where it does not say."""
    named = os.environ.get("TZ", "").lstrip(":")
    place = named or os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    if not place or Path(place).is_absolute():
        return "UTC"
    try:
        return zone_named(place).key
    except BadRequest:
        return "UTC"


def _dates(kind: PeriodKind, day: date) -> tuple[date, date]:
    """The first date of the period, and of the one after it."""
    match kind:
        case "day":
            return day, day + timedelta(days=1)
        case "week":
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=7)
        case "month":
            first = day.replace(day=1)
            return first, (first + timedelta(days=31)).replace(day=1)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    """The first moment whose date in `zone` is `day`, or a later one where that date was left out."""
    midnight = datetime.combine(day, time.min, zone)
    found, other = midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)
    if found <= other:
        return found  # there is one midnight, or this is the first of two
    # Clocks are set forward over midnight: the day begins where they are, which is between the two.
    before = other
    while found - before > _SECOND:
        middle = before + (found - before) // 2
        if middle.astimezone(zone).date() < day:
            before = middle
        else:
            found = middle
    return found.replace(microsecond=0)
