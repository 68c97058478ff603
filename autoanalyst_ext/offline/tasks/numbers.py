"""Text columns that a task uses as numbers.

Where the task says so, or where every known value of the column is written as a number.
"""

import re

from ...types.profiles import ColumnProfile, TableProfile
from ..plan.steps import ParseNumber
from ..questions.conditions import column_of
from ..words.mentions import Marked
from ..words.parsed import looks_numeric


def with_numbers(table: TableProfile, text: Marked) -> tuple[TableProfile, tuple[ParseNumber, ...]]:
    """The table with these columns as numbers, and the steps that make them so."""
    converted = _converted(text)
    steps: list[ParseNumber] = []
    columns: list[ColumnProfile] = []
    named = text.columns(text.text)
    for column in table.columns:
        as_text = column.kind in ("text", "category") and column in named
        if as_text and (column in converted or looks_numeric(column)):
            steps.append(ParseNumber(column=column_of(column), lossy=column in converted))
            column = column.model_copy(update={"kind": "number", "top": ()})
        columns.append(column)
    return table.model_copy(update={"columns": tuple(columns)}), tuple(steps)


def _converted(text: Marked) -> list[ColumnProfile]:
    """`convert 'Volume' to numeric`."""
    found: list[ColumnProfile] = []
    for sentence in re.split(r"(?<=[.;!?])\s+|\n", text.text):
        if re.search(r"\b(?:convert|transform|cast|pars)\w*", sentence, re.IGNORECASE) and re.search(
            r"\b(?:numeric\w*|numbers?|integers?|floats?)\b", sentence, re.IGNORECASE
        ):
            found += text.columns(sentence)
    return found
