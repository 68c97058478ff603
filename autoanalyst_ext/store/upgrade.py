"""Brings a database's schema to this program's, and refuses one that is newer or another program's.

Alembic takes 0.3 s to import, so it is only imported when there is something to do.
"""

from sqlalchemy import Connection, Engine, inspect, text

from ..errors import StoreOutdated
from .location import URL_SETTING
from .schema import SCHEMA, VERSION_TABLE, metadata

_LOCK = 0x6175746F616E
"""The advisory lock that processes starting at once take on PostgreSQL; SQLite has its write lock."""


def bring_up_to_date(writer: Engine, readers: Engine) -> None:
    """Run the revisions that are missing, all or nothing; several processes may do so at once.

    Raises StoreOutdated when the database is newer than the program, or holds somebody else's tables.
    """
    with readers.connect() as connection:
        # What else is there is judged under the lock: meanwhile another process may be making our tables.
        if revision(connection) == SCHEMA:
            return
    with writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        # Another process may have done it while we waited for the lock.
        if _checked_revision(connection) != SCHEMA:
            _migrate(connection)


def revision(connection: Connection) -> str | None:
    """The schema revision of the database; None when it has none of our tables."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
    return found


def _checked_revision(connection: Connection) -> str | None:
    found = revision(connection)
    if found is None:
        strangers = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
        if strangers:
            raise StoreOutdated(
                f"The database already has tables of another program ({', '.join(strangers)}). "
                f"Set {URL_SETTING} to a database of its own.",
                tables=strangers,
            )
    elif not found.isdigit() or int(found) > int(SCHEMA):
        raise StoreOutdated(
            f"The database was written by a newer AutoAnalyst (schema {found}, this one knows {SCHEMA}). "
            f"Nothing was changed. Upgrade with `pip install -U autoanalyst-ext`, or set {URL_SETTING}.",
            found=found,
            known=SCHEMA,
        )
    return found


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "autoanalyst_ext.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
