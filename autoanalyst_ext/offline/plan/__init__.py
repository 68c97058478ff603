"""The plan language: what an answer is computed from, as frozen values.

A plan reads source -> steps -> filter -> group -> question -> rank. It is plain data: it can be stored as
JSON, written by hand or by a model, and is turned into code, a sentence and an answer by other modules. Its
words have their own files; all of them can be imported from here.
"""

from typing import Annotated

from pydantic import Field

from ...types.value import Value
from .expressions import (
    Across,
    Arithmetic,
    Bin,
    Binned,
    Constant,
    DatePart,
    Expression,
    Flag,
    Mapped,
    Mathematical,
    Moving,
    Of,
    TextPart,
    Total,
)
from .findings import (
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Crosstab,
    Difference,
    Distinct,
    Duplicates,
    ExtremeColumn,
    Method,
    MissingValues,
    Outliers,
    RowCount,
    Rows,
    Share,
    Size,
    Statistics,
    StrongestPair,
    Summary,
    SumShare,
    TopRows,
    ValueCounts,
)
from .hypotheses import ChiSquare, GroupsTest, Normality, OneSample, Sample, TwoSamples
from .measures import Column, Function, Measure
from .models import Clusters, Model, Regression, Split
from .pictures import (
    CHARTS,
    BoxPlot,
    GroupChart,
    GroupHeatMap,
    HeatMap,
    Histogram,
    LineChart,
    Scatter,
    ViolinPlot,
)
from .report import (
    Case,
    Combined,
    Entry,
    Finding,
    Limit,
    Literally,
    Part,
    Pick,
    Report,
    Several,
    Source,
    Table,
    Verdict,
)
from .selection import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    CompareColumns,
    CompareMeasure,
    Condition,
    Contains,
    During,
    Missing,
    Not,
    OneOf,
    Operator,
)
from .steps import (
    Derive,
    DropColumns,
    DropDuplicates,
    DropMissing,
    DropOutliers,
    Encode,
    Fences,
    FillMissing,
    Group,
    Join,
    KeepGroups,
    KeepRows,
    OutlierRule,
    ParseDate,
    ParseNumber,
    Percentiles,
    Resample,
    Scale,
    Sort,
    Step,
    ZScore,
)

Question = Annotated[
    Rows
    | TopRows
    | RowCount
    | Statistics
    | Distinct
    | ValueCounts
    | Share
    | SumShare
    | Difference
    | Crosstab
    | Correlation
    | CorrelationMatrix
    | CorrelationRanking
    | StrongestPair
    | Outliers
    | MissingValues
    | Duplicates
    | ExtremeColumn
    | Summary
    | Size
    | Normality
    | TwoSamples
    | OneSample
    | GroupsTest
    | ChiSquare
    | Regression
    | Model
    | Clusters
    | Histogram
    | Scatter
    | LineChart
    | BoxPlot
    | ViolinPlot
    | GroupChart
    | HeatMap
    | GroupHeatMap
    | Report
    | Table,
    Field(discriminator="kind"),
]


class Rank(Value):
    """Keep only the groups with the largest or smallest figures; ties at the cut are kept."""

    largest: bool
    count: int | None
    """`None` sorts all groups."""


class Plan(Value):
    """Source -> steps -> filter -> group -> question -> rank."""

    table: str
    """The variable's name."""
    steps: tuple[Step, ...] = ()
    where: Condition | None = None
    by: tuple[Column, ...] = ()
    ask: Question
    rank: Rank | None = None
    subject: str | None = None
    """What a row was taken to be where the question used a noun that the table does not know."""
    decimals: int | None = None
    """Figures are rounded to so many places; `None` leaves them as they are."""

    def to_json(self) -> str:
        """Write it so that `from_json` reads an equal plan."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """Read what `to_json` wrote; raises pydantic's ValidationError for anything else."""
        return cls.model_validate_json(text)


__all__ = [
    "CHARTS", "Across", "AllOf", "AnyOf", "Arithmetic", "Between", "Bin", "Binned", "BoxPlot", "Case",
    "ChiSquare", "Clusters", "Column", "Combined", "Compare", "CompareColumns", "CompareMeasure",
    "Condition", "Constant", "Contains", "Correlation", "CorrelationMatrix", "CorrelationRanking",
    "Crosstab", "DatePart", "Derive", "Difference", "Distinct", "DropColumns", "DropDuplicates",
    "DropMissing", "DropOutliers", "Duplicates", "During", "Encode", "Entry", "Expression", "ExtremeColumn",
    "Fences", "FillMissing", "Finding", "Flag", "Function", "Group", "GroupChart", "GroupHeatMap",
    "GroupsTest", "HeatMap", "Histogram", "Join", "KeepGroups", "KeepRows", "Limit", "LineChart",
    "Literally", "Mapped", "Mathematical", "Measure", "Method", "Missing", "MissingValues", "Model",
    "Moving", "Normality", "Not", "Of", "OneOf", "OneSample", "Operator", "OutlierRule", "Outliers",
    "ParseDate", "ParseNumber", "Part", "Percentiles", "Pick", "Plan", "Question", "Rank", "Regression",
    "Report", "Resample", "RowCount", "Rows", "Sample", "Scale", "Scatter", "Several", "Share", "Size",
    "Sort", "Source", "Split", "Statistics", "Step", "StrongestPair", "SumShare", "Summary", "Table",
    "TextPart", "TopRows", "Total", "TwoSamples", "ValueCounts", "Verdict", "ViolinPlot", "ZScore",
]  # fmt: skip
