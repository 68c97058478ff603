"""What a cell's last expression was, as data.

The kernel describes the value of a cell's last expression in one of these shapes
(`autoanalyst_kernel.frames.describe` makes them). Answers refer into them, the offline analyst
reads them, and `policy.egress` decides how much of them a provider may see.
Every leaf is a JSON scalar; NaN, infinities, `NaT` and `NA` arrive as `None`.
"""

from typing import Annotated, Literal

from pydantic import Field

from .value import Value

Leaf = bool | int | float | str | None


class ScalarResult(Value):
    """One number, text, boolean, date or nothing."""

    kind: Literal["scalar"] = "scalar"
    type: str
    """Name of the Python or NumPy type, e.g. `float64`, `str`, `Timestamp`."""
    value: Leaf
    """The value; dates and durations as ISO 8601 text, integers beyond 2**53 as they are."""


class SeriesResult(Value):
    """A labelled column, e.g. a pandas Series or a one-dimensional array."""

    kind: Literal["series"] = "series"
    name: str | None = None
    dtype: str
    index_names: tuple[str | None, ...] = ()
    """Names of the index levels; empty where the value has no index (an array)."""
    index: tuple[Leaf | tuple[Leaf, ...], ...] = ()
    """Labels of the values below, a tuple each where there are several levels."""
    values: tuple[Leaf, ...] = ()
    """The first values, at most `frames.MAX_ROWS`."""
    length: int
    """How many values there are in all."""


class TableResult(Value):
    """A data frame of any library."""

    kind: Literal["table"] = "table"
    columns: tuple[str, ...]
    """Column names as text; several levels are joined by ` / `."""
    dtypes: tuple[str, ...]
    index_names: tuple[str | None, ...] = ()
    index: tuple[Leaf | tuple[Leaf, ...], ...] = ()
    rows: tuple[tuple[Leaf, ...], ...] = ()
    """The first rows, at most `frames.MAX_ROWS`."""
    length: int
    """How many rows there are in all."""


class MappingResult(Value):
    """A dictionary."""

    kind: Literal["mapping"] = "mapping"
    keys: tuple[str, ...]
    values: tuple["Result", ...]
    length: int


class SequenceResult(Value):
    """A list, tuple or set."""

    kind: Literal["sequence"] = "sequence"
    values: tuple["Result", ...]
    length: int


class FigureResult(Value):
    """A chart."""

    kind: Literal["figure"] = "figure"
    library: str
    """`plotly` or `matplotlib`."""
    title: str | None = None
    traces: tuple[str, ...] = ()
    """The kind of each trace, e.g. `histogram`; empty for matplotlib."""
    points: int | None = None
    """How many points are drawn in all, where the library tells."""


class OtherResult(Value):
    """Anything else: only its type is known."""

    kind: Literal["other"] = "other"
    type: str


Result = Annotated[
    ScalarResult | SeriesResult | TableResult | MappingResult | SequenceResult | FigureResult | OtherResult,
    Field(discriminator="kind"),
]

MappingResult.model_rebuild()
SequenceResult.model_rebuild()
