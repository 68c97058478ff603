"""Payloads: what a run's model calls sent, to be shown to who asked.

Of each agent the last call is kept: it has all that the ones before it sent, too. It goes with its run.
"""

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from ..types.panel import Sent, SentCall
from .database import Database
from .runs import owned
from .tables import payloads, runs


class Payloads:
    """The payloads in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, run_id: str, agent: str, call: SentCall) -> None:
        """Keep a call in place of the last one of this run and agent; nothing for a run that is deleted."""
        change = {"attempt_id": call.attempt_id, "payload": call.model_dump_json()}

        def work(connection: Connection) -> None:
            if connection.execute(select(runs.c.id).where(runs.c.id == run_id)).one_or_none() is None:
                return  # its chat was deleted while it was answered
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            row = {"run_id": run_id, "agent": agent, **change}
            key = list(payloads.primary_key)
            connection.execute(
                insert(payloads).values(row).on_conflict_do_update(index_elements=key, set_=change)
            )

        await self._database.write(work)

    async def of_run(self, principal: str, run_id: str) -> Sent:
        """The calls of a run, in the order in which they were sent. Raises NotFound."""
        query = select(payloads.c.payload).where(payloads.c.run_id == run_id).order_by(payloads.c.attempt_id)

        def work(connection: Connection) -> list[str]:
            owned(connection, principal, run_id)
            return list(connection.execute(query).scalars())

        texts = await self._database.read(work)
        return Sent(calls=tuple(SentCall.model_validate_json(text) for text in texts))
