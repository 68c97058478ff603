"""Who asks: their name, what they have used, and what they have said yes to for good."""

from typing import TYPE_CHECKING

from .. import __version__
from .base import AnalystHandler
from .operation import Query, operation

if TYPE_CHECKING:
    from ..types.own_usage import OwnUsage
    from ..types.panel import Me, Remembered

NOTEBOOK = Query("notebook", "Path of the notebook.", required=True)
USAGE = (
    Query("zone", "IANA name of the time zone whose days, weeks and months are meant.", default="UTC"),
    Query("period", "`today`, `week`, `month` or `all`.", default="all"),
    Query("days", "So many days up to today, instead of a period.", least=1, most=400),
    Query("chat", "Only of this chat."),
    Query("notebook", "Only of the notebook with this path."),
    Query("run", "Only of this run."),
    Query("by", "Rows by `day`, `chat`, `notebook`, `agent` or `model`."),
    Query("as", "Reprice the same tokens as if this model (`provider:model`) had been asked."),
)
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

    @operation("What the person who asks has used", reply="OwnUsage", query=USAGE)
    async def get(self, **wanted: str | int | None) -> "OwnUsage":
        """Sum it up, and reprice it where that is asked."""
        engine, who = await self.desk()
        from ..usage.own import order_of

        return await engine.own_usage.of(who.id, order_of(wanted))


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
