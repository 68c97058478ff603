"""`RemoteNotebook`: a notebook whose hands are a client: a magic in the user's kernel.

It sends requests and waits for their replies; whoever reads the client hands it what arrives (`hear`,
`replied`, `gone`). The cells that a run inserted are kept here too, as the run believes them to be.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from typing import Any, Literal
from uuid import uuid4

from pydantic import ValidationError

from ..errors import BadRequest, KernelGone, NotFound
from ..types.cells import Cell, Execution, OutputChange
from ..types.profiles import TableProfile
from ..types.results import Result
from ..types.wire import (
    Evaluate,
    EvaluateReply,
    Execute,
    Heard,
    Insert,
    Interrupt,
    Look,
    LookReply,
    NotebookRequest,
    Remove,
    Replace,
    Replied,
    Wanted,
)
from .base import Notebook
from .remote_request import RemoteRequest

REPLY_SECONDS = 60.0
"""Longest wait for a reply to anything but an execution."""
INTERRUPT_SECONDS = 10.0
"""A cell that was interrupted must have ended within this time, else its client counts as gone."""


class RemoteNotebook(Notebook):
    """The notebook of one question, at the other end of a connection."""

    def __init__(
        self,
        send: Callable[[Wanted], None],
        question_id: str,
        *,
        notebook_id: str | None = None,
        scope: Collection[str] = (),
    ) -> None:
        """`notebook_id` names the notebook beyond this question; `scope` limits it to these tables."""
        self.id = notebook_id or uuid4().hex
        self._send = send
        self._question_id = question_id
        self._scope = frozenset(scope)
        self._hidden: frozenset[str] | None = None
        """Tables outside the scope; those that the run makes itself are never hidden."""
        self._cells: dict[str, Cell] = {}
        self._waiting: dict[str, asyncio.Future[Mapping[str, Any]]] = {}
        self._running: tuple[str, RemoteRequest] | None = None
        self._turn = asyncio.Lock()
        self._looking = asyncio.Lock()
        self._seen: LookReply | None = None
        self._gone: str | None = None

    # --- what arrives ----------------------------------------------------------------------------

    def hear(self, heard: Heard, size: int) -> None:
        """Take an output of the running cell, a message of `size` bytes; raises `BadRequest`."""
        if self._running is None or self._running[0] != heard.request:
            return  # of a cell that was given up
        try:
            self._running[1].hear(heard.type, heard.content, size)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise BadRequest(f"An output of type {heard.type} does not have what it must have.") from error

    def replied(self, replied: Replied) -> None:
        """Take the reply to a request; one that nobody waits for any more is left alone."""
        if self._running is not None and self._running[0] == replied.request:
            self._running[1].take(replied)
            return
        waiting = self._waiting.get(replied.request)
        if waiting is None or waiting.done():
            return
        if replied.error is None:
            waiting.set_result(replied.value)
        else:
            waiting.set_exception(BadRequest(replied.error))

    def gone(self, reason: str) -> None:
        """The client is gone: all that waits for it, and whatever is asked later, raises `KernelGone`."""
        if self._gone is not None:
            return
        self._gone = reason
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(KernelGone(reason))
        if self._running is not None:
            self._running[1].refuse(KernelGone(reason))

    # --- what a run may ask ----------------------------------------------------------------------

    async def cells(self) -> tuple[Cell, ...]:
        """The cells that the run inserted, top to bottom; others are not the run's to see."""
        return tuple(self._cells.values())

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
        """What code of ours that only reads comes to. Raises `KernelGone`, `BadRequest` of an older client."""
        async with self._turn:
            return EvaluateReply.model_validate(await self._ask(Evaluate(code=code))).result

    async def insert(
        self,
        source: str,
        *,
        cell_type: Literal["code", "markdown"] = "code",
        metadata: Mapping[str, Any] | None = None,
    ) -> Cell:
        """Put a cell below those that the run inserted before."""
        cell = Cell(id=uuid4().hex[:12], cell_type=cell_type, source=source, metadata=dict(metadata or {}))
        await self._ask(
            Insert(cell_id=cell.id, source=source, cell_type=cell_type, metadata=dict(cell.metadata))
        )
        self._cells[cell.id] = cell
        return cell

    async def replace(self, cell_id: str, source: str, *, expected: str) -> Cell:
        """Give a cell another source and take its outputs away."""
        cell = self._cell(cell_id)
        if cell.source != expected:
            raise BadRequest("The cell was changed meanwhile; it is left as it is.", cell=cell_id)
        await self._ask(Replace(cell_id=cell_id, source=source))
        self._cells[cell_id] = cell.model_copy(update={"source": source})
        return self._cells[cell_id]

    async def remove(self, cell_id: str) -> None:
        """Take a cell out; raises `NotFound`."""
        self._cell(cell_id)
        await self._ask(Remove(cell_id=cell_id))
        del self._cells[cell_id]

    async def execute(
        self, cell_id: str, *, seconds: float | None = None
    ) -> AsyncGenerator[OutputChange | Execution, None]:
        """Execute a cell: its outputs as they come, and last the `Execution`.

        Raises `NotFound`, `BadRequest` for a cell without code or where the client refuses, and
        `KernelGone` when the client goes away: how the cell ended is then not known.
        """
        async with self._turn:
            cell = self._cell(cell_id)
            if cell.cell_type != "code":
                raise BadRequest("Only code cells can be executed.", cell=cell_id)
            self._check()
            number, request = uuid4().hex, RemoteRequest(seconds)
            self._running, self._seen = (number, request), None
            self._tell(number, Execute(cell_id=cell_id))
            attending = asyncio.create_task(self._attend(number, request))
            try:
                async for change in request.changes():
                    yield change
                yield request.execution(cell_id, cell.source)
            finally:
                request.stop("interrupted")
                await asyncio.shield(attending)
                self._running = None

    async def interrupt(self) -> None:
        """Stop the executing cell, if there is one, and wait until it has stopped."""
        if self._running is not None:
            request = self._running[1]
            request.stop("interrupted")
            await asyncio.shield(request.ended)

    async def close(self) -> None:
        """Let go: what is executing is stopped. The kernel is the client's and lives on."""
        await self.interrupt()

    # --- requests --------------------------------------------------------------------------------

    async def _look(self) -> LookReply:
        """What is in the namespace; asked once as long as nothing is executed."""
        async with self._looking:
            if self._seen is None:
                found = await self._ask(Look())
                try:
                    self._seen = LookReply.model_validate(found)
                except ValidationError as error:
                    raise KernelGone(
                        "What the kernel says of its tables cannot be read. Upgrade autoanalyst-ext in the "
                        "kernel's environment and where the analyst runs to the same version."
                    ) from error
            return self._seen

    def _outside(self, names: Collection[str]) -> frozenset[str]:
        if unknown := sorted(self._scope - set(names)):
            there_are = f"There are: {', '.join(sorted(names))}." if names else "There are no tables yet."
            raise BadRequest(f"There is no table named {', '.join(unknown)}. {there_are}", unknown=unknown)
        return frozenset(names) - self._scope if self._scope else frozenset()

    async def _ask(self, request: NotebookRequest) -> Mapping[str, Any]:
        """Send a request and wait for its reply; raises `KernelGone`, and `BadRequest` when refused."""
        self._check()
        number = uuid4().hex
        waiting: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        try:
            self._tell(number, request)
            async with asyncio.timeout(REPLY_SECONDS):
                return await waiting
        except TimeoutError:
            reason = f"The notebook did not answer within {REPLY_SECONDS:g} s. Interrupt it and ask again."
            self.gone(reason)
            raise KernelGone(reason) from None
        finally:
            del self._waiting[number]

    def _check(self) -> None:
        """Raises `KernelGone` when the client is gone."""
        if self._gone is not None:
            raise KernelGone(self._gone)

    def _tell(self, number: str, request: NotebookRequest) -> None:
        self._send(Wanted(id=self._question_id, request=number, do=request))

    async def _attend(self, number: str, request: RemoteRequest) -> None:
        """See an execution to its end: its reply, the client's end, or a stop that works."""
        ends = (request.over, request.stopping)
        await asyncio.wait(ends, timeout=request.limit_seconds, return_when=asyncio.FIRST_COMPLETED)
        if not request.over.done():
            request.stop("timeout")
            self._tell(uuid4().hex, Interrupt(of=number))
            await asyncio.wait((request.over,), timeout=INTERRUPT_SECONDS)
        if not request.over.done():
            self.gone(
                f"The cell did not stop within {INTERRUPT_SECONDS:g} s after it was interrupted. "
                "It is kept. Interrupt or restart the kernel."
            )
        request.end()

    def _cell(self, cell_id: str) -> Cell:
        if (cell := self._cells.get(cell_id)) is None:
            raise NotFound("The notebook has no such cell.", cell=cell_id)
        return cell
