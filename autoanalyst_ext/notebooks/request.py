"""`Request`: one execute request on its way, and what was heard of it so far.

It collects; it never talks to the kernel. `Kernel` hands it what arrives and decides when it ends.
How it ended is the kernel's own reply, unless we stopped it or the kernel went away.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from ..types.cells import Execution, ExecutionStatus, OutputChange
from .outputs import OUTPUT_BYTES, OutputLog
from .probe import Report, read_report

REPLY_SECONDS = 5.0
"""The kernel says it is idle; its reply must be here within this time."""

STOPPED_SECONDS = 0.5
"""The same, once it was interrupted: an interrupt in the moment before the code begins leaves no reply."""

BACKLOG = 500
"""Changes that may wait for a slow reader, before they are told anew as the outputs stand."""

REPORT = "report"
"""Name of the expression that comes back with a cell's reply."""

StopReason = Literal["interrupted", "timeout"]


class Request:
    """An execute request: sent, heard, stopped, ended."""

    def __init__(self, seconds: float | None) -> None:
        loop = asyncio.get_running_loop()
        self.log = OutputLog()
        self.reply: Mapping[str, Any] | None = None
        """Content of the kernel's reply; `None` until it arrives."""
        self.over: asyncio.Future[None] = loop.create_future()
        """Done when the reply and the kernel's idle status are here: no output can follow."""
        self.stopping: asyncio.Future[None] = loop.create_future()
        """Done when somebody asked it to stop."""
        self.ended: asyncio.Future[None] = loop.create_future()
        """Done when nothing more is waited for, for whatever reason."""
        self.stop_reason: StopReason | None = None
        self.killed = False
        """True when the kernel had to be ended to stop it."""
        self.death: str | None = None
        """How the kernel ended under it, in words."""
        self.limit_seconds = seconds
        self.seconds = 0.0
        """How long it took, once it has ended."""
        self._sent = time.monotonic()
        self._idle = False
        self._changes: deque[OutputChange] = deque()
        self._news = asyncio.Event()

    def hear(self, kind: str, content: Mapping[str, Any], size: int) -> None:
        """Take a message of `size` bytes from iopub."""
        if kind == "status":
            if content["execution_state"] == "idle":
                self._idle = True
                self._over_if_complete()
            return
        self.tell(self.log.take(kind, content, size))
        if self.log.flooded:
            self.stop("interrupted")

    def tell(self, changes: tuple[OutputChange, ...]) -> None:
        """Queue changes for the reader."""
        if not changes or self.ended.done():
            return
        self._changes.extend(changes)
        if len(self._changes) > max(BACKLOG, 2 * len(self.log)):
            self._changes.clear()
            self._changes.append(OutputChange(op="clear"))
            for index, output in enumerate(self.log.outputs):
                self._changes.append(OutputChange(op="append", index=index, output=output))
        self._news.set()

    def answer(self, content: Mapping[str, Any]) -> None:
        """Take the kernel's reply."""
        self.reply = content
        self._over_if_complete()

    def stop(self, reason: StopReason) -> None:
        """Ask for its end; the first reason counts, and nothing once the reply is here."""
        if self.reply is None and not self.stopping.done() and not self.ended.done():
            self.stop_reason = reason
            self.stopping.set_result(None)

    def end(self) -> None:
        """Nothing more is waited for."""
        self.seconds = time.monotonic() - self._sent
        if not self.ended.done():
            self.ended.set_result(None)
        self._news.set()

    async def changes(self) -> AsyncIterator[OutputChange]:
        """Changes of the outputs as they come, until it has ended."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._changes:
                yield self._changes.popleft()
            if self.ended.done():
                return

    def execution(self, cell_id: str, source: str) -> Execution:
        """How it went, once it has ended."""
        reply = self.reply or {}
        status, ename, evalue = self._outcome(reply)
        expressions = reply.get("user_expressions") or {}
        report = read_report(expressions.get(REPORT)) if reply.get("status") == "ok" else Report()
        return Execution(
            cell_id=cell_id,
            source=source,
            status=status,
            execution_count=self.execution_count,
            outputs=self.log.outputs,
            ename=ename,
            evalue=evalue,
            result=report.result,
            tables=report.tables,
            seconds=self.seconds,
        )

    @property
    def execution_count(self) -> int | None:
        """The count that the kernel gave it."""
        count = (self.reply or {}).get("execution_count")
        return count if isinstance(count, int) else None

    def _over_if_complete(self) -> None:
        if self.over.done() or not self._idle:
            return
        if self.reply is not None:
            self.over.set_result(None)
        else:
            # Idle without a reply is a failure inside the kernel itself, or a reply still on its way.
            seconds = STOPPED_SECONDS if self.stopping.done() else REPLY_SECONDS
            asyncio.get_running_loop().call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        if not self.over.done():
            self.over.set_result(None)

    def _outcome(self, reply: Mapping[str, Any]) -> tuple[ExecutionStatus, str | None, str | None]:
        if self.log.flooded:
            kept = f"{OUTPUT_BYTES // 2**20} MiB"
            return (
                "interrupted",
                "OutputFlood",
                f"The cell wrote more than {kept}; the first {kept} are kept.",
            )
        if self.stop_reason is not None:
            return self._stopped(reply)
        if reply.get("status") == "ok":
            return "ok", None, None
        if reply.get("status") == "error":
            return "error", str(reply.get("ename")), str(reply.get("evalue"))
        if self.death is not None:
            return "died", "KernelDied", f"The kernel ended while the cell ran ({self.death})."
        return "unknown", "ReplyLost", "The kernel ran the cell but did not say how it ended."

    def _stopped(self, reply: Mapping[str, Any]) -> tuple[ExecutionStatus, str, str]:
        status: ExecutionStatus = self.stop_reason or "interrupted"
        if self.killed:
            said = "The cell did not stop when interrupted, so its kernel was ended. Its variables are lost."
            return status, "KernelKilled", said
        if status == "timeout":
            return (
                status,
                "CellTimeout",
                f"The cell ran longer than {self.limit_seconds:g} s; it was stopped.",
            )
        return status, str(reply.get("ename") or "KeyboardInterrupt"), str(reply.get("evalue") or "")
