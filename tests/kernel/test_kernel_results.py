"""Any value of a kernel becomes a result."""

import json
import math
from collections import Counter, OrderedDict, namedtuple
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from autoanalyst_ext.types.results import (
    FigureResult,
    MappingResult,
    Result,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)
from autoanalyst_kernel.results import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, describe, leaf

RESULT: TypeAdapter[Any] = TypeAdapter(Result)


class Colour(IntEnum):
    RED = 3


def result(value: Any) -> Any:
    """The result, having travelled as JSON."""
    return RESULT.validate_json(json.dumps(describe(value), allow_nan=False))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, True),
        (7, 7),
        (2**70, 2**70),
        (1.5, 1.5),
        (math.nan, None),
        (-math.inf, None),
        ("é", "é"),
        ("a\ud800", "a?"),
        (np.int8(-3), -3),
        (np.float32(0.5), 0.5),
        (np.float64("nan"), None),
        (np.bool_(True), True),
        (np.str_("s"), "s"),
        (np.datetime64("2020-01-02T03:04"), "2020-01-02T03:04"),
        (np.datetime64("NaT"), None),
        (np.timedelta64(90, "s"), "P0DT0H1M30S"),
        (np.longdouble("1.5"), 1.5),
        (pd.Timestamp("2020-01-02", tz="UTC"), "2020-01-02T00:00:00+00:00"),
        (pd.NaT, None),
        (pd.NA, None),
        (pd.Timedelta("1D"), "P1DT0H0M0S"),
        (pd.Period("2020-03"), "2020-03"),
        (pd.Interval(0, 1), "(0, 1]"),
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 2, 3), "2020-01-02T03:00:00"),
        (time(3, 4), "03:04:00"),
        (timedelta(days=-1, seconds=5), "P-1DT0H0M5S"),
        (Decimal("1.25"), 1.25),
        (Decimal("sNaN"), None),
        (Fraction(1, 4), 0.25),
        (b"\x00a", "b'\\x00a'"),
        (1 + 2j, "(1+2j)"),
        (PurePosixPath("/x"), "/x"),
        (Colour.RED, 3),
    ],
)
def test_scalars_keep_their_type_and_value(value: Any, shown: Any) -> None:
    assert result(value) == ScalarResult(type=type(value).__name__, value=shown)
    assert type(leaf(value)) in {bool, int, float, str, type(None)}


def test_nothing_displayed_is_no_result() -> None:
    assert describe(None) is None
    assert result([None]).values == (ScalarResult(type="NoneType", value=None),)


def test_an_integer_too_long_to_write_is_told_by_its_size() -> None:
    assert result(1 << 100_000).value == "<integer of 100001 bits>"


def test_a_series_comes_with_its_labels() -> None:
    series = pd.Series([1.5, None], index=pd.Index(["a", "b"], name="k"), name="price")
    assert result(series) == SeriesResult(
        name="price", dtype="float64", index_names=("k",), index=("a", "b"), values=(1.5, None), length=2
    )
    levels = pd.Series([1], index=pd.MultiIndex.from_tuples([("x", 2)], names=["g", None]))
    assert (result(levels).index, result(levels).index_names) == ((("x", 2),), ("g", None))


def test_what_has_no_index_is_a_series_without_labels() -> None:
    for value in (
        np.array([1, 2]),
        pd.Index([1, 2]),
        pd.array([1, 2]),
        pl.Series([1, 2]),
        pa.chunked_array([[1, 2]]),
    ):
        found = result(value)
        assert (found.kind, found.values, found.index) == ("series", (1, 2), ())
    assert result(pd.Series(["b", "a"]).unique()).values == ("b", "a")
    assert result(pd.Categorical(["u", "v"])).values == ("u", "v")


def test_tables_of_all_libraries_are_rows_in_order() -> None:
    data = {"a": [1, None], "b": ["x", "y"]}
    for table in (pd.DataFrame(data), pl.DataFrame(data), pa.table(data)):
        found = result(table)
        assert (found.columns, found.rows, found.length) == (("a", "b"), ((1, "x"), (None, "y")), 2)
    assert result(pd.DataFrame(data)).index == (0, 1)
    assert result(np.arange(6).reshape(2, 3)).rows == ((0, 1, 2), (3, 4, 5))


def test_odd_tables_have_a_result() -> None:
    levels = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])
    found = result(
        pd.DataFrame([[1, [2, {"k": 3}]]], columns=levels, index=pd.MultiIndex.from_tuples([(1, "z")]))
    )
    assert (found.columns, found.index, found.rows) == (
        ("a / x", "a / y"),
        ((1, "z"),),
        ((1, '[2, {"k": 3}]'),),
    )
    assert result(pd.DataFrame([[1, 2]], columns=["c", "c"])).rows == ((1, 2),)
    assert result(pd.DataFrame(index=range(3))) == TableResult(
        columns=(), dtypes=(), index_names=(None,), index=(0, 1, 2), rows=((), (), ()), length=3
    )
    assert result(pd.DataFrame({"a": []})).rows == ()


def test_containers_are_described_inside() -> None:
    assert result({"mean": 2.5, 3: [1]}) == MappingResult(
        keys=("mean", "3"),
        values=(
            ScalarResult(type="float", value=2.5),
            SequenceResult(values=(ScalarResult(type="int", value=1),), length=1),
        ),
        length=2,
    )
    assert result(Counter("aab")).keys == ("a", "b")
    assert result(OrderedDict(x=1)).kind == "mapping"
    assert [each.value for each in result({10, 9, "b", "a"}).values] == [9, 10, "a", "b"]
    assert result({"a": 1}.keys()).values[0].value == "a"
    assert result(range(3)).length == 3


def test_a_named_tuple_is_told_by_its_fields() -> None:
    test = namedtuple("Test", "statistic pvalue")
    found = result(test(1.0, 0.05))
    assert (found.kind, found.keys, found.values[1].value) == ("mapping", ("statistic", "pvalue"), 0.05)


def test_a_list_that_holds_itself_ends() -> None:
    endless: list[Any] = [1]
    endless.append(endless)
    assert result(endless).length == 2


def test_charts_are_told_by_traces_and_points() -> None:
    figure = go.Figure([go.Histogram(x=[1, 2, 3]), go.Pie(labels=["a"], values=[1])], layout={"title": "T"})
    assert result(figure) == FigureResult(library="plotly", title="T", traces=("histogram", "pie"), points=4)


def test_matplotlib_charts_are_recognised_from_what_calls_return() -> None:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2)
    axes[0].set_title("left")
    for value in (figure, axes, axes[0], axes[0].plot([1, 2]), axes[0].bar([1], [2])):
        assert result(value) == FigureResult(library="matplotlib", title="left")
    plt.close(figure)


@pytest.mark.parametrize(
    "value",
    [
        pd.DataFrame({f"c{i}": ["é" * 900] * 500 for i in range(150)}),
        pd.DataFrame({"c": ["\x00" * 600] * 500}),
        pd.Series(["x" * 10_000] * 10_000),
        ["y" * 10_000] * 10_000,
        {str(i): {str(j): "z" * 600 for j in range(300)} for i in range(300)},
        {"k" * 10_000 + str(i): i for i in range(500)},
        [[[1] * 300] * 300] * 300,
        pd.DataFrame(np.ones((3, 5_000))),
    ],
    ids=["wide", "escapes", "series", "list", "nested", "keys", "deep", "columns"],
)
def test_no_result_is_larger_than_its_bound_and_lengths_stay_true(value: Any) -> None:
    found = describe(value)
    assert found is not None
    assert len(json.dumps(found)) < 1.1 * MAX_BYTES
    assert found["length"] == len(value)
    shown = found.get("rows") or found["values"]
    assert 0 < len(shown) <= MAX_ROWS
    assert len(found.get("columns", ())) <= MAX_COLUMNS


def test_a_long_text_is_cut() -> None:
    assert len(result("x" * 10_000).value) == MAX_TEXT


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.decimals()
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.one_of(st.text(max_size=3), st.integers(), st.floats()), inner, max_size=4)
        | st.tuples(inner, inner)
        | st.sets(st.integers() | st.text(max_size=2), max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(values.filter(lambda value: value is not None))
def test_every_value_has_a_result_that_fits_its_type(value: Any) -> None:
    result(value)
