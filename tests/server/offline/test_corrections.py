"""A correction in a few words changes the last plan, and nothing but what it names."""

import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, answer, refers_back, understand

from .profiling import result
from .running import run
from .tables import FLATS, PROFILES
from .test_understand import UNDERSTOOD

RENT = "average rent by city"
TOP = "5 largest flats by rent"
DEAR = "average rent where floorspace > 50"
CORRECTED = [
    # the statistic
    (RENT, "sorry, I meant the median", "median of `rent`, by `city`"),
    (RENT, "not the mean but the median", "median of `rent`, by `city`"),
    (RENT, "the median, not the mean", "median of `rent`, by `city`"),
    (RENT, "use the median", "median of `rent`, by `city`"),
    (RENT, "change it to the median", "median of `rent`, by `city`"),
    (RENT, "also the median", "mean of `rent` and median of `rent`, by `city`"),
    (RENT, "the median too", "mean of `rent` and median of `rent`, by `city`"),
    (RENT, "no, the sum of floorspace", "sum of `floorspace`, by `city`"),
    ("standard deviation of rent", "of the population", "population standard deviation of `rent`"),
    (
        "correlation of rent and floorspace",
        "use spearman",
        "Spearman correlation of `rent` with `floorspace`",
    ),
    (
        "correlation of rent and floorspace",
        "with p-value",
        "correlation of `rent` with `floorspace` and its p-value",
    ),
    # the column
    (RENT, "sorry I meant floorspace", "mean of `floorspace`, by `city`"),
    (RENT, "floorspace instead of rent", "mean of `floorspace`, by `city`"),
    (RENT, "no, floorspace", "mean of `floorspace`, by `city`"),
    (TOP, "by floorspace instead", "the 5 rows with the largest `floorspace`"),
    ("histogram of rent", "of floorspace", "histogram of `floorspace`"),
    (
        "correlation of rent and floorspace",
        "bedrooms instead of floorspace",
        "correlation of `rent` with `bedrooms`",
    ),
    (TOP, "only city and rent", "`city` and `rent` of the 5 rows with the largest `rent`"),
    # the groups
    (RENT, "not by city but by heating type", "mean of `rent`, by `heatingtype`"),
    (RENT, "by heating type instead of city", "mean of `rent`, by `heatingtype`"),
    (RENT, "also by heating type", "mean of `rent`, by `city` and `heatingtype`"),
    (RENT, "not by city", "mean of `rent`"),
    (RENT, "overall", "mean of `rent`"),
    # the rows
    ("average rent in Oslo", "no, Lima", "mean of `rent` where `city` is “Lima”"),
    ("average rent in Oslo", "not Oslo but Lima", "mean of `rent` where `city` is “Lima”"),
    ("average rent in Oslo", "for all cities", "mean of `rent`"),
    ("average rent in Oslo", "without the filter", "mean of `rent`"),
    (RENT, "only the ones in Oslo", "mean of `rent` where `city` is “Oslo”, by `city`"),
    (DEAR, "over 60", "mean of `rent` where `floorspace` > 60"),
    (DEAR, "make it 60", "mean of `rent` where `floorspace` > 60"),
    (
        RENT,
        "without outliers",
        "mean of `rent`, by `city`, after these steps: leave out rows whose `rent` is more than 1.5 "
        "interquartile ranges outside of the quartiles",
    ),
    (
        "average rent in Oslo",
        "without outliers",
        "mean of `rent`, after these steps: keep rows where `city` is “Oslo”; leave out rows whose "
        "`rent` is more than 1.5 interquartile ranges outside of the quartiles",
    ),
    # how many, and in which order
    (TOP, "top 3 instead", "the 3 rows with the largest `rent`"),
    (TOP, "bottom 3", "the 3 rows with the smallest `rent`"),
    (TOP, "the other way round", "the 5 rows with the smallest `rent`"),
    (TOP, "the cheapest", "the 5 rows with the smallest `rent`"),
    (TOP, "2 more", "the 7 rows with the largest `rent`"),
    (TOP, "show more", "the 10 rows with the largest `rent`"),
    (TOP, "all of them", "all rows ordered by `rent`, largest first"),
    (RENT, "sorted", "mean of `rent`, by `city`, largest first"),
    (RENT, "lowest first", "mean of `rent`, by `city`, smallest first"),
    (RENT, "only the top 2", "mean of `rent`, by `city`, the 2 largest"),
    (RENT, "which city is highest?", "mean of `rent`, by `city`, the largest only"),
    # the form
    (RENT, "rounded to 1 decimal", "mean of `rent`, by `city`, rounded to 1 decimal"),
    (RENT, "no decimals", "mean of `rent`, by `city`, rounded to whole numbers"),
    (RENT, "as a box plot", "box plot of `rent`, by `city`"),
    ("bar chart of average rent by city", "as a table", "mean of `rent`, by `city`"),
    ("bar chart of average rent by city", "pie instead", "pie chart of the mean of `rent`, by `city`"),
    ("histogram of rent", "20 bins", "histogram of `rent` with at most 20 bins"),
    ("scatter plot of rent and floorspace", "swap the axes", "scatter plot of `rent` against `floorspace`"),
    ("how many flats by city", "in percent", "share of each value of `city`"),
    ("how many flats are in Oslo", "as a percentage", "share of rows with `city` is “Oslo”"),
    ("how many cities are there", "which ones?", "different values of `city`"),
    # several at once
    (RENT, "no, the median by heating type", "median of `rent`, by `heatingtype`"),
    (RENT, "the median, only Oslo", "median of `rent` where `city` is “Oslo”, by `city`"),
    # a whole question after all
    (RENT, "no, show me the 3 largest flats by floorspace", "the 3 rows with the largest `floorspace`"),
    (RENT, "I want the average floorspace", "mean of `floorspace`"),
]
FRAGMENTS = ["between 2 and 3 bedrooms"]
"""They are questions, and after another one they limit that."""
SILENT = [
    (RENT, "no"),
    (RENT, "that's wrong"),
    (RENT, "not by heating type but by bedrooms"),  # it is not by heating type
    (RENT, "floorspace instead of bedrooms"),
    ("average rent in Oslo", "not Lima but Lagos"),
    (RENT, "and the highest?"),  # of each city, or which city
    (TOP, "reverse the order"),  # others, or the same ones
    (TOP, "lowest first"),
    (TOP, "last 3"),
    (RENT, "over 60"),  # of what
    (TOP, "the median"),
    ("histogram of rent", "rounded to 2 decimals"),
    ("how many flats are there", "which ones?"),
    (RENT, "median, but nicer"),
]


@pytest.mark.parametrize(("first", "then", "expected"), CORRECTED)
def test_a_correction_changes_what_it_names(first: str, then: str, expected: str) -> None:
    found = corrected(first, then)
    assert isinstance(found, Planned), found
    assert found.sentence == expected


@pytest.mark.parametrize(("first", "then"), SILENT)
def test_what_fits_nothing_in_the_last_plan_changes_nothing(first: str, then: str) -> None:
    assert isinstance(corrected(first, then), Abstained)


@pytest.mark.parametrize("first", [RENT, TOP, DEAR, "how many flats are in Oslo", "histogram of rent"])
def test_a_question_that_says_all_itself_is_no_correction(first: str) -> None:
    for table, question, sentence in UNDERSTOOD:
        if table == "flats" and not refers_back(question) and question not in FRAGMENTS:
            found = corrected(first, question)
            assert isinstance(found, Planned), question
            assert found.sentence == sentence


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (
            "how many flats are in Oslo",
            "and how many of those have a balcony?",
            "number of rows where `city` is “Oslo” and `hasbalcony` is “yes”",
        ),
        ("flats in Oslo", "average rent of those", "mean of `rent` where `city` is “Oslo”"),
        (RENT, "how many of those have a balcony", None),  # of which rows
        (TOP, "average floorspace of them", None),
    ],
)
def test_those_are_the_rows_of_the_last_answer(first: str, then: str, expected: str | None) -> None:
    found = corrected(first, then)
    assert (found.sentence if isinstance(found, Planned) else None) == expected


@pytest.mark.parametrize("then", ["the other way round", "no, the median", "overall", "sorted"])
def test_there_must_be_something_to_correct(then: str) -> None:
    assert isinstance(understand(then, [PROFILES["flats"]]), Abstained)


def test_why_a_set_phrase_cannot_be_followed_is_said() -> None:
    found = corrected("histogram of rent", "stacked")
    assert isinstance(found, Abstained)
    assert found.not_understood == "Only bars of two groups can be stacked."


def test_figures_are_rounded_where_that_is_asked() -> None:
    found = corrected(RENT, "rounded to 1 decimal")
    assert isinstance(found, Planned)
    means = FLATS.groupby("city")["rent"].mean()
    assert run(found.code).to_dict() == {city: round(mean, 1) for city, mean in means.items()}
    alone = corrected("average rent", "no decimals")
    assert isinstance(alone, Planned)
    value = run(alone.code)
    assert value == round(sum(FLATS["rent"]) / len(FLATS))
    assert "{{c1|,.0f}}" in answer(alone.plan, result(value), "c1", gaps=False)


def test_outliers_are_those_of_the_rows_that_are_asked_about() -> None:
    found = corrected("average rent in Oslo", "without outliers")
    assert isinstance(found, Planned)
    rents = sorted(FLATS.loc[FLATS["city"] == "Oslo", "rent"])
    low, high = (FLATS.loc[FLATS["city"] == "Oslo", "rent"].quantile(q) for q in (0.25, 0.75))
    kept = [rent for rent in rents if low - 1.5 * (high - low) <= rent <= high + 1.5 * (high - low)]
    assert run(found.code) == pytest.approx(sum(kept) / len(kept))


def corrected(first: str, then: str) -> Planned | Abstained:
    """What a question comes to after another."""
    before = understand(first, [PROFILES["flats"]])
    assert isinstance(before, Planned), before
    return understand(then, [PROFILES["flats"]], before.plan)
