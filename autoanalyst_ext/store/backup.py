"""A copy of the whole database while it is in use."""

import os
from pathlib import Path

from sqlalchemy import Connection

from ..errors import BadRequest, StoreError, StoreUnwritable
from .database import LIBRARY, Database


async def backup(database: Database, target: Path) -> Path:
    """Copy the database to `target` (0600) by SQLite's own online backup; chats and runs go on meanwhile.

    Raises BadRequest when `target` is there already, and for PostgreSQL, which has its own tool.
    """
    if database.file is None:
        raise BadRequest(
            f"{database.where} is a PostgreSQL database. Copy it with its own tool: "
            f"pg_dump --format=custom --file={target} DATABASE"
        )
    await database.read(lambda connection: _copy(connection, target))
    return target


def _copy(connection: Connection, target: Path) -> None:
    if target.exists():
        raise BadRequest(f"{target} exists. Name a file that does not.")
    # Under another name until it is whole, so that nobody takes half a copy for a backup.
    partial = target.with_name(f"{target.name}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreUnwritable(f"The backup cannot be written to {target}: {error.strerror}.") from error
    try:
        _fill(connection, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _fill(connection: Connection, partial: Path) -> None:
    copy = LIBRARY.connect(str(partial))
    try:
        source = connection.connection.dbapi_connection
        assert source is not None, "the connection is checked out"
        source.backup(copy)
        verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
    finally:
        copy.close()
    if verdict != "ok":
        raise StoreError(f"The copy of the database is damaged ({verdict}); the backup was not kept.")
