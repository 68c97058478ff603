"""Logs: one JSON object a line, with the run and the principal in every line of a run.

Lines carry ids, names of events, counts and durations: never a question, code, a value of the user's
data or a secret. What goes wrong is logged by its class and code, not by its text.
"""

import logging
import logging.handlers
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

import structlog

_NAME = "autoanalyst"


def configure(path: Path | None, *, level: str = "INFO") -> None:
    """Send all lines to the file at `path` (rotated at 5 MiB, two kept); None sends them nowhere.

    The file is for its owner alone (0600).
    """
    logger = logging.getLogger(_NAME)
    for handler in logger.handlers[:]:
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = False
    logger.setLevel(level)
    if path is None or not _usable(path):
        logger.addHandler(logging.NullHandler())
    else:
        handler = _PrivateFile(path, maxBytes=5 * 2**20, backupCount=2, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only its owner can read, each of its generations."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        # The handler closes it.
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding=self.encoding, line_buffering=True)


def _usable(path: Path) -> bool:
    """Whether a log can be written there. If not, the database, which is beside it, says what is wrong."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    except OSError:
        return False
    return True


def logger() -> structlog.stdlib.BoundLogger:
    """The project's logger."""
    bound: structlog.stdlib.BoundLogger = structlog.get_logger(_NAME)
    return bound


@contextmanager
def of_run(*, run_id: str, principal: str) -> Iterator[None]:
    """Put the run and the principal into every line that is logged inside."""
    with structlog.contextvars.bound_contextvars(run_id=run_id, principal=principal):
        yield
