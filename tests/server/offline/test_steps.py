"""Every step and every derived value, run on random tables and compared with plain Python on its rows."""

import math
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoanalyst_ext.offline.plan import (
    Across,
    Arithmetic,
    Bin,
    Binned,
    Compare,
    Constant,
    DatePart,
    Derive,
    DropColumns,
    DropDuplicates,
    DropMissing,
    DropOutliers,
    Encode,
    Expression,
    Fences,
    FillMissing,
    Flag,
    Group,
    Join,
    KeepGroups,
    KeepRows,
    Mapped,
    Mathematical,
    Missing,
    Moving,
    Of,
    Outliers,
    ParseDate,
    ParseNumber,
    Percentiles,
    Resample,
    Scale,
    Sort,
    Step,
    Table,
    TextPart,
    Total,
    ZScore,
)

from . import oracles
from .cells import column, measure, plan, said, value

Row = dict[str, Any]
NUMBER = st.one_of(st.none(), st.integers(1, 400).map(lambda number: number / 4))
ROWS = st.lists(
    st.fixed_dictionaries(
        {"g": st.sampled_from(["a", "b", "c"]), "x": NUMBER, "y": NUMBER, "n": st.integers(0, 9)}
    ),
    min_size=6,
    max_size=25,
).filter(lambda rows: len(set(present(rows, "x"))) > 3 and len(set(present(rows, "y"))) > 1)


def present(rows: list[Row], name: str) -> list[float]:
    """The values of a column that are there."""
    return [row[name] for row in rows if row[name] is not None]


def after(rows: list[Row], *steps: Step, **frames: pd.DataFrame) -> list[Row]:
    """The rows that steps leave, with `None` for what is missing."""
    frame = value(plan(Table(), steps=steps), pd.DataFrame(rows), **frames)
    return [{name: plain(one) for name, one in row.items()} for row in frame.to_dict("records")]


def plain(one: Any) -> Any:
    """A value of a frame as Python has it."""
    return None if one is None or one != one else one.item() if hasattr(one, "item") else one


def derived(rows: list[Row], expression: Expression) -> list[Any]:
    """A derived value for each row."""
    return [row["new"] for row in after(rows, Derive(name="new", value=expression))]


def of(name: str) -> Of:
    """The values of a column."""
    return Of(column=column(name))


def both(row: Row, compute: Callable[[float, float], float]) -> float | None:
    """A figure of `x` and `y`, where both are there."""
    return None if row["x"] is None or row["y"] is None else compute(row["x"], row["y"])


def smallest_mode(found: list[float]) -> Any:
    """The most frequent value."""
    return min(oracles.modes(found))


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_rows_are_left_out_and_filled(rows: list[Row]) -> None:
    assert after(rows, DropMissing()) == [r for r in rows if None not in r.values()]
    assert after(rows, DropMissing(columns=(column("y"),))) == [r for r in rows if r["y"] is not None]
    figures = {
        "mean": oracles.mean,
        "median": oracles.median,
        "mode": lambda found: min(oracles.modes(found)),
    }
    for method, oracle in figures.items():
        fill = FillMissing.model_validate({"column": {"name": "x"}, "method": method})
        usual = oracle(present(rows, "x"))
        expected = [usual if row["x"] is None else row["x"] for row in rows]
        assert [row["x"] for row in after(rows, fill)] == pytest.approx(expected)
    constant = FillMissing(column=column("x"), method="constant", value=0)
    assert [row["x"] for row in after(rows, constant)] == [row["x"] or 0 for row in rows]


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_gaps_are_filled_from_their_group(rows: list[Row]) -> None:
    groups = defaultdict(list)
    for row in rows:
        if row["x"] is not None:
            groups[row["g"]].append(row["x"])
    whole = oracles.mean(present(rows, "x"))
    expected = [
        row["x"] if row["x"] is not None else oracles.mean(groups[row["g"]]) if groups[row["g"]] else whole
        for row in rows
    ]
    fill = FillMissing(column=column("x"), method="mean", by=(column("g"),))
    assert [row["x"] for row in after(rows, fill)] == pytest.approx(expected)


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_rows_are_kept_and_ordered(rows: list[Row]) -> None:
    few = KeepRows(where=Compare(column=column("n"), operator="<", value=5))
    assert after(rows, few) == [row for row in rows if row["n"] < 5]
    sizes = {name: sum(row["g"] == name for row in rows) for name in "abc"}
    large = KeepGroups(by=(column("g"),), operator=">=", rows=4)
    assert after(rows, large) == [row for row in rows if sizes[row["g"]] >= 4]
    assert after(rows, Sort(by=(column("n"),))) == sorted(rows, key=lambda row: row["n"])
    backwards = sorted(rows, key=lambda row: -row["n"])
    assert after(rows, Sort(by=(column("n"),), descending=True)) == backwards
    first = {row["g"]: row for row in reversed(rows)}
    assert after(rows, DropDuplicates(columns=(column("g"),))) == [r for r in rows if first[r["g"]] is r]
    assert after(rows, DropColumns(columns=(column("x"), column("g")))) == [
        {"y": row["y"], "n": row["n"]} for row in rows
    ]


RULES = [
    (ZScore(threshold=1.5), lambda found: oracles.z_outliers(found, 1.5, 0)),
    (ZScore(threshold=1.5, ddof=1), lambda found: oracles.z_outliers(found, 1.5, 1)),
    (ZScore(threshold=1, side="high"), lambda found: [z > 1 for z in oracles.z_scores(found, 0)]),
    (ZScore(threshold=1, side="low"), lambda found: [z < -1 for z in oracles.z_scores(found, 0)]),
    (Fences(), oracles.iqr_outliers),
    (Fences(factor=0.5), lambda found: oracles.iqr_outliers(found, 0.5)),
    (
        Percentiles(low=0.1, high=0.9),
        lambda found: [
            one < oracles.quantile(found, 0.1) or one > oracles.quantile(found, 0.9) for one in found
        ],
    ),
]


@pytest.mark.parametrize(("rule", "oracle"), RULES)
@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_outliers(rule: Any, oracle: Callable[[list[float]], list[bool]], rows: list[Row]) -> None:
    flags = iter(oracle(present(rows, "x")))
    outside = [row["x"] is not None and next(flags) for row in rows]
    kept = [row for row, flag in zip(rows, outside, strict=True) if not flag]
    assert after(rows, DropOutliers(column=column("x"), rule=rule)) == kept
    frame = pd.DataFrame(rows)
    asked = Outliers(column=column("x"), rule=rule)
    assert value(plan(asked), frame).index.tolist() == [at for at, flag in enumerate(outside) if flag]
    counted = value(plan(asked.model_copy(update={"counted": True})), frame)
    assert counted == {"outliers": sum(outside), "rows": len(present(rows, "x"))}


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_columns_are_scaled_and_encoded(rows: list[Row]) -> None:
    def scaled(method: str, **options: Any) -> list[float]:
        step = Scale.model_validate({"columns": [{"name": "x"}, {"name": "y"}], "method": method, **options})
        return present(after(rows, step), "x")

    found = present(rows, "x")
    assert scaled("minmax") == pytest.approx(oracles.min_max(found))
    assert scaled("zscore") == pytest.approx(oracles.z_scores(found, 0), abs=1e-9)
    assert scaled("zscore", ddof=1) == pytest.approx(oracles.z_scores(found, 1), abs=1e-9)
    codes = {name: at for at, name in enumerate(sorted({row["g"] for row in rows}))}
    encoded = after(rows, Encode(column=column("g"), method="codes"))
    assert [row["g"] for row in encoded] == [codes[row["g"]] for row in rows]
    chosen = Encode(column=column("g"), method="codes", values=(("a", 1), ("b", 0), ("c", 0)))
    assert [row["g"] for row in after(rows, chosen)] == [int(row["g"] == "a") for row in rows]
    one_hot = after(rows, Encode(column=column("g"), method="one_hot"))
    for name in codes:
        assert [row[f"g_{name}"] for row in one_hot] == [int(row["g"] == name) for row in rows]


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_values_are_derived(rows: list[Row]) -> None:
    x, y = of("x"), of("y")
    ratio = Arithmetic(operator="/", left=x, right=Arithmetic(operator="+", left=y, right=Constant(value=1)))
    assert derived(rows, ratio) == [both(row, lambda a, b: a / (b + 1)) for row in rows]
    gap = Arithmetic(operator="-", left=x, right=Arithmetic(operator="-", left=y, right=Constant(value=-2)))
    assert derived(rows, gap) == [both(row, lambda a, b: a - (b + 2)) for row in rows]
    log = derived(rows, Mathematical(function="log10", of=x))
    assert log == pytest.approx([row["x"] and math.log10(row["x"]) for row in rows])
    square = Mathematical(function="square", of=gap)
    assert derived(rows, square) == [both(row, lambda a, b: (a - (b + 2)) ** 2) for row in rows]
    mean = derived(rows, Across(function="mean", columns=(column("x"), column("y"))))
    sums = [[one for one in (row["x"], row["y"]) if one is not None] for row in rows]
    assert mean == [oracles.mean(found) if found else None for found in sums]
    total = derived(rows, Across(function="sum", columns=(column("x"), column("y"))))
    assert total == [math.fsum(found) if found else None for found in sums]
    centred = Arithmetic(operator="-", left=x, right=Total(measure=measure("mean")))
    middle = oracles.mean(present(rows, "x"))
    expected = [None if row["x"] is None else row["x"] - middle for row in rows]
    assert derived(rows, centred) == pytest.approx(expected)
    flag = derived(rows, Flag(where=Compare(column=column("n"), operator=">=", value=5)))
    assert flag == [int(row["n"] >= 5) for row in rows]
    missing = derived(rows, Flag(where=Missing(column=column("x"))))
    assert missing == [int(row["x"] is None) for row in rows]


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_values_of_a_group_beside_each_row(rows: list[Row]) -> None:
    found = derived(rows, Total(measure=measure("range"), by=(column("g"),)))
    for row, one in zip(rows, found, strict=True):
        group = [other["x"] for other in rows if other["g"] == row["g"] and other["x"] is not None]
        assert one == (max(group) - min(group) if group else None)


TOUCHING = (Bin(label="low", high=25), Bin(label="middle", low=25, high=60), Bin(label="high", low=60))
APART = (
    Bin(label="low", low=0, high=12, high_included=True),
    Bin(label="middle", low=13, high=59, high_included=True),
    Bin(label="high", low=60),
)
UPPER = (
    Bin(label="low", low=0, high=50, low_included=False, high_included=True),
    Bin(label="high", low=50, high=100, low_included=False, high_included=True),
)


@pytest.mark.parametrize("bins", [TOUCHING, APART, UPPER])
@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_numbers_are_put_into_intervals(bins: tuple[Bin, ...], rows: list[Row]) -> None:
    def label(number: float | None) -> str | None:
        for one in bins:
            low = (
                one.low is None
                or number is None
                or (one.low < number or (one.low_included and one.low == number))
            )
            high = (
                one.high is None
                or number is None
                or (number < one.high or (one.high_included and number == one.high))
            )
            if number is not None and low and high:
                return one.label
        return None

    assert derived(rows, Binned(of=of("x"), bins=bins)) == [label(row["x"]) for row in rows]
    doubled = Binned(of=Arithmetic(operator="*", left=of("x"), right=Constant(value=2)), bins=bins)
    assert derived(rows, doubled) == [label(row["x"] and row["x"] * 2) for row in rows]


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_values_are_mapped(rows: list[Row]) -> None:
    pairs = (("a", "first"), ("b", "second"))
    names = dict(pairs)
    rest = derived(rows, Mapped(of=of("g"), values=pairs, otherwise="rest"))
    assert rest == [names.get(row["g"], "rest") for row in rows]
    assert derived(rows, Mapped(of=of("g"), values=pairs)) == [names.get(row["g"], row["g"]) for row in rows]


@settings(max_examples=8, deadline=None)
@given(numbers=st.lists(st.integers(1, 99), min_size=4, max_size=20), window=st.integers(1, 3))
def test_figures_along_the_rows(numbers: list[int], window: int) -> None:
    rows = [{"x": number, "g": "ab"[at % 2]} for at, number in enumerate(numbers)]

    def moving(function: str, **options: Any) -> list[Any]:
        asked = {"column": {"name": "x"}, "function": function, "window": window, **options}
        return derived(rows, Moving.model_validate(asked))

    before = [None] * window + numbers[:-window]
    pairs = list(zip(numbers, before, strict=True))
    assert moving("previous") == before
    assert moving("difference") == [None if b is None else a - b for a, b in pairs]
    assert moving("growth") == pytest.approx([None if b is None else a / b - 1 for a, b in pairs])
    assert moving("cumulative") == [sum(numbers[: at + 1]) for at in range(len(numbers))]
    assert moving("mean") == pytest.approx(oracles.rolling(numbers, window))
    assert moving("max") == oracles.rolling(numbers, window, max)
    evens = oracles.rolling(numbers[::2], window, sum)
    assert moving("sum", by=({"name": "g"},))[::2] == evens


def test_parts_of_dates_and_texts() -> None:
    rows = [
        {"when": "2024-02-29 07:30", "name": "Ada, Dr. Byron"},
        {"when": "2023-12-31 23:05", "name": "Bo  Li"},
        {"when": None, "name": None},
    ]
    expected = {
        "year": [2024, 2023], "quarter": [1, 4], "month": [2, 12], "month_name": ["February", "December"],
        "week": [9, 52], "day": [29, 31], "weekday": [3, 6], "day_name": ["Thursday", "Sunday"],
        "hour": [7, 23], "minute": [30, 5], "year_month": ["2024-02", "2023-12"],
    }  # fmt: skip
    for part, parts in expected.items():
        step = Derive.model_validate(
            {"name": "new", "value": {"kind": "date_part", "column": {"name": "when"}, "part": part}}
        )
        assert [row["new"] for row in after(rows, ParseDate(column=column("when")), step)] == [*parts, None]
    weekend = Derive(name="new", value=DatePart(column=column("when"), part="weekend"))
    assert [row["new"] for row in after(rows[:2], ParseDate(column=column("when")), weekend)] == [False, True]
    texts = {
        "length": [14, 6], "letters": [12, 4], "words": [3, 2], "first_word": ["Ada,", "Bo"],
        "last_word": ["Byron", "Li"], "lower": ["ada, dr. byron", "bo  li"],
        "upper": ["ADA, DR. BYRON", "BO  LI"],
    }  # fmt: skip
    for part, parts in texts.items():
        asked = TextPart.model_validate({"column": {"name": "name"}, "part": part})
        assert derived(rows, asked) == [*parts, None]
    assert derived(rows, TextPart(column=column("name"), part="title_before", mark=".")) == ["Dr", None, None]


def test_texts_are_read_as_numbers_or_the_cell_stops() -> None:
    rows = [{"x": text} for text in ["1,234", "$5.5", "12%", " 7 ", "-3", None]]
    assert [row["x"] for row in after(rows, ParseNumber(column=column("x")))] == [1234, 5.5, 12, 7, -3, None]
    rows += [{"x": "tie"}]
    with pytest.raises(ValueError, match="1 of 6 values of x are no numbers"):
        after(rows, ParseNumber(column=column("x")))
    lossy = after(rows, ParseNumber(column=column("x"), lossy=True))
    assert [row["x"] for row in lossy] == [1234, 5.5, 12, 7, -3, None, None]


@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_tables_are_joined_and_grouped(rows: list[Row]) -> None:
    other = pd.DataFrame({"key": ["a", "b"], "label": ["A", "B"], "n": [1, 2]})
    labels = {"a": "A", "b": "B"}
    join = Join(table="other", left=column("g"), right=column("key"))
    joined = after(rows, join, other=other)
    assert [(row["g"], row["n"], row["label"]) for row in joined] == [
        (row["g"], row["n"], labels.get(row["g"])) for row in rows
    ]
    assert [row["n_other"] for row in joined] == [{"a": 1, "b": 2}.get(row["g"]) for row in rows]
    inner = after(rows, join.model_copy(update={"how": "inner"}), other=other)
    assert len(inner) == sum(row["g"] in labels for row in rows)
    group = Group(by=(column("g"),), measures=(measure("max", "n"), measure("range", "n")), rows=True)
    names = sorted({row["g"] for row in rows})
    numbers = [[row["n"] for row in rows if row["g"] == name] for name in names]
    assert after(rows, group) == [
        {"g": name, "max_n": max(found), "range_n": max(found) - min(found), "rows": len(found)}
        for name, found in zip(names, numbers, strict=True)
    ]


def test_dates_are_put_into_periods() -> None:
    rows = [{"when": f"2024-0{month}-{day:02}", "x": month * day} for month in (1, 2, 4) for day in (3, 17)]
    steps = (
        ParseDate(column=column("when")),
        Resample(column=column("when"), every="month", measures=(measure("sum"),), rows=True),
    )
    found = after(rows, *steps)
    assert [row["rows"] for row in found] == [2, 2, 0, 2]
    assert [row["sum_x"] for row in found] == [20, 40, 0, 80]
    assert [row["when"].month for row in found] == [1, 2, 3, 4]


def test_the_new_table_is_said_and_shown() -> None:
    step = Derive(name="z", value=Arithmetic(operator="+", left=of("x"), right=of("y")))
    frame = pd.DataFrame({"x": [1, 2], "y": [3, 4]})
    asked = plan(Table(columns=(column("z"),)), steps=(step,))
    assert list(value(asked, frame).columns) == ["z", "x", "y"]
    assert said(asked, frame).startswith(
        "`z` = `x` + `y`. The new table has {{c1.$rows}} rows; `t` is as it was."
    )
