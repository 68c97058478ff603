"""Who asks: their name, what they have used, and what they have said yes to for good."""

from typing import TYPE_CHECKING

from .. import __version__
from .base import AnalystHandler
from .operation import Query, operation

if TYPE_CHECKING:
    from ..types.panel import Me, OwnUsage, Remembered

NOTEBOOK = Query("notebook", "Path of the notebook.", required=True)
ID_PREFIX = "notebook:"
"""Of the ids that notebooks of pages have, before their path."""


class MeHandler(AnalystHandler):
    """`me`"""

    @operation("Who asks, and what answers when nobody chooses", reply="Me")
    async def get(self) -> "Me":
        """Name the person that runs are booked to."""
        engine = await self.engine()
        who, model = self.principal(), await engine.chosen_model()
        from ..types.panel import Me

        return Me(name=who.name, source=who.source, version=__version__, model=model, mode=engine.mode)


class UsageHandler(AnalystHandler):
    """`usage`"""

    @operation("What the person who asks has used", reply="OwnUsage")
    async def get(self) -> "OwnUsage":
        """Sum up today, the last 30 days, and all."""
        engine, who = await self.desk()
        from ..chats import queries
        from ..types.panel import OwnUsage

        found = await queries.answer("usage", {}, desk=engine, principal=who, runs=())
        return OwnUsage.model_validate({name: found[name] for name in OwnUsage.model_fields})


class RememberedHandler(AnalystHandler):
    """`remembered`"""

    @operation("Notebooks where safe cells run without asking", reply="Remembered")
    async def get(self) -> "Remembered":
        """List them, oldest first."""
        engine = await self.engine()
        from ..types.panel import Remembered

        ids = engine.approvals.remembered()
        return Remembered(
            notebooks=tuple(found.removeprefix(ID_PREFIX) for found in ids if found.startswith(ID_PREFIX))
        )

    @operation("Ask again before cells of a notebook run", status=204, query=(NOTEBOOK,))
    async def delete(self, notebook: str) -> None:
        """Take the yes back."""
        (await self.engine()).approvals.forget(ID_PREFIX + notebook)
