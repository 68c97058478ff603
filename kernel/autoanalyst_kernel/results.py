"""Any value of a kernel as data: a JSON scalar (`leaf`), or one of the shapes of a result (`describe`).

The shapes are those of `types/results.py` of the engine. Nothing here changes a value, fetches rows
of a lazy one, or runs a method that a user's class defines. Standard library alone, as `frames`.
"""

import json
import math
import sys
import threading
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from pathlib import PurePath
from typing import Any
from uuid import UUID

MAX_ROWS = 200
"""Rows of a table, values of a series, items of a list or dictionary that a result shows."""
MAX_COLUMNS = 100
"""Columns of a table that a result shows."""
MAX_TEXT = 500
"""Characters of one text."""
CRAMPED_TEXT = 20
"""Characters of a text where a single row is already larger than a result may be."""
MAX_BYTES = 240_000
"""Bytes of one result as JSON."""
MAX_DEPTH = 4
"""Levels of lists and dictionaries."""

ODD = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RuntimeError, OSError, Warning)
"""What libraries raise over values they cannot handle; a warning, where the user made errors of them.
Such a value is told by its type alone."""

Described = dict[str, Any]

_NUMBERS = (bool, int, float, complex, Decimal, Fraction)
_SCALARS: tuple[type, ...] = (*_NUMBERS, str, bytes, date, time, timedelta, UUID, PurePath, type(None))
_LISTS: tuple[type, ...] = (list, tuple, set, frozenset, deque, range, type({}.keys()), type({}.values()))
_POINTS = ("x", "y", "z", "values", "labels", "locations", "lat", "lon", "r", "theta", "open")


def describe(value: Any) -> Described | None:
    """A value as a `Result`: what it is, and its first rows, never more than `MAX_BYTES`; `None` for none."""
    if value is None:
        return None
    with quiet():
        try:
            return _result(value, _Room(MAX_BYTES), 0)
        except ODD:
            return _other(value)


def leaf(value: Any) -> Any:
    """A value as a JSON scalar: NaN, infinity and missing values are `None`, times ISO 8601, texts cut."""
    kind = type(value)
    if value is None or kind is bool:
        return value
    if issubclass(kind, str):
        return clean(str.__getitem__(value, slice(MAX_TEXT)))
    if issubclass(kind, int):
        number = int.__int__(value)
        return number if number.bit_length() < 4_000 else f"<integer of {number.bit_length()} bits>"
    if issubclass(kind, (float, Decimal, Fraction)):
        return _finite(value)
    if kind.__name__ in {"NAType", "NaTType"}:
        return None
    if is_a(value, "numpy", "generic"):
        return _leaf_of_numpy(value)
    if issubclass(kind, (date, time)):
        return value.isoformat()
    if issubclass(kind, timedelta):
        return _iso_duration(value)
    if issubclass(kind, (bytes, bytearray)):
        return repr(bytes(value[:MAX_TEXT]))[:MAX_TEXT]
    if issubclass(kind, (complex, UUID, PurePath)) or is_a(value, "pandas", "Period", "Interval"):
        return clean(str(value))
    if issubclass(kind, (dict, *_LISTS)):
        return _nested(value)
    return f"<{kind.__name__}>"


def text_of(value: Any) -> str:
    """A name as text; the levels of one of several levels are joined by ` / `."""
    if isinstance(value, tuple):
        return " / ".join(map(text_of, value))
    return clean(str.__str__(value)) if isinstance(value, str) else str(leaf(value))


def clean(text: str) -> str:
    """`text` without lone surrogates, which no JSON reader and no terminal takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def is_a(value: Any, module: str, *kinds: str) -> bool:
    """Whether `value` is of a type of a library that is loaded. Asks its type, never the value."""
    loaded = sys.modules.get(module)
    wanted = (getattr(loaded, kind, None) for kind in kinds)
    return issubclass(type(value), tuple(kind for kind in wanted if isinstance(kind, type)))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep libraries' warnings about our looking out of the user's outputs.

    On another thread they reach none of them, and what would be changed for the moment is the running cell's.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _finite(value: Any) -> float | None:
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    try:
        number = float.__float__(value) if isinstance(value, float) else float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _leaf_of_numpy(value: Any) -> Any:
    numpy = sys.modules["numpy"]
    if isinstance(value, (numpy.datetime64, numpy.timedelta64)):
        if numpy.isnat(value):
            return None
        if isinstance(value, numpy.datetime64):
            return str(value)
        return _iso_duration(timedelta(microseconds=float(value / numpy.timedelta64(1, "ns")) / 1000))
    if isinstance(value, numpy.longdouble):
        return _finite(float(value))
    return leaf(value.item())


def _iso_duration(value: Any) -> str | None:
    if is_a(value, "pandas", "Timedelta"):
        return str(value.isoformat())
    minutes, seconds = divmod(value.seconds, 60)
    fraction = f".{value.microseconds:06d}" if value.microseconds else ""
    return f"P{value.days}DT{minutes // 60}H{minutes % 60}M{seconds}{fraction}S"


def _nested(value: Any, depth: int = 0) -> str:
    """A list or dictionary inside a cell as one line of JSON, cut."""

    def part(item: Any) -> Any:
        deep = issubclass(type(item), (dict, *_LISTS))
        if not deep:
            return leaf(item)
        return json.loads(_nested(item, depth + 1)) if depth < MAX_DEPTH else f"<{type(item).__name__}>"

    if issubclass(type(value), dict):
        found: Any = {
            text_of(key): part(dict.__getitem__(value, key)) for key in islice(dict.keys(value), 20)
        }
    else:
        found = [part(item) for item in islice(value, 20)]
    text = json.dumps(found, ensure_ascii=False)
    return text if depth else text[:MAX_TEXT]


class _Room:
    """How many bytes of JSON a result may still take."""

    def __init__(self, left: int) -> None:
        self.left = left

    def leaf(self, value: Any) -> Any:
        return self.take(leaf(value))

    def take(self, found: Any) -> Any:
        """The leaf itself, counted; a text cut short where there is no room left."""
        if isinstance(found, str):
            found = found if self.left > 0 else found[:CRAMPED_TEXT]
            self.left -= len(json.dumps(found)) + 2
        else:
            self.left -= len(str(found)) + 4
        return found

    def some(self, values: Iterable[Any], take: Any) -> list[Any]:
        """As many of `values` as there is room for, each as `take` makes it; `MAX_ROWS` at most."""
        taken: list[Any] = []
        for value in islice(values, MAX_ROWS):
            found = take(value)
            if self.left < 0 and taken:
                break
            taken.append(found)
        return taken


def _result(value: Any, room: _Room, depth: int) -> Described:
    if issubclass(type(value), _SCALARS) or is_a(value, "numpy", "generic"):
        return _scalar(value, room)
    if type(value).__name__ in {"NAType", "NaTType"} or is_a(value, "pandas", "Period", "Interval"):
        return _scalar(value, room)
    if is_a(value, "pandas", "DataFrame"):
        return _table(value, room)
    if is_a(value, "pandas", "Series"):
        return _series(
            value.iloc[:MAX_ROWS].tolist(), len(value), str(value.dtype), room, value.index, value.name
        )
    if is_a(value, "pandas", "Index"):
        return _series(value[:MAX_ROWS].tolist(), len(value), str(value.dtype), room, None, value.name)
    if is_a(value, "pandas.api.extensions", "ExtensionArray"):
        return _series(value[:MAX_ROWS].tolist(), len(value), str(value.dtype), room)
    if is_a(value, "polars", "DataFrame", "Series") or is_a(
        value, "pyarrow", "Table", "ChunkedArray", "Array"
    ):
        return _of_polars_or_arrow(value, room)
    if figure := _figure(value):
        return figure
    if is_a(value, "numpy", "ndarray"):
        return _array(value, room)
    if depth >= MAX_DEPTH:
        return _other(value)
    if issubclass(type(value), dict):
        return _mapping(dict.keys(value), dict.values(value), dict.__len__(value), room, depth)
    fields = getattr(type(value), "_fields", None)
    if issubclass(type(value), tuple) and isinstance(fields, tuple) and len(fields) == tuple.__len__(value):
        return _mapping(fields, tuple.__iter__(value), len(fields), room, depth)
    if issubclass(type(value), _LISTS):
        return _sequence(value, room, depth)
    return _other(value)


def _other(value: Any) -> Described:
    return {"kind": "other", "type": type(value).__name__}


def _scalar(value: Any, room: _Room) -> Described:
    return {"kind": "scalar", "type": type(value).__name__, "value": room.leaf(value)}


def _mapping(keys: Iterable[Any], values: Iterable[Any], length: int, room: _Room, depth: int) -> Described:
    def pair(item: tuple[Any, Any]) -> tuple[str, Described]:
        return room.take(text_of(item[0])[:MAX_TEXT]), _nested_result(item[1], room, depth)

    pairs = room.some(zip(keys, values, strict=False), pair)
    return {
        "kind": "mapping",
        "keys": [key for key, _ in pairs],
        "values": [found for _, found in pairs],
        "length": length,
    }


def _sequence(value: Any, room: _Room, depth: int) -> Described:
    items: Iterable[Any] = value
    if issubclass(type(value), (set, frozenset)):
        # A set of texts has another order in every process; its leaves have one order.
        items = sorted(value, key=lambda item: (type(item).__name__, _sortable(leaf(item))))
    found = room.some(items, lambda item: _nested_result(item, room, depth))
    return {"kind": "sequence", "values": found, "length": len(value)}


def _sortable(found: Any) -> tuple[int, float, str]:
    """A key that orders numbers by size and everything else by its text."""
    if isinstance(found, (int, float)):
        return (0, _finite(Decimal(found)) or 0.0, "")
    return (1, 0.0, str(found))


def _nested_result(value: Any, room: _Room, depth: int) -> Described:
    room.left -= 60  # what the JSON of a result takes besides its leaves
    try:
        return _result(value, room, depth + 1)
    except ODD:
        return _other(value)


def _series(
    values: Iterable[Any], length: int, dtype: str, room: _Room, index: Any = None, name: Any = None
) -> Described:
    labels, names = ([], []) if index is None else _labels(index)
    if index is None:
        kept = room.some(values, room.leaf)
    else:
        pairs = room.some(
            zip(labels, values, strict=False), lambda pair: (_label(pair[0], room), room.leaf(pair[1]))
        )
        labels, kept = [label for label, _ in pairs], [found for _, found in pairs]
    return {
        "kind": "series",
        "name": None if name is None else text_of(name),
        "dtype": dtype,
        "index_names": names,
        "index": labels,
        "values": kept,
        "length": length,
    }


def _labels(index: Any) -> tuple[list[Any], list[str | None]]:
    """The first labels of a pandas index, and the names of its levels."""
    return index[:MAX_ROWS].tolist(), [None if name is None else text_of(name) for name in index.names]


def _label(label: Any, room: _Room) -> Any:
    return [room.leaf(part) for part in label] if isinstance(label, tuple) else room.leaf(label)


def _table(table: Any, room: _Room) -> Described:
    columns = min(table.shape[1], MAX_COLUMNS)
    labels, names = _labels(table.index)
    values = [table.iloc[:MAX_ROWS, position].tolist() for position in range(columns)]
    dtypes = [str(dtype) for dtype in table.dtypes.iloc[:columns]]
    return _rows(list(table.columns[:columns]), dtypes, values, len(table), room, labels, names)


def _rows(
    columns: Sequence[Any],
    dtypes: Sequence[str],
    values: Sequence[Sequence[Any]],
    length: int,
    room: _Room,
    labels: Sequence[Any] = (),
    names: Sequence[str | None] = (),
) -> Described:
    """A table from lists of its columns' first values, as many rows as there is room for."""
    shown = min(length, MAX_ROWS)
    heads = [room.take(text_of(name)[:MAX_TEXT]) for name in columns]
    kinds = [room.take(dtype[:MAX_TEXT]) for dtype in dtypes]
    taken = room.some(
        range(shown),
        lambda at: (
            [_label(label, room) for label in labels[at : at + 1]],
            [room.leaf(column[at]) for column in values],
        ),
    )
    return {
        "kind": "table",
        "columns": heads,
        "dtypes": kinds,
        "index_names": list(names),
        "index": [label for index, _ in taken for label in index],
        "rows": [row for _, row in taken],
        "length": length,
    }


def _of_polars_or_arrow(value: Any, room: _Room) -> Described:
    first, arrow = value[:MAX_ROWS], is_a(value, "pyarrow", "Table", "ChunkedArray", "Array")
    if not is_a(value, "polars", "DataFrame") and not is_a(value, "pyarrow", "Table"):
        items = first.to_pylist() if arrow else first.to_list()
        return _series(items, len(value), str(value.type if arrow else value.dtype), room)
    names = list(value.column_names if arrow else value.columns)[:MAX_COLUMNS]
    if arrow:
        dtypes = [str(dtype) for dtype in value.schema.types]
        columns = [first.column(position).to_pylist() for position in range(len(names))]
    else:
        dtypes = [str(dtype) for dtype in value.dtypes]
        columns = [first[name].to_list() for name in names]
    return _rows(names, dtypes[: len(names)], columns, len(value), room)


def _array(value: Any, room: _Room) -> Described:
    if value.ndim == 0:
        return _scalar(value[()], room)
    if value.ndim == 1:
        return _series(value[:MAX_ROWS].tolist(), len(value), str(value.dtype), room)
    if value.ndim == 2:
        columns = [value[:MAX_ROWS, at].tolist() for at in range(min(value.shape[1], MAX_COLUMNS))]
        return _rows(range(len(columns)), [str(value.dtype)] * len(columns), columns, len(value), room)
    return _other(value)


def _figure(value: Any) -> Described | None:
    """A chart of plotly or matplotlib; also the axes, or the array of axes, that a plot call returns."""
    if is_a(value, "plotly.basedatatypes", "BaseFigure"):
        drawn = [max((_length(trace, name) for name in _POINTS), default=0) for trace in value.data]
        return {
            "kind": "figure",
            "library": "plotly",
            "title": None if value.layout.title.text is None else leaf(value.layout.title.text),
            "traces": [trace.type for trace in value.data[:MAX_COLUMNS]],
            "points": sum(drawn),
        }
    if issubclass(type(value), (list, tuple)) and value and is_a(value[0], "matplotlib.artist", "Artist"):
        return _figure(value[0].axes)  # the lines or bars that a drawing call returns
    axes = (
        value.flat[0] if is_a(value, "numpy", "ndarray") and value.dtype == object and value.size else value
    )
    if is_a(axes, "matplotlib.axes", "Axes"):
        return _drawing(axes.figure, axes)
    if is_a(value, "matplotlib.figure", "Figure"):
        return _drawing(value, value.axes[0] if value.axes else None)
    return None


def _drawing(figure: Any, axes: Any) -> Described:
    title = figure.get_suptitle() or (axes.get_title() if axes is not None else "")
    return {
        "kind": "figure",
        "library": "matplotlib",
        "title": leaf(title) or None,
        "traces": [],
        "points": None,
    }


def _length(trace: Any, name: str) -> int:
    if name not in trace:  # a plotly trace raises over a name that its kind does not have
        return 0
    values = trace[name]
    return len(values) if hasattr(values, "__len__") and not isinstance(values, str) else 0
