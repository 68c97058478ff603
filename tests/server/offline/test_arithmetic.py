"""Two columns reckoned together in a short question, against plain Python; and when that is left open."""

from collections.abc import Callable
from typing import Any

import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, answer, understand

from . import oracles
from .profiling import result
from .running import run
from .tables import FLATS, PROFILES

ROWS = FLATS.to_dict("records")
Reckoned = Callable[[float, float], float]


@pytest.mark.parametrize(
    ("question", "reckon"),
    [
        ("average rent per floorspace", lambda rent, space: rent / space),
        ("mean of rent divided by floorspace", lambda rent, space: rent / space),
        ("average ratio of rent to floorspace", lambda rent, space: rent / space),
        ("average rent / floorspace", lambda rent, space: rent / space),
        ("average difference between rent and floorspace", lambda rent, space: rent - space),
        ("what is the mean of rent minus floorspace?", lambda rent, space: rent - space),
        ("average of rent plus floorspace", lambda rent, space: rent + space),
        ("average of rent multiplied by floorspace", lambda rent, space: rent * space),
    ],
)
def test_a_figure_of_two_columns_is_of_each_row(question: str, reckon: Reckoned) -> None:
    found = understand(question, [PROFILES["flats"]])
    assert isinstance(found, Planned), found
    expected = oracles.mean([reckon(row["rent"], row["floorspace"]) for row in ROWS])
    value = run(found.code)
    assert value == pytest.approx(expected)
    assert "Beforehand: `rent " in answer(found.plan, result(value), "c1")


def test_what_is_made_can_be_grouped_ranked_and_drawn() -> None:
    ratios = [row["rent"] / row["floorspace"] for row in ROWS]

    def value(question: str) -> Any:
        found = understand(question, [PROFILES["flats"]])
        assert isinstance(found, Planned), found
        return run(found.code)

    oslo = [ratio for ratio, row in zip(ratios, ROWS, strict=True) if row["city"] == "Oslo"]
    assert value("average rent per floorspace by city")["Oslo"] == pytest.approx(oracles.mean(oslo))
    top = value("top 3 flats by rent per floorspace")
    assert top["rent per floorspace"].tolist() == pytest.approx(sorted(ratios, reverse=True)[:3])
    assert sorted(value("histogram of rent per floorspace").data[0].x) == pytest.approx(sorted(ratios))


@pytest.mark.parametrize(
    "question",
    ["difference between rent and floorspace", "average rent divided by average floorspace",
     "average difference between rent and city", "ratio of rent to floorspace", "average rent minus rent"],
)  # fmt: skip
def test_what_has_no_one_figure_is_left_open(question: str) -> None:
    assert isinstance(understand(question, [PROFILES["flats"]]), Abstained)


def test_per_a_group_is_no_ratio() -> None:
    found = understand("average rent per bedrooms", [PROFILES["flats"]])
    assert isinstance(found, Planned)
    assert found.sentence == "mean of `rent`, by `bedrooms`"
