"""Histories: what a chat's model has been told and has said, as the agents' own JSON text.

It stands beside the messages that people read, because a model needs its tool calls as they were.
"""

from sqlalchemy import Connection, select, update

from .chats import owned
from .database import Database
from .tables import chats


class Histories:
    """The histories of chats in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, principal: str, chat_id: str) -> str | None:
        """The history of a chat; None before there is one. Raises NotFound."""

        def work(connection: Connection) -> str | None:
            owned(connection, principal, chat_id)
            found: str | None = connection.execute(
                select(chats.c.history).where(chats.c.id == chat_id)
            ).scalar_one()
            return found

        return await self._database.read(work)

    async def save(self, principal: str, chat_id: str, history: str) -> None:
        """Keep the history of a chat in place of the one before. Raises NotFound."""

        def work(connection: Connection) -> None:
            owned(connection, principal, chat_id)
            connection.execute(update(chats).where(chats.c.id == chat_id).values(history=history))

        await self._database.write(work)
