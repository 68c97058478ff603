"""`WarmKernels`: kernels that are started before they are needed, each used once.

`ask --jsonl` gives every line a fresh kernel; this hides the second that a start takes. What a
notebook does with its kernel is `HeadlessNotebook`'s.
"""

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType

from ..errors import KernelGone, LimitReached
from . import probe
from .headless import HeadlessNotebook
from .kernel import Kernel


class WarmKernels:
    """Keeps `size` kernels ready or starting. Use it as an async context manager."""

    def __init__(
        self,
        size: int = 1,
        *,
        kernel_name: str = "python3",
        environment: Mapping[str, str] | None = None,
        scrub: frozenset[str] = frozenset(),
        imports: Sequence[str] = (),
    ) -> None:
        """Each kernel loads the modules of `imports` ahead, as far as it has them, without naming them."""
        self._size = max(1, size)
        self._name = kernel_name
        self._environment = environment
        self._scrub = scrub
        self._imports = tuple(imports)
        self._starting: deque[asyncio.Task[Kernel]] = deque()

    async def __aenter__(self) -> "WarmKernels":
        self._refill()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks, self._starting = list(self._starting), deque()
        for task in tasks:
            task.cancel()
        for found in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(found, Kernel):
                await found.end()

    @asynccontextmanager
    async def notebook(self, folder: str | Path) -> AsyncIterator[HeadlessNotebook]:
        """A new notebook in `folder` on a kernel of its own, ended on leaving; raises `KernelGone`."""
        home = await asyncio.to_thread(Path(folder).resolve)
        kernel = await self._take()
        notebook = HeadlessNotebook(kernel, home)
        try:
            moved = await kernel.ask(probe.moving(home))
            if moved is None or moved.get("status") != "ok":
                raise KernelGone(
                    f"The kernel cannot work in the folder {home}: {(moved or {}).get('evalue')}"
                )
            yield notebook
        finally:
            await notebook.close()

    async def _take(self) -> Kernel:
        """The oldest kernel that still lives; another one starts in its place."""
        while True:
            kernel = await self._starting.popleft()
            self._refill()
            if not kernel.gone.done():
                return kernel
            await kernel.end()

    def _refill(self) -> None:
        while len(self._starting) < self._size:
            self._starting.append(asyncio.create_task(self._start()))

    async def _start(self) -> Kernel:
        kernel = await Kernel.start(
            Path(os.curdir), name=self._name, environment=self._environment, scrub=self._scrub
        )
        up = False
        try:
            for module in self._imports:
                # A kernel may lack it: the cell that needs it then says so.
                await kernel.ask(probe.importing(module))
            up = True
        except LimitReached as error:
            # Stopped halfway a module may never load again in this kernel, so it is not handed out.
            raise KernelGone(f"The kernel {self._name!r} did not get ready. {error} Try again.") from None
        finally:
            if not up:
                await kernel.end()
        return kernel
