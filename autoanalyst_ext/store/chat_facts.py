"""What a list shows of each chat: how the last answer begins, who gave it where, and what all of it cost.

For the chats of one page, found by their ids; whose they are, was checked when the page was read.
"""

from collections.abc import Collection

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.selectable import ScalarSelect

from ..types.usage import usd
from ..types.value import Value
from .database import Database
from .sums import cost_columns, whole
from .tables import attempts, chats, messages, runs

SAID = 2_000
"""Characters of an answer's beginning."""


class ChatFacts(Value):
    """What a list shows of one chat."""

    said: str = ""
    """The beginning of the last answer, Markdown."""
    agents: tuple[str, ...] = ()
    """Of the last run."""
    notebook: str | None = None
    """Of the last run."""
    cost_usd: str | None = "0.00"
    """Of all its attempts; None where nothing had a price."""


class FactsOfChats:
    """The facts about chats in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, chat_ids: Collection[str]) -> dict[str, ChatFacts]:
        """The facts about each of these chats; one that is gone is not in it."""
        wanted = sorted(chat_ids)

        def work(connection: Connection) -> dict[str, ChatFacts]:
            costs = _costs(connection, wanted)
            query = (
                select(chats.c.id, _last_answer().label("said"), runs.c.agents, runs.c.notebook)
                .select_from(chats.outerjoin(runs, runs.c.id == _last_run()))
                .where(chats.c.id.in_(wanted))
            )
            return {
                row.id: ChatFacts(
                    said=row.said or "",
                    agents=tuple(row.agents or ()),
                    notebook=row.notebook,
                    cost_usd=costs.get(row.id, "0.00"),
                )
                for row in connection.execute(query)
            }

        return await self._database.read(work)


def _last_answer() -> ScalarSelect[str]:
    return (
        select(func.substr(messages.c.text, 1, SAID))
        .where(messages.c.chat_id == chats.c.id, messages.c.role == "analyst")
        .order_by(messages.c.id.desc())
        .limit(1)
        .correlate(chats)
        .scalar_subquery()
    )


def _last_run() -> ScalarSelect[str]:
    # An alias: the outer query joins `runs` itself.
    one = runs.alias()
    query = select(one.c.id).where(one.c.chat_id == chats.c.id).order_by(one.c.id.desc()).limit(1)
    return query.correlate(chats).scalar_subquery()


def _costs(connection: Connection, wanted: Collection[str]) -> dict[str, str | None]:
    """What chats cost; those that no model was called for are not in it."""
    query = (
        select(attempts.c.chat_id, *cost_columns())
        .where(attempts.c.chat_id.in_(wanted))
        .group_by(attempts.c.chat_id)
    )
    return {
        row.chat_id: None if row.unpriced and not row.priced else usd(whole(row.cost_high, row.cost_low))
        for row in connection.execute(query)
    }
