"""Paths into results: the steps of a reference, and where they lead.

A path is read sign by sign and followed by comparing labels; no text of a path is ever evaluated.
Existing names win over special ones: a column called `index` is that column.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..types.results import (
    Leaf,
    MappingResult,
    Result,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)

_NAME = re.compile(r"\.([^\W\d]\w*)")
_SIZE = re.compile(r"\.\$(rows|columns)")
_KEY = re.compile(
    r"\s*(?:'(?P<one>(?:[^'\\]|\\.)*)'|\"(?P<two>(?:[^\"\\]|\\.)*)\"|(?P<number>[-+]?\d+(?:\.\d+)?)"
    r"|(?P<word>True|False|None))\s*"
)
_SHOWN_NAMES = 12
_MIDNIGHT = re.compile(r"[T ]00:00:00(\.0+)?$")


@dataclass(frozen=True)
class Step:
    """One step of a path: a size, or one or more keys."""

    keys: tuple[Leaf, ...] = ()
    size: str = ""
    """`rows` or `columns`."""


class PathError(LookupError):
    """A step that leads nowhere."""

    def __init__(self, what: str, kind: str = "", names: Sequence[str] = ()) -> None:
        listed = ", ".join(names[:_SHOWN_NAMES]) + (" ..." if len(names) > _SHOWN_NAMES else "")
        super().__init__(f"{what} {kind} {listed}." if names else f"{what}.")
        self.what, self.kind, self.names = what, kind, names

    def without_data(self, words: frozenset[str]) -> str:
        """The message with only those names that are in `words`."""
        known = [name for name in self.names if name in words]
        if not self.names:
            return f"{self.what}."
        if not known:
            return f"{self.what} no such part. Refer by position, as in {{{{c1[0]}}}}, or to a known name."
        return str(PathError(self.what, self.kind, known))


@dataclass(frozen=True)
class _ColumnOf:
    """A column of a table: whole numbers are positions here."""

    table: TableResult
    name: str
    values: tuple[Leaf, ...]


@dataclass(frozen=True)
class _RowOf:
    """A row of a table."""

    table: TableResult
    position: int


Place = Leaf | Result | _ColumnOf | _RowOf


def parse_steps(text: str, start: int) -> tuple[tuple[Step, ...], int]:
    """The steps in `text` from `start` on, and where they end."""
    steps: list[Step] = []
    position = start
    while position < len(text):
        found = _SIZE.match(text, position) or _NAME.match(text, position)
        if found:
            steps.append(Step(size=found[1]) if found.re is _SIZE else Step((found[1],)))
            position = found.end()
            continue
        bracket = _parse_bracket(text, position)
        if bracket is None:
            break
        step, position = bracket
        steps.append(step)
    return tuple(steps), position


def follow(result: Result, steps: Sequence[Step], label: str) -> Leaf | Result:
    """Where `steps` lead from `result`; raises `PathError`."""
    place: Place = result
    for step in steps:
        place = _size(place, step.size, label) if step.size else _part(place, step.keys, label)
    return _settled(place)


def _parse_bracket(text: str, position: int) -> tuple[Step, int] | None:
    if text[position] != "[":
        return None
    keys: list[Leaf] = []
    position += 1
    while found := _KEY.match(text, position):
        keys.append(_key(found))
        position = found.end()
        if position < len(text) and text[position] == "]":
            return Step(tuple(keys)), position + 1
        if position >= len(text) or text[position] != ",":
            return None
        position += 1
    return None


def _key(found: re.Match[str]) -> Leaf:
    if found["number"]:
        return float(found["number"]) if "." in found["number"] else int(found["number"])
    if found["word"]:
        return {"True": True, "False": False, "None": None}[found["word"]]
    quoted = found["one"] if found["one"] is not None else found["two"]
    return re.sub(r"\\(.)", r"\1", quoted)


def _size(place: Place, which: str, label: str) -> int:
    match place:
        case TableResult() if which == "columns":
            return len(place.columns)
        case TableResult() | SeriesResult() | SequenceResult() | MappingResult() if which == "rows":
            return place.length
        case _ColumnOf() if which == "rows":
            return place.table.length
        case _:
            raise PathError(f"{label} has no number of {which}")


def _part(place: Place, keys: tuple[Leaf, ...], label: str) -> Place:
    match place:
        case TableResult():
            return _part_of_table(place, keys, label)
        case _ColumnOf():
            return _part_of_column(place, keys, label)
        case _RowOf():
            return _part_of_row(place, keys, label)
        case SeriesResult():
            return _part_of_series(place, keys, label)
        case MappingResult():
            found = [n for n, key in enumerate(place.keys) if len(keys) == 1 and key == str(keys[0])]
            if not found:
                raise PathError(label, "has the keys", place.keys)
            return place.values[found[0]]
        case SequenceResult():
            return place.values[_position(keys, len(place.values), place.length, label)]
        case _:
            raise PathError(f"{label} is one value and has no parts")


def _part_of_table(table: TableResult, keys: tuple[Leaf, ...], label: str) -> Place:
    if len(keys) == 1 and isinstance(keys[0], str):
        column = _column(table, keys[0])
        if column is not None:
            return column
        if keys[0] == "index":
            return _labels(table)
    if len(keys) == 1 and isinstance(keys[0], int) and not isinstance(keys[0], bool):
        return _RowOf(table, _position(keys, len(table.rows), table.length, label))
    rows = _rows_labelled(table.index, keys)
    if not rows:
        raise PathError(label, "has the columns", table.columns)
    return _RowOf(table, rows[0])


def _part_of_column(column: _ColumnOf, keys: tuple[Leaf, ...], label: str) -> Place:
    if len(keys) == 1 and isinstance(keys[0], int) and not isinstance(keys[0], bool):
        return column.values[_position(keys, len(column.values), column.table.length, label)]
    rows = _rows_labelled(column.table.index, keys)
    if not rows:
        raise PathError(f"{label} has no row with this label; rows are found by position too")
    return column.values[rows[0]]


def _part_of_row(row: _RowOf, keys: tuple[Leaf, ...], label: str) -> Place:
    table = row.table
    if len(keys) == 1:
        column = _column(table, str(keys[0]))
        if column is not None:
            return column.values[row.position]
        if keys[0] == "index":
            return _label_text(table.index[row.position] if row.position < len(table.index) else row.position)
        if isinstance(keys[0], int):
            return table.rows[row.position][_position(keys, len(table.columns), len(table.columns), label)]
    raise PathError(label, "has the columns", table.columns)


def _part_of_series(series: SeriesResult, keys: tuple[Leaf, ...], label: str) -> Place:
    rows = _rows_labelled(series.index, keys)
    if rows:
        first = series.index[rows[0]]
        levels = len(first) if isinstance(first, tuple) else 1
        return series.values[rows[0]] if len(keys) == levels else _below(series, rows, len(keys))
    if keys == ("index",):
        return _labels(series)
    if keys in (("values",), (series.name,)):
        return _listed(series.values, series.length)
    key = keys[0]
    if (
        len(keys) == 1
        and isinstance(key, int)
        and not isinstance(key, bool)
        and not _has_whole_labels(series)
    ):
        return series.values[_position(keys, len(series.values), series.length, label)]
    raise PathError(label, "has the labels", [str(_label_text(entry)) for entry in series.index])


def _below(series: SeriesResult, rows: Sequence[int], levels: int) -> SeriesResult:
    """The part of a series whose first labels are known, labelled by the rest."""
    labels = [series.index[n][levels:] for n in rows]  # type: ignore[index]
    return SeriesResult(
        name=series.name,
        dtype=series.dtype,
        index_names=series.index_names[levels:],
        index=tuple(entry[0] if len(entry) == 1 else entry for entry in labels),
        values=tuple(series.values[n] for n in rows),
        length=len(rows),
    )


def _column(table: TableResult, name: str) -> _ColumnOf | None:
    """A column by name; a level of the index counts as one where no column has its name."""
    if name in table.columns:
        position = table.columns.index(name)
        return _ColumnOf(table, name, tuple(row[position] for row in table.rows))
    if name in table.index_names:
        level = table.index_names.index(name)
        entries = [entry if isinstance(entry, tuple) else (entry,) for entry in table.index]
        return _ColumnOf(table, name, tuple(entry[level] for entry in entries))
    return None


def _labels(of: TableResult | SeriesResult) -> SequenceResult:
    return _listed([_label_text(entry) for entry in of.index], of.length)


def _listed(leaves: Sequence[Leaf], length: int) -> SequenceResult:
    values = tuple(ScalarResult(type=type(value).__name__, value=value) for value in leaves)
    return SequenceResult(values=values, length=length)


def _label_text(label: Leaf | tuple[Leaf, ...]) -> Leaf:
    return " / ".join(str(part) for part in label) if isinstance(label, tuple) else label


def _rows_labelled(index: Sequence[Leaf | tuple[Leaf, ...]], keys: tuple[Leaf, ...]) -> list[int]:
    """Positions of the rows whose first labels are `keys`."""
    found: list[int] = []
    for position, entry in enumerate(index):
        labels = entry if isinstance(entry, tuple) else (entry,)
        if len(keys) <= len(labels) and all(
            _same(label, key) for label, key in zip(labels, keys, strict=False)
        ):
            found.append(position)
    return found


def _same(label: Leaf, key: Leaf) -> bool:
    """Equal, with `True` apart from 1; text also names a date's day and anything that is written like it."""
    if isinstance(key, str):
        return key in (label, str(label), _MIDNIGHT.sub("", str(label)))
    return label == key and isinstance(label, bool) == isinstance(key, bool)


def _has_whole_labels(series: SeriesResult) -> bool:
    return any(isinstance(label, int) and not isinstance(label, bool) for label in series.index)


def _position(keys: tuple[Leaf, ...], kept: int, length: int, label: str) -> int:
    """A position from the start; negative ones count from the end, where all rows were kept."""
    key = keys[0]
    if len(keys) != 1 or not isinstance(key, int) or isinstance(key, bool):
        raise PathError(f"{label} has {length:,} items, found by position: {label}[0] is the first")
    position = key + length if key < 0 else key
    if 0 <= position < kept:
        return position
    if 0 <= position < length:
        raise PathError(f"{label} has {length:,} rows, of which only the first {kept:,} can be referred to")
    raise PathError(f"{label} has {length:,} rows; there is no row {key}")


def _settled(place: Place) -> Leaf | Result:
    """A place as a value: a row or column of one value is that value."""
    match place:
        case _ColumnOf() if place.table.length == 1:
            return place.values[0]
        case _ColumnOf():
            table = place.table
            return SeriesResult(
                name=place.name,
                dtype="",
                index_names=table.index_names,
                index=table.index,
                values=place.values,
                length=table.length,
            )
        case _RowOf():
            row = place.table.rows[place.position]
            if len(row) == 1:
                return row[0]
            values = tuple(ScalarResult(type=type(value).__name__, value=value) for value in row)
            return MappingResult(keys=place.table.columns, values=values, length=len(row))
        case ScalarResult():
            return place.value
        case _:
            return place
