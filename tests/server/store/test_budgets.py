"""Budgets and switches in a database: what is stored, which calls count, what was spent before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from autoanalyst_ext.errors import NotFound
from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.budgets import BudgetRow, Budgets, account_of, active, spent_before, standing
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.store.switches import PAID_CALLS, Switches, paid_calls_off
from autoanalyst_ext.types.usage import AttemptState

from .calls import put
from .conftest import Play

START = datetime(2026, 11, 23, tzinfo=UTC)
END = START + timedelta(days=1)
MICRO = timedelta(microseconds=1)
GROUPS = {"team": ["ann", "hub:bob"], "empty": []}


def row(scope: Any = "everything", name: str = "", **more: Any) -> BudgetRow:
    defaults = {
        "id": new_id(),
        "principal_id": None,
        "period": "day",
        "zone": "UTC",
        "limit_pusd": 10**12,
        "warn_percent": 80,
        "made_by": "admin ops",
        "created_at": START,
    }
    return BudgetRow(scope=scope, name=name, **{**defaults, **more})


def call(**more: Any) -> NewAttempt:
    known = {"provider": "openai", "model": "gpt-5-mini", "principal_id": "hub:ann"}
    return NewAttempt(**{**known, **more})


def test_a_budget_is_made_changed_and_ended(play: Play[None]) -> None:
    async def scene(database: Database) -> None:
        budgets = Budgets(database)
        first, second = row(), row("chat", "x", principal_id="hub:ann", limit_pusd=999_999_999_999 * 10**6)
        await budgets.create(first)
        await budgets.create(second)
        assert await budgets.all() == (first, second) == await database.read(active)
        assert await budgets.get(second.id) == second
        changed = await budgets.change(first.id, limit_pusd=0)
        assert changed == first._replace(limit_pusd=0)
        assert (await budgets.change(first.id, warn_percent=50)).limit_pusd == 0
        assert await budgets.change(first.id) == await budgets.get(first.id)
        await budgets.end(first.id)
        assert await budgets.all() == (second,)
        for gone in (budgets.get(first.id), budgets.end(first.id), budgets.change(first.id, limit_pusd=1)):
            with pytest.raises(NotFound, match="There is no budget"):
                await gone

    play(scene)


@pytest.mark.parametrize(
    ("budget", "counted", "left_out"),
    [
        (row(), [call(), call(principal_id="account:zoe", agent=None)], []),
        (
            row(principal_id="hub:ann"),
            [call()],
            [call(principal_id="hub:bob"), call(principal_id="account:ann")],
        ),
        (
            row("group", "team"),
            [call(), call(principal_id="account:ann"), call(principal_id="hub:bob")],
            [call(principal_id="account:bob"), call(principal_id="hub:anna")],
        ),
        (row("group", "empty"), [], [call()]),
        (row("group", "unknown"), [], [call()]),
        (row("notebook", "a/b.ipynb"), [call(notebook="a/b.ipynb")], [call(), call(notebook="A/b.ipynb")]),
        (row("chat", "1"), [call(chat_id="1")], [call(), call(chat_id="11")]),
        (row("agent", "Planner"), [call(agent="planner")], [call(), call(agent="planner_2"), call(agent="")]),
        (
            row("model", "OpenAI:gpt-5-MINI"),
            [call(), call(model="GPT-5-mini")],
            [call(model="gpt-5"), call(model="gpt-5-mini-2026"), call(provider="azure")],
        ),
        (row("model", "openai:*"), [call(), call(model="x")], [call(provider="openai-responses")]),
        (
            row("model", "groq:meta/llama:3"),
            [call(provider="groq", model="meta/llama:3")],
            [call(model="meta/llama")],
        ),
        (
            row("model", "openai:gpt-5-mini", principal_id="hub:ann"),
            [call()],
            [call(principal_id="hub:bob"), call(model="gpt-5")],
        ),
    ],
    ids=lambda value: value.scope + value.name if isinstance(value, BudgetRow) else "",
)
def test_a_budget_counts_the_calls_that_it_is_for(
    budget: BudgetRow, counted: list[NewAttempt], left_out: list[NewAttempt], play: Play[None]
) -> None:
    """The two ways of looking agree: at a call before it is made, and at the rows of those that were."""

    async def scene(database: Database) -> None:
        def work(connection: Connection) -> int:
            for number, each in enumerate([*counted, *left_out]):
                put(connection, each, at=START, cost=10**number)
            return spent_before(connection, budget, START, END, GROUPS)

        assert [budget.covers(each, GROUPS) for each in counted] == [True] * len(counted)
        assert [budget.covers(each, GROUPS) for each in left_out] == [False] * len(left_out)
        assert await database.write(work) == sum(10**number for number in range(len(counted)))

    play(scene)


def test_what_was_spent_is_exact_from_the_first_microsecond_to_the_last(play: Play[None]) -> None:
    largest = 2**63 - 1
    calls: list[tuple[datetime, AttemptState, int | None]] = [
        (START - MICRO, "settled", 1),
        (START, "settled", 10),
        (START, "estimated", 100),
        (START, "void", 0),
        (START, "started", None),
        (START, "settled", None),
        (END - MICRO, "settled", 1000),
        (END, "settled", 10_000),
    ]
    calls += [(START, "settled", largest)] * 3

    async def scene(database: Database) -> None:
        budget = row()

        def work(connection: Connection) -> tuple[int, int]:
            for at, state, cost in calls:
                put(connection, call(), at=at, state=state, cost=cost, summed=False)
            return standing(connection, budget, START, END, GROUPS)

        assert await database.write(work) == (1110 + 3 * largest, 0), "beyond 64 bits, to the last pico-USD"

    play(scene)


def test_the_account_of_a_period_has_the_date_on_which_it_begins_there() -> None:
    start = datetime(2026, 11, 22, 18, 15, tzinfo=UTC)
    budget = row(zone="Asia/Kathmandu")
    assert account_of(budget, start) == f"budget:{budget.id}:2026-11-23"


def test_a_switch_stays_as_somebody_turned_it(play: Play[None]) -> None:
    async def scene(database: Database) -> None:
        switches = Switches(database)
        assert await switches.get(PAID_CALLS) is None
        assert await database.read(paid_calls_off) is None
        off = await switches.set(PAID_CALLS, "off", reason="Why not?", changed_by="admin ops")
        assert await database.read(paid_calls_off) == off == await switches.get(PAID_CALLS)
        on = await switches.set(PAID_CALLS, "on", reason="", changed_by="admin key 'x'")
        assert await database.read(paid_calls_off) is None
        assert await switches.get(PAID_CALLS) == on
        assert on.changed_at >= off.changed_at

    play(scene)
