"""Tables in words, for a model: compact, deterministic, and no more than the egress level allows.

A table is written in the richest form that fits its share of characters; a wide table collapses to names
by type. What cells show is `execution_text`'s part.
"""

import json
import re
from collections.abc import Callable, Sequence

from ...types.profiles import ColumnProfile, TableProfile
from ...types.results import Leaf
from ...types.runs import EgressLevel
from .bounds import NAME_CHARACTERS, RETURN_CHARACTERS, SMALL_GROUP, clip
from .levels import allows
from .masking import mask

NARROW_CHARACTERS = 1_600
"""Characters for a table of up to `NARROW_COLUMNS` columns (about 400 tokens)."""

NARROW_COLUMNS = 15
WIDE_CHARACTERS = 6_000
"""Characters for a table of any width (about 1,500 tokens)."""

SAMPLE_CHARACTERS = 1_200
"""Characters for the sample rows of a table, on top."""

_LABEL_CHARACTERS = 40
_PLAIN = re.compile(r"[^\W\d]\w*")
_IDENTIFIER_NAME = re.compile(
    r"(^|[_\W])(id|ids|uuid|guid|key|ssn|iban|phone|email|zip|postcode)$|[a-z](Id|ID)$"
)
_DTYPE = re.compile(
    r"(?:u?int|float|complex|decimal|date|datetime|timedelta|time|bool|string|str|category|object|period|interval"
    r"|bytes|utf|list|struct|array|null|categorical|enum|duration|binary|geometry|dictionary|large_|boolean)"
    r"(?:ean|ing|gorical)?(?:_string|_utf)?\d{0,3}(?![A-Za-z])(?:\[[\w, :/+-]{1,40}\])?",
    re.IGNORECASE,
)

Form = Callable[[ColumnProfile], str]


def table_text(
    table: TableProfile,
    level: EgressLevel,
    *,
    known: frozenset[str] | None = None,
    share: int = RETURN_CHARACTERS,
) -> str:
    """One table at a level, in at most `share` characters.

    `known`: names that may be shown as names of columns; `None` for a table of the user's, where all may.
    """
    columns = [column if _is_known(column, known) else None for column in table.columns]
    head = _heading(table, level)
    room = min(share, _budget(len(columns))) - len(head) - 1
    body = _columns_text(table, columns, level, room)
    sample = _sample_text(table, columns, level, share - len(head) - len(body) - 2)
    return "\n".join(part for part in (head, body, sample) if part)


def tables_text(
    tables: Sequence[TableProfile],
    level: EgressLevel,
    *,
    known: Callable[[TableProfile], frozenset[str] | None],
) -> str:
    """Several tables in one tool return; those that do not fit are only named."""
    if not tables:
        return "There are no tables."
    texts: list[str] = []
    left = RETURN_CHARACTERS - 200
    for position, table in enumerate(tables):
        share = max(left // min(len(tables) - position, 3), 300)
        if left < 300:
            names = ", ".join(written_name(other.name) for other in tables[position:])
            texts.append(clip(f"and {len(tables) - position} more tables: {names}", 200))
            break
        texts.append(table_text(table, level, known=known(table), share=share))
        left -= len(texts[-1]) + 2
    return clip("\n\n".join(texts))


def is_identifier(column: ColumnProfile, table: TableProfile) -> bool:
    """Whether the values of a column tell rows apart, so that its extremes and quantiles are values.

    All-distinct integers and texts are; so is an integer column whose distinct values were not counted,
    and one that is named like a key.
    """
    if column.kind not in ("integer", "text", "other"):
        return False
    if _IDENTIFIER_NAME.search(column.name):
        return True
    if column.distinct is None:
        return not column.top
    present = table.rows - column.nulls
    counted = min(present, 10_000) if table.sampled else present
    share = 0.9 if table.sampled else 1.0
    return column.distinct >= counted * share


def has_figures(column: ColumnProfile, table: TableProfile) -> bool:
    """Whether a column has enough numbers for statistics that are not values of single rows."""
    return column.kind in ("integer", "number", "boolean") and table.rows - column.nulls >= SMALL_GROUP


def shared_labels(column: ColumnProfile) -> dict[tuple[str, Leaf], int]:
    """Labels that at least `SMALL_GROUP` rows share, with their counts; keyed by type and value."""
    if column.kind not in ("boolean", "category", "integer"):
        return {}
    return {label_key(item.value): item.count for item in column.top if item.count >= SMALL_GROUP}


def label_key(value: Leaf) -> tuple[str, Leaf]:
    """A key that tells `True` from 1, and takes 3.0 for 3 (a group key turns to float beside a gap)."""
    if isinstance(value, float) and value.is_integer():
        return ("int", int(value))
    return (type(value).__name__, value)


def written_name(name: str) -> str:
    """A name as the model should write it; one that is no plain word is quoted, a very long one is cut."""
    if len(name) > NAME_CHARACTERS:
        return f"{json.dumps(name[:NAME_CHARACTERS], ensure_ascii=False)}… ({len(name)} characters)"
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def written_dtype(dtype: str) -> str:
    """The name of a type without what some types carry along, such as the categories of an Enum."""
    found = _DTYPE.match(dtype)
    return found.group() if found else "other"


def _is_known(column: ColumnProfile, known: frozenset[str] | None) -> bool:
    return known is None or column.name in known


def _budget(columns: int) -> int:
    return min(WIDE_CHARACTERS, NARROW_CHARACTERS + 60 * max(columns - NARROW_COLUMNS, 0))


def _heading(table: TableProfile, level: EgressLevel) -> str:
    name = written_name(table.name)
    if not allows(level, "schema"):
        return f"{name}, columns:"
    sampled = "; statistics from a sample" if table.sampled and allows(level, "statistics") else ""
    index = f"; index {written_name(table.index)}" if table.index is not None else ""
    gaps = "" if any(column.nulls for column in table.columns) else "; no missing values"
    size = f"{table.rows:,} rows x {len(table.columns):,} columns"
    return f"{name}: {size} ({_library(table)}){index}{sampled}{gaps}"


def _library(table: TableProfile) -> str:
    return table.library if _PLAIN.fullmatch(table.library) else "data frame"


def _columns_text(
    table: TableProfile, columns: Sequence[ColumnProfile | None], level: EgressLevel, room: int
) -> str:
    for form in _forms(table, level):
        lines = [
            form(column) if column else f"- column {position}: name withheld"
            for position, column in enumerate(columns)
        ]
        text = "\n".join(lines)
        if len(text) <= room:
            return text
    return _collapsed(columns, level, room)


def _forms(table: TableProfile, level: EgressLevel) -> list[Form]:
    """Forms of a column's line, richest first."""
    if not allows(level, "schema"):
        return []
    if not allows(level, "statistics") or table.rows < SMALL_GROUP:
        return [_schema_line]
    return [_form(table, 8, True), _form(table, 4, True), _form(table, 3, False), _schema_line]


def _form(table: TableProfile, labels: int, quartiles: bool) -> Form:
    return lambda column: _line(column, table, labels, quartiles)


def _schema_line(column: ColumnProfile) -> str:
    gaps = f", {column.nulls:,} missing" if column.nulls else ""
    text = "" if column.name_is_text else " (name is not text: write it without quotes)"
    return (
        f"- {written_name(column.name) if column.name_is_text else column.name[:NAME_CHARACTERS]}{text} "
        + (f"{written_dtype(column.dtype)}{gaps}")
    )


def _line(column: ColumnProfile, table: TableProfile, labels: int, quartiles: bool) -> str:
    facts = _facts(column, table, labels, quartiles)
    return f"{_schema_line(column)}: {', '.join(facts)}" if facts else _schema_line(column)


def _facts(column: ColumnProfile, table: TableProfile, labels: int, quartiles: bool) -> list[str]:
    facts: list[str] = []
    identifier = is_identifier(column, table)
    if column.kind in ("integer", "number") and has_figures(column, table):
        facts += _number_facts(column, identifier, quartiles)
    if column.kind in ("boolean", "category"):
        facts += _label_facts(column, labels)
    if column.distinct is not None and column.kind != "boolean":
        facts.append(f"{column.distinct:,} distinct{' (identifier)' if identifier else ''}")
    return facts


def _number_facts(column: ColumnProfile, identifier: bool, quartiles: bool) -> list[str]:
    facts: list[str] = []
    if not identifier and isinstance(column.minimum, int | float) and isinstance(column.maximum, int | float):
        facts.append(f"{_short(column.minimum)} to {_short(column.maximum)}")
    if column.mean is not None:
        facts.append(f"mean {_short(column.mean)}")
    if column.std is not None:
        facts.append(f"std {_short(column.std)}")
    if quartiles and not identifier and column.quantiles:
        facts.append("quartiles " + "/".join(_short(value) for value in column.quantiles))
    return facts


def _label_facts(column: ColumnProfile, labels: int) -> list[str]:
    shared = [item for item in column.top if item.count >= SMALL_GROUP]
    facts = [f"{_written_label(item.value)} {item.count:,}" for item in shared[:labels]]
    rest = len(column.top) - len(facts)
    return [*facts, f"{rest} more labels"] if facts and rest else facts


def _written_label(label: Leaf) -> str:
    if not isinstance(label, str):
        return str(label)
    cut = f"{label[:_LABEL_CHARACTERS]}…" if len(label) > _LABEL_CHARACTERS else label
    return json.dumps(cut, ensure_ascii=False)


def _short(value: int | float) -> str:
    return str(value) if isinstance(value, int) and abs(value) < 10**7 else f"{value:.4g}"


def _collapsed(columns: Sequence[ColumnProfile | None], level: EgressLevel, room: int) -> str:
    """Names by type, and how many are left out."""
    groups: dict[str, list[str]] = {}
    withheld = sum(column is None for column in columns)
    for column in columns:
        if column is not None:
            dtype = written_dtype(column.dtype) if allows(level, "schema") else ""
            groups.setdefault(dtype, []).append(written_name(column.name))
    lines: list[str] = []
    left = max(room, 200) - 30 * (len(groups) + 1)
    for position, (dtype, names) in enumerate(groups.items()):
        line, used = _names_within(names, left // (len(groups) - position))
        lines.append(f"- {dtype} ({len(names):,}): {line}" if dtype else line)
        left -= used
    if withheld:
        lines.append(f"- {withheld:,} columns whose names are withheld")
    return "\n".join(lines)


def _names_within(names: Sequence[str], room: int) -> tuple[str, int]:
    used = 0
    for position, name in enumerate(names):
        used += len(name) + 2
        if used > room and position:
            return f"{', '.join(names[:position])} ... and {len(names) - position:,} more columns", used
    return ", ".join(names), used


def _sample_text(
    table: TableProfile, columns: Sequence[ColumnProfile | None], level: EgressLevel, room: int
) -> str:
    if not allows(level, "masked") or not table.sample_rows:
        return ""
    masked = level == "masked"
    lines = ["sample rows, masked:" if masked else "sample rows:"]
    for row in table.sample_rows[:5]:
        values = [mask(value) if masked else value for value in row]
        lines.append("  " + clip_row(values))
    return clip("\n".join(lines), max(min(room, SAMPLE_CHARACTERS), 120))


def clip_row(values: Sequence[Leaf]) -> str:
    """A row as JSON values, each at most 60 characters."""
    return "[" + ", ".join(written_value(value) for value in values) + "]"


def written_value(value: Leaf) -> str:
    """A value as short JSON text."""
    if isinstance(value, str):
        return json.dumps(value if len(value) <= 60 else f"{value[:60]}…", ensure_ascii=False)
    if isinstance(value, float):
        return f"{value:.6g}"
    return json.dumps(value)
