"""Limits of money: one's own, everybody's for administrators, and the switch for paid model calls.

Who set a budget may change it; an administrator may change every one. Each change is a line of the log.
"""

from typing import TYPE_CHECKING

from .base import AnalystHandler
from .operation import Query, operation

if TYPE_CHECKING:
    from ..types.budgets import (
        AdminPolicy,
        BudgetChange,
        BudgetState,
        BudgetStates,
        NewBudget,
        PolicyChange,
    )

OF_NOTEBOOK = Query("notebook", "Leave out budgets for other notebooks than this path.")
OF_CHAT = Query("chat", "Leave out budgets for other chats than this id.")


class BudgetsHandler(AnalystHandler):
    """`budgets`"""

    @operation(
        "The budgets that count one's own model calls", reply="BudgetStates", query=(OF_NOTEBOOK, OF_CHAT)
    )
    async def get(self, notebook: str | None, chat: str | None) -> "BudgetStates":
        """List them, oldest first."""
        engine, who = await self.desk()
        return await engine.budgets.of(who.id, notebook=notebook, chat=chat)

    @operation("Set a budget for oneself", body="NewBudget", reply="BudgetState", status=201)
    async def post(self, body: "NewBudget") -> "BudgetState":
        """Set it for whoever asks, whomever the body names."""
        engine, who = await self.desk()
        made = await engine.budgets.create(body.model_copy(update={"principal": who.id}), made_by=who.id)
        self.log.info("AutoAnalyst: budget %s of $%s set by %s", *_facts(made), who.id)
        return made


class BudgetHandler(AnalystHandler):
    """`budgets/{budget_id}`"""

    @operation("Change a budget of one's own", body="BudgetChange", reply="BudgetState")
    async def patch(self, budget_id: str, body: "BudgetChange") -> "BudgetState":
        """Change it at once."""
        engine, who = await self.desk()
        changed = await engine.budgets.change(budget_id, body, by=who.id)
        self.log.info("AutoAnalyst: budget %s of $%s changed by %s", *_facts(changed), who.id)
        return changed

    @operation("End a budget of one's own", status=204)
    async def delete(self, budget_id: str) -> None:
        """End it at once."""
        engine, who = await self.desk()
        await engine.budgets.end(budget_id, by=who.id)
        self.log.info("AutoAnalyst: budget %s ended by %s", budget_id, who.id)


class _AdminHandler(AnalystHandler):
    """What the three for administrators have in common."""

    def administrator(self) -> str:
        """Who they are, as it is kept beside what they set."""
        from ..usage.budget_book import ADMIN

        assert self.right is not None
        return f"{ADMIN}{self.right.name}"

    def audit(self, what: str, *facts: str) -> None:
        """Write down what an administrator did, and who that was."""
        assert self.right is not None
        self.log.info(
            f"AutoAnalyst: admin: {what}, by %s, for %s at %s",
            *(*facts, self.right.name, self.principal().id, self.request.remote_ip),
        )


class AdminBudgetsHandler(_AdminHandler):
    """`admin/budgets`"""

    @operation("All budgets, and how they stand", reply="BudgetStates", admin=True)
    async def get(self) -> "BudgetStates":
        """List them, oldest first."""
        engine, _ = await self.desk()
        return await engine.budgets.all()

    @operation("Set a budget", body="NewBudget", reply="BudgetState", status=201, admin=True)
    async def post(self, body: "NewBudget") -> "BudgetState":
        """Set it for a person, a group or everybody."""
        engine, _ = await self.desk()
        made = await engine.budgets.create(body, made_by=self.administrator())
        self.audit("budget %s of $%s set", *_facts(made))
        return made


class AdminBudgetHandler(_AdminHandler):
    """`admin/budgets/{budget_id}`"""

    @operation("Change a budget", body="BudgetChange", reply="BudgetState", admin=True)
    async def patch(self, budget_id: str, body: "BudgetChange") -> "BudgetState":
        """Change it at once, whoever set it."""
        engine, _ = await self.desk()
        changed = await engine.budgets.change(budget_id, body, by=self.administrator())
        self.audit("budget %s of $%s changed", *_facts(changed))
        return changed

    @operation("End a budget", status=204, admin=True)
    async def delete(self, budget_id: str) -> None:
        """End it at once, whoever set it. What was booked to it stays."""
        engine, _ = await self.desk()
        await engine.budgets.end(budget_id, by=self.administrator())
        self.audit("budget %s ended", budget_id)


class PolicyHandler(_AdminHandler):
    """`admin/policy`"""

    @operation("Whether paid model calls are on", reply="AdminPolicy", admin=True)
    async def get(self) -> "AdminPolicy":
        """Look at the switch."""
        engine, _ = await self.desk()
        return await engine.budgets.policy()

    @operation("Switch paid model calls off or on", body="PolicyChange", reply="AdminPolicy", admin=True)
    async def patch(self, body: "PolicyChange") -> "AdminPolicy":
        """Turn the switch; it holds for the next call of every process."""
        engine, _ = await self.desk()
        turned = await engine.budgets.set_policy(body, by=self.administrator())
        self.audit("paid calls %s", turned.paid_calls)
        return turned


def _facts(state: "BudgetState") -> tuple[str, str]:
    return state.budget.id, state.budget.limit_usd
