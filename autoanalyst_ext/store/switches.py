"""Switches: what an administrator turns on or off for all processes of a database at once.

They are rows, so a restart changes nothing; what reads one in its own transaction sees it as it is now.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from ..types.value import Value
from .database import Database
from .money_tables import switches

PAID_CALLS = "paid_calls"


class Switch(Value):
    """A switch that somebody has turned."""

    name: str
    value: str
    reason: str
    changed_by: str
    """A principal, or the name of an admin key."""
    changed_at: datetime


def paid_calls_off(connection: Connection) -> Switch | None:
    """Who switched paid model calls off, when and why; `None` while they are on."""
    found = _get(connection, PAID_CALLS)
    return found if found is not None and found.value == "off" else None


class Switches:
    """The switches in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> Switch | None:
        """How a switch stands; `None` where nobody ever turned it."""
        return await self._database.read(lambda connection: _get(connection, name))

    async def set(self, name: str, value: str, *, reason: str, changed_by: str) -> Switch:
        """Turn a switch. When this returns, every transaction that begins anywhere sees it."""
        turned = Switch(
            name=name, value=value, reason=reason, changed_by=changed_by, changed_at=datetime.now(UTC)
        )

        def work(connection: Connection) -> Switch:
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            row = turned.model_dump()
            connection.execute(
                insert(switches).values(row).on_conflict_do_update(index_elements=[switches.c.name], set_=row)
            )
            return turned

        return await self._database.write(work)


def _get(connection: Connection, name: str) -> Switch | None:
    row = connection.execute(select(switches).where(switches.c.name == name)).one_or_none()
    return None if row is None else Switch.model_validate(row._asdict())
