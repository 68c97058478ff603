"""`turn`: the time of one question in a kernel, from its first display to its last.

There is one at a time. Inside it an interrupt tears nothing: it is noted, and who asks decides what it means
(`Interrupts`).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .interrupts import Interrupts

_free = threading.Lock()
_asking: list[int] = []
"""The thread that asks."""


class Busy(Exception):
    """Another question is being asked. `str(error)` is for the user."""


def taken() -> bool:
    """Whether a question is being asked."""
    return bool(_asking)


@contextmanager
def turn(wake: Callable[[], None]) -> Iterator[Interrupts]:
    """The time of one question; raises `Busy` where there is another one. `wake` lets whoever waits look."""
    # The interrupts come first: one between taking and giving back would leave the kernel taken for good.
    with Interrupts(wake) as interrupts:
        if not _free.acquire(blocking=False):
            raise Busy(_why())
        _asking.append(threading.get_ident())
        try:
            yield interrupts
        finally:
            _asking.clear()
            _free.release()


def _why() -> str:
    if threading.get_ident() in _asking:
        return "A question cannot be asked by code that an answer runs."
    return "Another question is being asked in this kernel. Ask again when it has ended."
