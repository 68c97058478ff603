"""What a dashboard's charts show, as tables: rows that can be read, kept in place, and taken along as CSV.

A cell is what is shown, what a tooltip says, and the plain value for the CSV. No widgets.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..wording import duration, harmless
from .figures import exactly, spent

Value = str | int | float | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Text that begins so, also in full width, is computed by spreadsheets."""


@dataclass(frozen=True)
class Cell:
    """One figure or name."""

    text: str
    value: Value
    exact: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first cell of a row names it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def in_order_of(self, names: Sequence[str]) -> "Table":
        """The rows that were there stay where they were; new ones come after them."""
        places = {name: place for place, name in enumerate(names)}
        rows = sorted(self.rows, key=lambda row: places.get(row[0].text, len(places)))
        return Table(self.columns, tuple(rows))

    @property
    def names(self) -> list[str]:
        """What the rows are called."""
        return [row[0].text for row in self.rows]

    def as_csv(self) -> str:
        """For a spreadsheet: figures exact, and no text that it would take for a formula."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self.columns)
        writer.writerows([_plain(cell.value) for cell in row] for row in self.rows)
        return text.getvalue()


def days(view: dict[str, Any]) -> Table:
    """By day, the newest first."""
    columns = ("Day (UTC)", "Cost (USD)", "Requests", "Questions", "Failed", "Users")
    rows = [
        (
            Cell(day["day"], day["day"]),
            _cost(day["usage"]),
            *(_number(each) for each in (day["usage"]["requests"], day["questions"], day["failed"])),
            _number(day["users"]),
        )
        for day in reversed(view["days"])
    ]
    return Table(columns, tuple(rows))


def models(view: dict[str, Any]) -> Table:
    """By model, as the server orders them: by cost."""
    columns = ("Model", "Cost (USD)", "Requests", "Input tokens", "Output tokens", "Failed", "Median time")
    rows = [
        (
            _name(model["model"]),
            _cost(model["usage"]),
            _number(model["usage"]["requests"]),
            *_tokens(model["usage"]),
            _number(model["failed"]),
            _time(model["seconds"]),
        )
        for model in view["models"]
    ]
    return Table(columns, tuple(rows))


def users(view: dict[str, Any]) -> Table:
    """The people who used most."""
    columns = (
        "User",
        "Cost (USD)",
        "Requests",
        "Input tokens",
        "Output tokens",
        "Questions",
        "Last active (UTC)",
    )
    rows = [
        (
            _name(user["user"]),
            _cost(user["usage"]),
            _number(user["usage"]["requests"]),
            *_tokens(user["usage"]),
            _number(user["questions"]),
            Cell(user["active_at"][:16].replace("T", " "), user["active_at"], user["active_at"]),
        )
        for user in view["users"]
    ]
    return Table(columns, tuple(rows))


def _name(text: str) -> Cell:
    return Cell(harmless(text), text)


def _cost(usage: dict[str, Any]) -> Cell:
    rest = usage["unpriced_requests"] if usage["cost_usd"] is not None else 0
    shown = f"{spent(usage)} + {rest:,} unpriced" if rest else spent(usage)
    # An exact decimal is a figure, though it comes as text.
    value = "unpriced" if usage["cost_usd"] is None else Amount(usage["cost_usd"])
    return Cell(shown, value, exactly(usage))


def _number(number: int) -> Cell:
    return Cell(f"{number:,}", number)


def _tokens(usage: dict[str, Any]) -> tuple[Cell, Cell]:
    counted = usage["tokens"]
    return _number(counted["input_tokens"]), _number(counted["output_tokens"])


def _time(seconds: float | None) -> Cell:
    return Cell("–", None) if seconds is None else Cell(duration(seconds), seconds, f"{seconds:.3f} s")


class Amount(str):
    """An exact decimal amount: a figure, also with a minus in front."""


def _plain(value: Value) -> Value:
    if isinstance(value, str) and not isinstance(value, Amount) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return value
