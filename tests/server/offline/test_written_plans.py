"""A plan is plain JSON: what is written comes back, and what somebody else writes is read with care."""

import json
import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoanalyst_ext.offline.cells.cell import code
from autoanalyst_ext.offline.plan import Column, Compare, OneOf, Plan, RowCount
from autoanalyst_ext.offline.plan.written import PlanError, read_plan
from autoanalyst_ext.tools.run_plan import GRAMMAR

from .asking import drawn, following
from .profiling import profile
from .running import run
from .tables import FLATS, PROFILES

FLATS_ONLY = [PROFILES["flats"]]
MEAN = {"kind": "statistics", "measures": [{"function": "mean", "column": "rent"}]}

HOMES = FLATS.assign(
    since=pd.date_range("2023-06-01", periods=12, freq="MS"),
    opened=[f"2024-{month:02}-01" for month in range(1, 13)],
    fee=[f"1,{rent:03}" for rent in range(12)],
    rating=[None, 1.0, 2.0] * 4,
)
FRAMES = {"homes": HOMES}
HOMES_ONLY = [profile("homes", HOMES)]
MEASURE = {"function": "mean", "column": "rent"}
FENCES = {"kind": "fences"}
ASKS: list[dict[str, Any]] = [
    {"kind": "row_count"},
    MEAN,
    {"kind": "top_rows", "by": "rent", "largest": True, "count": 3, "columns": ["city"]},
    {"kind": "rows", "part": "first", "count": 2},
    {"kind": "distinct", "column": "city", "counted": True},
    {"kind": "value_counts", "column": "city", "share": True},
    {"kind": "share", "of": {"kind": "compare", "column": "city", "operator": "==", "value": "Oslo"}},
    {
        "kind": "sum_share",
        "column": "rent",
        "of": {"kind": "compare", "column": "city", "operator": "==", "value": "Oslo"},
    },
    {"kind": "crosstab", "rows": "city", "columns": "heatingtype", "measure": MEASURE},
    {"kind": "correlation", "left": "rent", "right": "floorspace", "method": "spearman", "tested": True},
    {"kind": "correlation_matrix"},
    {"kind": "missing_values", "scope": "columns"},
    {"kind": "duplicates"},
    {"kind": "outliers", "column": "rent", "rule": {"kind": "z_score", "threshold": 2}},
    {"kind": "normality", "column": "rent"},
    {"kind": "groups_test", "column": "rent", "by": "city"},
    {"kind": "chi_square", "left": "city", "right": "hasbalcony"},
    {"kind": "regression", "target": "rent", "features": ["floorspace"]},
    {"kind": "histogram", "x": "rent"},
    {"kind": "scatter", "x": "rent", "y": "floorspace"},
    {"kind": "line", "x": "rent", "y": "floorspace"},
    {"kind": "box", "y": "rent"},
    {"kind": "group_chart", "mark": "bar", "measure": MEASURE},
]
CONDITIONS: list[dict[str, Any]] = [
    {"kind": "compare", "column": "rent", "operator": ">=", "value": 1000},
    {"kind": "between", "column": "rent", "low": 800, "high": 1000},
    {"kind": "one_of", "column": "city", "values": ["Oslo", "Lima"]},
    {"kind": "contains", "column": "heatingtype", "text": "PUMP"},
    {"kind": "during", "column": "since", "start": "2024-01-01", "end": "2024-03-01"},
    {"kind": "missing", "column": "rating"},
]
CONDITIONS += [
    {"kind": "all", "parts": [CONDITIONS[0], CONDITIONS[2]]},
    {"kind": "any", "parts": CONDITIONS[:2]},
    {"kind": "not", "part": CONDITIONS[0]},
]
EXPRESSIONS: list[dict[str, Any]] = [
    {"kind": "of", "column": "rent"},
    {"kind": "constant", "value": 2},
    {
        "kind": "arithmetic",
        "operator": "*",
        "left": {"kind": "of", "column": "rent"},
        "right": {"kind": "constant", "value": 2},
    },
    {"kind": "date_part", "column": "since", "part": "year_month"},
    {"kind": "moving", "column": "rent", "function": "cumulative"},
]
STEPS: list[dict[str, Any]] = [
    {"kind": "drop_missing"},
    {"kind": "drop_duplicates"},
    {"kind": "drop_outliers", "column": "rent", "rule": FENCES},
    {"kind": "parse_date", "column": "opened"},
    {"kind": "parse_number", "column": "fee"},
    {"kind": "sort", "by": ["rent"], "descending": True},
    *({"kind": "derive", "name": "made", "value": value} for value in EXPRESSIONS),
]


@pytest.mark.parametrize("ask", [drawn, following])
def test_a_plan_comes_back_from_json_as_it_was(ask: Any) -> None:
    for seed in range(300):
        plan = ask(seed).plan
        again = Plan.from_json(plan.to_json())
        assert again == plan
        assert again.to_json() == plan.to_json()
        assert code(again) == code(plan)


@given(
    st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    st.text(min_size=1),
)
def test_values_and_names_come_back_with_their_types(value: Any, name: str) -> None:
    column = Column(name=name, is_text=False)
    plan = Plan(table="t", where=Compare(column=column, operator="==", value=value), ask=RowCount())
    again = Plan.from_json(plan.to_json())
    assert again == plan
    assert isinstance(again.where, Compare)
    assert type(again.where.value) is type(value)
    many = plan.model_copy(update={"where": OneOf(column=column, values=(value, None))})
    assert Plan.from_json(many.to_json()) == many


@pytest.mark.parametrize("ask", [drawn, following])
def test_a_plan_in_short_is_the_same_plan(ask: Any) -> None:
    for seed in range(150):
        question = ask(seed)
        assert read_plan(_short(question.plan), question.tables) == question.plan


def test_the_cell_of_a_plan_in_short_runs() -> None:
    plan = read_plan(
        {
            "where": {"kind": "compare", "column": "floorspace", "operator": ">", "value": 50},
            "by": ["city"],
            "ask": MEAN,
            "rank": {"largest": True, "count": 1},
        },
        FLATS_ONLY,
    )
    (mean,) = FLATS[FLATS["floorspace"] > 50].groupby("city")["rent"].mean().nlargest(1)
    assert run(code(plan)).tolist() == [mean]


def test_a_column_that_a_step_makes_can_be_used() -> None:
    ratio = {"kind": "arithmetic", "operator": "/", "left": _of("rent"), "right": _of("floorspace")}
    asked = {"kind": "statistics", "measures": [{"function": "max", "column": "per_metre"}]}
    plan = read_plan(
        {"steps": [{"kind": "derive", "name": "per_metre", "value": ratio}], "ask": asked}, FLATS_ONLY
    )
    assert run(code(plan)) == (FLATS["rent"] / FLATS["floorspace"]).max()


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"ask": {"kind": "row_count"}, "table": "houses"}, "There is no table `houses`"),
        ({"ask": MEAN, "by": ["town"]}, "there is no column `town`"),
        ({"ask": {**MEAN, "measures": [{"function": "mean", "column": "rnet"}]}}, "there is `rent`"),
        ({"ask": {**MEAN, "measures": [{"function": "mean", "column": "city"}]}}, "`city` is not numeric"),
        ({"ask": {"kind": "guess"}}, "'guess'"),
        ({"ask": MEAN, "rank": {"largest": True, "count": 1}}, "`rank`"),
        ({}, "ask: Field required"),
        ({"ask": MEAN, "order": "up"}, "order: Extra inputs are not permitted"),
        ({"ask": MEAN, "steps": "none"}, "steps"),
        ({"ask": MEAN, "by": [{"name": 3}]}, "by.0"),
        ({"ask": MEAN, "table": ["flats"]}, "There is no table"),
    ],
)
def test_what_does_not_fit_is_said(plan: dict[str, Any], said: str) -> None:
    with pytest.raises(PlanError) as error:
        read_plan(plan, FLATS_ONLY)
    assert said in str(error.value)


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: str(ask["kind"]))
def test_what_models_are_offered_is_read_and_runs(ask: dict[str, Any]) -> None:
    assert ask["kind"] in GRAMMAR
    by = ["city"] if ask["kind"] == "group_chart" else []
    run(code(read_plan({"ask": ask, "by": by}, HOMES_ONLY)), FRAMES)


@pytest.mark.parametrize("where", CONDITIONS, ids=lambda where: str(where["kind"]))
def test_the_conditions_that_models_are_offered_are_read_and_run(where: dict[str, Any]) -> None:
    assert where["kind"] in GRAMMAR
    rows = run(code(read_plan({"ask": {"kind": "rows"}, "where": where}, HOMES_ONLY)), FRAMES)
    assert 0 < len(rows) < len(HOMES)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step["kind"]))
def test_the_steps_that_models_are_offered_are_read_and_run(step: dict[str, Any]) -> None:
    assert step["kind"] in GRAMMAR
    run(code(read_plan({"steps": [step], "ask": {"kind": "row_count"}}, HOMES_ONLY)), FRAMES)


def test_no_kind_of_the_description_is_left_untried() -> None:
    offered = re.findall(r"(?:: |\| )([a-z_]{3,})", GRAMMAR.partition("ask = ")[2])
    asked = (*ASKS, *CONDITIONS, *STEPS, *EXPRESSIONS, FENCES)
    tried = {str(each["kind"]) for each in asked}
    assert set(offered) <= tried


def _of(name: str) -> dict[str, str]:
    return {"kind": "of", "column": name}


def _short(plan: Plan) -> Any:
    """The plan as a model writes it: columns are names, and what has its default is left out."""

    def shortened(value: Any) -> Any:
        if isinstance(value, dict) and set(value) == {"name", "is_text"}:
            return value["name"]
        if isinstance(value, dict):
            return {key: shortened(part) for key, part in value.items() if part is not None or key == "count"}
        return [shortened(part) for part in value] if isinstance(value, list) else value

    return shortened(json.loads(plan.to_json()))
