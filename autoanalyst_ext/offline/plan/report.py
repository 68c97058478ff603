"""Reports of the plan language: figures under names that the question gave, written to the letter.

`@mean_age[29.70]` is one entry: its name, where its value comes from, and how the value is written.
"""

from typing import Annotated, Literal

from pydantic import Field

from ...types.results import Leaf
from ...types.value import Value
from .findings import (
    Correlation,
    Distinct,
    Duplicates,
    ExtremeColumn,
    MissingValues,
    Outliers,
    RowCount,
    Share,
    Statistics,
    StrongestPair,
    SumShare,
    TopRows,
    ValueCounts,
)
from .hypotheses import ChiSquare, GroupsTest, Normality, OneSample, TwoSamples
from .measures import Column
from .models import Clusters, Model, Regression
from .selection import Condition, Operator

Finding = Annotated[
    RowCount
    | Statistics
    | Distinct
    | ValueCounts
    | Share
    | SumShare
    | TopRows
    | Correlation
    | StrongestPair
    | Outliers
    | MissingValues
    | Duplicates
    | ExtremeColumn
    | Normality
    | TwoSamples
    | OneSample
    | GroupsTest
    | ChiSquare
    | Regression
    | Model
    | Clusters,
    Field(discriminator="kind"),
]

Part = Literal[
    "value", "count", "share", "values", "names", "most", "label", "rows", "ids", "low", "high", "mean",
    "median", "rest", "r", "p_value", "statistic", "dof", "left", "right", "pair", "name", "intercept",
    "r_squared", "adjusted_r_squared", "coefficient", "coefficient_p_value", "accuracy", "precision",
    "recall", "f1", "auc", "mse", "rmse", "mae", "train_rows", "test_rows", "importance",
    "important_feature", "inertia", "silhouette", "sizes",
]  # fmt: skip
"""`value` is the figure of a finding that has just one: one measure, a count, a share. Of TopRows with one
column it is that column's value in the first row (`names`: of all rows). Of groups: `label` is the first
group after ranking, `value` its figure, `values` all figures in the groups' order, `names` all labels."""


class Pick(Value):
    """A part of a finding."""

    kind: Literal["pick"] = "pick"
    finding: Finding
    part: Part = "value"
    steps: int | None = None
    """How many of the plan's steps have run before it is computed: `None` all. 0 asks the table as it is."""
    where: Condition | None = None
    """After the steps; together with the plan's own condition."""
    by: tuple[Column, ...] = ()
    largest: bool | None = None
    """The group with the largest (True) or smallest (False) figure comes first."""
    column: Column | None = None
    """For the parts that are of one column: `coefficient`, `importance`."""
    rank: int = 1
    """For `important_feature`."""


class Limit(Value):
    """A comparison of a figure with a number."""

    of: Pick
    operator: Operator
    value: float
    absolute: bool = False
    """Of the figure without its sign."""


class Case(Value):
    """A word and when it is said: when every limit holds."""

    limits: tuple[Limit, ...]
    text: str


class Verdict(Value):
    """The word of the first case that holds, else `otherwise`."""

    kind: Literal["verdict"] = "verdict"
    cases: tuple[Case, ...]
    otherwise: str


class Combined(Value):
    """Two figures' difference, ratio, or relative change in per cent ((left / right - 1) * 100)."""

    kind: Literal["combined"] = "combined"
    operator: Literal["-", "/", "+", "*", "percent_change"]
    left: Pick
    right: Pick


class Several(Value):
    """Figures that are written one after the other under one name."""

    kind: Literal["several"] = "several"
    parts: tuple[Pick, ...]
    decimals: tuple[int | None, ...] = ()
    """Of each part, where they differ."""


class Literally(Value):
    """A text that the question itself fixes."""

    kind: Literal["literally"] = "literally"
    value: Leaf


Source = Annotated[Pick | Verdict | Combined | Several | Literally, Field(discriminator="kind")]


class Entry(Value):
    """One named answer."""

    name: str
    """Letters, digits and `_`."""
    source: Source
    decimals: int | None = None
    """How many places numbers are written with; `None` as they are (whole numbers without a point)."""
    order: Literal["as_is", "ascending", "descending", "alphabetical"] = "as_is"
    """Of a list."""
    percent: bool = False
    """The figure is multiplied by 100."""


class Report(Value):
    """Named answers, each `@name[value]` on a line of its own."""

    kind: Literal["report"] = "report"
    entries: tuple[Entry, ...]


class Table(Value):
    """The table that the steps make: its first rows, for `create a column` and `clean the table`."""

    kind: Literal["table"] = "table"
    columns: tuple[Column, ...] = ()
    """Those that the steps made or changed, shown first; empty shows all."""


__all__ = [
    "Case", "Combined", "Entry", "Finding", "Limit", "Literally", "Part", "Pick", "Report", "Several",
    "Source", "Table", "Verdict",
]  # fmt: skip
