"""Whether the database is in a good place, can be reached, read and written, and has the right schema.

It is looked at before it is opened, because opening it makes it, or changes it. What is in it is
`chats.py`'s.
"""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect

from ...errors import AnalystError
from ...store import consistency, location
from ...store.database import JOURNAL, LIBRARY, Database
from ...store.glance import glance
from ...store.schema import SCHEMA, metadata
from ...store.upgrade import revision
from .finding import Finding, Scene, fine, note, problem
from .rights import rights

TIGHT, LOW = 100 * 2**20, 2**30
"""Free bytes below which it is a problem, and below which it is said."""
QUICK = 500 * 2**20
"""A file larger than this is not looked through index by index, which takes minutes."""
UPGRADE = "autoanalyst db upgrade"


async def look(scene: Scene) -> AsyncIterator[Finding]:
    """The place, then what is there."""
    try:
        database = scene.engine.database
    except AnalystError as error:
        yield problem("place", str(error))
        return
    yield fine("place", _place(database))
    if database.file is not None:
        for finding in _file(database.file, fix=scene.fix):
            yield finding
        if not database.file.exists():
            scene.empty = True
            yield fine("schema", "not made yet; it is made at the first question")
            return
    async for finding in _content(scene, database):
        yield finding


def _place(database: Database) -> str:
    if database.file is None:
        return database.where
    journal = "" if JOURNAL == "wal" else "; it has the WAL bug, so the slower journal is used"
    return f"{database.where} (SQLite {LIBRARY.sqlite_version}{journal})"


def _file(file: Path, *, fix: bool) -> Iterator[Finding]:
    """What can be seen of a SQLite file from outside."""
    # Relative to the file as it really is: a link may lead to another disk.
    real = Path(os.path.realpath(file))
    folder = next(each for each in real.parents if each.exists())
    yield from network(file, location.filesystem_type(real))
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        what = "is not a folder" if not folder.is_dir() else "is not writable"
        yield problem("folder", f"{folder} {what}.", f"Correct that, or set {location.URL_SETTING}.")
    else:
        yield space(folder, shutil.disk_usage(folder).free)
    beside = [file.with_name(file.name + end) for end in ("-wal", "-shm")]
    opening = "Opening it, as each question does, ends that. Or now:"
    yield from rights("rights", [file, *beside], fix=fix, remedy=opening)


def network(file: Path, kind: str) -> Iterator[Finding]:
    """Whether the file system is of a `kind` that SQLite cannot rely on."""
    try:
        location.refuse_network(file, kind)
    except AnalystError as error:
        yield problem("file system", str(error))


def space(folder: Path, free: int) -> Finding:
    """Whether `free` bytes are enough for a while."""
    if free >= LOW:
        return fine("space", f"{free / 2**30:,.1f} GB free")
    words = f"Only {free / 2**20:,.0f} MB are free in {folder}."
    if free < TIGHT:
        return problem("space", f"{words} Without space no question can be recorded. Free some.")
    return note("space", words)


async def _content(scene: Scene, database: Database) -> AsyncIterator[Finding]:
    try:
        found, strangers = await glance(database, _schema)
        whole = await _whole(database)
    except AnalystError as error:
        yield problem("reading", str(error))
        return
    yield whole
    schema = _judged(database, found, strangers)
    scene.stored, scene.empty = found == SCHEMA, found is None and not strangers
    if scene.stored and (lacking := await glance(database, consistency.missing)):
        scene.stored = False
        schema = problem(
            "schema", f"It lacks {', '.join(lacking)}.", "Put back a copy made by `autoanalyst db backup`."
        )
    yield schema
    if scene.stored and whole.status == "ok":
        yield await _writing(scene)


def _schema(connection: Connection) -> tuple[str | None, list[str]]:
    """The revision, and names of tables that are called as ours are."""
    return revision(connection), sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))


def _judged(database: Database, found: str | None, strangers: list[str]) -> Finding:
    setting = location.URL_SETTING
    if found == SCHEMA:
        return fine("schema", f"{found}, this program's")
    if found is None and strangers:
        words = f"Another program's tables are there ({', '.join(strangers)})."
        return problem("schema", words, f"Set {setting} to a database of its own.")
    if found is None:
        return fine("schema", "empty; its tables are made at the first question")
    if not found.isdigit() or int(found) > int(SCHEMA):
        words = (
            f"A newer AutoAnalyst wrote it (schema {found}, this one knows {SCHEMA}). Upgrade the program:"
        )
        return problem("schema", words, command="pip install -U autoanalyst-ext")
    words = f"An older AutoAnalyst wrote it (schema {found}, this one needs {SCHEMA})."
    copy = "Copy the file" if database.file is not None else "Make a copy (pg_dump)"
    return problem(
        "schema", words, f"{copy}, then bring it up to date; the next question does so too:", UPGRADE
    )


async def _whole(database: Database) -> Finding:
    if database.file is None:
        return fine("reading", "the server answers")
    size = database.file.stat().st_size
    quick = size > QUICK
    lines = await glance(database, lambda connection: consistency.damage(connection, quick=quick))
    if lines:
        said = f"{lines[0]}" + (f" and {len(lines) - 1} more" if len(lines) > 1 else "")
        remedy = "Put back a copy made by `autoanalyst db backup`; keep the damaged file until that works."
        return problem("reading", f"The file is damaged: {said}.", remedy)
    return fine("reading", f"{size / 2**20:,.1f} MB, {'looked through quickly' if quick else 'undamaged'}")


async def _writing(scene: Scene) -> Finding:
    try:
        await scene.engine.database.open()
        trouble = await scene.engine.ledger.paid_calls_possible()
    except AnalystError as error:
        return problem("writing", str(error))
    return problem("writing", trouble) if trouble else fine("writing", "a row was written")
