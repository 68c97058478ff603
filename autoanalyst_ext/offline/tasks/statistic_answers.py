"""Answers that are a statistic: of one column, or the correlation of two."""

import re

from ..plan.findings import (
    Correlation,
    Statistics,
    StrongestPair,
)
from ..plan.report import Part, Pick, Source
from ..plan.steps import DropOutliers
from ..questions.conditions import column_of
from ..words.schema import is_numeric
from .goals import FUNCTIONS, figures
from .hypotheses import (
    numeric_column,
    pair,
)
from .rows import split_columns
from .scene import TaskError
from .wanted import FUNCTION_WORDS, Wanted, column_for, in_column, measure_of, names_column


def correlation_answer(wanted: Wanted) -> Source | None:
    said = wanted.has("correlation", "corr", "pearson", "r", "spearman", "rho", "tau")
    if not said and not (wanted.has("coefficient") and wanted.scene.says("correlat")):
        return None
    if wanted.has("matrix"):
        return None
    if wanted.scene.says(r"strongest|highest correlation|most correlated|pair with"):
        return _strongest(wanted)
    return correlated(wanted, "r")


def correlated(wanted: Wanted, part: Part) -> Pick:
    scene = wanted.scene
    left, right = pair(scene, wanted.words)
    methods = [m for m in ("spearman", "kendall") if scene.says(m)]
    if len(methods) + scene.says("pearson") > 1:
        raise TaskError("the task names several kinds of correlation")
    finding = Correlation.model_validate(
        {
            "left": numeric_column(left),
            "right": numeric_column(right),
            "method": methods[0] if methods else "pearson",
        }
    )
    return wanted.pick(finding, part)


def _strongest(wanted: Wanted) -> Pick:
    numeric = [column_of(column) for column in wanted.scene.columns if is_numeric(column)]
    sign = (
        "positive"
        if wanted.scene.says("strongest positive")
        else "negative"
        if wanted.scene.says("strongest negative")
        else "any"
    )
    finding = StrongestPair.model_validate({"columns": tuple(numeric), "sign": sign})
    return wanted.pick(finding, "pair" if wanted.has("pair") else "r")


def strongest_pair_answer(wanted: Wanted) -> Source | None:
    if wanted.has("pair") and wanted.scene.says(r"strongest|highest correlation|pair with"):
        return _strongest(wanted)
    return None


def figure_answer(wanted: Wanted) -> Source | None:
    """A statistic of a column."""
    functions = list(dict.fromkeys(FUNCTION_WORDS[word] for word in wanted.words if word in FUNCTION_WORDS))
    if not functions and "deviation" in wanted.asked.placeholder:
        functions = ["std"]
    if len(functions) == 2 and "sum" in functions:
        functions.remove("sum")
    if len(functions) > 1:
        functions = [f for f in functions if not in_column(f, wanted)]
    if len(functions) != 1:
        return None
    if functions == ["sum"] and not names_column(wanted):
        return None
    column = column_for(wanted)
    if wanted.has("outlier") and not any(isinstance(step, DropOutliers) for step in wanted.scene.steps):
        return None
    pick = wanted.pick(Statistics(measures=(measure_of(wanted, functions[0], column),)))
    return _listed(wanted, pick) if wanted.asked.is_list else pick


def _listed(wanted: Wanted, pick: Pick) -> Pick:
    """The figure of each group, where a list is asked for."""
    groups = split_columns(wanted.scene)
    if len(groups) != 1:
        raise TaskError(f"it is not clear what `{wanted.asked.name}` lists")
    return pick.model_copy(update={"by": (column_of(groups[0]),), "part": "values"})


def by_place_answer(wanted: Wanted) -> Source | None:
    """The figure of the question at the place of the answer, where the question has as many as answers."""
    scene = wanted.scene
    goals = figures(scene)
    asked = scene.task.asked
    if re.match(r"\s*(?:\d\.\s*)?(?:on |in |for )?how (?:many|often)\b", scene.lower):
        return None
    if len(goals) != len(asked) or wanted.asked.options or wanted.asked.boolean or scene.choices:
        return None
    function, column = goals[asked.index(wanted.asked)]
    contrary = [FUNCTIONS[word] for word in wanted.words if word in FUNCTIONS]
    if contrary and function not in contrary:
        return None
    return wanted.pick(Statistics(measures=(measure_of(wanted, function, column),)))
