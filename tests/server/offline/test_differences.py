"""Whether groups differ, asked in people's words: the test that is chosen, and that it is named."""

import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, answer, understand

from . import hypothesis_oracles as tests
from .profiling import result
from .running import run
from .tables import FLATS, PROFILES


def rents(**wanted: str) -> list[float]:
    """The rents of the rows with these values."""
    return [r["rent"] for r in FLATS.to_dict("records") if all(r[k] == v for k, v in wanted.items())]


TWO = tests.welch(rents(city="Oslo"), rents(city="Lima"))
ALL = tests.anova(*(rents(city=name) for name in ("Lagos", "Lima", "Oslo")))


@pytest.mark.parametrize(
    ("question", "expected", "name"),
    [
        ("is there a significant difference in rent between Oslo and Lima", TWO, "Welch's t test"),
        ("is the difference in rent between Oslo and Lima significant?", TWO, "Welch's t test"),
        ("does rent differ significantly between Oslo and Lima", TWO, "Welch's t test"),
        ("does rent differ between the cities", ALL, "One-way analysis of variance"),
        ("does rent vary by city?", ALL, "One-way analysis of variance"),
        (
            "does rent differ by hasbalcony",
            tests.welch(rents(hasbalcony="yes"), rents(hasbalcony="no")),
            "Welch's t test",
        ),
        (
            "is the correlation between rent and floorspace significant?",
            tests.pearson_test(FLATS["rent"].tolist(), FLATS["floorspace"].tolist()),
            "Pearson",
        ),
    ],
)
def test_the_test_fits_the_groups_and_is_named(question: str, expected: tests.Test, name: str) -> None:
    found = understand(question, [PROFILES["flats"]])
    assert isinstance(found, Planned), found
    value = run(found.code)
    statistic = value.get("statistic", value.get("r"))
    assert (statistic, value["p_value"]) == pytest.approx(expected)
    assert name in answer(found.plan, result(value), "c1")


def test_two_columns_of_names_may_depend_on_each_other() -> None:
    found = understand("are city and heatingtype independent?", [PROFILES["flats"]])
    assert isinstance(found, Planned)
    counts = FLATS.groupby(["city", "heatingtype"]).size().unstack(fill_value=0)
    statistic, p_value, _ = tests.chi_square(counts.to_numpy().tolist())
    value = run(found.code)
    assert (value["statistic"], value["p_value"]) == pytest.approx((statistic, p_value))


@pytest.mark.parametrize(
    "question",
    ["is rent significantly different in Oslo", "does rent differ",
     "do rent and floorspace differ by city", "why does rent differ between cities"],
)  # fmt: skip
def test_what_is_compared_must_be_clear(question: str) -> None:
    assert isinstance(understand(question, [PROFILES["flats"]]), Abstained)
