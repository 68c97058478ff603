"""The fake provider's memory: every request it received and what it served, in order, never changed
afterwards.

This is the oracle of tests about money (what was billed) and about what leaves (what the bodies held).
"""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autoanalyst_ext.types.usage import TokenUsage


@dataclass(frozen=True)
class Served:
    """How the answer to a request went."""

    status: int
    """0 when nothing was answered at all."""
    bytes_sent: int
    """Of the body, without HTTP's framing."""
    usage: TokenUsage | None
    """What the provider had reported when the answer ended."""
    complete: bool
    """Whether the whole answer was sent."""
    hung_up: bool
    """Whether the client went away before the end."""


@dataclass
class Exchange:
    """A request and, once it is over, its answer."""

    number: int
    """From 1, in the order of arrival."""
    time: float
    """Seconds since the epoch, on arrival."""
    dialect: str | None
    """`None` when no dialect serves the path."""
    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    """All of them, as they came."""
    body: bytes = field(repr=False)
    served: Served | None = None
    """`None` while it is being answered."""

    def json(self) -> Any:
        """The body as data."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """The value of a header."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class ExchangeLog:
    """Grows only. With a path, also a file of JSON lines: one when a request arrives, one when it is over."""

    def __init__(self, path: Path | None = None) -> None:
        self.exchanges: list[Exchange] = []
        self._path = path

    def received(
        self,
        *,
        dialect: str | None,
        method: str,
        path: str,
        headers: tuple[tuple[str, str], ...],
        body: bytes,
    ) -> Exchange:
        """Note a request before it is answered."""
        exchange = Exchange(len(self.exchanges) + 1, time.time(), dialect, method, path, headers, body)
        self.exchanges.append(exchange)
        line = asdict(exchange) | {"body": body.decode("utf-8", "backslashreplace")}
        self._write("received", {key: value for key, value in line.items() if key != "served"})
        return exchange

    def served(self, exchange: Exchange, served: Served) -> None:
        """Note how its answer went."""
        exchange.served = served
        usage = served.usage.model_dump() if served.usage is not None else None
        self._write("served", {"number": exchange.number} | asdict(served) | {"usage": usage})

    def _write(self, event: str, line: dict[str, Any]) -> None:
        if self._path is None:
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"event": event} | line) + "\n")


def read_log(path: Path) -> list[dict[str, Any]]:
    """The lines of a log file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
