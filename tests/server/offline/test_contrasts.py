"""Questions that set groups beside each other, against plain Python; and what stays unanswered."""

from typing import Any

import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, answer, understand

from . import oracles
from .profiling import result
from .running import run
from .tables import FLATS, PROFILES


def rents(city: str) -> list[float]:
    """The rents of a city."""
    return FLATS[FLATS["city"] == city]["rent"].tolist()


def value(question: str, table: str = "flats") -> Any:
    """The value of the question's cell."""
    found = understand(question, [PROFILES[table]])
    assert isinstance(found, Planned), found
    return run(found.code)


@pytest.mark.parametrize(
    "question",
    [
        "compare the average rent in Oslo and Lima",
        "average rent Oslo vs Lima",
        "compare average rent between Oslo and Lima please",
        "average rent in Oslo versus Lima",
    ],
)
def test_values_that_are_compared_are_groups(question: str) -> None:
    assert value(question).to_dict() == {name: oracles.mean(rents(name)) for name in ("Lima", "Oslo")}


def test_all_groups_are_compared() -> None:
    expected = {name: oracles.mean(rents(name)) for name in ("Lagos", "Lima", "Oslo")}
    assert value("compare the average rent by city").to_dict() == expected
    both = value("compare rent across cities")
    assert both["mean"].to_dict() == expected
    assert both["median"].to_dict() == {name: oracles.median(rents(name)) for name in expected}


def test_counts_are_compared() -> None:
    assert value("how many flats in Oslo vs Lima").to_dict() == {"Lima": 4, "Oslo": 4}


def test_a_condition_is_kept_beside_the_groups() -> None:
    question = "compare the median rent in Oslo and Lagos for flats with a balcony"
    rows = FLATS[FLATS["hasbalcony"] == "yes"]
    expected = {
        name: oracles.median(rows[rows["city"] == name]["rent"].tolist()) for name in ("Lagos", "Oslo")
    }
    assert value(question).to_dict() == expected


def test_a_difference_is_said_with_both_sides() -> None:
    found = understand("difference in average rent between Oslo and Lima", [PROFILES["flats"]])
    assert isinstance(found, Planned)
    figures = run(found.code)
    oslo, lima = oracles.mean(rents("Oslo")), oracles.mean(rents("Lima"))
    assert figures == {"left": oslo, "right": lima, "difference": oslo - lima}
    text = answer(found.plan, result(figures), "c1")
    assert text.startswith("The mean of `rent` is {{c1.left|,.2f}} where `city` is “Oslo”")


@pytest.mark.parametrize(
    "question",
    [
        "difference in average rent between Oslo, Lima and Lagos",
        "compare rent and floorspace",
        "compare Oslo and yes",
        "why is there a difference in average rent between Oslo and Lima",
        "compare the average rent in Oslo and Lima by heatingtype",
    ],
)
def test_an_unclear_comparison_is_not_made(question: str) -> None:
    assert isinstance(understand(question, [PROFILES["flats"]]), Abstained)
