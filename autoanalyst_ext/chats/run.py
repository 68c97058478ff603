"""`LiveRun`: one question while it is being answered. It thinks in a task of its own, so that it can be
stopped at any moment, and it always ends with exactly one `RunFinished`, written down before it is told.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from ..agents.conversation import Conversation, whole
from ..agents.loop import Report
from ..agents.planner import Done, specialist
from ..agents.registry import AgentRegistry
from ..errors import AnalystError, LimitReached, Refused, StoreError
from ..logs import logger
from ..tools.inspect_data import look, table_facts
from ..tools.turn import Turn
from ..types.events import (
    CellProposed,
    Notice,
    ReceiptMade,
    Replayed,
    RunEvent,
    RunFinished,
    RunStarted,
    TablesSeen,
    TextDelta,
)
from ..types.receipts import Receipt
from ..types.runs import Answer
from .ending import Ending
from .filling import still_recorded
from .offline_check import OfflineCheck
from .receipts import Asked, Work, receipt_of
from .record import RunRecord
from .replay import Redone, Replay
from .request import Mind, Request, Think


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
    asked: Asked
    ending: Ending
    replay: Replay | None = None
    """The recorded answer that is given instead of asking a model."""
    notices: tuple[Notice, ...] = ()
    """What the user should know before the run begins."""
    checks: bool = False
    """Whether the offline analyst checks what a model says."""
    interrupted: bool = False
    """True once the user stopped it."""
    _closing: bool = False
    """True once the answer is there and only has to be written down: Stop comes too late."""
    _partial: str = ""
    _partial_step: int = 0
    _purposes: dict[str, str] = field(default_factory=dict)
    """What cells are for, by label."""
    _queue: "asyncio.Queue[RunEvent | None]" = field(default_factory=asyncio.Queue)
    _task: "asyncio.Task[None] | None" = None

    async def events(self, think: Think) -> AsyncGenerator[RunEvent, None]:
        """Answer the question; leaving early stops the run and waits until it has ended."""
        self._task = asyncio.create_task(self._run(think), name=f"run {self.id}")
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

    def tell(self, event: RunEvent) -> None:
        """Tell an event, and keep it; also one that others have to say of this run while it goes on."""
        if not isinstance(event, RunFinished):  # which is written before it is told
            self.record.told(event)
        self._queue.put_nowait(event)

    async def _run(self, think: Think) -> None:
        answer: Answer | None = None
        try:
            try:
                answer = await self._concluded(think)
            finally:
                # Without an answer there is a bug of ours: the run is closed all the same, and the bug
                # goes on to the door.
                self._closing = True
                await self._close(answer or self._broken(sys.exc_info()[0]))
        finally:
            self._queue.put_nowait(None)  # whatever broke, nobody waits for more

    async def _concluded(self, think: Think) -> Answer:
        """The answer, however the run ends."""
        try:
            if self.interrupted:
                return self.ending.interrupted(self.turn, said=self._partial)
            return await self._answer(think)
        except asyncio.CancelledError:
            # The user's Stop is not an error of the task: it ends in good order.
            return self.ending.interrupted(self.turn, said=self._partial)
        except (LimitReached, Refused) as error:
            return self._ended("stopped", error)
        except AnalystError as error:
            return self._ended("failed", error)

    async def _answer(self, think: Think) -> Answer:
        """Look at the data; answer as before, or let the agents work; and fill in what is said."""
        await self._open()
        if self.replay is not None:
            redone = await self._do_again(self.replay)
            if redone.failure is None:
                return self.ending.replayed(self.turn, redone)
            await self._ask_after_all(redone.failure)
        async with think() as mind:
            for notice in mind.notices:
                self.tell(notice)
            answer = await self._checked(mind)
            # The answer is there: what is left is to close the model.
            self._closing = True
            return answer

    async def _open(self) -> None:
        """Say who answers, and look at the tables."""
        agents = tuple(agent.name for agent in self.request.agents)
        model = self._answerer()
        self.tell(RunStarted(run_id=self.id, chat_id=self.chat_id, agents=agents, model=model))
        if (replay := self.replay) is not None:
            recorded = replay.receipt
            told = Replayed(at=recorded.at, answered_by=recorded.answered_by, pending=replay.pending)
            self.tell(told)
        for notice in self.notices:
            self.tell(notice)
        await look(self.turn, self.request.task)
        self.tell(TablesSeen(tables=self.turn.tables))
        self.conversation.look(table_facts(self.turn.tables, self.turn))

    async def _do_again(self, replay: Replay) -> Redone:
        """Give the recorded answer again."""
        redone = Redone()
        async with aclosing(replay.run(self.request.task, self.conversation)) as items:
            async for item in items:
                if isinstance(item, Redone):
                    redone = item
                else:
                    self.tell(item)
        if redone.receipt is not None and redone.pending:
            self.tell(Notice(code="pending", text=still_recorded(redone.receipt)))
        return redone

    async def _ask_after_all(self, why: str) -> None:
        """The recorded answer does not hold here: begin anew, with a model."""
        self.replay = None
        self.turn = replace(
            self.turn, cells={}, failing=None, refused=None, setbacks=0, repairs=0, repeats={}
        )
        await self.record.asks(self.request.model)
        self.tell(Notice(code="replay_failed", text=f"Asked anew: {why}."))

    def _answerer(self) -> str:
        return self.replay.receipt.answered_by if self.replay else self.request.model

    async def _checked(self, mind: Mind) -> Answer:
        """Let the agents work, and the offline analyst beside them where that may tell something."""
        if not self.checks or len(self.request.agents) > 1:
            return await self._by_agents(mind)
        tables = [table for table in self.turn.tables if table.name not in self.turn.made]
        async with OfflineCheck(self.request.task, tables, self.turn.notebook) as check:
            answer = await self._by_agents(mind)
            if answer.status != "answered":
                return answer
            return answer.model_copy(update={"check": await check.of(self.turn.cells)})

    async def _by_agents(self, mind: Mind) -> Answer:
        """Let the agents work."""
        if len(self.request.agents) > 1:
            return await self._one_after_the_other(mind)
        agent, task = self.request.agents[0], self.request.task
        report = await self._watch(mind.loop.run(agent, task, self.turn, self.conversation))
        return self.ending.reported(self.turn, [report.text], report.abstention)

    async def _one_after_the_other(self, mind: Mind) -> Answer:
        """Several named agents work in order, in one kernel; each reads what the ones before it said."""
        done: list[Done] = []
        titled: list[str] = []
        self.conversation.ask(self.request.task)
        try:
            for agent in self.request.agents:
                work = specialist(mind.loop, self.registry, agent.name, self.request.task, self.turn, done)
                report = await self._watch(work)
                if report.abstention is not None:
                    return self.ending.reported(self.turn, titled, report.abstention)
                done.append(Done(self.request.task, report.text))
                titled.append(f"**{agent.title}**\n\n{report.text}")
        finally:
            if titled:
                self.conversation.told("\n\n".join(titled), in_process=mind.in_process)
        return self.ending.reported(self.turn, titled, None)

    async def _watch(self, work: AsyncGenerator[RunEvent | Report, None]) -> Report:
        """Pass events on until the report comes."""
        report = Report()
        async with aclosing(work) as items:
            async for item in items:
                if isinstance(item, Report):
                    report = item
                    continue
                if isinstance(item, TextDelta):
                    item = TextDelta(step=item.step, text=whole(item.text))
                    self._say(item)
                elif isinstance(item, CellProposed):
                    self._purposes[item.label] = item.purpose
                self.tell(item)
                await self.record.note(item)
        return report

    def _say(self, more: TextDelta) -> None:
        """Keep what the newest step that said anything has said: one that was refused said nothing."""
        if more.step != self._partial_step:
            self._partial, self._partial_step = "", more.step
        self._partial += more.text

    def _ended(self, status: str, error: AnalystError) -> Answer:
        return self.ending.ended(self.turn, status, said=self._partial, error=error)

    def _broken(self, bug: type[BaseException] | None) -> Answer:
        kind = bug.__name__ if bug else "unknown"
        logger().error("run broken", kind=kind)
        error = AnalystError(f"Something went wrong inside AutoAnalyst ({kind}). Your question is kept.")
        return self.ending.broken(self.turn, error)

    def _receipt(self, answer: Answer) -> Receipt | None:
        """How the answer was come by; a replay hands on the receipt that it followed."""
        if self.ending.redone is not None:
            return self.ending.redone.receipt
        if self.turn.left_unrun and not self.turn.cells:
            return None  # code that nobody ran is no proof, and to show it again it must be asked for again
        work = Work(self.ending.template, self.turn.cells, self._purposes, self.request.model)
        return receipt_of(self.asked, answer, work)

    def _is_ours(self) -> bool:
        """Whether the store may keep the receipt: a stranger's notebook must not answer in others."""
        return self.replay is None or (self.replay.own and not self.replay.pending)

    async def _close(self, answer: Answer) -> None:
        """Close what is open, write everything down, and only then say that it is over."""
        self.conversation.close("(stopped before this was done)")
        self.conversation.keep(self.turn.cells, self.turn.made)
        receipt = self._receipt(answer)
        written = await self._written(answer, receipt if self._is_ours() else None)
        if receipt is not None and written.status == answer.status:
            self.tell(ReceiptMade(receipt=receipt))
        self.tell(RunFinished(answer=written))

    async def _written(self, answer: Answer, receipt: Receipt | None) -> Answer:
        try:
            written = await self.record.finish(
                answer, self.conversation.dump(), interrupted=self.interrupted, receipt=receipt
            )
        except StoreError as error:
            lost = f"{answer.answer}\n\nThis answer could not be stored. {error}"
            written = answer.model_copy(update={"status": "failed", "answer": lost, "error": error.as_json()})
        logger().info("run finished", status=written.status, seconds=round(written.seconds, 3))
        return written
