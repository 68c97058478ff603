"""What questions are understood as, over tables with differently written names."""

import pytest

from autoanalyst_ext.offline.analyst import Planned, understand
from autoanalyst_ext.offline.plan import Plan

from .tables import PROFILES

UNDERSTOOD = [
    ("flats", "average rent where hasbalcony is yes", "mean of `rent` where `hasbalcony` is “yes”"),
    ("flats", "average rent when hasbalcony is not yes", "mean of `rent` where `hasbalcony` is not “yes”"),
    ("flats", "is there a balcony in the first flat?", "`hasbalcony` of the first row"),
    ("flats", "how many flats have 2 bedrooms or more", "number of rows where `bedrooms` ≥ 2"),
    ("flats", "mean rent for each value of bedrooms", "mean of `rent`, by `bedrooms`"),
    ("flats", "maximum of rent", "maximum of `rent`"),
    ("flats", "flats with a minimum of 3 bedrooms", "the rows where `bedrooms` ≥ 3"),
    ("flats", "List top 3 flats by floor space", "the 3 rows with the largest `floorspace`"),
    ("flats", "the cheapest flat", "the row with the smallest `rent`"),
    ("flats", "5 largest flats by rent", "the 5 rows with the largest `rent`"),
    ("flats", "top 4 cheapest flats", "the 4 rows with the smallest `rent`"),
    ("flats", "Which flat has the highest rent?", "the row with the largest `rent`"),
    (
        "flats",
        "rent of the flat with the highest floorspace",
        "`rent` and `floorspace` of the row with the largest `floorspace`",
    ),
    ("flats", "show row 7", "row 7 (counted from zero)"),
    ("flats", "7th row", "row 6 (counted from zero)"),
    ("flats", "rows 2 to 4", "rows 2 to 4 (counted from zero)"),
    ("flats", "Please show me the first five flats", "the first 5 rows"),
    ("flats", "last 3 rows", "the last 3 rows"),
    ("flats", "flats sorted by rent, descending", "all rows ordered by `rent`, largest first"),
    ("flats", "flats with 2 bedrooms", "the rows where `bedrooms` = 2"),
    ("flats", "3 bedroom flats", "the rows where `bedrooms` = 3"),
    ("flats", "flats with 2-3 bedrooms", "the rows where `bedrooms` is between 2 and 3"),
    ("flats", "between 2 and 3 bedrooms", "the rows where `bedrooms` is between 2 and 3"),
    (
        "flats",
        "flats in Oslo or Lima with a balcony",
        "the rows where `city` is “Oslo” or “Lima” and `hasbalcony` is “yes”",
    ),
    (
        "flats",
        "flats without balcony and rent over 1k",
        "the rows where `hasbalcony` is “no” and `rent` > 1000",
    ),
    ("flats", "heat pump flats", "the rows where `heatingtype` is “heat-pump”"),
    ("flats", "flats that are not in Oslo", "the rows where `city` is not “Oslo”"),
    ("flats", "average rent by heating type", "mean of `rent`, by `heatingtype`"),
    ("flats", "avrage rent per heatingtyp", "mean of `rent`, by `heatingtype`"),
    ("flats", "average rent by heating", "mean of `rent`, by `heatingtype`"),
    (
        "flats",
        "what is the median rent of 2 bedroom flats in the dataset?",
        "median of `rent` where `bedrooms` = 2",
    ),
    (
        "flats",
        "mean, median and std of rent",
        "mean of `rent`, median of `rent` and standard deviation of `rent`",
    ),
    ("flats", "average number of bedrooms per city", "mean of `bedrooms`, by `city`"),
    ("flats", "For flats in Oslo, what is the highest rent?", "maximum of `rent` where `city` is “Oslo”"),
    (
        "flats",
        "rent where floorspace > 60 and hasbalcony is yes",
        "`rent` of the rows where `floorspace` > 60 and `hasbalcony` is “yes”",
    ),
    (
        "flats",
        "flats with more than 3 bedrooms or rent above 1,400",
        "the rows where `bedrooms` > 3 or `rent` > 1400",
    ),
    ("flats", "how many flats are in Lagos?", "number of rows where `city` is “Lagos”"),
    ("flats", "number of flats by city and bedrooms", "number of rows, by `city` and `bedrooms`"),
    ("flats", "Which city has the highest average rent?", "mean of `rent`, by `city`, the largest only"),
    ("flats", "top 2 cities by total rent", "sum of `rent`, by `city`, the 2 largest"),
    ("flats", "which city has the most flats", "number of rows, by `city`, the largest only"),
    ("flats", "3 most common cities", "number of rows of each value of `city`, the 3 largest"),
    ("flats", "how many different cities are there", "number of different values of `city`"),
    ("flats", "distinct values of heatingtype", "different values of `heatingtype`"),
    ("flats", "value counts of city", "number of rows of each value of `city`"),
    ("flats", "share of flats with a balcony", "share of rows with `hasbalcony` is “yes”"),
    (
        "flats",
        "what percentage of flats in Lagos have a balcony?",
        "share of rows with `hasbalcony` is “yes” of the rows where `city` is “Lagos”",
    ),
    ("flats", "percentage of flats by city", "share of each value of `city`"),
    ("flats", "correlation between rent and floorspace", "correlation of `rent` with `floorspace`"),
    ("flats", "correlation matrix", "correlations of all numeric columns"),
    (
        "flats",
        "Which column correlates most with rent?",
        "correlations of `rent` with the other numeric columns, strongest first",
    ),
    ("flats", "how many rows and columns are there", "number of rows and columns"),
    ("flats", "what columns are there", "names of the columns"),
    ("flats", "describe the data", "summary of `flats`"),
    ("flats", "summary of rent", "summary of `rent`"),
    ("flats", "missing values per column", "number of missing values in each column"),
    ("flats", "histogram of rent with 20 bins", "histogram of `rent` with at most 20 bins"),
    ("flats", "bar chart of average rent by city", "bar chart of the mean of `rent`, by `city`"),
    ("flats", "scatter plot of rent vs floorspace", "scatter plot of `rent` against `floorspace`"),
    (
        "flats",
        "box plot of rent by city for flats with a balcony",
        "box plot of `rent` where `hasbalcony` is “yes”, by `city`",
    ),
    ("flats", "distribution of city", "bar chart of the number of rows, by `city`"),
    ("orders", "total quantity by shipping method", "sum of `Qty`, by `ShippingMethod`"),
    ("orders", "5 most expensive orders", "the 5 rows with the largest `UnitPrice`"),
    ("orders", "how many orders were express?", "number of rows where `Express` is yes"),
    ("orders", "latest order date", "maximum of `OrderDate`"),
    ("orders", "line chart of unit price over order date", "line chart of `UnitPrice` along `OrderDate`"),
    (
        "orders",
        "orders with unit price above 5 and not express",
        "the rows where `UnitPrice` > 5 and `Express` is no",
    ),
    ("patients", "average weight by blood group", "mean of `Weight (kg)`, by `blood_group`"),
    ("patients", "patients older than 60", "the rows where `patient age` > 60"),
    ("patients", "patients with missing weight", "the rows where `Weight (kg)` is missing"),
    ("patients", "how many missing values in weight", "number of missing values in `Weight (kg)`"),
    ("patients", "which columns have missing values", "columns that have missing values"),
    (
        "patients",
        "average age in the north wing",
        "mean of `patient age` where `home_clinic` is “north wing”",
    ),
    (
        "patients",
        "patients that are not in the south wing",
        "the rows where `home_clinic` is not “south wing”",
    ),
    ("odd", "average größe by class", "mean of `größe`, by `class`"),
    ("odd", 'mean of `he said "hi"`', 'mean of `he said "hi"`'),
    ("odd", "top 2 rows by `2020`", "the 2 rows with the largest `2020`"),
]


@pytest.mark.parametrize(("table", "question", "expected"), UNDERSTOOD)
def test_a_question_is_understood_as(table: str, question: str, expected: str) -> None:
    found = understand(question, [PROFILES[table]])
    assert isinstance(found, Planned), found
    assert found.sentence == expected


@pytest.mark.parametrize(("table", "question"), [case[:2] for case in UNDERSTOOD])
def test_a_plan_survives_json(table: str, question: str) -> None:
    found = understand(question, [PROFILES[table]])
    assert isinstance(found, Planned)
    assert Plan.from_json(found.plan.to_json()) == found.plan


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("5,000", 5000),
        ("5k", 5000),
        ("1.5 million", 1_500_000),
        ("ten", 10),
        ("$2,500.50", 2500.5),
        ("2m", 2_000_000),
    ],
)
def test_numbers_are_read_as_people_write_them(question: str, number: float) -> None:
    found = understand(f"flats with rent over {question}", [PROFILES["flats"]])
    assert isinstance(found, Planned)
    assert found.plan.model_dump()["where"]["value"] == number


def test_a_scale_after_a_range_counts_for_both_numbers() -> None:
    found = understand("flats with a rent between 1 and 2 thousand", [PROFILES["flats"]])
    assert isinstance(found, Planned)
    assert found.sentence == "the rows where `rent` is between 1000 and 2000"


def test_the_table_that_knows_the_columns_is_chosen() -> None:
    found = understand("average rent by city", list(PROFILES.values()))
    assert isinstance(found, Planned)
    assert found.plan.table == "flats"


def test_a_table_can_be_named() -> None:
    found = understand("how many rows are in orders?", list(PROFILES.values()))
    assert isinstance(found, Planned)
    assert found.plan.table == "orders"


@pytest.mark.parametrize(
    ("nouns", "noun"), [("apartments", "apartment"), ("houses", "house"), ("buses", "bus"), ("boxes", "box")]
)
def test_an_assumed_noun_is_said(nouns: str, noun: str) -> None:
    table = PROFILES["flats"].model_copy(update={"name": "df"})
    found = understand(f"how many {nouns} have a balcony?", [table])
    assert isinstance(found, Planned)
    assert f"each row taken as one {noun}" in found.sentence


def test_a_not_leaves_missing_values_out() -> None:
    found = understand("patients where blood group is not AB", [PROFILES["patients"]])
    assert isinstance(found, Planned)
    assert found.sentence == "the rows where `blood_group` is not missing and `blood_group` is not “AB”"


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        ("average rent by city", "and the median?", "median of `rent`, by `city`"),
        ("average rent", "and by bedrooms?", "mean of `rent`, by `bedrooms`"),
        ("average rent by city", "what about by heating type", "mean of `rent`, by `heatingtype`"),
        (
            "how many flats are in Oslo",
            "and by bedrooms",
            "number of rows where `city` is “Oslo”, by `bedrooms`",
        ),
    ],
)
def test_a_follow_up_changes_the_last_plan(first: str, then: str, expected: str) -> None:
    before = understand(first, [PROFILES["flats"]])
    assert isinstance(before, Planned)
    after = understand(then, [PROFILES["flats"]], before.plan)
    assert isinstance(after, Planned)
    assert after.sentence == expected
    assert not isinstance(understand(then, [PROFILES["flats"]]), Planned)


def test_a_question_of_its_own_is_no_follow_up() -> None:
    before = understand("average rent by city", [PROFILES["flats"]])
    assert isinstance(before, Planned)
    assert understand("mean floorspace", [PROFILES["flats"]], before.plan) == understand(
        "mean floorspace", [PROFILES["flats"]]
    )
