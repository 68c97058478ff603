"""Answers about tests and models: p-values, words by rule, coefficients, how well a model does."""

from ..plan.findings import (
    Statistics,
)
from ..plan.report import Part, Pick, Source
from ..questions.conditions import column_of
from .hypotheses import (
    chi_square,
    groups_test,
    normality,
    test_kinds,
    two_samples,
)
from .models import method, model, regression
from .scene import TaskError
from .statistic_answers import correlated
from .verdicts import verdict
from .wanted import Wanted, column_for, measure_of

METRICS: dict[str, Part] = {
    "accuracy": "accuracy", "rmse": "rmse", "mse": "mse", "mae": "mae", "r2": "r_squared",
    "precision": "precision", "recall": "recall", "f1": "f1", "auc": "auc",
}  # fmt: skip


def is_verdict(wanted: Wanted) -> bool:
    return bool(wanted.asked.options) or wanted.asked.boolean


def verdict_answer(wanted: Wanted) -> Source | None:
    """A word, as the task's rules choose it."""
    if not is_verdict(wanted) or wanted.has("p_value", "pvalue"):
        return None
    if wanted.has("count", "mean", "std"):
        return None
    return verdict(wanted.asked, _tested(wanted), wanted.scene)


def p_value_answer(wanted: Wanted) -> Source | None:
    is_p = wanted.has("pvalue", "pval") or "p" in wanted.words
    return _tested(wanted) if is_p else None


def _tested(wanted: Wanted) -> Pick:
    """The p-value of the one test that the task is about."""
    scene = wanted.scene
    kinds = test_kinds(scene)
    if "coef" in wanted.words or (
        wanted.has("relationship") and method(scene) and "correlation" not in kinds
    ):
        return _regression_p(wanted)
    if len(kinds) > 1:
        kinds -= {"correlation"} if "correl" not in wanted.asked.name.casefold() else set()
    if wanted.has("normal", "normality", "norm") and "normality" in test_kinds(scene):
        kinds = {"normality"}
    if len(kinds) != 1:
        raise TaskError("it is not clear which test is asked for")
    kind = kinds.pop()
    if kind == "correlation":
        return correlated(wanted, "p_value")
    if kind == "chi":
        return wanted.pick(chi_square(scene), "p_value")
    column = column_for(wanted)
    if kind == "normality":
        if scene.says(r"absolute value of (?:the )?skewness|skewness (?:is )?(?:less|between)"):
            return wanted.pick(Statistics(measures=(measure_of(wanted, "skew", column),)))
        return wanted.pick(normality(scene, column), "p_value")
    if kind == "two":
        return wanted.pick(two_samples(scene, column), "p_value")
    return wanted.pick(groups_test(scene, column), "p_value")


def statistic_answer(wanted: Wanted) -> Source | None:
    """The statistic of the one test."""
    letter = len(wanted.words) == 1 and wanted.words[0] in ("f", "u", "t", "w", "h", "d", "chi", "ks")
    if not (letter or wanted.has("statistic", "stat") or "chi" in wanted.words) or wanted.has("mean", "std"):
        return None
    if not test_kinds(wanted.scene):
        return None
    pick = _tested(wanted)
    return pick.model_copy(update={"part": "statistic"})


def _regression_p(wanted: Wanted) -> Pick:
    columns = wanted.scene.named(wanted.words, wanted.scene.columns)
    if len(columns) != 1:
        raise TaskError("it is not clear of which coefficient the p-value is asked for")
    pick = wanted.pick(regression(wanted.scene), "coefficient_p_value")
    return pick.model_copy(update={"column": column_of(columns[0])})


def coefficient_answer(wanted: Wanted) -> Source | None:
    if "coef" not in wanted.words and not (wanted.has("coefficient") and method(wanted.scene)):
        return None
    columns = wanted.scene.named(wanted.words, wanted.scene.columns)
    if len(columns) != 1 or method(wanted.scene) != "linear_regression":
        return None
    pick = wanted.pick(regression(wanted.scene), "coefficient")
    return pick.model_copy(update={"column": column_of(columns[0])})


def metric_answer(wanted: Wanted) -> Source | None:
    """How well a model does."""
    text = " ".join(wanted.words)
    parts = {part for word, part in METRICS.items() if word in wanted.words}
    if "mean squared error" in text:
        parts.add("rmse" if "root" in text else "mse")
    if "mean absolute error" in text:
        parts.add("mae")
    judged = wanted.scene.says(r"\baccuracy\b") or "accuracy" in wanted.asked.note
    if not parts and wanted.has("score") and judged:
        parts.add("accuracy")
    if not parts or method(wanted.scene) is None:
        return None
    if len(parts) > 1:
        raise TaskError("it is not clear how the model is to be judged")
    part = parts.pop()
    as_class = part in ("accuracy", "precision", "recall", "f1", "auc")
    return wanted.pick(model(wanted.scene, judged_as_class=as_class), part)


def line_answer(wanted: Wanted) -> Source | None:
    """The parts of a straight line."""
    parts: dict[str, Part] = {"slope": "coefficient", "intercept": "intercept", "squared": "r_squared"}
    found = [part for word, part in parts.items() if word in wanted.words]
    found += ["r_squared"] if "r2" in wanted.asked.name.casefold() else []
    scene = wanted.scene
    if len(found) != 1 or method(scene) != "linear_regression" or scene.says(r"\b(?:train|test set|split)"):
        return None
    line = regression(scene)
    pick = wanted.pick(line, found[0])
    if found[0] == "coefficient":
        if len(line.features) != 1:
            return None
        return pick.model_copy(update={"column": line.features[0]})
    return pick
