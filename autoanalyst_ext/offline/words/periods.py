"""Periods in questions: `since June 2024`, `between March and May`, `in Q1 2025`, `on 2024-03-01`.

A month or a quarter without a year is one only where the data has it once. What is relative (`last year`) is
none: it depends on today.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ...types.profiles import ColumnProfile
from ..plan.measures import Column
from ..plan.selection import Compare, Condition, During
from .calendar import years_of
from .item import Item
from .lexicon import MONTHS
from .schema import PART, Schema
from .tokens import Token, word_set

_IN = word_set("in during on of for from within")
_SINCE = word_set("since from starting")
_UNTIL = word_set("until till through to up and - –")
_BOUNDS = _SINCE - {"from"} | {"after", "before", "until", "till"}


@dataclass(frozen=True)
class _Moment:
    """A stretch of time that words name: from its first day to the day after."""

    start: date
    end: date
    whole: bool
    """Whether a year or a day is said: it is then no value that every year has."""


def period_items(
    question: Sequence[Token], start: int, schema: Schema
) -> tuple[int, tuple[Item, ...]] | None:
    """The period that begins here: how many tokens it takes, and the condition on each date column."""
    found: dict[int, list[Item]] = {}
    for column in schema.dates():
        if not any(made.name.startswith(f"{column.name}_") for made in schema.virtual):
            continue
        read = _read(question, start, column)
        if read is not None:
            length, condition = read
            text = " ".join(token.text for token in question[start : start + length])
            found.setdefault(length, []).append(Item("K", text, PART, condition=condition))
    return (longest, tuple(found[longest])) if (longest := max(found, default=0)) else None


def _read(question: Sequence[Token], start: int, profile: ColumnProfile) -> tuple[int, Condition] | None:
    column = Column(name=profile.name, is_text=profile.name_is_text)
    word = question[start].word
    plain = 0 if word not in _IN | _SINCE | {"between", "after", "before", "until", "till"} else 1
    first = _moment(question, start + plain, profile)
    if first is None:
        return None
    length, moment = first
    at = start + plain + length
    if at < len(question) and (question[at].word in _UNTIL or question[at].text in _UNTIL):
        second = _moment(question, at + 1, profile, moment)
        if second is not None and (word in ("between", "from") or question[at].word != "and"):
            both = _range(moment, second[1])
            return None if both is None else (at + 1 + second[0] - start, _during(column, both))
    if word == "between" or (not moment.whole and word not in _BOUNDS):
        return None
    if not plain and length == 1 and question[start].kind == "word":
        return None  # `q1` alone is a quartile
    match word:
        case "since" | "starting":
            return plain + length, Compare(column=column, operator=">=", value=moment.start.isoformat())
        case "after":
            return plain + length, Compare(column=column, operator=">=", value=moment.end.isoformat())
        case "before":
            return plain + length, Compare(column=column, operator="<", value=moment.start.isoformat())
        case "until" | "till":
            return plain + length, Compare(column=column, operator="<", value=moment.end.isoformat())
        case _ if _is_year(question[start + plain : start + plain + length]):
            return None  # a year alone is a value of the year
        case _:
            return plain + length, _during(column, moment)


def _is_year(words: Sequence[Token]) -> bool:
    return len(words) == 1 and words[0].kind == "number"


def _during(column: Column, moment: _Moment) -> During:
    return During(column=column, start=moment.start.isoformat(), end=moment.end.isoformat())


def _range(first: _Moment, last: _Moment) -> _Moment | None:
    """From the first day of one to the last of the other, where both are in one year or say which."""
    return _Moment(first.start, last.end, whole=True) if first.start < last.end else None


def _moment(
    question: Sequence[Token], at: int, profile: ColumnProfile, after: _Moment | None = None
) -> tuple[int, _Moment] | None:
    """The month, quarter, year or day that begins here; `after` is what it closes a range with."""
    if at >= len(question):
        return None
    skipped = 1 if question[at].word == "the" else 0
    words = [token.word for token in question[at + skipped : at + skipped + 4]]
    found = (
        _iso(question, at + skipped)
        or _named_month(words, profile, after, _closing_year(question, at + skipped))
        or _quarter(words, profile)
        or _plain_year(question, at + skipped, profile)
    )
    return (found[0] + skipped, found[1]) if found else None


def _iso(question: Sequence[Token], at: int) -> tuple[int, _Moment] | None:
    """`2024-03-01`, `2024-03`."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", question[at].text)
    if question[at].kind != "date" or match is None:
        return None
    try:
        first = date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
    return 1, _Moment(first, first + timedelta(1) if match[3] else _next_month(first), whole=True)


def _named_month(
    words: list[str], profile: ColumnProfile, after: _Moment | None, closing: int | None
) -> tuple[int, _Moment] | None:
    """`june`, `june 2024`, `5 june 2024`, `june 5 2024`; a year said behind the range holds for both."""
    day, length = 0, 0
    if words and (match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", words[0])):
        day, length, words = int(match[1]), 1, words[1:]
        if words[:1] == ["of"]:
            length, words = 2, words[1:]
    if not words or words[0] not in MONTHS:
        return None
    month, length, words = MONTHS[words[0]], length + 1, words[1:]
    if not day and words and (match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", words[0])):
        day, length, words = int(match[1]), length + 1, words[1:]
        if words[:1] == [","]:
            length, words = length + 1, words[1:]
    year = int(words[0]) if words and re.fullmatch(r"[12]\d{3}", words[0]) else None
    length += year is not None
    known = year or closing or (after.start.year if after else None) or _only_year(month, profile)
    if known is None:
        return None
    try:
        first = date(known, month, day or 1)
    except ValueError:
        return None
    return length, _Moment(
        first, first + timedelta(1) if day else _next_month(first), year is not None or bool(day)
    )


def _closing_year(question: Sequence[Token], at: int) -> int | None:
    """The year of `march to may 2024`, said of both months."""
    words = [token.word for token in question[at : at + 4]]
    is_range = len(words) == 4 and words[0] in MONTHS and words[2] in MONTHS
    return int(words[3]) if is_range and re.fullmatch(r"[12]\d{3}", words[3]) else None


def _only_year(month: int, profile: ColumnProfile) -> int | None:
    """The one year of the data that has this month."""
    first, last = _day(profile.minimum), _day(profile.maximum)
    if first is None or last is None:
        return None
    years = [
        year
        for year in range(first.year, last.year + 1)
        if (first.year, first.month) <= (year, month) <= (last.year, last.month)
    ]
    return years[0] if len(years) == 1 else None


def _quarter(words: list[str], profile: ColumnProfile) -> tuple[int, _Moment] | None:
    """`Q1 2025`, `2025 Q1`; `Q1` where the data has it once."""
    match = re.match(r"q([1-4])(?: ([12]\d{3})(?!\d))?|([12]\d{3}) q([1-4])\b", " ".join(words[:2]))
    if match is None:
        return None
    month = 3 * int(match[1] or match[4]) - 2
    said = match[2] or match[3]
    year = int(said) if said else _only_year(month, profile)
    if year is None:
        return None
    first = date(year, month, 1)
    return (2 if said else 1), _Moment(first, _next_month(_next_month(_next_month(first))), whole=True)


def _plain_year(question: Sequence[Token], at: int, profile: ColumnProfile) -> tuple[int, _Moment] | None:
    number, years = question[at].number, years_of(profile)
    if question[at].kind != "number" or not isinstance(number, int) or years is None:
        return None
    if not years[0] <= number <= years[1] or not question[at].text.isdigit():
        return None
    return 1, _Moment(date(number, 1, 1), date(number + 1, 1, 1), whole=True)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
