"""Everyone's usage, for administrators; and letting a kernel's dashboard see it for a while."""

from typing import TYPE_CHECKING

from ..errors import NotFound
from .base import AnalystHandler
from .operation import Query, operation

if TYPE_CHECKING:
    from ..types.admin import Grant, UsageDays, UsageModels, UsageUsers, UsageView

DAYS = Query("days", "How many days, up to today.", default=30, least=1, most=400)


class _UsageHandler(AnalystHandler):
    """What the four have in common."""

    async def _view(self, days: int) -> "UsageView":
        engine, _ = await self.desk()
        from ..usage.views import Wanted

        return await engine.usage_views.view(Wanted("everyone", days))


class SummaryHandler(_UsageHandler):
    """`admin/usage/summary`"""

    @operation("All that a dashboard shows of everyone's usage", reply="UsageView", query=(DAYS,), admin=True)
    async def get(self, days: int) -> "UsageView":
        """Sum up."""
        return await self._view(days)


class DailyHandler(_UsageHandler):
    """`admin/usage/daily`"""

    @operation("Everyone's usage by day, oldest first", reply="UsageDays", query=(DAYS,), admin=True)
    async def get(self, days: int) -> "UsageDays":
        """Sum up by day."""
        found = await self._view(days)
        from ..types.admin import UsageDays

        return UsageDays(days=found.days)


class ModelUsageHandler(_UsageHandler):
    """`admin/usage/models`"""

    @operation("Everyone's usage by model, the dearest first", reply="UsageModels", query=(DAYS,), admin=True)
    async def get(self, days: int) -> "UsageModels":
        """Sum up by model."""
        found = await self._view(days)
        from ..types.admin import UsageModels

        return UsageModels(models=found.models)


class UserUsageHandler(_UsageHandler):
    """`admin/usage/users`"""

    @operation("Who used most, ten people at most", reply="UsageUsers", query=(DAYS,), admin=True)
    async def get(self, days: int) -> "UsageUsers":
        """Sum up by person."""
        found = await self._view(days)
        from ..types.admin import UsageUsers

        return UsageUsers(users=found.users)


class GrantHandler(AnalystHandler):
    """`admin/grants/{kernel}`"""

    @operation("Let the dashboard of a kernel show everyone's usage for a while", reply="Grant", admin=True)
    async def put(self, kernel: str) -> "Grant":
        """Let it in. It is told by its socket; neither key nor token goes there."""
        engine = await self.engine()
        assert self.right is not None
        if kernel not in self.kernel_manager:
            raise NotFound("This server has no such kernel. Start it, and try again.")
        until = self.services.grants.give(kernel, self.right, engine.grant_seconds)
        self.services.dashboards.wake()
        self.log.info(
            "AutoAnalyst: admin: kernel %s may read everyone's usage until %s, by %s, for %s at %s",
            *(kernel, until.isoformat(timespec="seconds"), self.right.name),
            *(self.principal().id, self.request.remote_ip),
        )
        from ..types.admin import Grant

        return Grant(kernel=kernel, expires_at=until)

    @operation("Show a kernel's dashboard everyone's usage no longer", status=204)
    async def delete(self, kernel: str) -> None:
        """Lock it. That takes no key: it only takes away."""
        if self.services.grants.end(kernel):
            self.services.dashboards.wake()
            self.log.info("AutoAnalyst: admin: kernel %s was locked by %s", kernel, self.principal().id)
