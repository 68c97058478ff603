"""The database itself: where it is, how it is opened, what it says when it cannot do what is needed."""

import asyncio
import os
import shutil
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from autoanalyst_ext.errors import BadRequest, StoreError, StoreOutdated, StoreUnwritable
from autoanalyst_ext.store import database as database_module
from autoanalyst_ext.store import location
from autoanalyst_ext.store.backup import backup
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import LIBRARY, Database, is_sound
from autoanalyst_ext.store.schema import SCHEMA, metadata

from .conftest import asked, on, python

ANN = "os:ann"


async def opened(database: Database) -> None:
    await database.open()


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


# Where it is


def test_the_url_comes_from_the_setting_then_the_environment_then_the_jupyter_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    default = f"sqlite:///{tmp_path}/autoanalyst/autoanalyst.db"
    assert location.database_url(None, {}).render_as_string() == default
    environment = {"AUTOANALYST_DATABASE_URL": "postgres://me:secret@db/x"}
    found = location.database_url(None, environment)
    assert found.drivername == "postgresql+psycopg"
    assert location.database_url("sqlite:////tmp/a.db", environment).database == "/tmp/a.db"


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense", "sqlite:///a?mode=ro"]
)
def test_a_url_that_cannot_work_is_refused_with_the_remedy(url: str) -> None:
    with pytest.raises(BadRequest, match="AUTOANALYST_DATABASE_URL"):
        Database(url)


def test_a_password_is_in_no_name_of_the_place() -> None:
    database = Database("postgresql://me:secret@127.0.0.1:1/x")
    assert "secret" not in database.where


def test_folder_and_files_are_the_users_alone_whatever_the_umask(sqlite_url: str) -> None:
    async def scene(database: Database) -> dict[str, int]:
        await Chats(database).create(ANN, "x")
        folder = file_of(sqlite_url).parent
        return {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}

    before = os.umask(0)
    try:
        modes = on(sqlite_url, scene)
    finally:
        os.umask(before)
    assert modes == {
        "data": 0o700,
        "autoanalyst.db": 0o600,
        "autoanalyst.db-wal": 0o600,
        "autoanalyst.db-shm": 0o600,
    }


def test_a_database_file_that_others_could_read_is_closed_to_them(sqlite_url: str) -> None:
    on(sqlite_url, opened)
    file_of(sqlite_url).chmod(0o664)
    on(sqlite_url, opened)
    assert stat.S_IMODE(file_of(sqlite_url).stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs"])
def test_a_network_file_system_is_refused_before_anything_is_written(tmp_path: Path, kind: str) -> None:
    mounts = f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path} {kind} rw 0 0\n"
    database = Database(
        f"sqlite:///{tmp_path}/data/a.db", filesystem=lambda path: location.filesystem_type(path, mounts)
    )
    with pytest.raises(StoreUnwritable, match=f"{kind}.*AUTOANALYST_DATABASE_URL"):
        asyncio.run(database.open())
    assert list(tmp_path.iterdir()) == []
    asyncio.run(database.close())


def test_the_innermost_and_last_mount_tells_the_type() -> None:
    mounts = "a / ext4 rw\nb /home nfs4 rw\nc /home/my\\040disk xfs rw\nd /data ext4 rw\ne /data tmpfs rw\n"
    types = [
        location.filesystem_type(Path(path), mounts)
        for path in ("/x", "/home/a", "/home/my disk/a", "/data/b")
    ]
    assert types == ["ext4", "nfs4", "xfs", "tmpfs"]
    assert location.filesystem_type(Path("/proc/self")) == "proc"


# The library and its settings


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_the_versions_with_the_wal_reset_bug_are_known(version: tuple[int, ...], sound: bool) -> None:
    assert is_sound(version) is sound


def test_the_library_in_use_is_sound_on_linux() -> None:
    assert sys.platform != "linux" or is_sound(LIBRARY.sqlite_version_info)


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_every_connection_has_our_settings(
    sqlite_url: str, journal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settings(connection: Connection) -> list[Any]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    async def scene(database: Database) -> None:
        full = 2
        assert await database.write(settings) == [journal, full, 1, 30_000, 0]
        assert await database.read(settings) == [journal, full, 1, 30_000, 1]

    monkeypatch.setattr(database_module, "JOURNAL", journal)
    on(sqlite_url, scene)


# Transactions


def test_a_transaction_that_fails_leaves_nothing(play: Any) -> None:
    async def scene(database: Database) -> None:
        def half(connection: Connection) -> None:
            connection.execute(text("INSERT INTO principals (id, created_at) VALUES ('half', 1)"))
            raise KeyError("in the middle")

        with pytest.raises(KeyError):
            await database.write(half)
        count = await database.read(lambda c: c.execute(text("SELECT count(*) FROM principals")).scalar())
        assert count == 0

    play(scene)


def test_a_read_cannot_write(play: Any) -> None:
    async def scene(database: Database) -> None:
        with pytest.raises(StoreUnwritable, match="read-only"):
            await database.read(
                lambda c: c.execute(text("INSERT INTO principals (id, created_at) VALUES ('a', 1)"))
            )

    play(scene)


def test_a_read_goes_on_while_a_write_is_under_way(play: Any) -> None:
    async def scene(database: Database) -> None:
        await database.open()
        inside, go_on = threading.Event(), threading.Event()

        def slow(connection: Connection) -> None:
            connection.execute(text("INSERT INTO principals (id, created_at) VALUES ('slow', 1)"))
            inside.set()
            assert go_on.wait(20)

        def count(connection: Connection) -> int:
            return int(connection.execute(text("SELECT count(*) FROM principals")).scalar_one())

        writing = asyncio.ensure_future(database.write(slow))
        assert await asyncio.to_thread(inside.wait, 20)
        assert await database.read(count) == 0
        go_on.set()
        await writing
        assert await database.read(count) == 1

    play(scene)


def test_a_write_whose_caller_was_cancelled_still_happens(sqlite_url: str) -> None:
    async def scene(database: Database) -> None:
        await database.open()
        inside, go_on = threading.Event(), threading.Event()

        def hold(_: Connection) -> None:
            inside.set()
            assert go_on.wait(20)

        first = asyncio.ensure_future(database.write(hold))
        assert await asyncio.to_thread(inside.wait, 20)
        queued = asyncio.ensure_future(
            database.write(
                lambda c: c.execute(text("INSERT INTO principals (id, created_at) VALUES ('q', 1)"))
            )
        )
        await asyncio.sleep(0)
        queued.cancel()
        with pytest.raises(asyncio.CancelledError):
            await queued
        go_on.set()
        await first
        await database.write(lambda _: None)
        assert await database.read(lambda c: c.execute(text("SELECT id FROM principals")).scalar()) == "q"

    on(sqlite_url, scene)


def test_a_write_that_was_queued_when_the_loop_ended_still_happens(sqlite_url: str) -> None:
    inside, go_on = threading.Event(), threading.Event()
    database = Database(sqlite_url)

    def hold(_: Connection) -> None:
        inside.set()
        assert go_on.wait(20)

    async def interrupted() -> None:
        await database.open()
        row = text("INSERT INTO principals (id, created_at) VALUES ('q', 1)")
        waiting = [
            asyncio.ensure_future(database.write(hold)),
            asyncio.ensure_future(database.write(lambda c: c.execute(row))),
        ]
        assert await asyncio.to_thread(inside.wait, 20)
        assert not any(task.done() for task in waiting)

    asyncio.run(interrupted())
    go_on.set()
    asyncio.run(database.close())
    assert (
        on(sqlite_url, lambda d: d.read(lambda c: c.execute(text("SELECT id FROM principals")).scalar()))
        == "q"
    )


def test_a_closed_database_says_so_and_leaves_no_thread(play: Any) -> None:
    async def scene(database: Database) -> None:
        await database.read(lambda _: None)
        await database.write(lambda _: None)
        await database.close()
        await database.close()
        with pytest.raises(StoreError, match="closed"):
            await database.read(lambda _: None)

    before = threading.active_count()
    play(scene)
    # Only asyncio's own helper threads may still be ending.
    left = [thread.name for thread in threading.enumerate() if "autoanalyst-store" in thread.name]
    assert (left, threading.active_count() - before) == ([], 0)


def test_a_forked_child_is_told_and_the_parent_goes_on(sqlite_url: str) -> None:
    script = """
import asyncio, os, sys
from sqlalchemy import text
from autoanalyst_ext.errors import StoreError
from autoanalyst_ext.store.database import Database

async def use(database):
    row = text(f"INSERT INTO principals (id, created_at) VALUES ('{os.getpid()}', 1)")
    await database.write(lambda connection: connection.execute(row))

database = Database(sys.argv[1])
asyncio.run(use(database))
child = os.fork()
if child == 0:
    try:
        asyncio.run(use(database))
    except StoreError as error:
        asyncio.run(database.close())
        fresh = Database(sys.argv[1])
        asyncio.run(use(fresh))
        os._exit(7 if "fork" in str(error) else 8)
    os._exit(9)
_, status = os.waitpid(child, 0)
async def rows():
    await database.write(lambda _: None)
    return await database.read(lambda c: c.execute(text("SELECT count(*) FROM principals")).scalar())
print(os.waitstatus_to_exitcode(status), asyncio.run(rows()))
asyncio.run(database.close())
"""
    process = python(script, sqlite_url)
    out, err = process.communicate(timeout=60)
    assert (out, err) == ("7 2\n", "")


# The schema


def test_the_migrations_make_exactly_the_tables_of_the_program(play: Any) -> None:
    async def scene(database: Database) -> None:
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        def differences(connection: Connection) -> list[Any]:
            context = MigrationContext.configure(connection, opts={"version_table": "autoanalyst_version"})
            return list(compare_metadata(context, metadata))

        assert await database.write(differences) == []

    play(scene)


def test_the_schema_number_of_the_program_is_the_last_revision() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "autoanalyst_ext.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA]


def test_opening_again_changes_nothing_and_does_not_load_alembic(sqlite_url: str) -> None:
    on(sqlite_url, opened)
    script = """
import asyncio, sys
from autoanalyst_ext.store.database import Database
async def scene():
    database = Database(sys.argv[1])
    await database.open()
    await database.close()
asyncio.run(scene())
print("alembic" in sys.modules)
"""
    out, err = python(script, sqlite_url).communicate(timeout=60)
    assert (out, err) == ("False\n", "")


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(play: Any, url: str) -> None:
    async def age(database: Database) -> None:
        await asked(database, ANN, "kept")
        await database.write(lambda c: c.execute(text("UPDATE autoanalyst_version SET version_num = '9001'")))

    async def scene(database: Database) -> None:
        with pytest.raises(StoreOutdated, match=r"schema 9001.*pip install -U autoanalyst-ext"):
            await database.open()

    async def back(database: Database) -> None:
        assert len((await Chats(database).list(ANN))[0]) == 1

    play(age)
    play(scene)
    if url.startswith("sqlite"):
        connection = LIBRARY.connect(file_of(url))
        connection.execute("UPDATE autoanalyst_version SET version_num = ?", (SCHEMA,))
        connection.commit()
        connection.close()
        play(back)


def test_another_programs_tables_are_left_alone(sqlite_url: str) -> None:
    on(sqlite_url, opened)
    connection = LIBRARY.connect(file_of(sqlite_url))
    connection.execute("DROP TABLE autoanalyst_version")
    connection.commit()
    connection.close()
    with pytest.raises(StoreOutdated, match="another program"):
        on(sqlite_url, opened)


def test_a_migration_that_is_cut_off_leaves_nothing_behind(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    made: list[str] = []
    create = op.create_table

    def cut_off(name: str, *columns: Any, **options: Any) -> Any:
        if name == "runs":
            raise KeyboardInterrupt
        made.append(name)
        return create(name, *columns, **options)

    with monkeypatch.context() as patch:
        patch.setattr(op, "create_table", cut_off)
        database = Database(sqlite_url)
        with pytest.raises(KeyboardInterrupt):
            database._open()
        connection = LIBRARY.connect(file_of(sqlite_url))
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
        connection.close()
        asyncio.run(database.close())
    assert made
    tables = on(sqlite_url, lambda d: d.write(lambda c: inspect(c).get_table_names()))
    assert set(metadata.tables) < set(tables)


# What can go wrong


def test_a_full_disk_loses_nothing_and_says_so(sqlite_url: str) -> None:
    async def scene(database: Database) -> None:
        chats = Chats(database)
        chat = await chats.create(ANN, "before")
        full = "PRAGMA max_page_count = 1"
        await database.write(lambda connection: connection.exec_driver_sql(full).scalar())
        kept = 0

        async def fill() -> None:
            nonlocal kept
            while kept < 1000:
                await chats.append(ANN, chat.id, "user", "x" * 4000)
                kept += 1

        with pytest.raises(StoreUnwritable, match="full"):
            await fill()
        assert len((await chats.messages(ANN, chat.id, limit=200))[0]) == kept
        room = "PRAGMA max_page_count = 1000000"
        await database.write(lambda connection: connection.exec_driver_sql(room).scalar())
        await chats.append(ANN, chat.id, "user", "there is room again")
        check = await database.read(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar())
        assert check == "ok"

    on(sqlite_url, scene)


def test_a_disk_that_takes_no_more_bytes_ends_in_one_clear_line(sqlite_url: str) -> None:
    script = """
import asyncio, resource, sys
from autoanalyst_ext.errors import StoreUnwritable
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
async def scene():
    database = Database(sys.argv[1])
    chats = Chats(database)
    chat = await chats.create("os:ann", "x")
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    kept = 0
    try:
        while kept < 1000:
            await chats.append("os:ann", chat.id, "user", "x" * 4000)
            kept += 1
    except StoreUnwritable as error:
        print(error)
    print(kept == len((await chats.messages("os:ann", chat.id, limit=200))[0]))
    await database.close()
asyncio.run(scene())
"""
    out, err = python(script, sqlite_url).communicate(timeout=60)
    assert err == ""
    line, kept = out.splitlines()
    assert str(file_of(sqlite_url)) in line
    assert kept == "True"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any account can reach; pytest's own is closed to all but its owner."""
    folder = Path(tempfile.mkdtemp(prefix="autoanalyst-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


OPEN_AND_WRITE = """
import asyncio, os, sys
from autoanalyst_ext.errors import StoreUnwritable
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
async def scene(url):
    database = Database(url)
    try:
        await Chats(database).create("os:ann", "x")
        print("written")
    except StoreUnwritable as error:
        print(error)
    await database.close()
# Everything is imported by a first round, while this account may still read the program.
asyncio.run(scene(sys.argv[1]))
if os.geteuid() == 0:
    # Root may write anywhere, so it becomes nobody; an ordinary account is held by the modes.
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
asyncio.run(scene(sys.argv[2]))
"""


@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_place_that_may_not_be_written_is_named_with_the_remedy(open_folder: Path, what: str) -> None:
    place = open_folder / "data"
    url = f"sqlite:///{place}/a.db"
    if what == "folder":
        place.mkdir()
        place.chmod(0o555)
    else:
        on(url, opened)
        place.chmod(0o777)
        (place / "a.db").chmod(0o444)
    out, err = python(OPEN_AND_WRITE, f"sqlite:///{open_folder}/first/a.db", url).communicate(timeout=60)
    place.chmod(0o777)
    assert err == ""
    first, line = out.splitlines()
    assert first == "written"
    assert "AUTOANALYST_DATABASE_URL" in line
    assert str(place) in line


def test_a_place_where_nothing_can_be_made_is_named_with_the_remedy() -> None:
    with pytest.raises(StoreUnwritable, match=r"/proc/self/nowhere.*AUTOANALYST_DATABASE_URL"):
        on("sqlite:////proc/self/nowhere/a.db", opened)


def test_a_file_that_is_not_a_database_is_left_alone(sqlite_url: str) -> None:
    file_of(sqlite_url).parent.mkdir()
    file_of(sqlite_url).write_text("Dear diary, " * 1000)
    with pytest.raises(StoreUnwritable, match="not a database"):
        on(sqlite_url, opened)
    assert file_of(sqlite_url).read_text().startswith("Dear diary")


def test_a_lock_that_lasts_too_long_is_named_and_later_writes_work(sqlite_url: str) -> None:
    on(sqlite_url, opened)
    holder = LIBRARY.connect(file_of(sqlite_url), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    async def scene() -> None:
        database = Database(sqlite_url, busy_seconds=0.05)
        with pytest.raises(StoreUnwritable, match="locked"):
            await Chats(database).create(ANN, "x")
        holder.execute("ROLLBACK")
        await asked(database, ANN, "y")
        assert [chat.title for chat in (await Chats(database).list(ANN))[0]] == ["y"]
        await database.close()

    asyncio.run(scene())
    holder.close()


def test_opening_waits_for_a_writer_of_the_old_journal(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_of(sqlite_url).parent.mkdir()
    holder = LIBRARY.connect(file_of(sqlite_url), isolation_level=None, check_same_thread=False)
    holder.execute("CREATE TABLE somebodys (a)")
    holder.execute("BEGIN IMMEDIATE")
    waits = []

    def ends_meanwhile(seconds: float) -> None:
        waits.append(seconds)
        holder.execute("ROLLBACK")

    monkeypatch.setattr(database_module.time, "sleep", ends_meanwhile)
    on(sqlite_url, opened)
    holder.close()
    assert len(waits) == 1


@pytest.mark.parametrize("fate", ["deleted", "replaced"])
def test_a_file_that_vanished_is_not_silently_replaced_by_an_empty_one(sqlite_url: str, fate: str) -> None:
    async def scene(database: Database) -> None:
        await Chats(database).create(ANN, "x")
        file = file_of(sqlite_url)
        kept = file.rename(file.with_name("kept.db"))
        if fate == "replaced":
            file.write_bytes(b"")
        with pytest.raises(StoreUnwritable, match="moved, deleted or replaced"):
            await Chats(database).create(ANN, "lost")
        kept.rename(file)
        await Chats(database).create(ANN, "y")

    on(sqlite_url, scene)


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnwritable, match="cannot be reached") as raised:
        on("postgresql://me:secret@127.0.0.1:1/x", opened)
    assert "secret" not in str(raised.value)


def test_an_error_of_ours_is_not_dressed_up_as_the_disks(play: Any) -> None:
    from sqlalchemy.exc import DBAPIError

    async def scene(database: Database) -> None:
        with pytest.raises(DBAPIError):
            await database.read(lambda c: c.execute(text("SELECT nothing FROM nowhere")))

    play(scene)


def test_a_transaction_that_postgresql_rolled_back_for_another_is_done_again(postgres_url: str) -> None:
    async def scene(database: Database) -> None:
        tries = []

        def work(connection: Connection) -> None:
            connection.execute(text("INSERT INTO principals (id, created_at) VALUES ('once', 1)"))
            tries.append(1)
            if len(tries) < 3:
                connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"))

        await database.write(work)
        assert len(tries) == 3
        assert await database.read(lambda c: c.execute(text("SELECT count(*) FROM principals")).scalar()) == 1

    on(postgres_url, scene)


# Backup


def test_a_backup_is_whole_private_and_opens(sqlite_url: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"

    async def scene(database: Database) -> None:
        await asked(database, ANN, "before")
        assert await backup(database, target) == target
        await asked(database, ANN, "after")
        with pytest.raises(BadRequest, match="exists"):
            await backup(database, target)

    async def look(database: Database) -> list[str]:
        return [chat.title for chat in (await Chats(database).list(ANN))[0]]

    on(sqlite_url, scene)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".db"] == ["data"]
    assert on(f"sqlite:///{target}", look) == ["before"]
    assert on(sqlite_url, look) == ["after", "before"]


def test_a_backup_into_a_folder_that_is_not_there_says_so(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnwritable, match="backup cannot be written"):
        on(sqlite_url, lambda database: backup(database, tmp_path / "no" / "copy.db"))


def test_a_backup_of_postgresql_names_its_own_tool(postgres_url: str, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="pg_dump"):
        on(postgres_url, lambda database: backup(database, tmp_path / "copy.db"))
