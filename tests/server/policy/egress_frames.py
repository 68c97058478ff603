"""Frames, their profiles and results as the kernel would report them, for the tests of egress."""

import ast
from typing import Any

import pandas as pd

from autoanalyst_ext.types.cells import Execution, ExecutionStatus, Output
from autoanalyst_ext.types.profiles import ColumnKind, ColumnProfile, TableProfile, ValueCount
from autoanalyst_ext.types.results import (
    Leaf,
    MappingResult,
    Result,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)


def leaf(value: Any) -> Leaf:
    """A value as a JSON scalar."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return value.item() if hasattr(value, "item") else value  # type: ignore[no-any-return]


def label(value: Any) -> Leaf | tuple[Leaf, ...]:
    return tuple(leaf(part) for part in value) if isinstance(value, tuple) else leaf(value)


def profile(name: str, frame: pd.DataFrame) -> TableProfile:
    """The profile of a small frame."""
    columns = tuple(column(str(key), frame[key]) for key in frame.columns)
    rows = tuple(tuple(leaf(v) for v in row) for row in frame.head(5).itertuples(index=False))
    return TableProfile(
        name=name, library="pandas", rows=len(frame), columns=columns, sample_rows=rows, fingerprint="f"
    )


def column(name: str, series: "pd.Series[Any]") -> ColumnProfile:
    kind = kind_of(series)
    counted = kind in ("boolean", "category") or (kind == "integer" and series.nunique() <= 20)
    present = series.dropna()
    facts: dict[str, Any] = {}
    if kind != "other" and len(present):
        facts = {"minimum": leaf(present.min()), "maximum": leaf(present.max())}
    if kind in ("integer", "number") and len(present):
        quantiles = tuple(float(v) for v in present.quantile([0.25, 0.5, 0.75]))
        facts |= {"mean": float(present.mean()), "std": leaf(present.std()), "quantiles": quantiles}
    return ColumnProfile(
        name=name,
        dtype=str(series.dtype),
        kind=kind,
        nulls=int(series.isna().sum()),
        distinct=int(series.nunique()),
        top=tuple(ValueCount(value=leaf(v), count=int(n)) for v, n in series.value_counts().items())
        if counted
        else (),
        samples=tuple(leaf(v) for v in present.unique()[:5]),
        **facts,
    )


def kind_of(series: "pd.Series[Any]") -> ColumnKind:
    types = pd.api.types
    if types.is_bool_dtype(series):
        return "boolean"
    if types.is_integer_dtype(series):
        return "integer"
    if types.is_numeric_dtype(series):
        return "number"
    if types.is_datetime64_any_dtype(series):
        return "datetime"
    distinct = series.nunique()
    return "category" if distinct <= 50 and distinct <= len(series) / 2 else "text"


def result(value: Any) -> Result:
    """A value as the kernel describes it."""
    if isinstance(value, pd.DataFrame):
        return TableResult(
            columns=tuple(" / ".join(map(str, c)) if isinstance(c, tuple) else str(c) for c in value.columns),
            dtypes=tuple(str(dtype) for dtype in value.dtypes),
            index_names=tuple(value.index.names),
            index=tuple(label(entry) for entry in value.index),
            rows=tuple(tuple(leaf(v) for v in row) for row in value.itertuples(index=False)),
            length=len(value),
        )
    if isinstance(value, pd.Series):
        return SeriesResult(
            name=None if value.name is None else str(value.name),
            dtype=str(value.dtype),
            index_names=tuple(value.index.names),
            index=tuple(label(entry) for entry in value.index),
            values=tuple(leaf(v) for v in value),
            length=len(value),
        )
    if isinstance(value, dict):
        items = [(str(key), result(item)) for key, item in value.items()]
        return MappingResult(
            keys=tuple(k for k, _ in items), values=tuple(v for _, v in items), length=len(items)
        )
    if isinstance(value, list | tuple) or getattr(value, "ndim", 0) == 1:
        return SequenceResult(values=tuple(result(item) for item in value), length=len(value))
    return ScalarResult(type=type(value).__name__, value=leaf(value))


def executed(
    source: str,
    value: Result | None = None,
    *,
    status: ExecutionStatus = "ok",
    outputs: tuple[Output, ...] = (),
    tables: tuple[TableProfile, ...] = (),
    ename: str | None = None,
    evalue: str | None = None,
) -> Execution:
    return Execution(
        cell_id="cell-1",
        source=source,
        status=status,
        outputs=outputs,
        result=value,
        tables=tables,
        ename=ename,
        evalue=evalue,
    )


def run(source: str, **names: Any) -> Any:
    """Run code that ends with an expression, and return that expression's value."""
    tree = ast.parse(source)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    space: dict[str, Any] = {"pd": pd, **names}
    exec(compile(tree, "<cell>", "exec"), space)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), space)
