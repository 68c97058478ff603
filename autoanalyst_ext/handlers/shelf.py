"""Whom one can ask, agents and models; and about what: tables in a kernel, data files beside it."""

from typing import TYPE_CHECKING

from .base import AnalystHandler
from .operation import Query, operation

if TYPE_CHECKING:
    from ..types.panel import Agents, LoadingSource, LoadOrder, Models, Surroundings

NOTEBOOK = Query("notebook", "Path of the notebook.", required=True)
KERNEL = Query("kernel", "Id of its kernel, if it has one.")


class AgentsHandler(AnalystHandler):
    """`agents`"""

    @operation("The agents one can ask", reply="Agents")
    async def get(self) -> "Agents":
        """List them, with the names that mean them too."""
        engine = await self.engine()
        from ..chats import queries
        from ..types.panel import Agents

        found = await queries.answer("agents", {}, desk=engine, principal=self.principal(), runs=())
        return Agents.model_validate(found)


class ModelsHandler(AnalystHandler):
    """`models`"""

    @operation("The models one can ask, and why some are not ready", reply="Models")
    async def get(self) -> "Models":
        """List the shelf."""
        engine, who = await self.desk()
        from ..chats import queries
        from ..types.panel import Models

        found = await queries.answer("models", {}, desk=engine, principal=who, runs=())
        return Models.model_validate(found)


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
