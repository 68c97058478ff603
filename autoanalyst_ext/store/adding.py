"""Adding figures to sums that are stored: one row for each key, made when it is not there.

Thousands of rows a second pass here (`bulk.py`). Those of one statement are in the order of their keys, so
that two processes that add to the same sums never wait for each other in a circle.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table

from . import bulk

LAST = "active_at"
"""The one column of which the later one counts, and not both together."""

Figures = Sequence[int]
Key = tuple[Any, ...]


def add(connection: Connection, table: Table, rows: Mapping[Key, Figures]) -> None:
    """Add figures to the sums of `table`: keys as its primary key, figures as its other columns."""
    if rows:
        statement = _statement(table, connection.dialect.name)
        bulk.run(connection, statement, [(*key, *rows[key]) for key in sorted(rows)])


@cache
def _statement(table: Table, dialect: str) -> str:
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    assert names[: len(keys)] == keys, "the key comes first"
    later = "GREATEST" if dialect == "postgresql" else "MAX"
    changes = ", ".join(
        f"{name} = {later}({table.name}.{name}, excluded.{name})"
        if name == LAST
        else f"{name} = {table.name}.{name} + excluded.{name}"
        for name in names[len(keys) :]
    )
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    )
