"""The allow-list of aggregates, and what each gives on a column, on rows, on groups and on figures.

An aggregate is here because its result describes many rows. What picks a row (`iloc`, `first`, `item`,
`idxmax`, `mode`) is not, and what is not here gives `WITHHELD`.
"""

from collections.abc import Iterable

from .bounds import SMALL_GROUP
from .verdicts import (
    NUMBER,
    WITHHELD,
    Column,
    Figures,
    Flags,
    Groups,
    Labels,
    Literal,
    Number,
    Rows,
    Values,
    Verdict,
)

AVERAGES = frozenset(
    {
        "mean",
        "sum",
        "std",
        "var",
        "sem",
        "skew",
        "kurt",
        "kurtosis",
        "average",
        "nansum",
        "nanmean",
        "corr",
        "cov",
    }
)
"""Of numeric columns, identifiers too."""

ORDERED = frozenset(
    {"min", "max", "median", "quantile", "percentile", "describe", "prod", "nanmedian", "ptp"}
)
"""Of numeric columns that are no identifiers: there an extreme tells no row apart."""

COUNTS = frozenset({"count", "nunique", "size", "len"})
"""Of any column."""

SINGLE = AVERAGES | ORDERED | COUNTS

PICKS = {"head": 5, "tail": 5, "nlargest": 5, "nsmallest": 5, "sample": 1}
"""What takes some rows, with how many it takes when the code does not say (`nlargest` always says)."""

KEEPING = frozenset(
    {
        "dropna",
        "fillna",
        "sort_values",
        "sort_index",
        "reset_index",
        "copy",
        "query",
        "drop_duplicates",
        "round",
    }
    | {"abs", "set_index", "convert_dtypes", "infer_objects", "clip", "squeeze", "drop", "select_dtypes"}
)
"""Gives rows (or a column) of the same kind."""

TESTING = frozenset(
    {
        "isna",
        "isnull",
        "notna",
        "notnull",
        "isin",
        "between",
        "duplicated",
        "eq",
        "ne",
        "gt",
        "ge",
        "lt",
        "le",
    }
)

FIGURES_KEEPING = frozenset(
    {"sort_values", "sort_index", "round", "head", "tail", "nlargest", "nsmallest", "reset_index", "to_frame"}
    | {
        "fillna",
        "dropna",
        "abs",
        "div",
        "mul",
        "sub",
        "add",
        "rank",
        "cumsum",
        "pct_change",
        "to_dict",
        "copy",
    }
    | {"reindex", "astype", "squeeze"}
)
"""Turns aggregates into aggregates."""


LABEL_KEEPING = frozenset({"sort_values", "sort_index", "round", "head", "tail", "copy", "to_dict"})
"""Of these, what leaves every figure under its own label."""


def of_column(column: Column, name: str) -> Verdict:
    """The verdict on an aggregate of one column."""
    if name in COUNTS:
        return NUMBER
    if not column.numeric or not column.enough:
        return WITHHELD
    if name == "describe":
        return WITHHELD if column.identifier else Figures(by_column=True)
    if name in AVERAGES or (name in ORDERED and not column.identifier):
        return NUMBER
    return WITHHELD


def of_rows(rows: Rows, name: str) -> Verdict:
    """The verdict on an aggregate of every column of a table: a figure per column."""
    if name == "size":
        return NUMBER
    if name not in SINGLE:
        return WITHHELD
    return Figures(denied=denied(rows.columns, name), by_column=True)


def of_groups(groups: Groups, names: Iterable[str]) -> Verdict:
    """The verdict on aggregates of every group."""
    listed = list(names)
    if not listed or any(name not in SINGLE for name in listed):
        return WITHHELD
    refused: frozenset[str] = frozenset()
    for name in listed:
        refused |= denied(groups.rows.columns, name)
    if refused >= {column.name for column in groups.rows.columns} and set(listed) - COUNTS:
        # Nothing may be shown, and a later call could give the figures another name.
        return WITHHELD
    return Figures(keys=groups.keys, denied=refused)


def of_figures(figures: Figures, name: str) -> Verdict:
    """The verdict on an aggregate of aggregates."""
    if name not in SINGLE:
        return WITHHELD
    if figures.by_column and figures.denied:
        # The result would mix what may be shown with what may not, under labels that do not tell.
        return NUMBER if name in COUNTS else WITHHELD
    return Figures(denied=figures.denied | frozenset(figures.keys), by_column=True)


def kept_figures(figures: Figures, name: str) -> Verdict:
    """The verdict on what turns aggregates into aggregates (`round`, `sort_values`, `reset_index`)."""
    if figures.by_column and figures.denied:
        return figures if name in LABEL_KEEPING else WITHHELD
    return figures if name in FIGURES_KEEPING else WITHHELD


def of_flags(flags: Flags, name: str) -> Verdict:
    """The verdict on an aggregate of truth values."""
    if name not in ("sum", "mean", "count", "size", "nunique"):
        return WITHHELD
    return Figures(by_column=True) if flags.frame else NUMBER


def aggregate(of: Verdict, name: str) -> Verdict:
    """The verdict on the aggregate `name` of anything."""
    match of:
        case Column():
            return of_column(of, name)
        case Rows():
            return of_rows(of, name)
        case Groups():
            return of_groups(of, [name])
        case Flags():
            return of_flags(of, name)
        case Figures():
            return of_figures(of, name)
        case Labels():
            return NUMBER if name in COUNTS else WITHHELD
        case _:
            return WITHHELD


def denied(columns: Iterable[Column], name: str) -> frozenset[str]:
    """Columns whose aggregate of this name is a value of single rows."""
    return frozenset(
        column.name for column in columns if name not in COUNTS and of_column(column, name) == WITHHELD
    )


def size_of(of: Verdict) -> Verdict:
    """The verdict on how long something is."""
    match of:
        case Column() | Rows() | Flags() | Values() | Groups() | Figures() | Labels() | Literal():
            return NUMBER
        case _:
            return WITHHELD


def combined(left: Verdict, right: Verdict) -> Verdict:
    """The verdict on arithmetic between two things."""
    match left, right:
        case (Number() | Literal(value=int() | float()), Number() | Literal(value=int() | float())):
            return NUMBER
        case (Figures(), Figures()):
            keys = left.keys if left.keys == right.keys else ()
            return Figures(keys, left.pivot, left.denied | right.denied, left.by_column and right.by_column)
        case (Figures(), Number() | Literal(value=int() | float())):
            return left
        case (Number() | Literal(value=int() | float()), Figures()):
            return right
        case (Flags(), Flags()):
            return left
        case (Column(numeric=True), Column(numeric=True)):
            return Column("", True, left.identifier or right.identifier, left.enough and right.enough)
        case (Column(numeric=True), Number() | Literal(value=int() | float())):
            return left
        case (Number() | Literal(value=int() | float()), Column(numeric=True)):
            return right
        case _:
            return WITHHELD


def enough_picked(name: str, count: Verdict | None) -> bool:
    """Whether `head(n)` and its kind take enough rows for a statistic."""
    if count is None:
        return PICKS[name] >= SMALL_GROUP
    return isinstance(count, Literal) and isinstance(count.value, int) and count.value >= SMALL_GROUP
