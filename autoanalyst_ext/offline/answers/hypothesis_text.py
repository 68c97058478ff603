"""Tests and models in words."""

from ..plan import (
    ChiSquare,
    Clusters,
    GroupsTest,
    Model,
    Normality,
    OneSample,
    Regression,
    Sample,
    TwoSamples,
)
from .phrases import condition_text, listed, number_text, quoted

TEST_NAMES = {
    "shapiro": "Shapiro-Wilk test",
    "normaltest": "D'Agostino-Pearson test",
    "jarque_bera": "Jarque-Bera test",
    "t": "Student's t test",
    "welch": "Welch's t test",
    "paired_t": "paired t test",
    "mann_whitney": "Mann-Whitney U test",
    "wilcoxon": "Wilcoxon signed-rank test",
    "anova": "one-way analysis of variance",
    "kruskal": "Kruskal-Wallis test",
    "levene": "Levene's test of equal variances",
    "ks": "Kolmogorov-Smirnov test",
}
MODEL_NAMES = {
    "svc": "support vector classifier",
    "naive_bayes": "naive Bayes classifier",
    "knn_classifier": "nearest neighbours classifier",
    "knn_regressor": "nearest neighbours regressor",
    "ridge": "ridge regression",
    "lasso": "lasso regression",
}
_SIDES = {"two-sided": "", "less": ", first smaller", "greater": ", first larger"}

Asked = Normality | TwoSamples | OneSample | GroupsTest | ChiSquare | Regression | Model | Clusters


def hypothesis_text(ask: Asked) -> str:
    """What a test or a model is of."""
    match ask:
        case Normality(column=column, test=test):
            return f"{TEST_NAMES[test]} of whether {quoted(column)} is normally distributed"
        case TwoSamples(test=test, left=left, right=right, alternative=alternative):
            return f"{TEST_NAMES[test]} of {_sample(left)} and {_sample(right)}{_SIDES[alternative]}"
        case OneSample(column=column, mean=mean, alternative=alternative):
            side = {"two-sided": "", "less": ", or less", "greater": ", or more"}[alternative]
            return f"t test of whether the mean of {quoted(column)} is {number_text(mean)}{side}"
        case GroupsTest(test=test, column=column, by=by):
            return f"{TEST_NAMES[test]} of {quoted(column)} between the groups of {quoted(by)}"
        case ChiSquare(left=left, right=right, correction=correction):
            plain = "" if correction else " without continuity correction"
            return f"chi-square test of {quoted(left)} and {quoted(right)}{plain}"
        case Regression(target=target, features=features):
            return f"linear regression of {quoted(target)} on {listed([quoted(one) for one in features])}"
        case Model():
            return _model(ask)
        case Clusters(columns=columns, count=count, scaled=scaled):
            how = " after scaling to z-scores" if scaled else ""
            return f"{count} clusters (k-means) of {listed([quoted(one) for one in columns])}{how}"


def _sample(sample: Sample) -> str:
    rows = f" where {condition_text(sample.where)}" if sample.where is not None else ""
    return f"{quoted(sample.column)}{rows}"


def _model(ask: Model) -> str:
    name = MODEL_NAMES.get(ask.method, ask.method.replace("_", " "))
    features = listed([quoted(one) for one in ask.features])
    if ask.split is None:
        how = "trained and judged on all rows"
    else:
        how = f"judged on {number_text(round(ask.split.test_size * 100, 10))} % of the rows"
        how += f" (random_state {ask.split.random_state})"
    return f"{name} of {quoted(ask.target)} from {features}, {how}"
