"""`Hands`: carries out what a run asks of the notebook, in the user's own shell.

The cells of the run are kept here, with their outputs and the objects that they came to; who asked decides
where they are shown. How a cell is run is in `execution`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import frames
from .execution import Execution, Message
from .interrupts import Interrupts
from .made import Made
from .outputs import Displays, Outputs
from .results import ODD

BROKEN = "The kernel did not carry this out."


def refused(wanted: Message) -> Message:
    """The reply to a request that nobody carries out."""
    return {"kind": "replied", "request": wanted["request"], "value": {}, "error": BROKEN}


class Unable(Exception):
    """A request that cannot be carried out; in words for the user."""


@dataclass
class HandCell:
    """A cell that the run inserted."""

    id: str
    source: str
    cell_type: str = "code"
    metadata: dict[str, Any] = field(default_factory=dict)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    """As nbformat has them."""
    status: str | None = None
    """`ok`, `error` or `interrupted`; None while it has not been executed."""
    value: Any = None
    """What its last expression was."""
    execution_count: int | None = None
    """None: it has no number of its own."""


class Hands:
    """The hands of one question."""

    def __init__(self, shell: Any, send: Callable[[Message], None], interrupts: Interrupts) -> None:
        self.cells: dict[str, HandCell] = {}
        """By id, in the notebook's order."""
        self._shell, self._send, self._interrupts = shell, send, interrupts
        self._made = Made.of(shell)
        self._displays: Displays = {}
        self._stop_told = False

    def do(self, wanted: Message) -> None:
        """Carry out a request and reply to it."""
        do, request, error = wanted["do"], wanted["request"], None
        if do["op"] == "interrupt":
            self._interrupts.limit(do["of"])
            return  # the request that it stops is replied to
        try:
            value = self._carry_out(do, request)
        except Unable as unable:
            value, error = {}, str(unable)
        except BaseException:
            # A run whose request is never replied to would hold its conversation for ever.
            self.tell_stop(wanted["id"])
            self._send(refused(wanted))
            raise
        if self._interrupts.stop_wanted:
            self.tell_stop(wanted["id"])  # before the reply, which would let the run go on
        self._send({"kind": "replied", "request": request, "value": value, "error": error})

    def tell_stop(self, question: str) -> None:
        """Tell the engine, once, that the question is to be stopped."""
        if not self._stop_told:
            self._stop_told = True
            self._send({"kind": "stop", "id": question})

    def _carry_out(self, do: Message, request: str) -> Message:
        match do["op"]:
            case "look":
                return self._look()
            case "evaluate":
                return {"result": frames.evaluated(do["code"], self._shell.user_ns)}
            case "insert":
                return self._insert(do)
            case "replace":
                return self._replace(do)
            case "remove":
                del self.cells[self._cell(do).id]
                return {}
            case "execute":
                return self._execute(request, self._cell(do))
            case unknown:
                raise Unable(f"This kernel's autoanalyst-ext cannot do {unknown!r}. Upgrade it there.")

    def _look(self) -> Message:
        namespace = self._shell.user_ns
        try:
            found = frames.overview(namespace, self._shell.user_ns_hidden)
        except ODD as error:
            raise Unable(f"The kernel could not tell its tables ({type(error).__name__}).") from error
        return {**found, "made": self._made.names(namespace)}

    def _insert(self, do: Message) -> Message:
        self.cells[do["cell_id"]] = HandCell(
            id=do["cell_id"],
            source=do["source"],
            cell_type=do.get("cell_type", "code"),
            metadata=dict(do.get("metadata") or {}),
        )
        return {}

    def _replace(self, do: Message) -> Message:
        cell = self._cell(do)
        cell.source, cell.outputs, cell.status, cell.value = do["source"], [], None, None
        return {}

    def _cell(self, do: Message) -> HandCell:
        if (cell := self.cells.get(do["cell_id"])) is None:
            raise Unable("This run has no such cell.")
        return cell

    def _execute(self, request: str, cell: HandCell) -> Message:
        if cell.cell_type != "code":
            raise Unable("Only code cells can be executed.")
        cell.outputs = []
        outputs = Outputs(cell.outputs, self._displays)
        execution = Execution(self._shell, self._send, self._interrupts, request, outputs)
        before, started = self._made.before(self._shell.user_ns), time.monotonic()
        reply = execution.run(cell.source)
        seconds = time.monotonic() - started
        self._made.remember(before, self._shell.user_ns)
        cell.status, cell.value = reply["status"], execution.value
        told = self._told(cell.value) if cell.status == "ok" else {}
        return {**reply, **told, "seconds": seconds}

    def _told(self, value: Any) -> Message:
        """The value and the tables. A cell of which they cannot be told is still a finished cell."""
        try:
            return frames.outcome(self._shell.user_ns, value)
        except ODD:
            return {}
