"""Every test of a hypothesis that cells hold, run on random tables and compared with plain Python."""

import math
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autoanalyst_ext.offline.plan import (
    ChiSquare,
    Compare,
    Correlation,
    GroupsTest,
    Normality,
    OneSample,
    Sample,
    TwoSamples,
)

from . import hypothesis_oracles as tests
from . import normality_oracles as normality
from . import oracles
from .cells import column, plan, said, value
from .oracles import Numbers

NUMBERS = st.integers(-4000, 4000).map(lambda number: number / 8)
SAMPLES = st.lists(NUMBERS, min_size=8, max_size=25).filter(lambda found: len(set(found)) > 5)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=8, max_size=25).filter(
    lambda found: all(len(set(side)) > 5 for side in zip(*found, strict=True))
)
Pairs = list[tuple[float, float]]


def in_group(name: str) -> Sample:
    """The values of one group."""
    return Sample(column=column("x"), where=Compare(column=column("g"), operator="==", value=name))


def grouped(**groups: Numbers) -> pd.DataFrame:
    """A frame of groups, with a missing value in each that no test may count."""
    rows = [(name, one) for name, values in groups.items() for one in (*values, None)]
    return pd.DataFrame(rows, columns=["g", "x"])


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
@settings(max_examples=10, deadline=None)
@given(pairs=PAIRS)
def test_a_correlation_and_its_p_value(method: str, pairs: Pairs) -> None:
    left, right = ([pair[side] for pair in pairs] for side in (0, 1))
    if method == "kendall":
        assume(len(set(left)) == len(set(right)) == len(pairs))
        expected = oracles.kendall(left, right), tests.kendall_p(left, right)
    else:
        expected = {"pearson": tests.pearson_test, "spearman": tests.spearman_test}[method](left, right)
    frame = pd.DataFrame({"x": [*left, 1.0, None], "y": [*right, None, 2.0]})
    asked = Correlation.model_validate(
        {"left": {"name": "x"}, "right": {"name": "y"}, "method": method, "tested": True}
    )
    found = value(plan(asked), frame)
    assert (found["r"], found["p_value"]) == pytest.approx(expected, rel=1e-7, abs=1e-9)
    assert found["rows"] == len(pairs)
    alone = value(plan(asked.model_copy(update={"tested": False})), frame)
    assert alone == pytest.approx(expected[0], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("test", "oracle"),
    [
        ("t", tests.student),
        ("welch", tests.welch),
        ("mann_whitney", tests.mann_whitney),
        ("ks", tests.two_sample_ks),
        ("levene", tests.levene),
    ],
)
@settings(max_examples=10, deadline=None)
@given(left=SAMPLES, right=SAMPLES)
def test_two_samples(
    test: str, oracle: Callable[[Numbers, Numbers], tests.Test], left: list[float], right: list[float]
) -> None:
    asked = TwoSamples.model_validate({"test": test, "left": in_group("a"), "right": in_group("b")})
    expected = oracle(left, right)
    assume(expected[1] < 0.99)  # of samples that are alike, scipy gives up the exact way
    found = value(plan(asked), grouped(a=left, b=right, c=[1.0]))
    assert (found["statistic"], found["p_value"]) == pytest.approx(expected, rel=1e-7, abs=1e-9)
    assert (found["left"], found["right"]) == (len(left), len(right))


@settings(max_examples=10, deadline=None)
@given(pairs=PAIRS, mean=NUMBERS)
def test_pairs_and_one_sample(pairs: Pairs, mean: float) -> None:
    left, right = ([pair[side] for pair in pairs] for side in (0, 1))
    assume(len({a - b for a, b in pairs}) > 3)
    frame = pd.DataFrame({"x": [*left, 1.0], "y": [*right, None]})
    sides = Sample(column=column("x")), Sample(column=column("y"))
    found = value(plan(TwoSamples(test="paired_t", left=sides[0], right=sides[1])), frame)
    assert (found["statistic"], found["p_value"]) == pytest.approx(
        tests.paired(left, right), rel=1e-7, abs=1e-9
    )
    found = value(plan(OneSample(column=column("x"), mean=mean)), frame.head(len(pairs)))
    expected = tests.one_sample(left, mean)
    assert (found["statistic"], found["p_value"]) == pytest.approx(expected, rel=1e-7, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(gaps=st.lists(st.integers(-500, 500).filter(bool), min_size=6, max_size=14, unique_by=abs))
def test_signed_ranks(gaps: list[int]) -> None:
    frame = pd.DataFrame({"x": gaps, "y": [0] * len(gaps)})
    sides = Sample(column=column("x")), Sample(column=column("y"))
    found = value(plan(TwoSamples(test="wilcoxon", left=sides[0], right=sides[1])), frame)
    assert (found["statistic"], found["p_value"]) == pytest.approx(tests.wilcoxon(gaps), rel=1e-9)


def normal_ks(values: Numbers) -> tests.Test:
    """Kolmogorov and Smirnov's test against the normal with the values' own mean and deviation."""
    gap = normality.normal_ks_statistic(values, oracles.mean(values), oracles.deviation(values))
    return gap, normality.kolmogorov_upper(gap, len(values))


@pytest.mark.parametrize(
    ("test", "oracle"),
    [
        ("shapiro", normality.shapiro),
        ("normaltest", normality.dagostino),
        ("jarque_bera", normality.jarque_bera),
        ("ks", normal_ks),
    ],
)
@settings(max_examples=10, deadline=None)
@given(values=SAMPLES)
def test_normality(test: str, oracle: Callable[[Numbers], tests.Test], values: list[float]) -> None:
    frame = pd.DataFrame({"x": [*values, None]})
    found = value(plan(Normality.model_validate({"column": {"name": "x"}, "test": test})), frame)
    assert (found["statistic"], found["p_value"]) == pytest.approx(oracle(values), rel=1e-6, abs=1e-8)
    assert found["rows"] == len(values)


@pytest.mark.parametrize(
    ("test", "oracle"), [("anova", tests.anova), ("kruskal", tests.kruskal), ("levene", tests.levene)]
)
@settings(max_examples=10, deadline=None)
@given(groups=st.lists(SAMPLES, min_size=2, max_size=4))
def test_groups(test: str, oracle: Callable[..., tests.Test], groups: list[list[float]]) -> None:
    frame = grouped(**dict(zip("abcd", groups, strict=False)))
    asked = GroupsTest.model_validate({"test": test, "column": {"name": "x"}, "by": {"name": "g"}})
    expected = oracle(*groups)
    assume(expected[0] > 1e-9)  # of groups that are alike, scipy's statistic is zero but for its rounding
    found = value(plan(asked), frame)
    assert (found["statistic"], found["p_value"]) == pytest.approx(expected, rel=1e-7, abs=1e-9)
    assert found["count"] == len(groups)


@settings(max_examples=10, deadline=None)
@given(
    counts=st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 9), min_size=width, max_size=width).filter(any), min_size=2, max_size=4
        )
    ),
    corrected=st.booleans(),
)
def test_chi_square(counts: list[list[int]], corrected: bool) -> None:
    assume(all(any(row) for row in zip(*counts, strict=True)))
    rows = [
        (f"r{i}", f"c{j}")
        for i, row in enumerate(counts)
        for j, count in enumerate(row)
        for _ in range(count)
    ]
    frame = pd.DataFrame([*rows, ("r0", None)], columns=["g", "h"])
    asked = ChiSquare(left=column("g"), right=column("h"), correction=corrected)
    found = value(plan(asked), frame)
    expected = tests.chi_square(counts, corrected=corrected)
    assert (found["statistic"], found["p_value"], found["dof"]) == pytest.approx(expected, rel=1e-7, abs=1e-9)
    assert found["rows"] == len(rows)


def test_the_answer_leads_with_what_was_found() -> None:
    frame = pd.DataFrame({"g": ["a", "b"] * 10, "x": [0, 10, 1, 11, 2, 12, 0, 9, 1, 10] * 2})
    two = plan(TwoSamples(left=in_group("a"), right=in_group("b")))
    assert said(two, frame).startswith(
        "`x` where `g` is “a” and `x` where `g` is “b” differ in their level: statistic {{c1.statistic|.4g}}"
    )
    groups = said(plan(GroupsTest(column=column("x"), by=column("g"))), frame)
    assert groups.startswith("`x` differs between the groups of `g`:")
    same = said(plan(OneSample(column=column("x"), mean=frame["x"].mean())), frame)
    assert "does not show to differ from" in same
    normal = said(plan(Normality(column=column("x"))), frame)
    assert normal.startswith("`x` is not normally distributed: ")
    assert "Shapiro-Wilk test" in normal


@pytest.mark.filterwarnings("ignore:scipy.stats.shapiro:UserWarning")
def test_a_test_without_spread_is_not_pretended() -> None:
    frame = pd.DataFrame({"g": ["a", "b"] * 4, "x": [1.0] * 8})
    asked = plan(Correlation(left=column("x"), right=column("x"), tested=False))
    assert math.isnan(value(asked, frame))
    assert "too few values" in said(asked, frame)
    assert "could not be computed" in said(plan(Normality(column=column("x"))), frame)
