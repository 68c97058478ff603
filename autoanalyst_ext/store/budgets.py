"""Budgets: the limits, which model calls each counts, and what those of a period cost already.

The functions that take a connection are for the ledger's own transaction. Whether a call may be made is
worked out in `usage/budgets.py`; holds and balances are written by `books.py`.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from ..errors import NotFound
from ..types.budgets import BudgetScope, PeriodKind
from .database import Database
from .money_tables import accounts, budgets
from .sums import cost_columns, whole
from .tables import attempts

Groups = Mapping[str, Collection[str]]
"""Members by the group's name: ids of principals (`hub:ann`), or their names alone (`ann`)."""

ANY_MODEL = "*"
"""As the model's name in `provider:*`: all models of the provider."""


class Called(Protocol):
    """What is looked at of a model call, to see whether a budget counts it."""

    @property
    def principal_id(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def agent(self) -> str | None: ...
    @property
    def chat_id(self) -> str | None: ...
    @property
    def notebook(self) -> str | None: ...


class BudgetRow(NamedTuple):
    """A budget as it is stored: the columns, in order. Read for every batch of calls, so it is light."""

    id: str
    principal_id: str | None
    """Whose calls count; `None`: everybody's together."""
    scope: BudgetScope
    name: str
    period: PeriodKind
    zone: str
    limit_pusd: int
    warn_percent: int
    made_by: str
    created_at: datetime
    ended_at: datetime | None = None

    def covers(self, call: Called, groups: Groups) -> bool:
        """Whether a model call counts."""
        if self.principal_id not in (None, call.principal_id):
            return False
        match self.scope:
            case "everything":
                return True
            case "group":
                return is_member(call.principal_id, groups.get(self.name, ()))
            case "notebook":
                return call.notebook == self.name
            case "chat":
                return call.chat_id == self.name
            case "agent":
                return call.agent is not None and call.agent.lower() == self.name.lower()
            case "model":
                return is_model(self.name, call.provider, call.model)


def is_member(principal: str, members: Collection[str]) -> bool:
    """Whether a group's members name this principal, by id or by the name in it."""
    return principal in members or principal.partition(":")[2] in members


def is_model(name: str, provider: str, model: str) -> bool:
    """Whether `name` (`provider:model`, or `provider:*`) means this model, in any letter case."""
    wanted_provider, _, wanted = name.lower().partition(":")
    return wanted_provider == provider.lower() and wanted in (ANY_MODEL, model.lower())


def account_of(row: BudgetRow, start: datetime) -> str:
    """Id of the account of a budget's period that begins at `start`."""
    return f"budget:{row.id}:{start.astimezone(ZoneInfo(row.zone)).date().isoformat()}"


def active(connection: Connection) -> tuple[BudgetRow, ...]:
    """The budgets that hold now, oldest first."""
    query = select(budgets).where(budgets.c.ended_at.is_(None)).order_by(budgets.c.id)
    return tuple(map(BudgetRow._make, connection.execute(query)))


def spent_before(
    connection: Connection, row: BudgetRow, start: datetime, end: datetime, groups: Groups
) -> int:
    """Pico-USD of the calls that count, were begun from `start` on and before `end`, and have ended.

    Of the attempts themselves, for the moment when the period's account is opened; exact beyond 64 bits.
    """
    shared = (attempts.c.principal_id, attempts.c.provider, attempts.c.model)
    high, low, *_ = cost_columns()
    query = (
        select(*shared, high, low)
        .where(
            attempts.c.started_at >= start,
            attempts.c.started_at < end,
            attempts.c.state.in_(("settled", "estimated")),
            attempts.c.cost_pusd > 0,
            *_narrowed(row),
        )
        .group_by(*shared)
    )
    # Groups and names of models are told apart here, where the ledger does: the database folds other letters.
    return sum(
        whole(found.cost_high, found.cost_low)
        for found in connection.execute(query)
        if _counts(row, found, groups)
    )


def standing(
    connection: Connection, row: BudgetRow, start: datetime, end: datetime, groups: Groups
) -> tuple[int, int]:
    """Pico-USD spent and held of the period from `start` to `end`, whether or not its account is open."""
    query = select(accounts.c.balance_high, accounts.c.balance_low, accounts.c.held_pusd).where(
        accounts.c.id == account_of(row, start)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return spent_before(connection, row, start, end, groups), 0
    return whole(found.balance_high, found.balance_low), found.held_pusd


class Budgets:
    """The budgets in a database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        """Where they are; what was spent is there too."""

    async def create(self, row: BudgetRow) -> None:
        """Store a budget. It holds for every call that begins after this returns, in every process."""
        await self.database.write(
            lambda connection: connection.execute(insert(budgets).values(row._asdict()))
        )

    async def get(self, budget_id: str) -> BudgetRow:
        """A budget that holds; raises NotFound."""
        return await self.database.read(lambda connection: _get(connection, budget_id))

    async def change(
        self, budget_id: str, *, limit_pusd: int | None = None, warn_percent: int | None = None
    ) -> BudgetRow:
        """Give a budget another limit or warning, at once; raises NotFound."""
        new = {"limit_pusd": limit_pusd, "warn_percent": warn_percent}
        change = {name: value for name, value in new.items() if value is not None}

        def work(connection: Connection) -> BudgetRow:
            if change:
                connection.execute(update(budgets).where(*_holds(budget_id)).values(change))
            return _get(connection, budget_id)

        return await self.database.write(work)

    async def end(self, budget_id: str) -> BudgetRow:
        """End a budget, at once; its row and what was booked to it stay. Raises NotFound."""

        def work(connection: Connection) -> BudgetRow:
            found = _get(connection, budget_id)
            connection.execute(update(budgets).where(*_holds(budget_id)).values(ended_at=datetime.now(UTC)))
            return found

        return await self.database.write(work)

    async def all(self) -> tuple[BudgetRow, ...]:
        """The budgets that hold now, oldest first."""
        return await self.database.read(active)


def _narrowed(row: BudgetRow) -> list[ColumnElement[bool]]:
    """What the database can leave out by itself."""
    found: list[ColumnElement[bool]] = []
    if row.principal_id is not None:
        found.append(attempts.c.principal_id == row.principal_id)
    match row.scope:
        case "notebook":
            found.append(attempts.c.notebook == row.name)
        case "chat":
            found.append(attempts.c.chat_id == row.name)
        case "agent":
            found.append(func.lower(attempts.c.agent) == row.name.lower())
        case _:
            pass
    return found


def _counts(row: BudgetRow, found: Row[tuple[object, ...]], groups: Groups) -> bool:
    match row.scope:
        case "group":
            return is_member(found.principal_id, groups.get(row.name, ()))
        case "model":
            return is_model(row.name, found.provider, found.model)
        case _:
            return True


def _holds(budget_id: str) -> tuple[ColumnElement[bool], ...]:
    return budgets.c.id == budget_id, budgets.c.ended_at.is_(None)


def _get(connection: Connection, budget_id: str) -> BudgetRow:
    row = connection.execute(select(budgets).where(*_holds(budget_id))).one_or_none()
    if row is None:
        raise NotFound(f"There is no budget {budget_id}, or it has ended.", budget=budget_id)
    return BudgetRow._make(row)
