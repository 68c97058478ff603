"""Whom and which chats budgets name. The budgets themselves are in `budgets.py`."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from .tables import chats, principals


def people_called(connection: Connection, name: str) -> tuple[str, ...]:
    """Ids of the people whose name, without where it is from, is this one."""
    known = connection.execute(select(principals.c.id).order_by(principals.c.id)).scalars()
    return tuple(person for person in known if person.partition(":")[2] == name)


def has_chat(connection: Connection, chat_id: str, principal: str | None) -> bool:
    """Whether there is this chat, and it is this person's (`None`: anybody's)."""
    query = select(chats.c.id).where(chats.c.id == chat_id)
    if principal is not None:
        query = query.where(chats.c.principal_id == principal)
    return connection.execute(query).one_or_none() is not None


def titles_of(connection: Connection, chat_ids: Collection[str], principal: str) -> dict[str, str]:
    """Titles, by their ids, of those chats that are this person's."""
    if not chat_ids:
        return {}
    query = select(chats.c.id, chats.c.title).where(
        chats.c.id.in_(chat_ids), chats.c.principal_id == principal
    )
    return {chat.id: chat.title for chat in connection.execute(query)}
