"""Tool calls: written before they are carried out, so that none is ever carried out twice."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from ..errors import NotFound
from ..types.value import Value
from . import runs
from .database import Database
from .once import insert_once
from .tables import tool_calls


class PastCall(Value):
    """A tool call that was begun before."""

    name: str
    code_hash: str
    """SHA-256 of the code that it was begun with, hexadecimal."""
    started_at: datetime
    ended_at: datetime | None
    outcome: dict[str, Any] | None
    """What came of it; `None` while it runs, and for ever if nobody could hear how it ended."""


class ToolCalls:
    """The tool calls of runs in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin_call(
        self, principal: str, run_id: str, call_id: str, name: str, code_hash: str
    ) -> PastCall | None:
        """Store that a call begins. None: it is yours to carry out, once. Else it was begun before.

        Of several that begin the same call at once, one gets None. Raises NotFound for a run that is
        not the principal's.
        """

        def work(connection: Connection) -> PastCall | None:
            runs.owned(connection, principal, run_id)
            row = {"run_id": run_id, "call_id": call_id, "name": name, "code_hash": code_hash}
            if insert_once(connection, tool_calls, row | {"started_at": datetime.now(UTC)}):
                return None
            return _past(connection, run_id, call_id)

        return await self._database.write(work)

    async def finish_call(
        self, principal: str, run_id: str, call_id: str, outcome: dict[str, Any]
    ) -> PastCall:
        """Store what came of a call, once: the first outcome stays. Raises NotFound if it was not begun."""

        def work(connection: Connection) -> PastCall:
            runs.owned(connection, principal, run_id)
            call = update(tool_calls).where(
                tool_calls.c.run_id == run_id,
                tool_calls.c.call_id == call_id,
                tool_calls.c.ended_at.is_(None),
            )
            connection.execute(call.values(outcome=outcome, ended_at=datetime.now(UTC)))
            return _past(connection, run_id, call_id)

        return await self._database.write(work)


def _past(connection: Connection, run_id: str, call_id: str) -> PastCall:
    columns = [tool_calls.c[name] for name in PastCall.model_fields]
    query = select(*columns).where(tool_calls.c.run_id == run_id, tool_calls.c.call_id == call_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"Run {run_id} has no tool call {call_id}.", run_id=run_id, call_id=call_id)
    return PastCall.model_validate(row._asdict())
