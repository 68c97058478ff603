"""`Link`: the line from a kernel to a home of the engine, whichever home it is.

A link carries text. It hands over what arrives in a thread of its own, and takes what is sent without
making the sender wait, so that an interrupt never tears a message. What the messages say is the client's.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar
from weakref import WeakSet

LARGEST_BYTES = 64 * 2**20
"""Of one message, in either direction."""

Take = Callable[[str | bytes], None]
"""Gets each message as it arrives, in the link's own thread."""

Lost = Callable[[str], None]
"""Told once that nothing more arrives, and why, for the user."""


class NoHome(Exception):
    """No engine can be reached. `str(error)` says what is missing and what to do."""


class Gone(Exception):
    """The home went away. `str(error)` is for the user."""


class Link(ABC):
    """One line to one home. `open` it before the first message, `close` it after the last."""

    where: ClassVar[str]
    """Where its home is, for the user."""

    def __init__(self, take: Take, lost: Lost) -> None:
        self._take = take
        self._lost = lost
        _links.add(self)

    @abstractmethod
    def open(self) -> None:
        """Reach the home; raises `NoHome`."""

    @abstractmethod
    def send(self, message: bytes) -> None:
        """Pass one message on, whole or not at all; raises `Gone`. From any thread."""

    @abstractmethod
    def close(self) -> None:
        """Send what was handed over, then end the line and what belongs to it."""

    @abstractmethod
    def last_words(self) -> str:
        """What the home said when it ended, outside all messages. For after `close`."""

    @abstractmethod
    def descriptors(self) -> list[int]:
        """Files that are open for the link."""


_links: WeakSet[Link] = WeakSet()


def _leave_to_parent() -> None:
    """Let go of the parent's lines in a process that was forked from it.

    Else a worker of the user's code that outlives its kernel would hold the line open, and the home would
    wait for a kernel that is no more. The numbers stay taken: somebody may still close them.
    """
    numbers = [number for link in _links for number in link.descriptors()]
    if numbers:
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in numbers:
            os.dup2(nothing, number, inheritable=False)
        os.close(nothing)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_parent)
