"""What a notebook has to ask about: tables in its kernel, and data files beside it."""

from typing import TYPE_CHECKING

from .base import AnalystHandler
from .operation import Query, operation

if TYPE_CHECKING:
    from ..types.panel import LoadingSource, LoadOrder, Surroundings

NOTEBOOK = Query("notebook", "Path of the notebook.", required=True)
KERNEL = Query("kernel", "Id of its kernel, if it has one.")


class DatasetsHandler(AnalystHandler):
    """`datasets`"""

    @operation("Tables and data files around a notebook", reply="Surroundings", query=(NOTEBOOK, KERNEL))
    async def get(self, notebook: str, kernel: str | None) -> "Surroundings":
        """Look around."""
        data = await (await self.engine()).data_desk()
        return await data.surroundings(notebook, kernel)

    @operation("A cell that loads a file", body="LoadOrder", reply="LoadingSource", action="execute")
    async def post(self, body: "LoadOrder") -> "LoadingSource":
        """Write the cell. It is the page that inserts and runs it."""
        data = await (await self.engine()).data_desk()
        return await data.loading(body)
