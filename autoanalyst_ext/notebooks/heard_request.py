"""`HeardRequest`: a cell that a page sends to the kernel, and what the witness heard of it.

It is a `Request` like those to a kernel of ours, with the same outcome in the same words. But nobody here
gets the kernel's reply: that it failed, and its number, are heard as well. Which message it is, the page
says; where it cannot, the first execution of the cell's source is taken for it.
"""

import asyncio
import time
from collections.abc import Mapping

from ..errors import AnalystError, BadRequest
from ..types.cells import Execution
from .channels import Message
from .probe import Left
from .request import Request

ABORTED = "An earlier cell failed, so this one was not run. It is in the notebook."


class HeardRequest(Request):
    """A cell that a page runs. It is over when the kernel is idle again: outputs were heard before."""

    def __init__(self, source: str, seconds: float | None) -> None:
        super().__init__(seconds)
        loop = asyncio.get_running_loop()
        self.begun: asyncio.Future[None] = loop.create_future()
        """Done when the kernel has begun with it."""
        self.spotted: asyncio.Future[str] = loop.create_future()
        """Done when the kernel has begun with this source: the message's id."""
        self.shutting: asyncio.Future[None] = loop.create_future()
        """Done when the kernel says that it shuts down or is restarted."""
        self.stopped_by_user = False
        """True when the user interrupted it in the notebook."""
        self.refusal: AnalystError | None = None
        """Why it was not run, or how it ended is not known."""
        self.left: Left | None = None
        """What it left behind, once that was asked."""
        self.heard_at = 0.0
        """When something was heard of it, on the clock of `time.monotonic`."""
        self._source = source
        self._named: set[str] = set()
        self._early: dict[str, list[tuple[Message, int]]] = {}
        """What was heard of executions of the source before it was known which one it is."""
        self._failure: Mapping[str, str] | None = None
        self._count: int | None = None

    def take(self, message: Message, size: int) -> None:
        """Take a message from iopub, whatever it belongs to."""
        parent, kind = message["parent_header"].get("msg_id", ""), message["header"]["msg_type"]
        if parent in self._named:
            self._take_own(kind, message["content"], size)
        elif parent in self._early:
            self._early[parent].append((message, size))
        elif kind == "shutdown_reply" and not self.shutting.done():
            self.shutting.set_result(None)
        elif kind == "execute_input" and message["content"].get("code") == self._source:
            self._early[parent] = [(message, size)]
            if not self.spotted.done():
                self.spotted.set_result(parent)

    def name(self, message_id: str) -> None:
        """It is this message."""
        self._named.add(message_id)
        for message, size in self._early.pop(message_id, ()):
            self._take_own(message["header"]["msg_type"], message["content"], size)

    def refuse(self, why: AnalystError) -> None:
        """It was not run, or nobody can say how it ended."""
        if not self.over.done():
            self.refusal = why
            self.over.set_result(None)

    def die(self, how: str) -> None:
        """Its kernel ended under it, in words; whatever it said before of an end was that."""
        self.reply, self.stop_reason, self.death = None, None, how

    def give_up(self) -> None:
        """It was run, and nobody heard how it ended."""
        if not self.over.done():
            self.over.set_result(None)

    def execution(self, cell_id: str, source: str) -> Execution:
        """How it went, once it has ended; raises why that is not known."""
        if self.refusal is not None:
            raise self.refusal
        status, ename, evalue = self._outcome(self.reply or {})
        left = self.left or Left()
        told = left if status == "ok" else Left()
        return Execution(
            cell_id=cell_id,
            source=source,
            status=status,
            execution_count=self._count,
            outputs=self.log.outputs,
            ename=ename,
            evalue=evalue,
            result=told.result,
            tables=tuple(table for table in told.tables if table.name in told.changed),
            seconds=self.seconds,
        )

    @property
    def execution_count(self) -> int | None:
        """The count that the kernel gave it."""
        return self._count

    def _take_own(self, kind: str, content: Message, size: int) -> None:
        self.heard_at = time.monotonic()
        if kind == "execute_input":
            self._begin(content)
        elif kind == "error":
            self._failure = {"ename": str(content.get("ename")), "evalue": str(content.get("evalue"))}
            if content.get("ename") == "KeyboardInterrupt" and self.stop_reason is None:
                self.stop_reason, self.stopped_by_user = "interrupted", True
        elif kind == "status" and content["execution_state"] == "idle":
            if not self.begun.done():
                self.refuse(BadRequest(ABORTED))
                return
            self.answer({"status": "error", **self._failure} if self._failure else {"status": "ok"})
        self.hear(kind, content, size)

    def _begin(self, content: Message) -> None:
        count = content.get("execution_count")
        self._count = count if isinstance(count, int) else None
        self._sent = time.monotonic()
        if not self.begun.done():
            self.begun.set_result(None)
