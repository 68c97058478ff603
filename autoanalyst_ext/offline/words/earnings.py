"""Revenue and profit where the table has only what they are made of: price times units, revenue minus cost.

Only where there is just one column for each part; the step that computes it is said in the answer.
"""

from collections.abc import Iterable

from ...types.profiles import ColumnProfile
from ..plan.expressions import Arithmetic, Of
from ..plan.measures import Column
from ..plan.steps import Derive
from .amounts import nature
from .schema import Schema, is_numeric, words_of
from .tokens import singular, word_set
from .vocabulary import ABBREVIATIONS

_REVENUE = word_set("revenue sales turnover takings")
_PROFIT = word_set("profit profits")
_PRICES = word_set("price")
_QUANTITIES = word_set("unit quantity piece item sold")
_INCOME = word_set("revenue sale turnover income gross takings")
_COSTS = word_set("cost budget expense")


def earned(word: str, schema: Schema) -> ColumnProfile | None:
    """The column that a step makes for a word such as `revenue`; `None` where its parts are not clear."""
    if word in _REVENUE:
        price, units = _only(_PRICES, "level", schema), quantity_sold(schema)
        reduced = any("discount" in words_of(column.name) for column in schema.columns)
        name = "revenue_before_discount" if reduced else "revenue"
        return _made(name, "*", units, price, schema) if price and units else None
    if word in _PROFIT:
        income, costs = _only(_INCOME, "", schema), _only(_COSTS, "", schema)
        return _made("profit", "-", income, costs, schema) if income and costs else None
    return None


def quantity_sold(schema: Schema) -> ColumnProfile | None:
    """The one column that says how many were sold."""
    found = _all(_QUANTITIES, "amount", schema)
    sold = [column for column in found if "sold" in words_of(column.name)]
    chosen = sold if len(found) > 1 else found
    return chosen[0] if len(chosen) == 1 else None


def _only(words: frozenset[str], wanted: str, schema: Schema) -> ColumnProfile | None:
    found = _all(words, wanted, schema)
    return found[0] if len(found) == 1 else None


def _all(words: frozenset[str], wanted: str, schema: Schema) -> list[ColumnProfile]:
    return [
        column
        for column in schema.columns
        if is_numeric(column)
        and words & set(map(_plain, words_of(column.name)))
        and (not wanted or nature(column) == wanted)
    ]


def _plain(word: str) -> str:
    return ABBREVIATIONS.get(word, singular(word))


def _made(
    name: str, operator: str, left: ColumnProfile, right: ColumnProfile, schema: Schema
) -> ColumnProfile | None:
    parts: Iterable[ColumnProfile] = (left, right)
    if left == right or any(column.name == name for column in schema.table.columns):
        return None
    first, second = (Of(column=Column(name=part.name, is_text=part.name_is_text)) for part in parts)
    value = Arithmetic.model_validate({"operator": operator, "left": first, "right": second})
    made = ColumnProfile(name=name, dtype="float64", kind="number", nulls=max(left.nulls, right.nulls))
    schema.virtual[made] = Derive(name=name, value=value)
    return made
