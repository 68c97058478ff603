"""Feedback: what people think of answers. One per answer; the newest stands."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from ..errors import NotFound
from ..types.panel import Feedback
from .database import Database
from .tables import chats, feedback, messages


class FeedbackStore:
    """The feedback in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(self, principal: str, message_id: str, given: Feedback) -> Feedback:
        """Keep what a person thinks of an answer, in place of what they thought before.

        Raises NotFound for what is no answer in a chat of theirs.
        """

        def work(connection: Connection) -> None:
            _check(connection, principal, message_id)
            values = given.model_dump() | {"given_at": datetime.now(UTC)}
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            row = insert(feedback).values(values | {"message_id": message_id})
            connection.execute(row.on_conflict_do_update(index_elements=[feedback.c.message_id], set_=values))

        await self._database.write(work)
        return given

    async def of_messages(self, message_ids: Collection[str]) -> dict[str, Feedback]:
        """The feedback on these messages. For who owns them: a door asks `Chats.messages` first."""
        query = select(feedback).where(feedback.c.message_id.in_(sorted(message_ids)))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.message_id: Feedback(rating=row.rating, comment=row.comment) for row in rows}


def _check(connection: Connection, principal: str, message_id: str) -> None:
    query = (
        select(messages.c.id)
        .join(chats, chats.c.id == messages.c.chat_id)
        .where(messages.c.id == message_id, messages.c.role == "analyst", chats.c.principal_id == principal)
    )
    if connection.execute(query).one_or_none() is None:
        raise NotFound(f"There is no answer {message_id}, or it is not yours.", message_id=message_id)
