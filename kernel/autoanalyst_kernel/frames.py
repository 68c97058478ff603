"""What is in a kernel, as data: tables become profiles, a cell's last value becomes a result.

This file runs in the user's own kernel. It uses the standard library alone, and pandas,
polars and pyarrow only where the user's code has loaded them. The engine also sends the text of this
file and of `results` to kernels that lack our package, so the two import nothing else of ours. The shapes
are those of `types/profiles.py` of the engine. Nothing here changes a value or runs a lazy one.
"""

import ast
import hashlib
import json
import math
import sys
import weakref
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from .results import MAX_ROWS, ODD, Described, clean, describe, is_a, leaf, quiet, text_of

__all__ = [
    "MAX_ROWS",
    "describe",
    "evaluate",
    "evaluated",
    "look",
    "names",
    "outcome",
    "overview",
    "report",
    "tables",
]

TABLES = (("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "Table"))
"""Types of tables: the library's module and the name."""
MAX_TABLES = 100
"""Tables that are profiled, the newest ones."""
SAMPLE_ROWS = 10_000
"""Statistics of longer tables come from this many evenly strided rows."""
PROFILE_COLUMNS = 200
"""Columns with statistics; those beyond have a type and a count of nulls."""
HASHED_VALUES = 30_000
"""Values of a table, evenly strided, that its fingerprint covers."""
_NOWHERE = "<autoanalyst>"
"""The file name of code that is in no cell."""
FEW = 50
"""Most different values of a category."""
FEW_INTEGERS = 20
"""Most different integers that are counted one by one."""


def report() -> str:
    """The value that the cell just executed displayed, and the tables it made or changed, as JSON."""
    shell = sys.modules["IPython"].get_ipython()
    value = shell.user_ns.get("_oh", {}).get(shell.execution_count - 1)
    return json.dumps(outcome(shell.user_ns, value))


def outcome(namespace: Mapping[str, Any], value: Any) -> Described:
    """`value` of a cell that ran in `namespace`, and the tables that it made or changed."""
    before = dict(_seen)
    changed = [table for table in tables(namespace) if before.get(table["name"]) != table["fingerprint"]]
    return {"result": describe(value), "tables": changed}


def look() -> str:
    """The tables and the names of the user's namespace, as JSON."""
    shell = sys.modules["IPython"].get_ipython()
    return json.dumps(overview(shell.user_ns, shell.user_ns_hidden))


def overview(namespace: Mapping[str, Any], hidden: Mapping[str, Any] | None = None) -> Described:
    """The tables and the names of `namespace`; `hidden` is what the shell itself put there."""
    return {"tables": tables(namespace), "names": names(namespace, hidden)}


def evaluate(code: str) -> str:
    """What `code` comes to in the user's namespace, which stays as it is; as JSON, null where it fails."""
    return json.dumps(evaluated(code, sys.modules["IPython"].get_ipython().user_ns))


def evaluated(code: str, namespace: Mapping[str, Any]) -> Described | None:
    """The value of the last expression of `code`, which changes nothing; `None` where it fails.

    For code of our own that only reads: it is run in a copy of the namespace.
    """
    *body, last = ast.parse(code).body
    if not isinstance(last, ast.Expr):
        return None
    scope = dict(namespace)
    try:
        with quiet():
            exec(compile(ast.Module(body, []), _NOWHERE, "exec"), scope)  # noqa: S102 - our own code
            value = eval(compile(ast.Expression(last.value), _NOWHERE, "eval"), scope)  # noqa: S307
            return describe(value)
    except (*ODD, NameError, ImportError):
        return None


def names(namespace: Mapping[str, Any], hidden: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The user's variables, modules and functions: name to name of type.

    `hidden` is what the shell itself put there; a name of it counts once the user rebinds it.
    """
    shown = {}
    for name, value in dict(namespace).items():
        if name.startswith("_") or (hidden and name in hidden and hidden[name] is value):
            continue
        shown[name] = type(value).__name__
    return shown


# --- profiles of tables -----------------------------------------------------------------------


class _Column(NamedTuple):
    """The values of a column that are there, of a sample of the rows."""

    kind: str
    values: Any
    """A NumPy array of numbers, or of the ticks of dates and durations; else a list."""
    originals: Any
    """The same values, as the library gives them; by position."""


class _Cached(NamedTuple):
    table: "weakref.ref[Any]"
    fingerprint: str
    profile: Described


_cache: dict[int, _Cached] = {}
_seen: dict[str, str] = {}


def tables(namespace: Mapping[str, Any]) -> list[Described]:
    """Profiles of the data frames in `namespace`; the same for a frame that has not changed."""
    for key, cached in tuple(_cache.items()):
        if cached.table() is None:
            _cache.pop(key, None)
    profiles = []
    with quiet():
        found = [
            (name, reader)
            for name, value in dict(namespace).items()
            if not name.startswith("_") and (reader := _reader(value)) is not None
        ][-MAX_TABLES:]
        for name, reader in found:
            try:
                profiles.append({"name": name, **_profile(reader)})
            except ODD:
                continue  # one that its library cannot read itself; the others are told all the same
    _seen.clear()
    _seen.update({profile["name"]: profile["fingerprint"] for profile in profiles})
    return profiles


def _profile(reader: "_Pandas | _Narwhals") -> Described:
    fingerprint = _fingerprint(reader)
    cached = _cache.get(id(reader.table))
    if cached and cached.table() is reader.table and cached.fingerprint == fingerprint:
        return cached.profile
    step = max(1, math.ceil(reader.rows / SAMPLE_ROWS))
    shown = min(len(reader.labels), PROFILE_COLUMNS)
    profile = {
        "library": reader.library,
        "rows": reader.rows,
        "columns": [
            _column_profile(reader, position, step, with_statistics=position < shown)
            for position in range(len(reader.labels))
        ],
        "index": reader.index,
        "sampled": step > 1,
        "sample_rows": _sample_rows(reader, shown),
        "fingerprint": fingerprint,
    }
    _cache[id(reader.table)] = _Cached(weakref.ref(reader.table), fingerprint, profile)
    return profile


def _sample_rows(reader: "_Pandas | _Narwhals", columns: int) -> list[list[Any]]:
    try:
        return [[leaf(value) for value in row] for row in reader.first_rows(5, columns)]
    except ODD:
        return []  # a value that Python has no like of, say a date in the year 30,000


def _fingerprint(reader: "_Pandas | _Narwhals") -> str:
    columns = list(zip(map(_label, reader.labels), reader.dtypes, strict=True))
    digest = hashlib.blake2b(repr((reader.library, reader.rows, columns)).encode(), digest_size=12)
    hashed = min(len(columns), PROFILE_COLUMNS)
    step = max(1, math.ceil(reader.rows * hashed / HASHED_VALUES))
    for position in range(hashed):
        try:
            digest.update(_bytes_of(reader.raw(position, step)))
        except ODD:
            continue  # a column that cannot be read cannot be seen to change either
    digest.update(_bytes_of(reader.raw_index(step)))
    return digest.hexdigest()


def _bytes_of(values: Any) -> bytes:
    if not isinstance(values, list):
        return bytes(values.tobytes())
    try:
        text = "\x1f".join(values)
    except TypeError:
        text = json.dumps([leaf(value) for value in values])
    return text.encode("utf-8", "replace")


def _column_profile(
    reader: "_Pandas | _Narwhals", position: int, step: int, *, with_statistics: bool
) -> Described:
    name, is_text = _label(reader.labels[position])
    profile: Described = {
        "name": name, "name_is_text": is_text, "dtype": reader.dtypes[position], "kind": "other", "nulls": 0
    }  # fmt: skip
    try:
        profile["nulls"] = reader.nulls(position)
        column = reader.present(position, step if with_statistics else max(step, reader.rows // 50))
        profile["kind"] = column.kind
        if with_statistics:
            profile.update(_statistics(column, sampled=step > 1))
    except ODD:
        profile["kind"] = "other"
    return profile


def _statistics(column: _Column, *, sampled: bool) -> Described:
    if len(column.values) == 0:
        return {"distinct": 0}
    listed = isinstance(column.values, list)
    found = _counted(column.values, column.kind) if listed else _measured(column)
    if sampled and (found.get("distinct") or 0) > FEW:
        found["distinct"] = None
    found["samples"] = _first_different(column.originals)
    return found


def _first_different(originals: Any) -> list[Any]:
    found: dict[Any, None] = {}
    for value in originals[: FEW * 4]:
        if (seen := leaf(value)) is not None:
            found[seen] = None
        if len(found) == 5:
            break
    return list(found)


def _measured(column: _Column) -> Described:
    """Statistics of numbers, dates and durations from an array."""
    numpy = sys.modules["numpy"]
    with numpy.errstate(all="ignore"):
        values = column.values
        ordered = numpy.sort(values[numpy.isfinite(values)] if values.dtype.kind == "f" else values)
        if not len(ordered):
            return {"distinct": 0}
        found: Described = {"distinct": int(numpy.count_nonzero(ordered[1:] != ordered[:-1])) + 1}
        if column.kind in {"datetime", "duration"}:
            found["minimum"] = leaf(column.originals[values.argmin()])
            found["maximum"] = leaf(column.originals[values.argmax()])
            return found
        found["minimum"], found["maximum"] = leaf(ordered[0]), leaf(ordered[-1])
        found["mean"] = leaf(ordered.mean(dtype="float64"))
        found["std"] = leaf(ordered.std(ddof=1, dtype="float64")) if len(ordered) > 1 else None
        found["quantiles"] = [float(value) for value in numpy.quantile(ordered, (0.25, 0.5, 0.75))]
        if column.kind == "integer" and found["distinct"] <= FEW_INTEGERS:
            found["top"] = _top(Counter(ordered.tolist()))
        return found


def _counted(values: list[Any], kind: str) -> Described:
    """Statistics of anything else from a list."""
    if kind == "other":
        return {}
    counts = Counter(values)
    found: Described = {"distinct": len(counts)}
    if kind in {"boolean", "category"}:
        found["top"] = _top(counts)
    if kind in {"datetime", "duration"}:
        found["minimum"], found["maximum"] = leaf(min(values)), leaf(max(values))
    return found


def _top(counts: "Counter[Any]") -> list[Described]:
    return [{"value": leaf(value), "count": count} for value, count in counts.most_common(FEW)]


def _column_of(values: list[Any], *, categorical: bool = False) -> _Column:
    """The kind of a column of objects, from the types of its values."""
    kinds = set(map(type, values))
    kind = "other"
    if kinds and all(issubclass(each, str) for each in kinds):
        kind = "text"
    elif kinds == {bool}:
        kind = "boolean"
    elif kinds and all(issubclass(each, (int, float, Decimal)) for each in kinds) and bool not in kinds:
        return _numbers(values) if not categorical else _few(values, "other")
    elif kinds and all(issubclass(each, date) or each.__name__ == "Period" for each in kinds):
        kind = "datetime"
    elif kinds and all(issubclass(each, timedelta) for each in kinds):
        kind = "duration"
    return _few(values, kind) if kind == "text" or categorical else _Column(kind, values, values)


def _few(values: list[Any], otherwise: str) -> _Column:
    distinct = len(set(values))
    is_category = distinct <= FEW and distinct * 2 <= len(values)
    return _Column("category" if is_category else otherwise, values, values)


def _numbers(values: list[Any]) -> _Column:
    numpy = sys.modules["numpy"]
    if all(type(value) is int and abs(value) < 2**63 for value in values):
        return _Column("integer", numpy.array(values, dtype="int64"), values)
    return _Column("number", numpy.array([float(value) for value in values]), values)


def _label(name: Any) -> tuple[str, bool]:
    """A column's name as code writes it, and whether it is text."""
    if isinstance(name, str):
        return clean(str.__str__(name)), True
    if isinstance(name, tuple):
        parts = [repr(part) if isinstance(part, str) else _label(part)[0] for part in name]
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})", False
    plain = type(name) in {int, float, bool, date, bytes}
    return repr(name) if plain or is_a(name, "pandas", "Timestamp") else str(leaf(name)), False


# --- readers of the libraries' tables ---------------------------------------------------------


def _reader(value: Any) -> "_Pandas | _Narwhals | None":
    if is_a(value, "pandas", "DataFrame"):
        try:
            return _Pandas(value)
        except ODD:
            return None
    if is_a(value, "polars", "DataFrame") or is_a(value, "pyarrow", "Table"):
        try:
            return _Narwhals(value)
        except (ImportError, *ODD):
            return None
    return None


class _Pandas:
    """A pandas data frame, by position: names may be doubled or of any type."""

    library = "pandas"

    def __init__(self, table: Any) -> None:
        self.table, self.rows = table, len(table)
        self.labels = list(table.columns)
        self.dtypes = [str(dtype) for dtype in table.dtypes]
        plain = is_a(table.index, "pandas", "RangeIndex")
        named = [text_of(name) for name in table.index.names if name is not None]
        unnamed = None if plain or table.index.dtype.kind in "iu" else "index"
        self.index = " / ".join(named) if named else unnamed

    def nulls(self, position: int) -> int:
        series = self.table.iloc[:, position]
        pandas, numpy = sys.modules["pandas"], sys.modules["numpy"]
        if isinstance(series.dtype, numpy.dtype) and series.dtype.kind in "iub":
            return 0
        if isinstance(series.dtype, numpy.dtype) and series.dtype.kind == "f":
            values = series.to_numpy()
            # The sum of squares is NaN just when a value is: one cheap pass where nothing is missing.
            with numpy.errstate(all="ignore"):
                if not numpy.isnan(numpy.dot(values, values)):
                    return 0
        if issubclass(type(series.array), pandas.arrays.ArrowExtensionArray):
            return int(series.array.__arrow_array__().null_count)
        return int(series.isna().sum())

    def raw(self, position: int, step: int) -> Any:
        values = self.table.iloc[:, position].array[::step]
        if is_a(values, "pandas.arrays", "NumpyExtensionArray") and values.dtype.kind in "biuf":
            return values.to_numpy()
        if is_a(values, "pandas.arrays", "DatetimeArray", "TimedeltaArray"):
            return values.asi8
        return values.tolist()

    def raw_index(self, step: int) -> Any:
        index = self.table.index
        return [str(index)] if is_a(index, "pandas", "RangeIndex") else index[::step].tolist()

    def present(self, position: int, step: int) -> _Column:
        series = self.table.iloc[::step, position].dropna()
        code = series.dtype.kind
        if code in "iuf":
            values = series.to_numpy(dtype={"i": "int64", "u": "uint64", "f": "float64"}[code])
            return _Column("number" if code == "f" else "integer", values, values)
        if code in "Mm":
            ticks = series.astype("int64").to_numpy()
            return _Column("datetime" if code == "M" else "duration", ticks, series.array)
        return _column_of(series.tolist(), categorical=str(series.dtype) == "category")

    def first_rows(self, rows: int, columns: int) -> Iterable[Sequence[Any]]:
        return _rows_of([self.table.iloc[:rows, at].tolist() for at in range(columns)], min(rows, self.rows))


class _Narwhals:
    """A polars data frame or an Arrow table, through narwhals."""

    index = None

    def __init__(self, table: Any) -> None:
        import narwhals.stable.v2 as narwhals  # the user's own copy; there is no table to read without it
        import numpy  # noqa: F401

        self.table, self.frame = table, narwhals.from_native(table, eager_only=True)
        self.library = type(table).__module__.partition(".")[0]
        self.rows, self.labels = len(self.frame), list(self.frame.columns)
        schema = table.schema
        types = schema.types if self.library == "pyarrow" else schema.values()
        self.dtypes = [str(dtype) for dtype in types]

    def _series(self, position: int, step: int) -> Any:
        return self.frame[self.labels[position]].gather_every(step)

    def nulls(self, position: int) -> int:
        return int(self.frame[self.labels[position]].null_count())

    def raw(self, position: int, step: int) -> Any:
        return self._series(position, step).to_list()

    def raw_index(self, step: int) -> Any:
        return []

    def present(self, position: int, step: int) -> _Column:
        series = self._series(position, step).drop_nulls()
        if series.dtype.is_integer() or series.dtype.is_float():
            values = series.to_numpy()
            return _Column("integer" if series.dtype.is_integer() else "number", values, values)
        categorical = type(series.dtype).__name__ in {"Categorical", "Enum"}
        return _column_of(series.to_list(), categorical=categorical)

    def first_rows(self, rows: int, columns: int) -> Iterable[Sequence[Any]]:
        head = self.frame.head(rows)
        return _rows_of([head[name].to_list() for name in self.labels[:columns]], len(head))


def _rows_of(columns: list[list[Any]], rows: int) -> list[tuple[Any, ...]]:
    return list(zip(*columns, strict=True)) if columns else [()] * rows
