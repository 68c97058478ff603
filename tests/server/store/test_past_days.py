"""What was read of days that are over is read again when their sums have changed, and not before."""

from collections.abc import Callable

from autoanalyst_ext.store.day_sums import Days
from autoanalyst_ext.store.past_days import LONGEST_SECONDS, PastDays

WEEK, MOST = Days(7, 13), 4


class Reads:
    """Gives another number each time it is read."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> int:
        self.count += 1
        return self.count


def kept(clock: Callable[[], float] = lambda: 0.0) -> tuple[PastDays[int], Reads]:
    return PastDays(MOST, clock), Reads()


def test_the_same_sums_are_read_once() -> None:
    past, read = kept()
    assert [past.of(WEEK, (1, 2), read) for _ in range(3)] == [1, 1, 1]


def test_other_sums_are_read_again() -> None:
    past, read = kept()
    assert [past.of(WEEK, sums, read) for sums in (1, 2, 2, 1)] == [1, 2, 2, 3]


def test_periods_are_kept_apart() -> None:
    past, read = kept()
    assert [past.of(days, 1, read) for days in (WEEK, Days(7, 14), WEEK)] == [1, 2, 1]


def test_the_period_that_was_not_wanted_for_longest_is_forgotten() -> None:
    past, read = kept()
    others = [Days(0, last) for last in range(MOST)]
    for days in others[:-1]:
        past.of(WEEK, 1, read)
        past.of(days, 1, read)
    past.of(WEEK, 1, read)
    assert read.count == MOST
    past.of(others[-1], 1, read)
    assert past.of(WEEK, 1, read) == 1
    assert past.of(others[0], 1, read) == MOST + 2


def test_after_a_while_it_is_read_again_in_any_case() -> None:
    at = [0.0]
    past, read = kept(lambda: at[0])
    for moment in (0.0, LONGEST_SECONDS, LONGEST_SECONDS + 1, LONGEST_SECONDS + 2):
        at[0] = moment
        past.of(WEEK, 1, read)
    assert read.count == 2
