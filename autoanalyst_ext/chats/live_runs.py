"""`LiveRuns`: the runs that panels started and that are under way in this process.

They belong to the engine: no page need be there for them to go on. Those that have ended are kept for a
while, for pages that come back and want to hear the end.
"""

import asyncio
from typing import TYPE_CHECKING

from ..errors import BadRequest, NotFound, Refused
from ..policy.principal import Principal
from ..types.events import (
    CellFinished,
    CellNotRun,
    CellProposed,
    CellReplaced,
    CellStarted,
    DataLoaded,
    RunEvent,
)
from ..types.panel import ApprovalAnswer, RunOrder, RunTicket
from ..types.tab import CellAsLeft, FormerCell, RunningRun, Withdrawn
from . import failures
from .desk import PanelDesk
from .feed import Feed
from .queues import Queues

if TYPE_CHECKING:
    from .panel_run import PanelRun  # with it comes the agent library, which `warm_up` loads in a thread

ENDED_KEPT = 50
"""How many ended runs can still be watched."""
END_SECONDS = 20.0
"""Time for runs to stop and be booked when the server stops."""


class LiveRuns:
    """The panels' runs. Used from one event loop."""

    def __init__(self, desk: PanelDesk) -> None:
        self._desk = desk
        self._runs: dict[str, PanelRun] = {}
        """By id, oldest first."""
        self._tasks: dict[asyncio.Task[None], str] = {}
        """What is under way, and whose id it has."""
        self._queues = Queues()
        self._closed = False

    async def start(self, principal: Principal, chat_id: str, order: RunOrder) -> RunTicket:
        """Begin a run; everything else is told by its feed. Raises `NotFound`, `Refused`, `StoreError`."""
        await self._desk.warm_up()
        chat = await self._desk.chats.get(principal, chat_id)
        house = self._desk.house
        if house is None or house.connection(order.notebook.kernel) is None:
            raise NotFound("The notebook's kernel is not running here. Start it and ask again.")
        if self._closed:
            raise Refused("The Jupyter server is stopping.")
        from ..store.ids import new_id
        from .panel_run import PanelRun

        run = PanelRun(new_id(), order, chat, desk=self._desk, principal=principal, queues=self._queues)
        self._runs[run.id] = run
        task = asyncio.create_task(run.see_through(), name=f"run of a panel {run.id}")
        self._tasks[task] = run.id
        task.add_done_callback(self._ended)
        self._tell_running(principal)
        return RunTicket(run=run.id, chat=chat.id)

    def feed(self, principal: Principal, run_id: str) -> Feed:
        """What a run says; raises `NotFound` for one that is not under way, nor was just now."""
        return self._find(principal, run_id).feed

    def running(self, principal: Principal) -> tuple[RunningRun, ...]:
        """This person's runs that are under way or wait, oldest first."""
        mine = (run for run in self._runs.values() if run.principal.id == principal.id)
        return tuple(run.as_running for run in mine if not run.feed.is_over)

    def stop(self, principal: Principal, run_id: str) -> None:
        """Stop a run; harmless when it has ended. Raises `NotFound`."""
        self._find(principal, run_id).stop()

    def approve(self, principal: Principal, run_id: str, call_id: str, answer: ApprovalAnswer) -> None:
        """Pass on a person's yes or no to exactly this code; raises `NotFound`, `Refused`."""
        self._find(principal, run_id).approve(call_id, answer)

    async def undo(self, principal: Principal, run_id: str) -> Withdrawn:
        """Take the cells of a run out of its notebook again, those that nobody changed.

        Raises `NotFound`, also where no page has the notebook open, and `BadRequest` while it is under way.
        """
        if run_id in self._runs and not self.feed(principal, run_id).is_over:
            raise BadRequest("The question is still being answered. Stop it first.", run_id=run_id)
        await self._desk.warm_up()
        view = await self._desk.chats.run(principal, run_id)
        if view.notebook is None:
            raise BadRequest("This question was not asked in a panel, so nothing can be taken back here.")
        cells = cells_left(view.events)
        return await self._desk.tabs.withdraw(principal.id, view.notebook, run_id, cells)

    async def close(self) -> None:
        """Stop all runs; they are booked when this returns, if that does not take too long."""
        self._closed = True
        for run_id in self._tasks.values():
            self._runs[run_id].stop()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=END_SECONDS)

    def _find(self, principal: Principal, run_id: str) -> "PanelRun":
        run = self._runs.get(run_id)
        if run is None or run.principal.id != principal.id:
            raise NotFound(f"Run {run_id} is not under way, or it is not yours.", run_id=run_id)
        return run

    def _ended(self, task: asyncio.Task[None]) -> None:
        run = self._runs[self._tasks.pop(task)]
        if not task.cancelled() and (error := task.exception()) is not None:
            failed = failures.told(run.id, error)
            run.feed.end(failed.code, failed.message, failed.detail)
        ended = [run_id for run_id in self._runs if run_id not in self._tasks.values()]
        for run_id in ended[:-ENDED_KEPT]:
            del self._runs[run_id]
        self._tell_running(run.principal)

    def _tell_running(self, principal: Principal) -> None:
        self._desk.news.running(principal.id, self.running(principal))


def cells_left(events: tuple[RunEvent, ...]) -> tuple[CellAsLeft, ...]:
    """The cells that a run put into the notebook, with the source that each was left with."""
    proposed: dict[str, str] = {}
    left: dict[str, str] = {}
    former: dict[str, FormerCell] = {}
    for event in events:
        match event:
            case DataLoaded() | CellNotRun():
                left[event.cell_id] = event.source
            case CellProposed():
                proposed[event.call_id] = event.source
            case CellStarted():
                left[event.cell_id] = proposed.get(event.call_id, "")
            case CellFinished():
                left[event.execution.cell_id] = event.execution.source
            case CellReplaced():
                former[event.cell_id] = FormerCell(cell_id=event.former, source=event.source)
    cells = ((cell, source) for cell, source in left.items() if cell)
    return tuple(CellAsLeft(cell_id=cell, expected=source, former=former.get(cell)) for cell, source in cells)
