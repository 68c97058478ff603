"""Expressions of the plan language: what a derived column holds, one value for each row.

They nest: the logarithm of a ratio of two columns is a `Mathematical` of an `Arithmetic` of two `Of`.
"""

from typing import Annotated, Literal

from pydantic import Field

from ...types.results import Leaf
from ...types.value import Value
from .measures import Column, Measure
from .selection import Condition


class Of(Value):
    """The values of a column."""

    kind: Literal["of"] = "of"
    column: Column


class Constant(Value):
    """The same number in every row."""

    kind: Literal["constant"] = "constant"
    value: int | float


class Total(Value):
    """The same statistic of all rows in every row, or of the row's group where `by` is given."""

    kind: Literal["total"] = "total"
    measure: Measure
    by: tuple[Column, ...] = ()


class Arithmetic(Value):
    """Two expressions, row by row; a missing value on either side gives none."""

    kind: Literal["arithmetic"] = "arithmetic"
    operator: Literal["+", "-", "*", "/"]
    left: "Expression"
    right: "Expression"


class Across(Value):
    """A statistic of several columns of the same row, over the values that are there."""

    kind: Literal["across"] = "across"
    function: Literal["mean", "sum", "min", "max"]
    columns: tuple[Column, ...]


class Mathematical(Value):
    """A function of one number; `log` is natural, `log1p` is log(1 + x)."""

    kind: Literal["mathematical"] = "mathematical"
    function: Literal["log", "log10", "log2", "log1p", "sqrt", "abs", "exp", "square"]
    of: "Expression"


class DatePart(Value):
    """A part of a date or of a time of day; the column holds dates (see `ParseDate`)."""

    kind: Literal["date_part"] = "date_part"
    column: Column
    part: Literal[
        "year", "quarter", "month", "month_name", "week", "day", "weekday", "day_name", "hour", "minute",
        "weekend", "date", "year_month", "year_quarter", "week_start",
    ]  # fmt: skip
    """`weekday` counts from Monday = 0; `weekend` is True on Saturday and Sunday; `date` is the day without
    the time; `year_month` the text `2024-05`, `year_quarter` `2024Q2`; `week_start` the Monday."""


class TextPart(Value):
    """A figure or a piece of a text."""

    kind: Literal["text_part"] = "text_part"
    column: Column
    part: Literal["length", "letters", "words", "first_word", "last_word", "lower", "upper", "title_before"]
    """`length` in characters; `letters` in characters that are no space; `words` how many;
    `title_before`: the word that ends right before the text of `mark`, as `kg` before `/`."""
    mark: str = ""


class Binned(Value):
    """The label of the interval that a number lies in; none outside of all intervals."""

    kind: Literal["binned"] = "binned"
    of: "Expression"
    bins: tuple["Bin", ...]


class Bin(Value):
    """One interval with its label; `None` leaves an end open."""

    label: str
    low: float | None = None
    high: float | None = None
    low_included: bool = True
    high_included: bool = False


class Flag(Value):
    """1 for the rows that fulfil a condition, else 0."""

    kind: Literal["flag"] = "flag"
    where: Condition


class Mapped(Value):
    """Values replaced by others; one not listed becomes `otherwise`, or stays where that is `None`."""

    kind: Literal["mapped"] = "mapped"
    of: "Expression"
    values: tuple[tuple[Leaf, Leaf], ...]
    otherwise: Leaf = None


class Moving(Value):
    """A figure along the rows in their order: see `Sort`."""

    kind: Literal["moving"] = "moving"
    column: Column
    function: Literal["difference", "growth", "previous", "cumulative", "mean", "sum", "min", "max", "std"]
    """`growth` is the relative change as a fraction; `previous` the value of an earlier row; `cumulative` the
    running total; the others are over a window."""
    window: int = 1
    """How many rows back (`difference`, `growth`, `previous`) or how many rows the window has."""
    by: tuple[Column, ...] = ()


Expression = Annotated[
    Of
    | Constant
    | Total
    | Arithmetic
    | Across
    | Mathematical
    | DatePart
    | TextPart
    | Binned
    | Flag
    | Mapped
    | Moving,
    Field(discriminator="kind"),
]

for _part in (Arithmetic, Mathematical, Binned, Mapped):
    _part.model_rebuild()
