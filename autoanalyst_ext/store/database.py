"""`Database`: the one door to SQLite or PostgreSQL, and the only importer of a SQLite library.

Two SQLite libraries in one process lose committed rows, so nobody else imports one. All writes go
through one thread with one connection, those that wait together in one transaction (`group.py`), reads
through a few more threads. What the rows mean is left to the other files of this package.
"""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

from .. import failpoints
from ..errors import StoreError, StoreUnwritable
from . import failures, location, upgrade
from .group import Write, WriteQueue, carry_out

T = TypeVar("T")

READERS = 4
"""Threads that read at the same time."""
_TRIES = 3


def is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug (3.7.0 to 3.51.2, repaired in 3.50.7 and 3.44.6)."""
    repaired = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return repaired or version < (3, 7)


def _choose_library() -> ModuleType:
    if is_sound(sqlite3.sqlite_version_info):
        return sqlite3
    try:
        import pysqlite3.dbapi2 as bundled  # type: ignore[import-untyped]
    except ModuleNotFoundError:
        return sqlite3
    return bundled  # type: ignore[no-any-return]


LIBRARY = _choose_library()
"""The SQLite of this process: Python's own where it is sound, else the one that `pysqlite3` brings."""

JOURNAL = "wal" if is_sound(LIBRARY.sqlite_version_info) else "delete"
"""The bug is in the write-ahead log; a library that has it works with the old journal: slower, and safe."""


class Database:
    """One database of one process. Opens on first use; `close()` ends its threads and connections.

    `url` as in AUTOANALYST_DATABASE_URL, which it overrides. `busy_seconds`: how long a write waits for
    another process. `filesystem` tells the type of the file system under a path.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        busy_seconds: float = 30.0,
        filesystem: Callable[[Path], str] = location.filesystem_type,
    ) -> None:
        self.url: URL = location.database_url(url)
        self.where = self.url.render_as_string(hide_password=True) if self.file is None else str(self.file)
        """Name of the place for messages, without a password."""
        self._busy_seconds = busy_seconds
        self._filesystem = filesystem
        self._pid = os.getpid()
        self._engines: tuple[Engine, Engine] | None = None
        self._identity: tuple[int, int] | None = None
        self._closed = False
        # One writer: no two transactions of this process ever wait for each other.
        self._writer = ThreadPoolExecutor(1, "autoanalyst-store-writer")
        self._queue = WriteQueue()
        self._readers = ThreadPoolExecutor(READERS, "autoanalyst-store-reader")

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    async def open(self) -> None:
        """Open now what would open on first use: the place is checked and the schema brought up to date.

        Raises StoreUnwritable or StoreOutdated with the remedy; a later call tries again.
        """
        await self._in(self._writer, self._open)

    async def write(self, function: Callable[[Connection], T]) -> T:
        """Run `function` in a transaction; when this returns, what it wrote is on disk.

        An exception rolls back what it wrote. It goes to its end even if the caller is cancelled while it
        waits. `function` may run again, when the transaction that it shared with others failed.
        """
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()

        def done(result: T | None, error: Exception | None) -> None:
            # A loop that has ended meanwhile has nobody left to tell.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_tell, outcome, result, error)

        self.submit(function, done)
        # What waits in the queue is carried out even if its caller is cancelled: then nobody is told.
        return await outcome

    def submit(
        self, function: Callable[[Connection], T], done: Callable[[T | None, Exception | None], None]
    ) -> None:
        """Queue a write; `done` is told of its end in the writer's thread, after the commit.

        The way of those who write thousands a second; `write` is for everybody else.
        """
        self._check_open()
        if self._queue.put(Write(function, done)):
            self._writer.submit(self._write_all)

    async def read(self, function: Callable[[Connection], T]) -> T:
        """Run `function` on a consistent, read-only view of the database."""
        if self._engines is None:
            await self.open()
        return await self._in(self._readers, self._look, function)

    async def close(self) -> None:
        """End all threads and connections; waits for what is under way. A second call does nothing."""
        if self._closed or os.getpid() != self._pid:
            return
        self._closed = True
        await asyncio.to_thread(self._end)

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[..., T], *values: Any) -> T:
        self._check_open()
        # Shielded: what waits in the queue is carried out even if its caller is cancelled, or the loop ends.
        return await asyncio.shield(asyncio.wrap_future(threads.submit(work, *values)))

    def _check_open(self) -> None:
        if os.getpid() != self._pid:
            raise StoreError(
                f"{self.where} was opened by process {self._pid}; no connection of it works in a fork. "
                "Open a new Database in this process."
            )
        if self._closed:
            raise StoreError(f"{self.where} is closed in this process.")

    def _open(self) -> tuple[Engine, Engine]:
        if self._engines is None:
            if self.file is not None:
                self._prepare(self.file)
            engines = self._engine("BEGIN IMMEDIATE", 1), self._engine("BEGIN", READERS)
            try:
                self._explained(lambda: self._start(*engines))
            except BaseException:
                for engine in engines:
                    engine.dispose()
                raise
            self._engines = engines
        return self._engines

    def _prepare(self, file: Path) -> None:
        location.refuse_network(file, self._filesystem(Path(os.path.realpath(file))))
        location.prepare_file(file)
        self._identity = location.identity(file)

    def _start(self, writer: Engine, readers: Engine) -> None:
        if self.file is not None:
            self._set_journal(writer)
        upgrade.bring_up_to_date(writer, readers)

    def _write_all(self) -> None:
        """Carry out what waits: together in one transaction, else each in one of its own."""
        writes = self._queue.take()
        together = len(writes) > 1 and self._group(writes)
        if not together:
            for write in writes:
                self._write_one(write)

    def _group(self, writes: list[Write]) -> bool:
        """One transaction for all; False, and nothing is written, when it failed as a whole."""
        try:
            writer = self._writable()
            with writer.begin() as connection:
                outcomes = [carry_out(connection, write) for write in writes]
                failpoints.passed("store.commit.before")
            failpoints.passed("store.commit.after")
        except (DBAPIError, LIBRARY.Error, StoreError):
            # Full disk, deadlock, lost connection: which write it was, each finds out alone.
            return False
        for write, outcome in zip(writes, outcomes, strict=True):
            write.done(*outcome)
        return True

    def _write_one(self, write: Write) -> None:
        try:
            result = self._transact(write.function)
        except Exception as error:  # noqa: BLE001 - it goes to who waits for the write
            write.done(None, error)
        else:
            write.done(result, None)

    def _writable(self) -> Engine:
        writer, _ = self._open()
        if self.file is not None and location.identity(self.file) != self._identity:
            raise StoreUnwritable(
                f"{self.where} was moved, deleted or replaced while in use. Put it back, or start again.",
                where=self.where,
            )
        return writer

    def _transact(self, function: Callable[[Connection], T]) -> T:
        writer = self._writable()

        def transaction() -> T:
            with writer.begin() as connection:
                result = function(connection)
                failpoints.passed("store.commit.before")
            failpoints.passed("store.commit.after")
            return result

        return self._explained(transaction)

    def _look(self, function: Callable[[Connection], T]) -> T:
        assert self._engines is not None, "read() opens first"
        readers = self._engines[1]

        def view() -> T:
            with readers.connect() as connection:
                return function(connection)

        return self._explained(view)

    def _explained(self, work: Callable[[], T]) -> T:
        for attempt in range(1, _TRIES + 1):
            try:
                return work()
            # A driver's error comes bare while a connection is set up, else in SQLAlchemy's wrapping.
            except (DBAPIError, LIBRARY.Error) as error:
                if failures.state(error) in failures.RETRY_STATES and attempt < _TRIES:
                    continue
                known = failures.explain(error, self.where)
                if known is None:
                    raise
                raise known from error
        raise AssertionError("the last try returns or raises")

    def _end(self) -> None:
        self._readers.shutdown()
        self._writer.shutdown()
        for engine in self._engines or ():
            engine.dispose()

    def _engine(self, begin: str, connections: int) -> Engine:
        if self.file is None:
            return self._postgres(connections, read_only=connections > 1)
        engine = create_engine(
            self.url,
            module=LIBRARY,
            pool_size=connections,
            max_overflow=0,
            # The driver begins no transactions by itself; ours begin as `begin` says.
            connect_args={"timeout": self._busy_seconds, "isolation_level": None, "check_same_thread": False},
        )

        @event.listens_for(engine, "connect")
        def set_up(connection: Any, _record: object) -> None:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            if connections > 1:
                connection.execute("PRAGMA query_only = ON")

        @event.listens_for(engine, "begin")
        def begin_transaction(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    def _postgres(self, connections: int, *, read_only: bool) -> Engine:
        try:
            return create_engine(
                self.url,
                pool_size=connections,
                max_overflow=0,
                pool_pre_ping=True,
                connect_args={"connect_timeout": 10},
                execution_options={"postgresql_readonly": True} if read_only else {},
            )
        except ModuleNotFoundError as error:
            raise StoreError(
                "PostgreSQL needs a driver that is not installed: pip install 'autoanalyst-ext[postgres]'"
            ) from error

    def _set_journal(self, writer: Engine) -> None:
        """Switch the file to our journal. SQLite does not wait by itself for this one lock."""
        connection = writer.raw_connection()
        deadline = time.monotonic() + self._busy_seconds
        try:
            while not self._switched(connection.cursor(), last_try=time.monotonic() > deadline):
                time.sleep(0.02)
        finally:
            connection.close()

    def _switched(self, cursor: DBAPICursor, *, last_try: bool) -> bool:
        try:
            cursor.execute(f"PRAGMA journal_mode = {JOURNAL}")
        except LIBRARY.OperationalError as error:
            # Another process that starts, or an older one that writes: gone in a moment.
            if failures.state(error) != "SQLITE_BUSY" or last_try:
                raise
            return False
        return True


def _tell(outcome: asyncio.Future[T], result: T | None, error: Exception | None) -> None:
    if outcome.cancelled():
        return
    if error is None:
        outcome.set_result(result)  # type: ignore[arg-type]  # a function of T gave it
    else:
        outcome.set_exception(error)
