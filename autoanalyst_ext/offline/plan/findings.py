"""What a plan asks of its rows: tables, figures, tests, models.

A finding has one value in an ordinary answer. In a report it has parts, which the report names.
"""

from typing import Literal

from ...types.value import Value
from .measures import Column, Measure
from .selection import Condition
from .steps import OutlierRule

Method = Literal["pearson", "spearman", "kendall"]


class Rows(Value):
    """The rows themselves."""

    kind: Literal["rows"] = "rows"
    part: Literal["all", "first", "last", "from", "sample"] = "all"
    """`first` and `last`: the first or last `count` rows. `from`: `count` rows from position `start` on.
    `sample`: `count` rows by chance, always the same ones (`random_state=42`)."""
    count: int | None = None
    start: int = 0
    """0-based position of the first row, for `from`."""
    columns: tuple[Column, ...] = ()
    """The columns to show; empty means all."""


class TopRows(Value):
    """The rows with the largest or smallest values of a column; ties at the cut are kept.

    With groups in the plan: of each group.
    """

    kind: Literal["top_rows"] = "top_rows"
    by: Column
    largest: bool
    count: int | None
    """How many; `None` sorts all rows."""
    columns: tuple[Column, ...] = ()
    place: int = 1
    """2 begins at the second largest value, and so on."""
    ties: bool = True
    """False keeps the first of equal rows only."""


class RowCount(Value):
    """How many rows. With groups: how many in each."""

    kind: Literal["row_count"] = "row_count"


class Statistics(Value):
    """One or more statistics."""

    kind: Literal["statistics"] = "statistics"
    measures: tuple[Measure, ...]


class Distinct(Value):
    """The different values of a column, or how many there are."""

    kind: Literal["distinct"] = "distinct"
    column: Column
    counted: bool


class ValueCounts(Value):
    """How often each value of a column occurs."""

    kind: Literal["value_counts"] = "value_counts"
    column: Column
    share: bool = False
    """True: the share of each value instead of its count."""


class Share(Value):
    """Which part of the rows fulfils a condition."""

    kind: Literal["share"] = "share"
    of: Condition


class SumShare(Value):
    """Which part of the sum of a column falls to the rows of a condition, or to each group of the plan."""

    kind: Literal["sum_share"] = "sum_share"
    column: Column
    of: Condition | None = None


class Difference(Value):
    """A statistic in one set of rows minus the same in another, with both: `left`, `right`, `difference`."""

    kind: Literal["difference"] = "difference"
    measure: Measure
    left: Condition
    right: Condition


class Crosstab(Value):
    """A table of two columns' values against each other: row counts, or one figure."""

    kind: Literal["crosstab"] = "crosstab"
    rows: Column
    columns: Column
    measure: Measure | None = None
    """`None` counts rows."""
    share: Literal["all", "rows", "columns"] | None = None
    """Shares instead of counts: of all, within each row, within each column."""


class Correlation(Value):
    """The correlation of two columns over the rows that have both. Parts: r, p_value, rows."""

    kind: Literal["correlation"] = "correlation"
    left: Column
    right: Column
    method: Method = "pearson"
    tested: bool = False
    """An ordinary answer also says the p-value (two-tailed)."""


class CorrelationMatrix(Value):
    """The correlation of all numeric columns, or of these, with each other."""

    kind: Literal["correlation_matrix"] = "correlation_matrix"
    columns: tuple[Column, ...] = ()
    method: Method = "pearson"


class CorrelationRanking(Value):
    """The correlation of every other numeric column with one, the strongest first."""

    kind: Literal["correlation_ranking"] = "correlation_ranking"
    target: Column
    method: Method = "pearson"


class StrongestPair(Value):
    """The two different columns that correlate most. Parts: left, right, pair, r."""

    kind: Literal["strongest_pair"] = "strongest_pair"
    columns: tuple[Column, ...] = ()
    """Among these, or all numeric ones."""
    sign: Literal["any", "positive", "negative"] = "any"
    method: Method = "pearson"


class Outliers(Value):
    """The values that a rule takes for outliers.

    Parts: count, share, values, rows (positions from 0), ids (of `shown`), low, high (smallest and largest
    of them), mean, median, rest (how many rows are left).
    """

    kind: Literal["outliers"] = "outliers"
    column: Column
    rule: OutlierRule
    shown: Column | None = None
    counted: bool = False
    """An ordinary answer is how many, not the rows."""


class MissingValues(Value):
    """How many values are missing.

    In a report: `count` of `total` and `one`; `names` of the affected columns; `most` the column with the
    most.
    """

    kind: Literal["missing_values"] = "missing_values"
    scope: Literal["total", "columns", "affected", "one", "rows"]
    """`columns`: of each column; `affected`: of each column that misses any; `one`: of `column`; `rows`:
    how many rows miss at least one."""
    column: Column | None = None
    share: bool = False
    text_only: bool = False
    """Only columns that hold text."""


class Duplicates(Value):
    """How many rows repeat an earlier row, in all columns or in these. Part: count."""

    kind: Literal["duplicates"] = "duplicates"
    columns: tuple[Column, ...] = ()


class ExtremeColumn(Value):
    """Which of several columns has the largest or smallest figure. Parts: name, value; ties: all names."""

    kind: Literal["extreme_column"] = "extreme_column"
    columns: tuple[Column, ...]
    function: Literal["mean", "median", "sum", "min", "max", "std", "skew", "first"]
    largest: bool


class Summary(Value):
    """The usual statistics of one column, or of all numeric ones."""

    kind: Literal["summary"] = "summary"
    column: Column | None = None
    numeric: bool = True
    """False when the table has no numeric column, so that all are summarised."""


class Size(Value):
    """How many rows and columns the table has, the names of its columns, or their types."""

    kind: Literal["size"] = "size"
    what: Literal["columns", "both", "names", "types"]
