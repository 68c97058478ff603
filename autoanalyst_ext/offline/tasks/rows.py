"""Rows of a task: conditions in its sentences, and values that its answers are split by."""

import re
from collections import defaultdict
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
from ..words.tokens import fold, singular
from .scene import Choice, Scene, TaskError
from .text import words_of_name
from .values import ORDINALS, is_value, value_choices, value_names

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
    found = [*_equalities(scene), *value_choices(scene, scene.text), *_truths(scene), *_ordinals(scene)]
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
            names = value_names(column, count.value)
            choice = Choice(column, is_value(column, count.value), names, said=False)
            if (column.name, choice.condition) not in known:
                scene.choices.append(choice)
    for step, profile in scene.made:
        if isinstance(step.value, Binned):
            for item in step.value.bins:
                names = (words_of_name(item.label),)
                scene.choices.append(Choice(profile, is_value(profile, item.label), names))


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
            choice = Choice(column, is_value(column, value), value_names(column, value))
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
        found.append(Choice(column, condition, value_names(column, cast(Compare, condition).value)))
    return found


def _no(column: ColumnProfile) -> Condition:
    pair = yes_and_no(column)
    assert pair is not None
    return is_value(column, pair[1])


def _ordinals(scene: Scene) -> list[Choice]:
    """`in the first class`: an ordinal before a part of the name of a column with few numbers."""
    found = []
    for match in re.finditer(r"\b(\w+)(?=[\s-]+([a-z]+))", scene.lower):
        place = ORDINALS.get(match[1])
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
            found.append(Choice(columns[0], is_value(columns[0], place), value_names(columns[0], place)))
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
