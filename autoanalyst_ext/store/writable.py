"""A write that changes nothing of anybody: it shows that the database takes one now."""

from datetime import UTC, datetime

from sqlalchemy import Connection, update

from .once import insert_once
from .tables import proofs


def prove(connection: Connection) -> None:
    """Write one row; raises what the database raises. To be given to `Database.write`."""
    row = {"name": "writable", "at": datetime.now(UTC)}
    if not insert_once(connection, proofs, row):
        connection.execute(update(proofs).where(proofs.c.name == row["name"]).values(at=row["at"]))
