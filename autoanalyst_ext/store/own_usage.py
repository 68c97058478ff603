"""One person's own calls: of a chat, a notebook, a run or a period; summed up by what they are for.

It takes as long as that person has calls. What is told of it is left to `usage/own.py`.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Connection, func, select, type_coerce

from ..types.usage import TokenUsage
from .call_sums import GRAINS
from .columns import moment
from .database import Database
from .figures import Calls, added_up, of_calls
from .tables import attempts, chats, runs

Key = Literal["chat", "notebook", "agent", "model"]

QUARTER_US = GRAINS["quarter"]
_TOKENS = tuple(TokenUsage.model_fields)
_ENDED = attempts.c.state != "started"
_OFFLINE = "offline:"


class Which(NamedTuple):
    """Whose calls, and which of them."""

    principal: str
    chat: str | None = None
    notebook: str | None = None
    run: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Is not in it."""


class RealCall(NamedTuple):
    """A call that reached a provider."""

    run: str | None
    tokens: TokenUsage | None
    """None: the provider gave no figures."""
    cost_pusd: int | None


class OwnCalls:
    """The calls in a database, for who made them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def total(self, which: Which) -> Calls:
        """All of them together."""
        query = select(*of_calls()).where(*_calls(which))
        return await self._database.read(lambda connection: added_up(connection.execute(query).one()))

    async def by(self, key: Key, which: Which) -> dict[str, tuple[str, Calls]]:
        """Title and sum by name; a name is empty where there is none."""
        return await self._database.read(lambda connection: _by(connection, key, which))

    async def by_quarter(self, which: Which) -> list[tuple[datetime, Calls]]:
        """By quarter of an hour, which every time zone's days are made of; in order."""
        quarter = type_coerce(attempts.c.started_at, BigInteger) // QUARTER_US
        query = select(quarter.label("quarter"), *of_calls()).where(*_calls(which))
        whole = query.group_by("quarter").order_by("quarter")

        def work(connection: Connection) -> list[tuple[datetime, Calls]]:
            found = connection.execute(whole).all()
            return [(moment(number * QUARTER_US), added_up(figures)) for number, *figures in found]

        return await self._database.read(work)

    async def real(self, which: Which) -> list[RealCall]:
        """Those that another model might have been asked instead: sent, and to no model in this process."""
        c = attempts.c
        counts = [c[name] for name in _TOKENS]
        sent = c.state != "void", c.provider != _OFFLINE[:-1]
        query = select(c.run_id, c.cost_pusd, *counts).where(*_calls(which), *sent)
        return await self._database.read(
            lambda connection: [_real(*row) for row in connection.execute(query).all()]
        )

    async def answered(self, which: Which) -> tuple[frozenset[str], int]:
        """The runs that models answered, and how many questions the offline analyst did."""
        c = runs.c
        query = select(c.id, c.model).where(c.status == "answered", *_within(runs, which))
        for column, wanted in ((c.chat_id, which.chat), (c.notebook, which.notebook), (c.id, which.run)):
            if wanted is not None:
                query = query.where(column == wanted)
        found = await self._database.read(lambda connection: connection.execute(query).all())
        models = frozenset(row.id for row in found if not row.model.startswith(_OFFLINE))
        return models, len(found) - len(models)


def _real(run: str | None, cost: int | None, *counts: int | None) -> RealCall:
    known = {name: count for name, count in zip(_TOKENS, counts, strict=True) if count is not None}
    return RealCall(run, TokenUsage(**known) if known else None, cost)


def _within(table: Any, which: Which) -> Iterator[ColumnElement[bool]]:
    yield table.c.principal_id == which.principal
    if which.since is not None:
        yield table.c.started_at >= which.since
    if which.until is not None:
        yield table.c.started_at < which.until


def _calls(which: Which) -> Iterator[ColumnElement[bool]]:
    yield _ENDED
    yield from _within(attempts, which)
    c = attempts.c
    for column, wanted in ((c.chat_id, which.chat), (c.notebook, which.notebook), (c.run_id, which.run)):
        if wanted is not None:
            yield column == wanted


def _by(connection: Connection, key: Key, which: Which) -> dict[str, tuple[str, Calls]]:
    c = attempts.c
    columns: dict[Key, ColumnElement[str]] = {
        "chat": func.coalesce(c.chat_id, ""),
        "notebook": func.coalesce(c.notebook, ""),
        "agent": func.coalesce(c.agent, ""),
        "model": c.provider + ":" + c.model,
    }
    name = columns[key].label("name")
    query = select(name, *of_calls()).where(*_calls(which)).group_by("name")
    found = {each: added_up(figures) for each, *figures in connection.execute(query).all()}
    titles = _titles(connection, which.principal) if key == "chat" else {}
    return {each: (titles.get(each, "" if key == "chat" else each), calls) for each, calls in found.items()}


def _titles(connection: Connection, principal: str) -> dict[str, str]:
    query = select(chats.c.id, chats.c.title).where(chats.c.principal_id == principal)
    return {row.id: row.title for row in connection.execute(query)}
