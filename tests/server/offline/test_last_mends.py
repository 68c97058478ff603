"""What a question leaves open is not guessed, and an answer names what was asked: the person, the year."""

import pandas as pd
import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, answer, has_gaps, understand

from .asking import profiles
from .profiling import result
from .running import run

LISTINGS = pd.DataFrame(
    {
        "list_date": pd.date_range("2021-01-05", periods=40, freq="25D"),
        "district": ["North", "South", "East", "West"] * 10,
        "yr_built": [1950 + at * 7 % 60 for at in range(40)],
        "sold_price": [100_000 + at * 7919 % 90_000 for at in range(40)],
    }
)
STAFF = pd.DataFrame(
    {
        "full_name": [f"Person {at}" for at in range(30)],
        "team": ["red", "blue", "green"] * 10,
        "salary": [1000.25 + at * 37 % 29 for at in range(30)],
        "bonus": [None, 2.0, 3.0] * 10,
        "start_year": [2001] * 12 + [2002] * 10 + [2003] * 8,
    }
)
SALES = pd.DataFrame(
    {
        "day": pd.date_range("2024-01-15", periods=60, freq="D").repeat(2)[:60],
        "item": ["mug", "plate", "bowl"] * 20,
        "unit_price": [2.5, 4.0, 6.0] * 20,
        "qty_sold": [at % 9 + 1 for at in range(60)],
    }
)
FRAMES = {"listings": LISTINGS, "staff": STAFF, "sales": SALES}
TABLES = dict(zip(FRAMES, profiles(**FRAMES), strict=True))


def planned(question: str, table: str) -> Planned:
    found = understand(question, [TABLES[table]])
    assert isinstance(found, Planned), found
    return found


def said(question: str, table: str) -> str:
    """The template of the answer."""
    found = planned(question, table)
    gaps = has_gaps(found.plan, TABLES[table].columns)
    return answer(found.plan, result(run(found.code, FRAMES)), "c1", gaps=gaps)


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("sold in 2022", "listings"),
        ("newest home", "listings"),
        ("which district has the highest sold price", "listings"),
        ("how many mugs", "sales"),
        ("days with more than 5 units sold", "sales"),
    ],
)
def test_what_can_mean_two_things_is_not_answered(question: str, table: str) -> None:
    assert isinstance(understand(question, [TABLES[table]]), Abstained)


def test_the_newest_listing_is_that_of_the_last_list_date() -> None:
    found = planned("newest listing", "listings")
    assert list(run(found.code, FRAMES).list_date) == [LISTINGS.list_date.max()]


def test_units_are_what_was_sold_and_no_unit_price() -> None:
    assert run(planned("total units", "sales").code, FRAMES) == SALES.qty_sold.sum()
    assert run(planned("average unit price", "sales").code, FRAMES) == SALES.unit_price.mean()


def test_who_is_answered_with_the_name() -> None:
    assert said("who earns the most", "staff").startswith("{{c1[0].full_name}} has the largest `salary`")


def test_years_have_no_separators() -> None:
    text = said("number of people by start year", "staff")
    assert "largest for {{c1.index[" in text
    assert text.count("]|d}}") == 2


def test_weekdays_stand_in_the_order_of_the_calendar() -> None:
    found = run(planned("units sold by weekday", "sales").code, FRAMES)
    assert list(found.index)[:3] == ["Monday", "Tuesday", "Wednesday"]
    assert found["Sunday"] == SALES[SALES.day.dt.day_of_week == 6].qty_sold.sum()


def test_gaps_are_spoken_of_where_a_figure_has_some() -> None:
    assert "Missing values are left out." in said("mean bonus by team", "staff")
    assert "Missing values" not in said("mean salary by team", "staff")


def test_a_step_is_said_once_and_the_last_figure_of_a_course_leads() -> None:
    text = said("month over month growth of units sold", "sales")
    assert text.startswith("For {{c1[1].")
    assert text.count("the row before") == 1


@pytest.mark.parametrize(
    "question",
    [
        "mean salary by team rounded to 1 decimal",
        "mean salary by team, rounded to one decimal place",
        "avg salary by team to 1 decimal please",
    ],
)
def test_a_first_question_can_say_how_to_round(question: str) -> None:
    wanted = STAFF.groupby("team").salary.mean().round(1)
    assert run(planned(question, "staff").code, FRAMES).to_dict() == wanted.to_dict()


def test_what_has_no_figure_is_not_rounded() -> None:
    assert isinstance(understand("show all rows rounded to 2 decimals", [TABLES["staff"]]), Abstained)


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("combined salary by team", "total salary by team"),
        ("corr of salary and bonus", "correlation of salary and bonus"),
        ("average salary of people in team red", "average salary where team is red"),
        ("how is salary distributed", "histogram of salary"),
    ],
)
def test_everyday_words_stand_for_the_usual_ones(question: str, plain: str) -> None:
    found, other = planned(question, "staff").plan, planned(plain, "staff").plan
    assert found.model_copy(update={"subject": None}) == other
