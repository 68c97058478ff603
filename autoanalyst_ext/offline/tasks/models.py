"""Models that a task asks for: the method, its target and features, the split, and how it is judged."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ...types.profiles import ColumnProfile
from ..plan.models import Model, Regression, Split
from ..questions.conditions import column_of
from ..words.mentions import C as M
from ..words.tokens import word_set
from .scene import Scene, TaskError

_METHODS = (
    (r"random\s*forest\s*regress", "random_forest_regressor"),
    (r"random\s*forest", "random_forest_classifier"),
    (r"logistic\s*regression", "logistic_regression"),
    (r"linear\s*regression", "linear_regression"),
    (r"decision\s*tree\s*regress", "decision_tree_regressor"),
    (r"decision\s*tree", "decision_tree_classifier"),
    (r"gradient\s*boosting\s*regress", "gradient_boosting_regressor"),
    (r"gradient\s*boosting", "gradient_boosting_classifier"),
    (r"k[\s-]*nearest[\s-]*neighbou?rs?\s*regress", "knn_regressor"),
    (r"k[\s-]*nearest[\s-]*neighbou?rs?", "knn_classifier"),
    (r"naive\s*bayes", "naive_bayes"),
    (r"\bridge\b", "ridge"),
    (r"\blasso\b", "lasso"),
)
_TARGETS = (
    rf"regression\s+of\s+(?:the\s+)?({M})\s+on\b",
    rf"\bpredict(?:s|ing)?\s+(?:whether\s+|the\s+|if\s+|values?\s+|in\s+|a\s+|\w+\s+){{0,5}}?({M})",
    rf"(?<!in)(?:target|dependent|outcome|output)(?:\s+or\s+target)?\s+(?:variable|column|feature)\s*"
    rf"(?:for\s+the\s+\w+\s+)?(?:is|should\s+be|will\s+be|:|=|as)\s+(?:the\s+)?({M})",
    rf"({M})\s+(?:rate\s+)?(?:is|as)\s+(?:the\s+)?(?:target|dependent|outcome|output)\s+variable",
)
_FEATURES = (
    rf"regression\s+of\s+(?:the\s+)?{M}\s+on\s+(?:the\s+)?(?P<list>{M}[^.\n]*)",
    rf"(?:based\s+on|using|from)\s+(?:the\s+)?(?:[\w']+\s+){{0,3}}?(?:features?\s+|variables?\s+|columns?\s+)?(?P<list>{M}[^.\n]*)",
    rf"(?:independent|predictor|explanatory|input)\s+(?:variables?|features?)[^.\n{chr(0xE000)}-{chr(0xF8FF)}]{{0,40}}(?P<list>{M}[^.\n]*)",
    rf"(?P<list>{M}[^.\n]*?{M})\s+(?:are|as)\s+(?:the\s+)?(?:independent|predictor|features)",
)


_SIZES = (
    r"(?P<part>train|test)\w*\s+\w*\s*\((?P<size>\d\d)\s*%\)",
    r"(?P<size>\d\d)\s*%[^.%\d]{0,30}?(?P<part>train|test)",
    r"(?P<part>train|test)\w*[^.%\d]{0,25}?(?P<size>\d\d)\s*%",
)
"""How texts give the share of the rows that a model is trained on, the clearest first."""


def method(scene: Scene) -> str | None:
    """The kind of model that the text names."""
    return next((name for pattern, name in _METHODS if scene.says(pattern)), None)


def model(scene: Scene, *, judged_as_class: bool) -> Model:
    """The model of the text; raises `TaskError` where a part is not clear."""
    name = method(scene)
    if name is None:
        raise TaskError("the task names no model that I know")
    target = _target(scene)
    if target.name in scene.used:
        raise TaskError("a condition of the rows is on what the model is to predict")
    _need_gaps_handled(scene, (target, *_features(scene, target)))
    options: dict[str, Any] = {"balanced": scene.says(r"balancing the class|class_weight|balanced class")}
    state = re.search(r"random[_\s](?:state|seed)\D{0,40}?(\d+)", scene.lower)
    options["seed"] = int(state[1]) if state else 42
    if re.search(r"max_iter", scene.lower):
        steps = re.search(r"max_iter\D{0,10}(\d+)", scene.lower)
        options["max_iter"] = int(steps[1]) if steps else None
    trees = re.search(r"(\d+)\s+(?:trees|estimators)|n_estimators\s*(?:=|of)\s*(\d+)", scene.lower)
    if trees:
        options["estimators"] = int(trees[1] or trees[2])
    if name == "linear_regression" and judged_as_class:
        options["threshold"] = 0.5
    return Model.model_validate(
        {
            "method": name,
            "target": column_of(target),
            "features": tuple(map(column_of, _features(scene, target))),
            "split": _split(scene),
            **options,
        }
    )


def _need_gaps_handled(scene: Scene, columns: Sequence[ColumnProfile]) -> None:
    """Raise `TaskError` where values are missing and the text does not say what becomes of them."""
    gaps = [column.name for column in columns if column.nulls]
    if gaps and not scene.says(r"missing|\bnulls?\b|\bnan\b|imput"):
        raise TaskError(f"`{gaps[0]}` has missing values, and the task does not say what to do with them")


def regression(scene: Scene) -> Regression:
    """Least squares over all rows."""
    target = _target(scene)
    return Regression(target=column_of(target), features=tuple(map(column_of, _features(scene, target))))


def _target(scene: Scene) -> ColumnProfile:
    found = [
        scene.text.column(m[1]) for p in _TARGETS for m in re.finditer(p, scene.text.text, re.IGNORECASE)
    ]
    found += [
        scene.text.column(m[1]) for m in re.finditer(rf"({M})\s+(?:is|as)\s+the\s+dependent", scene.text.text)
    ]
    distinct = list(dict.fromkeys(found))
    if len(distinct) != 1:
        raise TaskError("it is not clear what the model is to predict")
    return distinct[0]


def _features(scene: Scene, target: ColumnProfile) -> tuple[ColumnProfile, ...]:
    found: list[frozenset[str]] = []
    lists: list[list[ColumnProfile]] = []
    for pattern in _FEATURES:
        for match in _in_model_sentences(pattern, scene):
            part = re.split(
                r",\s+using all rows|,?\s+and\s+(?:report|evaluate|calculate|compute|give|find|what)\b|"
                r"\bto predict\b|\bpredict\b|target|dependent variable is",
                match["list"],
            )[0]
            columns = [column for column in scene.text.columns(part) if column != target]
            _need_plain(part)
            names = frozenset(column.name for column in columns)
            if columns and names not in found:
                found.append(names)
                lists.append(columns)
    if len(found) != 1:
        raise TaskError("it is not clear which columns the model learns from")
    return tuple(lists[0])


_LIST_WORDS = word_set("""
    and or the of a an in on as for with use used be is are columns column features feature variables variable
    individuals people to its their prices price values value data also from each independent
    predictor s s' dependent model
    """)


def _need_plain(part: str) -> None:
    """Raise `TaskError` where a list of features has words that could be one more feature."""
    for word in re.findall(r"[a-z']+", part.split("?")[0].casefold()):
        if word not in _LIST_WORDS:
            raise TaskError(f"it is not clear what “{word}” is among what the model learns from")


def _in_model_sentences(pattern: str, scene: Scene) -> Iterator[re.Match[str]]:
    for sentence in re.split(r"(?<=[.;])\s+|\n", scene.text.text):
        if re.search(r"predict|model|regress|train|variables?\b|classif", sentence, re.IGNORECASE):
            yield from re.finditer(pattern, sentence, re.IGNORECASE)


def _split(scene: Scene) -> Split | None:
    text = scene.lower
    sizes: set[int] = set()
    for pattern in _SIZES:
        for m in re.finditer(pattern, text) if not sizes else ():
            size = int(m["size"])
            sizes.add(size if m["part"] == "test" else 100 - size)
    sizes |= {int(m[2]) for m in re.finditer(r"(\d\d)\s*[:/]\s*(\d\d)", text) if int(m[1]) + int(m[2]) == 100}
    sizes |= {round(100 * float(m[1])) for m in re.finditer(r"test_size\s*(?:=|of)\s*(0?\.\d+)", text)}
    if len(sizes) != 1:
        raise TaskError("it is not clear how the rows are split for training and testing")
    state = re.search(r"random[_\s](?:state|seed)\D{0,40}?(\d+)", text)
    return Split(test_size=sizes.pop() / 100, random_state=int(state[1]) if state else 42)
