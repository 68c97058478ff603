"""Long tasks whose question is a short one, and words that choose rows: read as meant, or not at all."""

import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, understand

from .tables import PROFILES
from .tasks import task

READ = [
    (
        "flats",
        "Average rent per city?",
        "Round to 1 decimal.",
        "@oslo[x] @lima[y]",
        "oslo: mean of `rent` where `city` is “Oslo”; lima: mean of `rent` where `city` is “Lima”",
    ),
    (
        "flats",
        "What is the average rent in Oslo and in Lima?",
        "",
        "@rent_oslo[x] @rent_lima[y]",
        "rent_oslo: mean of `rent` where `city` is “Oslo”; rent_lima: mean of `rent` where `city` is “Lima”",
    ),
    (
        "flats",
        "What is the mean rent of flats that are not in Oslo?",
        "",
        "@mean_rent[x]",
        "mean_rent: mean of `rent` where `city` is not “Oslo”",
    ),
    (
        "flats",
        "What is the mean rent?",
        "Leave out Oslo.",
        "@mean_rent[x]",
        "mean_rent: mean of `rent` where `city` is not “Oslo”",
    ),
    (
        "flats",
        "What is the mean rent?",
        "Do not perform any scaling or encoding. No further cleaning is needed. Ignore missing values.",
        "@mean_rent[x]",
        "mean_rent: mean of `rent`",
    ),
]
RESTRICTED = (
    "large flats", "new flats", "flats near the centre", "flats outside the city", "student flats by the sea",
    "flats rented by students", "the best rated flats", "flats of smokers", "flats in Paris",
)  # fmt: skip
CHANGED = (
    "What is the mean rent growth?", "What is the mean monthly rent?", "What is the mean rent per head?",
    "What is the mean rent when it is not raining?", "What is the mean rent in dollars?",
    "What is the mean rent of the cheapest flat of each month?", "What is the mean rent rank?",
)  # fmt: skip


def planned(table: str, question: str, constraints: str, form: str) -> Planned | Abstained:
    """The task, understood."""
    return understand(task(question, constraints, form), [PROFILES[table]])


@pytest.mark.parametrize(("table", "question", "constraints", "form", "expected"), READ)
def test_a_task_with_a_short_question_is_read_as(
    table: str, question: str, constraints: str, form: str, expected: str
) -> None:
    found = planned(table, question, constraints, form)
    assert isinstance(found, Planned), found
    assert found.sentence == expected


@pytest.mark.parametrize("rows", RESTRICTED)
def test_rows_that_no_condition_chooses_are_not_all_rows(rows: str) -> None:
    assert isinstance(planned("flats", f"What is the mean rent of {rows}?", "", "@mean_rent[m]"), Abstained)


@pytest.mark.parametrize("question", CHANGED)
def test_another_figure_of_the_column_is_not_its_mean(question: str) -> None:
    assert isinstance(planned("flats", question, "", "@mean_rent[m]"), Abstained)


@pytest.mark.parametrize(
    "constraint",
    ["Use flats with 50 rooms.", "Use the top 10%.", "Use the first three.", "Only 5k rents.", "Twice."],
)
def test_a_number_of_the_constraints_is_never_passed_over(constraint: str) -> None:
    assert isinstance(planned("flats", "What is the mean rent?", constraint, "@mean_rent[m]"), Abstained)


def test_a_part_of_the_question_without_an_answer_makes_it_silent() -> None:
    found = planned("flats", "What is the mean rent in Oslo and Lima together?", "", "@mean_rent[m]")
    if isinstance(found, Planned):
        assert "Lima" in found.sentence


def test_a_population_is_no_sample() -> None:
    found = planned("flats", 'Compute the variance of "rent" as a population.', "", "@variance_rent[v]")
    assert isinstance(found, Planned), found
    assert "population variance" in found.sentence
