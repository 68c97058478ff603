"""Questions that sound like another one: each is answered as it was meant, or not at all."""

import pandas as pd
import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, answer, understand
from autoanalyst_ext.types.profiles import TableProfile

from .profiling import profile, result
from .running import run
from .tables import PROFILES

MARKS = pd.DataFrame(
    {
        "name": ["Ann", "Bob", "Cid", "Dan", "Eve"],
        "score": [7, 9, 9, 3, 5],
        "school": ["north", "south"] * 2 + ["north"],
        "attempts": [1.0, None, 2.0, None, 3.0],
        "bonus": [float("nan")] * 5,
    }
)
TABLE = profile("marks", MARKS)


def plan_of(question: str, table: TableProfile = TABLE) -> Planned:
    """The question, understood."""
    found = understand(question, [table])
    assert isinstance(found, Planned), found
    return found


def reason(question: str, table: TableProfile = TABLE) -> str:
    """Why the question is not answered."""
    found = understand(question, [table])
    assert isinstance(found, Abstained), found
    return found.not_understood


@pytest.mark.parametrize(
    "question",
    [
        "which flat has the largest floorspace per bedroom",
        "smallest rent per bedroom",
    ],
)
def test_a_ratio_of_each_row_is_no_group(question: str) -> None:
    assert "ratio" in reason(question, PROFILES["flats"])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("highest rent per city", "maximum of `rent`, by `city`"),
        ("smallest rent by bedrooms", "minimum of `rent`, by `bedrooms`"),
        ("average rent per bedroom", "mean of `rent`, by `bedrooms`"),
        ("bar chart of the highest rent per bedroom", "bar chart of the maximum of `rent`, by `bedrooms`"),
    ],
)
def test_a_group_is_still_a_group(question: str, expected: str) -> None:
    assert plan_of(question, PROFILES["flats"]).sentence == expected


@pytest.mark.parametrize("unit", ["thousands", "millions", "percent", "euros", "dollars", "Texas"])
def test_what_follows_in_is_no_noun_for_the_rows(unit: str) -> None:
    assert isinstance(understand(f"average rent in {unit}", [PROFILES["flats"]]), Abstained)


@pytest.mark.parametrize("question", ["average rent for thousands", "how many dollars"])
def test_a_scale_or_currency_is_no_noun_for_the_rows(question: str) -> None:
    assert "neither a column" in reason(question, PROFILES["flats"])


def test_a_bare_count_counts_rows() -> None:
    assert run(plan_of("count").code, {"marks": MARKS}) == 5


@pytest.mark.parametrize("question", ["how many", "number of", "counts"])
def test_a_count_of_nothing_is_not_answered(question: str) -> None:
    reason(question)


@pytest.mark.parametrize(
    "question", ["top -3 flats by rent", "first -3 rows", "top -2 cities by total rent", "row -1"]
)
def test_a_negative_number_of_rows_is_not_answered(question: str) -> None:
    reason(question, PROFILES["flats"])


@pytest.mark.parametrize(
    "question",
    ["the flat with the median rent", "flats with the average rent", "which flat has the mean rent"],
)
def test_no_row_is_looked_up_by_a_figure_that_none_needs_to_have(question: str) -> None:
    assert "no row needs to have" in reason(question, PROFILES["flats"]).lower()


def test_the_rows_of_each_groups_extreme_are_not_taken_for_the_extreme() -> None:
    assert "not clear" in reason("which flat has the highest rent by city", PROFILES["flats"])


@pytest.mark.parametrize(
    "question",
    [
        "the cheapest flat per bedroom",
        "the cheapest flat for each bedrooms",
        "the largest flat per bedroom",
        "the cheapest flat by floorspace",
        "top 2 flats per hasbalcony",
    ],
)
def test_rows_are_ranked_by_nothing_but_what_was_named(question: str) -> None:
    reason(question, PROFILES["flats"])


def test_who_shows_the_rows_with_ties() -> None:
    found = plan_of("who has the highest score")
    value = run(found.code, {"marks": MARKS})
    assert list(value["name"]) == ["Bob", "Cid"]
    said = answer(found.plan, result(value), "c1")
    assert said.startswith("{{c1[0].name}} and {{c1[1].name}} share the largest `score`, {{c1[0].score}}:")
    assert list(run(plan_of("who has the lowest score").code, {"marks": MARKS})["name"]) == ["Dan"]


def test_who_is_the_oldest_is_a_row() -> None:
    found = plan_of("who is the oldest", PROFILES["patients"])
    assert found.sentence == "the row with the largest `patient age`"
    assert plan_of("who are the top 2 by score").sentence == "the 2 rows with the largest `score`"


def test_a_leading_who_is_the_row_also_where_the_table_is_called_like_a_column() -> None:
    found = plan_of("who has the highest score", profile("scores", MARKS))
    assert found.sentence == "the row with the largest `score`"


def test_all_rows_are_all_rows_and_a_cut_is_said() -> None:
    long = pd.DataFrame({"x": range(50)})
    found = plan_of("show all rows", profile("long", long))
    value = run(found.code, {"long": long})
    assert len(value) == 50
    text = answer(found.plan, result(value), "c1")
    assert "These are the first `20` of {{c1.$rows}}" in text


@pytest.mark.parametrize(
    "question",
    [
        "sum of bonus",
        "mean bonus by school",
        "maximum bonus",
        "top 3 rows by bonus",
        "correlation between bonus and score",
        "histogram of bonus",
        "which school has the highest average bonus",
    ],
)
def test_a_column_without_values_has_no_figures(question: str) -> None:
    assert "all of its values are missing" in reason(question)


def test_missing_values_of_a_column_without_values_are_counted() -> None:
    assert run(plan_of("missing values in bonus").code, {"marks": MARKS}) == 5


def test_a_table_without_rows_has_no_figures() -> None:
    assert "no rows" in reason("sum of score", profile("marks", MARKS.head(0)))


def test_a_sum_of_nothing_is_not_zero() -> None:
    found = plan_of("total score where score > 100")
    text = answer(found.plan, result(run(found.code, {"marks": MARKS})), "c1")
    assert "nothing to compute" in text
    sums = run(plan_of("total attempts by school").code, {"marks": MARKS})
    assert sums["north"] == 6
    assert pd.isna(sums["south"])


def test_cost_means_the_one_column_that_can_be_meant() -> None:
    found = plan_of("how many flats cost less than 1 thousand", PROFILES["flats"])
    assert found.sentence == "number of rows where `rent` < 1000"
    reason("how many flats cost a lot", PROFILES["flats"])
    two = profile("trips", pd.DataFrame({"price": [1, 2, 3, 4], "fare": [1, 2, 3, 5]}))
    reason("how many trips cost less than 3", two)


@pytest.mark.parametrize("question", ["rent range", "range of rent", "the range of the rent"])
def test_a_range_is_both_ends(question: str) -> None:
    assert plan_of(question, PROFILES["flats"]).sentence == "minimum of `rent` and maximum of `rent`"


def test_the_column_with_the_most_missing_values() -> None:
    found = plan_of("which column has the most missing values")
    value = run(found.code, {"marks": MARKS})
    assert value.to_dict() == {"bonus": 5}
    assert answer(found.plan, result(value), "c1").startswith("It is {{c1.index[0]}}, with {{c1.bonus}}")
    assert reason("which column has the most missing values", PROFILES["flats"]).startswith("No column")


@pytest.mark.parametrize("question", ["number of schools", "how many schools are there"])
def test_the_plural_of_a_column_counts_its_different_values(question: str) -> None:
    assert run(plan_of(question).code, {"marks": MARKS}) == 2


def test_the_plural_of_a_numeric_column_is_not_counted() -> None:
    reason("how many scores")


def test_counts_of_rows_are_called_rows() -> None:
    assert run(plan_of("number of rows by school").code, {"marks": MARKS}).name == "rows"


@pytest.mark.parametrize("question", ["describe waves", "summary of waves"])
def test_complex_numbers_are_not_summarised(question: str) -> None:
    waves = profile("waves", pd.DataFrame({"height": [1.0, 2.0], "phase": [1 + 2j, 2 + 1j]}))
    assert "Complex numbers" in reason(question, waves)


@pytest.mark.parametrize("question", ["the 3 days with the most units", "last 2 months"])
def test_a_number_of_days_is_no_number_of_rows(question: str) -> None:
    days = pd.date_range("2025-01-01", periods=4).repeat(3)
    takings = profile("takings", pd.DataFrame({"date": days, "units": range(12)}))
    assert reason(question, takings)
