"""What runs said, in order: enough to show a run again as it was shown while it went on.

Which events are worth keeping is decided above (`chats/telling.py`). Pieces of text are not among them: the
steps and the answer have the text.
"""

from collections.abc import Collection, Sequence
from functools import cache

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, func, select, update

from ..logs import logger
from ..types.events import RunEvent
from ..types.runs import RunStatus
from .database import Database
from .tables import run_events, runs


class RunEvents:
    """The events of runs in a database. Whose run it is, was checked when it began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(
        self, run_id: str, events: Sequence[RunEvent], *, status: RunStatus | None = None
    ) -> None:
        """Store what a run said next; with `status`, also how the run stands now, if it has not ended."""
        texts = [event.model_dump_json() for event in events]

        def work(connection: Connection) -> None:
            last = select(func.max(run_events.c.number)).where(run_events.c.run_id == run_id)
            first = (connection.execute(last).scalar_one() or 0) + 1
            rows = [{"run_id": run_id, "number": first + n, "event": text} for n, text in enumerate(texts)]
            if rows:
                connection.execute(run_events.insert(), rows)
            if status is not None:
                still_open = update(runs).where(runs.c.id == run_id, runs.c.ended_at.is_(None))
                connection.execute(still_open.values(status=status))

        await self._database.write(work)

    async def of_runs(self, run_ids: Collection[str]) -> dict[str, tuple[RunEvent, ...]]:
        """The events of these runs, in order; a run without any is not in it."""
        wanted = sorted(set(run_ids))
        query = (
            select(run_events.c.run_id, run_events.c.event)
            .where(run_events.c.run_id.in_(wanted))
            .order_by(run_events.c.run_id, run_events.c.number)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        found: dict[str, list[RunEvent]] = {}
        for run_id, text in rows:
            if (event := _read(text)) is not None:
                found.setdefault(run_id, []).append(event)
        return {run_id: tuple(events) for run_id, events in found.items()}


def _read(text: str) -> RunEvent | None:
    """An event as it was stored. One of another version of the program, which we do not know, is left out."""
    try:
        return _adapter().validate_json(text)
    except ValidationError as error:
        logger().warning("event ignored", errors=error.error_count())
        return None


@cache
def _adapter() -> TypeAdapter[RunEvent]:
    return TypeAdapter(RunEvent)
