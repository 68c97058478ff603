"""What a column of numbers measures, by its name: an amount that adds up, or a level that is averaged.

`units by shop` can only ask for totals and `rating by genre` only for means; of anything else nobody knows.
"""

from typing import Literal

from ...types.profiles import ColumnProfile
from .schema import is_numeric, words_of, yes_and_no
from .tokens import fold, key, singular, word_set
from .vocabulary import ABBREVIATIONS, MEASURES, NAME_UNITS, UNITS

Nature = Literal["amount", "level", "name", "unknown"]

_AMOUNTS = word_set("""
    revenue sale turnover total proceeds takings profit spending expense amount subtotal
    unit quantity piece item sold count consumption kwh goal assist click view download
    visit visitor ride trip order call booking guest passenger night transaction
    pageview session impression donation win rain rainfall precipitation snowfall kid adult child guest people
    """)
_LEVELS = word_set("""
    price rating score grade mark age temperature humidity speed velocity rate ratio percent share
    satisfaction height weight pressure rpm bmi bp latency mean average median avg level index
    probability stars star voltage frequency heartrate pulse
    """)
_ALWAYS_LEVELS = word_set("average mean median rate ratio percent per index score rating")
"""Wherever they stand in a name: an `avg_units` adds up to nothing."""
_IDS = word_set("id key code zip zipcode postcode phone uuid isbn ean sku nr number no")
"""Last words of names for numbers that only call something."""
_PLACES = word_set("year lat lon lng latitude longitude")
"""The same for what is compared, but never averaged or added up."""


def is_id(column: ColumnProfile) -> bool:
    """Whether the column's values only tell things apart: `customer_id`."""
    words = words_of(column.name)
    return bool(words) and words[-1] in _IDS and yes_and_no(column) is None


def calls(name: str) -> bool:
    """Whether the numbers of a column of this name call something: years, ids and post codes."""
    return bool(set(words_of(name)[-1:]) & (_IDS | _PLACES | _YEARS))


_YEARS = word_set("year yr built born")


def nature(column: ColumnProfile, spoken: str = "") -> Nature:
    """What sums and means of the column would mean; `spoken` are the question's words for it."""
    if is_id(column) or set(words_of(column.name)[-1:]) & _PLACES:
        return "name"
    if not is_numeric(column) or yes_and_no(column) is not None:
        return "unknown"
    words = _plain(words_of(column.name))
    if key(column.name).endswith(_ENERGY):
        return "amount"
    said = _plain(tuple(fold(spoken).split()))
    if set(words) & _ALWAYS_LEVELS:
        return "level"
    if words[:1] == ["number"] or "total" in words or set(said) & _SAID:
        return "amount"
    for word in reversed(words):
        if word in _AMOUNTS:
            return "amount"
        if word in _LEVELS:
            return "level"
    return "unknown"


_ENERGY = ("kwh", "mwh")
_SAID = word_set("revenue sale turnover proceeds takings profit spending")
"""Said of any column, they mean its total."""
_UNITS = UNITS | NAME_UNITS | MEASURES


def _plain(words: tuple[str, ...]) -> list[str]:
    """The words of a name in full and in the singular, without the unit at its end."""
    kept = words[:-1] if len(words) > 1 and words[-1] in _UNITS else words
    return [ABBREVIATIONS.get(word, singular(word)) for word in kept]
