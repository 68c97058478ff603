"""Phrases with a fixed form: parts of dates, percentiles, units behind numbers."""

import re
from collections.abc import Sequence

from ...types.profiles import ColumnProfile
from .calendar import DAYS
from .item import Item, plain_words
from .lexicon import MONTHS, TIME_ADJECTIVES, TIME_PHRASES, TIMES
from .schema import PART, Schema, ValueHit, words_of
from .tokens import Token, fold, word_set
from .vocabulary import (
    MONEY,
    Cue,
)

_CURRENCIES = word_set("usd eur gbp dollar dollars euro euros pound pounds")


_GENERAL = word_set(
    "method methods score scores level levels amount amounts reading readings type types figure figures use "
    "usage consumption"
)
"""Nouns that say nothing more behind a column's name: `lunch types`, `payment method`."""


_SPEEDS = word_set("kmh kph mph kn knots")


_DURATIONS = word_set("ms s sec secs seconds min mins minutes h hr hrs hours days")


def unit_items(question: Sequence[Token], start: int, schema: Schema) -> tuple[int, tuple[Item, ...]]:
    """A unit after a number says nothing more, or which column the number is of: `over 800 euros`."""
    token = question[start]
    plain = Item("_", token.text)
    after = question[start + 1].word if start + 1 < len(question) else ""
    if token.word in ("years", "year") and after in ("old", "olds"):
        hit = schema.quantity(("age",))
        return (2, (plain, Item("C", "age", PART, column=hit.column))) if hit else (1, (plain,))
    if token.word in _CURRENCIES:
        hit = schema.quantity((*MONEY, "total", "amount", "salary", "revenue"))
        return (1, (plain, Item("C", token.text, PART, column=hit.column))) if hit else (1, (plain,))
    return 1, (plain,)


def is_measured(question: Sequence[Token], after: int, column: ColumnProfile) -> bool:
    """Whether the next word only says what the column's unit does: the `time` of `response_ms`."""
    word = question[after].word if after < len(question) else ""
    unit = words_of(column.name)[-1:] or ("",)
    speed = word in ("speed", "speeds") and unit[0] in _SPEEDS
    if word in _GENERAL and unit[0] != word:
        return True
    return speed or (word in ("time", "times", "duration") and unit[0] in _DURATIONS)


def percentile_item(question: Sequence[Token], start: int) -> tuple[int, tuple[Item, ...]] | None:
    """`90th percentile`, `95 % quantile`, `p99`."""
    token = question[start]
    after = question[start + 1].word if start + 1 < len(question) else ""
    short = re.fullmatch(r"p(\d\d)", token.word) if token.kind == "word" else None
    if short:
        return 1, (Item("S", token.text, cue=Cue("S", f"quantile:{int(short[1]) / 100}")),)
    if token.word in ("percentile", "quantile") and start + 1 < len(question):
        number = question[start + 1]
        share = number.number / 100 if number.number > 1 else number.number
        if number.kind in ("number", "percent") and 0 < share < 1:
            return 2, (Item("S", f"{token.text} {number.text}", cue=Cue("S", f"quantile:{share}")),)
    if token.kind not in ("ordinal", "number", "percent") or after not in ("percentile", "quantile"):
        return None
    share = token.number / 100 if token.number > 1 else token.number
    if not 0 < share < 1:
        return None
    return 2, (Item("S", f"{token.text} {after}", cue=Cue("S", f"quantile:{share}")),)


def time_items(words: Sequence[Token], schema: Schema) -> tuple[int, tuple[Item, ...]] | None:
    """`month`, `hour of day`, `monthly`, `july`: parts of the table's dates."""
    plain = plain_words(words)
    for phrase, part in TIME_PHRASES.items():
        if plain[: len(phrase)] == phrase and (columns := schema.times(part)):
            return len(phrase), tuple(Item("C", " ".join(phrase), PART, column=c) for c in columns)
    word, text = plain[0], words[0].text
    if word in _DAYS and (columns := schema.times("day_name")):
        return 1, tuple(Item("V", text, PART, values=(ValueHit(column, _DAYS[word]),)) for column in columns)
    if word in _WEEKENDS and (columns := schema.times("weekend")):
        values = tuple(Item("V", text, PART, values=(ValueHit(c, _WEEKENDS[word]),)) for c in columns)
        return 1, values + tuple(Item("C", text, PART, column=c) for c in _named_days(word, schema))
    if word in TIMES and (columns := schema.times(TIMES[word])):
        return 1, tuple(Item("C", text, PART, column=column) for column in columns)
    if word in TIME_ADJECTIVES and (columns := schema.times(TIME_ADJECTIVES[word])):
        return 1, tuple(Item("G", text, PART, columns=(column,)) for column in columns)
    if word in MONTHS and (columns := schema.times("month")):
        return 1, tuple(Item("V", text, PART, values=(ValueHit(column, MONTHS[word]),)) for column in columns)
    return None


_DAYS = {name: day for day in DAYS for name in (fold(day), fold(day) + "s", fold(day[:3]))}
_WEEKENDS = {"weekend": True, "weekends": True, "weekdays": False, "workdays": False}


def _named_days(word: str, schema: Schema) -> tuple[ColumnProfile, ...]:
    """`weekdays` is also what one groups by."""
    return schema.times(TIMES[word]) if word in TIMES else ()


def year_items(token: Token, schema: Schema) -> tuple[Item, ...]:
    """`2023` as the year of a date."""
    return tuple(
        Item("V", token.text, PART, values=(ValueHit(column, token.number),))
        for column in schema.times("year")
        if token.text.isdigit() and token.number in [count.value for count in column.top]
    )
