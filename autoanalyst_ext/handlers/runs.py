"""A run: see it again, stop it, say yes or no to its code, take its cells back, see what was sent."""

from typing import TYPE_CHECKING

from .base import AnalystHandler
from .operation import operation

if TYPE_CHECKING:
    from ..types.panel import ApprovalAnswer, RunView, Sent
    from ..types.tab import Withdrawn


class RunHandler(AnalystHandler):
    """`runs/{run_id}`"""

    @operation("A run and what it said", reply="RunView")
    async def get(self, run_id: str) -> "RunView":
        """Find a run."""
        engine, who = await self.desk()
        return await engine.chats.run(who, run_id)


class CancelHandler(AnalystHandler):
    """`runs/{run_id}/cancel`"""

    @operation("Stop a run; harmless when it has ended", status=204, action="execute")
    async def post(self, run_id: str) -> None:
        """Stop the model call and the kernel."""
        engine, who = await self.desk()
        engine.live_runs.stop(who, run_id)


class ApprovalHandler(AnalystHandler):
    """`runs/{run_id}/approvals/{call_id}`"""

    @operation("Say yes or no to exactly this code", body="ApprovalAnswer", status=204, action="execute")
    async def post(self, run_id: str, call_id: str, body: "ApprovalAnswer") -> None:
        """Pass on a person's answer."""
        engine, who = await self.desk()
        engine.live_runs.approve(who, run_id, call_id, body)


class UndoHandler(AnalystHandler):
    """`runs/{run_id}/undo`"""

    @operation("Take the cells of a run out of its notebook", reply="Withdrawn", action="execute")
    async def post(self, run_id: str) -> "Withdrawn":
        """Take out the cells that nobody has changed since."""
        engine, who = await self.desk()
        return await engine.live_runs.undo(who, run_id)


class SentHandler(AnalystHandler):
    """`runs/{run_id}/sent`"""

    @operation("What the models of a run were sent", reply="Sent")
    async def get(self, run_id: str) -> "Sent":
        """Show the payloads."""
        engine, who = await self.desk()
        return await engine.chats.sent(who, run_id)
