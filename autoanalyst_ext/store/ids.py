"""Ids of rows: uuid7, time-ordered so that new rows land at the end of an index.

Ids made in one process strictly increase, also within a millisecond and across threads. Ids of
different processes are ordered to the millisecond.
"""

import os
import threading
import time
import uuid

_RANDOM_BITS = 74
_STEP_BITS = 32
_BYTES, _AT_ONCE = 14, 256
"""Random bytes of an id, and for how many they are fetched at once: a fetch may wait for other threads."""


class _Clock:
    """The last id that was given out, as one number: milliseconds, then 74 random bits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._random: list[bytes] = []
        # A child must not draw what its parent draws too, nor wait for a lock that nobody frees there.
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock, self._random = threading.Lock(), []

    def _draw(self) -> bytes:
        if not self._random:
            drawn = os.urandom(_BYTES * _AT_ONCE)
            self._random = [drawn[place : place + _BYTES] for place in range(0, len(drawn), _BYTES)]
        return self._random.pop()

    def next(self) -> int:
        """A number larger than all before it."""
        now = (time.time_ns() // 1_000_000) << _RANDOM_BITS
        with self._lock:
            drawn = self._draw()
            fresh = now | int.from_bytes(drawn[:10]) >> (80 - _RANDOM_BITS)
            step = 1 + (int.from_bytes(drawn[10:]) >> (32 - _STEP_BITS))
            # In the same millisecond, or when the clock was set back, count on from the last id by
            # a random step: still ordered, still not to be guessed. An overflow runs into the
            # milliseconds, which is harmless.
            same_millisecond = self._last >> _RANDOM_BITS >= fresh >> _RANDOM_BITS
            self._last = self._last + step if same_millisecond else fresh
            return self._last


_clock = _Clock()


def new_id() -> str:
    """A new uuid7 in its usual 36 characters; later ids sort after earlier ones."""
    number = _clock.next()
    milliseconds, tail = number >> _RANDOM_BITS, number & ((1 << _RANDOM_BITS) - 1)
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return str(uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low))
