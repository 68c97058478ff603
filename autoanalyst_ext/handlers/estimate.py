"""What the next question may cost."""

from typing import TYPE_CHECKING

from .base import AnalystHandler
from .operation import operation

if TYPE_CHECKING:
    from ..types.estimates import Estimate, EstimateOrder


class EstimateHandler(AnalystHandler):
    """`estimate`"""

    @operation(
        "What the next question may cost; it is not asked by this", body="EstimateOrder", reply="Estimate"
    )
    async def post(self, body: "EstimateOrder") -> "Estimate":
        """Estimate it."""
        engine, who = await self.desk()
        return await engine.chats.estimate(who, body)
