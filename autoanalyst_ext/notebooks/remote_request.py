"""`RemoteRequest`: a cell that a client executes, and what was heard of it so far.

It is a `Request` like those to a kernel of ours: the same outcome in the same words. But the client says
how the cell ended and what it left, in one reply after all of its outputs.
"""

import logging
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..errors import AnalystError, BadRequest, KernelGone
from ..types.cells import Execution
from ..types.wire import ExecuteReply, Replied
from .request import Request

log = logging.getLogger(__name__)

UNTOLD = "The notebook did not say how the cell ended. The cell and its outputs are kept."


class RemoteRequest(Request):
    """A cell that a client executes. It is over with the client's reply: outputs were heard before."""

    report: ExecuteReply | None = None
    refusal: AnalystError | None = None
    """Why nobody can say how it ended."""

    def take(self, replied: Replied) -> None:
        """Take the client's reply; the first counts."""
        if self.over.done():
            return
        if replied.error is not None:
            self.refuse(BadRequest(replied.error))
        elif (reply := _read(replied.value)) is not None:
            self._end_with(reply)
        else:
            self.refuse(KernelGone(UNTOLD))

    def refuse(self, why: AnalystError) -> None:
        """There will be no reply."""
        if not self.over.done():
            self.refusal = why
            self.over.set_result(None)

    def execution(self, cell_id: str, source: str) -> Execution:
        """How it went, once it has ended; raises why that is not known."""
        if self.report is None:
            raise self.refusal or KernelGone(UNTOLD)
        report = self.report
        status, ename, evalue = self._outcome(self.reply or {})
        return Execution(
            cell_id=cell_id,
            source=source,
            status=status,
            execution_count=report.execution_count,
            outputs=self.log.outputs,
            ename=ename,
            evalue=evalue,
            result=report.result if status == "ok" else None,
            tables=report.tables if status == "ok" else (),
            seconds=report.seconds or self.seconds,
        )

    def _end_with(self, reply: ExecuteReply) -> None:
        if reply.status == "interrupted" and self.stop_reason is None:
            self.stop_reason = "interrupted"
        self.log.flooded |= reply.flooded
        self.reply, self.report = reply.model_dump(include={"status", "ename", "evalue"}), reply
        self.over.set_result(None)


def _read(value: Mapping[str, Any]) -> ExecuteReply | None:
    """The reply, if it is one. A cell whose value or tables cannot be told is still a finished cell."""
    try:
        return ExecuteReply.model_validate(value)
    except ValidationError as error:
        log.warning("a report on a cell does not fit: %d problems", error.error_count())
    bare = {key: item for key, item in value.items() if key not in ("result", "tables")}
    try:
        return ExecuteReply.model_validate(bare)
    except ValidationError:
        return None
