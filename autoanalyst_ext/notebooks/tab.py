"""`TabNotebook`: a notebook that is open in a page of the browser; the hands of the panel.

The page inserts and runs cells as the user would; what they put out, and how they ended, is heard from the
kernel itself. So a page may be reloaded or closed in mid-run, and another one go on. The cells that the run
inserted are kept here too, as the run left them.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from typing import Any, Literal
from uuid import uuid4

from ..errors import BadRequest, NotFound
from ..types.cells import Cell, Execution, OutputChange
from ..types.events import Parked, Resumed
from ..types.panel import NotebookPlace
from ..types.profiles import TableProfile
from ..types.results import Result
from ..types.tab import (
    CellAsLeft,
    FormerCell,
    TabCell,
    TabInsert,
    TabRemove,
    TabReplace,
    TabRestore,
    TabTakePlace,
)
from .base import Notebook
from .channels import Message
from .heard_request import HeardRequest
from .probe import Look
from .servers import House
from .tab_execution import TabExecution
from .tabs import Tabs
from .witness import Witness
from .witnesses import Witnesses


class TabNotebook(Notebook):
    """The notebook of one run. `close` must be called."""

    def __init__(
        self,
        tabs: Tabs,
        witnesses: Witnesses,
        house: House,
        place: NotebookPlace,
        *,
        principal_id: str,
        tab: str,
        run_id: str,
        tell: Callable[[Parked | Resumed], None],
        scope: Collection[str] = (),
    ) -> None:
        """`tab` is the page that asked, and is asked first; `tell` is told when the run has to wait."""
        self.id = f"notebook:{place.path}"
        self._witnesses, self._house, self._place = witnesses, house, place
        self._run_id = run_id
        self._scope = frozenset(scope)
        self._hidden: frozenset[str] | None = None
        """Tables outside the scope; those that the run makes itself are never hidden."""
        self._cells: dict[str, Cell] = {}
        self._former: dict[str, FormerCell] = {}
        """Cells of the user whose place one of the run has taken, by that one."""
        self._requests: dict[str, HeardRequest] = {}
        """What was heard of the cells, by cell."""
        self._running: HeardRequest | None = None
        self._turn = asyncio.Lock()
        self._listening: tuple[Witness, Callable[[], None]] | None = None
        self._seat = tabs.seat(
            principal_id, place.path, tab=tab, run_id=run_id, tell=tell, restoring=self._restoring
        )

    async def cells(self) -> tuple[Cell, ...]:
        """The cells that the run inserted, top to bottom; others are not the run's to see."""
        return tuple(self._cells.values())

    def cells_as_left(self) -> tuple[CellAsLeft, ...]:
        """The same with their sources, to take them out where nobody has changed them."""
        return tuple(
            CellAsLeft(cell_id=cell.id, expected=cell.source, former=self._former.get(cell.id))
            for cell in self._cells.values()
        )

    async def tables(self) -> tuple[TableProfile, ...]:
        """Profiles of the tables in scope. Raises `BadRequest` when the scope names none, `KernelGone`."""
        seen = (await self._look()).tables
        if self._hidden is None:
            self._hidden = self._outside({table.name for table in seen})
        return tuple(table for table in seen if table.name not in self._hidden)

    async def names(self) -> Mapping[str, str]:
        """Variables of the kernel: name to type; raises `KernelGone`."""
        return (await self._look()).names

    async def made(self) -> frozenset[str]:
        """Those of the names that earlier runs made and nobody rebound since; raises `KernelGone`."""
        return frozenset((await self._look()).made)

    async def evaluate(self, code: str) -> Result | None:
        """What code of ours that only reads comes to; raises `KernelGone`."""
        return await (await self._witness()).evaluate(code)

    async def insert(
        self,
        source: str,
        *,
        cell_type: Literal["code", "markdown"] = "code",
        metadata: Mapping[str, Any] | None = None,
    ) -> Cell:
        """Put a cell below those that the run inserted before."""
        given = dict(metadata or {})
        given["autoanalyst"] = {**(given.get("autoanalyst") or {}), "run": self._run_id}
        cell = Cell(id=uuid4().hex[:12], cell_type=cell_type, source=source, metadata=given)
        after = next(reversed(self._cells), self._place.after)
        await self._seat.ask(
            TabInsert(cell_id=cell.id, after=after, source=source, cell_type=cell_type, metadata=given)
        )
        self._cells[cell.id] = cell
        return cell

    async def replace(self, cell_id: str, source: str, *, expected: str) -> Cell:
        """Give a cell another source and take its outputs away; raises `BadRequest` when it was changed."""
        cell = self._cell(cell_id)
        if cell.source != expected:
            raise BadRequest("The cell was changed meanwhile; it is left as it is.", cell=cell_id)
        await self._seat.ask(TabReplace(cell_id=cell_id, source=source, expected=expected))
        self._cells[cell_id] = cell.model_copy(update={"source": source})
        self._requests.pop(cell_id, None)
        return self._cells[cell_id]

    async def remove(self, cell_id: str) -> None:
        """Take a cell out; raises `NotFound`, and `BadRequest` when somebody changed it."""
        cell = self._cell(cell_id)
        await self._seat.ask(TabRemove(cell_id=cell_id, expected=cell.source))
        del self._cells[cell_id]
        self._requests.pop(cell_id, None)

    async def take_place(self, cell_id: str, former: FormerCell) -> None:
        """Put a cell of the run in the place of one that failed; raises `BadRequest` if that was changed."""
        await self._seat.ask(TabTakePlace(cell_id=self._cell(cell_id).id, former=former))
        self._former[cell_id] = former

    async def settle(self) -> None:
        """Wait, and say so, until the cells that run now have ended; raises `KernelGone`."""
        witness = await self._witness()
        await self._seat.patiently(witness.settle(), "kernel_busy", known=witness.busy)

    async def execute(
        self, cell_id: str, *, seconds: float | None = None, ours: bool = True
    ) -> AsyncGenerator[OutputChange | Execution, None]:
        """Execute a cell: its outputs as they come, and last, always, the `Execution`.

        What it makes counts as an answer's, unless it is not `ours`: data that a cell loads is the user's.
        Waits, and says so, while another cell runs. Raises `NotFound`, `BadRequest` for a cell without code
        or one that the page will not run, and `KernelGone`.
        """
        async with self._turn:
            cell = self._cell(cell_id)
            if cell.cell_type != "code":
                raise BadRequest("Only code cells can be executed.", cell=cell_id)
            witness = await self._witness()
            await self._seat.patiently(witness.begin(), "kernel_busy", known=witness.busy)
            execution = TabExecution(self._house, self._place.kernel, witness, self._seat, cell, seconds)
            request = self._requests[cell_id] = self._running = execution.request
            with self._seat.watching():
                attending = asyncio.create_task(execution.attend())
                try:
                    async for change in request.changes():
                        yield change
                    if request.execution_count is not None and request.death is None:
                        request.left = await witness.left(request.execution_count, ours=ours)
                    yield request.execution(cell_id, cell.source)
                finally:
                    request.stop("interrupted")
                    await asyncio.shield(attending)
                    self._running = None

    async def interrupt(self) -> None:
        """Stop the executing cell, if there is one, and wait until it has stopped."""
        if (request := self._running) is not None:
            request.stop("interrupted")
            await asyncio.shield(request.ended)

    async def close(self) -> None:
        """Let go: what is executing is stopped. The kernel is the user's and lives on."""
        await self.interrupt()
        self._seat.leave()
        if self._listening is not None:
            self._listening[1]()
            self._listening = None

    # --- inside ----------------------------------------------------------------------------------

    async def _witness(self) -> Witness:
        """The kernel's witness; raises `KernelGone`."""
        witness = await self._witnesses.get(self._place.kernel)
        if self._listening is None or self._listening[0] is not witness:
            if self._listening is not None:
                self._listening[1]()
            self._listening = (witness, witness.listen(self._update))
        return witness

    async def _look(self) -> Look:
        witness = await self._witness()
        return await self._seat.patiently(witness.look(), "kernel_busy", known=witness.busy)

    def _update(self, message: Message, size: int) -> None:
        """A display of a cell of the run may be updated by any other cell, also the user's."""
        if message["header"]["msg_type"] != "update_display_data":
            return
        content = message["content"]
        display_id = (content.get("transient") or {}).get("display_id")
        for request in self._requests.values():
            if request is not self._running and request.log.shows(display_id):
                request.log.update(display_id, content, size)

    def _restoring(self) -> TabRestore | None:
        """What a page needs that opens the notebook now."""
        if not self._cells:
            return None
        return TabRestore(after=self._place.after, cells=tuple(map(self._as_it_stands, self._cells.values())))

    def _as_it_stands(self, cell: Cell) -> TabCell:
        request = self._requests.get(cell.id)
        return TabCell(
            cell_id=cell.id,
            source=cell.source,
            cell_type="markdown" if cell.cell_type == "markdown" else "code",
            metadata=dict(cell.metadata),
            outputs=request.log.outputs if request else (),
            execution_count=request.execution_count if request else None,
            former=self._former.get(cell.id),
        )

    def _outside(self, names: Collection[str]) -> frozenset[str]:
        if unknown := sorted(self._scope - set(names)):
            there_are = f"There are: {', '.join(sorted(names))}." if names else "There are no tables yet."
            raise BadRequest(f"There is no table named {', '.join(unknown)}. {there_are}", unknown=unknown)
        return frozenset(names) - self._scope if self._scope else frozenset()

    def _cell(self, cell_id: str) -> Cell:
        if (cell := self._cells.get(cell_id)) is None:
            raise NotFound("The notebook has no such cell.", cell=cell_id)
        return cell
