"""Every statistic that cells hold, run on random tables and compared with plain Python."""

import math
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoanalyst_ext.offline.plan import CompareMeasure, RowCount, Statistics

from . import oracles
from .cells import column, measure, plan, said, value
from .oracles import Numbers

EIGHTHS = st.integers(-8000, 8000).map(lambda number: number / 8)
"""Numbers without rounding errors of their own."""
GAPPY = st.lists(st.one_of(st.none(), EIGHTHS), min_size=8, max_size=30).filter(
    lambda found: len({one for one in found if one is not None}) > 4
)
Oracle = Callable[[Numbers], float]


def with_ddof(function: Callable[..., float], ddof: int) -> Oracle:
    """An oracle of a sample or of a population."""
    return lambda values: function(values, ddof)


STATISTICS: list[tuple[str, dict[str, object], Oracle]] = [
    ("mean", {}, oracles.mean),
    ("median", {}, oracles.median),
    ("sum", {}, math.fsum),
    ("min", {}, min),
    ("max", {}, max),
    ("count", {}, len),
    ("nunique", {}, lambda values: len(set(values))),
    ("range", {}, lambda values: max(values) - min(values)),
    ("std", {}, with_ddof(oracles.deviation, 1)),
    ("std", {"ddof": 0}, with_ddof(oracles.deviation, 0)),
    ("var", {}, with_ddof(oracles.variance, 1)),
    ("var", {"ddof": 0}, with_ddof(oracles.variance, 0)),
    ("sem", {}, lambda values: oracles.deviation(values) / math.sqrt(len(values))),
    ("sem", {"ddof": 0}, lambda values: oracles.deviation(values, 0) / math.sqrt(len(values))),
    ("skew", {}, lambda values: oracles.skewness(values, adjusted=True)),
    ("skew", {"biased": True}, lambda values: oracles.skewness(values, adjusted=False)),
    ("kurtosis", {}, lambda values: oracles.kurtosis(values, adjusted=True)),
    ("kurtosis", {"biased": True}, lambda values: oracles.kurtosis(values, adjusted=False)),
    ("quantile", {"q": 0.9}, lambda values: oracles.quantile(values, 0.9)),
    ("quantile", {"q": 0.25}, lambda values: oracles.quantile(values, 0.25)),
    ("iqr", {}, lambda values: oracles.quantile(values, 0.75) - oracles.quantile(values, 0.25)),
    ("mad", {}, lambda values: oracles.median([abs(v - oracles.median(values)) for v in values])),
    ("mode", {}, lambda values: min(oracles.modes(values))),
    ("first", {}, lambda values: values[0]),
    ("last", {}, lambda values: values[-1]),
]
IDS = [
    f"{name}{''.join(f' {key}={value}' for key, value in options.items())}" for name, options, _ in STATISTICS
]


@pytest.mark.parametrize(("name", "options", "oracle"), STATISTICS, ids=IDS)
@settings(max_examples=8, deadline=None)
@given(found=GAPPY)
def test_a_statistic_of_a_column(
    name: str, options: dict[str, object], oracle: Oracle, found: list[float | None]
) -> None:
    present = [one for one in found if one is not None]
    asked = plan(Statistics(measures=(measure(name, **options),)))
    assert value(asked, pd.DataFrame({"x": found})) == pytest.approx(oracle(present), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("name", "options", "oracle"), STATISTICS, ids=IDS)
@settings(max_examples=5, deadline=None)
@given(left=GAPPY, right=GAPPY)
def test_a_statistic_of_each_group(
    name: str,
    options: dict[str, object],
    oracle: Oracle,
    left: list[float | None],
    right: list[float | None],
) -> None:
    groups = {"a": left, "b": right}
    frame = pd.DataFrame({"g": ["a"] * len(left) + ["b"] * len(right), "x": left + right})
    asked = plan(Statistics(measures=(measure(name, **options),)), by=(column("g"),))
    expected = {key: oracle([one for one in found if one is not None]) for key, found in groups.items()}
    assert value(asked, frame).to_dict() == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=8, deadline=None)
@given(
    found=GAPPY, picked=st.lists(st.sampled_from(range(len(STATISTICS))), min_size=2, max_size=4, unique=True)
)
def test_several_statistics_at_once(found: list[float | None], picked: list[int]) -> None:
    chosen = [STATISTICS[at] for at in picked]
    present = [one for one in found if one is not None]
    measures = tuple(measure(name, **options) for name, options, _ in chosen)
    frame = pd.DataFrame({"x": found, "g": ["only"] * len(found)})
    expected = [oracle(present) for _, _, oracle in chosen]
    figures = value(plan(Statistics(measures=measures)), frame)
    assert list(dict(figures).values()) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    row = value(plan(Statistics(measures=measures), by=(column("g"),)), frame).iloc[0]
    assert row.tolist() == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=8, deadline=None)
@given(found=st.lists(st.integers(1, 900), min_size=3, max_size=30))
def test_the_coefficient_of_variation(found: list[int]) -> None:
    asked = plan(Statistics(measures=(measure("cv"), measure("cv", ddof=0))))
    expected = [oracles.deviation(found, ddof) / oracles.mean(found) for ddof in (1, 0)]
    figures = value(asked, pd.DataFrame({"x": found}))
    assert list(figures.values()) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=8, deadline=None)
@given(found=GAPPY)
def test_rows_above_a_multiple_of_the_mean(found: list[float | None]) -> None:
    present = [one for one in found if one is not None]
    condition = CompareMeasure(column=column("x"), operator=">", measure=measure("mean"), times=1.5)
    asked = plan(RowCount(), where=condition)
    expected = sum(one > 1.5 * (math.fsum(present) / len(present)) for one in present)
    assert value(asked, pd.DataFrame({"x": found})) == expected


def test_an_answer_says_its_convention() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0, 4.0, 9.0, 16.0]})
    sentences = {
        ("std", 1): "sample (`n - 1`)",
        ("std", 0): "whole population (`n`)",
        ("skew", 1): "pandas",
        ("quantile", 1): "interpolated linearly",
    }
    for (name, ddof), expected in sentences.items():
        asked = plan(Statistics(measures=(measure(name, ddof=ddof, q=0.9 if name == "quantile" else None),)))
        assert expected in said(asked, frame)
    biased = plan(Statistics(measures=(measure("skew", biased=True),)))
    assert "SciPy" in said(biased, frame)
    assert "population standard deviation" in said(
        plan(Statistics(measures=(measure("std", ddof=0),))), frame
    )
