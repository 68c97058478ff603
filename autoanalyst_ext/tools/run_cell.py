"""`run_cell`: put code into the notebook and run it in the kernel. The one tool that acts.

Before anything runs, the code's effects are read, policy decides, a person may be asked, and the
start is written down; so a started call is never repeated, whatever ends in between.
"""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from ..errors import BadRequest, KernelGone, NotFound
from ..policy.approvals import code_hash
from ..policy.effects import findings
from ..policy.rules import Decision, decide
from ..types.cells import DisplayOutput, Execution, Output, OutputChange, ResultOutput, StreamOutput
from ..types.effects import Finding
from ..types.events import (
    ApprovalNeeded,
    CellFinished,
    CellNotRun,
    CellOutput,
    CellProposed,
    CellStarted,
    RunEvent,
)
from ..types.value import Value
from .base import Tool, ToolCall, ToolOutcome
from .turn import Turn

NOT_APPROVED = {
    "yes": "The code was changed after you said yes, so it was not run.",
    "no": "You said no, so it was not run.",
    "expired": "Nobody answered in time, so it was not run. Ask the question again.",
    "revoked": "The approval was taken back, so it was not run.",
}
"""What is said of code that a person did not let run."""

TEXT_KEPT = 20_000
"""Characters of each text output that the history keeps; the notebook keeps all of it."""
OUTPUTS_KEPT, ERROR_KEPT, LINES_KEPT = 40, 4_000, 40
"""Outputs, characters of an error's text and lines of its traceback that the history keeps."""


class Code(Value):
    """A cell to run."""

    code: str
    """Plain Python for one notebook cell. End with an expression whose value is the result."""
    purpose: str = ""
    """What the cell does, in one short sentence for the user."""


class RunCell(Tool):
    """Runs code as a cell of the user's notebook."""

    name = "run_cell"
    description = (
        "Insert a code cell below the question and run it in the user's kernel, where the tables are "
        "already loaded. Variables stay. You get back what the cell's last expression was. If the cell "
        "fails, call this again with the whole corrected cell: it replaces the failed one."
    )
    parameters = Code

    async def run(
        self, call: ToolCall, arguments: Code, turn: Turn
    ) -> AsyncGenerator[RunEvent | ToolOutcome, None]:
        """Check, ask if needed, execute once, and tell."""
        label, source = turn.next_label(), arguments.code.strip("\n")
        found = findings(source, turn.names)
        yield CellProposed(
            call_id=call.id,
            label=label,
            purpose=arguments.purpose,
            source=source,
            findings=found,
            replaces=turn.failing.cell_id if turn.failing else None,
        )
        decision = self._decide(found, turn)
        if decision.verdict == "ask":
            async with aclosing(self._ask(call, source, found, decision, turn)) as events:
                async for event in events:
                    if isinstance(event, Decision):
                        decision = event
                    else:
                        yield event
        if decision.verdict == "run":
            act = self._execute(call, label, source, turn)
        else:
            act = self._leave(call, source, decision, turn)
        async with aclosing(act) as items:
            async for item in items:
                yield item

    def _decide(self, found: tuple[Finding, ...], turn: Turn) -> Decision:
        may = turn.permissions
        mode = turn.approvals.mode(turn.notebook.id, may.mode)
        return decide(mode, found, allowed=may.allowed, rules=may.rules, can_ask=may.can_ask)

    async def _ask(
        self, call: ToolCall, source: str, found: tuple[Finding, ...], decision: Decision, turn: Turn
    ) -> AsyncGenerator[RunEvent | Decision, None]:
        """Wait for a yes to exactly this code; the last item is what was decided."""
        turn.approvals.request(turn.run_id, call.id, source, notebook_id=turn.notebook.id)
        yield ApprovalNeeded(
            call_id=call.id,
            code_hash=code_hash(source),
            source=source,
            reason=decision.reason,
            findings=found,
        )
        asked = time.monotonic()
        said = await turn.approvals.wait(turn.run_id, call.id)
        turn.waited(time.monotonic() - asked)
        if said == "yes" and turn.approvals.consume(turn.run_id, call.id, source):
            yield Decision(verdict="run", reason="")
        else:
            yield Decision(verdict="refuse", reason=NOT_APPROVED[said])

    async def _leave(
        self, call: ToolCall, source: str, decision: Decision, turn: Turn
    ) -> AsyncGenerator[RunEvent | ToolOutcome, None]:
        """Show the code without running it; in `suggest` mode it also becomes a cell."""
        cell_id, turn.left_unrun = "", True
        if decision.verdict == "insert" and turn.permissions.mode == "suggest":
            cell_id = (await turn.notebook.insert(source)).id
        else:
            turn.not_run(decision.reason)
        yield CellNotRun(call_id=call.id, cell_id=cell_id, source=source, reason=decision.reason)
        told = "It is in the notebook for the user to run. " if cell_id else ""
        yield ToolOutcome(facts={"notice": f"The code was not run: {decision.reason} {told}".strip()})

    async def _execute(
        self, call: ToolCall, label: str, source: str, turn: Turn
    ) -> AsyncGenerator[RunEvent | ToolOutcome, None]:
        """Run it exactly once: a call that was started before only tells what is known of it."""
        turn.check_time()
        known = await turn.record.begin(call.id, self.name, code_hash(source))
        if known is not None:
            yield ToolOutcome(facts=known)
            return
        cell_id = await self._place(source, label, turn)
        yield CellStarted(call_id=call.id, cell_id=cell_id, label=label)
        execution: Execution | None = None
        seconds = min(turn.limits.cell_seconds, turn.remaining_seconds())
        async with aclosing(turn.notebook.execute(cell_id, seconds=seconds)) as items:
            async for item in items:
                if isinstance(item, OutputChange):
                    yield CellOutput(cell_id=cell_id, change=item)
                else:
                    execution = item
        if execution is None:
            raise KernelGone("The kernel did not say how the cell ended. The cell and its outputs are kept.")
        turn.executed(label, execution)
        if execution.status != "died":
            turn.now_exist(await turn.notebook.names())
        facts = {"execution": history_copy(execution), "label": label}
        await turn.record.finish_call(call.id, facts)
        yield CellFinished(
            call_id=call.id, label=label, execution=execution, repairing=execution.status != "ok"
        )
        if execution.status == "died":
            raise KernelGone(
                "The kernel died while the cell ran, so its variables are gone. "
                "The notebook and all outputs so far are kept. "
                "Ask again; unless you restarted it, with less data."
            )
        yield ToolOutcome(facts=facts)

    async def _place(self, source: str, label: str, turn: Turn) -> str:
        """The cell to run: a repair replaces the cell that failed, anything else is inserted."""
        if turn.failing is None:
            metadata = {"autoanalyst": {"run": turn.run_id, "label": label}}
            return (await turn.notebook.insert(source, metadata=metadata)).id
        failed = turn.failing
        try:
            return (await turn.notebook.replace(failed.cell_id, source, expected=failed.source)).id
        except (BadRequest, NotFound):
            # Somebody changed or removed the failed cell meanwhile: it is theirs now.
            return (await turn.notebook.insert(source)).id


def history_copy(execution: Execution) -> dict[str, Any]:
    """An execution as the history keeps it: everything but bulk (images, figures, long or many texts)."""
    light = {
        "outputs": tuple(light_output(output) for output in execution.outputs[:OUTPUTS_KEPT]),
        "evalue": execution.evalue and execution.evalue[:ERROR_KEPT],
    }
    return execution.model_copy(update=light).model_dump(mode="json")


def light_output(output: Output) -> Output:
    """The same output with long text cut and rich content replaced by its MIME type alone."""
    if isinstance(output, StreamOutput):
        return output.model_copy(update={"text": output.text[:TEXT_KEPT]})
    if isinstance(output, DisplayOutput | ResultOutput):
        data = {
            mime: content[:TEXT_KEPT] if mime == "text/plain" and isinstance(content, str) else ""
            for mime, content in output.data.items()
        }
        return output.model_copy(update={"data": data, "metadata": {}})
    lines = tuple(line[:ERROR_KEPT] for line in output.traceback[-LINES_KEPT:])
    return output.model_copy(update={"evalue": output.evalue[:ERROR_KEPT], "traceback": lines})
