"""Writes that wait together and share a transaction: one commit, one sync of the disk for all of them.

The transaction itself, and what becomes of it when it fails as a whole, is left to `database.py`.
"""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

MOST = 200
"""So many writes share a transaction: a failure costs no more than these again."""

Outcome = tuple[Any, Exception | None]


class Write(NamedTuple):
    """A write that waits."""

    function: Callable[[Connection], Any]
    done: Callable[[Any, Exception | None], None]
    """Told of the end in the writer's thread: the result, or the exception."""


class WriteQueue:
    """The writes that wait for the writer, in the order in which they came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Write] = []

    def put(self, write: Write) -> bool:
        """Add a write; True when the writer must be woken for it."""
        with self._lock:
            self._waiting.append(write)
            # The writer takes up to MOST at a time: it is woken once for each such lot.
            return len(self._waiting) % MOST == 1

    def take(self) -> list[Write]:
        """The next writes, at most `MOST`."""
        with self._lock:
            taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            return taken


def carry_out(connection: Connection, write: Write) -> Outcome:
    """Carry out one write of several: what fails by its own fault takes only itself back.

    Raises what the database raises: after it, no transaction can be trusted to be whole.
    """
    try:
        with connection.begin_nested():
            return write.function(connection), None
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001 - it goes to who waits for the write
        return None, error
