"""Regressions, models and clusters: cells on random tables, against least squares and counts of our own.

Which rows are held back is scikit-learn's choice by its seed; the tests ask the same function for it.
"""

import math
import random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from autoanalyst_ext.offline.plan import Clusters, Encode, Model, Regression, Split

from .cells import cell, column, plan, said, value
from .model_oracles import fit, mean_absolute, mean_squared, predict, r_squared

NAMES = ("a", "b")
SEEDS = st.integers(0, 10_000)


def noisy(seed: int, rows: int = 40) -> pd.DataFrame:
    """A target that depends on two features, with noise and a few gaps."""
    chance = random.Random(seed)
    table: list[list[float | None]] = []
    for _ in range(rows):
        a, b = chance.gauss(0, 2), chance.uniform(5, 9)
        table.append([a, b, 3 * a - b + chance.gauss(0, 1.5)])
    table[chance.randrange(rows)][chance.randrange(3)] = None
    return pd.DataFrame(table, columns=[*NAMES, "y"])


def split(frame: pd.DataFrame, size: float, seed: int) -> tuple[list[list[float]], list[list[float]]]:
    """The complete rows to learn from and to judge by."""
    rows = [row for row in frame.to_numpy().tolist() if not any(math.isnan(one) for one in row)]
    learned, judged = train_test_split(rows, test_size=size, random_state=seed)
    return learned, judged


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS)
def test_a_regression_over_all_rows(seed: int) -> None:
    frame = noisy(seed)
    found = value(plan(Regression(target=column("y"), features=(column("a"), column("b")))), frame)
    rows = frame.dropna()
    expected = fit(rows[list(NAMES)].to_numpy().tolist(), rows["y"].tolist())
    assert found["r_squared"] == pytest.approx(expected.r_squared)
    assert found["p_value"] == pytest.approx(expected.p_value, rel=1e-6, abs=1e-12)
    slopes = [found["intercept"], *found["coefficients"].tolist()]
    assert slopes == pytest.approx(list(expected.coefficients))
    assert found["rows"] == len(rows)


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS, size=st.sampled_from([0.2, 0.25, 0.3]))
def test_a_regression_that_is_judged_on_rows_held_back(seed: int, size: float) -> None:
    frame = noisy(seed)
    asked = Model(
        method="linear_regression",
        target=column("y"),
        features=tuple(map(column, NAMES)),
        split=Split(test_size=size, random_state=7),
    )
    found = value(plan(asked), frame)
    learned, judged = split(frame, size, 7)
    weights = fit([row[:2] for row in learned], [row[2] for row in learned]).coefficients
    true, guessed = [row[2] for row in judged], [predict(weights, row[:2]) for row in judged]
    assert found["r_squared"] == pytest.approx(r_squared(true, guessed))
    assert found["rmse"] == pytest.approx(math.sqrt(mean_squared(true, guessed)))
    assert found["mae"] == pytest.approx(mean_absolute(true, guessed))
    assert (found["train_rows"], found["test_rows"]) == (len(learned), len(judged))


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS)
def test_the_nearest_neighbour_classifies(seed: int) -> None:
    frame = noisy(seed)
    frame["y"] = (frame["y"] > frame["y"].median()).where(frame["y"].notna()).astype("float")
    asked = Model(
        method="knn_classifier", neighbors=1, target=column("y"), features=tuple(map(column, NAMES))
    )
    learned, judged = split(frame, 0.2, 42)
    nearest = [min(learned, key=lambda one, row=row: math.dist(one[:2], row[:2])) for row in judged]
    right = sum(row[2] == one[2] for row, one in zip(judged, nearest, strict=True))
    assert value(plan(asked), frame)["accuracy"] == pytest.approx(right / len(judged))


def test_what_is_easily_told_apart_is_told_apart() -> None:
    frame = pd.DataFrame({"x": [*range(20), *range(100, 120)], "kind": ["low"] * 20 + ["high"] * 20})
    for method in (
        "decision_tree_classifier", "random_forest_classifier", "gradient_boosting_classifier",
        "knn_classifier", "svc", "naive_bayes", "logistic_regression",
    ):  # fmt: skip
        asked = Model.model_validate(
            {"method": method, "target": {"name": "kind"}, "features": [{"name": "x"}]}
        )
        assert value(plan(asked), frame)["accuracy"] == 1.0
    text = said(plan(asked), frame)
    assert "judged on `20` % of the rows (random_state `42`)" in text
    assert "{{c1.train_rows}} rows to learn from and {{c1.test_rows}} to judge by" in text


def test_text_becomes_numbers_once() -> None:
    frame = pd.DataFrame({"town": ["Oslo", "Lima"] * 10, "y": [5.0, 7.0] * 10})
    asked = Model(method="linear_regression", target=column("y"), features=(column("town"),))
    assert value(plan(asked), frame)["r_squared"] == pytest.approx(1.0)
    encoded = plan(asked, steps=(Encode(column=column("town"), method="one_hot"),))
    assert value(encoded, frame)["r_squared"] == pytest.approx(1.0)
    assert "*encoded_columns" in cell(encoded)


def test_clusters_that_lie_apart_are_found() -> None:
    centres = {0: 12, 50: 8, 200: 5}
    points = [centre + at / 10 for centre, count in centres.items() for at in range(count)]
    frame = pd.DataFrame({"x": points, "y": [2 * point for point in points]})
    asked = Clusters(columns=(column("x"), column("y")), count=3, scaled=False)
    found = value(plan(asked), frame)
    assert found["sizes"] == sorted(centres.values(), reverse=True)
    groups = [[p for p in points if low <= p < high] for low, high in ((0, 20), (50, 70), (200, 220))]
    spread = sum(5 * (p - sum(group) / len(group)) ** 2 for group in groups for p in group)
    assert found["inertia"] == pytest.approx(spread)
    assert found["silhouette"] == pytest.approx(silhouette(groups))
    assert "they have {{c1.sizes|list}} rows" in said(plan(asked), frame)


def silhouette(groups: list[list[float]]) -> float:
    """How much nearer each point is to its own group than to the next, on average."""

    def away(point: float, others: list[float]) -> float:
        return sum(abs(point - other) for other in others) / len(others)

    scores = []
    for at, group in enumerate(groups):
        for point in group:
            own = away(point, group) * len(group) / (len(group) - 1)
            next_one = min(away(point, other) for n, other in enumerate(groups) if n != at)
            scores.append((next_one - own) / max(own, next_one))
    return sum(scores) / len(scores)


def test_a_regression_leads_with_what_it_explains() -> None:
    text = said(plan(Regression(target=column("y"), features=(column("a"),))), noisy(3))
    assert text.startswith("`a` explains {{c1.r_squared|pct}} of the variance of `y`")
    table: Any = "{{c1.coefficients|table:1}}"
    assert table in text
