"""Tables become profiles inside a kernel. The figures are compared with pandas' own."""

import json
import math
import subprocess
import sys
import time
import warnings
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoanalyst_ext.types.profiles import ColumnProfile, TableProfile
from autoanalyst_kernel import frames


def profile(table: Any) -> TableProfile:
    """The profile, having travelled as JSON."""
    (found,) = frames.tables({"t": table})
    return TableProfile.model_validate_json(json.dumps(found, allow_nan=False))


def column(values: Any, **options: Any) -> ColumnProfile:
    return profile(pd.DataFrame({"c": pd.Series(values, **options)})).columns[0]


def test_numbers_agree_with_pandas() -> None:
    values = pd.Series([3.5, -1.25, None, 8.0, 8.0, 2.0])
    found = column(values)
    assert (found.kind, found.nulls, found.distinct) == ("number", 1, 4)
    assert (found.minimum, found.maximum) == (-1.25, 8.0)
    assert found.mean == pytest.approx(values.mean())
    assert found.std == pytest.approx(values.std())
    assert found.quantiles == tuple(values.quantile([0.25, 0.5, 0.75]))
    assert found.samples == (3.5, -1.25, 8.0, 2.0)


def test_few_integers_are_counted_most_frequent_first() -> None:
    found = column([4, 2, 2, 3, 3, 3, 2**60])
    assert (found.kind, found.minimum, found.maximum) == ("integer", 2, 2**60)
    assert [(top.value, top.count) for top in found.top] == [(3, 3), (2, 2), (4, 1), (2**60, 1)]
    assert column(range(21)).top == ()


@pytest.mark.parametrize(
    ("values", "options", "kind", "nulls"),
    [
        (["a", "a", "b", "b", None], {}, "category", 1),
        (["a", "b", "c"], {}, "text", 0),
        (["a", "a", "b", None], {"dtype": object}, "text", 1),
        ([True, False, True], {}, "boolean", 0),
        ([True, None, True], {"dtype": "boolean"}, "boolean", 1),
        ([True, None], {"dtype": object}, "boolean", 1),
        ([1, None, 3], {"dtype": "Int64"}, "integer", 1),
        ([1, 2, 3], {"dtype": "uint64"}, "integer", 0),
        ([1.5, None], {"dtype": "Float32"}, "number", 1),
        ([1, 2.5, None], {"dtype": object}, "number", 1),
        ([Decimal("1.10"), Decimal("NaN"), None], {"dtype": object}, "number", None),
        (["a", "b"] * 3, {"dtype": "category"}, "category", 0),
        ([1, 2] * 3, {"dtype": "category"}, "category", 0),
        ([1, 2, 3], {"dtype": "category"}, "other", 0),
        (pd.to_datetime(["2020-01-01", None]), {}, "datetime", 1),
        (pd.date_range("2020", periods=3, tz="Europe/Berlin"), {}, "datetime", 0),
        (pd.period_range("2020-01", periods=3, freq="M"), {}, "datetime", 0),
        ([date(2020, 1, 2), None], {"dtype": object}, "datetime", 1),
        (pd.to_timedelta([1, None], unit="h"), {}, "duration", 1),
        ([timedelta(hours=1), timedelta(0)], {"dtype": object}, "duration", 0),
        ([[1], [2, 3], None], {}, "other", 1),
        ([{"a": 1}, b"x", "y"], {}, "other", 0),
        ([1 + 2j], {}, "other", 0),
        ([10**30, 5], {"dtype": object}, "number", 0),
        ([], {"dtype": object}, "other", 0),
        ([None, None], {"dtype": object}, "other", 2),
        ([math.inf, -math.inf, math.nan], {}, "number", 1),
        ([1, 0, 0], {"dtype": pd.SparseDtype("int64", 0)}, "integer", 0),
        ([1, None], {"dtype": pd.ArrowDtype(pa.int64())}, "integer", 1),
        (["x", None], {"dtype": pd.ArrowDtype(pa.string())}, "text", 1),
        (pd.interval_range(0, 3), {}, "other", 0),
    ],
)
def test_every_kind_of_column_is_told(
    values: Any, options: dict[str, Any], kind: str, nulls: int | None
) -> None:
    series = pd.Series(values, **options)
    before = series.copy(deep=True)
    found = column(series)
    assert found.kind == kind
    assert found.nulls == (int(series.isna().sum()) if nulls is None else nulls)
    assert found.dtype == str(series.dtype)
    pd.testing.assert_series_equal(series, before)


def test_dates_are_iso_and_keep_their_zone() -> None:
    found = column(pd.to_datetime(["2021-03-01 10:00", "2020-01-02 00:00"]).tz_localize("Europe/Berlin"))
    assert (found.minimum, found.maximum) == ("2020-01-02T00:00:00+01:00", "2021-03-01T10:00:00+01:00")


def test_names_are_told_as_code_writes_them() -> None:
    table = pd.DataFrame([[1, 2, 3, 4, 5]], columns=["a b", 7, ("x", 1), None, pd.Timestamp("2020-01-01")])
    names = [(each.name, each.name_is_text) for each in profile(table).columns]
    assert names == [
        ("a b", True),
        ("7", False),
        ("('x', 1)", False),
        ("None", False),
        ("Timestamp('2020-01-01 00:00:00')", False),
    ]


def test_doubled_names_and_several_levels_are_told_by_position() -> None:
    doubled = profile(pd.DataFrame([[1, "x"], [2, "y"]], columns=["a", "a"]))
    assert [each.kind for each in doubled.columns] == ["integer", "text"]
    levels = pd.MultiIndex.from_tuples([("a", "x"), ("b", "y")], names=["k", "l"])
    both = profile(pd.DataFrame([[1, 2], [3, 4]], columns=levels, index=levels))
    assert [each.name for each in both.columns] == ["('a', 'x')", "('b', 'y')"]
    assert both.index == "k / l"


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (pd.RangeIndex(2), None),
        (pd.Index([7, 3]), None),
        (pd.Index(["x", "y"]), "index"),
        (pd.Index([1, 2], name="id"), "id"),
    ],
)
def test_only_a_meaningful_index_has_a_name(index: Any, name: str | None) -> None:
    assert profile(pd.DataFrame({"a": [1, 2]}, index=index)).index == name


@pytest.mark.parametrize("shape", [(0, 3), (4, 0), (0, 0), (1, 300)])
def test_any_shape_has_a_profile(shape: tuple[int, int]) -> None:
    found = profile(pd.DataFrame(np.ones(shape)))
    assert (found.rows, len(found.columns)) == shape
    assert len(found.sample_rows) == min(5, shape[0])


def test_the_profile_of_an_unchanged_table_is_identical_and_costs_little() -> None:
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"n": rng.random(50_000), "t": rng.choice(["a", "b"], 50_000)})
    first = frames.tables({"t": table})
    frames._cache.clear()
    assert json.dumps(frames.tables({"t": table})) == json.dumps(first)
    assert json.dumps(frames.tables({"t": table.copy()})) == json.dumps(first)


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.__setitem__("n", t["n"] + 1),
        lambda t: t.loc.__setitem__((3, "n"), 99),
        lambda t: t.loc.__setitem__((3, "t"), None),
        lambda t: t.rename(columns={"n": "m"}),
        lambda t: t.drop(index=0),
        lambda t: t.sort_values("n", ascending=False),
        lambda t: t.__setitem__("n", t["n"].astype("float64")),
        lambda t: t.set_index("t"),
    ],
)
def test_every_change_of_a_small_table_changes_its_fingerprint(change: Any) -> None:
    table = pd.DataFrame({"n": range(10), "t": list("abcdefghij")})
    before = profile(table).fingerprint
    changed = change(table)  # in place, or a new table
    assert profile(table if changed is None else changed).fingerprint != before


def test_a_long_table_is_sampled_but_its_nulls_are_exact() -> None:
    rows = 40_001
    table = pd.DataFrame({"n": np.arange(rows, dtype=float), "t": pd.Series(["x", "y"] * rows).head(rows)})
    table.loc[[1, 3], "n"] = np.nan
    table.loc[5, "t"] = None
    found = profile(table)
    assert found.sampled
    assert found.rows == rows
    number, text = found.columns
    assert (number.nulls, text.nulls) == (2, 1)
    assert number.distinct is None
    assert number.mean == pytest.approx(rows / 2, rel=0.01)
    assert text.kind == "category"


def test_ten_million_rows_are_profiled_in_a_blink() -> None:
    rows = 10_000_000
    table = pd.DataFrame({"i": np.arange(rows), "f": np.ones(rows), "u": np.zeros(rows, dtype="uint8")})
    times = []
    for _ in range(3):
        frames._cache.clear()
        begun = time.perf_counter()
        frames.tables({"t": table})
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.25  # about 15 ms on a quiet machine


def test_polars_and_arrow_tables_have_the_same_profile_as_pandas() -> None:
    data = {
        "n": [1, 2, None, 2],
        "f": [0.5, 1.5, 2.5, 3.5],
        "t": ["a", "b", "a", "b"],
        "d": [date(2020, 1, 2)] * 4,
    }
    polars, arrow = profile(pl.DataFrame(data)), profile(pa.table(data))
    assert (polars.library, arrow.library) == ("polars", "pyarrow")
    assert [each.dtype for each in arrow.columns] == ["int64", "double", "string", "date32[day]"]
    plain = {"dtype", "library", "fingerprint"}
    for one, other in zip(polars.columns, arrow.columns, strict=True):
        assert one.model_dump(exclude=plain) == other.model_dump(exclude=plain)
    assert [each.kind for each in polars.columns] == ["integer", "number", "category", "datetime"]
    assert polars.columns[0].nulls == 1
    assert polars.sample_rows[0] == (1, 0.5, "a", "2020-01-02")


def test_a_lazy_frame_is_not_collected() -> None:
    def fail(_: Any) -> Any:
        raise AssertionError("collected")

    lazy = pl.LazyFrame({"a": [1]}).map_batches(fail)
    assert frames.tables({"lazy": lazy, "series": pd.Series([1]), "n": 1}) == []
    assert frames.describe(lazy) == {"kind": "other", "type": "LazyFrame"}


def test_private_names_are_left_out_and_one_table_may_have_two_names() -> None:
    table = pd.DataFrame({"a": [1]})
    found = frames.tables({"_": table, "_1": table, "x": table, "y": table})
    assert [each["name"] for each in found] == ["x", "y"]


def test_objects_that_resent_being_looked_at_are_left_alone() -> None:
    class Trap:
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(name)

    assert frames.tables({"trap": Trap()}) == []
    assert frames.names({"trap": Trap(), "_hidden": 1, "In": [], "n": 1}, {"In": 5}) == {
        "trap": "Trap",
        "In": "list",
        "n": "int",
    }
    described = frames.describe([Trap(), {"a": Trap()}])
    assert described is not None
    assert described["values"][0] == {"kind": "other", "type": "Trap"}


def test_looking_prints_no_warnings() -> None:
    table = pd.DataFrame({"f": [math.inf, -math.inf, 1e308, 1e308], "d": pd.to_datetime(["2020"] * 4)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        profile(table)


cells = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=3),
    st.binary(max_size=2), st.decimals(), st.dates(), st.datetimes(), st.timedeltas(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=1), st.integers(), max_size=1), st.just(pd.NaT), st.just(pd.NA),
    st.complex_numbers(),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(cells, cells), max_size=8), st.tuples(cells, cells))
def test_no_mixture_of_values_or_names_breaks_a_profile_or_a_result(
    rows: list[Any], names: tuple[Any, Any]
) -> None:
    table = pd.DataFrame({0: [row[0] for row in rows], 1: [row[1] for row in rows]}, dtype=object)
    table.columns = pd.Index(
        [str(name) if isinstance(name, list | dict) else name for name in names], dtype=object
    )
    found = profile(table)
    assert (found.rows, len(found.columns)) == (len(rows), 2)
    json.dumps(frames.describe(table), allow_nan=False)


def test_importing_it_needs_the_standard_library_alone() -> None:
    code = (
        "import sys, autoanalyst_kernel.frames\nheavy = "
        "{'pandas', 'numpy', 'IPython', 'narwhals', 'autoanalyst_ext'} & set(sys.modules)\nprint(heavy)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


class Unreadable(pd.DataFrame):
    """A table whose rows are on a disk that is gone."""

    def __len__(self) -> int:
        raise OSError("The disk is gone.")


def test_a_table_that_cannot_be_read_does_not_hide_the_others() -> None:
    found = frames.tables({"odd": Unreadable({"a": [1]}), "good": pd.DataFrame({"a": [1]})})
    assert [table["name"] for table in found] == ["good"]
    assert frames.describe(Unreadable({"a": [1]})) == {"kind": "other", "type": "Unreadable"}


def test_a_date_that_python_has_no_like_of_costs_the_sample_rows_alone() -> None:
    found = profile(pa.table({"at": pa.array([2**60], pa.timestamp("s")), "n": [7]}))
    assert (found.columns[0].nulls, found.columns[1].maximum, found.sample_rows) == (0, 7, ())
