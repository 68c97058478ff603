"""`LiveRun`: one question while it is being answered. It thinks in a task of its own, so that it can be
stopped at any moment, and it always ends with exactly one `RunFinished`, written down before it is told.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from ..agents import claims, references
from ..agents.conversation import Conversation
from ..agents.loop import Loop, Report
from ..agents.planner import Done, specialist
from ..agents.registry import AgentRegistry
from ..errors import AnalystError, LimitReached, Refused
from ..logs import logger
from ..tools.base import Abstention
from ..tools.inspect_data import look, table_facts
from ..tools.turn import Turn
from ..types.agents import AgentSpec
from ..types.claims import Claim
from ..types.events import Notice, RunEvent, RunFinished, RunStarted, TablesSeen, TextDelta
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
        if self._task is not None and not self._task.done() and not self.interrupted:
            self.interrupted = True
            self._task.cancel()

    async def _run(self, loop: Loop) -> None:
        answer: Answer | None = None
        try:
            answer = await self._answer(loop)
        except asyncio.CancelledError:
            # The user's Stop is not an error of the task: it ends in good order.
            answer = self._ended("stopped", self._kept(STOPPED))
        except (LimitReached, Refused) as error:
            answer = self._ended("stopped", self._kept(str(error)), error)
        except AnalystError as error:
            answer = self._ended("failed", self._kept(str(error)), error)
        finally:
            if answer is None:
                answer = self._ended("failed", self._kept("Something went wrong inside AutoAnalyst."))
            await self._finish(answer)

    async def _answer(self, loop: Loop) -> Answer:
        """Look at the data, let the agents work, and fill in what they say."""
        request = self.request
        agents = tuple(agent.name for agent in request.agents)
        self._tell(RunStarted(run_id=self.id, chat_id=self.chat_id, agents=agents, model=request.model))
        for notice in self.notices:
            self._tell(notice)
        await look(self.turn, request.task)
        self._tell(TablesSeen(tables=self.turn.tables))
        if len(request.agents) == 1:
            self.conversation.look(table_facts(self.turn.tables, self.turn))
            report = await self._watch(
                loop.run(request.agents[0], request.task, self.turn, self.conversation)
            )
            return self._reported([report.text], report.abstention)
        return await self._one_after_the_other(loop)

    async def _one_after_the_other(self, loop: Loop) -> Answer:
        """Several named agents work in order, in one kernel; each reads what the ones before it said."""
        texts: list[str] = []
        done: list[Done] = []
        for agent in self.request.agents:
            work = specialist(loop, self.registry, agent.name, self.request.task, self.turn, done)
            report = await self._watch(work)
            if report.abstention is not None:
                return self._reported(texts, report.abstention)
            done.append(Done(self.request.task, report.text))
            texts.append(f"**{agent.title}**\n\n{report.text}")
        self.conversation.look(table_facts(self.turn.tables, self.turn))
        self.conversation.ask(self.request.task)
        self.conversation.told("\n\n".join(texts))
        return self._reported(texts, None)

    async def _watch(self, work: AsyncGenerator[RunEvent | Report, None]) -> Report:
        """Pass events on until the report comes."""
        report = Report()
        async with aclosing(work) as items:
            async for item in items:
                if isinstance(item, Report):
                    report = item
                    continue
                if isinstance(item, TextDelta):
                    self._partial += item.text
                self._tell(item)
                await self.record.note(item)
        return report

    def _reported(self, texts: list[str], abstention: Abstention | None) -> Answer:
        if abstention is not None:
            return self._ended("abstained", abstained(abstention), suggestions=abstention.suggestions)
        text, found = self._fill("\n\n".join(texts))
        if self.turn.failing is not None:
            return self._ended("failed", text, found=found)
        if self.turn.refused is not None:
            return self._ended("stopped", text, found=found)
        return self._ended("answered", text, found=found)

    def _fill(self, template: str) -> tuple[str, tuple[Claim, ...]]:
        """The answer with its figures, and a claim for each."""
        proofs = {label: (cell.cell_id, cell) for label, cell in self.turn.cells.items()}
        filled = references.fill(template, proofs)
        marked, free = claims.mark(filled, question=self.request.question, cells=proofs)
        return re.sub(r"\n{3,}", "\n\n", marked).strip(), (*filled.claims, *free)

    def _kept(self, message: str) -> str:
        partial = self._partial.strip()
        return f"{partial}\n\n{message}" if partial else message

    def _ended(
        self,
        status: str,
        text: str,
        error: AnalystError | None = None,
        *,
        found: tuple[Claim, ...] = (),
        suggestions: tuple[str, ...] = (),
    ) -> Answer:
        return Answer.model_validate(
            {
                "status": status,
                "answer": text,
                "claims": found,
                "cells": self._cells(),
                "run_id": self.id,
                "chat_id": self.chat_id,
                "suggestions": suggestions,
                "error": error.as_json() if error else None,
            }
        )

    def _cells(self) -> tuple[CellRecord, ...]:
        return tuple(
            CellRecord(id=cell.cell_id, label=label, source=cell.source, outputs=cell.outputs)
            for label, cell in self.turn.cells.items()
        )

    async def _finish(self, answer: Answer) -> None:
        """Close what is open, write everything down, and only then say that it is over."""
        self.conversation.close("Stopped before this was done. Its outcome is not known.")
        finished = await self.record.finish(answer, self.conversation.dump())
        logger().info("run finished", status=finished.status, seconds=round(finished.seconds, 3))
        self._tell(RunFinished(answer=finished))
        self._queue.put_nowait(None)

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
