"""An answer of a task while it is planned: its words, its rows, the column it is of."""

from dataclasses import dataclass

from ...types.profiles import ColumnProfile
from ..plan.measures import Function, Measure
from ..plan.report import Finding, Part, Pick
from ..plan.selection import Condition
from ..words.schema import is_numeric, words_of
from ..words.tokens import singular, word_set
from .called import joined
from .hypotheses import (
    numeric_column,
)
from .rows import split_columns
from .scene import Scene, TaskError
from .text import Asked

FUNCTION_WORDS: dict[str, Function] = {
    "mean": "mean", "average": "mean", "avg": "mean", "median": "median", "sum": "sum", "total": "sum",
    "std": "std", "stddev": "std", "sd": "std", "deviation": "std", "stdev": "std", "variance": "var",
    "var": "var", "min": "min", "minimum": "min", "lowest": "min", "max": "max", "maximum": "max",
    "highest": "max", "range": "range", "mode": "mode", "skewness": "skew", "skew": "skew",
    "kurtosis": "kurtosis", "iqr": "iqr",
}  # fmt: skip

PLAIN = word_set("""
    value values result results answer final new the of in for number count total score rate std dev
    deviation standard coefficient correlation corr r p pvalue val column feature data dataset test
    after before removal removed cleaned without outliers outlier list type status model prediction
    classifier by is are and on with used calculated computed figure statistic people
    """)
"""Words of answers' names that say nothing that the kind of figure does not."""


@dataclass(frozen=True)
class Wanted:
    """An answer while it is planned."""

    asked: Asked
    words: tuple[str, ...]
    """Of its name, without those that chose rows."""
    where: Condition | None
    scene: Scene

    def has(self, *words: str) -> bool:
        """Whether its name has one of these words."""
        return any(singular(word) in map(singular, self.words) for word in words)

    def pick(self, finding: Finding, part: Part = "value", steps: int | None = None) -> Pick:
        """The figure, in the answer's rows."""
        where = joined([c for c in (self.scene.where, self.where) if c is not None])
        return Pick(finding=finding, part=part, where=where, steps=steps)


def names_column(wanted: Wanted) -> bool:
    """Whether the answer's name names a column: `total_price`, but not `total_hotels`."""
    return bool(wanted.scene.named(wanted.words, [c for c in wanted.scene.columns if is_numeric(c)]))


def in_column(function: Function, wanted: Wanted) -> bool:
    """Whether the word for a statistic is part of a column's name: the `average` of `average_speed`."""
    words = {word for word in wanted.words if FUNCTION_WORDS.get(word) == function}
    return any(words & set(words_of(column.name)) for column in wanted.scene.columns)


def measure_of(wanted: Wanted, function: Function, column: ColumnProfile) -> Measure:
    scene = wanted.scene
    population = scene.says(r"\bpopulation\b|ddof\s*=\s*0|\(σ\)")
    sample = scene.says(r"sample (?:standard )?(?:deviation|variance)")
    if population and sample and function in ("std", "var"):
        raise TaskError("the text names the deviation of a sample and of a population")
    biased = scene.says(r"scipy") and not scene.says(r"pandas[^.]*skew")
    return Measure(
        function=function,
        column=numeric_column(column),
        ddof=0 if population and function in ("std", "var") else 1,
        biased=biased and function in ("skew", "kurtosis"),
    )


def column_for(wanted: Wanted) -> ColumnProfile:
    """The column that a figure is of: the one that the name names, else the one that the task is about."""
    scene = wanted.scene
    columns = [column for column in scene.columns if is_numeric(column)]
    named = scene.named(wanted.words, columns)
    if len(named) == 1:
        return named[0]
    loose = [c for c in scene.text.columns(scene.text.text) if is_numeric(c)]
    named = named or scene.named(wanted.words, loose)
    if len(named) == 1:
        return named[0]
    if len(named) > 1:
        raise TaskError(f"it is not clear of which column `{wanted.asked.name}` is")
    if scene.made:
        return scene.made[-1][1]
    grouping = {column.name for column in split_columns(scene)} | {c.column.name for c in scene.choices}
    left = [c for c in columns if c.name not in scene.used and c.name not in grouping]
    by_word = [c for c in left if set(map(singular, words_of(c.name))) & set(map(singular, wanted.words))]
    if len(by_word) == 1:
        return by_word[0]
    if len(left) == 1:
        return left[0]
    if not left and len(loose) == 1:
        return loose[0]
    raise TaskError(f"it is not clear of which column `{wanted.asked.name}` is")
