"""`RunRecord`: what is written down while a run goes on, and when it has ended.

Events wait here until something happens that must not be lost: few writes, and no event before its cause.
"""

import time
from collections.abc import Sequence
from typing import Any

from ..store.chats import Chats
from ..store.histories import Histories
from ..store.receipts import Receipts
from ..store.run_events import RunEvents
from ..store.runs import Runs
from ..store.tool_calls import ToolCalls
from ..types.events import (
    ApprovalNeeded,
    CellFinished,
    CellNotRun,
    CellStarted,
    RunEvent,
    RunFinished,
    StepFinished,
    StepStarted,
    TextDelta,
)
from ..types.receipts import Receipt
from ..types.runs import Answer, RunStatus
from ..usage.ledger import Ledger
from .telling import to_keep


class RunRecord:
    """Writes one run: its steps, its calls that act, its end. Also the turn's `CallRecord`."""

    def __init__(
        self,
        *,
        principal: str,
        chat_id: str,
        run_id: str,
        chats: Chats,
        runs: Runs,
        calls: ToolCalls,
        histories: Histories,
        receipts: Receipts,
        events: RunEvents,
        ledger: Ledger,
        told: Sequence[RunEvent] = (),
    ) -> None:
        """`told`: what was told of the run before it was written down."""
        self._principal, self._chat_id, self._run_id = principal, chat_id, run_id
        self._chats, self._runs, self._calls = chats, runs, calls
        self._histories, self._receipts, self._ledger = histories, receipts, ledger
        self._events = events
        self._started = time.monotonic()
        self._step: int | None = None
        """The step that is under way."""
        self._step_text = ""
        self._told: list[RunEvent] = []
        """What was told and is not written yet."""
        self._waits = False
        """Whether a person is asked."""
        for event in told:
            self.told(event)

    async def begin(self, call_id: str, name: str, code_hash: str) -> dict[str, Any] | None:
        """Write that a call starts; None when it may, else what is known of the earlier start."""
        past = await self._calls.begin_call(self._principal, self._run_id, call_id, name, code_hash)
        if past is None:
            return None
        unknown = {
            "notice": "This call was started before and nobody heard how it ended. It is not repeated."
        }
        return past.outcome or unknown

    async def finish_call(self, call_id: str, outcome: dict[str, Any]) -> None:
        """Write how a call ended."""
        await self._calls.finish_call(self._principal, self._run_id, call_id, outcome)

    def told(self, event: RunEvent) -> None:
        """Keep an event that was told; it is written with the next that must not be lost."""
        if (kept := to_keep(event)) is not None:
            self._told.append(kept)

    async def note(self, event: RunEvent) -> None:
        """Write down what of an event, just told, must outlive the process."""
        match event:
            case StepStarted():
                self._step, self._step_text = event.step, ""
                await self._runs.start_step(self._principal, self._run_id, event.step, event.agent)
            case TextDelta():
                self._step_text += event.text
            case StepFinished():
                await self._end_step(event.attempt_id)
                await self._write_told()
            case ApprovalNeeded():
                self._waits = True
                await self._write_told("waiting")
            case CellStarted() | CellNotRun() if self._waits:
                self._waits = False
                await self._write_told("running")
            case CellFinished():
                await self._write_told()

    async def _write_told(self, status: RunStatus | None = None) -> None:
        events, self._told = self._told, []
        await self._events.append(self._run_id, events, status=status)

    async def _end_step(self, attempt_id: str | None) -> None:
        if self._step is not None:
            await self._runs.finish_step(
                self._principal, self._run_id, self._step, text=self._step_text, attempt_id=attempt_id
            )
        self._step = None

    async def asks(self, model: str) -> None:
        """Write that a model answers after all, and not a receipt."""
        await self._runs.asks(self._principal, self._run_id, model)

    async def finish(
        self, answer: Answer, history: str, *, interrupted: bool, receipt: Receipt | None = None
    ) -> Answer:
        """Write the end of the run; returns the answer with what it cost and how long it took."""
        await self._end_step(None)
        usage = await self._ledger.usage_of_run(self._run_id)
        finished = answer.model_copy(
            update={
                "usage": usage,
                "cost_usd": usage.cost_usd,
                "seconds": time.monotonic() - self._started,
            }
        )
        await self._chats.append(
            self._principal, self._chat_id, role="analyst", text=finished.answer, run_id=self._run_id
        )
        await self._histories.save(self._principal, self._chat_id, history)
        if receipt is not None:
            await self._receipts.save(self._principal, receipt)
        self.told(RunFinished(answer=finished))
        await self._write_told()
        # The notebook holds the outputs; a second copy would make the database grow with every chart.
        cells = tuple(cell.model_copy(update={"outputs": ()}) for cell in finished.cells)
        await self._runs.finish(
            self._principal,
            self._run_id,
            status="interrupted" if interrupted else finished.status,
            answer=finished.model_copy(update={"cells": cells}),
            error_code=(finished.error or {}).get("code"),
        )
        return finished
