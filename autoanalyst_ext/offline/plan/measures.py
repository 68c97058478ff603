"""Columns and the statistics of one column, the smallest pieces of the plan language.

How a statistic is computed where schools differ (sample or population, biased or not) is part of the value.
"""

from typing import Any, Literal

from pydantic import ValidationInfo, model_validator

from ...types.value import Value

Function = Literal[
    "mean", "median", "sum", "min", "max", "std", "var", "count", "range", "mode", "skew", "kurtosis",
    "quantile", "iqr", "sem", "cv", "mad", "nunique", "first", "last",
]  # fmt: skip
"""`count` values that are there; `nunique` different ones; `range` maximum - minimum; `iqr` third - first
quartile; `sem` standard error of the mean; `cv` standard deviation / mean; `mad` median absolute deviation
from the median; `mode` the most frequent value (the smallest of several); `first`, `last` in row order."""


class Column(Value):
    """A column of the plan's table, or one that a step made."""

    name: str
    """As the profile has it: the name, or its `repr` when the name is not text."""
    is_text: bool = True
    """False when the frame's column name is a number."""

    @model_validator(mode="before")
    @classmethod
    def _among_the_known(cls, value: Any, info: ValidationInfo) -> Any:
        """Where a plan is read against a table, a column is one of the table's: see `written`."""
        return value if info.context is None else info.context.column(value)


class Measure(Value):
    """One statistic of one column, over the values that are there."""

    function: Function
    column: Column
    ddof: Literal[0, 1] = 1
    """For `std`, `var`, `sem`, `cv`: 1 of a sample (n - 1, pandas), 0 of a population (n, numpy)."""
    biased: bool = False
    """For `skew`, `kurtosis`: False as pandas computes them (adjusted for a sample), True as scipy does
    with its default settings (moments as they are). Kurtosis is the excess over the normal in both."""
    q: float | None = None
    """For `quantile`: which, between 0 and 1; linear interpolation."""
