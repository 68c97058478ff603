"""`Recorded`: recorded cells that have run in this kernel, and answers whose figures wait for some.

Cells below a question are ordinary cells: the user runs them, or *Run All* does. When the last one that an
answer refers to has run, the answer's figures are written anew.
"""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from .receipts import cells_of

if TYPE_CHECKING:
    from .client import Client
    from .display import View
    from .hands import HandCell

VALUES = 200
"""Cells whose values are kept, the newest ones; a described value has a few hundred kilobytes at most."""


class Waiting(NamedTuple):
    """An answer whose figures wait for cells below its question."""

    receipt: dict[str, Any]
    labels: frozenset[str]
    view: "View"


class Recorded:
    """What a kernel knows of recorded cells."""

    def __init__(self, connected: Callable[[], "Client"]) -> None:
        self._connected = connected
        self._watched: set[str] = set()
        """Sources of recorded cells, stripped: of these alone values are kept."""
        self._values: dict[str, Any] = {}
        """Source to the described value of its last run."""
        self._waiting: dict[str, Waiting] = {}
        """By run: an answer that is shown again waits once."""

    def note(
        self, receipt: dict[str, Any], cells: Sequence["HandCell"], pending: Sequence[str], view: "View"
    ) -> None:
        """An answer was left, with these cells; it waits for those with the labels `pending`."""
        from . import frames

        self._watched.update(cell["source"].strip() for cell in cells_of(receipt))
        for cell in cells:
            if cell.status == "ok":
                self._keep(cell.source.strip(), frames.describe(cell.value))
        if pending:
            self._waiting[str(receipt.get("run_id"))] = Waiting(receipt, frozenset(pending), view)

    def values_of(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """Label to value of those cells of a receipt that have run."""
        return {
            cell["label"]: self._values[cell["source"].strip()]
            for cell in cells_of(receipt)
            if cell["source"].strip() in self._values
        }

    def cell_ran(self, result: Any) -> None:
        """A cell of the user's has run: it may be one that an answer waits for."""
        source = str(result.info.raw_cell or "").strip() if result.info is not None else ""
        if source not in self._watched or not result.success:
            return
        from . import frames

        self._keep(source, frames.describe(result.result))
        for run, waiting in tuple(self._waiting.items()):
            values = self.values_of(waiting.receipt)
            if waiting.labels <= set(values):
                del self._waiting[run]
                self._refill(waiting, values)

    def _keep(self, source: str, described: Any) -> None:
        self._watched.add(source)
        self._values.pop(source, None)
        self._values[source] = described
        while len(self._values) > VALUES:
            del self._values[next(iter(self._values))]

    def _refill(self, waiting: Waiting, values: dict[str, Any]) -> None:
        from IPython.core.error import UsageError

        from .client import Gone, Refusal

        try:
            found = self._connected().query("refill", receipt=waiting.receipt, results=values)
        except (UsageError, Gone, Refusal) as error:
            print(f"The answer above keeps its recorded figures: {error}", file=sys.stderr)  # noqa: T201
            return
        waiting.view.refill(found["text"], found["html"], found["claims"])
