"""`Witness`: hears what a kernel says that somebody else owns, and asks it without a cell.

How a cell of a run ended is what was heard here, whoever sent it. A look goes to a subshell where the kernel
has them, so that it is answered while a cell runs; else it waits for that cell. The kernel is never asked of
our own accord: each question counts as activity. Starting, stopping and interrupting are its owner's.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ..errors import KernelGone, LimitReached
from ..types.results import Result
from . import probe
from .channels import Message, Take
from .kernel_line import KernelLine
from .servers import House

log = logging.getLogger(__name__)

HEARD_SECONDS = 0.5
HEARD_TRIES = 20
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


class Witness:
    """Connected to one kernel. `close` must be called."""

    def __init__(self, house: House, kernel_id: str, info: Mapping[str, Any]) -> None:
        self.info = info
        """Where the kernel is connected to."""
        self._line = KernelLine(house, kernel_id, info, hear=self._hear, lost=self._begin_anew)
        self._takers: dict[int, Take] = {}
        self._running: dict[str, Mapping[str, Any]] = {}
        """What is not ours and was begun and not ended: header by message id."""
        self._looking: asyncio.Task[probe.Look] | None = None
        self._seen: probe.Look | None = None
        self._begin_anew()

    @property
    def ended(self) -> "asyncio.Future[None]":
        """Done when the process that runs now has ended; a restart makes a new one."""
        return self._line.ended

    # --- what is heard ---------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a cell is known to run."""
        return self._cell_running is not None

    @property
    def in_use(self) -> bool:
        """Whether somebody listens or asks."""
        return bool(self._takers) or self._line.in_use

    def listen(self, take: Take) -> Callable[[], None]:
        """Hand all that is heard to `take`; what is returned ends that."""
        self._takers[id(take)] = take
        return lambda: self._takers.pop(id(take), None) and None

    # --- what is asked ---------------------------------------------------------------------------

    async def look(self, *, seconds: float | None = None) -> probe.Look:
        """What is in the namespace, asked again only when something has run since.

        Raises `KernelGone`; and `LimitReached` where it has to wait for a cell for more than `seconds`.
        """
        if self._seen is not None and not self.busy:
            return self._seen
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(lambda task: task.cancelled() or task.exception())
        done, _ = await asyncio.wait({self._looking}, timeout=seconds)
        if not done:
            raise LimitReached("The kernel is busy with another cell. Try again when it has ended.")
        return self._looking.result()

    async def evaluate(self, code: str) -> Result | None:
        """What code of ours that only reads comes to; raises `KernelGone`."""
        return probe.read_evaluated(await self._line.ask(probe.evaluating(code)))

    async def begin(self) -> None:
        """Wait for the cells that run now, and remember what is there: the next cell is a run's.

        From then on nothing is missed. Raises `KernelGone`.
        """
        before = tuple(self._running)
        await self._line.ask(probe.beginning(), main=True)
        for number in before:  # they have ended, whether that was heard or not
            self._running.pop(number, None)
        for _ in range(HEARD_TRIES):
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARD_SECONDS):
                    await self._heard.wait()
                    return
            await self._line.ask("None", main=True)  # what it says meanwhile shows that it is heard
        raise KernelGone("What the kernel puts out cannot be heard. Restart the kernel and ask again.")

    async def settle(self) -> None:
        """Wait until whatever had been sent to the main shell before has begun; raises `KernelGone`."""
        await self._line.ask("None", main=True)

    async def left(self, count: int, *, ours: bool = True) -> probe.Left | None:
        """What cell number `count` left behind; None where that is not to be known (any more).

        `ours`: what it made was made by an answer.
        """
        try:
            reply = await self._line.ask(probe.leaving(count, alone=ours and not self.busy))
        except KernelGone:
            return None
        found = probe.read_left(reply)
        if found is not None and not self.busy:
            self._seen = found
        return found

    async def close(self) -> None:
        """Let go of the kernel; whoever still waits for it is told that it is gone."""
        await self._line.close()
        if self._looking is not None:
            await asyncio.gather(self._looking, return_exceptions=True)

    # --- inside ----------------------------------------------------------------------------------

    async def _look(self) -> probe.Look:
        self._unheard = True
        found = probe.read_look(await self._line.ask(probe.witnessing(self._cell_running)))
        if self._unheard and not self.busy:
            self._seen = found
        return found

    def _begin_anew(self) -> None:
        """The kernel has a new process, or its first."""
        self._heard, self._unheard = asyncio.Event(), True
        self._seen = None
        self._running.clear()

    @property
    def _cell_running(self) -> Mapping[str, Any] | None:
        cells = (each for each in self._running.values() if each.get("msg_type") == "execute_request")
        return next(cells, None)

    def _hear(self, message: Message, size: int) -> None:
        self._heard.set()
        parent = message["parent_header"]
        if message["header"]["msg_type"] == "status" and parent.get("session") != self._line.name:
            # Of what was begun before we listened, only the end is heard.
            self._seen, self._unheard = None, False
            if message["content"]["execution_state"] == "busy":
                self._running[parent.get("msg_id", "")] = parent
            else:
                self._running.pop(parent.get("msg_id", ""), None)
        for take in tuple(self._takers.values()):
            try:
                take(message, size)
            except MALFORMED as error:
                # Code in the kernel can send anything, and what comes after it is still to be heard.
                log.warning("a message of the kernel is not as it must be: %s", type(error).__name__)
