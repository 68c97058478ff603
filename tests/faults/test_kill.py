"""kill -9 at any moment of a model call: no call is lost, none is doubled, no money stays set aside."""

import ast
import asyncio
import os
import random
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

import autoanalyst_ext
from autoanalyst_ext.failpoints import POINTS
from autoanalyst_ext.providers.script import Pace, Reply
from autoanalyst_ext.store import consistency
from autoanalyst_ext.store.accounts import balances
from autoanalyst_ext.store.budgets import BudgetRow, Budgets
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.rebuilding import rebuild
from autoanalyst_ext.store.tables import attempts
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger
from autoanalyst_ext.usage.prices import cost

from ..fakes.provider import FakeProvider
from ..server.store.conftest import on
from ..server.usage.test_holds import account, budget
from .conftest import Nursery
from .nursery import MODEL, PRICES

PACKAGE = Path(autoanalyst_ext.__file__).parent
CALLS = 12
"""Of each child; it is killed before it has made all of them."""


class Killer:
    """Answers as a provider, and kills whoever asks so many milliseconds after the n-th question."""

    def __init__(self) -> None:
        self.target: Callable[[], int] = lambda: 0
        self.left, self.delay = 0, 0.0

    def __call__(self, asked: Any) -> Reply:
        """An answer in pieces, so that there is a middle, with other figures for every call."""
        self.left -= 1
        if self.left == 0:
            pid = self.target()
            asyncio.get_running_loop().call_later(self.delay, os.kill, pid, signal.SIGKILL)
        number = int(re.search(r"-(\d+)>", asked.asked.user)[1])  # type: ignore[index]
        usage = TokenUsage(input_tokens=1000 + number, output_tokens=10 + number, cache_read_tokens=number)
        return Reply(text=("one ", "two ", "three ", "four"), usage=usage, pace=Pace(between=0.002))


class Bank:
    """A provider, a database with a budget, and what was acknowledged."""

    def __init__(
        self, url: str, folder: Path, provider: FakeProvider, killer: Killer, nursery: Nursery
    ) -> None:
        self.url, self.provider, self.killer, self.nursery = url, provider, killer, nursery
        self.file = folder / "acknowledged"
        self.file.touch()
        self.row: BudgetRow = budget(10**15)
        self.kills = 0

        async def begin(database: Database) -> None:
            await Budgets(database).create(self.row)

        on(url, begin)

    def kill_at(self, point: str, nth: int) -> None:
        """Let a child spend that kills itself at a point; then put things right."""
        self.nursery.start(**self.job(), point=point, nth=nth)
        self.dies()

    def kill_after(self, questions: int, delay: float) -> None:
        """Let a child spend and kill it some time after so many questions; then put things right."""
        self.killer.left, self.killer.delay = questions, delay
        self.killer.target = lambda: pid
        pid = self.nursery.start(**self.job())
        self.dies()

    def job(self) -> dict[str, Any]:
        self.kills += 1
        return {
            "url": self.url,
            "base_url": self.provider.base_url("openai"),
            "calls": CALLS,
            "name": f"kill{self.kills}",
            "file": str(self.file),
        }

    def dies(self) -> None:
        assert self.nursery.ended() == -signal.SIGKILL
        on(self.url, self.recovers)

    async def recovers(self, database: Database) -> None:
        """What every kill must leave behind, once another process has looked at it."""
        ledger = Ledger(database, PRICES)
        await ledger.recover()
        assert await ledger.left_behind() == ()
        rows = await database.read(lambda c: [dict(row) for row in c.execute(select(attempts)).mappings()])
        served = {name: _tokens(exchange) for name, exchange in self.served()}
        assert all(count == 1 for count in Counter(row["run_id"] for row in rows).values()), "doubled"
        assert served.keys() <= {row["run_id"] for row in rows}, "lost"
        by_name = {row["run_id"]: row for row in rows}
        for name, paid in self.acknowledged():
            row = by_name[name]
            assert (row["state"], row["cost_pusd"]) == ("settled", paid)
            assert paid == _cost(served[name])
        await self.adds_up(database, sum(row["cost_pusd"] for row in rows))

    async def adds_up(self, database: Database, total: int) -> None:
        """Holds are released, balances are the sums of their entries, sums are those of the rows."""

        def look(connection: Connection) -> tuple[Any, ...]:
            holds = connection.execute(text("SELECT COUNT(*) FROM holds WHERE state = 'open'")).scalar_one()
            found = balances(connection, [account(self.row), "provider:openai", "principal:os:ann"])
            return holds, {name: tuple(each) for name, each in found.items()}, consistency.faults(connection)

        open_holds, found, faults = await database.read(look)
        assert (open_holds, faults) == (0, ())
        if total:
            assert found == {
                account(self.row): (total, 0),
                "provider:openai": (-total, 0),
                "principal:os:ann": (total, 0),
            }
        assert (await database.write(rebuild)).total == 0

    def served(self) -> Iterator[tuple[str, Any]]:
        for exchange in self.provider.exchanges:
            yield re.search(r"<(kill[0-9]+-[0-9]+)>", exchange.body.decode())[1], exchange  # type: ignore[index]

    def acknowledged(self) -> Iterator[tuple[str, int]]:
        for line in self.file.read_text().splitlines():
            name, paid = line.split()
            yield name, int(paid)


def _tokens(exchange: Any) -> TokenUsage | None:
    return exchange.served.usage if exchange.served else None


def _cost(tokens: TokenUsage | None) -> int:
    price = PRICES.price("openai", MODEL, datetime.now(UTC))
    assert price is not None
    assert tokens is not None
    return cost(price, tokens)


@pytest.fixture
def bank(url: str, tmp_path: Path, nursery: Nursery) -> Iterator[Bank]:
    killer = Killer()
    with FakeProvider(killer) as provider:
        yield Bank(url, tmp_path, provider, killer, nursery)


def test_a_kill_at_every_point_of_the_money_path_loses_and_doubles_nothing(bank: Bank) -> None:
    for point in POINTS:
        for nth in (1, 3):
            bank.kill_at(point, nth)


def random_kills(bank: Bank, count: int, seed: int) -> None:
    moments = random.Random(seed)
    for _ in range(count):
        bank.kill_after(moments.randint(1, CALLS - 1), moments.uniform(0.0, 0.02))
    states = Counter(on(bank.url, _states))
    # The moments were worth something: calls were cut off in their midst, and others came to their end.
    assert states["settled"] > count
    assert states["estimated"] + states["void"] > count // 4


async def _states(database: Database) -> list[str]:
    return await database.read(lambda c: list(c.execute(select(attempts.c.state)).scalars()))


def test_twenty_kills_at_random_moments_lose_and_double_nothing(bank: Bank) -> None:
    """Twenty on each database: forty."""
    random_kills(bank, 20, seed=7)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_hundred_kills_at_random_moments_lose_and_double_nothing(bank: Bank) -> None:
    random_kills(bank, 100, seed=20261123)


def test_every_commit_and_every_request_of_the_money_path_has_its_points() -> None:
    """A new way to commit, or to send, without a point before and after it fails here."""
    found = Counter(
        (path.relative_to(PACKAGE).as_posix(), act)
        for path in sorted((PACKAGE / "store").rglob("*.py")) + sorted((PACKAGE / "usage").rglob("*.py"))
        if "migrations" not in path.parts and path.name != "upgrade.py"
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for act in _acts(function)
    )
    assert found == {
        ("store/database.py", "commit with its points"): 2,
        ("usage/meter.py", "send with its points"): 1,
    }


def _acts(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """What a function itself does (not those within it) that makes money move, and whether it has points."""
    own = list(_own_nodes(function))
    calls = [
        node.func.attr
        for node in own
        if isinstance(node, ast.Call)
        if isinstance(node.func, ast.Attribute)
        if ast.unparse(node.func.value).rpartition(".")[2] in ("writer", "engine", "connection", "wrapped")
    ]
    said = {
        node.args[0].value
        for node in own
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "failpoints.passed"
        if isinstance(node.args[0], ast.Constant)
    }
    for kind, ways, place in (
        ("commit", {"begin", "commit"}, "store"),
        ("send", {"request", "request_stream"}, "call"),
    ):
        if ways & set(calls):
            points = {f"{place}.{kind}.before", f"{place}.{kind}.after"}
            yield f"{kind} with its points" if points <= said else f"{kind} without its points"


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    todo: list[ast.AST] = list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield node
        todo.extend(ast.iter_child_nodes(node))
