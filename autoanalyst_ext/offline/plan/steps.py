"""Steps of the plan language: what is done to the table before anything is asked of it.

Steps run in their order on a copy; each sees the columns that earlier ones made. The table itself is never
changed.
"""

from typing import Annotated, Literal

from pydantic import Field

from ...types.results import Leaf
from ...types.value import Value
from .expressions import Expression
from .measures import Column, Measure
from .selection import Condition


class ParseNumber(Value):
    """Text such as `1,234`, `$5`, `12%` or `TIE` becomes a number; what is none becomes missing."""

    kind: Literal["parse_number"] = "parse_number"
    column: Column
    lossy: bool = False
    """True where the user asked to leave out what is no number; otherwise losing many values is an error."""


class ParseDate(Value):
    """Text becomes dates; what is none becomes missing."""

    kind: Literal["parse_date"] = "parse_date"
    column: Column
    format: str | None = None
    """For `strptime`; `None` lets pandas find it."""


class DropMissing(Value):
    """Leave out rows that miss a value in one of the columns; of all columns where none is named."""

    kind: Literal["drop_missing"] = "drop_missing"
    columns: tuple[Column, ...] = ()


class FillMissing(Value):
    """Put something in the place of missing values."""

    kind: Literal["fill_missing"] = "fill_missing"
    column: Column
    method: Literal["mean", "median", "mode", "constant", "forward", "backward", "interpolate"]
    value: Leaf = None
    """For `constant`."""
    by: tuple[Column, ...] = ()
    """The statistic of the row's group; where a group has no value, that of all rows."""


class DropDuplicates(Value):
    """Keep the first of equal rows; rows are equal in these columns, or in all."""

    kind: Literal["drop_duplicates"] = "drop_duplicates"
    columns: tuple[Column, ...] = ()


class DropColumns(Value):
    """Leave out columns."""

    kind: Literal["drop_columns"] = "drop_columns"
    columns: tuple[Column, ...]


class Derive(Value):
    """A new column, or one in the place of the column of this name."""

    kind: Literal["derive"] = "derive"
    name: str
    value: Expression


class Scale(Value):
    """Rescale columns: to 0..1, to z-scores, or by median and quartiles."""

    kind: Literal["scale"] = "scale"
    columns: tuple[Column, ...]
    method: Literal["minmax", "zscore", "robust"]
    ddof: Literal[0, 1] = 0
    """For `zscore`: 0 as scikit-learn's StandardScaler."""


class Encode(Value):
    """Values become numbers."""

    kind: Literal["encode"] = "encode"
    column: Column
    method: Literal["codes", "one_hot"]
    """`codes`: 0, 1, ... in sorted order, or as `values` says."""
    values: tuple[tuple[Leaf, int], ...] = ()


class KeepRows(Value):
    """Keep the rows of a condition, before the steps that follow."""

    kind: Literal["keep_rows"] = "keep_rows"
    where: Condition


class KeepGroups(Value):
    """Keep the rows of groups that have at least or at most so many rows."""

    kind: Literal["keep_groups"] = "keep_groups"
    by: tuple[Column, ...]
    operator: Literal[">", ">=", "<", "<=", "=="]
    rows: int


class ZScore(Value):
    """Further from the mean than so many standard deviations."""

    kind: Literal["z_score"] = "z_score"
    threshold: float = 3.0
    ddof: Literal[0, 1] = 0
    """0 as `scipy.stats.zscore`, 1 as pandas' `std`."""
    side: Literal["both", "high", "low"] = "both"


class Fences(Value):
    """Below Q1 - factor * IQR or above Q3 + factor * IQR; quartiles by linear interpolation."""

    kind: Literal["fences"] = "fences"
    factor: float = 1.5


class Percentiles(Value):
    """Below one quantile or above another."""

    kind: Literal["percentiles"] = "percentiles"
    low: float
    high: float


OutlierRule = Annotated[ZScore | Fences | Percentiles, Field(discriminator="kind")]


class DropOutliers(Value):
    """Leave out the rows that a rule takes for outliers; rows without a value stay."""

    kind: Literal["drop_outliers"] = "drop_outliers"
    column: Column
    rule: OutlierRule


class Sort(Value):
    """Order the rows; rows with equal values keep their order."""

    kind: Literal["sort"] = "sort"
    by: tuple[Column, ...]
    descending: bool = False


class Join(Value):
    """Put another table's columns beside the rows whose keys are equal."""

    kind: Literal["join"] = "join"
    table: str
    """The other table's variable."""
    left: Column
    right: Column
    how: Literal["inner", "left"] = "left"


class Group(Value):
    """One row for each group, with the group's columns and one column for each measure.

    A measure's column is called as `naming.measure_keys` says; `rows` counts them.
    """

    kind: Literal["group"] = "group"
    by: tuple[Column, ...]
    measures: tuple[Measure, ...] = ()
    rows: bool = False
    """Also a column `rows` with how many there are."""


class Resample(Value):
    """One row for each period of a date column, in its order, with one column for each measure."""

    kind: Literal["resample"] = "resample"
    column: Column
    every: Literal["day", "week", "month", "quarter", "year"]
    measures: tuple[Measure, ...] = ()
    rows: bool = False


Step = Annotated[
    ParseNumber
    | ParseDate
    | DropMissing
    | FillMissing
    | DropDuplicates
    | DropColumns
    | Derive
    | Scale
    | Encode
    | KeepRows
    | KeepGroups
    | DropOutliers
    | Sort
    | Join
    | Group
    | Resample,
    Field(discriminator="kind"),
]
