"""`DataDesk`: what a notebook has to ask about: tables in its kernel, files beside it, the sample.

Nothing is run here: a file becomes a cell, which its page inserts and runs.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ..datasets import beside
from ..datasets.files import loading_cell
from ..errors import BadRequest, KernelGone, LimitReached
from ..notebooks.probe import Look
from ..notebooks.servers import House
from ..notebooks.witnesses import Witnesses
from ..offline import suggestions
from ..types.panel import FileEntry, LoadingSource, LoadOrder, Surroundings, TableEntry
from ..types.profiles import TableProfile

TABLES = 8
"""Tables that are told."""
PATIENCE = 2.0
"""Seconds that a kernel is waited for; it is asked again when it has finished what it does."""
REMEMBERED = 64
"""Sets of tables whose questions are kept."""

BUSY = "The kernel is busy. Its tables are shown when the running cell has ended."
ELSEWHERE = "The files of this notebook are not on this computer. Load the data in a cell of your own."


class DataDesk:
    """Looks around a notebook, and writes the cells that load data."""

    def __init__(self, house: House, witnesses: Witnesses) -> None:
        self._house = house
        self._witnesses = witnesses
        self._entries: dict[tuple[str, ...], tuple[TableEntry, ...]] = {}

    async def surroundings(self, notebook: str, kernel: str | None) -> Surroundings:
        """What there is to ask about. A kernel that cannot be asked is a `problem`, and never an error."""
        tables: tuple[TableEntry, ...] = ()
        problem = ""
        try:
            look = await self._look(kernel)
            problem = BUSY if look is None and kernel is not None else ""
            tables = () if look is None else await self._told(look)
        except KernelGone as error:
            problem = str(error)
        folder = self._house.folder(notebook)
        files, is_bare = ((), False) if folder is None else await asyncio.to_thread(_files, folder)
        # Where the kernel could not be asked, there may be tables.
        is_fresh = is_bare and not tables and not problem
        return Surroundings(
            tables=tables,
            files=files,
            sample=is_fresh,
            starters=beside.SAMPLE_STARTERS if is_fresh else (),
            problem=problem,
        )

    async def loading(self, order: LoadOrder) -> LoadingSource:
        """The cell that loads a file, under a name that is free; the sample is put beside the notebook first.

        Raises `DataUnreadable` with a way out, `BadRequest`, and `KernelGone` for a kernel that runs no such
        cell. Of a kernel that is busy, the names are not known.
        """
        folder = self._house.folder(order.notebook)
        if folder is None:
            raise BadRequest(ELSEWHERE)
        look = await self._look(order.kernel)
        taken = frozenset() if look is None else frozenset(look.names)
        file = await asyncio.to_thread(beside.sample_beside, folder) if order.path is None else order.path
        cell = await asyncio.to_thread(loading_cell, file, folder=folder, taken=taken)
        return LoadingSource(name=cell.name, source=cell.source, note=cell.note)

    async def _look(self, kernel: str | None) -> Look | None:
        """What is in the kernel; None without one, and where it does not answer soon."""
        if kernel is None:
            return None
        try:
            witness = await self._witnesses.get(kernel)
            return await witness.look(seconds=PATIENCE)
        except LimitReached:
            return None

    async def _told(self, look: Look) -> tuple[TableEntry, ...]:
        """The user's own tables, the newest first, then those that answers made."""
        newest = list(reversed(look.tables))
        own = [table for table in newest if table.name not in look.made]
        newest = [*own, *(table for table in newest if table.name in look.made)][:TABLES]
        key = tuple(f"{table.name} {table.fingerprint}" for table in newest)
        if (known := self._entries.get(key)) is None:
            known = self._entries[key] = await asyncio.to_thread(_table_entries, newest)
            while len(self._entries) > REMEMBERED:
                del self._entries[next(iter(self._entries))]
        return known


def _table_entries(tables: Sequence[TableProfile]) -> tuple[TableEntry, ...]:
    return tuple(
        TableEntry(
            name=table.name,
            rows=table.rows,
            columns=tuple(column.name for column in table.columns),
            starters=suggestions.to_begin_with(table, tables),
        )
        for table in tables
    )


def _files(folder: Path) -> tuple[tuple[FileEntry, ...], bool]:
    """The data files beside the notebook, and whether there are none but our sample."""
    entries = []
    is_bare = True
    for file in beside.files_beside(folder):
        with suppress(FileNotFoundError):  # deleted in this moment
            entries.append(FileEntry(name=file.name, path=file.name, bytes=file.stat().st_size))
            is_bare = is_bare and beside.is_sample(file)
    return tuple(entries), is_bare
