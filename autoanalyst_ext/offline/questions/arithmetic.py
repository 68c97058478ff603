"""Two columns reckoned together in a short question: `average rent minus heating`, `rent per floorspace`.

What they make is a column of its own, which a step of the plan computes; the rest of the question then asks
of it as of any other.
"""

import re
from collections.abc import Sequence
from typing import Literal

from ...types.profiles import ColumnProfile
from ..plan import Arithmetic, Derive, Of
from ..words.item import Item, codes
from ..words.schema import Schema, is_numeric, yes_and_no
from ..words.tokens import fold
from ..words.vocabulary import MEASURES
from .conditions import column_of

Operator = Literal["+", "-", "*", "/"]

_PATTERN = re.compile(r"=C(?:A|k)C|%C[tA]C|C[%?]C|CBC")
_SIGNS: dict[str, Operator] = {"+": "+", "-": "-", "–": "-", "*": "*", "/": "/"}
_WORDS = {"+": "plus", "-": "minus", "*": "times", "/": "per"}


def with_arithmetic(items: Sequence[Item], schema: Schema) -> tuple[Item, ...]:
    """The items, with two columns and what joins them as one column that a step makes."""
    places = [at for at, item in enumerate(items) if item.code != "_"]
    for match in _PATTERN.finditer(codes([items[at] for at in places])):
        start, end = places[match.start()], places[match.end() - 1] + 1
        made = _made([item for item in items[start:end] if item.code != "_"], schema)
        if made is not None:
            return (*items[:start], made, *items[end:])
    return tuple(items)


def _made(part: Sequence[Item], schema: Schema) -> Item | None:
    """One item for the whole part; `None` where the columns cannot be reckoned with, or are groups."""
    columns = [item.column for item in part if item.code == "C" and item.column is not None]
    operator = _operator(part)
    if operator is None or len(columns) != 2 or columns[0] == columns[1]:
        return None
    if not all(is_numeric(column) and yes_and_no(column) is None for column in columns):
        return None
    left, right = columns
    if any(item.code == "B" for item in part) and not _is_measured(part[-1]):
        return None
    name = f"{left.name} {_WORDS[operator]} {right.name}"
    if any(column.name == name for column in schema.table.columns):
        return None
    value = Arithmetic(operator=operator, left=Of(column=column_of(left)), right=Of(column=column_of(right)))
    column = ColumnProfile(name=name, dtype="float64", kind="number", nulls=max(left.nulls, right.nulls))
    schema.virtual[column] = Derive(name=name, value=value)
    text = " ".join(item.text for item in part)
    return Item("C", text, min(item.score for item in part), column=column)


def _operator(part: Sequence[Item]) -> Operator | None:
    joint = next((item for item in part if item.code in "%=?B"), None)
    if joint is None:
        return None
    match joint.code:
        case "=":
            return "-" if joint.value == "difference" else None
        case "B":
            return "/" if fold(joint.text) == "per" else None
        case "?":
            return _SIGNS.get(joint.text)
        case _:
            return _SIGNS.get(joint.value)


def _is_measured(item: Item) -> bool:
    """Whether a column is called by a quantity that figures are given for one of: `per square metre`."""
    words = fold(item.text).split()
    return item.column is not None and item.column.kind != "other" and bool(MEASURES & set(words))
