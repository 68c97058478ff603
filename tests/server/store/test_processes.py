"""Several real processes on one database: nothing is lost, doubled, or made twice."""

import asyncio
import os
import select
import signal
import threading
from typing import Any

from sqlalchemy import inspect, text

from autoanalyst_ext.store import consistency
from autoanalyst_ext.store.attempts import Attempts
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.schema import SCHEMA, metadata
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt

from .conftest import on, python

WRITE = """
import asyncio, sys
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt
async def scene(url, me, count):
    database = Database(url)
    ledger = Ledger(database)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        call = NewAttempt(provider="openai", model="gpt-5-nano", principal_id=me, run_id="run")
        attempt = (await ledger.open(call)).id
        print(attempt, flush=True)
        await ledger.settle(attempt, TokenUsage(input_tokens=1000, output_tokens=1000))
        print("settled", attempt, flush=True)
    await database.close()
asyncio.run(scene(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def all_start_at_once(processes: list[Any]) -> None:
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()


def test_four_processes_write_250_attempts_each_and_none_is_lost(url: str) -> None:
    # The database does not exist yet: the four also race to make it.
    processes = [python(WRITE, url, f"os:{number}", "250") for number in range(4)]
    all_start_at_once(processes)
    results: list[tuple[str, str]] = [("", "")] * 4

    def collect(number: int) -> None:
        results[number] = processes[number].communicate(timeout=100)

    threads = [threading.Thread(target=collect, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [err for _, err in results] == [""] * 4
    acknowledged = {line for out, _ in results for line in out.split() if len(line) == 36}
    assert len(acknowledged) == 1000

    async def look(database: Database) -> tuple[Any, set[str]]:
        usage = await Attempts(database).usage_of_run("run")
        ids = await database.read(lambda c: c.execute(text("SELECT id FROM attempts")).scalars().all())
        return usage, set(ids)

    usage, stored = on(url, look)
    assert stored == acknowledged
    assert usage.requests == 1000
    assert usage.cost_usd == "0.45"
    assert usage.tokens == TokenUsage(input_tokens=1_000_000, output_tokens=1_000_000)


UPGRADE = """
import asyncio, sys
from autoanalyst_ext.store.database import Database
async def scene():
    database = Database(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    await database.open()
    await database.close()
asyncio.run(scene())
"""


def test_four_processes_make_the_tables_at_once_and_all_succeed(url: str) -> None:
    processes = [python(UPGRADE, url) for _ in range(4)]
    all_start_at_once(processes)
    ended = [process.communicate(timeout=60) for process in processes]
    assert ended == [("", "")] * 4
    assert [process.returncode for process in processes] == [0] * 4

    async def look(database: Database) -> tuple[set[str], list[Any]]:
        tables = await database.read(lambda c: inspect(c).get_table_names())
        versions = await database.read(lambda c: c.execute(text("SELECT * FROM autoanalyst_version")).all())
        return set(tables), list(versions)

    tables, versions = on(url, look)
    assert set(metadata.tables) < tables
    assert versions == [(SCHEMA,)]


def acknowledged_before_kill(url: str, lines: int) -> list[str]:
    """Start a writer and kill it with SIGKILL as soon as it has said this many lines."""
    process = python(WRITE, url, "os:ann", "100000")
    all_start_at_once([process])
    assert process.stdout is not None
    seen: list[str] = []
    while len(seen) < lines:
        assert select.select([process.stdout], [], [], 30)[0], "the writer fell silent"
        seen.append(process.stdout.readline().strip())
    with process:
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read()
    # What it still said before it died counts as well; a line cut in the middle does not.
    seen += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    return [line.strip() for line in seen]


def test_what_was_acknowledged_before_kill_9_is_all_there_and_recovery_closes_the_rest(url: str) -> None:
    said = [line for lines in (7, 60) for line in acknowledged_before_kill(url, lines)]
    opened = {line for line in said if " " not in line}
    settled = {line.split()[1] for line in said if line.startswith("settled ")}

    async def look(database: Database) -> None:
        attempts, ledger = Attempts(database), Ledger(database)
        states = dict(
            [
                tuple(row)
                for row in await database.read(
                    lambda c: c.execute(text("SELECT id, state FROM attempts")).all()
                )
            ]
        )
        assert opened <= states.keys()
        assert {states[attempt] for attempt in settled} == {"settled"}
        nano = NewAttempt(provider="openai", model="gpt-5-nano", principal_id="os:ann")
        mine = (await ledger.open(nano)).id
        left = {attempt.id for attempt in await attempts.started()} - {mine}
        assert len(left) <= 2
        closed = await asyncio.gather(ledger.recover(), Ledger(database).recover())
        assert sum(closed) == len(left)
        assert [attempt.id for attempt in await attempts.started()] == [mine]
        for attempt in left:
            assert (await attempts.get(attempt)).state == "void"
        integrity = await database.read(
            lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar() if database.file else "ok"
        )
        assert integrity == "ok"

    on(url, look)


def test_the_attempts_of_a_living_process_are_not_closed_by_another(url: str) -> None:
    process = python(
        WRITE.replace("await ledger.settle", "sys.stdin.readline(); await ledger.settle"), url, "os:ann", "1"
    )
    all_start_at_once([process])
    assert process.stdout is not None
    attempt = process.stdout.readline().strip()

    async def look(database: Database) -> None:
        assert await Ledger(database).recover() == 0
        assert (await Attempts(database).get(attempt)).state == "started"

    on(url, look)
    out, err = process.communicate("go\n", timeout=30)
    assert (out, err) == (f"settled {attempt}\n", "")

    async def after(database: Database) -> None:
        assert (await Attempts(database).get(attempt)).state == "settled"

    on(url, after)


def test_of_two_that_end_an_attempt_at_the_same_moment_one_does(url: str) -> None:
    async def scene(one: Database) -> None:
        # Two databases have two writing connections, as two processes do.
        other = Database(url)
        ledgers = Ledger(one), Ledger(other)
        nano = NewAttempt(provider="openai", model="gpt-5-nano", principal_id="os:ann")
        for _ in range(40):
            attempt = (await ledgers[0].open(nano)).id
            different = TokenUsage(input_tokens=1000), TokenUsage(input_tokens=2000)
            first, second = await asyncio.gather(
                *(ledger.settle(attempt, tokens) for ledger, tokens in zip(ledgers, different, strict=True))
            )
            # Both are told the same cost: that of the one who came first.
            stored = (await ledgers[0].get(attempt)).cost_pusd
            assert first.cost_pusd == second.cost_pusd == stored
        entries = await one.read(lambda c: c.execute(text("SELECT COUNT(*) FROM entries")).scalar_one())
        faulty = await one.read(consistency.faults)
        await other.close()
        assert (entries, faulty) == (40, ())

    on(url, scene)
