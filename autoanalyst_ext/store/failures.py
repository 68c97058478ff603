"""What a database driver's error means, in one line with the remedy."""

from sqlalchemy.exc import DBAPIError

from ..errors import StoreError, StoreUnwritable
from .location import URL_SETTING

_LOCKED = "Another program keeps {where} locked. Close it (a database browser, a backup) and try again."

_SQLITE = {
    "SQLITE_FULL": "The disk that holds {where} is full. Nothing was lost; free some space and try again.",
    "SQLITE_READONLY": "{where} is read-only. Make it writable, or set {setting} to another place.",
    "SQLITE_CANTOPEN": "{where} cannot be opened. Look at its folder's rights, or set {setting}.",
    "SQLITE_PERM": "{where} may not be opened. Look at its rights, or set {setting} to another place.",
    "SQLITE_NOTADB": "{where} is not a database. Move that file away, or set {setting} to another place.",
    "SQLITE_CORRUPT": "{where} is damaged. Put back a copy made by `autoanalyst db backup`.",
    "SQLITE_IOERR": "Reading or writing {where} failed. Look at the disk; what was stored before is kept.",
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
}

_POSTGRES = {
    "53100": "The disk of {where} is full. Nothing was lost; free some space and try again.",
    "25006": "The database {where} is read-only (a standby?). Set {setting} to the primary server.",
    "42501": "The database {where} does not let this account write. Grant it the rights, or set {setting}.",
    "55P03": "Another program keeps a table of {where} locked. End it and try again.",
}

_UNREACHABLE = "The database server {where} cannot be reached. Start it, or set {setting} to another one."

RETRY_STATES = frozenset({"40001", "40P01"})
"""PostgreSQL states that say: rolled back because of another transaction, do it again."""


def state(error: Exception) -> str:
    """SQLite's name of the error without its extension, or PostgreSQL's SQLSTATE; "" if there is neither."""
    bare = _bare(error)
    name = getattr(bare, "sqlite_errorname", None)
    if isinstance(name, str):
        return "_".join(name.split("_")[:2])
    return getattr(bare, "sqlstate", None) or ""


def explain(error: Exception, where: str) -> StoreError | None:
    """What a driver's error, bare or wrapped, is for the user; None when it is a mistake of ours."""
    code = state(error)
    words = _SQLITE.get(code) or _POSTGRES.get(code)
    if words is None and where.startswith("postgresql") and _is_connection(error, code):
        words = _UNREACHABLE
    if words is None:
        return None
    return StoreUnwritable(words.format(where=where, setting=URL_SETTING), where=where, state=code)


def _bare(error: Exception) -> BaseException:
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def _is_connection(error: Exception, code: str) -> bool:
    # 08 connection, 28 authorization, 3D no such database, 57P shutdown; without a state no server answered.
    if not code:
        return type(_bare(error)).__name__ == "OperationalError"
    return code.startswith(("08", "28", "3D", "57P"))
