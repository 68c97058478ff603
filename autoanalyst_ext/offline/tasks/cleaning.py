"""Cleaning that a task asks for: missing values, duplicates, outliers, scaling, encoding, text as numbers.

Each reader finds the sentences with its verbs and the columns in them. A verb without a column that can be
meant raises `TaskError`; verbs that only describe what statistics do anyway (`ignore missing values`) do not.
"""

import re
from collections.abc import Iterator

from ...types.profiles import ColumnProfile
from ..plan.measures import Column
from ..plan.steps import (
    DropDuplicates,
    DropMissing,
    Encode,
    FillMissing,
    KeepGroups,
    Scale,
    Step,
)
from ..questions.conditions import column_of
from ..words.mentions import C as M
from ..words.schema import is_numeric
from .scene import Scene, TaskError

_FILL = re.compile(r"\b(?:fill\w*|imput\w+|replac\w+)\b")
_DROP = re.compile(r"\b(?:remov\w+|delet\w+|drop\w*|discard\w*|eliminat\w+)\b")
_MISSING = r"\b(?:missing|null|nan|na)\b"
_METHOD = re.compile(
    r"\b(mean(?=s?\b)|average|median(?=s?\b)|mode|most frequent|forward|backward|interpolat\w+|zero)"
)
_METHODS = {"average": "mean", "most frequent": "mode"}


def sentences(scene: Scene) -> Iterator[str]:
    """The text's sentences in small letters, marks as they are; cut before a second verb."""
    verbs = r"\band\s+(?=(?:\w+\s+)?(?:imput|fill|replac|remov|delet|drop|encod|normali|scal))"
    for sentence in re.split(rf"(?<=[.;!?])\s+|\n|{verbs}", scene.lower):
        if sentence.strip():
            yield sentence


def read_cleaning(scene: Scene) -> list[Step]:
    """The steps that clean, in the order in which they are run."""
    return [
        *_duplicates(scene),
        *_large_groups(scene),
        *_dropped(scene),
        *_filled(scene),
    ]


def read_scaling(scene: Scene) -> list[Step]:
    """The steps that rescale and encode, which come after columns are made."""
    return [*_scaled(scene), *_encoded(scene)]


def _duplicates(scene: Scene) -> list[Step]:
    for sentence in sentences(scene):
        if re.search(r"duplicate", sentence) and _DROP.search(sentence):
            return [DropDuplicates()]
    return []


_AT_LEAST = re.compile(
    rf"({M})[^.\n]{{0,60}}?\bat least\s+(\d+|once|twice)\s+(?:observations?|times|rows?|records?|entries)",
    re.IGNORECASE,
)


def _large_groups(scene: Scene) -> list[Step]:
    """`species that appear at least 5 times`."""
    found = {
        (column_of(scene.text.column(m[1])), int(m[2]))
        for m in _AT_LEAST.finditer(scene.text.text)
        if m[2].isdigit()
    }
    if len(found) > 1:
        raise TaskError("it is not clear which groups are large enough")
    return [KeepGroups(by=(column,), operator=">=", rows=rows) for column, rows in found]


def _dropped(scene: Scene) -> list[Step]:
    """`remove rows with missing values in A`."""
    columns: list[Column] = []
    everywhere = False
    for sentence in sentences(scene):
        if not re.search(_MISSING, sentence) or not (_DROP.search(sentence) or _excludes(sentence)):
            continue
        if re.search(r"no(?:t any)?\s+missing|are no missing|missing\b[^.]*\bcan be skipped", sentence):
            continue
        named = scene.text.columns(sentence)
        columns += [column_of(column) for column in named]
        everywhere = everywhere or (not named and _DROP.search(sentence) is not None)
    if everywhere:
        return [DropMissing()]
    return [DropMissing(columns=tuple(dict.fromkeys(columns)))] if columns else []


def _excludes(sentence: str) -> bool:
    """Whether rows, and not only values, are to be left out."""
    return (
        re.search(r"\b(?:ignor\w+|exclud\w+)\s+(?:\w+\s+)*(?:rows?|pairs?|entries|records?)\b", sentence)
        is not None
    )


def _filled(scene: Scene) -> list[Step]:
    """`fill missing values in A with the mean`; the method may stand in a later sentence of the column."""
    methods: dict[Column, set[str]] = {}
    asked: list[Column] = []
    groups: list[Column] = []
    before: list[ColumnProfile] = []
    for sentence in sentences(scene):
        them = bool(before) and re.search(r"\breplace\s+(?:them|these|those)\b", sentence)
        before, last = scene.text.columns(sentence) if re.search(_MISSING, sentence) else [], before
        if them:
            asked += [column_of(column) for column in last]
        elif not _FILL.search(sentence) or not re.search(_MISSING + r"|imput", sentence):
            continue
        found = {_METHODS.get(m[1], m[1]) for m in _METHOD.finditer(sentence)}
        if re.search(r"nearest|knn|regress|predict", sentence):
            raise TaskError("I do not fill missing values by a model")
        by = re.search(rf"\b(?:same|each|respective|their|its)\s+({M})", sentence)
        if by and column_of(scene.text.column(by[1])) not in groups:
            groups.append(column_of(scene.text.column(by[1])))
        named = [column_of(column) for column in scene.text.columns(sentence)]
        named = [c for c in dict.fromkeys(named) if c not in groups] or asked[-1:]
        for column in named:
            methods.setdefault(column, set()).update(found)
        asked += named
    steps: list[Step] = []
    for column, names in methods.items():
        if len(names) != 1:
            raise TaskError(f"it is not clear with what the missing values of `{column.name}` are filled")
        name = names.pop()
        if name in ("forward", "backward", "zero") or name.startswith("interpol"):
            raise TaskError(f"I do not fill missing values by “{name}” in a task")
        steps.append(FillMissing.model_validate({"column": column, "method": name, "by": tuple(groups)}))
    return steps


def _scaled(scene: Scene) -> list[Step]:
    """`normalize A with min-max scaling`."""
    method = None
    if scene.says(
        r"min[\s-]*max|between 0 and 1|range (?:between |of )?\[?0(?:,| to| and)|"
        r"scaling between|feature scaling"
    ):
        method = "minmax"
    if scene.says(r"standardi[sz]|z[\s-]?score normali|standardscaler|standard scal"):
        method = "zscore" if method is None else None
    columns: list[Column] = []
    asked = False
    for sentence in sentences(scene):
        if not re.search(r"\bnormali[sz](?:e|ing|ation)\b|\bscal(?:e|ing)\b|\bstandardi[sz]\w+", sentence):
            continue
        if re.search(r"log\w*\s+scale", sentence):
            continue
        asked = True
        named = [c for c in scene.text.columns(sentence) if is_numeric(c)]
        columns += [column_of(column) for column in named]
        if not named and scene.made and re.search(r"new|this|the feature", sentence):
            columns.append(column_of(scene.made[-1][1]))
        elif not named and re.search(r"\bdata(?:set)?\b", sentence):
            columns += [column_of(column) for column in scene.columns if is_numeric(column)]
    if not asked:
        return []
    if not columns:
        raise TaskError("it is not clear which columns are to be rescaled")
    if method is None:
        method = "minmax" if scene.says(r"\bnormali[sz]") and not scene.says(r"z-?score") else None
    if method is None:
        raise TaskError("it is not clear how columns are to be rescaled")
    return [Scale.model_validate({"columns": tuple(dict.fromkeys(columns)), "method": method})]


_CODE = re.compile(
    r"[\"'](\w+)[\"']\s+(?:is|as|to|=|are|being)?\s*(?:coded|encoded|mapped)?\s*(?:as|to|is)?\s*([01])\b"
)


def _encoded(scene: Scene) -> list[Step]:
    """`encode A with label encoding, where "x" is 1`."""
    steps: dict[Column, Encode] = {}
    for sentence in sentences(scene):
        if not re.search(r"\b(?:encod\w+|binary format)\b", sentence):
            continue
        for column in scene.text.columns(sentence):
            if column.kind not in ("category", "text", "boolean"):
                continue
            if re.search(r"one[\s-]?hot", scene.lower):
                steps[column_of(column)] = Encode(column=column_of(column), method="one_hot")
                continue
            pairs = tuple(dict.fromkeys((m[1], int(m[2])) for m in _CODE.finditer(scene.text.text)))
            codes = tuple((value, code) for value, code in pairs if _has(column, value))
            steps[column_of(column)] = Encode(column=column_of(column), method="codes", values=codes)
    return list(steps.values())


def _has(column: ColumnProfile, value: str) -> bool:
    return value in [count.value for count in column.top]
