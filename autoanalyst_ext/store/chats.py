"""Chats and messages. Every query takes the principal: another principal's chat is not found."""

from datetime import UTC, datetime

from sqlalchemy import Connection, Row, select, tuple_, update

from ..errors import NotFound
from ..types.chats import Chat, Message, Role
from . import pages, principals
from .columns import micros, moment
from .database import Database
from .ids import new_id
from .tables import chats, messages


class Chats:
    """The chats in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, principal: str, title: str) -> Chat:
        """A new, empty chat."""
        now = datetime.now(UTC)
        chat = Chat(id=new_id(), title=title, created_at=now, active_at=now)

        def work(connection: Connection) -> Chat:
            principals.ensure(connection, principal)
            connection.execute(chats.insert().values(principal_id=principal, **chat.model_dump()))
            return _chat(owned(connection, principal, chat.id))

        return await self._database.write(work)

    async def get(self, principal: str, chat_id: str) -> Chat:
        """One chat; raises NotFound."""
        return _chat(await self._database.read(lambda connection: owned(connection, principal, chat_id)))

    async def find(self, principal: str, title: str) -> Chat | None:
        """The chat of exactly this title, the one with the newest activity; None where there is none."""
        query = (
            select(chats)
            .where(chats.c.principal_id == principal, chats.c.title == title)
            .order_by(chats.c.active_at.desc(), chats.c.id.desc())
            .limit(1)
        )
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else _chat(row)

    async def list(
        self, principal: str, *, limit: int = 50, cursor: str | None = None
    ) -> tuple[tuple[Chat, ...], str | None]:
        """A page of chats, newest activity first, and the cursor of the next page (None on the last).

        Raises BadRequest for a cursor that is not ours.
        """
        size = pages.clamped(limit)
        query = (
            select(chats)
            .where(chats.c.principal_id == principal)
            .order_by(chats.c.active_at.desc(), chats.c.id.desc())
            .limit(size + 1)
        )
        if cursor is not None:
            active_at, chat_id = pages.position(cursor, int, str)
            query = query.where(tuple_(chats.c.active_at, chats.c.id) < (moment(int(active_at)), chat_id))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        found = tuple(_chat(row) for row in rows[:size])
        return found, pages.cursor(micros(found[-1].active_at), found[-1].id) if len(rows) > size else None

    async def rename(self, principal: str, chat_id: str, title: str) -> Chat:
        """Give a chat another title; its place in the list stays. Raises NotFound."""

        def work(connection: Connection) -> Chat:
            owned(connection, principal, chat_id)
            connection.execute(update(chats).where(chats.c.id == chat_id).values(title=title))
            return _chat(owned(connection, principal, chat_id))

        return await self._database.write(work)

    async def append(
        self, principal: str, chat_id: str, role: Role, text: str, *, run_id: str | None = None
    ) -> Message:
        """Add a message; the chat moves to the top of the list. Raises NotFound."""

        def work(connection: Connection) -> Message:
            owned(connection, principal, chat_id)
            # Ids are made in here, where writes of one process follow each other: their order is the order.
            now = datetime.now(UTC)
            message = {"id": new_id(), "chat_id": chat_id, "role": role, "text": text, "run_id": run_id}
            row = connection.execute(
                messages.insert().values(**message, created_at=now).returning(*messages.c)
            ).one()
            connection.execute(update(chats).where(chats.c.id == chat_id).values(active_at=now))
            return Message.model_validate(row._asdict())

        return await self._database.write(work)

    async def messages(
        self, principal: str, chat_id: str, *, limit: int = 100, cursor: str | None = None
    ) -> tuple[tuple[Message, ...], str | None]:
        """The last messages of a chat, oldest first, and the cursor of the ones before (None at the start).

        Raises NotFound, and BadRequest for a cursor that is not ours.
        """
        size = pages.clamped(limit)
        query = select(messages).where(messages.c.chat_id == chat_id)
        query = query.order_by(messages.c.id.desc()).limit(size + 1)
        if cursor is not None:
            (before,) = pages.position(cursor, str)
            query = query.where(messages.c.id < before)

        def work(connection: Connection) -> list[Message]:
            owned(connection, principal, chat_id)
            return [Message.model_validate(row._asdict()) for row in connection.execute(query)]

        found = await self._database.read(work)
        page = tuple(reversed(found[:size]))
        return page, pages.cursor(page[0].id) if len(found) > size else None


def owned(connection: Connection, principal: str, chat_id: str) -> Row[tuple[object, ...]]:
    """The row of a chat if it is the principal's; raises NotFound."""
    query = select(chats).where(chats.c.id == chat_id, chats.c.principal_id == principal)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no chat {chat_id}, or it is not yours.", chat_id=chat_id)
    return row


def _chat(row: Row[tuple[object, ...]]) -> Chat:
    return Chat.model_validate({name: row._mapping[name] for name in Chat.model_fields})
