"""`Witnesses`: one witness per kernel of the server, kept while somebody uses it and a while after."""

import asyncio

from ..errors import KernelGone
from .kernel_line import check_language
from .servers import House
from .witness import Witness

KEPT_SECONDS = 300.0
"""How long a witness that nobody uses is kept."""


class Witnesses:
    """The witnesses of this process. `close` must be called."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept: dict[str, Witness] = {}
        self._used: dict[str, float] = {}
        self._clock: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()

    async def get(self, kernel_id: str) -> Witness:
        """The witness of a kernel. Raises `KernelGone`, also for a kernel of another language than Python."""
        check_language(self._house.language(kernel_id))
        info = self._house.connection(kernel_id)
        kept = self._kept.get(kernel_id)
        if kept is not None and kept.info != info:
            self._let_go(kernel_id)
            kept = None
        if info is None:
            raise KernelGone("The notebook has no kernel any more. Start one and ask again.")
        if kept is None:
            kept = self._kept[kernel_id] = Witness(self._house, kernel_id, dict(info))
        loop = asyncio.get_running_loop()
        self._used[kernel_id] = loop.time()
        if self._clock is None:
            self._clock = loop.call_later(KEPT_SECONDS, self._sweep)
        return kept

    async def close(self) -> None:
        """Let go of all kernels."""
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        for kernel_id in tuple(self._kept):
            self._let_go(kernel_id)
        await asyncio.gather(*self._closing)

    def _sweep(self) -> None:
        """Let go of those that nobody has used for long."""
        loop = asyncio.get_running_loop()
        for kernel_id, witness in tuple(self._kept.items()):
            if witness.in_use:
                self._used[kernel_id] = loop.time()
            elif loop.time() - self._used[kernel_id] >= KEPT_SECONDS:
                self._let_go(kernel_id)
        self._clock = loop.call_later(KEPT_SECONDS, self._sweep) if self._kept else None

    def _let_go(self, kernel_id: str) -> None:
        closing = asyncio.create_task(self._kept.pop(kernel_id).close())
        self._used.pop(kernel_id, None)
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
