"""Which columns of a delimited text file pandas would get wrong by itself: codes and dates.

A postal code 01001 would become the number 1001, and an ISO date would stay text. Judged by sampled
rows; how the file is cut into rows is `text`'s work.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

MISSING = frozenset(
    ("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None", "<NA>", "#NA")
)
"""What pandas reads as no value."""

_PADDED = re.compile(r"0[0-9]+")
_NUMBER = re.compile(r"-[0-9]+|[+-]?([0-9]+[.,][0-9]*|[.,][0-9]+)([eE][+-]?[0-9]+)?")
"""A negative number or one with decimals: where these are, a leading zero is only padding."""

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?"
_ISO = re.compile(rf"{_DAY}([ T]{_TIME}(Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?")


def column_arguments(
    header: Sequence[str], rows: Sequence[Sequence[str]], later: Sequence[Sequence[str]]
) -> tuple[list[str], str]:
    """Arguments of `read_csv` for codes and dates, and comment lines about them.

    `rows` are the first ones, `later` come from further on and may be cut wrongly. Nothing is said
    where pandas may see other columns: in rows longer than the header.
    """
    if any(len(row) > len(header) for row in rows):
        return [], ""
    width = len(header)
    codes, dates, mixed = [], [], False
    for index, name in _named(header):
        first = [row[index] for row in rows if len(row) == width]
        further = [row[index] for row in later if len(row) == width]
        if _are_codes([value.strip() for value in first + further]):
            codes.append(name)
        elif values := _dates(first):
            dates.append(name)
            mixed = mixed or len({_shape(value) for value in values}) > 1
    types = ", ".join(f'{_quoted(name)}: "str"' for name in codes)
    arguments = [f"dtype={{{types}}}"] if codes else []
    arguments += [f"parse_dates=[{', '.join(map(_quoted, dates))}]"] if dates else []
    arguments += ['date_format="ISO8601"'] if mixed else []
    note = f"# Text, to keep leading zeros: {', '.join(codes)}\n" if codes else ""
    return arguments, note


def _named(header: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Columns that pandas surely calls the same as the file does."""
    for index, name in enumerate(header):
        if name.strip() and name.isprintable() and '"' not in name and header.count(name) == 1:
            yield index, name


def _are_codes(values: Sequence[str]) -> bool:
    return any(_PADDED.fullmatch(value) for value in values) and not any(map(_NUMBER.fullmatch, values))


def _dates(values: Sequence[str]) -> list[str]:
    """The values that are there, when all of them are ISO dates; else none."""
    present = [value for value in values if value not in MISSING]
    return present if all(map(_is_date, present)) else []


def _is_date(value: str) -> bool:
    if not _ISO.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:  # the form of a date, but no such day or hour
        return False
    return True


def _shape(value: str) -> str:
    return re.sub("[0-9]", "0", value).replace("+", "-")


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
