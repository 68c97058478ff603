"""`ChildLink`: the engine in a child process of the kernel, one JSON object a line over its pipes.

The child has a process session of its own, because an interrupt goes to the kernel's whole process group.
It ends when its input does, so it never outlives the kernel, however that ends.
"""

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from importlib.util import find_spec
from queue import SimpleQueue
from typing import Any

from .links import Link, Lost, NoHome, Take

PACKAGE = "autoanalyst_ext"
COMMAND = ("-P", "-m", f"{PACKAGE}.home")
"""`-P`: a file of the user named like a library must not take its place."""

END_SECONDS = 2.0
"""For the child to put things in order; less than a Jupyter server gives a kernel that it shuts down."""


class ChildLink(Link):
    """The line to a child process, and the process."""

    where = "in a process of its own"

    def __init__(self, take: Take, lost: Lost) -> None:
        super().__init__(take, lost)
        self._process: subprocess.Popen[bytes] | None = None
        self._outgoing: SimpleQueue[bytes | None] = SimpleQueue()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        self._reader = threading.Thread(target=self._read, name="autoanalyst-read", daemon=True)
        self._writer = threading.Thread(target=self._write, name="autoanalyst-write", daemon=True)
        self._said = ""

    def open(self) -> None:
        """Start the process."""
        if not sys.executable or find_spec(PACKAGE) is None:
            raise NoHome(
                "The analyst's engine is not installed in this environment "
                f"({sys.executable or sys.prefix}). Run `pip install autoanalyst-ext` there, or open the "
                "notebook from a Jupyter server that has it."
            )
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a fixed command
                [sys.executable, *COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                **_apart(),
            )
        except OSError as error:
            raise NoHome(f"The analyst's process could not be started: {error.strerror}.") from error
        atexit.register(self.close)
        self._reader.start()
        self._writer.start()

    def send(self, message: bytes) -> None:
        """Hand a message to the writing thread."""
        self._outgoing.put(message + b"\n")

    def close(self) -> None:
        """Let the process end, and make it end if it does not."""
        process = self._process
        if process is not None:
            atexit.unregister(self.close)
            self._outgoing.put(None)
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                _kill(process)
            if self._reader.is_alive():
                self._reader.join(END_SECONDS)
            assert process.stdout is not None
            if not self._reader.is_alive():  # else another process of the home's still holds it
                process.stdout.close()
        if not self._errors.closed:
            self._said = self.last_words()
            self._errors.close()

    def last_words(self) -> str:
        """The last line of its error output."""
        if self._errors.closed:
            return self._said
        self._errors.seek(0)
        lines = self._errors.read()[-2_000:].decode(errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else ""

    def descriptors(self) -> list[int]:
        """The kernel's ends of the pipes."""
        pipes = (self._process.stdin, self._process.stdout) if self._process is not None else ()
        return [pipe.fileno() for pipe in pipes if pipe is not None and not pipe.closed]

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                self._take(line)
        finally:
            # Nothing more can be said: a process that is not ending by itself is of no use any more.
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                _kill(self._process)
            self._lost(self._ending())

    def _write(self) -> None:
        assert self._process is not None
        stdin = self._process.stdin
        assert stdin is not None
        with suppress(OSError):  # its end is told by the reading thread
            while (line := self._outgoing.get()) is not None:
                stdin.write(line)
                stdin.flush()
        with suppress(OSError):
            stdin.close()

    def _ending(self) -> str:
        code = None if self._process is None else self._process.returncode
        how = "" if code is None else f" (signal {-code})" if code < 0 else f" (exit code {code})"
        said = self.last_words()
        return f"The analyst's process has ended{how}." + (f" It said: {said}" if said else "")


def _apart() -> dict[str, Any]:
    """How to start a process that our interrupts do not reach."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End the process and what it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        import signal

        with suppress(ProcessLookupError):  # the session of a leader that has just ended
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
