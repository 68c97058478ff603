"""Rows of a task: conditions in its sentences, and values that its answers are split by."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import cast

from ...types.profiles import ColumnProfile
from ...types.results import Leaf
from ..plan import AllOf, Between, Compare, CompareMeasure, Condition, Operator
from ..plan.expressions import Binned
from ..plan.measures import Function, Measure
from ..questions.conditions import column_of, yes
from ..words.mentions import FIRST
from ..words.mentions import C as M
from ..words.schema import is_numeric, words_of, yes_and_no
from ..words.tokens import fold, singular, word_set
from .scene import Choice, Scene, TaskError
from .text import words_of_name

_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_EQUALS = re.compile(
    rf"({M})\s*(?:column\s+)?(?:={{1,2}}|values?\s+of|of|is|equal\s+to|exactly\s+equal\s+to|being)\s*"
    rf"(?:exactly\s+(?:equal\s+to\s+)?)?(?:[\"'](?P<text>[^\"'\n]{{1,40}})[\"']|{_NUMBER}(?![\d%]))",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    rf"({M})(?:\s+(?:value|values))?\s+(?:is\s+|are\s+|of\s+)?"
    r"(?P<operator>greater\s+than\s+or\s+equal\s+to|less\s+than\s+or\s+equal\s+to|greater\s+than|more\s+than|"
    r"above|over|higher\s+than|less\s+than|below|under|lower\s+than|at\s+least|at\s+most)\s+"
    rf"(?:the\s+(?P<function>average|mean|median)\s+({M})|{_NUMBER})",
    re.IGNORECASE,
)
_OPERATORS: dict[str, Operator] = {
    "greater than or equal to": ">=", "less than or equal to": "<=", "greater than": ">", "more than": ">",
    "above": ">", "over": ">", "higher than": ">", "less than": "<", "below": "<", "under": "<",
    "lower than": "<", "at least": ">=", "at most": "<=",
}  # fmt: skip
_NEGATED = re.compile(r"(?:did\s+not|didn't|not|non|no|without|never)[\s-]+(?:\w+\s+){0,2}$", re.IGNORECASE)
_EACH = re.compile(
    rf"(?:for\s+each|for\s+every|in\s+each|of\s+each|per|each|by|across(?:\s+different)?)\s+(?:\w+\s+)?(?:unique\s+)?({M})"
    rf"|({M})[\s\w(]{{0,20}}\)?\s+separately|group\w*\b[^.\n]{{0,40}}?({M})",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"\b(?:years?)\s+(?P<low>(?:1[89]|20)\d\d)\s*(?:-|to|and|until|through)\s*(?P<high>(?:1[89]|20)\d\d)"
    r"|\b(?:years?)\s+(?P<from>(?:1[89]|20)\d\d)\s+(?:and\s+)?(?:beyond|onwards?|later|after)"
    r"|\bfrom\s+(?P<low2>(?:1[89]|20)\d\d)\s+to\s+(?P<high2>(?:1[89]|20)\d\d)"
    r"|\b(?:in|for|of)\s+(?:the\s+)?year\s+(?P<one>(?:1[89]|20)\d\d)",
    re.IGNORECASE,
)


def read_rows(scene: Scene) -> None:
    """Find the conditions of all answers and the values that answers can be split by."""
    found = [*_equalities(scene), *_values(scene), *_truths(scene), *_ordinals(scene)]
    by_column: dict[str, list[Choice]] = defaultdict(list)
    for choice in found:
        if all(choice.condition != other.condition for other in by_column[choice.column.name]):
            by_column[choice.column.name].append(choice)
    parts: list[Condition] = []
    for choices in by_column.values():
        name = choices[0].column.name
        split = name in [column.name for column in split_columns(scene)]
        split = split and not scene.says(r"filter")
        if len(choices) == 1 and not split:
            parts.append(choices[0].condition)
            scene.used.add(name)
        scene.choices += [choice for choice in choices if len(choices) > 1 or split]
    _add_groups(scene)
    parts += _comparisons(scene)
    years = _years(scene)
    parts += [years] if years is not None else []
    if parts:
        scene.where = parts[0] if len(parts) == 1 else AllOf(parts=tuple(parts))


def split_columns(scene: Scene) -> list[ColumnProfile]:
    """The columns that the text groups by: `for each class`, `by region separately`."""
    found = []
    for match in _EACH.finditer(scene.text.text):
        mark = match[1] or match[2] or match[3]
        if not scene.text.mentions[ord(mark) - FIRST].sure:
            continue
        column = scene.text.column(mark)
        few = column.kind in ("category", "boolean") or len(column.top) > 1
        if few and column.kind != "number":
            found.append(column)
    years = [c for c in scene.schema.columns if "year" in words_of(c.name) and len(c.top or ()) != 1]
    if scene.says(r"\b(?:each|per|by|between)\s+years?\b") and len(years) == 1 and years[0].kind == "integer":
        found.append(years[0])
    return list(dict.fromkeys(found))


def _add_groups(scene: Scene) -> None:
    """The values of grouping columns, and the labels of bins that the text makes."""
    known = {(choice.column.name, choice.condition) for choice in scene.choices}
    for column in split_columns(scene):
        for count in column.top:
            choice = Choice(column, _is(column, count.value), _value_names(column, count.value), said=False)
            if (column.name, choice.condition) not in known:
                scene.choices.append(choice)
    for step, profile in scene.made:
        if isinstance(step.value, Binned):
            for item in step.value.bins:
                scene.choices.append(Choice(profile, _is(profile, item.label), (words_of_name(item.label),)))


def _is(column: ColumnProfile, value: Leaf) -> Condition:
    return Compare(column=column_of(column), operator="==", value=value)


def _value_names(column: ColumnProfile, value: Leaf) -> tuple[tuple[str, ...], ...]:
    """What an answer's name can call a value: `male`; `class 1`, `1 class`; `first class`."""
    if isinstance(value, str):
        words = words_of_name(value)
        if len(value) > 1:
            return (words,)
        return tuple((part, *words) for part in words_of(column.name))
    pair = yes_and_no(column)
    if pair is not None:
        names = _verbs(column)
        negative = [(no, *name) for name in names for no in ("not", "did not", "non", "no", "didnt", "did")]
        split = tuple(tuple(" ".join(name).split()) for name in negative)
        return names if value == pair[0] else tuple(name for name in split if name[:2] != ("did", name[-1]))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    parts = [part for part in words_of(column.name) if len(part) > 2]
    parts += [part[1:] for part in parts if len(part) > 4]  # the `type` of `stype`
    number = str(value)
    named: list[tuple[str, ...]] = [(part, number) for part in parts]
    named += [(number, part) for part in parts]
    ordinals = [word for word, place in _ORDINALS.items() if place == value]
    named += [(*words_of_name(word), part) for word in ordinals for part in parts]
    return tuple(named)


def _verbs(column: ColumnProfile) -> tuple[tuple[str, ...], ...]:
    return tuple((word,) for word in words_of(column.name) if len(word) > 4)


def _equalities(scene: Scene) -> list[Choice]:
    """`Floor = 1`, `rating of 5`, `Zone = 'C'`."""
    found = []
    for match in _EQUALS.finditer(scene.text.text):
        column = scene.text.column(match[1])
        before = scene.text.text[max(0, match.start() - 30) : match.start()].casefold()
        if re.search(
            r"(?:mean|average|median|deviation|coefficient|threshold|sum|range)\s+(?:of\s+)?(?:the\s+)?$",
            before,
        ):
            continue
        value = _leaf(column, match["text"], match[3])
        if value is not None:
            choice = Choice(column, _is(column, value), _value_names(column, value))
            found.append(choice)
    return found


def _leaf(column: ColumnProfile, text: str | None, number: str | None) -> Leaf:
    if text is not None:
        values = [count.value for count in column.top if isinstance(count.value, str)]
        return next((value for value in values if fold(value) == fold(text)), None)
    if number is None or not is_numeric(column):
        return None
    value = float(number)
    return int(value) if value.is_integer() else value


def _values(scene: Scene) -> list[Choice]:
    """Texts of category columns: `female players`; only where one column has them."""
    found = []
    words = [(m.start(), m.end(), fold(m[0])) for m in re.finditer(r"[^\W_]+", scene.text.text)]
    taken: set[int] = set()
    for length in range(4, 0, -1):
        for index in range(len(words) - length + 1):
            part = words[index : index + length]
            plain = tuple(word for _, _, word in part)
            hits = scene.schema.values(plain)
            if len(hits) != 1 or taken & set(range(index, index + length)):
                continue
            value = hits[0].value
            start, end = part[0][0], part[-1][1]
            quoted = scene.text.text[max(0, start - 1) : start] + scene.text.text[end : end + 1] in (
                "''",
                '""',
            )
            if scene.schema.is_subject(plain[-1]) and not quoted:
                continue
            if not isinstance(value, str) or (len(value) < 4 and not quoted) or fold(value) in _ORDINARY:
                continue
            taken |= set(range(index, index + length))
            found.append(Choice(hits[0].column, _is(hits[0].column, value), (words_of_name(value),)))
    return found


_ORDINARY = word_set("""
    other none normal high low medium yes no true false unknown missing null total average mean median male
    linear positive negative first second third open close test train training testing data python value
    """) - {"male"}  # fmt: skip
"""Values that are everyday words of such texts: only `column is value` can mean them."""


def _truths(scene: Scene) -> list[Choice]:
    """`members who renewed`, `who did not renew`: yes/no columns after a relative pronoun or a noun."""
    found = []
    pattern = rf"(?:who|that|which|they|versus|and|or|were|are|not|is)\s+(?:\w+\s+){{0,3}}?({M})"
    for match in re.finditer(pattern, scene.text.text, re.IGNORECASE):
        if re.search(
            r"\b(?:predict|classif)\w*\s+(?:\w+\s+){0,2}$", scene.text.text[: match.start(1)], re.IGNORECASE
        ):
            continue
        mention = scene.text.mentions[ord(match[1]) - FIRST]
        column = mention.column
        quoted = mention.text[:1] in "\"'`" or scene.text.text[
            match.end() : match.end() + 8
        ].strip().startswith("col")
        if yes_and_no(column) is None or quoted:
            continue
        wanted = _NEGATED.search(scene.text.text[: match.start(1)]) is None
        condition = yes(column) if wanted else _no(column)
        found.append(Choice(column, condition, _value_names(column, cast(Compare, condition).value)))
    return found


def _no(column: ColumnProfile) -> Condition:
    pair = yes_and_no(column)
    assert pair is not None
    return _is(column, pair[1])


def _ordinals(scene: Scene) -> list[Choice]:
    """`in the first class`: an ordinal before a part of the name of a column with few numbers."""
    found = []
    for match in re.finditer(r"\b(\w+)(?=[\s-]+([a-z]+))", scene.lower):
        place = _ORDINALS.get(match[1])
        if place is None:
            continue
        stem = singular(match[2])
        columns = [
            column
            for column in scene.schema.columns
            if column.kind == "integer"
            and place in [count.value for count in column.top]
            and any(word.endswith(stem) and len(stem) > 3 for word in words_of(column.name))
        ]
        if len(columns) == 1:
            found.append(Choice(columns[0], _is(columns[0], place), _value_names(columns[0], place)))
    return found


def _comparisons(scene: Scene) -> list[Condition]:
    """`a rent greater than the average rent`, `price above 5`."""
    found: list[Condition] = []
    for match in _COMPARED.finditer(scene.text.text):
        column = scene.text.column(match[1])
        sign = _OPERATORS[re.sub(r"\s+", " ", match["operator"].casefold())]
        if not is_numeric(column):
            continue
        if match["function"]:
            function = "median" if match["function"].casefold() == "median" else "mean"
            other = column_of(scene.text.column(match[4]))
            measure = Measure(function=cast(Function, function), column=other)
            found.append(CompareMeasure(column=column_of(column), operator=sign, measure=measure))
        else:
            found.append(Compare(column=column_of(column), operator=sign, value=float(match[5])))
        scene.used.add(column.name)
    return list(dict.fromkeys(found))


def _years(scene: Scene) -> Condition | None:
    """`in the year 2010`, `from 2000 to 2010`, where a column counts years."""
    columns = [c for c in scene.schema.columns if "year" in words_of(c.name) and c.kind == "integer"]
    found: list[Condition] = []
    for match in _YEARS.finditer(scene.task.text):
        years = [group for group in match.groups() if group]
        if any(year in column.name for year in years for column in scene.text.columns(scene.text.text)):
            continue
        if len(columns) != 1:
            raise TaskError("the text names a year, and it is not clear which column has it")
        column = column_of(columns[0])
        low, high = match["low"] or match["low2"], match["high"] or match["high2"]
        if low:
            found.append(Between(column=column, low=int(low), high=int(high)))
        elif match["from"]:
            found.append(Compare(column=column, operator=">=", value=int(match["from"])))
        else:
            found.append(Compare(column=column, operator="==", value=int(match["one"])))
        scene.used.add(columns[0].name)
    distinct = list(dict.fromkeys(found))
    if len(distinct) > 1:
        raise TaskError("the text names several periods")
    return distinct[0] if distinct else None


def condition_of(words: Sequence[str], scene: Scene) -> tuple[tuple[Choice, ...], set[int]]:
    """The values that an answer's name calls, one for each column, and the positions of their words."""
    found: dict[str, tuple[Choice, set[int]]] = {}
    for choice in scene.choices:
        for name in choice.names:
            place = _place(words, name)
            if place is None:
                continue
            old = found.get(choice.column.name)
            if old is None or len(place) > len(old[1]):
                found[choice.column.name] = (choice, place)
    used = set().union(*(place for _, place in found.values()))
    return tuple(choice for choice, _ in found.values()), used


def _place(words: Sequence[str], name: Sequence[str]) -> set[int] | None:
    for start in range(len(words) - len(name) + 1):
        part = words[start : start + len(name)]
        if all(_same(word, wanted) for word, wanted in zip(part, name, strict=True)):
            return set(range(start, start + len(name)))
    return None


def _same(word: str, wanted: str) -> bool:
    """Whether two words are one, whatever their ending: `renewed` and `renew`, not `male` and `female`."""
    if word == wanted:
        return True
    common = 0
    for a, b in zip(word, wanted, strict=False):
        if a != b:
            break
        common += 1
    return common >= 5 and common >= min(len(word), len(wanted)) - 3


def joined(conditions: Sequence[Condition]) -> Condition | None:
    """All conditions together."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return AllOf(parts=tuple(conditions))
