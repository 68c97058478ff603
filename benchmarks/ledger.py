"""What the ledger costs: event-loop time of one settled model call, and how many settle in a second.

    python benchmarks/ledger.py [CALLS] [ROWS]

CALLS (20,000) calls go through the public `Ledger`, 500 at a time as a busy team's would, into a SQLite
file that already has ROWS (1,000,000) attempts. Event-loop time is the processor time of the loop's own
thread; the writer works in another. Beside it, in the same run: what a bare commit of one row costs.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from dashboards import DAY_US, DAYS, fill
from sqlalchemy import create_engine, text

from autoanalyst_ext.store.database import LIBRARY, Database
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt

AT_ONCE = 500
MOST_LOOP_US, LEAST_A_SECOND = 50, 10_000
MODELS = ("gpt-5-nano", "gpt-5-mini", "gpt-5", "gpt-4o", "gpt-4o-mini", "gpt-4.1")
TOKENS = TokenUsage(input_tokens=1200, output_tokens=300, cache_read_tokens=800)


async def one(ledger: Ledger, number: int) -> None:
    """A call that is opened and settled."""
    call = NewAttempt(
        provider="openai",
        model=MODELS[number % len(MODELS)],
        principal_id=f"hub:{number % 500}",
        agent="planner",
        run_id=f"run-{number // 4}",
        chat_id=f"chat-{number // 40}",
        step=1,
    )
    opened = await ledger.open(call, TOKENS)
    await ledger.settle(opened.id, TOKENS, model_answered=call.model, first_token_ms=400, latency_ms=2000)


async def calls(ledger: Ledger, count: int) -> tuple[float, float]:
    """Seconds of wall time and of the loop's processor time for `count` calls."""
    numbers = iter(range(count))

    async def worker() -> None:
        for number in numbers:
            await one(ledger, number)

    wall, loop = time.perf_counter(), time.thread_time()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return time.perf_counter() - wall, time.thread_time() - loop


async def bare_commits(database: Database, count: int) -> float:
    """Seconds for `count` transactions of one row each, one after the other."""
    await database.write(lambda connection: connection.execute(text("CREATE TABLE bare (n INTEGER)")))
    start = time.perf_counter()
    for number in range(count):
        await database.write(
            lambda connection, number=number: connection.execute(
                text("INSERT INTO bare VALUES (:n)"), {"n": number}
            )
        )
    return time.perf_counter() - start


async def measure(file: Path, count: int, rows: int) -> bool:
    """Print the figures; whether they hold."""
    database = Database(f"sqlite:///{file}")
    await database.open()
    await database.close()
    # Past our own writer: rows by the million go straight into the file.
    engine = create_engine(f"sqlite:///{file}", module=LIBRARY, connect_args={"isolation_level": None})
    with engine.connect() as connection:
        fill(connection, rows, int(time.time() * 1e6) - DAYS * DAY_US)
    engine.dispose()
    database = Database(f"sqlite:///{file}")
    ledger = Ledger(database)
    await calls(ledger, 2_000)  # imports, prices and caches
    wall, loop = await calls(ledger, count)
    commits = await bare_commits(database, 500)
    await database.close()
    loop_us, a_second = loop / count * 1e6, count / wall
    print(f"{rows:,} attempts in the file; {count:,} calls, {AT_ONCE} at a time")
    print(f"event-loop time of a settled call: {loop_us:.0f} us (at most {MOST_LOOP_US})")
    print(f"settled calls a second: {a_second:,.0f} (at least {LEAST_A_SECOND:,})")
    ratio = a_second / (500 / commits)
    print(f"bare commits of one row a second: {500 / commits:,.0f}; ratio {ratio:.1f}")
    return loop_us <= MOST_LOOP_US and a_second >= LEAST_A_SECOND


def main() -> int:
    """Run it; 1 when a figure does not hold."""
    count, rows = (int(argument) for argument in (sys.argv[1:] + ["20000", "1000000"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(measure(Path(folder) / "ledger.db", count, rows)) else 1


if __name__ == "__main__":
    sys.exit(main())
