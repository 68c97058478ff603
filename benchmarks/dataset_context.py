"""What the analyst tells a model about a table of a thousand to ten million rows, and how long that takes.

Each size is profiled in an interpreter of its own, new and unchanged, beside pandas' own `describe()`, in
one run. Goals: at most 50 ms at ten million rows, at most 400 tokens (4 characters each) for 15 columns, the
same text to the byte for an unchanged table.

    python benchmarks/dataset_context.py [ROUNDS]
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from autoanalyst_ext.policy.egress.table_text import table_text
from autoanalyst_ext.types.profiles import TableProfile
from autoanalyst_kernel import frames

SIZES = (10**3, 10**4, 10**5, 10**6, 10**7)
GOAL_MS, GOAL_TOKENS = 50.0, 400
CHARACTERS = 4
"""Of a token, about."""


def table(rows: int) -> pd.DataFrame:
    """Fifteen columns of the kinds that tables have: ids, amounts, categories, dates, flags, gaps."""
    chance = np.random.default_rng(7)
    amounts = {f"amount_{n}": chance.lognormal(3, 1, rows).round(2) for n in range(5)}
    counts = {f"count_{n}": chance.integers(0, 100, rows) for n in range(4)}
    days = pd.to_datetime("2024-01-01") + pd.to_timedelta(chance.integers(0, 700, rows), "D")
    return pd.DataFrame(
        {
            "order_id": np.arange(rows),
            "day": days,
            "city": pd.Categorical(chance.choice(["Basel", "Bern", "Genf", "Zug"], rows)),
            "is_paid": chance.random(rows) < 0.9,
            "discount": np.where(chance.random(rows) < 0.3, np.nan, chance.random(rows)),
            "rank": chance.permutation(rows),
            **amounts,
            **counts,
        }
    )


def told(namespace: dict[str, Any]) -> str:
    """The context of the tables in a namespace, as it would leave for a model."""
    (found,) = frames.tables(namespace)
    return table_text(TableProfile.model_validate(found), "statistics")


def spent(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds, and what came of it."""
    begun = time.perf_counter()
    found = work()
    return (time.perf_counter() - begun) * 1e3, found


def measure(rows: int, rounds: int) -> bool:
    """Print one size; whether it holds the goals."""
    sales = table(rows)
    told({"warm": table(100)})
    new, again, texts = [], [], set()
    for _ in range(rounds):
        context = partial(told, {"sales": sales.copy(deep=False)})  # another object: nothing of it is known
        first, text = spent(context)
        second, same = spent(context)
        new.append(first)
        again.append(second)
        texts |= {text, same}
    bare = [spent(sales.describe)[0] for _ in range(min(rounds, 3))]
    (text,) = texts  # the same to the byte
    tokens = len(text) // CHARACTERS
    first, second, theirs = (statistics.median(times) for times in (new, again, bare))
    print(
        f"{rows:>11,} rows: new {first:6.1f} ms, unchanged {second:5.1f} ms, {tokens} tokens; "
        f"describe() {theirs:8.1f} ms, {theirs / first:6.1f} times as long"
    )
    return first <= GOAL_MS and tokens <= GOAL_TOKENS


def main() -> int:
    """Measure all sizes, each in a program of its own; the exit code says whether the goals are held."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    if len(sys.argv) > 2:
        return 0 if measure(int(sys.argv[2]), rounds) else 1
    runs = [subprocess.run([sys.executable, __file__, str(rounds), str(rows)], check=False) for rows in SIZES]
    print(f"goals: {GOAL_MS:.0f} ms, {GOAL_TOKENS} tokens, the same text to the byte")
    return max(run.returncode for run in runs)


if __name__ == "__main__":
    sys.exit(main())
