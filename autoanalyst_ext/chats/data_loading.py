"""Loading data before a question: which file, and the cell that loads it.

Where the kernel has no table, what the question clearly means or what is there alone; where it has some, a
file that the question names in full. Only code that may run by itself.
"""

import asyncio
from contextlib import aclosing
from pathlib import Path

from ..datasets import beside
from ..datasets.files import LoadingCell, loading_cell, variable_name
from ..errors import DataUnreadable
from ..notebooks.tab import TabNotebook
from ..policy.effects import NamesBefore, findings
from ..policy.rules import decide
from ..tools.turn import Permissions
from ..types.cells import Execution
from ..types.events import DataLoaded


async def load(
    question: str, *, notebook: TabNotebook, folder: Path, permissions: Permissions, beside_tables: bool
) -> DataLoaded | None:
    """Load the data that the question means; None where nothing fits or code may not run by itself.

    `beside_tables`: there are tables already, so a file must be named, and not be one of them.

    Raises `DataUnreadable` where it cannot be loaded; the cell is left for the user to see.
    """
    file = await asyncio.to_thread(_named_file if beside_tables else _file_for, question, folder)
    if file is None:
        return None
    names = await notebook.names()
    if beside_tables and variable_name(file.name) in names:
        return None
    cell = await asyncio.to_thread(loading_cell, file, folder=folder, taken=names)
    before = NamesBefore(existing=names, folder=folder)
    may = permissions
    decision = decide(
        may.mode, findings(cell.source, before), allowed=may.allowed, rules=may.rules, can_ask=False
    )
    if decision.verdict != "run":
        return None
    return await _run(cell, notebook, Path(cell.path).name)


def _named_file(question: str, folder: Path) -> Path | None:
    return beside.named(question, beside.files_beside(folder))


def _file_for(question: str, folder: Path) -> Path | None:
    files = beside.files_beside(folder)
    if (fitting := beside.fitting(question, files)) is not None:
        return fitting
    return beside.sample_beside(folder) if beside.is_about_sample(question) else None


async def _run(loading: LoadingCell, notebook: TabNotebook, name: str) -> DataLoaded:
    cell = await notebook.insert(loading.source)
    execution: Execution | None = None
    async with aclosing(notebook.execute(cell.id, ours=False)) as items:
        async for item in items:
            if isinstance(item, Execution):
                execution = item
    if execution is None or execution.status != "ok":
        raise DataUnreadable(
            f"{name} could not be loaded. {_why(execution)} The cell that tried is in the notebook."
        )
    return DataLoaded(cell_id=cell.id, source=loading.source, name=loading.name, path=name, note=loading.note)


def _why(execution: Execution | None) -> str:
    if execution is None or execution.ename is None:
        return "The cell did not end."
    text = (execution.evalue or "").strip().split("\n", 1)[0]
    return f"{execution.ename}: {text}".rstrip(": .") + "."
