"""Comparisons, rankings and counts: cells on small tables, against plain Python."""

import math
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoanalyst_ext.offline.plan import (
    Compare,
    Correlation,
    Crosstab,
    Difference,
    Distinct,
    Duplicates,
    ExtremeColumn,
    MissingValues,
    Rank,
    RowCount,
    Rows,
    StrongestPair,
    SumShare,
    TopRows,
    ValueCounts,
)

from . import oracles
from .cells import column, measure, plan, said, value

ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("uv"), st.integers(0, 9)), min_size=4, max_size=25
).filter(lambda rows: {g for g, _, _ in rows} >= {"a", "b"} and sum(x for *_, x in rows) > 0)
Rows_ = list[tuple[str, str, int]]


def table(rows: Rows_) -> pd.DataFrame:
    """The rows as a frame."""
    return pd.DataFrame(rows, columns=["g", "h", "x"])


def is_(name: str, wanted: str) -> Compare:
    """Rows with a value."""
    return Compare(column=column(name), operator="==", value=wanted)


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_a_difference_comes_with_both_sides(rows: Rows_) -> None:
    left, right = ([x for g, _, x in rows if g == name] for name in "ab")
    asked = plan(Difference(measure=measure("mean"), left=is_("g", "a"), right=is_("g", "b")))
    means = oracles.mean(left), oracles.mean(right)
    found = value(asked, table(rows))
    assert list(found.values()) == pytest.approx([*means, means[0] - means[1]])
    assert "a difference of {{c1.difference|" in said(asked, table(rows))


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_shares_of_a_sum(rows: Rows_) -> None:
    total = sum(x for *_, x in rows)
    part = sum(x for g, _, x in rows if g == "a")
    found = value(plan(SumShare(column=column("x"), of=is_("g", "a"))), table(rows))
    assert found == {"share": pytest.approx(part / total), "part": part, "total": total}
    groups = value(plan(SumShare(column=column("x")), by=(column("g"),)), table(rows)).to_dict()
    assert groups == pytest.approx(
        {name: sum(x for g, _, x in rows if g == name) / total for name in {g for g, _, _ in rows}}
    )


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_tables_of_two_columns(rows: Rows_) -> None:
    asked = Crosstab(rows=column("g"), columns=column("h"))
    counts = Counter((g, h) for g, h, _ in rows)
    found = value(plan(asked), table(rows))
    assert {(g, h): found.loc[g, h] for g in found.index for h in found.columns if found.loc[g, h]} == counts
    within = value(plan(asked.model_copy(update={"share": "rows"})), table(rows))
    assert within.sum(axis=1).tolist() == pytest.approx([1.0] * len(within))
    figures = value(plan(asked.model_copy(update={"measure": measure("range")})), table(rows))
    for g, h in counts:
        values = [x for one, other, x in rows if (one, other) == (g, h)]
        assert figures.loc[g, h] == max(values) - min(values)


@settings(max_examples=8, deadline=None)
@given(rows=ROWS, place=st.integers(1, 3), count=st.integers(1, 3), largest=st.booleans())
def test_top_rows_from_any_place_on(rows: Rows_, place: int, count: int, largest: bool) -> None:
    distinct = sorted({x for *_, x in rows}, reverse=largest)
    asked = TopRows(by=column("x"), largest=largest, count=count, place=place)
    left = [x for *_, x in rows if x in distinct[place - 1 :]]
    ordered = sorted(left, reverse=largest)
    cut = [x for x in left if x in ordered[:count]]
    if count == 1 and place <= len(distinct):
        cut = [x for x in left if x == distinct[place - 1]]
    assert sorted(value(plan(asked), table(rows))["x"]) == sorted(cut)


@settings(max_examples=8, deadline=None)
@given(rows=ROWS, count=st.integers(1, 2), ties=st.booleans())
def test_top_rows_of_each_group(rows: Rows_, count: int, ties: bool) -> None:
    asked = TopRows(by=column("x"), largest=True, count=count, ties=ties)
    found = value(plan(asked, by=(column("g"),)), table(rows))
    for name in {g for g, _, _ in rows}:
        ordered = sorted((x for g, _, x in rows if g == name), reverse=True)
        cut = ordered[:count] if not ties else [x for x in ordered if x >= ordered[:count][-1]]
        assert found[found["g"] == name]["x"].tolist() == cut


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_groups_in_the_order_of_their_figures(rows: Rows_) -> None:
    asked = plan(RowCount(), by=(column("g"),), rank=Rank(largest=True, count=None))
    found = value(asked, table(rows))
    assert found.tolist() == sorted(Counter(g for g, _, _ in rows).values(), reverse=True)
    assert "largest first" in said(asked, table(rows))


@settings(max_examples=8, deadline=None)
@given(numbers=st.lists(st.tuples(*[st.integers(-50, 50)] * 3), min_size=5, max_size=15, unique=True))
def test_the_strongest_pair_leads(numbers: list[tuple[int, int, int]]) -> None:
    frame = pd.DataFrame(numbers, columns=["p", "q", "r"])
    if any(frame[name].nunique() < 3 for name in frame):
        return
    pairs = {
        (a, b): oracles.pearson(frame[a].tolist(), frame[b].tolist())
        for a, b in (("p", "q"), ("p", "r"), ("q", "r"))
    }
    found = value(plan(StrongestPair()), frame)
    assert found.to_dict() == pytest.approx(pairs)
    assert found.abs().is_monotonic_decreasing
    assert value(plan(StrongestPair(sign="positive")), frame).is_monotonic_decreasing
    assert value(plan(StrongestPair(sign="negative")), frame).is_monotonic_increasing


def test_the_strongest_pair_is_named() -> None:
    frame = pd.DataFrame({"p": [1, 2, 3, 4], "q": [1, 2, 3, 5], "r": [4, 1, 3, 2]})
    assert said(plan(StrongestPair()), frame).startswith("`p` and `q` correlate most: {{c1['p','q']|.3f}}.")


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_repeated_rows_and_extreme_columns(rows: Rows_) -> None:
    assert value(plan(Duplicates()), table(rows)) == len(rows) - len(set(rows))
    few = value(plan(Duplicates(columns=(column("g"),))), table(rows))
    assert few == len(rows) - len({g for g, _, _ in rows})
    frame = pd.DataFrame({"p": [x for *_, x in rows], "q": [9 - x for *_, x in rows]})
    asked = ExtremeColumn(columns=(column("p"), column("q")), function="mean", largest=True)
    means = {name: oracles.mean(frame[name].tolist()) for name in "pq"}
    found = value(plan(asked), frame)
    assert found.to_dict() == pytest.approx(means)
    assert found.iloc[0] == pytest.approx(max(means.values()))


def test_missing_values_in_every_way() -> None:
    frame = pd.DataFrame({"a": [1, None, None, 4], "b": ["x", None, "y", "z"], "c": [1, 2, 3, 4]})
    assert value(plan(MissingValues(scope="rows")), frame) == 2
    assert value(plan(MissingValues(scope="total", share=True)), frame) == 3 / 12
    assert value(plan(MissingValues(scope="affected", text_only=True)), frame).to_dict() == {"b": 1}
    assert value(plan(MissingValues(scope="one", column=column("a"), share=True)), frame) == 0.5
    assert value(plan(MissingValues(scope="columns")), frame).to_dict() == {"a": 2, "b": 1, "c": 0}


def test_correlations_and_counts_within_groups() -> None:
    frame = pd.DataFrame({"g": list("aaabbb"), "x": [1, 2, 4, 1, 2, 3], "y": [1, 3, 4, 3, 2, 1]})
    found = value(plan(Correlation(left=column("x"), right=column("y")), by=(column("g"),)), frame)
    assert found.to_dict() == pytest.approx({"a": oracles.pearson([1, 2, 4], [1, 3, 4]), "b": -1})
    counts = value(plan(ValueCounts(column=column("y")), by=(column("g"),)), frame)
    assert counts.sum() == 6
    assert math.isclose(counts.loc["a", 3], 1)


def test_rows_by_chance_are_always_the_same() -> None:
    frame = pd.DataFrame({"x": range(50)})
    asked = plan(Rows(part="sample", count=5))
    assert value(asked, frame).equals(value(asked, frame))
    assert len(value(plan(Rows(part="sample", count=80)), frame)) == 50


def test_the_largest_figure_is_called_what_it_is() -> None:
    frame = pd.DataFrame(
        {
            "g": ["a", "a", "b", "b", "b", "c", "c", "c"],
            "x": [1, 5, 2, 3, 3, 10, 20, 15],
            "y": [1, 2, 3, 1, 2, 1, 4, 9],
        }
    )
    shares = said(plan(SumShare(column=column("x")), by=(column("g"),)), frame)
    assert shares.startswith("The share of the sum of `x` is largest for {{c1.index[2]}} ({{c1.c|pct}})")
    different = said(plan(Distinct(column=column("x"), counted=True), by=(column("g"),)), frame)
    assert "rows" not in different.partition(":")[0]
    counts = said(plan(RowCount(), by=(column("g"),)), frame)
    assert counts.startswith("Number of rows, by `g`")
    pairs = plan(Correlation(left=column("x"), right=column("y")), by=(column("g"),))
    assert said(pairs, frame).startswith("The correlation is largest for")
