"""The offline analyst before questions and tables that no run has seen: the free search of what may go wrong.

The seeds are new each time; a failure names its own.
"""

import random

import pytest

from benchmarks import offline_fuzzed, offline_generated

pytestmark = pytest.mark.soak

QUESTIONS, TABLES = 5_000, 2_000


@pytest.fixture
def seed() -> int:
    """Somewhere that nobody has looked."""
    return random.SystemRandom().randrange(10**6, 10**9)


def test_generated_questions(seed: int) -> None:
    assert offline_generated.main([str(QUESTIONS), str(seed)]) == 0, f"first seed {seed}"


@pytest.mark.filterwarnings("ignore")
def test_fuzzed_tables(seed: int) -> None:
    assert offline_fuzzed.main([str(TABLES), str(seed)]) == 0, f"first seed {seed}"
