"""Short questions for regressions, pivots, repeated rows and shares of a sum, against plain Python."""

from collections import Counter
from typing import Any

import pandas as pd
import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, understand

from . import oracles
from .model_oracles import fit
from .profiling import profile
from .running import run
from .tables import FLATS, PROFILES

ROWS = FLATS.to_dict("records")


def value(question: str) -> Any:
    """The value of the question's cell."""
    found = understand(question, [PROFILES["flats"]])
    assert isinstance(found, Planned), found
    return run(found.code)


@pytest.mark.parametrize(
    "question",
    [
        "linear regression of rent on floorspace",
        "regress rent on floorspace please",
        "linear regression rent vs floorspace, r squared",
        "what is the slope of a linear regression of rent on floorspace?",
    ],
)
def test_a_regression_is_of_what_is_named_first(question: str) -> None:
    found = value(question)
    expected = fit([[row["floorspace"]] for row in ROWS], [row["rent"] for row in ROWS])
    assert found["r_squared"] == pytest.approx(expected.r_squared)
    assert [found["intercept"], *found["coefficients"]] == pytest.approx(list(expected.coefficients))


def test_a_regression_on_several_columns_in_some_rows() -> None:
    found = value("linear regression of rent on floorspace and bedrooms for flats with a balcony")
    rows = [row for row in ROWS if row["hasbalcony"] == "yes"]
    features = [[row["floorspace"], row["bedrooms"]] for row in rows]
    expected = fit(features, [row["rent"] for row in rows])
    assert found["coefficients"].tolist() == pytest.approx(list(expected.coefficients[1:]))
    assert found["rows"] == len(rows)


def test_pivots() -> None:
    means = value("pivot of average rent by city and heatingtype")
    for city in means.index:
        for heating in means.columns:
            rents = [r["rent"] for r in ROWS if (r["city"], r["heatingtype"]) == (city, heating)]
            figure = means.loc[city, heating]
            assert figure == pytest.approx(oracles.mean(rents)) if rents else figure != figure
    counts = Counter((row["city"], row["heatingtype"]) for row in ROWS)
    for question in ("crosstab of city and heatingtype", "pivot table of city by heatingtype"):
        found = value(question)
        assert {
            (a, b): found.loc[a, b] for a in found.index for b in found.columns if found.loc[a, b]
        } == counts


def test_repeated_rows() -> None:
    frame = pd.DataFrame({"email": ["a", "b", "a", "c"], "age": [1, 2, 1, 3], "note": [1, 2, 3, 4]})
    table = profile("people", frame)
    for question, expected in {
        "how many duplicate rows are there?": 0,
        "duplicate emails": 1,
        "how many duplicates in age": 1,
    }.items():
        found = understand(question, [table])
        assert isinstance(found, Planned), question
        assert run(found.code, {"people": frame}) == expected


def test_shares_of_a_sum() -> None:
    total = sum(row["rent"] for row in ROWS)
    parts = {name: sum(row["rent"] for row in ROWS if row["city"] == name) / total for name in FLATS["city"]}
    assert value("share of total rent by city").to_dict() == pytest.approx(parts)
    oslo = value("what percentage of the total rent comes from Oslo?")
    assert oslo["share"] == pytest.approx(parts["Oslo"])
    assert oslo["total"] == total


def test_deviations_by_their_school() -> None:
    rents = [row["rent"] for row in ROWS]
    assert value("population standard deviation of rent") == pytest.approx(oracles.deviation(rents, 0))
    assert value("coefficient of variation of rent") == pytest.approx(
        oracles.deviation(rents) / oracles.mean(rents)
    )


@pytest.mark.parametrize(
    "question",
    [
        "linear regression of rent",
        "regression of rent and floorspace",
        "linear regression of rent on city",
        "regress rent on rent",
        "logistic regression of rent on floorspace",
        "pivot of rent by city and heatingtype",
        "pivot of average rent by city",
        "share of rent by city",
        "what share of the average rent comes from Oslo",
        "remove the duplicates",
    ],
)
def test_what_could_mean_two_things_is_left_open(question: str) -> None:
    assert isinstance(understand(question, [PROFILES["flats"]]), Abstained)
