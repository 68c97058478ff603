"""What is known of the tables in a kernel. Computed there, by `autoanalyst_kernel.frames`."""

from typing import Literal

from pydantic import Field

from .results import Leaf
from .value import Value

ColumnKind = Literal["integer", "number", "boolean", "category", "text", "datetime", "duration", "other"]
"""`category` is text or a categorical with few distinct values (at most 50, and at most half of the rows)."""


class ValueCount(Value):
    """A value of a column and how many rows have it."""

    value: Leaf
    count: int


class ColumnProfile(Value):
    """One column of a table."""

    name: str
    """The name as the code must write it when it is text, else its `repr`."""
    name_is_text: bool = True
    """False when the name is not a string in the frame (a number, a tuple)."""
    dtype: str
    """The library's own name of the type."""
    kind: ColumnKind
    nulls: int
    """How many values are missing; exact."""
    distinct: int | None = None
    """How many different values; `None` where it was not counted."""
    minimum: Leaf = None
    maximum: Leaf = None
    mean: float | None = None
    std: float | None = None
    """Sample standard deviation (n - 1)."""
    quantiles: tuple[float, ...] = ()
    """25 %, 50 %, 75 % of a numeric column."""
    top: tuple[ValueCount, ...] = ()
    """The most frequent values with their counts, most frequent first: all of them (at most 50) for
    `boolean` and `category`, and for integers with at most 20 different values."""
    samples: tuple[Leaf, ...] = ()
    """Up to 5 different values, in order of appearance."""


class TableProfile(Value):
    """One table in the kernel."""

    name: str
    """The variable's name."""
    library: str
    """`pandas`, `polars`, ..."""
    rows: int
    columns: tuple[ColumnProfile, ...]
    index: str | None = None
    """Name of a meaningful index (not a plain range), else `None`."""
    sampled: bool = False
    """True when the statistics come from a sample of the rows; `nulls` never do."""
    sample_rows: tuple[tuple[Leaf, ...], ...] = Field(default=())
    """The first 5 rows."""
    fingerprint: str
    """Hash that changes when shape, columns, types or (sampled) values change."""

    def column(self, name: str) -> ColumnProfile | None:
        """The column of this exact name."""
        return next((column for column in self.columns if column.name == name), None)
