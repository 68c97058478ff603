"""The plan language: what an answer is computed from, as frozen values.

A plan reads source -> filter -> group -> question -> rank. It is plain data: it can be stored as JSON,
written by hand or by a model, and is turned into code, a sentence and an answer by other modules.
"""

from typing import Annotated, Literal

from pydantic import Field

from ..types.results import Leaf
from ..types.value import Value

Operator = Literal["==", "!=", ">", ">=", "<", "<="]
Function = Literal["mean", "median", "sum", "min", "max", "std", "var", "count"]


class Column(Value):
    """A column of the plan's table."""

    name: str
    """As the profile has it: the name, or its `repr` when the name is not text."""
    is_text: bool = True
    """False when the frame's column name is a number."""


class Compare(Value):
    """Rows whose value stands in this relation to a constant."""

    kind: Literal["compare"] = "compare"
    column: Column
    operator: Operator
    value: Leaf


class Between(Value):
    """Rows whose value lies between two numbers, both included."""

    kind: Literal["between"] = "between"
    column: Column
    low: int | float
    high: int | float


class OneOf(Value):
    """Rows whose value is one of a few."""

    kind: Literal["one_of"] = "one_of"
    column: Column
    values: tuple[Leaf, ...]


class Contains(Value):
    """Rows whose text contains another, whatever its case."""

    kind: Literal["contains"] = "contains"
    column: Column
    text: str


class Missing(Value):
    """Rows that have no value in this column."""

    kind: Literal["missing"] = "missing"
    column: Column


class Not(Value):
    """Rows for which the part does not hold."""

    kind: Literal["not"] = "not"
    part: "Condition"


class AllOf(Value):
    """Rows for which every part holds."""

    kind: Literal["all"] = "all"
    parts: tuple["Condition", ...]


class AnyOf(Value):
    """Rows for which at least one part holds."""

    kind: Literal["any"] = "any"
    parts: tuple["Condition", ...]


Condition = Annotated[
    Compare | Between | OneOf | Contains | Missing | Not | AllOf | AnyOf, Field(discriminator="kind")
]


class Measure(Value):
    """One statistic of one column."""

    function: Function
    column: Column


class Rows(Value):
    """The rows themselves."""

    kind: Literal["rows"] = "rows"
    part: Literal["all", "first", "last", "from"] = "all"
    """`first` and `last`: the first or last `count` rows. `from`: `count` rows from position `start` on."""
    count: int | None = None
    start: int = 0
    """0-based position of the first row, for `from`."""
    columns: tuple[Column, ...] = ()
    """The columns to show; empty means all."""


class TopRows(Value):
    """The rows with the largest or smallest values of a column; ties at the cut are kept."""

    kind: Literal["top_rows"] = "top_rows"
    by: Column
    largest: bool
    count: int | None
    """How many; `None` sorts all rows."""
    columns: tuple[Column, ...] = ()


class RowCount(Value):
    """How many rows."""

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


class Correlation(Value):
    """Pearson's correlation of two columns."""

    kind: Literal["correlation"] = "correlation"
    left: Column
    right: Column


class CorrelationMatrix(Value):
    """Pearson's correlation of all numeric columns with each other."""

    kind: Literal["correlation_matrix"] = "correlation_matrix"


class CorrelationRanking(Value):
    """Pearson's correlation of every other numeric column with one, the strongest first."""

    kind: Literal["correlation_ranking"] = "correlation_ranking"
    target: Column


class MissingValues(Value):
    """How many values are missing."""

    kind: Literal["missing_values"] = "missing_values"
    scope: Literal["total", "columns", "affected", "one"]
    """`columns`: of each column; `affected`: of each column that misses any; `one`: of `column`."""
    column: Column | None = None


class Summary(Value):
    """The usual statistics of one column, or of all numeric ones."""

    kind: Literal["summary"] = "summary"
    column: Column | None = None
    numeric: bool = True
    """False when the table has no numeric column, so that all are summarised."""


class Size(Value):
    """How many rows and columns the table has, or the names of its columns."""

    kind: Literal["size"] = "size"
    what: Literal["columns", "both", "names"]


class Histogram(Value):
    """A chart of how a column's values are distributed; a group colours it."""

    kind: Literal["histogram"] = "histogram"
    x: Column
    bins: int | None = None


class Scatter(Value):
    """A chart of one point per row; a group colours it."""

    kind: Literal["scatter"] = "scatter"
    x: Column
    y: Column


class LineChart(Value):
    """A chart of one column along another, ordered by it."""

    kind: Literal["line"] = "line"
    x: Column
    y: Column


class BoxPlot(Value):
    """A chart of quartiles, one box per group."""

    kind: Literal["box"] = "box"
    y: Column


class GroupChart(Value):
    """A chart of one figure per group."""

    kind: Literal["group_chart"] = "group_chart"
    mark: Literal["bar", "line"]
    measure: Measure | None = None
    """`None` counts rows."""


Question = Annotated[
    Rows
    | TopRows
    | RowCount
    | Statistics
    | Distinct
    | ValueCounts
    | Share
    | Correlation
    | CorrelationMatrix
    | CorrelationRanking
    | MissingValues
    | Summary
    | Size
    | Histogram
    | Scatter
    | LineChart
    | BoxPlot
    | GroupChart,
    Field(discriminator="kind"),
]


class Rank(Value):
    """Keep only the groups with the largest or smallest figures; ties at the cut are kept."""

    largest: bool
    count: int


class Plan(Value):
    """Source -> filter -> group -> question -> rank."""

    table: str
    """The variable's name."""
    where: Condition | None = None
    by: tuple[Column, ...] = ()
    ask: Question
    rank: Rank | None = None
    subject: str | None = None
    """What a row was taken to be where the question used a noun that the table does not know."""

    def to_json(self) -> str:
        """Write it so that `from_json` reads an equal plan."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """Read what `to_json` wrote; raises pydantic's ValidationError for anything else."""
        return cls.model_validate_json(text)


CHARTS = (Histogram, Scatter, LineChart, BoxPlot, GroupChart)

for _part in (Not, AllOf, AnyOf, Share, Plan):
    _part.model_rebuild()
