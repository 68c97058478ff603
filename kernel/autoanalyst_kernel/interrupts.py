"""`Interrupts`: what an interrupt means while a question is asked.

In code that a run executes it raises `KeyboardInterrupt`, as always; while we wait it raises nothing, so
that neither a message nor a display is cut in two. Either way the user wants to stop, also when the code
swallows it. A cell's time limit is the engine's and stops only that cell. Outside the main thread there
are no signals; then only what is said to us counts.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

AGAIN_SECONDS = 1.0
"""Code that goes on after its time is interrupted again this often; a signal can also come just before the
system call that it should have ended."""


class Interrupts:
    """The handler of SIGINT for the time of a question. `wake` lets whoever waits look again."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.stop_wanted = False
        """The user wants the question stopped."""
        self.give_up = False
        """The user does not want to wait for its end either."""
        self._wake = wake
        self._running: str | None = None
        """What is executing: the name of a request."""
        self._limited: set[str] = set()
        self._due: str | None = None
        """The request that the next signal is for, if we sent it ourselves."""
        self._thread: int | None = None
        self._before: Any = None
        self._holds, self._owed = 0, False

    def __enter__(self) -> "Interrupts":
        before = signal.getsignal(signal.SIGINT)
        # One that was not set from Python could not be put back.
        if threading.current_thread() is threading.main_thread() and before is not None:
            self._before, self._thread = before, threading.get_ident()
            signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread is not None:
            signal.signal(signal.SIGINT, self._before)
            self._thread = None

    def stop(self) -> None:
        """The user wants the question stopped, as an interrupt says too."""
        self.stop_wanted = True

    def begin(self, request: str) -> None:
        """Code begins to run: interrupts are raised from here on, at once where its time is over already."""
        self._running = request
        if request in self._limited:
            raise KeyboardInterrupt

    def over(self) -> bool:
        """The code has ended, however it did. False when it had put a handler of its own in our place."""
        self._running, self._owed = None, False
        if self._thread is None or signal.getsignal(signal.SIGINT) == self._interrupt:
            return True
        self._due = None  # the other handler took the signal
        signal.signal(signal.SIGINT, self._interrupt)
        return False

    def limit(self, request: str) -> None:
        """Stop the code of a request, and no other; from any thread. It is not the user who stops."""
        self._limited.add(request)
        if self._running != request or self._thread is None:
            return
        self._due = request
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(self._thread, signal.SIGINT)
        else:
            import _thread

            _thread.interrupt_main()
        again = threading.Timer(AGAIN_SECONDS, self.limit, (request,))
        again.daemon = True
        again.start()

    def limited(self, request: str) -> bool:
        """Whether the code of a request was to be stopped by `limit`."""
        return request in self._limited

    @contextmanager
    def held(self) -> Iterator[None]:
        """No interrupt is raised inside, but after it."""
        if threading.get_ident() != self._thread:
            yield
            return
        self._holds += 1
        try:
            yield
        finally:
            self._holds -= 1
        if self._owed and not self._holds:
            self._owed = False
            if self._running is not None:
                raise KeyboardInterrupt

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        __tracebackhide__ = True
        due, self._due = self._due, None
        if due is None and self._before is signal.SIG_IGN:
            return
        if due is None:
            waiting = self._running is None
            self.give_up |= waiting and self.stop_wanted
            self.stop_wanted = True
        elif due != self._running:
            return  # it ended by itself meanwhile
        if self._running is None:
            self._wake()
        elif self._holds:
            self._owed = True
        else:
            raise KeyboardInterrupt
