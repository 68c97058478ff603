"""`LabLog`: where JupyterLab and its kernels write while the screen stays ours.

The log names the server's token, so it is for its owner alone.
"""

import logging
import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LARGEST_BYTES = 5 * 2**20
"""A longer log is put aside when JupyterLab starts; one is kept."""
SHOWN_LINES = 5


class LabLog:
    """A file that takes what this process and its children write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begun = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Until the end, what is written to stdout and stderr goes to the file; `say` reaches the screen."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.path.exists() and self.path.stat().st_size > LARGEST_BYTES:
            self.path.replace(self.path.with_suffix(".old.log"))
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._begun = os.fstat(file).st_size
        sys.stdout.flush()
        sys.stderr.flush()
        self._screen, self._errors = os.dup(1), os.dup(2)
        try:
            os.dup2(file, 1)
            os.dup2(file, 2)
            yield
        finally:
            logging.disable(logging.CRITICAL)  # threads of the server may outlive it, and go on talking
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(self._screen, 1)
            os.dup2(self._errors, 2)
            for number in (file, self._screen, self._errors):
                os.close(number)

    def say(self, line: str) -> None:
        """Write a line to the screen, while everything else goes to the file."""
        os.write(self._screen, f"{line}\n".encode())

    def end(self) -> str:
        """The last lines that were written since it was taken."""
        with self.path.open("rb") as file:
            file.seek(self._begun)
            lines = deque((line for line in file if line.strip()), maxlen=SHOWN_LINES)
        return b"".join(lines).decode(errors="replace").rstrip()
