"""Understanding is quick: beside a fixed computation, so that a slow or busy machine is slow in both."""

import re
import statistics
import time
from collections import Counter
from collections.abc import Callable

import pytest

from autoanalyst_ext.offline.analyst import understand
from autoanalyst_ext.types.profiles import TableProfile

from .asking import drawn
from .tables import PROFILES

GOAL_MS = 50
"""Of the median question, where the fixed computation takes `FIXED_MS`."""
FIXED_MS = 1.6
"""Of the fixed computation, on the machine that the goal was set on while nothing else ran there."""

LONG = """Look at the patients who are older than 40 and whose weight is known. Work out the mean and the
median of their weight, and how many of them smoke.

Constraints:
Leave out rows without a weight. Round every figure to two decimal places. Do not change the other columns.

Format:
@mean_weight[mean] @median_weight[median] @smokers[count]
where "mean" and "median" are numbers rounded to two decimals and "count" is a whole number.
"""


def fixed() -> int:
    """Words, patterns and dictionaries: the kind of work that reading a question is."""
    text = " ".join(f"word{n % 97} {n * 7 % 1013}" for n in range(1_800))
    counts = Counter(re.findall(r"[a-z]+|\d+", text))
    return sum(sorted(counts.values())[::2]) + len({word[::-1] for word in text.split()})


def spent(work: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1e3


def times_of(questions: list[tuple[str, tuple[TableProfile, ...]]]) -> float:
    """The median question, in fixed computations; they take turns."""
    understand(*questions[0])
    pairs = [(spent(lambda each=each: understand(*each)), spent(fixed)) for each in questions]
    return statistics.median(asked for asked, _ in pairs) / statistics.median(done for _, done in pairs)


@pytest.mark.parametrize("kind", ["short", "long"])
def test_the_median_question_takes_no_longer_than_it_may(kind: str) -> None:
    short = [(each.question, each.tables) for each in map(drawn, range(60))]
    long = [(LONG, (PROFILES["patients"],))] * 15
    assert times_of(short if kind == "short" else long) <= GOAL_MS / FIXED_MS
