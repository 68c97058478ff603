"""What was read of days that are over, kept until the next view of them: they hardly ever change.

It is kept in memory beside the sums of these days. Whatever happens to one of them changes these too (a call
that ends, a run that begins or ends), and then it is read again.
"""

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

LONGEST_SECONDS = 600.0
"""After which it is read again in any case: sums of people that were put right do not change everyone's."""


class PastDays(Generic[T]):
    """What was read of periods that are over; the threads that read share it."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep at most so many; those that were not wanted for longest are forgotten."""
        self._most, self._clock = most, clock
        self._kept: dict[Hashable, tuple[float, Hashable, T]] = {}
        self._lock = Lock()

    def of(self, which: Hashable, sums: Hashable, read: Callable[[], T]) -> T:
        """What `read` gives of some days; not read again while their `sums` stay the same.

        Read the sums first, then this: what is newer than its sums is read again at the next view.
        """
        now = self._clock()
        with self._lock:
            found = self._kept.get(which)
        if found is None or found[1] != sums or now - found[0] > LONGEST_SECONDS:
            found = now, sums, read()
        with self._lock:
            self._kept.pop(which, None)
            self._kept[which] = found
            for forgotten in tuple(self._kept)[: -self._most]:
                del self._kept[forgotten]
        return found[2]
