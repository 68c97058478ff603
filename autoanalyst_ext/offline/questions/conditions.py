"""Conditions: the parts of a question that choose rows.

`reduce_conditions` replaces each such part of a reading by one item K. What does not make sense for its
column (a number for a text, a value of another column) is left as it is, so that the question stays unread.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from ...types.profiles import ColumnProfile
from ...types.results import Leaf
from ..plan import (
    AllOf,
    AnyOf,
    Between,
    Column,
    Compare,
    CompareMeasure,
    Condition,
    Contains,
    Measure,
    Missing,
    Not,
    OneOf,
    Operator,
)
from ..words.amounts import is_id
from ..words.item import Item, codes
from ..words.schema import is_numeric, words_of, yes_and_no
from ..words.tokens import fold
from ..words.units import converted, is_plausible
from ..words.vocabulary import Cue


class AmbiguousError(Exception):
    """The question can be read in two ways that give different answers; the text says which."""


OPPOSITE: dict[str, Operator] = {"==": "!=", "!=": "==", ">": "<=", ">=": "<", "<": ">=", "<=": ">"}
Builder = Callable[[Sequence[Item]], Condition | None]


def column_of(profile: ColumnProfile) -> Column:
    """The plan's word for a column."""
    return Column(name=profile.name, is_text=profile.name_is_text)


def negated(condition: Condition, profile: ColumnProfile) -> Condition:
    """The rows that have a value and do not fulfil `condition`: a missing value is neither."""
    if isinstance(condition, Compare):
        other: Condition = condition.model_copy(update={"operator": OPPOSITE[condition.operator]})
    else:
        other = Not(part=condition)
    if profile.nulls == 0 or isinstance(condition, Missing):
        return other
    return AllOf(parts=(Not(part=Missing(column=column_of(profile))), other))


def yes(profile: ColumnProfile) -> Condition:
    """The rows where a yes/no column says yes."""
    return yes_no(profile, True)


def yes_no(profile: ColumnProfile, wanted: bool) -> Condition:
    """The rows where a yes/no column says yes, or no."""
    pair = yes_and_no(profile)
    assert pair is not None
    return Compare(column=column_of(profile), operator="==", value=pair[0] if wanted else pair[1])


def _first(items: Sequence[Item], code: str) -> Item | None:
    return next((item for item in items if item.code in code), None)


def _profile(items: Sequence[Item]) -> ColumnProfile:
    item = _first(items, "CY")
    assert item is not None
    assert item.column is not None
    return item.column


def _signed(items: Sequence[Item], condition: Condition) -> Condition:
    return negated(condition, _profile(items)) if _first(items, "Xx") else condition


def _comparison(items: Sequence[Item]) -> Condition | None:
    profile, operator, number = _profile(items), _first(items, "Oo"), _first(items, "N")
    assert number is not None
    sign = cast(Operator, operator.value if operator else "==")
    if profile.kind == "datetime" and operator is not None:
        return _dated(profile, sign, number.number)
    if not is_numeric(profile):
        return None
    value = _in_unit(number, profile, guessed=_guessed(items))
    if value is None:
        return None
    if operator is not None and sign not in ("==", "!=") and is_id(profile):
        return None  # "patients over 60" are not numbered so
    if operator is not None and fold(operator.text) in _TIMELY and "year" not in words_of(profile.name):
        return None
    if number.text.endswith("%") and not isinstance(profile.maximum, str) and (profile.maximum or 0) <= 1:
        return None  # a share written as a fraction, or not known
    return _signed(items, Compare(column=column_of(profile), operator=sign, value=value))


def _in_unit(number: Item, profile: ColumnProfile, *, guessed: bool) -> int | float | None:
    """The number in the column's unit; `None` where it can be none of its values' kind.

    A column that is only guessed is not compared with what lies outside of its values.
    """
    value = converted(number.number, number.unit, profile)
    if value is None or (not number.unit and not is_plausible(value, profile)):
        return None
    if 0 < value < 1 and any("%" in str(sample) for sample in profile.samples):
        return None  # a share written as a fraction, against per cents
    low, high = profile.minimum, profile.maximum
    if isinstance(high, (int, float)) and value > 1000 * abs(high) > 0:
        return None  # the column counts in thousands or millions
    known = isinstance(low, (int, float)) and isinstance(high, (int, float))
    return None if guessed and known and not low <= value <= high else value  # type: ignore[operator]


def _guessed(items: Sequence[Item]) -> bool:
    """Whether no word of the question names the column."""
    named = _first(items, "CY")
    return named is None or fold(named.text) in _ASSUMED


_ASSUMED = frozenset({"age"})
_TIMELY = frozenset(("before", "after", "since", "earlier than", "later than"))


def _dated(profile: ColumnProfile, sign: Operator, year: int | float) -> Condition | None:
    """`hired before 2015`: the first day of the year, or of the next for what is after it."""
    if not isinstance(year, int) or not 1000 <= year < 3000 or sign not in ("<", ">", ">="):
        return None
    first = year + 1 if sign == ">" else year
    operator: Operator = "<" if sign == "<" else ">="
    return Compare(column=column_of(profile), operator=operator, value=f"{first}-01-01")


def _between(items: Sequence[Item]) -> Condition | None:
    profile, (low, high) = _profile(items), [item for item in items if item.code == "N"]
    first = low.number
    if high.number != high.mantissa and low.number == low.mantissa and low.number <= high.mantissa:
        scaled = low.number * (high.number / high.mantissa)  # "3 to 5 million" means 3 million
        first = int(scaled) if scaled == int(scaled) else scaled
    if not is_numeric(profile) or is_id(profile):
        return None
    guessed, unit = _guessed(items), high.unit or low.unit
    ends = [
        _in_unit(replace(item, number=number, unit=unit), profile, guessed=guessed)
        for item, number in ((low, first), (high, high.number))
    ]
    bottom, top = ends
    if bottom is None or top is None or bottom > top:
        return None
    return _signed(items, Between(column=column_of(profile), low=bottom, high=top))


def _numbers(items: Sequence[Item]) -> Condition | None:
    profile = _profile(items)
    numbers = tuple(item.number for item in items if item.code == "N")
    if not is_numeric(profile):
        return None
    column = column_of(profile)
    if len(numbers) == 1:
        return _signed(items, Compare(column=column, operator="==", value=numbers[0]))
    return _signed(items, OneOf(column=column, values=numbers))


def _value(items: Sequence[Item]) -> Condition | None:
    """`status is shipped`, `shipped status`, `not shipped`, `shipped`."""
    named = _first(items, "CY")
    word = _first(items, "V")
    assert word is not None
    operator = _first(items, "O")
    if operator is not None and operator.value not in ("==", "!="):
        return None
    hits = [hit for hit in word.values if named is None or hit.column == named.column]
    if len(hits) != 1:
        return None
    hit = hits[0]
    if named is None and fold(word.text) in ("yes", "no", "true", "false"):
        return None
    condition: Condition = Compare(column=column_of(hit.column), operator="==", value=hit.value)
    negative = (_first(items, "Xx") is not None) != (operator is not None and operator.value == "!=")
    return negated(condition, hit.column) if negative else condition


def _other_than(items: Sequence[Item]) -> Condition | None:
    """`except Chile`, `before 2020`."""
    hit = items[1].values[0]
    year = hit.column.name.endswith("_year") and isinstance(hit.value, int)
    if year and fold(items[0].text) in _TIMELY and len(items[1].values) == 1:
        sign = cast(Operator, items[0].value)
        return Compare(column=column_of(hit.column), operator=sign, value=hit.value)
    return _value(items) if items[0].value == "!=" else None


def _none_of(items: Sequence[Item]) -> Condition | None:
    """`city is not Oslo or Lima`: neither."""
    named = _first(items, "CY")
    hits = []
    for word in (item for item in items if item.code == "V"):
        own = [hit for hit in word.values if named is None or hit.column == named.column]
        if len(own) != 1:
            return None
        hits.append(own[0])
    if len({hit.column.name for hit in hits}) != 1:
        return None
    values = tuple(hit.value for hit in hits)
    return negated(OneOf(column=column_of(hits[0].column), values=values), hits[0].column)


def _text(items: Sequence[Item]) -> Condition | None:
    profile, text, operator = _profile(items), _first(items, "Q"), _first(items, "O")
    assert text is not None
    if profile.kind not in ("text", "category") or (operator and operator.value not in ("==", "!=")):
        return None
    place = _first(items, "q")
    if place is not None:
        found = {"column": column_of(profile), "text": text.text, "place": place.value or "anywhere"}
        return _signed(items, Contains.model_validate(found))
    condition = Compare(column=column_of(profile), operator="==", value=text.text)
    negative = (_first(items, "Xx") is not None) != (operator is not None and operator.value == "!=")
    return negated(condition, profile) if negative else condition


def _truth(items: Sequence[Item]) -> Condition | None:
    profile = _profile(items)
    if yes_and_no(profile) is None:
        return None
    if items[0].code == "W" and items[0].value != "where":
        return None
    return yes_no(profile, _first(items, "Xx") is None)


def _missing(items: Sequence[Item]) -> Condition | None:
    return _signed(items, Missing(column=column_of(_profile(items))))


def _adjective(items: Sequence[Item]) -> Condition | None:
    comparative, number = items[0], items[-1]
    if comparative.column is None or not is_numeric(comparative.column):
        return None
    value = _in_unit(number, comparative.column, guessed=True)
    if value is None:
        return None
    sign = cast(Operator, comparative.value)
    return Compare(column=column_of(comparative.column), operator=sign, value=value)


def _average(items: Sequence[Item]) -> Condition | None:
    """`waste above average`: compared with the mean of all rows."""
    profile, operator, word = _profile(items), _first(items, "O"), _first(items, "S")
    if operator is None or word is None or word.value not in ("mean", "median") or not is_numeric(profile):
        return None
    figure = Measure.model_validate({"function": word.value, "column": column_of(profile)})
    sign = cast(Operator, operator.value)
    return CompareMeasure(column=column_of(profile), operator=sign, measure=figure)


def _outside(items: Sequence[Item]) -> Condition | None:
    """`bmi under 18 or over 35`."""
    profile = _profile(items)
    named = [item for item in items if item.code in "CY"][:1]
    sides = [
        [*named, _strict(items[at]), items[at + 1]] for at in range(len(items)) if items[at].code in "Oo"
    ]
    parts = [_comparison(side) for side in sides]
    if len(parts) != 2 or any(part is None for part in parts) or yes_and_no(profile) is not None:
        return None
    return AnyOf(parts=tuple(part for part in parts if part is not None))


def _strict(sign: Item) -> Item:
    """`or over 35` behind another limit is a limit of its own: above 35."""
    strict = {"or over": ">", "or above": ">", "or under": "<", "or below": "<"}.get(fold(sign.text))
    return replace(sign, code="O", cue=Cue("O", strict)) if strict else sign


def _numbered(items: Sequence[Item]) -> Condition | None:
    """`customer 12`: the number of an id."""
    profile, number = _profile(items), _first(items, "N")
    if number is None or not is_id(profile) or not is_numeric(profile):
        return None
    return Compare(column=column_of(profile), operator="==", value=number.number)


def _possessed(items: Sequence[Item]) -> Condition | None:
    """`bookings with kids`, `orders without rating`: more than none of what is counted, or any value."""
    profile, without = _profile(items), _first(items, "xX") is not None
    if yes_and_no(profile) is not None or _first(items, "C") is None:
        return None
    none = [count.value for count in profile.top if fold(str(count.value)) in ("none", "no", "nothing")]
    counted = is_numeric(profile) and profile.minimum == 0
    meant = [bool(none), counted, profile.nulls > 0]
    if sum(meant) != 1:
        return None
    column = column_of(profile)
    condition: Condition = Missing(column=column)
    if none or counted:
        condition = Compare(column=column, operator="==", value=none[0] if none else 0)
    return condition if without else negated(condition, profile)


_C = "[CY]"
_BARE = "(?!I?X?[Oq]?[VNQy])"
"""A yes/no column that is not compared with anything: `with balcony`, not `where balcony is yes`."""
_STRONG: tuple[tuple[str, Builder], ...] = (
    (rf"n?{_C}I?X?(?:bNAN|W?NtN)", _between),
    (rf"X?b(?:NAN{_C}|{_C}NAN)", _between),
    (rf"n?{_C}I?ON(?:[RA]O|o)N", _outside),
    (rf"{_C}I?OS", _average),
    (rf"n?{_C}I?X?ON", _comparison),
    (rf"X?ON{_C}", _comparison),
    (rf"n?{_C}I?No|No{_C}|N{_C}o", _comparison),
    (rf"n?{_C}IX?NR?N?(?:RN)*", _numbers),
    (rf"{_C}(?:I?X?O|IX?|X)?V", _value),
    (rf"(?:{_C}I?X|I?[Xx]W?)V(?:[RA]+W?V)+", _none_of),
    (rf"X?V{_C}", _value),
    (r"I?[Xx]W?V", _value),
    (r"OV", _other_than),
    (rf"{_C}I?X?(?:O|q|I)Q|{_C}Xq?Q|{_C}[IX]Q", _text),
    (rf"{_C}I?X?IX?y|{_C}Xy", _missing),
    (rf"(?:[Xx]|IX?)Y{_BARE}", _truth),
    (r"JN", _adjective),
    (r"CN", _numbered),
)
"""Say by themselves that they choose rows."""

_WEAK: tuple[tuple[str, Builder], ...] = (
    (rf"N(?:RN)*{_C}", _numbers),
    (rf"NtN{_C}", _between),
    (rf"{_C}N(?:RN)*", _numbers),
    (r"V", _value),
    (rf"y{_C}", _missing),
)
"""Do so only after a link (`with 3 bedrooms`), or before the rows' noun (`3 bedroom houses`)."""

_POSSESSED = re.compile(r"(?:H|x|HX|X)C(?![A-Zbtkq])")
_TRUTH = re.compile(f"[HW]Y{_BARE}")
_LINKED_TRUTH = re.compile(f"Y{_BARE}")
_STRONG_PATTERNS = tuple((re.compile(pattern), builder) for pattern, builder in _STRONG)
_WEAK_PATTERNS = tuple((re.compile(pattern), builder) for pattern, builder in _WEAK)


def reduce_conditions(items: Sequence[Item]) -> list[Item]:
    """Replace the parts that choose rows by K items, and join what `and` and `or` connect.

    Raises `AmbiguousError` where `and` and `or` are mixed.
    """
    return _joined(_reduced(items))


def _reduced(items: Sequence[Item]) -> list[Item]:
    """Each condition as one K item."""
    letters, position = codes(items), 0
    result: list[Item] = []
    while position < len(items):
        length, condition = _longest(items, letters, position, result)
        if condition is None:
            result.append(items[position])
            position += 1
            continue
        part = items[position : position + length]
        score = min(item.score for item in part)
        result.append(Item("K", " ".join(item.text for item in part), score, condition=condition))
        position += length
    return result


def _longest(
    items: Sequence[Item], letters: str, position: int, before: Sequence[Item]
) -> tuple[int, Condition | None]:
    best: tuple[int, Condition | None] = (0, None)
    linked = _is_linked(before)
    patterns = list(_STRONG_PATTERNS)
    if linked or letters[position] == "V":
        patterns += _WEAK_PATTERNS
    elif re.match(r"N(?:RN)*[CY]U", letters[position:]):
        patterns += _WEAK_PATTERNS[:1]
    patterns.append((_TRUTH, _truth))
    if not {"c", "E", "h", "~"} & set(letters):  # "correlation of tax with power" names two columns
        patterns.append((_POSSESSED, _possessed))
    if linked:
        patterns.append((_LINKED_TRUTH, _truth))
    if position == 0 and letters[0] == "I":
        return best  # "is there a balcony in row 3" asks, and states nothing
    for pattern, builder in patterns:
        match = pattern.match(letters, position)
        if match and match.end() - position > best[0]:
            condition = builder(items[position : match.end()])
            if condition is not None:
                best = (match.end() - position, condition)
    return best


def _is_linked(before: Sequence[Item]) -> bool:
    """Whether the items so far end with a link, or with a condition and a conjunction."""
    return re.search(r"(?:[HW]|K[AR]+)$", codes(before)) is not None


def _joined(items: list[Item]) -> list[Item]:
    """Join neighbouring K items with what connects them."""
    letters, position = codes(items), 0
    result: list[Item] = []
    for match in re.finditer(r"[HWI]*K(?:[AR]+[HWI]*K)*", letters):
        result += items[position : match.start()]
        result.append(_join(items[match.start() : match.end()]))
        position = match.end()
    return result + items[position:]


def _join(part: Sequence[Item]) -> Item:
    """One K item for a chain of conditions and conjunctions."""
    first = next(item for item in part if item.code == "K")
    conditions = [item.condition for item in part if item.condition is not None]
    chain, links, either = _merged(conditions, _links(part))
    if len(set(links)) > 1:
        raise AmbiguousError(
            "`and` and `or` are mixed; say them in two questions, or with only one of the two words"
        )
    condition = chain[0]
    if links:
        condition = AnyOf(parts=tuple(chain)) if links[0] == "R" else AllOf(parts=tuple(chain))
    score = min(item.score for item in part if item.code == "K")
    return replace(
        first, text=" ".join(item.text for item in part), score=score, condition=condition, either=either
    )


def _links(part: Sequence[Item]) -> list[str]:
    """The conjunction between each two conditions, A or R; a comma takes the one that follows."""
    links: list[str] = []
    between: list[Item] = []
    for item in part:
        if item.code == "K":
            links.append(_link(between))
            between = []
        elif item.code in "AR":
            between.append(item)
    following = "A"
    for index in range(len(links) - 1, 0, -1):
        following = links[index] = following if links[index] == "," else links[index]
    return links[1:]


def _link(between: Sequence[Item]) -> str:
    if any(item.code == "R" for item in between):
        return "R"
    return "," if between and all(item.text == "," for item in between) else "A"


def _merged(conditions: Sequence[Condition], links: Sequence[str]) -> tuple[list[Condition], list[str], bool]:
    """Put equalities of one column that stand side by side into one `OneOf`.

    `in Berlin and Paris` can only mean either of the two; the flag says that this happened.
    """
    chain, kept, either = [conditions[0]], [], False
    for link, condition in zip(links, conditions[1:], strict=True):
        column = _column(condition)
        if column is not None and column == _column(chain[-1]):
            chain[-1] = OneOf(column=column, values=_values(chain[-1]) + _values(condition))
            either = either or link == "A"
        else:
            chain.append(condition)
            kept.append(link)
    return chain, kept, either


def _values(condition: Condition) -> tuple[Leaf, ...]:
    if isinstance(condition, Compare):
        return (condition.value,)
    return condition.values if isinstance(condition, OneOf) else ()


def _column(condition: Condition) -> Column | None:
    """The column of an equality, `None` for any other condition."""
    if isinstance(condition, Compare):
        return condition.column if condition.operator == "==" else None
    return condition.column if isinstance(condition, OneOf) else None
