"""Profiles and results of pandas frames for tests: a plain reading of the contracts in `types`."""

from typing import Any

import pandas as pd

from autoanalyst_ext.types.profiles import ColumnKind, ColumnProfile, TableProfile, ValueCount
from autoanalyst_ext.types.results import (
    FigureResult,
    Leaf,
    MappingResult,
    Result,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)


def profile(name: str, frame: pd.DataFrame) -> TableProfile:
    """The profile of a frame."""
    columns = tuple(_column(frame.columns[i], frame.iloc[:, i]) for i in range(frame.shape[1]))
    return TableProfile(name=name, library="pandas", rows=len(frame), columns=columns, fingerprint=name)


def _column(name: object, values: pd.Series) -> ColumnProfile:
    kind = _kind(values)
    counts = values.value_counts() if kind != "other" else pd.Series(dtype=int)
    listed = kind in ("boolean", "category") or (kind == "integer" and len(counts) <= 20)
    return ColumnProfile(
        name=name if isinstance(name, str) else repr(name),
        name_is_text=isinstance(name, str),
        dtype=str(values.dtype),
        kind=kind,
        nulls=int(values.isna().sum()),
        distinct=len(counts),
        top=tuple(ValueCount(value=leaf(v), count=int(c)) for v, c in counts.items()) if listed else (),
    )


def _kind(values: pd.Series) -> ColumnKind:
    types = pd.api.types
    if types.is_bool_dtype(values):
        return "boolean"
    if types.is_integer_dtype(values):
        return "integer"
    if types.is_float_dtype(values):
        return "number"
    if types.is_datetime64_any_dtype(values):
        return "datetime"
    if types.is_timedelta64_dtype(values):
        return "duration"
    if not all(isinstance(value, str) for value in values.dropna()):
        return "other"
    distinct = values.nunique()
    return "category" if distinct <= 50 and 2 * distinct <= len(values) else "text"


def leaf(value: Any) -> Leaf:
    """A value as the wire has it."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, (bool, int, float, str)) else str(value)


def _label(value: Any) -> Any:
    return tuple(map(leaf, value)) if isinstance(value, tuple) else leaf(value)


def result(value: Any) -> Result:
    """What the kernel would say of a value."""
    if isinstance(value, pd.Series):
        return SeriesResult(
            name=None if value.name is None else str(value.name),
            dtype=str(value.dtype),
            index_names=tuple(None if name is None else str(name) for name in value.index.names),
            index=tuple(map(_label, value.index))[:200],
            values=tuple(map(leaf, value))[:200],
            length=len(value),
        )
    if isinstance(value, pd.Index):
        return SeriesResult(dtype=str(value.dtype), values=tuple(map(leaf, value)), length=len(value))
    if isinstance(value, pd.DataFrame):
        return TableResult(
            columns=tuple(map(str, value.columns)),
            dtypes=tuple(map(str, value.dtypes)),
            index=tuple(map(_label, value.index))[:200],
            rows=tuple(tuple(map(leaf, row)) for row in value.itertuples(index=False, name=None))[:200],
            length=len(value),
        )
    if isinstance(value, dict):
        return MappingResult(keys=tuple(value), values=tuple(map(result, value.values())), length=len(value))
    if type(value).__module__.startswith("plotly"):
        return FigureResult(library="plotly", traces=tuple(trace.type for trace in value.data))
    if isinstance(value, list):
        return SequenceResult(values=tuple(map(result, value))[:200], length=len(value))
    return ScalarResult(type=type(value).__name__, value=leaf(value))
