"""Inserting a row only if it is not there, in the words of both databases."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row unless one with its key exists; True if this call inserted it."""
    # Row counts of an INSERT are not reliable across drivers; a returned key is.
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = insert(table).values(values).on_conflict_do_nothing().returning(*table.primary_key)
    return connection.execute(row).one_or_none() is not None
