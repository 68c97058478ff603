"""Days, weeks and months of every time zone there is."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoanalyst_ext.errors import BadRequest
from autoanalyst_ext.types.budgets import PeriodKind
from autoanalyst_ext.usage.periods import Period, local_zone, period_of, zone_named

KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)
ZONES = sorted(available_timezones())
FROM, TO = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "zone", "at", "start", "end"),
    [
        ("day", "UTC", "2026-11-23T05:30", "2026-11-23T00:00", "2026-11-24T00:00"),
        ("week", "UTC", "2026-11-23T00:00", "2026-11-23T00:00", "2026-11-30T00:00"),
        ("week", "UTC", "2026-11-22T23:59:59", "2026-11-16T00:00", "2026-11-23T00:00"),
        ("month", "UTC", "2026-12-31T23:59", "2026-12-01T00:00", "2027-01-01T00:00"),
        ("month", "UTC", "2028-02-29T12:00", "2028-02-01T00:00", "2028-03-01T00:00"),
        # 23 and 25 hours, and a month that is an hour longer.
        ("day", "Europe/Berlin", "2026-03-29T12:00", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("day", "Europe/Berlin", "2026-10-25T12:00", "2026-10-24T22:00", "2026-10-25T23:00"),
        ("month", "Europe/Berlin", "2026-10-25T12:00", "2026-09-30T22:00", "2026-10-31T23:00"),
        ("day", "Asia/Kolkata", "2026-11-23T18:29", "2026-11-22T18:30", "2026-11-23T18:30"),
        ("day", "Asia/Kathmandu", "2026-11-23T18:15", "2026-11-23T18:15", "2026-11-24T18:15"),
        ("day", "Pacific/Chatham", "2026-07-01T00:00", "2026-06-30T11:15", "2026-07-01T11:15"),
        # Half an hour of daylight saving.
        ("day", "Australia/Lord_Howe", "2026-04-05T00:00", "2026-04-04T13:00", "2026-04-05T13:30"),
        # Clocks go forward at midnight: the day begins at one.
        ("day", "Africa/Cairo", "2026-04-24T12:00", "2026-04-23T22:00", "2026-04-24T21:00"),
        # Two midnights: the first one counts.
        ("day", "America/Havana", "2026-11-01T12:00", "2026-11-01T04:00", "2026-11-02T05:00"),
        # A date that there never was.
        ("day", "Pacific/Apia", "2011-12-30T09:59", "2011-12-29T10:00", "2011-12-30T10:00"),
        ("day", "Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00", "2011-12-31T10:00"),
        # Back at a minute past midnight: what repeats of yesterday is today's.
        ("day", "America/St_Johns", "2010-11-07T03:00", "2010-11-07T02:30", "2010-11-08T03:30"),
        ("day", "America/St_Johns", "2010-11-07T02:29", "2010-11-06T02:30", "2010-11-07T02:30"),
    ],
)
def test_periods_that_are_known(kind: PeriodKind, zone: str, at: str, start: str, end: str) -> None:
    assert period_of(kind, zone, utc(at)) == Period(start=utc(start), end=utc(end))


@pytest.mark.parametrize("kind", KINDS)
def test_periods_of_every_zone_follow_each_other_without_a_gap(kind: PeriodKind) -> None:
    # A day of each week, so that all 600 zones are done in seconds; days themselves are looked at below.
    step = {"day": timedelta(days=7), "week": timedelta(0), "month": timedelta(0)}[kind]
    for zone in ZONES:
        place, at = ZoneInfo(zone), FROM
        while at < TO:
            period = period_of(kind, zone, at)
            assert period.start <= at < period.end, (zone, at)
            following = period_of(kind, zone, period.end)
            assert following.start == period.end, (zone, at)
            assert period_of(kind, zone, period.end - timedelta(microseconds=1)) == period, (zone, at)
            first, last = (
                period.start.astimezone(place),
                (period.end - timedelta(seconds=1)).astimezone(place),
            )
            assert (period.start - timedelta(seconds=1)).astimezone(place).date() < first.date(), (zone, at)
            assert _belongs(kind, first.date(), last.date()), (zone, first, last)
            at = period.end + step


def _belongs(kind: PeriodKind, first: date, last: date) -> bool:
    """Whether these two are the first and the last date of one period."""
    match kind:
        case "day":
            return first == last
        case "week":
            return first.weekday() == 0 and last == first + timedelta(days=6)
        case "month":
            return first.day == 1 and (first.month == last.month) and (last + timedelta(days=1)).day == 1


def test_every_day_of_every_change_of_clocks_is_right() -> None:
    changes = 0
    for zone in ZONES:
        place = ZoneInfo(zone)
        day = FROM
        while day < TO:
            if day.astimezone(place).utcoffset() != (day + timedelta(days=1)).astimezone(place).utcoffset():
                changes += 1
                at = day - timedelta(days=1)
                periods = []
                while at < day + timedelta(days=2):
                    periods.append(period_of("day", zone, at))
                    at = periods[-1].end
                assert all(a.end == b.start for a, b in pairwise(periods)), zone
                hours = {(each.end - each.start) / timedelta(hours=1) for each in periods}
                assert hours <= {22.0, 23.0, 23.5, 24.0, 24.5, 25.0, 26.0}, (zone, day, hours)
                assert hours != {24.0}, (zone, day)
            day += timedelta(days=1)
    assert changes > 1000, "the zones' daylight saving was not looked at"


@given(
    st.sampled_from(KINDS),
    st.sampled_from(ZONES),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
)
def test_every_moment_is_in_exactly_one_period(kind: PeriodKind, zone: str, at: datetime) -> None:
    period = period_of(kind, zone, at)
    assert period.start <= at < period.end
    assert period_of(kind, zone, period.start) == period
    assert period_of(kind, zone, period.end - timedelta(microseconds=1)) == period
    assert period_of(kind, zone, period.end).start == period.end


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "/etc/localtime", "CET\0", "tzdata.zi"]
)
def test_a_zone_that_there_is_not_is_refused_in_words(name: str) -> None:
    with pytest.raises(BadRequest, match="There is no time zone"):
        zone_named(name)


def test_the_zone_of_the_machine_is_one_that_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert zone_named(local_zone()).key == local_zone()
    monkeypatch.setenv("TZ", ":Asia/Kathmandu")
    assert local_zone() == "Asia/Kathmandu"
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    assert local_zone() == "UTC"
