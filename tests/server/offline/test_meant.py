"""Short questions whose words leave something to be known: which figure, whose revenue, which period."""

from itertools import pairwise

import pandas as pd
import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, understand

from .asking import profiles
from .running import run

DAYS = pd.date_range("2024-11-01", periods=420, freq="D")
SALES = pd.DataFrame(
    {
        "date": DAYS,
        "shop": ["Bern", "Basel", "Chur"] * 140,
        "item_name": ["rye", "bagel", "cake", "rye"] * 105,
        "units": [at * 7 % 23 for at in range(420)],
        "price": [2.5, 1.25, 3.0, 14.0, 2.0, 7.5] * 70,
        "rating": [at % 5 + 1 for at in range(420)],
        "customer_id": [at % 57 for at in range(420)],
        "wait_min": [at * 13 % 190 for at in range(420)],
    }
)
(TABLE,) = profiles(sales=SALES)
REVENUE = SALES.units * SALES.price
MONTH = SALES.date.dt.strftime("%Y-%m")


def planned(question: str) -> Planned:
    found = understand(question, [TABLE])
    assert isinstance(found, Planned), found
    return found


def figures(question: str) -> dict[object, float]:
    """What the cell comes to for each group."""
    return {key: round(value, 9) for key, value in run(planned(question).code, {"sales": SALES}).items()}


def rounded(series: "pd.Series[float]") -> dict[object, float]:
    return {key: round(value, 9) for key, value in series.items()}


def test_what_adds_up_is_totalled_and_a_level_is_averaged() -> None:
    assert figures("units by shop") == rounded(SALES.groupby("shop").units.sum())
    assert figures("rating by shop") == rounded(SALES.groupby("shop").rating.mean())


def test_of_anything_else_both_are_given_or_nothing() -> None:
    both = run(planned("wait by shop").code, {"sales": SALES})
    assert list(both.columns) == ["mean", "sum"]
    assert isinstance(understand("top 2 shops by wait", [TABLE]), Abstained)


def test_a_ranking_is_of_totals() -> None:
    wanted = SALES.groupby("shop").units.sum().nlargest(2)
    assert figures("top 2 shops by units") == rounded(wanted)
    assert figures("which month had the most units") == rounded(
        SALES.groupby(MONTH).units.sum().nlargest(1, keep="all")
    )


def test_revenue_is_price_times_units_and_that_is_said() -> None:
    assert figures("revenue by shop") == rounded(REVENUE.groupby(SALES.shop).sum())
    assert "`revenue` = `units` * `price`" in planned("total revenue").sentence


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("units in february 2025", (SALES.date >= "2025-02-01") & (SALES.date < "2025-03-01")),
        ("units since june 2025", SALES.date >= "2025-06-01"),
        ("units after june 2025", SALES.date >= "2025-07-01"),
        ("units before 2025-03-15", SALES.date < "2025-03-15"),
        ("units between march and may 2025", (SALES.date >= "2025-03-01") & (SALES.date < "2025-06-01")),
        ("units in Q1 2025", (SALES.date >= "2025-01-01") & (SALES.date < "2025-04-01")),
        ("units on mondays", SALES.date.dt.day_name() == "Monday"),
        ("units on weekends", SALES.date.dt.day_of_week >= 5),
    ],
)
def test_periods_choose_rows(question: str, rows: "pd.Series[bool]") -> None:
    assert run(planned(question).code, {"sales": SALES}) == SALES[rows].units.sum()


@pytest.mark.parametrize("question", ["units last month", "revenue this year", "units since november"])
def test_a_period_that_depends_on_today_or_comes_twice_is_none(question: str) -> None:
    assert isinstance(understand(question, [TABLE]), Abstained)


def test_growth_is_from_one_month_to_the_next() -> None:
    found = run(planned("month over month growth of revenue").code, {"sales": SALES})
    totals = list(REVENUE.groupby(MONTH).sum())
    wanted = [(new / old - 1) * 100 for old, new in pairwise(totals)]
    assert found["growth_pct"].iloc[1:].tolist() == pytest.approx(wanted)


def test_a_rolling_mean_is_over_the_days_before() -> None:
    found = run(planned("7 day rolling average of units").code, {"sales": SALES})
    wanted = [sum(SALES.units[at - 6 : at + 1]) / 7 for at in range(6, len(SALES))]
    assert found["rolling_mean_7"].iloc[6:].tolist() == pytest.approx(wanted)


def test_a_running_total_ends_at_the_total() -> None:
    found = run(planned("cumulative units by month").code, {"sales": SALES})
    assert found["running_total"].iloc[-1] == SALES.units.sum()


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("how many customers", 57),
        ("how many customers in Bern", SALES[SALES.shop == "Bern"].customer_id.nunique()),
        ("average wait in hours", SALES.wait_min.mean() / 60),
        ("how many rows with wait over 2 hours", (SALES.wait_min > 120).sum()),
        ("how many units were sold in Basel", SALES[SALES.shop == "Basel"].units.sum()),
        ("how many rows with units above average", (SALES.units > SALES.units.mean()).sum()),
    ],
)
def test_one_figure(question: str, wanted: float) -> None:
    assert run(planned(question).code, {"sales": SALES}) == pytest.approx(wanted)


@pytest.mark.parametrize(
    "question",
    [
        "customers over 20",
        "average wait in kilometres",
        "how many rows with wait over 20 kilograms",
        "top customer",
        "best shop",
        "avg units for kids",
        "top 3 countries by revenue",
        "top 10% units",
        "when did Bern start",
        "only for Bern",
        "missing units by shop",
    ],
)
def test_what_would_be_guessed_is_not_answered(question: str) -> None:
    assert isinstance(understand(question, [TABLE]), Abstained)


def test_texts_are_read_as_dates_and_numbers() -> None:
    visits = pd.DataFrame(
        {
            "visit_date": ["13/01/2024", "02/02/2024", "28/02/2024", "30/03/2024"] * 6,
            "cost": ["1,200.50", "$80", "95", "1,000"] * 6,
        }
    )
    (table,) = profiles(visits=visits)
    monthly = understand("visits per month", [table])
    assert isinstance(monthly, Planned)
    assert dict(run(monthly.code, {"visits": visits})) == {"2024-01": 6, "2024-02": 12, "2024-03": 6}
    mean = understand("average cost", [table])
    assert isinstance(mean, Planned)
    assert run(mean.code, {"visits": visits}) == pytest.approx((1200.5 + 80 + 95 + 1000) / 4)


def test_days_and_months_that_cannot_be_told_apart_are_no_dates() -> None:
    (table,) = profiles(visits=pd.DataFrame({"visit_date": ["03/04/2024", "05/06/2024"] * 9}))
    assert isinstance(understand("visits per month", [table]), Abstained)


def test_a_key_joins_two_tables() -> None:
    orders = pd.DataFrame(
        {"order_id": range(12), "customer_id": [1, 2, 3, 1] * 3, "revenue": range(10, 130, 10)}
    )
    customers = pd.DataFrame({"customer_id": [1, 2, 3], "country": ["CH", "DE", "CH"]})
    tables = profiles(orders=orders, customers=customers)
    found = understand("revenue by customer country", tables)
    assert isinstance(found, Planned)
    assert "join `customers` on `customer_id`" in found.sentence
    totals = run(found.code, {"orders": orders, "customers": customers})
    assert dict(totals) == {"CH": sum(range(10, 130, 10)) - 20 - 60 - 100, "DE": 20 + 60 + 100}


def test_without_a_key_nothing_is_joined() -> None:
    orders = pd.DataFrame({"customer_id": [1, 2, 3, 1] * 3, "revenue": range(12)})
    customers = pd.DataFrame({"customer_id": [1, 2, 3, 3], "country": ["CH", "DE", "CH", "FR"]})
    assert isinstance(
        understand("revenue by country", profiles(orders=orders, customers=customers)), Abstained
    )


def test_a_column_is_prepared_before_it_is_asked() -> None:
    ages = pd.DataFrame({"age": [10.0, None, 30.0, 80.0, None, 50.0], "town": list("aabbcc")})
    (table,) = profiles(people=ages)
    filled = understand("fill missing age with the median and give me the mean", [table])
    assert isinstance(filled, Planned)
    assert run(filled.code, {"people": ages}) == pytest.approx((10 + 40 + 30 + 80 + 40 + 50) / 6)
    binned = understand("bin age into 2 groups", [table])
    assert isinstance(binned, Planned)
    assert sorted(run(binned.code, {"people": ages})) == [2, 2]
    assert isinstance(understand("scale age", [table]), Abstained)
