"""Model calls of earlier answers, for those who estimate what the next one costs.

Only the latest calls are looked at, so that it takes as long with ten million of them. What they say about
the next question is worked out in `usage/estimates.py`.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Row, Select, func, select

from ..types.usage import TokenUsage
from .database import Database
from .tables import attempts, runs

OWN, EVERYONES = 1_000, 3_000
"""How many of the latest calls are looked at: of one person, of all."""
MOST = 50
"""How many answers are learnt from."""

_TOKENS = tuple(TokenUsage.model_fields)
_COUNTED = ("settled", "estimated")


class PastAnswer(NamedTuple):
    """An answer that a model gave, and the calls that it took."""

    calls: tuple[TokenUsage, ...]
    """In order; at least one."""
    agents: tuple[str, ...]
    notebook: str | None
    opened: bool
    """It was the first of its chat."""


class PastCalls:
    """The calls in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_of_chat(self, principal: str, chat: str) -> tuple[str, TokenUsage] | None:
        """The last call of a chat that a provider counted, and its `provider:model`; None: there is none."""
        query = (
            select(attempts)
            .where(attempts.c.chat_id == chat, attempts.c.principal_id == principal)
            .where(attempts.c.state.in_(_COUNTED), attempts.c.input_tokens > 0)
            .order_by(attempts.c.id.desc())
            .limit(1)
        )

        def work(connection: Connection) -> tuple[str, TokenUsage] | None:
            row = connection.execute(query).one_or_none()
            return None if row is None else (f"{row.provider}:{row.model}", _tokens(row))

        return await self._database.read(work)

    async def answers(
        self, provider: str, model: str, principal: str | None = None
    ) -> tuple[PastAnswer, ...]:
        """The latest answers of a model, newest first, at most `MOST`; to one person, or to all."""
        most = OWN if principal else EVERYONES

        def work(connection: Connection) -> tuple[PastAnswer, ...]:
            found = connection.execute(_calls(provider, model, principal, most)).all()
            by_run: dict[str, list[Row[tuple[object, ...]]]] = defaultdict(list)
            for row in found:
                by_run[row.run_id].insert(0, row)
            return _answers(connection, by_run)

        return await self._database.read(work)


def _calls(provider: str, model: str, principal: str | None, most: int) -> Select[tuple[object, ...]]:
    latest = select(attempts)
    if principal is not None:
        latest = latest.where(attempts.c.principal_id == principal)
    seen = latest.order_by(attempts.c.started_at.desc(), attempts.c.id.desc()).limit(most).subquery()
    return (
        select(seen)
        .where(seen.c.provider == provider, func.lower(seen.c.model) == model.lower())
        .where(seen.c.run_id.is_not(None), seen.c.state.in_(_COUNTED), seen.c.input_tokens.is_not(None))
        .order_by(seen.c.id.desc())
    )


def _answers(
    connection: Connection, by_run: dict[str, list[Row[tuple[object, ...]]]]
) -> tuple[PastAnswer, ...]:
    answered = connection.execute(
        select(runs.c.id, runs.c.chat_id, runs.c.agents, runs.c.notebook)
        .where(runs.c.id.in_(list(by_run)), runs.c.status == "answered")
        .order_by(runs.c.id.desc())
        .limit(MOST)
    ).all()
    firsts = set(
        connection.execute(
            select(func.min(runs.c.id))
            .where(runs.c.chat_id.in_({run.chat_id for run in answered}))
            .group_by(runs.c.chat_id)
        ).scalars()
    )
    return tuple(
        PastAnswer(_all(by_run[run.id]), tuple(run.agents), run.notebook, run.id in firsts)
        for run in answered
    )


def _all(rows: Sequence[Row[tuple[object, ...]]]) -> tuple[TokenUsage, ...]:
    return tuple(_tokens(row) for row in rows)


def _tokens(row: Row[tuple[object, ...]]) -> TokenUsage:
    found = row._mapping
    return TokenUsage(**{name: found[name] for name in _TOKENS if found[name] is not None})
