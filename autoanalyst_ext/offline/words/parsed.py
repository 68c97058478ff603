"""Text columns that hold dates or numbers: what they are read as, and the step that does it.

A column is only taken so where every known value is written in one way: `03/04/2024` alone says no month.
"""

import re
from datetime import datetime
from functools import lru_cache

from ...types.profiles import ColumnProfile, TableProfile
from ..plan.measures import Column
from ..plan.steps import ParseDate, ParseNumber
from .amounts import nature

_NUMBER = re.compile(r"\s*[-+]?[$€£]?\s*(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*%?\s*")
_DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d-%b-%Y",
    "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%y",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S")
NEAR_YEARS = 5
"""How many years around those of the samples the dates of a text column may be of."""


def parsed(table: TableProfile) -> tuple[TableProfile, dict[str, ParseDate | ParseNumber]]:
    """The table with such columns as dates and numbers, and the step for each, by the column's name."""
    steps: dict[str, ParseDate | ParseNumber] = {}
    columns = []
    for column in table.columns:
        step = _step(column)
        if step is not None:
            steps[column.name] = step
            column = _as_dates(column, step) if isinstance(step, ParseDate) else _as_numbers(column)
        columns.append(column)
    return (table.model_copy(update={"columns": tuple(columns)}) if steps else table), steps


def looks_numeric(column: ColumnProfile) -> bool:
    """Whether all known values of a text column are written as numbers."""
    texts = _texts(column)
    return len(texts) > 1 and all(_NUMBER.fullmatch(text) for text in texts)


def _step(column: ColumnProfile) -> ParseDate | ParseNumber | None:
    if column.kind not in ("text", "category"):
        return None
    name = Column(name=column.name, is_text=column.name_is_text)
    texts = _texts(column)
    if looks_numeric(column) and (column.distinct or 0) > 2:
        numbers = _as_numbers(column)
        zeros = any(re.match(r"0\d", text) for text in texts)  # "007" is a name
        return None if zeros or nature(numbers) == "name" else ParseNumber(column=name)
    form = _date_format(texts)
    return ParseDate(column=name, format=form) if form else None


def _texts(column: ColumnProfile) -> tuple[str, ...]:
    values = [*column.samples, *(count.value for count in column.top)]
    return tuple(dict.fromkeys(value for value in values if isinstance(value, str)))


def _as_numbers(column: ColumnProfile) -> ColumnProfile:
    return column.model_copy(update={"kind": "number", "dtype": "float64", "top": ()})


def _as_dates(column: ColumnProfile, step: ParseDate) -> ColumnProfile:
    years = [_year(text, step.format or "") or 0 for text in _texts(column)]
    first, last = min(years) - NEAR_YEARS, max(years) + NEAR_YEARS
    ends = {"minimum": f"{first:04}", "maximum": f"{last:04}"}
    return column.model_copy(update={"kind": "datetime", "dtype": "datetime64[ns]", "top": (), **ends})


@lru_cache(1024)
def _date_format(texts: tuple[str, ...]) -> str | None:
    """The one way in which all of these texts are dates."""
    if len(texts) < 2 or not all(6 <= len(text) <= 24 and re.search(r"\d", text) for text in texts):
        return None
    found = [
        day + time for day in _DAYS for time in _TIMES if all(_is_date(text, day + time) for text in texts)
    ]
    kinds = {form.replace("%B", "%b") for form in found}
    return found[0] if len(kinds) == 1 else None


def _is_date(text: str, form: str) -> bool:
    return (_year(text, form) or 0) >= 1000


def _year(text: str, form: str) -> int | None:
    """The year of a date that is written in this way."""
    try:
        return datetime.strptime(text, form).year  # noqa: DTZ007 the day matters, and no clock
    except ValueError:
        return None
