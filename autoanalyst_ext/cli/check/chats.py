"""Whether chats, sessions and their money are consistent: nothing without its parent, nothing left open."""

from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy import Connection, func, select

from ...errors import AnalystError
from ...store import consistency
from ...store.consistency import Fault
from ...store.glance import glance
from ...store.runs import Runs
from ...store.tables import attempts, chats, runs
from ...usage.owner import is_gone
from .database import QUICK
from .finding import Finding, Scene, count, fine, fixed, note, problem

FIX = "autoanalyst check --fix"
REBUILD = "autoanalyst db rebuild-rollups"
COPY = (
    "Questions can go on. This came from outside the program: put back a copy made before (autoanalyst db "
    "backup makes them), or report it with these lines."
)


async def look(scene: Scene) -> AsyncIterator[Finding]:
    """What is stored, what of it does not fit, what was left open."""
    if scene.empty:
        yield fine("stored", "nothing yet")
        return
    if not scene.stored:
        yield note("chats", "Not looked at: there is no database with this program's tables.")
        return
    try:
        yield fine("stored", await glance(scene.engine.database, _counts))
        async for finding in _faults(scene):
            yield finding
        yield await _runs(scene)
        yield await _attempts(scene)
    except AnalystError as error:
        yield problem("chats", str(error))


def _counts(connection: Connection) -> str:
    nouns = ((chats, "chat"), (runs, "question"), (attempts, "model call"))
    numbers = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table, _ in nouns]
    return ", ".join(count(number, noun) for number, (_, noun) in zip(numbers, nouns, strict=True))


async def _faults(scene: Scene) -> AsyncIterator[Finding]:
    database = scene.engine.database
    quick = database.file is not None and database.file.stat().st_size > QUICK
    found = await glance(database, lambda connection: consistency.faults(connection, quick=quick))
    if scene.fix and any(fault.mendable for fault in found):
        number = await database.write(consistency.mend)
        yield fixed("order", f"{count(number, 'chat')} put back to the time of the last message.")
        found = tuple(fault for fault in found if not fault.mendable)
    for number, fault in enumerate(found, start=1):
        if fault.mendable:
            yield problem("consistency", _words(fault), command=FIX)
        elif fault.derived:
            yield problem("sums", _words(fault), "Make them anew from the model calls:", REBUILD)
        else:
            yield problem("consistency", _words(fault), COPY if number == len(found) else "")
    if not found:
        looked = "; books and sums of the last month add up" if quick else "; books and sums add up"
        yield fine("consistency", f"nothing without its parent, no figure that cannot be{looked}")


def _words(fault: Fault) -> str:
    more = ", ..." if fault.count > len(fault.examples) else ""
    return f"{fault.words[0].upper()}{fault.words[1:]}: {fault.count:,} ({', '.join(fault.examples)}{more})"


async def _runs(scene: Scene) -> Finding:
    database = scene.engine.database
    gone = partial(is_gone, one_system=database.file is not None)
    left = await Runs(database).left_behind(gone)
    if not left:
        return fine("open runs", "none whose program has ended")
    if scene.fix:
        closed = await Runs(database).recover(gone)
        return fixed(
            "open runs", f"{count(closed, 'run')} of programs that have ended closed as interrupted."
        )
    words = f"{count(len(left), 'run')} still open, though the program that ran it has ended: {left[0].id}"
    return problem("open runs", words, "The next question closes them, or now:", FIX)


async def _attempts(scene: Scene) -> Finding:
    ledger = scene.engine.ledger
    left = await ledger.left_behind()
    if not left:
        return fine("open calls", "none whose program has ended")
    if scene.fix:
        closed = await ledger.recover()
        return fixed("open calls", f"{count(closed, 'model call')} of programs that have ended booked.")
    words = f"{count(len(left), 'model call')} not booked, though the program has ended: {left[0].id}"
    return problem("open calls", words, "The next question books them, or now:", FIX)
