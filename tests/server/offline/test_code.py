"""The generated cells, run for real and compared with computations of another kind."""

import ast
import statistics
from typing import Any

import pandas as pd
import pytest

from autoanalyst_ext.offline.analyst import Planned, understand
from autoanalyst_ext.offline.cells.cell import code
from autoanalyst_ext.offline.plan import Between, Column, Not, OneOf, Plan, RowCount

from .profiling import profile
from .running import run
from .tables import FLATS, FRAMES, PATIENTS, PROFILES

ROWS = FLATS.to_dict("records")


def value_of(question: str, table: str = "flats") -> Any:
    """The value of the question's cell."""
    found = understand(question, [PROFILES[table]])
    assert isinstance(found, Planned), found
    return run(found.code)


def rents(**wanted: object) -> list[int]:
    """The rents of the rows with these values, in plain Python."""
    return [row["rent"] for row in ROWS if all(row[name] == value for name, value in wanted.items())]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("average rent", statistics.mean(rents())),
        ("median rent in Oslo", statistics.median(rents(city="Oslo"))),
        ("standard deviation of rent", statistics.stdev(rents())),
        ("variance of rent", statistics.variance(rents())),
        ("total rent of flats with a balcony in Lima", sum(rents(city="Lima", hasbalcony="yes"))),
        ("how many flats have a rent between 700 and 1200", sum(700 <= rent <= 1200 for rent in rents())),
        ("how many flats are not in Oslo", sum(row["city"] != "Oslo" for row in ROWS)),
        ("how many flats have more than 2 bedrooms or a rent below 700",
         sum(row["bedrooms"] > 2 or row["rent"] < 700 for row in ROWS)),
        ("how many flats have 1 or 3 bedrooms", sum(row["bedrooms"] in (1, 3) for row in ROWS)),
        ("how many different cities are there", 3),
        ("how many columns", 6),
        ("how many missing values are there", 0),
    ],
)  # fmt: skip
def test_a_figure_is_what_plain_python_computes(question: str, expected: float) -> None:
    assert value_of(question) == pytest.approx(expected)


def test_groups_have_the_figures_of_their_rows() -> None:
    expected = {city: statistics.mean(rents(city=city)) for city in ("Lagos", "Lima", "Oslo")}
    assert value_of("average rent by city").to_dict() == pytest.approx(expected)


def test_several_statistics_of_several_columns_by_group() -> None:
    value = value_of("average rent, minimum and maximum floorspace by city")
    assert value.loc["Oslo"].to_dict() == pytest.approx(
        {"mean_rent": statistics.mean(rents(city="Oslo")), "min_floorspace": 40, "max_floorspace": 70}
    )


def test_ties_at_the_cut_are_kept_in_the_table_order() -> None:
    value = value_of("top 4 flats by rent")
    assert value.index.tolist() == [7, 3, 10, 1, 4]
    assert list(value.columns) == list(FLATS.columns)
    assert value_of("the 2 cheapest flats").index.tolist() == [5, 2, 11]


def test_a_ranking_of_groups_keeps_the_largest() -> None:
    totals = {city: sum(rents(city=city)) for city in ("Lagos", "Lima", "Oslo")}
    assert value_of("top 2 cities by total rent").to_dict() == dict(
        sorted(totals.items(), key=lambda pair: -pair[1])[:2]
    )


def test_a_share_comes_with_its_counts() -> None:
    value = value_of("what percentage of flats in Lagos have a balcony?")
    lagos = [row for row in ROWS if row["city"] == "Lagos"]
    matching = sum(row["hasbalcony"] == "yes" for row in lagos)
    assert value == {"share": matching / len(lagos), "matching": matching, "rows": len(lagos)}


def test_the_strongest_correlation_leads_and_keeps_its_sign() -> None:
    value = value_of("which column correlates most with rent")
    assert value.index[0] == "floorspace"
    assert value.abs().is_monotonic_decreasing
    assert value["bedrooms"] == pytest.approx(statistics.correlation(rents(), FLATS["bedrooms"].tolist()))
    assert value_of("correlation between rent and bedrooms") == pytest.approx(value["bedrooms"])


def test_missing_values_are_counted_and_left_out() -> None:
    weights = [weight for weight in PATIENTS["Weight (kg)"].tolist() if weight == weight]
    assert value_of("mean weight", "patients") == pytest.approx(statistics.mean(weights))
    assert value_of("which columns have missing values", "patients").to_dict() == {
        "Weight (kg)": 2,
        "blood_group": 1,
    }
    assert len(value_of("patients where blood group is not AB", "patients")) == 8


def test_rows_are_found_by_position() -> None:
    assert value_of("show row 7").index.tolist() == [7]
    assert value_of("7th row").index.tolist() == [6]
    assert value_of("rows 2 to 4").index.tolist() == [2, 3, 4]
    assert value_of("the last 2 rows").index.tolist() == [10, 11]


def test_a_chart_draws_the_figures() -> None:
    figure = value_of("bar chart of average rent by city")
    drawn = dict(zip(figure.data[0].x, figure.data[0].y, strict=True))
    assert drawn == pytest.approx({city: statistics.mean(rents(city=city)) for city in set(FLATS["city"])})
    assert figure.layout.title.text == "Mean of rent by city"
    assert sorted(value_of("histogram of rent in Oslo").data[0].x) == sorted(rents(city="Oslo"))
    scatter = value_of("scatter plot of rent vs floorspace").data[0]
    assert list(scatter.y) == rents()
    assert [trace.type for trace in value_of("box plot of rent by city").data] == ["box"]
    line = value_of("line chart of rent over floorspace").data[0]
    assert list(line.x) == sorted(FLATS["floorspace"])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ('mean of `he said "hi"`', 3.0),
        ("sum of `it's`", 10),
        ("maximum of `line\nbreak`", 4),
        ("mean of `2020`", 6.5),
        ("median of `{braces}`", 0.25),
        ("median of größe where class is x", 20.0),
    ],
)
def test_odd_names_are_written_as_python_needs_them(question: str, expected: float) -> None:
    assert value_of(question, "odd") == pytest.approx(expected)


def test_a_cell_begins_with_its_plan_and_takes_no_name_that_exists() -> None:
    taken = frozenset({"mean_rent", "mean_rent_2", "selected_flats"})
    found = understand("average rent in Oslo", [PROFILES["flats"]], taken=taken)
    assert isinstance(found, Planned)
    assert found.code.startswith("# mean of `rent` where `city` is “Oslo”\n")
    names = {node.id for node in ast.walk(ast.parse(found.code)) if isinstance(node, ast.Name)}
    assert names == {"flats", "selected_flats_2", "mean_rent_3"}


def test_a_new_name_is_no_other_tables_name() -> None:
    other = profile("mean_rent", pd.DataFrame({"a": [1]}))
    found = understand("average rent", [PROFILES["flats"], other])
    assert isinstance(found, Planned)
    assert "mean_rent_2 =" in found.code


def test_the_same_question_gives_the_same_cell() -> None:
    cells = {str(understand("average rent by city", [PROFILES["flats"]])) for _ in range(20)}
    assert len(cells) == 1


def test_brackets_keep_conditions_apart() -> None:
    column = Column(name="bedrooms")
    part = Not(part=Between(column=column, low=2, high=3))
    plan = Plan(table="flats", where=part, ask=RowCount())
    assert run(code(plan)) == sum(not 2 <= row["bedrooms"] <= 3 for row in ROWS)
    plan = Plan(table="flats", where=Not(part=OneOf(column=column, values=(1, 4))), ask=RowCount())
    assert run(code(plan), FRAMES) == sum(row["bedrooms"] not in (1, 4) for row in ROWS)
