"""Whatever a table looks like: a question runs, changes nothing and is answered, or is not planned.

`python -m benchmarks.offline_fuzzed` asks 10,000 such tables.
"""

import random

import pytest
from pydantic import TypeAdapter

from autoanalyst_ext.agents.references import fill
from autoanalyst_ext.offline.analyst import Abstained, Planned, answer, understand
from autoanalyst_ext.offline.answers.failures import reason
from autoanalyst_ext.types.cells import Execution
from autoanalyst_ext.types.profiles import TableProfile
from autoanalyst_kernel import frames

from .running import run
from .strange import question, table

TABLES = 300
QUESTIONS = 4
_PROFILES = TypeAdapter(tuple[TableProfile, ...])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # what NumPy says of infinities and of overflows
@pytest.mark.filterwarnings("ignore:scipy.stats.shapiro:UserWarning")  # of values that are all the same
@pytest.mark.parametrize("part", range(6))
def test_every_cell_runs_or_there_is_none(part: int) -> None:
    planned = sum(outcome(seed) for seed in range(part * TABLES // 6, (part + 1) * TABLES // 6))
    assert planned > TABLES // 30, "some questions fit"


def outcome(seed: int) -> int:
    """Ask a strange table a few questions; how many were planned and answered."""
    chance = random.Random(seed)
    frame = table(chance)
    profiles = _PROFILES.validate_python(frames.tables({"t": frame}))
    asked = [question(chance, frame) for _ in range(QUESTIONS)]
    return sum(_answered(text, profiles, frame) for text in asked)


def _answered(text: str, profiles: tuple[TableProfile, ...], frame: object) -> bool:
    found = understand(text, profiles)
    if isinstance(found, Abstained):
        assert found.not_understood
        return False
    assert isinstance(found, Planned)
    try:
        result = frames.describe(run(found.code, {"t": frame}))
    except (KeyError, TypeError, ValueError) as error:
        if reason(type(error).__name__, str(error)) is None:
            raise
        return False
    execution = Execution.model_validate(
        {"cell_id": "cell", "source": found.code, "status": "ok", "result": result}
    )
    filled = fill(answer(found.plan, execution.result, "c1"), {"c1": ("cell", execution)})
    assert not filled.problems
    assert filled.text
    return True
