"""What answers say of how their figures were computed, where schools differ."""

import json
from collections.abc import Iterable

from ...types.profiles import ColumnProfile
from ..plan import (
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Fences,
    Join,
    Measure,
    Outliers,
    Percentiles,
    Plan,
    Question,
    Statistics,
    StrongestPair,
    ZScore,
)

_SAMPLE = {
    "std": "Standard deviations are those of a sample (`n - 1`).",
    "var": "Variances are those of a sample (`n - 1`).",
    "sem": "Standard errors are of the deviation of a sample (`n - 1`).",
    "cv": "The deviation is that of a sample (`n - 1`).",
}
_OTHERS = {
    "quantile": "Quantiles are interpolated linearly.",
    "iqr": "Quartiles are interpolated linearly.",
    "mode": "Of several values that are equally frequent, the smallest is taken.",
}
_CORRELATIONS = {
    "pearson": "Pearson's correlation coefficient, over the rows that have both values.",
    "spearman": "Spearman's rank correlation, over the rows that have both values.",
    "kendall": "Kendall's tau-b, over the rows that have both values.",
}


NO_ROWS = "No row of the table fulfils the condition, so there is nothing to compute."


def conventions_text(plan: Plan) -> str:
    """The conventions that the figures follow, as a last paragraph."""
    found = conventions(plan.ask)
    return f"\n\n{' '.join(found)}" if found else ""


def conventions(ask: Question) -> tuple[str, ...]:
    """The sentences that belong to the figures of a question."""
    match ask:
        case Statistics(measures=measures):
            return _distinct(of_measure(measure) for measure in measures)
        case Correlation() | CorrelationMatrix() | CorrelationRanking() | StrongestPair():
            return (_CORRELATIONS[ask.method],)
        case Outliers(rule=rule):
            return (_of_rule(rule),)
        case _:
            return ()


def of_measure(measure: Measure) -> str:
    """The convention of one statistic; empty where there is one way only."""
    if measure.function in _SAMPLE:
        text = _SAMPLE[measure.function]
        return text if measure.ddof else text.replace("a sample (`n - 1`)", "a whole population (`n`)")
    if measure.function in ("skew", "kurtosis"):
        name = (
            "Skewness" if measure.function == "skew" else "Kurtosis, the excess over a normal distribution,"
        )
        how = (
            "the plain moments, SciPy's default" if measure.biased else "adjusted for a sample, as in pandas"
        )
        return f"{name} is {how}."
    return _OTHERS.get(measure.function, "")


def _of_rule(rule: ZScore | Fences | Percentiles) -> str:
    match rule:
        case ZScore(ddof=ddof):
            of_what = "sample (`n - 1`)" if ddof else "whole population (`n`)"
            return f"The standard deviation is that of a {of_what}."
        case _:
            return "Quantiles are interpolated linearly."


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def has_gaps(plan: Plan, columns: Iterable[ColumnProfile]) -> bool:
    """Whether a value is missing in what the figures are made of; the condition's own columns are not."""
    joined = any(isinstance(step, Join) for step in plan.steps)
    used = plan.model_copy(update={"where": None}).to_json()
    return any(
        column.nulls and (joined or json.dumps(column.name, ensure_ascii=False) in used) for column in columns
    )


def says_gaps_itself(plan: Plan) -> bool:
    """Whether the convention already says what became of missing values."""
    return isinstance(plan.ask, (Correlation, CorrelationMatrix, CorrelationRanking, StrongestPair))
