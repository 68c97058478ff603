"""`BudgetBook`: sets, changes and ends budgets, says how they stand, and turns paid model calls off and on.

It refuses a budget that would guard nothing, such as one for a group that nobody is in. Holding calls to
budgets is left to `ledger.py`.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection

from ..errors import BadRequest, LimitReached, NotFound, Refused
from ..store.budget_facts import has_chat, people_called, titles_of
from ..store.budgets import BudgetRow, Budgets, Groups, active, standing
from ..store.database import Database
from ..store.ids import new_id
from ..store.switches import PAID_CALLS, Switch, Switches, paid_calls_off
from ..types.budgets import (
    AdminPolicy,
    BudgetChange,
    BudgetState,
    BudgetStates,
    NewBudget,
    PaidCalls,
    PolicyChange,
)
from ..types.usage import pico
from .budgets import concerns, state_of
from .periods import period_of, zone_named

MOST_OWN = 50
"""Budgets that a person may set for themselves: each is looked at before every call of everybody."""
ADMIN = "admin "
"""Before the name of an administrator who set a budget: no principal's id begins so."""


class BudgetBook:
    """The budgets in a database. `agent_named` gives an agent's own name for its name or alias."""

    def __init__(self, database: Database, groups: Groups, agent_named: Callable[[str], str]) -> None:
        self._database = database
        self._budgets = Budgets(database)
        self._switches = Switches(database)
        self._groups = groups
        self._agent_named = agent_named

    async def create(self, new: NewBudget, *, made_by: str) -> BudgetState:
        """Set a budget; `made_by` is a person's id, or `ADMIN` and the name of an administrator.

        Where they have one for the same calls and period, it gets this limit.

        Raises `BadRequest` where it would guard nothing, `NotFound`, `LimitReached`.
        """
        zone_named(new.zone)
        wanted = BudgetRow(
            id=new_id(),
            principal_id=await self._principal(new.principal),
            scope=new.scope,
            name=self._name(new),
            period=new.period,
            zone=new.zone,
            limit_pusd=pico(new.limit_usd),
            warn_percent=new.warn_percent,
            made_by=made_by,
            created_at=datetime.now(UTC),
        )
        if wanted.scope == "chat":
            await self._look_for_chat(wanted)
        known = await self._budgets.all()
        if alike := next((row for row in known if _is_like(row, wanted)), None):
            kept = BudgetChange(limit_usd=new.limit_usd, warn_percent=new.warn_percent)
            return await self.change(alike.id, kept, by=made_by)
        if not made_by.startswith(ADMIN) and sum(row.made_by == made_by for row in known) >= MOST_OWN:
            raise LimitReached(f"You have {MOST_OWN} budgets already. End one first.")
        await self._budgets.create(wanted)
        return await self._state(wanted, made_by)

    async def change(self, budget_id: str, change: BudgetChange, *, by: str) -> BudgetState:
        """Change a budget, as its owner or as an administrator. Raises `NotFound`, `Refused`."""
        await self._check_hand(budget_id, by)
        limit = None if change.limit_usd is None else pico(change.limit_usd)
        row = await self._budgets.change(budget_id, limit_pusd=limit, warn_percent=change.warn_percent)
        return await self._state(row, by)

    async def end(self, budget_id: str, *, by: str) -> BudgetRow:
        """End a budget, as its owner or as an administrator. Raises `NotFound`, `Refused`."""
        await self._check_hand(budget_id, by)
        return await self._budgets.end(budget_id)

    async def all(self) -> BudgetStates:
        """Every budget, for administrators. Titles of chats are their owners'."""
        return await self._database.read(lambda connection: self._states(connection, active(connection), ""))

    async def of(
        self, principal: str, *, notebook: str | None = None, chat: str | None = None
    ) -> BudgetStates:
        """The budgets that a person's calls may count to; of notebooks and chats only what is named."""

        def work(connection: Connection) -> BudgetStates:
            rows = [row for row in active(connection) if concerns(row, principal, self._groups)]
            for scope, name in (("notebook", notebook), ("chat", chat)):
                if name is not None:
                    rows = [row for row in rows if row.scope != scope or row.name == name]
            return self._states(connection, tuple(rows), principal)

        return await self._database.read(work)

    async def policy(self) -> AdminPolicy:
        """Whether paid model calls are on, and who said so."""
        return _policy(await self._switches.get(PAID_CALLS))

    async def set_policy(self, change: PolicyChange, *, by: str) -> AdminPolicy:
        """Switch paid model calls on or off, for every process of this database, also after a restart."""
        turned = await self._switches.set(
            PAID_CALLS, change.paid_calls, reason=change.reason.strip(), changed_by=by
        )
        return _policy(turned)

    def _states(self, connection: Connection, rows: tuple[BudgetRow, ...], principal: str) -> BudgetStates:
        titles = titles_of(connection, [row.name for row in rows if row.scope == "chat"], principal)
        # Another person's chat is no business of this one; an administrator sees its id.
        shown = [row for row in rows if row.scope != "chat" or row.name in titles or not principal]
        return BudgetStates(
            budgets=tuple(self._now(connection, row, principal, titles.get(row.name)) for row in shown),
            paid_calls=_paid_calls(paid_calls_off(connection)),
        )

    async def _state(self, row: BudgetRow, principal: str) -> BudgetState:
        def work(connection: Connection) -> BudgetState:
            titles = titles_of(connection, [row.name], principal) if row.scope == "chat" else {}
            return self._now(connection, row, principal, titles.get(row.name))

        return await self._database.read(work)

    def _now(self, connection: Connection, row: BudgetRow, principal: str, title: str | None) -> BudgetState:
        period = period_of(row.period, row.zone, datetime.now(UTC))
        spent, held = standing(connection, row, period.start, period.end, self._groups)
        return state_of(row, period, spent=spent, held=held, title=title, mine=row.made_by == principal)

    async def _check_hand(self, budget_id: str, by: str) -> None:
        if by.startswith(ADMIN):
            return
        row = await self._budgets.get(budget_id)
        if not concerns(row, by, self._groups):
            raise NotFound(f"There is no budget {budget_id}, or it has ended.", budget=budget_id)
        if row.made_by != by:
            raise Refused("An administrator set this budget, so only an administrator can change it.")

    def _name(self, new: NewBudget) -> str:
        name = new.name.strip()
        if new.scope == "everything":
            if name:
                raise BadRequest("A budget for everything has no name.")
            return ""
        if not name:
            raise BadRequest(f"Name the {new.scope} that the budget is for.")
        if new.scope == "group":
            self._check_group(name, new.principal)
        elif new.scope == "agent":
            return self._agent_named(name.removeprefix("@"))
        elif new.scope == "model" and not all(name.partition(":")):
            raise BadRequest(
                f"{name!r} is no model. Write provider:model, or provider:* for all of a provider's."
            )
        return name

    def _check_group(self, name: str, principal: str | None) -> None:
        if principal is not None:
            raise BadRequest("A budget is for a group or for one person, not for both.")
        if not self._groups.get(name):
            known = ", ".join(sorted(self._groups)) or "none"
            raise BadRequest(f"There is no group {name!r}. The configuration (c.Engine.groups) has: {known}.")

    async def _principal(self, wanted: str | None) -> str | None:
        """The id of the person whom an id or a name means. Raises `BadRequest`."""
        if wanted is None or ":" in wanted:
            return wanted
        found = await self._database.read(lambda connection: people_called(connection, wanted))
        if len(found) == 1:
            return found[0]
        if found:
            raise BadRequest(f"Several people are called {wanted!r}. Write one of {', '.join(found)}.")
        raise BadRequest(
            f"Nobody who has asked a question is called {wanted!r}. Write the whole id, such as "
            f"hub:{wanted} or account:{wanted}."
        )

    async def _look_for_chat(self, row: BudgetRow) -> None:
        if not await self._database.read(lambda connection: has_chat(connection, row.name, row.principal_id)):
            raise NotFound(f"There is no chat {row.name}.", chat_id=row.name)


def _is_like(row: BudgetRow, wanted: BudgetRow) -> bool:
    """Whether both count the same calls in the same periods, and come from the same kind of hand."""
    same = ("principal_id", "scope", "name", "period", "zone")
    by_admin = row.made_by.startswith(ADMIN), wanted.made_by.startswith(ADMIN)
    return all(getattr(row, name) == getattr(wanted, name) for name in same) and by_admin[0] == by_admin[1]


def _paid_calls(off: Switch | None) -> PaidCalls:
    return PaidCalls() if off is None else PaidCalls(on=False, reason=off.reason, since=off.changed_at)


def _policy(switch: Switch | None) -> AdminPolicy:
    if switch is None:
        return AdminPolicy(paid_calls="on", reason="", changed_by=None, changed_at=None)
    return AdminPolicy(
        paid_calls="off" if switch.value == "off" else "on",
        reason=switch.reason,
        changed_by=switch.changed_by,
        changed_at=switch.changed_at,
    )
