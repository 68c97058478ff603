"""Where the database is, and that the place is fit for it. Opens nothing; `database.py` does."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ..errors import BadRequest, StoreUnwritable

URL_SETTING = "AUTOANALYST_DATABASE_URL"

NETWORK_FILESYSTEMS = frozenset(
    {"afs", "afpfs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs"}
    | {"nfs", "nfs4", "ocfs2", "orangefs", "smb2", "smb3", "smbfs", "sshfs", "webdav"}
    | {f"fuse.{kind}" for kind in ("ceph", "davfs2", "glusterfs", "rclone", "s3fs", "sshfs")}
)
"""File system types whose locks or shared memory SQLite cannot rely on."""

_MOUNTS = Path("/proc/self/mounts")
_REMEDY = (
    f"Set {URL_SETTING} to a file on a local disk (sqlite:////path/to/autoanalyst.db) "
    "or to a PostgreSQL server (postgresql+psycopg://...)."
)


def database_url(configured: str | None = None, environ: Mapping[str, str] = os.environ) -> URL:
    """The URL that was configured, else that of the environment, else SQLite in the Jupyter data folder.

    Raises BadRequest for anything that is neither a SQLite file nor PostgreSQL.
    """
    text = configured or environ.get(URL_SETTING) or f"sqlite:///{default_file()}"
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise BadRequest(f"{URL_SETTING} is not a database URL. {_REMEDY}") from error
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise BadRequest(f"{URL_SETTING} names {kind}, which is not supported. {_REMEDY}")
    if url.database in (None, "", ":memory:") or url.query:
        raise BadRequest(f"{URL_SETTING} must name a plain file for SQLite. {_REMEDY}")
    return url


def default_file() -> Path:
    """The database file of a user who configured nothing."""
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "autoanalyst" / "autoanalyst.db"


def filesystem_type(path: Path, mounts: str | None = None) -> str:
    """Type of the file system that holds `path`, as the kernel's mount table has it; "" where unknown.

    `mounts` is the text of such a table, for a test.
    """
    if mounts is None:
        if not _MOUNTS.exists():
            return ""
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
    found, depth = "", -1
    for line in mounts.splitlines():
        _, point, kind = line.split(" ")[:3]
        mount = Path(point.replace("\\040", " "))
        # A later line covers an earlier one at the same place.
        if path.is_relative_to(mount) and len(mount.parts) >= depth:
            found, depth = kind, len(mount.parts)
    return found


def refuse_network(path: Path, kind: str) -> None:
    """Raise StoreUnwritable when `kind` is a network file system."""
    if kind in NETWORK_FILESYSTEMS:
        raise StoreUnwritable(
            f"{path} is on a network file system ({kind}), where SQLite can lose data. {_REMEDY}",
            path=str(path),
            filesystem=kind,
        )


def prepare_file(path: Path) -> None:
    """Make the folder (0700) and the file (0600) if they are not there; take others' rights off the file.

    SQLite gives its side files (-wal, -shm) the rights of the database file, whatever the umask is.
    Raises StoreUnwritable when the place does not let us.
    """
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.parent.chmod(0o700)
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        status = path.stat()
        if stat.S_IMODE(status.st_mode) & 0o077 and _owns(status):
            path.chmod(0o600)
    except OSError as error:
        raise StoreUnwritable(
            f"The database {path} cannot be made or opened: {error.strerror}. {_REMEDY}", path=str(path)
        ) from error


def _owns(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()


def identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of a file; None if there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
