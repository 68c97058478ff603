"""Budgets hold: calls that run at the same time, here or in other processes, cannot pass one together."""

import asyncio
import subprocess
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from autoanalyst_ext.errors import (
    BadRequest,
    BudgetReached,
    NotFound,
    PaidCallsOff,
    StoreError,
    Unpriced,
)
from autoanalyst_ext.store import consistency
from autoanalyst_ext.store.accounts import balances
from autoanalyst_ext.store.budgets import BudgetRow, Budgets, account_of
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.store.prices import Prices
from autoanalyst_ext.store.switches import PAID_CALLS, Switches
from autoanalyst_ext.types.prices import Rates
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt
from autoanalyst_ext.usage.periods import period_of
from autoanalyst_ext.usage.prices import PriceBook
from autoanalyst_ext.usage.refunds import Refunds

from ..store.conftest import on, python

ANN = "os:ann"
PRICES = PriceBook()
ONE = TokenUsage(input_tokens=1)
UNIT = 50_000
"""Pico-USD of one input token of gpt-5-nano."""


def budget(limit: int, **more: Any) -> BudgetRow:
    given: dict[str, Any] = {
        "id": new_id(),
        "principal_id": ANN,
        "scope": "everything",
        "name": "",
        "period": "month",
        "zone": "UTC",
        "limit_pusd": limit,
        "warn_percent": 80,
        "made_by": ANN,
        "created_at": datetime.now(UTC),
    }
    return BudgetRow(**given | more)


def call(**more: Any) -> NewAttempt:
    return NewAttempt(**{"provider": "openai", "model": "gpt-5-nano", "principal_id": ANN, **more})


def account(row: BudgetRow) -> str:
    return account_of(row, period_of(row.period, row.zone, datetime.now(UTC)).start)


async def stands(database: Database, row: BudgetRow) -> tuple[int, int]:
    found = await database.read(lambda connection: balances(connection, [account(row)]))
    return tuple(found[account(row)])  # type: ignore[return-value]


async def is_sound(database: Database) -> None:
    assert await database.read(consistency.faults) == ()


def test_of_a_hundred_calls_at_once_exactly_the_fifty_go_out_that_the_budget_has_room_for(
    play: Any,
) -> None:
    async def scene(database: Database) -> None:
        ledger, row = Ledger(database, PRICES), budget(50 * UNIT)
        await Budgets(database).create(row)
        tried = await asyncio.gather(*(ledger.open(call(), ONE) for _ in range(100)), return_exceptions=True)
        opened = [each for each in tried if not isinstance(each, BaseException)]
        refused = [each for each in tried if isinstance(each, BudgetReached)]
        assert (len(opened), len(refused)) == (50, 50)
        assert await stands(database, row) == (0, 50 * UNIT)
        await asyncio.gather(*(ledger.settle(each.id, ONE) for each in opened))
        assert await stands(database, row) == (50 * UNIT, 0)
        with pytest.raises(BudgetReached, match="monthly budget"):
            await ledger.open(call(), ONE)
        stored = await database.read(lambda c: c.execute(text("SELECT COUNT(*) FROM attempts")).scalar_one())
        assert stored == 50
        await is_sound(database)

    play(scene)


RACE = """
import asyncio, sys
from autoanalyst_ext.errors import BudgetReached
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.types.prices import Rates
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt

async def scene(url):
    database = Database(url)
    ledger, one = Ledger(database), TokenUsage(input_tokens=1)
    await database.open()
    print("ready", flush=True)
    sys.stdin.readline()
    async def once():
        call = NewAttempt(provider="openai", model="gpt-5-nano", principal_id="os:ann")
        try:
            opened = await ledger.open(call, one)
        except BudgetReached:
            return "refused"
        await ledger.settle(opened.id, one)
        return "sent"
    print(*await asyncio.gather(*(once() for _ in range(25))))
    await database.close()

asyncio.run(scene(sys.argv[1]))
"""


def test_four_processes_share_one_budget_and_spend_exactly_all_of_it(url: str) -> None:
    row = budget(50 * UNIT)

    async def before(database: Database) -> None:
        await Budgets(database).create(row)

    async def after(database: Database) -> None:
        assert await stands(database, row) == (50 * UNIT, 0)
        await is_sound(database)

    on(url, before)
    processes: list[Any] = [python(RACE, url) for _ in range(4)]
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [end(process) for process in processes]
    assert Counter(word for words in said for word in words) == {"sent": 50, "refused": 50}
    on(url, after)


def end(process: "subprocess.Popen[str]") -> list[str]:
    out, err = process.communicate(timeout=60)
    assert err == ""
    return out.split()


def test_what_a_call_did_not_use_is_free_again_and_a_refused_one_costs_nothing(play: Any) -> None:
    async def scene(database: Database) -> None:
        ledger, row = Ledger(database, PRICES), budget(100 * UNIT)
        await Budgets(database).create(row)
        hundred = TokenUsage(input_tokens=100)
        opened = await ledger.open(call(), hundred)
        with pytest.raises(BudgetReached):
            await ledger.open(call(), ONE)
        await ledger.settle(opened.id, TokenUsage(input_tokens=30))
        assert await stands(database, row) == (30 * UNIT, 0)
        opened = await ledger.open(call(), TokenUsage(input_tokens=70))
        await ledger.void(opened.id, "rate_limited")
        assert await stands(database, row) == (30 * UNIT, 0)
        await is_sound(database)

    play(scene)


def test_a_budget_counts_what_was_spent_before_it_was_made_and_what_was_under_way_then(play: Any) -> None:
    async def scene(database: Database) -> None:
        ledger, row = Ledger(database, PRICES), budget(100 * UNIT)
        ten = TokenUsage(input_tokens=10)
        await ledger.settle((await ledger.open(call())).id, ten)
        under_way = [await ledger.open(call()) for _ in range(2)]
        await Budgets(database).create(row)
        await ledger.settle(under_way[0].id, ten)
        opened = await ledger.open(call(), ten)
        assert await stands(database, row) == (20 * UNIT, 10 * UNIT)
        await ledger.settle(under_way[1].id, ten)
        await ledger.settle(opened.id, ten)
        assert await stands(database, row) == (40 * UNIT, 0)
        await is_sound(database)

    play(scene)


def test_every_budget_that_counts_a_call_must_have_room_and_each_is_charged(play: Any) -> None:
    async def scene(database: Database) -> None:
        ledger = Ledger(database, PRICES, {"team": ("ann",)})
        mine = budget(100 * UNIT)
        team = budget(20 * UNIT, principal_id=None, scope="group", name="team", period="day")
        other = budget(0, principal_id="os:bob")
        for row in (mine, team, other):
            await Budgets(database).create(row)
        opened = await ledger.open(call(), TokenUsage(input_tokens=15))
        with pytest.raises(BudgetReached) as refused:
            await ledger.open(call(), TokenUsage(input_tokens=6))
        assert refused.value.detail["budget"] == team.id
        # What was refused by one is held by none.
        assert await stands(database, mine) == (0, 15 * UNIT)
        await ledger.settle(opened.id, TokenUsage(input_tokens=15))
        assert await stands(database, mine) == await stands(database, team) == (15 * UNIT, 0)
        await is_sound(database)

    play(scene)


def test_a_free_model_answers_under_a_budget_of_nothing_and_an_unpriced_one_does_not(play: Any) -> None:
    async def scene(database: Database) -> None:
        ledger = Ledger(database, PRICES)
        await ledger.settle((await ledger.open(call(model="gpt-unheard-of"), ONE)).id, ONE)
        await Budgets(database).create(budget(0))
        await ledger.settle((await ledger.open(call(provider="ollama", model="qwen"), ONE)).id, ONE)
        await ledger.settle((await ledger.open(call(provider="offline", model="analyst"))).id, TokenUsage())
        with pytest.raises(Unpriced, match="gpt-unheard-of"):
            await ledger.open(call(model="gpt-unheard-of"), ONE)
        with pytest.raises(BudgetReached):
            await ledger.open(call(), ONE)
        await is_sound(database)

    play(scene)


def test_the_incident_switch_stops_the_next_paid_call_of_every_process_at_once(url: str) -> None:
    async def scene(one: Database) -> None:
        other = Database(url)
        ledger = Ledger(one, PRICES)
        await ledger.open(call(), ONE)
        await Switches(other).set(PAID_CALLS, "off", reason="leaked key", changed_by="os:root")
        with pytest.raises(PaidCallsOff, match="leaked key"):
            await ledger.open(call(), ONE)
        with pytest.raises(PaidCallsOff):
            await ledger.open(call(model="gpt-unheard-of"), ONE)
        await ledger.open(call(provider="offline", model="analyst"), ONE)
        await Switches(other).set(PAID_CALLS, "on", reason="", changed_by="os:root")
        await ledger.open(call(), ONE)
        await other.close()

    on(url, scene)


def test_a_warning_comes_with_the_calls_after_four_fifths_are_spent(play: Any) -> None:
    async def scene(database: Database) -> None:
        ledger, row = Ledger(database, PRICES), budget(100 * UNIT)
        await Budgets(database).create(row)
        first = await ledger.open(call(), TokenUsage(input_tokens=80))
        assert first.warnings == ()
        # With the call that uses it up, and with every one after it.
        paid = await ledger.settle(first.id, TokenUsage(input_tokens=80))
        for found in (paid, await ledger.open(call(), ONE)):
            (warning,) = found.warnings
            assert (warning.budget.id, warning.percent) == (row.id, 80)

    play(scene)


def test_a_price_that_an_administrator_sets_holds_for_the_calls_that_begin_after_it(play: Any) -> None:
    async def scene(database: Database) -> None:
        ledger = Ledger(database, PRICES)
        before = await ledger.open(call(), ONE)
        dollar = Rates.of(input=Decimal(1), output=Decimal(1))
        await Prices(database).set("OpenAI", "GPT-5-nano", dollar, made_by="os:root", note="contract")
        after = await ledger.open(call(), ONE)
        assert (await ledger.settle(before.id, ONE)).cost_pusd == UNIT
        assert (await ledger.settle(after.id, ONE)).cost_pusd == 10**6
        assert "contract" in ((await ledger.get(after.id)).price_source or "")

    play(scene)


def test_what_is_given_back_makes_room_in_the_budget_once_and_leaves_usage_as_it_was(play: Any) -> None:
    async def scene(database: Database) -> None:
        ledger, row, refunds = Ledger(database, PRICES), budget(20 * UNIT), Refunds(database)
        await Budgets(database).create(row)
        ten = TokenUsage(input_tokens=10)
        one, other = [(await ledger.open(call(run_id="run"), ten)).id for _ in range(2)]
        with pytest.raises(NotFound):
            await refunds.give(one)
        for attempt in (one, other):
            await ledger.settle(attempt, ten)
        for wrong in (0, -UNIT, 11 * UNIT):
            with pytest.raises(BadRequest):
                await refunds.give(one, wrong)
        assert await refunds.give(one, 4 * UNIT) == 4 * UNIT
        assert await stands(database, row) == (16 * UNIT, 0)
        for again in (refunds.give(one), refunds.give_run("run")):
            with pytest.raises(BadRequest, match="given back before"):
                await again
        # All of a run or nothing of it: the other call was not given back either.
        assert await stands(database, row) == (16 * UNIT, 0)
        assert (await ledger.usage_of_run("run")).cost_usd == "0.000001"
        await is_sound(database)

    play(scene)


def test_after_the_database_is_closed_every_call_is_refused_and_none_waits(play: Any) -> None:
    async def scene(database: Database) -> None:
        ledger = Ledger(database, PRICES)
        opened = await ledger.open(call(), ONE)
        await database.close()
        for work in (ledger.open(call()), ledger.settle(opened.id, ONE), ledger.void(opened.id, "stopped")):
            with pytest.raises(StoreError, match="closed"):
                await asyncio.wait_for(work, 10)

    play(scene)
