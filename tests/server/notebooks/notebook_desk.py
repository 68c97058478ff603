"""A notebook with a live kernel, and the loop it lives on, for the tests of this folder."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from autoanalyst_ext.notebooks.headless import HeadlessNotebook
from autoanalyst_ext.types.cells import Execution, OutputChange


async def executed(
    notebook: HeadlessNotebook, source: str, seconds: float | None = 30
) -> tuple[list[OutputChange], Execution]:
    """Insert and execute a cell: its changes, and how it went."""
    cell = await notebook.insert(source)
    *changes, execution = [change async for change in notebook.execute(cell.id, seconds=seconds)]
    assert isinstance(execution, Execution)
    return [change for change in changes if isinstance(change, OutputChange)], execution


class Desk:
    """A notebook and the loop it lives on."""

    def __init__(self, runner: asyncio.Runner, notebook: HeadlessNotebook) -> None:
        self.runner = runner
        self.notebook = notebook

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(asyncio.wait_for(work, 60))

    def cell(self, source: str, seconds: float | None = 30) -> Execution:
        return self.run(executed(self.notebook, source, seconds))[1]
