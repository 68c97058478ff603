"""Admin keys: names and digests of those that are good now, two at most. Keys themselves are never here."""

import re
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, delete, insert, select, text

from ..errors import BadRequest, LimitReached, NotFound
from ..types.value import Value
from .database import Database
from .tables import admin_keys

MOST = 2
"""One in use, and one that takes its place."""
NAME = "admin"
"""Of a key that nobody gave a name, the first time."""


class AdminKey(Value):
    """A key as it is stored."""

    name: str
    digest: str
    created_at: datetime
    made_by: str
    """The principal that made it."""


class AdminKeys:
    """The admin keys in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> tuple[AdminKey, ...]:
        """The keys that are good now, oldest first."""
        return await self._database.read(_all)

    async def digests(self) -> dict[str, str]:
        """Their names by their digests."""
        return {key.digest: key.name for key in await self.all()}

    async def add(
        self, digest: str, *, made_by: str, name: str | None = None, replace: bool = False
    ) -> tuple[AdminKey, AdminKey | None]:
        """Store a key; returns it, and the one that it ended.

        `replace`: where there are two, the older one ends. Raises `BadRequest` for a name that is taken or
        makes no sense, and `LimitReached` where there are two.
        """

        def work(connection: Connection) -> tuple[AdminKey, AdminKey | None]:
            if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
                connection.execute(text("LOCK TABLE admin_keys IN EXCLUSIVE MODE"))
            known = _all(connection)
            ended = _room(known, replace=replace)
            left = {key.name for key in known if key != ended}
            key = AdminKey(
                name=_name(name, left), digest=digest, created_at=datetime.now(UTC), made_by=made_by
            )
            if ended is not None:
                connection.execute(delete(admin_keys).where(admin_keys.c.name == ended.name))
            connection.execute(insert(admin_keys).values(key.model_dump()))
            return key, ended

        return await self._database.write(work)

    async def remove(self, name: str) -> None:
        """End a key, at once and everywhere. Raises `NotFound`."""
        gone = delete(admin_keys).where(admin_keys.c.name == name)
        if not await self._database.write(lambda connection: connection.execute(gone).rowcount):
            raise NotFound(f"There is no admin key named {name!r}.")


def _all(connection: Connection) -> tuple[AdminKey, ...]:
    query = select(admin_keys).order_by(admin_keys.c.created_at, admin_keys.c.name)
    return tuple(_key(row) for row in connection.execute(query))


def _key(row: Row[tuple[object, ...]]) -> AdminKey:
    return AdminKey.model_validate(row._asdict())


def _room(known: tuple[AdminKey, ...], *, replace: bool) -> AdminKey | None:
    """The key that has to go for a new one."""
    if len(known) < MOST:
        return None
    if replace:
        return known[0]
    names = " and ".join(repr(key.name) for key in known)
    raise LimitReached(
        f"There are two admin keys already: {names}. End one first: "
        f"autoanalyst admin revoke-key {known[0].name}"
    )


def _name(wanted: str | None, taken: set[str]) -> str:
    if wanted is None:
        free = (NAME if number == 1 else f"{NAME}-{number}" for number in range(1, len(taken) + 2))
        return next(name for name in free if name not in taken)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", wanted):
        raise BadRequest("A name has up to 40 letters, digits, dots, dashes and underscores.")
    if wanted in taken:
        raise BadRequest(f"There is an admin key named {wanted!r} already. Give the new one another name.")
    return wanted
