"""How a value is written into an answer: the formats of references.

`auto` chooses sensible digits; a Python format spec, `int`, `pct`, `table` and `list` say it otherwise.
Numbers and moments are written by us; other text and labels are data and are escaped.
"""

import math
import re
from collections.abc import Sequence

from ..types.results import (
    FigureResult,
    Leaf,
    MappingResult,
    OtherResult,
    Result,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)
from . import markdown

MISSING = "missing"
TABLE_ROWS = 10
"""Rows of a `table` that names no number."""

LIST_ITEMS = 20

SUMMARY = {"count", "mean", "std"}
"""Labels by which the summary of a column or table is known."""
_SPEC = re.compile(r"[-+ ]?#?0?\d{0,2}[,_]?(\.\d{1,2})?[deEfFgGn%]?")
_TABLE = re.compile(r"table(?::(\d{1,3}))?")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
"""A date with a time, as kernels tell it (ISO 8601)."""
_YEAR = re.compile(r"(^|[\W_])(year|jahr|yr)$", re.IGNORECASE)


def is_format(text: str) -> bool:
    """Whether `text` is a format that a reference can have."""
    return text in ("auto", "int", "pct", "list") or bool(_TABLE.fullmatch(text) or _SPEC.fullmatch(text))


def write(value: Leaf | Result, style: str, *, name: str = "") -> str:
    """A value as Markdown text. `style`: one that `is_format` accepts; `name`: what the value is called.

    Whole tables and series become Markdown tables, lists are joined, whatever the style of a number.
    """
    if isinstance(value, ScalarResult):
        value = value.value
    if isinstance(value, TableResult | SeriesResult | MappingResult):
        if style == "list" and isinstance(value, SeriesResult):
            return _joined(value.values, value.length)
        return _table(value, _rows(style))
    if isinstance(value, SequenceResult):
        return _joined(
            [item.value if isinstance(item, ScalarResult) else None for item in value.values], value.length
        )
    if isinstance(value, FigureResult | OtherResult):
        return "the chart" if isinstance(value, FigureResult) else markdown.escape(f"a {value.type}")
    return leaf(value, style, name=name)


def leaf(value: Leaf, style: str = "auto", *, name: str = "") -> str:
    """One value as Markdown text; a format for numbers leaves text as it is."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return MISSING
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return markdown.escape(moment(value))
    if style == "int":
        return f"{round(value):,}"
    if style == "pct":
        return percentage(value)
    if style in ("auto", "list", "") or _TABLE.fullmatch(style):
        return str(value) if isinstance(value, int) and _is_year(value, name) else automatic(value)
    return spaced(value, style)


def moment(text: str, *, timed: bool = False) -> str:
    """A date and time as people write it: without a time where it is midnight, unless `timed`; else as it is.

    >>> moment("2024-01-06T00:00:00"), moment("2024-01-06T14:30:00"), moment("2024-01-06T14:30:05.500Z")
    ('2024-01-06', '2024-01-06 14:30', '2024-01-06 14:30:05.5Z')
    """
    if (found := _MOMENT.fullmatch(text)) is None:
        return text
    day, minute, second, zone = found.groups(default="")
    second = "" if (second := _trimmed(second) if "." in second else second) == ":00" else second
    if not timed and (minute, second, zone) == ("00:00", "", ""):
        return day
    return f"{day} {minute}{second}{zone}"


def automatic(value: int | float) -> str:
    """A number with thousands separators and as many digits as help.

    >>> automatic(4766729.247706), automatic(0.535997), automatic(2.9651), automatic(3.0)
    ('4,766,729.25', '0.536', '2.965', '3')
    """
    if isinstance(value, int):
        return f"{value:,}"
    size = abs(value)
    if size >= 1e15 or 0 < size < 1e-4:
        return f"{value:.3g}"
    decimals = 2 if size >= 10 else 3 if size >= 1 else 2 - _exponent(size)
    return _trimmed(f"{value:,.{decimals}f}")


def percentage(value: int | float) -> str:
    """A share as per cent.

    >>> percentage(0.123), percentage(0.12), percentage(0.00123)
    ('12.3 %', '12 %', '0.12 %')
    """
    shown = value * 100
    decimals = 1 if abs(shown) >= 1 or shown == 0 else min(1 - _exponent(abs(shown)), 10)
    return f"{_trimmed(f'{shown:,.{decimals}f}')} %"


def spaced(value: int | float, spec: str) -> str:
    """A number by a Python format spec; a whole-number spec rounds."""
    return format(round(value) if spec.endswith("d") else value, spec)


def _exponent(size: float) -> int:
    return math.floor(math.log10(size)) if size else 0


def _trimmed(text: str) -> str:
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short in ("-0", "") else short


def _is_year(value: int, name: str) -> bool:
    return 1000 <= value <= 2999 and bool(_YEAR.search(name))


def _rows(style: str) -> int:
    found = _TABLE.fullmatch(style)
    return int(found[1]) if found and found[1] else TABLE_ROWS


def _joined(values: Sequence[Leaf], length: int) -> str:
    shown = [leaf(value) for value in values[:LIST_ITEMS]]
    more = [f"and {length - len(shown):,} more"] if length > len(shown) else []
    return ", ".join([*shown, *more])


def _table(value: TableResult | SeriesResult | MappingResult, limit: int) -> str:
    columns, rows, length = _cells(value, limit)
    right = [
        all(isinstance(row[n], int | float | None) for row in rows) and bool(rows)
        for n in range(len(columns))
    ]
    # The rows of a summary are different measures: each keeps the digits that suit it.
    apart = isinstance(value, SeriesResult | TableResult) and set(value.index) >= SUMMARY
    decimals = [None if apart else _decimals([row[n] for row in rows]) for n in range(len(columns))]
    timed = [_is_timed([row[n] for row in rows]) for n in range(len(columns))]
    written = [
        [_cell(entry, columns[n], decimals[n], timed[n]) for n, entry in enumerate(row)] for row in rows
    ]
    text = markdown.table([markdown.cell(name) for name in columns], written, right)
    more = length - len(rows)
    return f"{text}\n\n({more:,} more rows)" if more > 0 else text


def _cells(
    value: TableResult | SeriesResult | MappingResult, limit: int
) -> tuple[list[str], list[tuple[Leaf, ...]], int]:
    """Columns, rows and the length of anything that can be a table."""
    if isinstance(value, MappingResult):
        items = zip(value.keys[:limit], value.values[:limit], strict=True)
        pairs = [
            (key, item.value if isinstance(item, ScalarResult) else f"({item.kind})") for key, item in items
        ]
        return ["name", "value"], list(pairs), value.length
    rows = value.rows if isinstance(value, TableResult) else tuple((entry,) for entry in value.values)
    columns = list(value.columns) if isinstance(value, TableResult) else [value.name or "value"]
    if not _has_labels(value):
        return columns, [tuple(row) for row in rows[:limit]], value.length
    labels = [label if isinstance(label, tuple) else (label,) for label in value.index[:limit]]
    levels = max((len(label) for label in labels), default=len(value.index_names))
    unnamed = "row" if all(type(label) is int for label in value.index) else ""
    names = [name or unnamed for name in (*value.index_names, *[None] * levels)][:levels]
    # Names of columns as labels may be tuples beside plain ones: the short ones are filled up.
    filled = [(*label, *[None] * (levels - len(label))) for label in labels]
    return (
        [*names, *columns],
        [(*label, *row) for label, row in zip(filled, rows, strict=False)],
        value.length,
    )


def _has_labels(value: TableResult | SeriesResult) -> bool:
    """Whether the index says anything: rows that are simply counted from 0 need no numbers."""
    return any(value.index_names) or value.index != tuple(range(len(value.index)))


def _decimals(column: Sequence[Leaf]) -> int | None:
    """Decimals for every number of a column, so that it can be read downwards; None leaves each its own."""
    floats = [entry for entry in column if isinstance(entry, float) and math.isfinite(entry)]
    written = [automatic(entry) for entry in floats]
    if not written or any("e" in text for text in written):
        return None
    return max(len(text.partition(".")[2]) for text in written)


def _is_timed(column: Sequence[Leaf]) -> bool:
    """Whether a moment of a column has a time of day; then all show theirs."""
    moments = [entry for entry in column if isinstance(entry, str) and _MOMENT.fullmatch(entry)]
    return any(" " in moment(entry) for entry in moments)


def _cell(entry: Leaf, name: str, decimals: int | None, timed: bool) -> str:
    if isinstance(entry, str):
        return markdown.cell(moment(entry, timed=timed))
    if decimals is not None and isinstance(entry, float) and math.isfinite(entry):
        return f"{entry:,.{decimals}f}"
    return "" if entry is None else leaf(entry, name=name)
