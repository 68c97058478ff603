"""Whom one can ask: agents and models."""

from typing import TYPE_CHECKING

from .base import AnalystHandler
from .operation import operation

if TYPE_CHECKING:
    from ..types.panel import Agents, Models


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
