"""Statistical tests of the plan language. Each has the parts that a report can name: see `Part`.

Values that are missing are left out, of both columns where a test is of pairs.
"""

from typing import Literal

from ...types.value import Value
from .measures import Column
from .selection import Condition


class Normality(Value):
    """Whether a column's values could come from a normal distribution. Parts: statistic, p_value."""

    kind: Literal["normality"] = "normality"
    column: Column
    test: Literal["shapiro", "normaltest", "ks", "jarque_bera"] = "shapiro"
    """`ks` is against the normal with the column's own mean and sample deviation."""


class Sample(Value):
    """The values of a column in some rows."""

    column: Column
    where: Condition | None = None


class TwoSamples(Value):
    """Whether two samples differ. Parts: statistic, p_value."""

    kind: Literal["two_samples"] = "two_samples"
    test: Literal["t", "welch", "paired_t", "mann_whitney", "ks", "levene", "wilcoxon"] = "t"
    """`t` assumes equal variances (scipy's default), `welch` does not."""
    left: Sample
    right: Sample
    alternative: Literal["two-sided", "less", "greater"] = "two-sided"


class OneSample(Value):
    """Whether the mean of a column differs from a number (t test). Parts: statistic, p_value."""

    kind: Literal["one_sample"] = "one_sample"
    column: Column
    mean: float
    alternative: Literal["two-sided", "less", "greater"] = "two-sided"


class GroupsTest(Value):
    """Whether a column differs between the groups of another. Parts: statistic, p_value."""

    kind: Literal["groups_test"] = "groups_test"
    test: Literal["anova", "kruskal", "levene"] = "anova"
    column: Column
    by: Column


class ChiSquare(Value):
    """Whether two columns depend on each other. Parts: statistic, p_value, dof.

    Without the continuity correction only where `correction` is False (scipy's default is True).
    """

    kind: Literal["chi_square"] = "chi_square"
    left: Column
    right: Column
    correction: bool = True
