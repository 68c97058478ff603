"""Constants and column names as Python source, right for every name that a frame can have."""

from collections.abc import Sequence

from ...types.results import Leaf
from ..plan import Column


def literal(value: Leaf) -> str:
    """A constant: double quotes where they do, underscores in long numbers."""
    match value:
        case str():
            return f'"{value}"' if value.isprintable() and not {'"', "\\"} & set(value) else repr(value)
        case bool() | None:
            return repr(value)
        case int():
            return f"{value:_}" if abs(value) >= 100_000 else str(value)
        case float():
            return repr(value)


def column_key(column: Column) -> str:
    """What goes between the brackets of `frame[...]`."""
    return literal(column.name) if column.is_text else column.name


def column_keys(columns: Sequence[Column]) -> str:
    """Columns as an argument: one by itself, several as a list."""
    keys = [column_key(column) for column in columns]
    return keys[0] if len(keys) == 1 else f"[{', '.join(keys)}]"
