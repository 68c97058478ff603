"""The ledger: a durable row before the call, booked exactly once, whatever happens."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from autoanalyst_ext.errors import NotFound, StoreUnwritable
from autoanalyst_ext.store.attempts import Owner
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.types.usage import TokenUsage, Usage
from autoanalyst_ext.usage import ledger as ledger_module
from autoanalyst_ext.usage import owner as owner_module
from autoanalyst_ext.usage.ledger import SILENCE, Ledger, NewAttempt
from autoanalyst_ext.usage.owner import standing, this_process
from autoanalyst_ext.usage.prices import PriceBook

ANN, BOB = "os:ann", "os:bob"
PRICES = PriceBook()
THOUSAND = TokenUsage(input_tokens=1000, output_tokens=1000, reasoning_tokens=100)
NANO_THOUSAND = 450_000_000
"""Pico-USD of `THOUSAND` on gpt-5-nano."""

Scene = Callable[[Database, Ledger], Coroutine[Any, Any, None]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Scene], None]:
    """Play a scene with a fresh database and a ledger on it."""

    async def whole(scene: Scene) -> None:
        database = Database(f"sqlite:///{tmp_path}/data/autoanalyst.db")
        try:
            await scene(database, Ledger(database, PRICES))
        finally:
            await database.close()

    return lambda scene: asyncio.run(whole(scene))


def call(model: str = "gpt-5-nano", provider: str = "openai", **more: Any) -> NewAttempt:
    return NewAttempt(**{"provider": provider, "model": model, "principal_id": ANN, "run_id": "run", **more})


def test_an_attempt_is_stored_with_its_price_before_the_call_and_settled_after(play: Any) -> None:
    async def scene(_: Database, ledger: Ledger) -> None:
        new = call(agent="planner", step=2, chat_id="chat", request_digest="ab", egress_level="statistics")
        attempt_id = (await ledger.open(new)).id
        started = await ledger.get(attempt_id)
        assert (started.state, started.cost_pusd, started.tokens) == ("started", None, None)
        assert started.unit_prices == {
            "input": "0.05", "output": "0.4", "cache_read": "0.005", "cache_write": "0.05",
            "cache_write_1h": "0.05", "reasoning": "0.4",
        }  # fmt: skip
        assert started.owner == this_process()
        assert {name: getattr(started, name) for name in NewAttempt.model_fields} == new.model_dump()
        booked = await ledger.settle(
            attempt_id, THOUSAND, model_answered="gpt-5-nano-2025-08-07", first_token_ms=12, latency_ms=345
        )
        assert booked.cost_pusd == NANO_THOUSAND
        settled = await ledger.get(attempt_id)
        assert (settled.state, settled.cost_pusd, settled.tokens) == ("settled", NANO_THOUSAND, THOUSAND)
        assert (settled.first_token_ms, settled.latency_ms) == (12, 345)
        assert settled.model_answered == "gpt-5-nano-2025-08-07"
        assert "openai/gpt-5-nano" in (settled.price_source or "")
        assert settled.ended_at is not None
        assert settled.ended_at >= settled.started_at

    play(scene)


def test_an_attempt_ends_once_whoever_tries_again(play: Any) -> None:
    async def scene(_: Database, ledger: Ledger) -> None:
        attempt_id = (await ledger.open(call())).id
        other = TokenUsage(input_tokens=9, output_tokens=9)
        booked = await asyncio.gather(*(ledger.settle(attempt_id, THOUSAND) for _ in range(4)))
        assert [each.cost_pusd for each in booked] == [NANO_THOUSAND] * 4
        assert [each.here for each in booked] == [True, False, False, False]
        ended = await ledger.get(attempt_id)
        assert (await ledger.settle(attempt_id, other)).cost_pusd == NANO_THOUSAND
        await ledger.void(attempt_id, "late")
        await ledger.checkpoint(attempt_id, other)
        assert await ledger.recover() == 0
        assert await ledger.get(attempt_id) == ended
        assert (await ledger.usage_of_run("run")).cost_usd == "0.00045"

    play(scene)


def test_an_attempt_that_does_not_exist_is_not_found(play: Any) -> None:
    async def scene(_: Database, ledger: Ledger) -> None:
        for attempt in (
            ledger.settle("no", THOUSAND),
            ledger.void("no", "x"),
            ledger.checkpoint("no", THOUSAND),
            ledger.get("no"),
        ):
            with pytest.raises(NotFound):
                await attempt

    play(scene)


def test_a_refused_call_is_void_and_costs_nothing(play: Any) -> None:
    async def scene(_: Database, ledger: Ledger) -> None:
        attempt_id = (await ledger.open(call())).id
        await ledger.void(attempt_id, "rate_limited")
        void = await ledger.get(attempt_id)
        assert (void.state, void.cost_pusd, void.tokens, void.error_code) == ("void", 0, None, "rate_limited")
        assert await ledger.usage_of_run("run") == Usage(requests=1)

    play(scene)


def test_an_unknown_price_is_counted_as_unpriced_and_never_as_zero(play: Any) -> None:
    async def scene(_: Database, ledger: Ledger) -> None:
        unknown = (await ledger.open(call("gpt-unheard-of"))).id
        assert (await ledger.settle(unknown, THOUSAND)).cost_pusd is None
        stored = await ledger.get(unknown)
        assert (stored.state, stored.cost_pusd, stored.unit_prices, stored.price_source) == (
            "settled", None, None, None,
        )  # fmt: skip
        alone = await ledger.usage_of_run("run")
        assert (alone.requests, alone.unpriced_requests, alone.cost_usd) == (1, 1, None)
        assert alone.tokens == THOUSAND
        await ledger.settle((await ledger.open(call())).id, THOUSAND)
        both = await ledger.usage_of_run("run")
        assert (both.requests, both.unpriced_requests, both.cost_usd) == (2, 1, "0.00045")

    play(scene)


def test_the_model_that_answered_is_charged_and_an_unknown_one_at_the_price_asked_for(play: Any) -> None:
    async def scene(_: Database, ledger: Ledger) -> None:
        dearer = (await ledger.open(call())).id
        assert (await ledger.settle(dearer, THOUSAND, model_answered="gpt-4o")).cost_pusd == 12_500_000_000
        unknown = (await ledger.open(call())).id
        assert (
            await ledger.settle(unknown, THOUSAND, model_answered="fp_44709d6fcb")
        ).cost_pusd == NANO_THOUSAND

    play(scene)


def test_offline_and_local_models_book_zero_and_no_figures_is_not_zero(play: Any) -> None:
    async def scene(_: Database, ledger: Ledger) -> None:
        offline = (await ledger.open(call("analyst", "offline", run_id="offline"))).id
        assert (await ledger.settle(offline, TokenUsage())).cost_pusd == 0
        assert (await ledger.get(offline)).tokens == TokenUsage()
        assert await ledger.usage_of_run("offline") == Usage(requests=1, cost_usd="0.00")
        local = (await ledger.open(call("qwen", "ollama"))).id
        assert (await ledger.settle(local, None)).cost_pusd == 0
        paid = (await ledger.open(call())).id
        assert (await ledger.settle(paid, None)).cost_pusd is None
        stored = await ledger.get(paid)
        assert (stored.state, stored.tokens, stored.cost_pusd) == ("estimated", None, None)
        explicit = (await ledger.open(call())).id
        assert (await ledger.settle(explicit, TokenUsage())).cost_pusd == 0
        assert (await ledger.get(explicit)).state == "settled"
        usage = await ledger.usage_of_run("run")
        assert (usage.requests, usage.unpriced_requests, usage.estimated_requests) == (3, 1, 2)

    play(scene)


def test_a_cut_call_keeps_its_last_checkpoint_as_an_estimate(play: Any) -> None:
    async def scene(_: Database, ledger: Ledger) -> None:
        attempt_id = (await ledger.open(call())).id
        await ledger.checkpoint(attempt_id, TokenUsage(input_tokens=1000, output_tokens=1), first_token_ms=40)
        await ledger.checkpoint(attempt_id, THOUSAND)
        assert (await ledger.settle(attempt_id, None, error_code="stream_cut")).cost_pusd == NANO_THOUSAND
        stored = await ledger.get(attempt_id)
        assert (stored.state, stored.tokens, stored.first_token_ms) == ("estimated", THOUSAND, 40)
        assert stored.error_code == "stream_cut"

    play(scene)


def test_usage_is_summed_per_run_and_per_principal(play: Any) -> None:
    async def scene(_: Database, ledger: Ledger) -> None:
        start = datetime.now(UTC)
        for more in ({}, {"run_id": None, "purpose": "title"}, {"principal_id": BOB, "run_id": "bobs"}):
            await ledger.settle((await ledger.open(call(**more))).id, THOUSAND)
        assert (await ledger.usage_of_run("run")).requests == 1
        assert (await ledger.usage_of_principal(ANN)).requests == 2
        assert (await ledger.usage_of_principal(ANN)).cost_usd == "0.0009"
        assert (await ledger.usage_of_principal(ANN, since=start)).requests == 2
        assert await ledger.usage_of_principal(ANN, since=datetime.now(UTC)) == Usage()
        assert (await ledger.usage_of_principal(BOB)).requests == 1
        assert await ledger.usage_of_principal("os:nobody") == Usage()

    play(scene)


def test_a_sum_beyond_64_bits_of_pico_dollars_is_exact(play: Any) -> None:
    async def scene(database: Database, ledger: Ledger) -> None:
        for _ in range(4):
            await ledger.settle((await ledger.open(call())).id, THOUSAND)
        huge = {"cost": 9_000_000_000_000_000_001}
        await database.write(lambda c: c.execute(text("UPDATE attempts SET cost_pusd = :cost"), huge))
        assert (await ledger.usage_of_run("run")).cost_usd == "36000000.000000000004"

    play(scene)


# Recovery


async def belongs_to(
    database: Database, attempt_id: str, owner: Owner, seen_at: datetime | None = None
) -> None:
    change = {f"owner_{name}": value for name, value in owner.model_dump().items()}
    columns = ", ".join(f"{name} = :{name}" for name in change)
    await database.write(
        lambda c: c.execute(
            text(f"UPDATE attempts SET {columns} WHERE id = :id"), change | {"id": attempt_id}
        )
    )
    if seen_at is not None:
        micros = int(seen_at.timestamp() * 1_000_000)
        await database.write(lambda c: c.execute(text("UPDATE attempts SET seen_at = :at"), {"at": micros}))


def a_dead_process() -> Owner:
    script = "from autoanalyst_ext.usage.owner import this_process as p; print(p().model_dump_json())"
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return Owner.model_validate_json(ended.stdout)


def test_attempts_of_a_dead_process_are_estimated_if_anything_was_received_else_void(play: Any) -> None:
    async def scene(database: Database, ledger: Ledger) -> None:
        silent, streaming, mine = [(await ledger.open(call())).id for _ in range(3)]
        await ledger.checkpoint(streaming, THOUSAND)
        dead = a_dead_process()
        assert standing(dead) == "gone"
        for attempt_id in (silent, streaming):
            await belongs_to(database, attempt_id, dead)
        assert await ledger.recover() == 2
        assert await ledger.recover() == 0
        void, estimated = await ledger.get(silent), await ledger.get(streaming)
        assert (void.state, void.cost_pusd, void.error_code) == ("void", 0, "process_gone")
        assert (estimated.state, estimated.cost_pusd) == ("estimated", NANO_THOUSAND)
        assert estimated.error_code == "process_gone"
        assert (await ledger.get(mine)).state == "started"

    play(scene)


def test_a_process_that_took_over_a_dead_ones_pid_is_not_the_owner() -> None:
    mine = this_process()
    assert standing(mine) == "alive"
    assert standing(mine.model_copy(update={"start": "1"})) == "gone"


def test_a_zombie_does_not_live() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    start = owner_module._started(child.pid)
    assert start is not None
    owner = Owner(pid=child.pid, start=start, boot=this_process().boot)
    assert standing(owner) == "alive"
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert standing(owner) == "gone"
    child.communicate()


def test_where_there_is_no_proc_a_process_is_known_by_its_start_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(owner_module, "_PROC", tmp_path)
    owner_module._place.cache_clear()
    try:
        mine = this_process()
        assert standing(mine) == "alive"
        assert standing(mine.model_copy(update={"start": "1.0"})) == "gone"
        child = subprocess.Popen([sys.executable, "-c", ""])
        child.wait()
        assert standing(mine.model_copy(update={"pid": child.pid})) == "gone"
    finally:
        owner_module._place.cache_clear()


def test_after_a_restart_of_the_machine_the_last_boots_attempts_are_closed(play: Any) -> None:
    async def scene(database: Database, ledger: Ledger) -> None:
        attempt_id = (await ledger.open(call())).id
        mine = this_process()
        earlier = mine.model_copy(update={"boot": f"0000/{mine.boot.split('/')[1]}"})
        await belongs_to(database, attempt_id, earlier)
        assert standing(earlier) == "other_boot"
        assert await ledger.recover() == 1

    play(scene)


def test_a_process_in_another_container_is_left_alone_until_it_was_silent_for_long(play: Any) -> None:
    async def scene(database: Database, ledger: Ledger) -> None:
        attempt_id = (await ledger.open(call())).id
        mine = this_process()
        elsewhere = mine.model_copy(update={"boot": f"{mine.boot.split('/')[0]}/pid:[1]"})
        now = datetime.now(UTC)
        await belongs_to(database, attempt_id, elsewhere, now - SILENCE + timedelta(minutes=1))
        assert standing(elsewhere) == "other_container"
        assert await ledger.recover() == 0
        await belongs_to(database, attempt_id, elsewhere, now - SILENCE - timedelta(minutes=1))
        assert await ledger.recover() == 1

    play(scene)


def test_another_machine_on_one_postgresql_is_left_alone_as_well(
    play: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(database: Database, ledger: Ledger) -> None:
        await ledger.open(call())
        monkeypatch.setattr(ledger_module, "standing", lambda _: "other_boot")
        monkeypatch.setattr(Database, "file", None)
        assert await ledger.recover() == 0
        monkeypatch.undo()

    play(scene)


# When nothing can be recorded


FULL_DISK = """
import asyncio, os, resource, sys
from autoanalyst_ext.errors import StoreUnwritable
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt

async def scene(file):
    database = Database(f"sqlite:///{file}")
    ledger = Ledger(database)
    call = NewAttempt(provider="openai", model="gpt-5-nano", principal_id="os:ann", run_id="run")
    under_way = (await ledger.open(call)).id
    print(await ledger.paid_calls_possible())
    # From here on no file of this process grows.
    resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(file + "-wal"), resource.RLIM_INFINITY))
    print(await ledger.paid_calls_possible())
    for last_words in (ledger.open(call), ledger.settle(under_way, TokenUsage(input_tokens=1000))):
        try:
            print("recorded", await last_words)
        except StoreUnwritable as error:
            print(type(error).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(await ledger.paid_calls_possible())
    print((await ledger.settle(under_way, TokenUsage(input_tokens=1000))).cost_pusd)
    print((await ledger.usage_of_run("run")).requests)
    await database.close()

asyncio.run(scene(sys.argv[1]))
"""


def test_no_paid_call_is_possible_while_the_disk_is_full_and_one_under_way_is_booked_later(
    tmp_path: Path,
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "a.db")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stderr == ""
    before, reason, opened, settled, *after = ran.stdout.splitlines()
    assert before == "None"
    assert reason.startswith("Paid model calls are off, because they cannot be recorded.")
    assert (opened, settled) == ("StoreUnwritable", "StoreUnwritable")
    assert after == ["None", "50000000", "1"]


def test_a_database_that_cannot_be_opened_is_a_reason_against_paid_calls() -> None:
    async def scene() -> None:
        database = Database("sqlite:////proc/self/nowhere/a.db")
        ledger = Ledger(database, PRICES)
        reason = await ledger.paid_calls_possible()
        assert reason is not None
        assert "cannot be recorded" in reason
        assert "AUTOANALYST_DATABASE_URL" in reason
        with pytest.raises(StoreUnwritable):
            await ledger.open(call())
        await database.close()

    asyncio.run(scene())
