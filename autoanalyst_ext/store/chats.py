"""Chats and messages. Every query takes the principal: another principal's chat is not found.

What a list shows beside a chat's title (its last run, what it cost) is in `chat_facts.py`.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, or_, select, tuple_, update

from ..errors import NotFound
from ..types.chats import Chat, Message, Role
from . import pages, principals
from .columns import micros, moment
from .database import Database
from .ids import new_id
from .tables import chats, messages
from .tables import principals as people

_CHAT = [chats.c[name] for name in Chat.model_fields]
"""Not all columns: a chat's history may be megabytes."""


class Chats:
    """The chats in a database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        """Where they are; what belongs to chats is there too."""

    async def create(self, principal: str, title: str) -> Chat:
        """A new, empty chat."""
        return await self.database.write(lambda connection: _created(connection, principal, title))

    async def find_or_create(self, principal: str, title: str) -> Chat:
        """The chat of exactly this title, the one with the newest activity; a new one where there is none.

        Several that ask for it at once, also in several processes, get the same one.
        """
        query = (
            select(*_CHAT)
            .where(chats.c.principal_id == principal, chats.c.title == title)
            .order_by(chats.c.active_at.desc(), chats.c.id.desc())
            .limit(1)
        )

        def work(connection: Connection) -> Chat:
            principals.ensure(connection, principal)
            # On PostgreSQL the next one waits here until this one's chat is there; SQLite has one writer.
            connection.execute(select(people.c.id).where(people.c.id == principal).with_for_update())
            row = connection.execute(query).one_or_none()
            return _created(connection, principal, title) if row is None else _chat(row)

        return await self.database.write(work)

    async def get(self, principal: str, chat_id: str) -> Chat:
        """One chat; raises NotFound."""
        return _chat(await self.database.read(lambda connection: owned(connection, principal, chat_id)))

    async def list(
        self, principal: str, *, limit: int = 50, cursor: str | None = None, search: str = ""
    ) -> tuple[tuple[Chat, ...], str | None]:
        """A page of the chats that something was said in, and the cursor of the next (None on the last).

        Newest activity first. `search`: only those with this text in their title, in any letter case.
        Raises BadRequest for a cursor that is not ours.
        """
        size = pages.clamped(limit)
        query = page_query(principal, size=size, cursor=cursor, search=search)
        rows = await self.database.read(lambda connection: connection.execute(query).all())
        found = tuple(_chat(row) for row in rows[:size])
        return found, pages.cursor(micros(found[-1].active_at), found[-1].id) if len(rows) > size else None

    async def rename(self, principal: str, chat_id: str, title: str) -> Chat:
        """Give a chat another title; its place in the list stays. Raises NotFound."""

        def work(connection: Connection) -> Chat:
            owned(connection, principal, chat_id)
            connection.execute(update(chats).where(chats.c.id == chat_id).values(title=title))
            return _chat(owned(connection, principal, chat_id))

        return await self.database.write(work)

    async def delete(self, principal: str, chat_id: str) -> Chat:
        """Delete a chat with all that is in it; what was paid for it stays booked. Raises NotFound."""

        def work(connection: Connection) -> Chat:
            chat = _chat(owned(connection, principal, chat_id))
            # Messages, runs and what belongs to them go with it, by their foreign keys.
            connection.execute(delete(chats).where(chats.c.id == chat_id))
            return chat

        return await self.database.write(work)

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

        return await self.database.write(work)

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

        found = await self.database.read(work)
        page = tuple(reversed(found[:size]))
        return page, pages.cursor(page[0].id) if len(found) > size else None

    async def answered(self, principal: str, chat_id: str, run_ids: Collection[str]) -> frozenset[str]:
        """Those of the runs that have written their answer into the chat. Raises NotFound."""
        query = select(messages.c.run_id).where(
            messages.c.chat_id == chat_id, messages.c.run_id.in_(sorted(run_ids))
        )

        def work(connection: Connection) -> frozenset[str]:
            owned(connection, principal, chat_id)
            return frozenset(connection.execute(query).scalars())

        return await self.database.read(work)


def page_query(
    principal: str, *, size: int, cursor: str | None = None, search: str = ""
) -> Select[tuple[object, ...]]:
    """The query of a page of `size` chats, and of one more, which says whether another page follows."""
    # A question that was refused leaves a chat in which nothing was said.
    has_message = select(messages.c.id).where(messages.c.chat_id == chats.c.id).exists()
    query = select(*_CHAT).where(chats.c.principal_id == principal, has_message)
    if cursor is not None:
        active_at, chat_id = pages.position(cursor, int, str)
        query = query.where(tuple_(chats.c.active_at, chats.c.id) < (moment(int(active_at)), chat_id))
    if search.strip():
        query = query.where(_titled(search.strip()))
    return query.order_by(chats.c.active_at.desc(), chats.c.id.desc()).limit(size + 1)


def owned(connection: Connection, principal: str, chat_id: str) -> Row[tuple[object, ...]]:
    """The row of a chat if it is the principal's; raises NotFound."""
    query = select(*_CHAT).where(chats.c.id == chat_id, chats.c.principal_id == principal)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no chat {chat_id}, or it is not yours.", chat_id=chat_id)
    return row


def _created(connection: Connection, principal: str, title: str) -> Chat:
    principals.ensure(connection, principal)
    now = datetime.now(UTC)
    chat = Chat(id=new_id(), title=title, created_at=now, active_at=now)
    connection.execute(chats.insert().values(principal_id=principal, **chat.model_dump()))
    return _chat(owned(connection, principal, chat.id))


def _titled(search: str) -> ColumnElement[bool]:
    """Whether a title has this text. SQLite knows the cases of ASCII alone, so the others are spelled out."""
    spellings = (
        {search, search.lower(), search.upper(), search.capitalize()} if not search.isascii() else {search}
    )
    return or_(*(chats.c.title.icontains(spelling, autoescape=True) for spelling in sorted(spellings)))


def _chat(row: Row[tuple[object, ...]]) -> Chat:
    return Chat.model_validate(row._asdict())
