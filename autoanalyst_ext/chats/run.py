"""`LiveRun`: one question while it is being answered. It thinks in a task of its own, so that it can be
stopped at any moment, and it always ends with exactly one `RunFinished`, written down before it is told.
"""

import asyncio
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from ..agents import claims, references
from ..agents.conversation import Conversation
from ..agents.loop import Loop, Report
from ..agents.planner import Done, specialist
from ..agents.registry import AgentRegistry
from ..errors import AnalystError, LimitReached, Refused, StoreError
from ..logs import logger
from ..tools.base import Abstention
from ..tools.inspect_data import look, table_facts
from ..tools.turn import Turn
from ..types.agents import AgentSpec
from ..types.cells import Execution
from ..types.claims import Claim
from ..types.events import (
    Notice,
    RunEvent,
    RunFinished,
    RunStarted,
    StepStarted,
    TablesSeen,
    TextDelta,
)
from ..types.runs import Answer, CellRecord, EgressLevel, ModelSettings
from ..types.value import Value
from .record import RunRecord

STOPPED = "Stopped. Your question and everything so far are kept."


class Request(Value):
    """One question with everything that is decided before it runs."""

    question: str
    """As the user wrote it."""
    agents: tuple[AgentSpec, ...]
    """Who answers, in order."""
    task: str
    """The question without its mentions."""
    model: str
    """`provider:model`."""
    settings: ModelSettings = ModelSettings()
    level: EgressLevel = "statistics"
    in_process: bool = False
    """The model runs in this process and sees all of the data."""


@dataclass
class LiveRun:
    """One question being answered."""

    id: str
    chat_id: str
    request: Request
    turn: Turn
    registry: AgentRegistry
    conversation: Conversation
    record: RunRecord
    notices: tuple[Notice, ...] = ()
    """What the user should know before the run begins."""
    interrupted: bool = False
    """True once the user stopped it."""
    _closing: bool = False
    """True once the answer is there and only has to be written down: Stop comes too late."""
    _partial: str = ""
    _queue: "asyncio.Queue[RunEvent | None]" = field(default_factory=asyncio.Queue)
    _task: "asyncio.Task[None] | None" = None

    async def events(self, loop: Loop) -> AsyncGenerator[RunEvent, None]:
        """Answer the question; leaving early stops the run and waits until it has ended."""
        self._task = asyncio.create_task(self._run(loop), name=f"run {self.id}")
        try:
            while (event := await self._queue.get()) is not None:
                yield event
            await self._task
        finally:
            self.stop()
            await asyncio.wait([self._task])

    def stop(self) -> None:
        """Stop thinking and the cell that runs; the run then ends by itself."""
        if self.interrupted or self._closing:
            return
        self.interrupted = True
        if self._task is not None:
            self._task.cancel()

    async def _run(self, loop: Loop) -> None:
        answer: Answer | None = None
        try:
            answer = await self._concluded(loop)
        finally:
            # Without an answer there is a bug of ours: the run is closed all the same, and the bug
            # goes on to the door.
            self._closing = True
            await self._close(answer or self._broken(sys.exc_info()[0]))

    async def _concluded(self, loop: Loop) -> Answer:
        """The answer, however the run ends."""
        try:
            if self.interrupted:
                return self._ended("stopped", STOPPED)
            return await self._answer(loop)
        except asyncio.CancelledError:
            # The user's Stop is not an error of the task: it ends in good order.
            return self._ended("stopped", STOPPED)
        except (LimitReached, Refused) as error:
            return self._ended("stopped", str(error), error)
        except AnalystError as error:
            return self._ended("failed", str(error), error)

    async def _answer(self, loop: Loop) -> Answer:
        """Look at the data, let the agents work, and fill in what they say."""
        request = self.request
        agents = tuple(agent.name for agent in request.agents)
        self._tell(RunStarted(run_id=self.id, chat_id=self.chat_id, agents=agents, model=request.model))
        for notice in self.notices:
            self._tell(notice)
        await look(self.turn, request.task)
        self._tell(TablesSeen(tables=self.turn.tables))
        self.conversation.look(table_facts(self.turn.tables, self.turn))
        if len(request.agents) == 1:
            work = loop.run(request.agents[0], request.task, self.turn, self.conversation)
            report = await self._watch(work)
            return self._reported([report.text], report.abstention)
        return await self._one_after_the_other(loop)

    async def _one_after_the_other(self, loop: Loop) -> Answer:
        """Several named agents work in order, in one kernel; each reads what the ones before it said."""
        done: list[Done] = []
        titled: list[str] = []
        self.conversation.ask(self.request.task)
        try:
            for agent in self.request.agents:
                work = specialist(loop, self.registry, agent.name, self.request.task, self.turn, done)
                report = await self._watch(work)
                if report.abstention is not None:
                    return self._reported(titled, report.abstention)
                done.append(Done(self.request.task, report.text))
                titled.append(f"**{agent.title}**\n\n{report.text}")
        finally:
            if titled:
                self.conversation.told("\n\n".join(titled), in_process=self.request.in_process)
        return self._reported(titled, None)

    async def _watch(self, work: AsyncGenerator[RunEvent | Report, None]) -> Report:
        """Pass events on until the report comes."""
        report = Report()
        async with aclosing(work) as items:
            async for item in items:
                if isinstance(item, Report):
                    report = item
                    continue
                if isinstance(item, StepStarted):
                    self._partial = ""
                elif isinstance(item, TextDelta):
                    self._partial += item.text
                self._tell(item)
                await self.record.note(item)
        return report

    def _reported(self, texts: list[str], abstention: Abstention | None) -> Answer:
        """The answer of a run that came to its end by itself."""
        if abstention is not None:
            return self._answered("abstained", abstained(abstention), suggestions=abstention.suggestions)
        text, found = self._fill("\n\n".join(texts))
        if self.turn.failing is not None or self.turn.given_up:
            return self._answered("failed", text, claims=found)
        if self.turn.refused is not None:
            reason = f"{text}\n\nThe code was not run. {self.turn.refused}"
            return self._answered("stopped", reason, claims=found)
        return self._answered("answered", text, claims=found)

    def _fill(self, template: str) -> tuple[str, tuple[Claim, ...]]:
        """The answer with its figures, and a claim for each."""
        filled = references.fill(template, self._proofs())
        marked, free = self._marked(filled)
        return re.sub(r"\n{3,}", "\n\n", marked).strip(), (*filled.claims, *free)

    def _marked(self, filled: references.Filled) -> tuple[str, tuple[Claim, ...]]:
        return claims.mark(filled, question=self.request.question, cells=self._proofs())

    def _proofs(self) -> dict[str, tuple[str, Execution]]:
        return {label: (cell.cell_id, cell) for label, cell in self.turn.all_cells().items()}

    def _ended(self, status: str, message: str, error: AnalystError | None = None) -> Answer:
        """The answer of a run that was ended: what the last step had said so far, and what happened."""
        partial, found = self._marked(references.Filled(self._partial.strip(), (), ()))
        text = f"{partial}\n\n{message}" if partial else message
        return self._answered(status, text, claims=found, error=error.as_json() if error else None)

    def _broken(self, bug: type[BaseException] | None) -> Answer:
        kind = bug.__name__ if bug else "unknown"
        logger().error("run broken", kind=kind)
        error = AnalystError(f"Something went wrong inside AutoAnalyst ({kind}). Your question is kept.")
        return self._ended("failed", str(error), error)

    def _answered(self, status: str, text: str, **more: object) -> Answer:
        facts = {"status": status, "answer": text, "cells": self._cells(), **more}
        return Answer.model_validate({**facts, "run_id": self.id, "chat_id": self.chat_id})

    def _cells(self) -> tuple[CellRecord, ...]:
        return tuple(
            CellRecord(id=cell.cell_id, label=label, source=cell.source, outputs=cell.outputs)
            for label, cell in self.turn.cells.items()
        )

    async def _close(self, answer: Answer) -> None:
        """Close what is open, write everything down, and only then say that it is over."""
        try:
            self.conversation.close("(stopped before this was done)")
            self.conversation.keep(self.turn.cells)
            self._tell(RunFinished(answer=await self._written(answer)))
        finally:
            self._queue.put_nowait(None)

    async def _written(self, answer: Answer) -> Answer:
        try:
            written = await self.record.finish(answer, self.conversation.dump(), interrupted=self.interrupted)
        except StoreError as error:
            lost = f"{answer.answer}\n\nThis answer could not be stored. {error}"
            written = answer.model_copy(update={"status": "failed", "answer": lost, "error": error.as_json()})
        logger().info("run finished", status=written.status, seconds=round(written.seconds, 3))
        return written

    def _tell(self, event: RunEvent) -> None:
        self._queue.put_nowait(event)


def abstained(abstention: Abstention) -> str:
    """An abstention in words; the nearest questions are listed by the door that shows it."""
    lines = [f"Not answered: {abstention.not_understood}"]
    if abstention.understood:
        lines.insert(0, f"Understood: {abstention.understood}")
    if abstention.suggestions:
        lines.append("These questions can be answered:")
    return "\n\n".join(lines)
