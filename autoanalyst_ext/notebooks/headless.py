"""`HeadlessNotebook`: a notebook in memory with a kernel of its own; the hands where no tab is open.

Cells and outputs are kept here and `save` writes them as an ordinary notebook file. The kernel's life
is `Kernel`'s. Cells are appended; a cell whose source changed loses its outputs.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from ..errors import BadRequest, NotFound
from ..types.cells import Cell, Execution, OutputChange
from ..types.profiles import TableProfile
from ..types.results import Result
from . import probe
from .base import Notebook
from .kernel import Kernel
from .request import REPORT, Request


class HeadlessNotebook(Notebook):
    """Cells, and a kernel whose working folder is the notebook's."""

    def __init__(self, kernel: Kernel, folder: Path) -> None:
        """Take over a running `kernel`, which `close` ends."""
        self.id = uuid4().hex
        self.folder = folder
        """Where the notebook is thought to be: relative paths in its code start here."""
        self._kernel = kernel
        self._cells: dict[str, Cell] = {}
        self._requests: dict[str, Request] = {}
        self._turn = asyncio.Lock()
        self._running: Request | None = None

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        folder: str | Path,
        *,
        kernel_name: str = "python3",
        environment: Mapping[str, str] | None = None,
        scrub: frozenset[str] = frozenset(),
    ) -> AsyncIterator["HeadlessNotebook"]:
        """A new notebook in `folder` with a new kernel, ended on leaving; raises `KernelGone`.

        The kernel gets this process's environment without the server's secrets and without the
        variables named in `scrub`; `environment` comes on top.
        """
        home = await asyncio.to_thread(Path(folder).resolve)
        kernel = await Kernel.start(home, name=kernel_name, environment=environment, scrub=scrub)
        notebook = cls(kernel, home)
        try:
            yield notebook
        finally:
            await notebook.close()

    async def cells(self) -> tuple[Cell, ...]:
        """All cells, top to bottom."""
        return tuple(self._cells.values())

    async def tables(self) -> tuple[TableProfile, ...]:
        """Profiles of the tables in the kernel; raises `KernelGone`."""
        return (await self._look()).tables

    async def names(self) -> Mapping[str, str]:
        """Variables of the kernel: name to type. Modules and functions too; raises `KernelGone`."""
        return (await self._look()).names

    async def made(self) -> frozenset[str]:
        """None: who may rebind all names of this kernel says so when a chat is opened on it."""
        return frozenset()

    async def insert(
        self,
        source: str,
        *,
        cell_type: Literal["code", "markdown"] = "code",
        metadata: Mapping[str, Any] | None = None,
    ) -> Cell:
        """Append a cell."""
        cell = Cell(id=uuid4().hex[:12], cell_type=cell_type, source=source, metadata=dict(metadata or {}))
        self._cells[cell.id] = cell
        return cell

    async def replace(self, cell_id: str, source: str, *, expected: str) -> Cell:
        """Give a cell another source and take its outputs away."""
        cell = self._cell(cell_id)
        if cell.source != expected:
            raise BadRequest("The cell was changed meanwhile; it is left as it is.", cell=cell_id)
        self._cells[cell_id] = cell.model_copy(update={"source": source})
        self._requests.pop(cell_id, None)
        return self._cells[cell_id]

    async def remove(self, cell_id: str) -> None:
        """Take a cell out; raises `NotFound`."""
        self._cell(cell_id)
        del self._cells[cell_id]
        self._requests.pop(cell_id, None)

    async def execute(
        self, cell_id: str, *, seconds: float | None = None
    ) -> AsyncGenerator[OutputChange | Execution, None]:
        """Execute a cell: its outputs as they come, and last, always, the `Execution`.

        Raises `NotFound`, `BadRequest` for a cell without code, and `KernelGone` when the kernel had
        ended before. A second call waits until the first has ended.
        """
        async with self._turn:
            cell = self._cell(cell_id)
            if cell.cell_type != "code":
                raise BadRequest("Only code cells can be executed.", cell=cell_id)
            request = self._kernel.send(cell.source, expressions={REPORT: probe.reporting()}, seconds=seconds)
            self._requests[cell_id] = self._running = request
            try:
                async for change in request.changes():
                    yield change
                yield request.execution(cell_id, cell.source)
            finally:
                request.stop("interrupted")
                await asyncio.shield(request.ended)
                self._running = None

    async def interrupt(self) -> None:
        """Stop the executing cell, if there is one, and wait until it has stopped."""
        if (request := self._running) is not None:
            request.stop("interrupted")
            await asyncio.shield(request.ended)

    async def save(self, path: str | Path, *, metadata: Mapping[str, Any] | None = None) -> Path:
        """Write a valid notebook file, whole or not at all; returns its path.

        `metadata` comes beside the kernel's in the notebook's metadata.
        """
        language = {"kernelspec": self._kernel.spec(), "language_info": dict(self._kernel.language)}
        content = {
            "metadata": {**language, **(metadata or {})},
            "cells": [self._as_nbformat(cell) for cell in self._cells.values()],
        }
        return await asyncio.to_thread(_write, Path(path), content)

    async def close(self) -> None:
        """End the kernel and all that it started. Cells stay readable."""
        await self._kernel.end()

    async def evaluate(self, code: str) -> Result | None:
        """What code of ours that only reads comes to; raises `KernelGone`."""
        async with self._turn:
            return probe.read_evaluated(await self._kernel.ask(probe.evaluating(code)))

    async def _look(self) -> probe.Look:
        async with self._turn:
            return probe.read_look(await self._kernel.ask(probe.looking()))

    def _cell(self, cell_id: str) -> Cell:
        if (cell := self._cells.get(cell_id)) is None:
            raise NotFound("The notebook has no such cell.", cell=cell_id)
        return cell

    def _as_nbformat(self, cell: Cell) -> dict[str, Any]:
        found = cell.model_dump()
        if cell.cell_type == "code":
            request = self._requests.get(cell.id)
            found["execution_count"] = request.execution_count if request else None
            outputs = request.log.outputs if request else ()
            found["outputs"] = [output.model_dump(mode="json") for output in outputs]
        return found


def _write(path: Path, content: dict[str, Any]) -> Path:
    """Write beside the file and swap, so that a crash leaves the old file whole."""
    import nbformat

    notebook = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, **content})  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            nbformat.write(notebook, file)  # type: ignore[no-untyped-call]
        os.chmod(beside, 0o644)
        os.replace(beside, target)
    finally:
        Path(beside).unlink(missing_ok=True)
    return target
