"""Questions for charts: which chart they mean, that it draws the right figures, and when to be silent."""

from typing import Any

import pandas as pd
import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, understand
from autoanalyst_ext.offline.plan import HeatMap, Scatter

from . import oracles
from .cells import column, plan, value
from .running import run
from .tables import FLATS, ORDERS, PROFILES

DRAWN = [
    ("flats", "pie chart of city", "pie", "Number of rows by city"),
    ("flats", "donut chart of flats by city", "pie", "Number of rows by city"),
    ("flats", "violin plot of rent by city", "violin", "Rent by city"),
    ("flats", "area chart of total rent by bedrooms", "scatter", "Sum of rent by bedrooms"),
    ("flats", "heatmap of correlations", "heatmap", "Correlations"),
    ("flats", "heat map of rent, floorspace and bedrooms", "heatmap", "Correlations"),
    ("flats", "heat map of average rent by city and heatingtype", "heatmap",
     "Mean of rent by city and heatingtype"),
    ("flats", "heat map of the number of flats by city and heatingtype", "heatmap",
     "Number of rows by city and heatingtype"),
    ("orders", "plot unit price over order date", "scatter", "UnitPrice along OrderDate"),
    ("orders", "plot the average unit price over order date", "scatter", "Mean of UnitPrice by OrderDate"),
    ("orders", "line chart of average unit price by order date", "scatter", "Mean of UnitPrice by OrderDate"),
]  # fmt: skip


def figure(question: str, table: str = "flats") -> Any:
    """The chart that a question draws."""
    found = understand(question, [PROFILES[table]])
    assert isinstance(found, Planned), found
    return run(found.code)


@pytest.mark.parametrize(("table", "question", "kind", "title"), DRAWN)
def test_a_chart_is_of_the_kind_and_has_a_title(table: str, question: str, kind: str, title: str) -> None:
    drawn = figure(question, table)
    assert {trace.type for trace in drawn.data} == {kind}
    assert drawn.layout.title.text == title


def test_charts_draw_the_figures() -> None:
    counts = FLATS["city"].tolist()
    slices = figure("pie chart of city").data[0]
    assert dict(zip(slices.labels, slices.values, strict=True)) == {c: counts.count(c) for c in set(counts)}
    cells = figure("heat map of the average rent by city and heatingtype").data[0]
    for city, row in zip(cells.y, cells.z, strict=True):
        for heating, mean in zip(cells.x, row, strict=True):
            rents = FLATS[(FLATS["city"] == city) & (FLATS["heatingtype"] == heating)]["rent"].tolist()
            assert mean == pytest.approx(oracles.mean(rents)) if rents else mean != mean
    pairs = figure("heatmap of correlations").data[0]
    at = {name: place for place, name in enumerate(pairs.x)}
    expected = oracles.pearson(FLATS["rent"].tolist(), FLATS["floorspace"].tolist())
    assert pairs.z[at["rent"]][at["floorspace"]] == pytest.approx(expected)
    line = figure("plot unit price over order date", "orders").data[0]
    assert list(line.y) == ORDERS.sort_values("OrderDate")["UnitPrice"].tolist()


def test_a_trend_line_is_the_line_of_least_squares() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [2.0, 4.0, 6.0, 8.0]})
    drawn = value(plan(Scatter(x=column("x"), y=column("y"), trend=True)), frame)
    assert list(drawn.data[1].y) == pytest.approx([2, 4, 6, 8])
    chosen = value(plan(HeatMap(columns=(column("x"), column("y")))), frame)
    assert [one for row in chosen.data[0].z for one in row] == pytest.approx([1.0] * 4)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("pie chart of average rent by city", "parts of a whole"),
        ("bar chart of rent by city", "Which figure of `rent`"),
        ("heat map of rent by city and heatingtype", ""),
        ("line chart of average rent by city", "neither a number nor a date"),
        ("pie chart of rent", "too many different values"),
        ("plot rent", ""),
    ],
)
def test_what_could_be_drawn_in_two_ways_is_not_drawn(question: str, reason: str) -> None:
    table = PROFILES["flats"].model_copy(update={"rows": 200})
    columns = tuple(c.model_copy(update={"distinct": 90}) if c.name == "rent" else c for c in table.columns)
    found = understand(question, [table.model_copy(update={"columns": columns})])
    assert isinstance(found, Abstained)
    assert reason in found.not_understood


def test_days_of_the_week_stand_in_their_order_under_their_name() -> None:
    drawn = figure("bar chart of the number of orders by weekday", "orders")
    assert drawn.layout.xaxis.categoryarray[:2] == ("Monday", "Tuesday")
    assert drawn.layout.xaxis.title.text == "weekday"
    assert drawn.layout.title.text == "Number of rows by weekday"


def test_a_heat_map_of_groups_has_one_tick_for_each() -> None:
    drawn = figure("heat map of the average rent by bedrooms and city")
    assert drawn.layout.xaxis.type == drawn.layout.yaxis.type == "category"


def test_histograms_of_groups_do_not_hide_each_other() -> None:
    assert figure("histogram of rent by city").layout.barmode == "overlay"
