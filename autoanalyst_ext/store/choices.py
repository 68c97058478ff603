"""Choices: which model a chat or a principal prefers, and how it is asked."""

from sqlalchemy import Connection, select, update

from ..types.runs import Choices
from . import principals as people
from .chats import owned
from .database import Database
from .tables import chats, principals


class ChoiceStore:
    """The choices of chats and principals in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_chat(self, principal: str, chat_id: str) -> Choices:
        """What a chat chose. Raises NotFound."""

        def work(connection: Connection) -> Choices:
            owned(connection, principal, chat_id)
            return _read(
                connection.execute(select(chats.c.choices).where(chats.c.id == chat_id)).scalar_one()
            )

        return await self._database.read(work)

    async def of_principal(self, principal: str) -> Choices:
        """What a principal chose for all chats that choose nothing."""
        query = select(principals.c.choices).where(principals.c.id == principal)
        return await self._database.read(
            lambda connection: _read(connection.execute(query).scalar_one_or_none())
        )

    async def choose_for_chat(self, principal: str, chat_id: str, choices: Choices) -> None:
        """Keep what a chat chooses, in place of what it chose before. Raises NotFound."""

        def work(connection: Connection) -> None:
            owned(connection, principal, chat_id)
            values = choices.model_dump(exclude_none=True)
            connection.execute(update(chats).where(chats.c.id == chat_id).values(choices=values))

        await self._database.write(work)

    async def choose_for_principal(self, principal: str, choices: Choices) -> None:
        """Keep what a principal chooses, in place of what it chose before."""

        def work(connection: Connection) -> None:
            people.ensure(connection, principal)
            values = choices.model_dump(exclude_none=True)
            connection.execute(update(principals).where(principals.c.id == principal).values(choices=values))

        await self._database.write(work)


def _read(stored: dict[str, object] | None) -> Choices:
    return Choices.model_validate(stored or {})
