"""A long task, and one sentence more that changes what is asked: never the same cell."""

import pytest

from autoanalyst_ext.offline.analyst import Planned, understand

from .tables import PROFILES
from .tasks import ADDED, TASKS, task


@pytest.mark.parametrize("number", range(len(TASKS)))
def test_a_task_is_understood(number: int) -> None:
    table, *texts = TASKS[number]
    assert isinstance(understand(task(*texts), [PROFILES[table]]), Planned)


@pytest.mark.parametrize("added", ADDED)
@pytest.mark.parametrize("place", ["constraints", "question"])
def test_no_sentence_is_passed_over(added: str, place: str) -> None:
    for table, question, constraints, format_ in TASKS:
        plain = understand(task(question, constraints, format_), [PROFILES[table]])
        assert isinstance(plain, Planned)
        longer = (
            (question, f"{constraints} {added}")
            if place == "constraints"
            else (f"{question} {added}", constraints)
        )
        more = understand(task(*longer, format_), [PROFILES[table]])
        if isinstance(more, Planned):
            assert more.code != plain.code, question
