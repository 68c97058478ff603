"""Short questions as people write them: tests, outliers, rates, dates, follow-ups."""

import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, understand

from .tables import PROFILES

ASKED = [
    ("flats", "skewness of rent", "skewness of `rent`"),
    ("flats", "90th percentile of rent", "90 % quantile of `rent`"),
    ("flats", "p95 of floorspace", "95 % quantile of `floorspace`"),
    ("flats", "interquartile range of rent", "interquartile range of `rent`"),
    (
        "flats",
        "outliers in rent (iqr)",
        "rows whose `rent` is more than 1.5 interquartile ranges outside of the quartiles",
    ),
    (
        "flats",
        "how many outliers of rent using z score > 2",
        "number of rows whose `rent` is more than 2 population standard deviations from the mean",
    ),
    ("flats", "is rent normally distributed?", "Shapiro-Wilk test of whether `rent` is normally distributed"),
    (
        "flats",
        "t test rent hasbalcony yes vs no",
        "Student's t test of `rent` where `hasbalcony` is “yes” and `rent` where `hasbalcony` is “no”",
    ),
    ("flats", "anova of rent by city", "one-way analysis of variance of `rent` between the groups of `city`"),
    (
        "flats",
        "kruskal wallis of rent by heatingtype",
        "Kruskal-Wallis test of `rent` between the groups of `heatingtype`",
    ),
    (
        "flats",
        "chi square test of independence of city and heatingtype",
        "chi-square test of `city` and `heatingtype`",
    ),
    ("flats", "spearman correlation rent vs floorspace", "Spearman correlation of `rent` with `floorspace`"),
    (
        "flats",
        "correlation between rent and floorspace with p value",
        "correlation of `rent` with `floorspace` and its p-value",
    ),
    ("flats", "is rent related to floorspace?", "correlation of `rent` with `floorspace`"),
    ("flats", "5 flats with the highest rent", "the 5 rows with the largest `rent`"),
    ("flats", "city with the smallest median rent", "median of `rent`, by `city`, the smallest only"),
    ("flats", "2 cities with the largest average rent", "mean of `rent`, by `city`, the 2 largest"),
    ("flats", "flats by city", "number of rows, by `city`"),
    ("flats", "how often does each city occur", "number of rows of each value of `city`"),
    ("flats", "rent by city, average", "mean of `rent`, by `city`"),
    ("flats", "list the cities", "different values of `city`"),
    ("flats", "flats where city is not Oslo or Lima", "the rows where not (`city` is “Oslo” or “Lima”)"),
    ("flats", "flats under 800 euros", "the rows where `rent` < 800"),
    ("flats", "cheapest flat in Oslo", "the row with the smallest `rent` where `city` is “Oslo”"),
    ("flats", "balcony rate by city", "share of rows with `hasbalcony` is “yes”, by `city`"),
    (
        "flats",
        "percentage of flats with a balcony in each city",
        "share of rows with `hasbalcony` is “yes”, by `city`",
    ),
    ("flats", "names of the columns", "names of the columns"),
    ("flats", "how often was rent above 1000", "number of rows where `rent` > 1000"),
    ("flats", "pie chart of city", "pie chart of the number of rows, by `city`"),
    ("flats", "violin plot of rent by city", "violin plot of `rent`, by `city`"),
    (
        "orders",
        "orders per month",
        "number of rows, by `OrderDate_year_month`, after these steps: `OrderDate_year_month` = "
        "year and month of `OrderDate`",
    ),
    (
        "orders",
        "orders in january",
        "the rows where `OrderDate_month` = 1, after these steps: `OrderDate_month` = month of `OrderDate`",
    ),
    (
        "orders",
        "total quantity per day",
        "sum of `Qty`, by `OrderDate_date`, after these steps: `OrderDate_date` = day of `OrderDate`",
    ),
    (
        "orders",
        "orders by weekday",
        "number of rows, by `OrderDate_day_name`, after these steps: `OrderDate_day_name` = weekday "
        "of `OrderDate`",
    ),
    ("orders", "how many orders are express", "number of rows where `Express` is yes"),
    ("orders", "express is true, how many", "number of rows where `Express` is yes"),
    ("patients", "how many patients over 60", "number of rows where `patient age` > 60"),
    (
        "patients",
        "average age of patients in the north wing",
        "mean of `patient age` where `home_clinic` is “north wing”",
    ),
    ("patients", "percentage of missing weight", "share of missing values in `Weight (kg)`"),
]
FOLLOWED = [
    ("average rent by city", "only Oslo", "mean of `rent` where `city` is “Oslo”, by `city`"),
    ("average rent by city", "with balcony only", "mean of `rent` where `hasbalcony` is “yes”, by `city`"),
    ("average rent by city", "as a bar chart", "bar chart of the mean of `rent`, by `city`"),
    ("average rent by city", "no, the median", "median of `rent`, by `city`"),
    ("average rent", "what about floorspace?", "mean of `floorspace`"),
    ("how many flats are in Oslo?", "and in Lima?", "number of rows where `city` is “Lima”"),
    ("5 largest flats by rent", "make it 8", "the 8 rows with the largest `rent`"),
    ("average rent", "by city?", "mean of `rent`, by `city`"),
    ("average rent by city", "except Lima", "mean of `rent` where `city` is not “Lima”, by `city`"),
    ("average rent by city", "the highest instead", "maximum of `rent`, by `city`"),
]
SILENT = [
    ("orders", "orders over 5"),
    ("flats", "flats bigger than 50 km"),
    ("flats", "test rent by city"),
    ("flats", "t test of rent by city"),
    ("orders", "average UnitPrice per day"),
    ("flats", "women in Oslo"),
    ("patients", "city with the most weight"),
    ("flats", "outliers of rent above 3"),
]


@pytest.mark.parametrize(("table", "question", "expected"), ASKED)
def test_people_s_words_are_understood(table: str, question: str, expected: str) -> None:
    found = understand(question, [PROFILES[table]])
    assert isinstance(found, Planned), found
    assert found.sentence == expected


@pytest.mark.parametrize(("first", "then", "expected"), FOLLOWED)
def test_a_fragment_changes_the_last_plan(first: str, then: str, expected: str) -> None:
    before = understand(first, [PROFILES["flats"]])
    assert isinstance(before, Planned)
    after = understand(then, [PROFILES["flats"]], before.plan)
    assert isinstance(after, Planned), after
    assert after.sentence == expected


@pytest.mark.parametrize(("table", "question"), SILENT)
def test_what_is_not_clear_is_not_answered(table: str, question: str) -> None:
    assert isinstance(understand(question, [PROFILES[table]]), Abstained)
