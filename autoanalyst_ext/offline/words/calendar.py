"""The parts of a date column that questions ask for, as columns that a step of the plan makes."""

import re
from collections.abc import Iterator

from ...types.profiles import ColumnProfile, TableProfile, ValueCount
from ...types.results import Leaf
from ..plan.expressions import DatePart
from ..plan.steps import Derive

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PARTS = (
    "year", "quarter", "year_quarter", "month", "year_month", "week_start", "day_name", "weekend", "hour",
    "date",
)  # fmt: skip
_NUMBERS = ("year", "quarter", "month", "hour")


def parts_of(column: ColumnProfile, table: TableProfile) -> Iterator[tuple[str, ColumnProfile, Derive]]:
    """Each part of a date column: its name, the column that holds it, and the step that makes this."""
    if column.kind != "datetime" or not re.search("datetime64|timestamp", column.dtype.casefold()):
        return  # dates that are objects have no parts that code can ask for
    for part in _PARTS:
        name = f"{column.name}_{part}"
        if part == "hour" and not _has_times(column):
            continue
        if any(other.name == name for other in table.columns):
            continue
        made = ColumnProfile(
            name=name,
            dtype="int32" if part in _NUMBERS else "bool" if part == "weekend" else "object",
            kind="category",
            nulls=column.nulls,
            distinct=None,
            top=tuple(ValueCount(value=value, count=1) for value in _values(part, column)),
        )
        step = {"column": {"name": column.name, "is_text": column.name_is_text}, "part": part}
        yield part, made, Derive(name=name, value=DatePart.model_validate(step))


def years_of(column: ColumnProfile) -> tuple[int, int] | None:
    """The first and the last year of a date column, where they are known."""
    years = [re.match(r"\d{4}", str(value)) for value in (column.minimum, column.maximum)]
    first, last = (int(match[0]) if match else 0 for match in years)
    return (first, last) if first and last - first < 300 else None


def _has_times(column: ColumnProfile) -> bool:
    """Whether a date column knows more than days; `True` where nothing is known."""
    known = [str(value) for value in (column.minimum, column.maximum, *column.samples) if value is not None]
    return not known or any(
        re.search(r":", text) and not re.search(r"00:00(?::00)?$", text) for text in known
    )


def _values(part: str, column: ColumnProfile) -> list[Leaf]:
    """The values of a part of a date that a question can name."""
    match part:
        case "month":
            return list(range(1, 13))
        case "quarter":
            return [1, 2, 3, 4]
        case "day_name":
            return list(DAYS)
        case "year":
            years = years_of(column)
            return list(range(years[0], years[1] + 1)) if years else []
        case _:
            return []
