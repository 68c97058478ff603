"""What is known of the value of an expression, before any value is looked at.

`code_reading` finds a verdict for a cell's last expression; `execution_text` shows of the cell's result what
the verdict permits. Whatever has no verdict of its own is `WITHHELD`.
"""

from dataclasses import dataclass

from ...types.profiles import ColumnProfile, TableProfile
from .table_text import has_figures, is_identifier


@dataclass(frozen=True)
class Withheld:
    """Nothing is known; nothing may be shown."""


WITHHELD = Withheld()


@dataclass(frozen=True)
class Literal:
    """A text, number or list of them that stands in the code."""

    value: object


@dataclass(frozen=True)
class Number:
    """One number that an allow-listed aggregate made, or arithmetic on such numbers."""


NUMBER = Number()


@dataclass(frozen=True)
class Column:
    """One column of row data: its values are withheld, aggregates of it may be shown."""

    name: str
    numeric: bool
    identifier: bool
    """Extremes and quantiles are values of single rows."""
    enough: bool = True
    """It has enough rows for statistics."""


@dataclass(frozen=True)
class Rows:
    """Row data: its values are withheld, aggregates of its columns may be shown."""

    columns: tuple[Column, ...]

    def column(self, name: object) -> Column | None:
        """The column of this name."""
        return next((column for column in self.columns if column.name == name), None)

    def only(self, names: list[object]) -> "Rows":
        """These columns alone."""
        return Rows(tuple(column for column in self.columns if column.name in names))


@dataclass(frozen=True)
class Flags:
    """A truth value for each row (or each cell of a frame): its sums and means are counts and shares."""

    frame: bool = False


@dataclass(frozen=True)
class Values:
    """Some values of rows: only how many there are may be shown."""


VALUES = Values()


@dataclass(frozen=True)
class Groups:
    """Row data split by the values of columns."""

    rows: Rows
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Accessor:
    """`.loc` and `.str` of something."""

    name: str
    of: "Verdict"


@dataclass(frozen=True)
class Figures:
    """A series or table of aggregates."""

    keys: tuple[str, ...] = ()
    """Columns whose values label the rows (as index levels or as columns)."""
    pivot: str | None = None
    """The column whose values label the columns."""
    denied: frozenset[str] = frozenset()
    """Names whose figures are values of single rows."""
    by_column: bool = False
    """True when the rows are labelled by names of columns or of statistics, not by values."""


@dataclass(frozen=True)
class Labels:
    """The labels of groups as a column: only those that many rows share may be shown."""

    key: str


@dataclass(frozen=True)
class Named:
    """A dictionary with keys that stand in the code."""

    items: tuple[tuple[str, "Verdict"], ...]


@dataclass(frozen=True)
class Listing:
    """A list or tuple."""

    items: tuple["Verdict", ...]


Verdict = (
    Withheld
    | Literal
    | Number
    | Column
    | Rows
    | Flags
    | Values
    | Groups
    | Accessor
    | Figures
    | Labels
    | Named
    | Listing
)


def rows_of(table: TableProfile) -> Rows:
    """The verdict on a variable that holds this table."""
    return Rows(tuple(_column_of(column, table) for column in table.columns))


def _column_of(column: ColumnProfile, table: TableProfile) -> Column:
    return Column(
        column.name,
        numeric=column.kind in ("integer", "number", "boolean"),
        identifier=is_identifier(column, table),
        enough=has_figures(column, table) or column.kind not in ("integer", "number", "boolean"),
    )
