"""Any order of holds, ends, refunds and crashes: the ledger and a ledger in plain Python agree after each."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from sqlalchemy import Connection, text

from autoanalyst_ext.errors import BadRequest, BudgetReached, NotFound
from autoanalyst_ext.store import consistency
from autoanalyst_ext.store.accounts import balances
from autoanalyst_ext.store.attempts import Owner
from autoanalyst_ext.store.budgets import BudgetRow, Budgets
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt
from autoanalyst_ext.usage.prices import PriceBook
from autoanalyst_ext.usage.refunds import Refunds

from .test_holds import ANN, UNIT, account, budget

T = TypeVar("T")
BOB = "os:bob"
PRICES = PriceBook()
GONE = Owner(pid=2**22 - 1, start="long ago", boot="another/boot")
tokens = st.integers(min_value=0, max_value=40)


@dataclass
class Expected:
    """What a call should be."""

    principal: str
    held: int
    """Of each budget that counts it."""
    state: str = "started"
    cost: int = 0
    received: int | None = None
    """Tokens that were checkpointed."""
    refunded: int = 0
    budgets: list[str] = field(default_factory=list)
    """Ids of those it is held against."""


@cache
def empty() -> bytes:
    """A database with its tables: to make them takes longer than most of what is tried here."""

    async def made(file: Path) -> None:
        database = Database(f"sqlite:///{file}")
        await database.open()
        await database.close()

    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        asyncio.run(made(file))
        return file.read_bytes()


class Money(RuleBasedStateMachine):
    """Two people, a budget of one of them, one of both, and whatever may happen to their calls."""

    calls = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        file = Path(self.folder.name) / "money.db"
        file.write_bytes(empty())
        self.url = f"sqlite:///{file}"
        self.expected: dict[str, Expected] = {}
        self.limits: dict[str, BudgetRow] = {}
        self.database = Database(self.url)
        self.ledger = Ledger(self.database, PRICES)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(mine=st.integers(0, 200), all_=st.integers(0, 300))
    def make_budgets(self, mine: int, all_: int) -> None:
        for row in (budget(mine * UNIT), budget(all_ * UNIT, principal_id=None, period="week")):
            self.run(Budgets(self.database).create(row))
            self.limits[row.id] = row

    @rule(target=calls, principal=st.sampled_from((ANN, BOB)), most=tokens)
    def hold(self, principal: str, most: int) -> Any:
        counts = [row for row in self.limits.values() if row.principal_id in (None, principal)]
        need = most * UNIT
        fits = all(self.spent(row) + self.held(row) + need <= row.limit_pusd for row in counts)
        call = NewAttempt(provider="openai", model="gpt-5-nano", principal_id=principal)
        try:
            opened = self.run(self.ledger.open(call, TokenUsage(input_tokens=most)))
        except BudgetReached:
            assert not fits
            return multiple()
        assert fits
        self.expected[opened.id] = Expected(principal, need, budgets=[row.id for row in counts])
        return opened.id

    @rule(attempt=calls, received=tokens)
    def checkpoint(self, attempt: str, received: int) -> None:
        self.run(self.ledger.checkpoint(attempt, TokenUsage(input_tokens=received)))
        if self.expected[attempt].state == "started":
            self.expected[attempt].received = received

    @rule(attempt=calls, used=tokens)
    def settle(self, attempt: str, used: int) -> None:
        """Less than was held, as much, or more; a second time it changes nothing."""
        cost = self.run(self.ledger.settle(attempt, TokenUsage(input_tokens=used))).cost_pusd
        self.ends(attempt, "settled", used * UNIT)
        assert cost == self.expected[attempt].cost

    @rule(attempt=calls)
    def void(self, attempt: str) -> None:
        self.run(self.ledger.void(attempt, "rate_limited"))
        self.ends(attempt, "void", 0)

    @rule(attempt=calls, amount=st.none() | st.integers(-5, 45))
    def refund(self, attempt: str, amount: int | None) -> None:
        call = self.expected[attempt]
        wanted = call.cost if amount is None else amount * UNIT
        may = call.cost > 0 and not call.refunded and 0 < wanted <= call.cost
        try:
            given = self.run(Refunds(self.database).give(attempt, None if amount is None else wanted))
        except (BadRequest, NotFound):
            assert not may
        else:
            assert may
            assert given == wanted
            call.refunded = wanted

    @rule()
    def crash(self) -> None:
        """The process is gone, with whatever was under way; another finds what it left and closes it."""
        self.run(self.database.write(_belongs_to_the_dead))
        self.run(self.database.close())
        self.database = Database(self.url)
        self.ledger = Ledger(self.database, PRICES)
        assert self.run(self.ledger.recover()) == sum(
            call.state == "started" for call in self.expected.values()
        )
        for attempt, call in self.expected.items():
            used = call.received
            self.ends(attempt, "void" if used is None else "estimated", (used or 0) * UNIT)

    @rule()
    def nobody_is_asked_twice(self) -> None:
        """What does not exist cannot be settled or given back."""
        for work in (self.ledger.settle("none", TokenUsage()), Refunds(self.database).give("none")):
            try:
                self.run(work)
            except NotFound:
                continue
            raise AssertionError("it should not be found")

    @invariant()
    def agrees(self) -> None:
        for attempt, call in self.expected.items():
            stored = self.run(self.ledger.get(attempt))
            assert (stored.state, stored.cost_pusd or 0) == (call.state, call.cost)
        wanted = {account(row): (self.spent(row), self.held(row)) for row in self.limits.values()}
        wanted |= {f"principal:{one}": (self.used(one), 0) for one in (ANN, BOB)}
        found = self.run(self.database.read(lambda connection: balances(connection, wanted)))
        assert {name: found.get(name, (0, 0)) for name in wanted} == wanted

    def ends(self, attempt: str, state: str, cost: int) -> None:
        call = self.expected[attempt]
        if call.state == "started":
            call.state, call.cost = state, cost

    def spent(self, row: BudgetRow) -> int:
        return sum(call.cost - call.refunded for call in self.counted(row))

    def held(self, row: BudgetRow) -> int:
        return sum(call.held for call in self.counted(row) if call.state == "started")

    def used(self, principal: str) -> int:
        mine = [call for call in self.expected.values() if call.principal == principal]
        return sum(call.cost - call.refunded for call in mine)

    def counted(self, row: BudgetRow) -> list[Expected]:
        return [call for call in self.expected.values() if row.id in call.budgets]

    def teardown(self) -> None:
        assert self.run(self.database.read(consistency.faults)) == ()
        self.run(self.database.close())
        self.loop.close()
        self.folder.cleanup()


def _belongs_to_the_dead(connection: Connection) -> None:
    owner = {f"owner_{name}": value for name, value in GONE.model_dump().items()}
    change = ", ".join(f"{name} = :{name}" for name in owner)
    connection.execute(text(f"UPDATE attempts SET {change} WHERE state = 'started'"), owner)


TestMoney = Money.TestCase
TestMoney.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
