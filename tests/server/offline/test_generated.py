"""Plans said in people's words come back as plans: 98 of 100 at least, and next to none as another one.

`python -m benchmarks.offline_generated` asks 20,000 of them.
"""

from collections.abc import Callable

import pytest

from .asking import Drawn, drawn, following, verdicts

QUESTIONS = 300
RIGHT, WRONG = 0.98, 0.005


@pytest.mark.parametrize("ask", [drawn, following])
def test_what_was_said_is_what_is_understood(ask: Callable[[int], Drawn]) -> None:
    found = verdicts(map(ask, range(QUESTIONS)))
    examples = [each.question for each in (*found["wrong"], *found["abstained"])][:20]
    assert len(found["wrong"]) <= WRONG * QUESTIONS, examples
    assert len(found["right"]) >= RIGHT * QUESTIONS, examples


def test_the_questions_are_many_different_ones() -> None:
    some = [drawn(seed) for seed in range(200)]
    assert len({each.question for each in some}) > 195
    assert len({type(each.plan.ask) for each in some}) > 10


def test_a_seed_is_always_the_same_question() -> None:
    assert drawn(7) == drawn(7)
