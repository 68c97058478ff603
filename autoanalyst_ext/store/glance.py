"""`glance`: a look at a database as it is, before anything of ours opens it.

`Database` makes a missing file, takes others' rights off it and brings its schema up to date. Who wants to
know how things stand looks first; nothing is made and nothing is changed by it.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from ..errors import StoreError
from . import failures
from .database import LIBRARY, Database

T = TypeVar("T")

PATIENCE_SECONDS = 5
"""How long somebody else's lock, or a server that does not answer, is waited for."""


async def glance(database: Database, look: Callable[[Connection], T]) -> T:
    """Run `look` on a read-only connection of its own; all of its queries see one moment.

    Raises StoreError with the remedy where the place cannot be reached or read.
    """
    return await asyncio.to_thread(_look, database, look)


def _look(database: Database, look: Callable[[Connection], T]) -> T:
    engine = _sqlite(database) if database.file is not None else _postgres(database)
    try:
        with engine.connect() as connection:
            return look(connection)
    except (DBAPIError, LIBRARY.Error) as error:
        raise failures.explain(error, database.where) or _unknown(error, database) from error
    finally:
        engine.dispose()


def _unknown(error: Exception, database: Database) -> StoreError:
    said = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()
    return StoreError(f"{database.where} cannot be read: {said[0] if said else type(error).__name__}.")


def _sqlite(database: Database) -> Engine:
    assert database.file is not None
    address = f"file:{quote(str(database.file.absolute()))}?mode=ro"

    def connect() -> Any:
        return LIBRARY.connect(address, uri=True, timeout=PATIENCE_SECONDS, isolation_level=None)

    engine = create_engine("sqlite://", module=LIBRARY, creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _postgres(database: Database) -> Engine:
    try:
        return create_engine(
            database.url,
            poolclass=NullPool,
            isolation_level="REPEATABLE READ",
            connect_args={"connect_timeout": PATIENCE_SECONDS},
            execution_options={"postgresql_readonly": True},
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs a driver that is not installed: pip install 'autoanalyst-ext[postgres]'"
        ) from error
