"""`Notebook`: the hands of a run. What an engine may ask of a notebook and its kernel."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Literal

from ..types.cells import Cell, Execution, OutputChange
from ..types.profiles import TableProfile
from ..types.results import Result


class Notebook(ABC):
    """One notebook and its kernel, as one run sees them.

    Cells are named by id, never by position. A cell that somebody changed meanwhile is not
    overwritten: `replace` and `execute` take the source that the caller believes is there.
    """

    id: str
    """Names this notebook for as long as it is open."""

    @abstractmethod
    async def cells(self) -> tuple[Cell, ...]:
        """All cells, top to bottom."""

    @abstractmethod
    async def tables(self) -> tuple[TableProfile, ...]:
        """Profiles of the tables in the kernel's namespace, computed there without a cell."""

    @abstractmethod
    async def names(self) -> Mapping[str, str]:
        """Variables of the kernel's user namespace: name to the name of its type."""

    @abstractmethod
    async def made(self) -> frozenset[str]:
        """Those of the names that earlier runs of ours made and nobody rebound since."""

    @abstractmethod
    async def evaluate(self, code: str) -> Result | None:
        """What code of ours that only reads comes to, computed in the kernel without a cell.

        None where it fails. Raises `KernelGone`.
        """

    @abstractmethod
    async def insert(
        self,
        source: str,
        *,
        cell_type: Literal["code", "markdown"] = "code",
        metadata: Mapping[str, Any] | None = None,
    ) -> Cell:
        """Put a new cell at the run's insertion point, below what the run inserted before."""

    @abstractmethod
    async def replace(self, cell_id: str, source: str, *, expected: str) -> Cell:
        """Give a cell another source; raises `NotFound` or `BadRequest` when it is not as `expected`."""

    @abstractmethod
    async def remove(self, cell_id: str) -> None:
        """Take a cell out."""

    @abstractmethod
    def execute(
        self, cell_id: str, *, seconds: float | None = None
    ) -> AsyncGenerator[OutputChange | Execution, None]:
        """Execute a cell once: its outputs as they come, and last, always, the `Execution`.

        `seconds` bounds its wall time; it is interrupted then and ends as `timeout`. Closing the
        iterator early interrupts the cell.
        """

    @abstractmethod
    async def interrupt(self) -> None:
        """Stop the executing cell; it ends as `interrupted`."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of the notebook; what this run started is ended."""
