"""What a task's question asks for in its own words: figures in order, groups that stand out.

An answer whose name says too little takes the goal at its place, where there are as many goals as answers.
"""

import re
from dataclasses import dataclass

from ...types.profiles import ColumnProfile
from ..plan.findings import RowCount, Statistics
from ..plan.measures import Function, Measure
from ..plan.report import Finding
from ..questions.conditions import column_of
from ..words.mentions import C as M
from ..words.schema import is_key, is_numeric
from .scene import Scene

FUNCTIONS: dict[str, Function] = {
    "mean": "mean", "average": "mean", "median": "median", "sum": "sum", "total": "sum",
    "standard deviation": "std", "variance": "var", "minimum": "min", "maximum": "max", "lowest": "min",
    "highest": "max", "skewness": "skew", "kurtosis": "kurtosis", "range": "range",
}  # fmt: skip
_F = "|".join(sorted(FUNCTIONS, key=len, reverse=True))
_BETWEEN = r"(?:\s+(?:value|values|of|the|number|for|in|all|its|their|each|overall))*\s+"
_FIGURES = re.compile(
    rf"\b((?:{_F})(?:(?:,\s*|\s+)(?:and\s+)?(?:the\s+)?(?:{_F}))*){_BETWEEN}({M})", re.IGNORECASE
)
_RANKED = re.compile(
    rf"\b(?:which|what)\s+({M})\s+[^.?\n]*?\bthe\s+(?P<end>most|highest|largest|greatest|fewest|lowest|smallest|least)"
    rf"(?:\s+(?P<function>{_F}))?(?:\s+(?:number|count)\s+of)?(?P<rest>[^.?,\n]*)",
    re.IGNORECASE,
)
_LARGEST = ("most", "highest", "largest", "greatest")


@dataclass(frozen=True)
class Ranked:
    """A group that stands out: `which country has the highest mean price`."""

    by: ColumnProfile
    finding: Finding
    largest: bool


def figures(scene: Scene) -> list[tuple[Function, ColumnProfile]]:
    """The statistics that the question names with their columns, in order, each once."""
    question = scene.question
    found: list[tuple[Function, ColumnProfile]] = []
    for match in _FIGURES.finditer(question):
        column = scene.text.column(match[2])
        if is_numeric(column):
            found += [
                (FUNCTIONS[name.casefold()], column) for name in re.findall(_F, match[1], re.IGNORECASE)
            ]
    if not found and len(scene.made) == 1:
        names = re.findall(_F, question, re.IGNORECASE)
        found = [(FUNCTIONS[name.casefold()], scene.made[0][1]) for name in names]
    return list(dict.fromkeys(found))


def ranked(scene: Scene) -> Ranked | None:
    """The group that the question asks to be found; `None` where it asks for none, or is not clear."""
    found = []
    for match in _RANKED.finditer(scene.question):
        finding = _finding(match, scene)
        by = scene.text.column(match[1])
        if finding is not None:
            found.append(Ranked(by, finding, match["end"].casefold() in _LARGEST))
    return found[0] if len(found) == 1 else None


def _finding(match: re.Match[str], scene: Scene) -> Finding | None:
    columns = [c for c in scene.text.columns(match["rest"]) if is_numeric(c)]
    by = scene.text.column(match[1])
    if match["function"] and len(columns) == 1:
        return _statistic(FUNCTIONS[match["function"].casefold()], columns[0])
    counts = match["end"].casefold() in ("most", "fewest") and not scene.text.columns(match["rest"])
    if not match["function"] and counts:
        return RowCount()
    unique = by.distinct == scene.schema.table.rows or is_key(by, scene.schema.table.rows)
    if len(columns) == 1 and unique and not match["function"]:
        return _statistic("max" if match["end"].casefold() in _LARGEST else "min", columns[0])
    return None


def _statistic(function: Function, column: ColumnProfile) -> Finding:
    return Statistics(measures=(Measure(function=function, column=column_of(column)),))
