"""What a cell did in words, for a model: how it ended, the shape of its result, and permitted statistics.

A value is shown only if the code proves that it is a statistic (`code_reading`); every other value is said
to be withheld, with the reference that puts it into the answer all the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...types.cells import DisplayOutput, ErrorOutput, Execution, ResultOutput, StreamOutput
from ...types.profiles import TableProfile
from ...types.results import FigureResult, Result
from ...types.runs import EgressLevel
from . import code_reading
from .bounds import RETURN_CHARACTERS, clip
from .levels import allows
from .redaction import error_text, plain
from .result_text import ResultText
from .table_text import table_text
from .vocabulary import schema_words, source_words, tables_read

STREAM_CHARACTERS = 3_000
"""Characters of printed text at the level `rows`."""

_ENDINGS = {
    "ok": "ran",
    "error": "failed",
    "interrupted": "was stopped by the user",
    "timeout": "ran too long and was stopped",
    "died": "ended the kernel; its variables are gone",
    "unknown": "was started, and how it ended is not known",
}


@dataclass(frozen=True)
class Schema:
    """The tables that are known, and which of them code of this chat made."""

    tables: Mapping[str, TableProfile]
    made: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tables: Iterable[TableProfile]) -> "Schema":
        """All of these are the user's own."""
        return cls({table.name: table for table in tables})

    def own(self) -> list[TableProfile]:
        """The user's tables: their column names are a schema, labels that many rows share may be shown."""
        return [table for name, table in self.tables.items() if name not in self.made]

    def seen(self, tables: Iterable[TableProfile]) -> "Schema":
        """The same after a look at the data."""
        return Schema({**self.tables, **{table.name: table for table in tables}}, self.made)

    def ran(self, execution: Execution) -> "Schema":
        """The same after an execution. A table that it read from a file is the user's."""
        read = tables_read(execution.source)
        new = {table.name for table in execution.tables if table.name not in self.tables}
        rebound = {table.name for table in execution.tables} & read
        tables = {**self.tables, **{table.name: table for table in execution.tables}}
        return Schema(tables, (self.made | (new - read)) - rebound)


def execution_text(execution: Execution, level: EgressLevel, schema: Schema, label: str) -> str:
    """One execution at a level; `schema` is what was known before it."""
    after = schema.ran(execution)
    lines = [f"{label} {_ENDINGS[execution.status]}"]
    if execution.status != "ok" and execution.ename:
        known = list(after.tables.values()) if allows(level, "rows") else after.own()
        error = (execution.ename, execution.evalue or "", _traceback(execution))
        lines.append(error_text(*error, execution.source, known, level))
    lines += _printed(execution, level)
    lines += _displayed(execution)
    if execution.result is not None:
        lines.append(_result(execution, execution.result, level, after, label))
    elif execution.status == "ok":
        lines.append(
            "The last line has no value." if not execution.outputs else "There is no value to refer to."
        )
    lines += _made(execution, level, after)
    return clip("\n".join(lines), RETURN_CHARACTERS)


def known_names(execution: Execution, schema: Schema) -> frozenset[str]:
    """Words that may stand as names in a text about this execution."""
    return schema_words(schema.own()) | source_words(execution.source)


def _result(execution: Execution, result: Result, level: EgressLevel, schema: Schema, label: str) -> str:
    if isinstance(result, FigureResult):
        return _figure(result, level, source_words(execution.source))
    writer = ResultText(
        level=level,
        label=label,
        own=schema.own(),
        words=known_names(execution, schema),
        verdict=code_reading.read(execution.source, schema.tables),
    )
    return writer.write(result)


def _figure(figure: FigureResult, level: EgressLevel, words: frozenset[str]) -> str:
    parts = [f"a {figure.library} chart" if figure.library in ("plotly", "matplotlib") else "a chart"]
    if figure.title and (figure.title in words or allows(level, "rows")):
        parts.append(f"titled {figure.title!r}")
    traces = [trace for trace in figure.traces if trace.isidentifier() and len(trace) <= 30]
    if traces:
        parts.append(f"with {', '.join(dict.fromkeys(traces))} ({len(figure.traces)} in all)")
    if figure.points is not None and allows(level, "schema"):
        parts.append(f"{figure.points:,} points")
    return "The result is " + ", ".join(parts) + "."


def _traceback(execution: Execution) -> Sequence[str]:
    return next((output.traceback for output in execution.outputs if isinstance(output, ErrorOutput)), ())


def _printed(execution: Execution, level: EgressLevel) -> list[str]:
    lines: list[str] = []
    for stream in ("stdout", "stderr"):
        text = "".join(o.text for o in execution.outputs if isinstance(o, StreamOutput) and o.name == stream)
        if not text:
            continue
        lengths = f"{len(text.splitlines()):,} lines ({len(text):,} characters)"
        size = f"{stream}: {lengths if allows(level, 'schema') else 'text'}"
        if allows(level, "rows"):
            lines.append(f"{size}:\n{clip(plain(text), STREAM_CHARACTERS)}")
        else:
            lines.append(
                f"{size}, withheld. Printed text cannot be referred to: end a cell with an expression."
            )
    return lines


def _displayed(execution: Execution) -> list[str]:
    shown = [output for output in execution.outputs if isinstance(output, DisplayOutput)]
    kinds = [_kind_of(output) for output in shown]
    return [f"It displayed {', '.join(kinds[:5])}{' and more' if len(kinds) > 5 else ''}."] if kinds else []


def _kind_of(output: DisplayOutput | ResultOutput) -> str:
    if any("plotly" in mime for mime in output.data):
        return "a chart"
    if any(mime.startswith("image/") for mime in output.data):
        return "an image"
    return "rich text" if "text/html" in output.data else "text"


def _made(execution: Execution, level: EgressLevel, schema: Schema) -> list[str]:
    """Tables that the cell made or changed: sizes and types, for their statistics can be values of rows."""
    shown: list[str] = []
    own = {table.name for table in schema.own()}
    for table in execution.tables[:5]:
        is_own = table.name in own
        if is_own or not allows(level, "statistics"):
            limit = level
        else:
            limit = "rows" if allows(level, "rows") else "schema"
        known = None if is_own or allows(level, "rows") else known_names(execution, schema)
        shown.append(table_text(table, limit, known=known, share=1_600))
    if not shown:
        return []
    more = len(execution.tables) - len(shown)
    return ["Tables that it made or changed:", *shown, *([f"and {more} more tables"] if more else [])]
