"""`TabExecution`: has a page run a cell, once, and sees it to its end, whatever becomes of the page.

The request goes out again only when the page went away before the kernel had it. What was heard is the
`HeardRequest`'s to judge; what it means for the run is the notebook's.
"""

import asyncio
import time
from typing import Any

from ..errors import AnalystError, BadRequest, KernelGone
from ..types.cells import Cell
from ..types.tab import TabExecute, TabReplied
from .heard_request import ABORTED, HeardRequest
from .pages import Page, Pending
from .seat import Seat
from .servers import House
from .witness import Witness

NAMED_SECONDS = 1.0
"""A page that is there says within this time which message it has sent."""
TRAVEL_SECONDS = 0.5
"""What a page sent before it went has reached the kernel, and been heard of, within this time."""
HEARD_SECONDS = 5.0
"""What the page saw end must have been heard within this time."""
BEGIN_SECONDS = 1.0
"""A cell that is stopped before it has begun may still begin within this time."""
INTERRUPT_PATIENCE = (2.0, 8.0)
STUBBORN = (
    f"The cell did not stop within {sum(INTERRUPT_PATIENCE):g} s after it was interrupted. "
    "It is kept. Interrupt or restart the kernel."
)
QUIET_SECONDS, DRAIN_SECONDS = 10.0, 60.0
"""What a flood has left on its way goes on being heard after the cell has stopped: until nothing came for
the first time, or the second is over. A kernel may need seconds to write one message of a flood."""
SHUTTING_SECONDS = 0.5
LATE_SECONDS = 3_600.0
"""So long a cell that was stopped before it began is watched for."""
NO_SUCH_KERNEL = "The notebook was given another kernel, so the analyst stopped. Cells and outputs are kept."
DEATH = "it ended or was restarted"


class TabExecution:
    """One execution of one cell."""

    def __init__(
        self, house: House, kernel_id: str, witness: Witness, seat: Seat, cell: Cell, seconds: float | None
    ) -> None:
        self.request = HeardRequest(cell.source, seconds)
        self._house, self._kernel_id, self._witness = house, kernel_id, witness
        self._seat, self._cell = seat, cell
        self._asked: list[tuple[Page, Pending]] = []

    async def attend(self) -> None:
        """See it to its end; `begin` was asked of the witness just before."""
        request = self.request
        ended = self._witness.ended
        deaf = self._witness.listen(request.take)
        delivering = asyncio.create_task(self._deliver())
        try:
            await _either(request.begun, request.over, request.stopping, ended)
            await _either(request.over, request.stopping, ended, seconds=request.limit_seconds)
            if not request.over.done() and not ended.done():
                request.stop("timeout")
                await self._make_stop(ended)
            if request.stopped_by_user:  # or its kernel is restarted, which begins with an interrupt
                await _either(request.shutting, ended, seconds=SHUTTING_SECONDS)
            if request.shutting.done() or (ended.done() and not request.over.done()):
                request.die(DEATH)
        finally:
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)
            for page, pending in self._asked:
                page.forget(pending)
            deaf()
            request.end()

    async def _make_stop(self, ended: "asyncio.Future[None]") -> None:
        request = self.request
        if not request.begun.done():
            await _either(request.begun, request.over, ended, seconds=BEGIN_SECONDS)
        if not request.begun.done():
            self._stop_if_it_begins()
            return
        for patience in INTERRUPT_PATIENCE:
            try:
                await self._house.interrupt(self._kernel_id)
            except AnalystError as error:
                request.refuse(error)
            await _either(request.over, ended, seconds=patience)
            if request.over.done() or ended.done():
                return
        if not request.log.flooded or not await self._drained(ended):
            request.refuse(KernelGone(STUBBORN))

    async def _drained(self, ended: "asyncio.Future[None]") -> bool:
        """Hear what a flood has left on its way; whether the end came with it."""
        request, until = self.request, time.monotonic() + DRAIN_SECONDS
        heard = None
        while heard != request.heard_at and time.monotonic() < until:
            heard = request.heard_at
            await _either(request.over, ended, seconds=QUIET_SECONDS)
            if request.over.done() or ended.done():
                return True
        return False

    def _stop_if_it_begins(self) -> None:
        """It may wait in the kernel behind another cell, which is not ours to interrupt."""
        request, loop = self.request, asyncio.get_running_loop()
        deaf = self._witness.listen(request.take)
        timer = loop.call_later(LATE_SECONDS, deaf)

        def interrupt(_: object) -> None:
            deaf()
            timer.cancel()
            self._late = loop.create_task(self._house.interrupt(self._kernel_id))

        request.begun.add_done_callback(interrupt)
        request.spotted.add_done_callback(lambda spotted: request.name(spotted.result()))

    async def _deliver(self) -> None:
        """Have a page send it, and another one if the kernel cannot have got it from the first."""
        request = self.request
        try:
            while not request.over.done():
                page = await self._seat.page()
                if await self._seat.kernel(page) not in (None, self._kernel_id):
                    raise KernelGone(NO_SUCH_KERNEL)
                do = TabExecute(cell_id=self._cell.id, expected=self._cell.source)
                pending = self._seat.send(page, do)
                self._asked.append((page, pending))
                if await self._see_off(page, pending) or await self._reached_kernel():
                    return
        except AnalystError as error:
            request.refuse(error)

    async def _see_off(self, page: Page, pending: Pending) -> bool:
        """Wait until the kernel has begun, or will not; False when the page has gone before."""
        request = self.request
        losing = self._seat.lost(page, pending)
        try:
            await _either(pending.sent, pending.replied, request.spotted, losing)
            if not pending.sent.done() and not pending.replied.done():
                await _either(pending.sent, pending.replied, losing, seconds=NAMED_SECONDS)
            if pending.sent.done():
                request.name(pending.sent.result())
            elif request.spotted.done():
                request.name(request.spotted.result())
            begun = _either(request.begun, request.over, pending.replied, losing)
            await self._seat.patiently(begun, "kernel_busy", known=self._witness.busy)
            if pending.replied.done():
                return await self._believe(pending.replied.result())
            return request.begun.done() or request.over.done()
        finally:
            losing.cancel()

    async def _reached_kernel(self) -> bool:
        """Whether the kernel got it from a page that has gone: then it begins before a later request."""
        request = self.request
        news = (request.begun, request.over, request.spotted)
        await _either(*news, seconds=TRAVEL_SECONDS)
        if not any(each.done() for each in news):
            await self._witness.settle()
            await _either(*news, seconds=TRAVEL_SECONDS)
        if request.spotted.done() and not request.begun.done():
            request.name(request.spotted.result())
        return request.begun.done() or request.over.done()

    async def _believe(self, reply: TabReplied) -> bool:
        """The page says how it went; that counts only for a cell of which nothing was heard."""
        request = self.request
        if request.begun.done():
            return True
        if reply.gone:
            return False
        if reply.error is not None:
            raise BadRequest(reply.error)
        if reply.value.get("status") == "aborted":
            raise BadRequest(ABORTED)
        await _either(request.begun, request.over, seconds=HEARD_SECONDS)
        if not request.begun.done():
            request.give_up()
        return True


async def _either(*futures: "asyncio.Future[Any]", seconds: float | None = None) -> None:
    """Wait for the first of them, or `seconds`."""
    await asyncio.wait(futures, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
