"""Tests of hypotheses as scipy code; each part of a test as an expression."""

from ..plan import (
    ChiSquare,
    Column,
    GroupsTest,
    Normality,
    OneSample,
    Sample,
    TwoSamples,
)
from .conditions import mask
from .correlations import pairs
from .draft import Draft
from .layout import call
from .literals import column_key
from .naming import slug

Hypothesis = Normality | TwoSamples | OneSample | GroupsTest | ChiSquare

_NORMALITY = {"shapiro": "shapiro", "normaltest": "normaltest", "jarque_bera": "jarque_bera"}
_TWO_SAMPLES = {
    "t": "ttest_ind",
    "welch": "ttest_ind",
    "paired_t": "ttest_rel",
    "mann_whitney": "mannwhitneyu",
    "ks": "ks_2samp",
    "levene": "levene",
    "wilcoxon": "wilcoxon",
}
_GROUPS = {"anova": "f_oneway", "kruskal": "kruskal", "levene": "levene"}


def hypothesis_part(finding: Hypothesis, part: str, frame: str, draft: Draft) -> str:
    """The expression of one part of a test: its statistic, its p-value, how many values it is of."""
    names = draft.once((finding, frame), lambda: _tested(finding, frame, draft))
    return names[part]


def _tested(finding: Hypothesis, frame: str, draft: Draft) -> dict[str, str]:
    """Write the test; the name of each part."""
    match finding:
        case Normality():
            return _normality(finding, frame, draft)
        case TwoSamples():
            return _two_samples(finding, frame, draft)
        case OneSample(column=column, mean=mean, alternative=alternative):
            values = _present(column, frame, draft)
            arguments = [values, repr(mean), *_alternative(alternative)]
            return {**_results("ttest_1samp", arguments, draft), "rows": f"len({values})"}
        case GroupsTest():
            return _groups(finding, frame, draft)
        case ChiSquare():
            return _chi_square(finding, frame, draft)


def _results(function: str, arguments: list[str], draft: Draft) -> dict[str, str]:
    statistic, p_value = draft.names.new("statistic"), draft.names.new("p_value")
    before = len(statistic) + len(p_value) + 5
    draft.add(f"{statistic}, {p_value} = {call(f'{draft.stats()}.{function}', arguments, before)}")
    return {"statistic": statistic, "p_value": p_value}


def _present(column: Column, frame: str, draft: Draft) -> str:
    """The values of a column that are there."""
    key = column_key(column)
    return draft.once(
        ("present", column, frame),
        lambda: draft.let(f"{slug(column.name)}_values", f"{frame}[{key}].dropna()"),
    )


def _alternative(alternative: str) -> list[str]:
    return [] if alternative == "two-sided" else [f'alternative="{alternative}"']


def _normality(finding: Normality, frame: str, draft: Draft) -> dict[str, str]:
    values = _present(finding.column, frame, draft)
    if finding.test == "ks":
        arguments = [values, '"norm"', f"args=({values}.mean(), {values}.std())"]
        return {**_results("kstest", arguments, draft), "rows": f"len({values})"}
    return {**_results(_NORMALITY[finding.test], [values], draft), "rows": f"len({values})"}


def _two_samples(finding: TwoSamples, frame: str, draft: Draft) -> dict[str, str]:
    function, options = _TWO_SAMPLES[finding.test], _alternative(finding.alternative)
    if finding.test in ("paired_t", "wilcoxon"):
        both = pairs(finding.left.column, finding.right.column, frame, draft)
        sides = [f"{both}[{column_key(side.column)}]" for side in (finding.left, finding.right)]
        return {**_results(function, [*sides, *options], draft), "rows": f"len({both})"}
    left, right = (_sample(sample, frame, draft) for sample in (finding.left, finding.right))
    if finding.test == "welch":
        options.insert(0, "equal_var=False")
    found = _results(function, [left, right, *options], draft)
    return {**found, "left": f"len({left})", "right": f"len({right})"}


def _sample(sample: Sample, frame: str, draft: Draft) -> str:
    if sample.where is None:
        return _present(sample.column, frame, draft)
    rows = mask(sample.where, frame, draft)
    key, wish = column_key(sample.column), f"{slug(sample.column.name)}_{_where_name(sample)}"
    values = f"{frame}.loc[{rows}, {key}].dropna()"
    return draft.shared(wish, values)


def _where_name(sample: Sample) -> str:
    value = getattr(sample.where, "value", "sample")
    return slug(str(value))


def _groups(finding: GroupsTest, frame: str, draft: Draft) -> dict[str, str]:
    key, by = column_key(finding.column), column_key(finding.by)
    rows = f"{frame}.dropna(subset=[{key}]).groupby({by}, observed=True)[{key}]"
    groups = draft.let("groups", f"[values for _, values in {rows}]")
    return {**_results(_GROUPS[finding.test], [f"*{groups}"], draft), "count": f"len({groups})"}


def _chi_square(finding: ChiSquare, frame: str, draft: Draft) -> dict[str, str]:
    pd = draft.module("pandas", "pd")
    sides = [f"{frame}[{column_key(column)}]" for column in (finding.left, finding.right)]
    counts = draft.let("counts", f"{pd}.crosstab({', '.join(sides)})")
    test = draft.let(
        "test",
        f"{draft.stats()}.chi2_contingency({counts}{'' if finding.correction else ', correction=False'})",
    )
    return {
        "statistic": f"{test}.statistic",
        "p_value": f"{test}.pvalue",
        "dof": f"{test}.dof",
        "rows": f"{counts}.sum().sum()",
        "smallest": f"{test}.expected_freq.min()",
    }
