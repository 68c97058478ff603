"""`ResultText`: the result of a cell in words, at one egress level.

Values appear where the verdict on the code permits them; labels appear where the user's own tables have at
least five rows with them. The text names the references that reach what is not shown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...types.profiles import TableProfile
from ...types.results import (
    FigureResult,
    Leaf,
    MappingResult,
    OtherResult,
    Result,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)
from ...types.runs import EgressLevel
from .bounds import SHOWN_ROWS
from .levels import allows
from .masking import mask
from .table_text import (
    clip_row,
    is_identifier,
    label_key,
    shared_labels,
    written_dtype,
    written_name,
    written_value,
)
from .verdicts import NUMBER, WITHHELD, Figures, Labels, Listing, Literal, Named, Number, Verdict

WORD = "(withheld)"

_STATISTIC_NAMES = (
    "count mean std min max median sum var 25% 50% 75% nunique size proportion index All "
    "statistic pvalue sem skew kurt"
)
_STATISTICS = frozenset(_STATISTIC_NAMES.split())
_TYPE = re.compile(r"[A-Za-z_]\w{0,40}")


@dataclass(frozen=True)
class ResultText:
    """Writes results of one execution."""

    level: EgressLevel
    label: str
    own: Sequence[TableProfile]
    words: frozenset[str]
    """Names that the model knows."""
    verdict: Verdict

    def write(self, result: Result) -> str:
        """The result, its permitted values, and how to refer to it."""
        return self._write(result, self.verdict, self.label)

    def _write(self, result: Result, verdict: Verdict, path: str) -> str:
        match result:
            case ScalarResult():
                return f"{path}: {self._scalar(result, verdict, path)}"
            case SeriesResult():
                return self._series(result, verdict, path)
            case TableResult():
                return self._table(result, verdict, path)
            case MappingResult():
                return self._mapping(result, verdict, path)
            case SequenceResult():
                return self._sequence(result, verdict, path)
            case FigureResult():
                return f"{path}: a chart"
            case OtherResult():
                return f"{path}: {_article(result.type)}; it has no parts to refer to"

    def _scalar(self, result: ScalarResult, verdict: Verdict, path: str) -> str:
        reference = f"refer to it as {{{{{path}}}}}"
        if allows(self.level, "rows"):
            return f"{written_value(result.value)} ({reference})"
        if result.value is None and allows(self.level, "schema"):
            return "there is no value (None or missing)"
        if allows(self.level, "statistics") and self._is_permitted(result.value, verdict):
            return f"{written_value(result.value)} ({reference})"
        if self.level == "masked":
            return f"{_article(result.type)} like {written_value(mask(result.value))} ({reference})"
        kind = _article(result.type) if allows(self.level, "schema") else "a value"
        return f"{kind}, withheld; {reference}"

    def _is_permitted(self, value: Leaf, verdict: Verdict) -> bool:
        if isinstance(verdict, Literal):
            return value == verdict.value
        if not isinstance(value, int | float):
            return False
        # One figure out of a series of groups may be a small group's, or come from a denied column.
        of_columns = isinstance(verdict, Figures) and verdict.by_column and not verdict.denied
        return of_columns or isinstance(verdict, Number)

    def _mapping(self, result: MappingResult, verdict: Verdict, path: str) -> str:
        sized = allows(self.level, "schema")
        lines = [f"{path}: a dictionary{f' with {result.length:,} keys' if sized else ''}"]
        for key, value in list(zip(result.keys, result.values, strict=True))[:SHOWN_ROWS]:
            found = self._of_key(key, verdict)
            if found != WITHHELD or key in self.words or allows(self.level, "rows"):
                lines.append("  " + self._write(value, found, f"{path}{step(key)}"))
        hidden = result.length - len(lines) + 1
        return "\n".join(
            [*lines, *([f"  and {hidden:,} keys that are not shown"] if hidden and sized else [])]
        )

    def _of_key(self, key: str, verdict: Verdict) -> Verdict:
        if isinstance(verdict, Named):
            return dict(verdict.items).get(key, WITHHELD)
        if (
            isinstance(verdict, Figures)
            and len(verdict.keys) < 2
            and self._label_is_shared(verdict, 0, None, key)
        ):
            return NUMBER if allows(self.level, "statistics") else WITHHELD
        return WITHHELD

    def _sequence(self, result: SequenceResult, verdict: Verdict, path: str) -> str:
        if not allows(self.level, "schema"):
            return f"{path}: a list; refer to its items as {{{{{path}[0]}}}}"
        lines = [f"{path}: a list of {result.length:,} items, {{{{{path}[0]}}}} is the first"]
        for position, value in enumerate(result.values[:SHOWN_ROWS]):
            found: Verdict = WITHHELD
            if isinstance(verdict, Listing) and position < len(verdict.items):
                found = verdict.items[position]
            elif isinstance(verdict, Figures) and verdict.by_column:
                found = verdict
            if found != WITHHELD or allows(self.level, "rows"):
                lines.append("  " + self._write(value, found, f"{path}[{position}]"))
        hidden = result.length - len(lines) + 1
        return "\n".join([*lines, *([f"  {hidden:,} items are not shown"] if hidden else [])])

    def _series(self, result: SeriesResult, verdict: Verdict, path: str) -> str:
        places = f"{{{{{path}.index[0]}}}} is the first label, {{{{{path}.values[0]}}}} its value"
        name = self._name(result.name) if result.name is not None else "values"
        if not allows(self.level, "schema"):
            return f"{path}: a series; {places}"
        by = f", labelled by {self._index_names(result.index_names)}" if any(result.index_names) else ""
        head = f"{path}: a series of {result.length:,} {written_dtype(result.dtype)} ({name}){by}; {places}"
        rows = [(value,) for value in result.values]
        return self._lines(head, rows, [result.name or "values"], result, verdict, path)

    def _table(self, result: TableResult, verdict: Verdict, path: str) -> str:
        columns = [self._column(name, verdict) for name in result.columns]
        if not allows(self.level, "schema"):
            return (
                f"{path}: a table with the columns {', '.join(columns[:60])}; {self._row_hint(columns, path)}"
            )
        listed = ", ".join(
            f"{name} {written_dtype(dtype)}" for name, dtype in zip(columns[:60], result.dtypes, strict=False)
        )
        more = f" and {len(columns) - 60:,} more" if len(columns) > 60 else ""
        by = f", labelled by {self._index_names(result.index_names)}" if any(result.index_names) else ""
        head = (
            f"{path}: a table of {result.length:,} rows x {len(columns):,} columns{by}: {listed}{more}; "
            f"{self._row_hint(columns, path)}"
        )
        return self._lines(head, result.rows, result.columns, result, verdict, path)

    def _lines(
        self,
        head: str,
        rows: Sequence[Sequence[Leaf]],
        columns: Sequence[str],
        result: SeriesResult | TableResult,
        verdict: Verdict,
        path: str,
    ) -> str:
        lines = [head]
        if allows(self.level, "rows"):
            lines += [f"  {self._raw_row(result, n, row)}" for n, row in enumerate(rows[:SHOWN_ROWS])]
        elif isinstance(verdict, Figures | Labels) and allows(self.level, "statistics"):
            lines += [
                self._figure_row(result, n, row, columns, verdict) for n, row in enumerate(rows[:SHOWN_ROWS])
            ]
            lines = [line for line in lines if line]
        elif self.level == "masked":
            lines += [f"  {clip_row([mask(value) for value in row])} (masked)" for row in rows[:5]]
        hidden = result.length - len(lines) + 1
        return "\n".join([*lines, *([f"  ... {hidden:,} more rows not shown"] if hidden > 0 else [])])

    def _raw_row(self, result: SeriesResult | TableResult, position: int, row: Sequence[Leaf]) -> str:
        label = result.index[position] if position < len(result.index) else position
        labels = label if isinstance(label, tuple) else (label,)
        return f"{' / '.join(written_value(part) for part in labels)}: {clip_row(row)}"

    def _figure_row(
        self,
        result: SeriesResult | TableResult,
        position: int,
        row: Sequence[Leaf],
        columns: Sequence[str],
        verdict: Figures | Labels,
    ) -> str:
        """A row of aggregates; empty when its label may not be shown: a small group's figures are values."""
        labels = self._row_labels(result, position, verdict)
        if labels is None or (not labels and not self._has_keys(columns, verdict)):
            return ""
        shown: list[str] = []
        for column, value in zip(columns, row, strict=True):
            if self._is_key(column, verdict):
                if not self._label_is_shared(verdict, None, column, value):
                    return ""
                shown.append(f"{written_name(column)}={written_value(value)}")
            elif isinstance(value, int | float) and self._is_shown(column, verdict):
                shown.append(f"{written_name(column)}={written_value(value)}")
        return f"  [{position}] {labels}{', '.join(shown)}" if shown else ""

    def _row_labels(
        self, result: SeriesResult | TableResult, position: int, verdict: Figures | Labels
    ) -> str | None:
        """The label of a row as text (empty where rows are only counted), `None` when it may not be shown."""
        label = result.index[position] if position < len(result.index) else None
        parts = label if isinstance(label, tuple) else (label,)
        if len(parts) == 1 and isinstance(parts[0], int | None) and not any(result.index_names):
            # Rows without a named index are numbered: their keys, if any, are columns.
            return "" if isinstance(result, TableResult) or isinstance(verdict, Labels) else None
        texts: list[str] = []
        for level, part in enumerate(parts):
            name = result.index_names[level] if level < len(result.index_names) else None
            if not self._label_is_shared(verdict, level, name, part):
                return None
            texts.append(f"{name}={written_value(part)}" if name else written_value(part))
        return f"{', '.join(texts)}: "

    def _label_is_shared(self, verdict: Verdict, level: int | None, name: str | None, label: Leaf) -> bool:
        """Whether a label of rows is a known name, or a value that enough rows of the user's tables share."""
        if isinstance(verdict, Labels):
            return self._is_shared(verdict.key, label)
        if not isinstance(verdict, Figures):
            return False
        if verdict.by_column and label not in verdict.denied:
            return label in _STATISTICS or (isinstance(label, str) and label in self.words)
        if name is None and level is not None and level < len(verdict.keys):
            name = verdict.keys[level]
        return name in verdict.keys and (label == "All" or self._is_shared(name, label))

    def _is_shared(self, column: str, label: Leaf) -> bool:
        for table in self.own:
            profile = table.column(column)
            if profile and not is_identifier(profile, table) and label_key(label) in shared_labels(profile):
                return True
        return False

    def _is_key(self, column: str, verdict: Figures | Labels) -> bool:
        return column in verdict.keys if isinstance(verdict, Figures) else True

    def _has_keys(self, columns: Sequence[str], verdict: Figures | Labels) -> bool:
        """Whether every row of a numbered table says which group it is."""
        return isinstance(verdict, Labels) or set(verdict.keys) <= set(columns)

    def _is_denied(self, column: str, verdict: Figures | Labels) -> bool:
        return isinstance(verdict, Figures) and any(part in verdict.denied for part in column.split(" / "))

    def _is_shown(self, column: str, verdict: Figures | Labels) -> bool:
        return not self._is_denied(column, verdict) and self._column(column, verdict) != WORD

    def _column(self, name: str, verdict: Verdict) -> str:
        """The name of a result's column; below a pivot it is a label."""
        if allows(self.level, "rows") or self._known(name):
            return written_name(name)
        pivot = verdict.pivot if isinstance(verdict, Figures) else None
        if pivot and allows(self.level, "statistics"):
            parts = name.split(" / ")
            if all(self._known(part) or self._is_shared_text(pivot, part) for part in parts):
                return written_name(name)
        return WORD

    def _is_shared_text(self, column: str, text: str) -> bool:
        """A pivot's labels arrive as text, whatever they were."""
        for table in self.own:
            profile = table.column(column)
            if profile and any(str(label) == text for _, label in shared_labels(profile)):
                return not is_identifier(profile, table)
        return False

    def _known(self, name: str) -> bool:
        return all(
            part in self.words or part in _STATISTICS or part == "values" for part in name.split(" / ")
        )

    def _name(self, name: str) -> str:
        return written_name(name) if allows(self.level, "rows") or self._known(name) else WORD

    def _index_names(self, names: Sequence[str | None]) -> str:
        return ", ".join(self._name(name) if name else "unnamed" for name in names)

    def _row_hint(self, columns: Sequence[str], path: str) -> str:
        named = next((name for name in columns if name != WORD), "0")
        name = f".{named}" if named.isidentifier() else "[0]"
        return f"refer to a value by row and column: {{{{{path}[0]{name}}}}}"


def step(key: str) -> str:
    """A key as a step of a reference: `.name` or `['any text']`."""
    if key.isidentifier():
        return f".{key}"
    escaped = key.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"


def _article(type_name: str) -> str:
    name = type_name if _TYPE.fullmatch(type_name) else "value"
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
