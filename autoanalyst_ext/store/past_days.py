"""What is kept of days that are over between two views of them: they hardly ever change, and never unseen.

Kept in memory, beside the sums of everyone of these days. Whatever happens to one of them changes these (a
call that ends counts there, as does a run that begins or ends), and then it is read again.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from .day_sums import Days

T = TypeVar("T")

MOST = 8
"""Periods that are kept; those that were not wanted for longest are forgotten."""


class PastDays(Generic[T]):
    """What was read of periods that are over; the threads that read share it."""

    def __init__(self) -> None:
        self._kept: dict[Days, tuple[Hashable, T]] = {}
        self._lock = Lock()

    def of(self, days: Days, sums: Hashable, read: Callable[[], T]) -> T:
        """What `read` gives of these days; not read again while their `sums` stay the same.

        The sums must have been read before: what is newer than its sums is read again, and never kept.
        """
        with self._lock:
            found = self._kept.pop(days, None)
            if found is not None:
                self._kept[days] = found
        if found is not None and found[0] == sums:
            return found[1]
        value = read()
        with self._lock:
            self._kept[days] = sums, value
            for forgotten in tuple(self._kept)[:-MOST]:
                del self._kept[forgotten]
        return value
