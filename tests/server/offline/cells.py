"""Plans as cells for tests: written, found safe, run, and their values and answers."""

from typing import Any

import pandas as pd

from autoanalyst_ext.offline.answers.wording import answer
from autoanalyst_ext.offline.cells.cell import code
from autoanalyst_ext.offline.plan import Column, Measure, Plan, Question
from autoanalyst_ext.policy.effects.findings import findings
from autoanalyst_ext.policy.effects.reader import NamesBefore

from .profiling import result
from .running import run


def column(name: str) -> Column:
    """A column by its name."""
    return Column(name=name)


def measure(function: str, name: str = "x", **options: Any) -> Measure:
    """A statistic of a column."""
    return Measure.model_validate({"function": function, "column": {"name": name}, **options})


def plan(ask: Question, **parts: Any) -> Plan:
    """A plan about the table `t`."""
    return Plan(table="t", ask=ask, **parts)


def cell(asked: Plan, *, gaps: bool = True) -> str:
    """The plan's cell: safe to run without asking, and the same each time."""
    source = code(asked, gaps=gaps)
    assert source == code(Plan.from_json(asked.to_json()), gaps=gaps)
    assert findings(source, NamesBefore(existing={"t": "DataFrame", "other": "DataFrame"})) == (), source
    return source


def value(asked: Plan, frame: pd.DataFrame, **frames: pd.DataFrame) -> Any:
    """What the plan's cell ends with."""
    return run(cell(asked), {"t": frame, **frames})


def said(asked: Plan, frame: pd.DataFrame) -> str:
    """The answer's template."""
    return answer(asked, result(value(asked, frame)), "c1")
