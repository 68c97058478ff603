"""Whether what the analyst's cell came to is what plain pandas says: the rule of the phrasings.

A value may stand alone, in a one-row table or among the few figures of a dictionary; groups may be labelled
in any way. Shares may be parts of one or per cent. A chart is judged by its kind and the columns drawn, a
task with a format by its text.
"""

import math
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from autoanalyst_ext.types.results import (
    FigureResult,
    MappingResult,
    Result,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)
from benchmarks.offline_asking import Reply

FEW = 8
"""A dictionary or a row with more values than this is no answer to a question for one figure."""
TRACES = {
    "bar": {"bar", "histogram"},
    "line": {"scatter", "scattergl"},
    "scatter": {"scatter", "scattergl"},
    "heatmap": {"heatmap"},
}
"""The traces that may draw a chart, where they are not of its name."""


def fits(expected: Any, reply: Reply) -> bool:
    """Whether the reply's result is the expected value, of whatever shape."""
    result = reply.result
    if isinstance(expected, dict):
        return _named(expected["names"], reply.text) if "names" in expected else _chart(expected, reply)
    if isinstance(expected, pd.DataFrame):
        return _rows(expected, result) or _numbers(expected.to_numpy().ravel(), _leaves(result))
    if isinstance(expected, pd.Series):
        return _groups(expected, result)
    if isinstance(expected, list):
        return _same_set(expected, result)
    if isinstance(expected, (str, pd.Timestamp)):
        return _label(str(expected), result)
    return _figure(float(expected), reply)


def _named(expected: dict[str, Any], text: str) -> bool:
    """A task's answer: each `@name[value]` to the letter, or to the last digit where it is a number."""
    found = dict(re.findall(r"@(\w+)\[([^\]\n]*)\]", text))
    return all(name in found and _same_text(str(value), found[name]) for name, value in expected.items())


def _same_text(expected: str, found: str) -> bool:
    if expected == found:
        return True
    try:
        return math.isclose(float(expected), float(found), rel_tol=0, abs_tol=1e-6)
    except ValueError:
        return False


def _chart(expected: dict[str, Any], reply: Reply) -> bool:
    if not isinstance(reply.result, FigureResult):
        return False
    kind = expected["figure"]
    drawn = set(reply.result.traces) <= TRACES.get(kind, {kind}) and bool(reply.result.traces)
    is_line = kind != "line" or "px.line" in reply.code
    return drawn and is_line and all(repr(name)[1:-1] in reply.code for name in expected["of"])


def _figure(expected: float, reply: Reply) -> bool:
    """One figure; where it counts rows, the table of these rows with its length said is as good."""
    result = reply.result
    if isinstance(result, (TableResult, SeriesResult)) and result.length != 1:
        is_said = f"{expected:,.0f}" in reply.text or not expected
        return expected.is_integer() and result.length == expected and is_said
    # The one group that was asked for may be called by a number: the hour, the year.
    label = [result.index[0]] if isinstance(result, SeriesResult) and result.index else []
    leaves = [*label, *_leaves(result)]
    return len(leaves) <= FEW * 3 and any(_alike(expected, leaf) for leaf in leaves)


def _label(expected: str, result: Result | None) -> bool:
    """One name or day: alone, or that of the first row."""
    if isinstance(result, SeriesResult):
        first: Iterable[Any] = [*result.index[:1], *result.values[:1]]
    elif isinstance(result, TableResult):
        first = [*result.index[:1], *(result.rows[0] if result.rows else ())]
    else:
        first = list(_leaves(result))[:FEW]
    return any(_same_label(expected, leaf) for leaf in first)


def _same_label(expected: str, leaf: Any) -> bool:
    """Days and months may be written in full."""
    text = str(leaf).replace("T", " ")
    return text == expected or (
        len(expected) >= 7 and expected[:4].isdigit() and text.startswith(expected[:10])
    )


def _groups(expected: "pd.Series[Any]", result: Result | None) -> bool:
    """A figure for each group; further ones are none or nothing."""
    if isinstance(result, TableResult):
        last = [row[at] for at in range(len(result.columns)) for row in result.rows] if result.rows else []
        rows = len(result.rows)
        return any(
            _numbers(expected, last[start : start + rows]) for start in range(0, len(last), max(rows, 1))
        )
    return _numbers(expected, _leaves(result))


def _numbers(expected: Iterable[Any], found: Iterable[Any]) -> bool:
    """The same figures in any order, or all of them a hundredth."""
    wanted = sorted(float(each) for each in expected if _is_number(each) and each)
    got = sorted(float(each) for each in found if _is_number(each) and each)
    return len(wanted) == len(got) > 0 and all(_alike(a, b) for a, b in zip(wanted, got, strict=True))


def _rows(expected: pd.DataFrame, result: Result | None) -> bool:
    """The same rows, by their labels or by the columns that both have."""
    if not isinstance(result, TableResult) or result.length != len(expected):
        return False
    if set(map(str, result.index)) == set(map(str, expected.index[: len(result.index)])):
        return True
    shared = [name for name in expected.columns if name in result.columns]
    theirs = [expected[name].astype(str).tolist() for name in shared]
    ours = [[str(row[result.columns.index(name)]) for row in result.rows] for name in shared]
    return bool(shared) and any(sorted(a) == sorted(b) for a, b in zip(theirs, ours, strict=True))


def _same_set(expected: list[Any], result: Result | None) -> bool:
    """The same few values, wherever the result has them."""
    if isinstance(result, SeriesResult) and _covers(expected, result.index):
        return True
    if isinstance(result, TableResult):
        columns = [[row[at] for row in result.rows] for at in range(len(result.columns))]
        return any(_covers(expected, values) for values in (*columns, *result.rows, result.index))
    return _covers(expected, list(_leaves(result)))


def _covers(expected: list[Any], found: Iterable[Any]) -> bool:
    values = list(found)
    same = [
        any(
            _same_label(str(want), value) or (_is_number(want) and _alike(float(want), value))
            for value in values
        )
        for want in expected
    ]
    return all(same) and len(values) <= len(expected) + 2


def _leaves(result: Result | None) -> Iterable[Any]:
    """All plain values of a result, labels left out."""
    if isinstance(result, ScalarResult):
        yield result.value
    elif isinstance(result, SeriesResult):
        yield from result.values
    elif isinstance(result, TableResult):
        for row in result.rows:
            yield from row
    elif isinstance(result, (MappingResult, SequenceResult)):
        for value in result.values:
            yield from _leaves(value)


def _is_number(value: Any) -> bool:
    is_one = isinstance(value, (int, float)) or hasattr(value, "__float__")
    return is_one and not isinstance(value, (bool, str)) and not math.isnan(float(value))


def _alike(expected: float, found: Any) -> bool:
    """The same figure, to what a cell may round it to; a share may be a part of one."""
    if not _is_number(found):
        return False
    near = [expected, expected / 100]
    return any(math.isclose(each, float(found), rel_tol=1e-6, abs_tol=1e-9) for each in near) or (
        round(float(found), 2) == float(found) and round(expected, 2) == float(found)
    )
