"""Runs and their steps: what was asked for, how far it came, how it ended.

Tool calls of a run are in `tool_calls.py`, its model calls in `attempts.py`, what it said in `run_events.py`.
"""

import json
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from ..errors import NotFound
from ..types.runs import Answer, EgressLevel, Mode, RunStatus
from ..types.value import Value
from . import chats, run_sums
from .attempts import Owner
from .columns import micros
from .database import Database
from .ids import new_id
from .run_sums import Asked
from .tables import runs, steps

GONE = "process_ended"
"""`error_code` of a run whose process ended before it did."""
LONGEST = timedelta(days=2)
"""No run takes that long, by its limits: one that is still open then was left behind, wherever it was."""


class NewRun(Value):
    """What a run is started with."""

    chat_id: str
    question_id: str | None
    """The user's message that it answers."""
    agents: tuple[str, ...]
    model: str
    """`provider:model`."""
    mode: Mode
    egress_level: EgressLevel
    id: str | None = None
    """Given ahead; None: made when it is stored."""
    notebook: str | None = None
    """Path of the notebook, where a panel asked."""
    owner: Owner | None = None
    """The process that it runs in; None in runs of earlier versions."""


class Run(NewRun):
    """A run as it is stored."""

    id: str
    status: RunStatus
    started_at: datetime
    ended_at: datetime | None
    answer: Answer | None
    error_code: str | None


class Step(Value):
    """One model call of a run and what it said."""

    number: int
    """1-based."""
    agent: str
    attempt_id: str | None
    text: str
    started_at: datetime
    ended_at: datetime | None


class Runs:
    """The runs in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, principal: str, run: NewRun) -> Run:
        """Store a run that begins now. Raises NotFound when the chat is not the principal's."""
        run_id = run.id or new_id()
        of_owner = {} if run.owner is None else run.owner.model_dump()
        row = {
            **run.model_dump(mode="json", exclude={"owner"}),
            **{f"owner_{name}": value for name, value in of_owner.items()},
            "id": run_id,
            "status": "running",
        }

        def work(connection: Connection) -> Run:
            chats.owned(connection, principal, run.chat_id)
            now = datetime.now(UTC)
            values = {**row, "principal_id": principal, "started_at": now}
            connection.execute(runs.insert().values(values))
            run_sums.begin(connection, Asked(principal, micros(now)))
            return _run(owned(connection, principal, run_id))

        return await self._database.write(work)

    async def get(self, principal: str, run_id: str) -> Run:
        """One run; raises NotFound."""
        return _run(await self._database.read(lambda connection: owned(connection, principal, run_id)))

    async def of_chat(self, principal: str, chat_id: str) -> tuple[Run, ...]:
        """All runs of a chat, oldest first. Raises NotFound."""
        query = select(runs).where(runs.c.chat_id == chat_id).order_by(runs.c.id)

        def work(connection: Connection) -> tuple[Run, ...]:
            chats.owned(connection, principal, chat_id)
            return tuple(_run(row) for row in connection.execute(query))

        return await self._database.read(work)

    async def of_ids(self, principal: str, run_ids: Collection[str]) -> dict[str, Run]:
        """Those of these runs that are the principal's, by id."""
        return await self._found(runs.c.principal_id == principal, runs.c.id.in_(sorted(run_ids)))

    async def of_questions(
        self, principal: str, chat_id: str, question_ids: Collection[str]
    ) -> dict[str, Run]:
        """The runs that these messages of a chat began, by the message's id; the last one of each."""
        found = await self._found(
            runs.c.principal_id == principal,
            runs.c.chat_id == chat_id,
            runs.c.question_id.in_(sorted(question_ids)),
        )
        return {run.question_id: run for run in found.values() if run.question_id is not None}

    async def open(self, chat_id: str | None = None) -> tuple[Run, ...]:
        """The runs that have not ended, of all principals and processes; or those of one chat."""
        in_chat = () if chat_id is None else (runs.c.chat_id == chat_id,)
        return tuple((await self._found(runs.c.ended_at.is_(None), *in_chat)).values())

    async def recover(self, is_gone: Callable[[Owner], bool]) -> int:
        """Close the open runs of processes that are gone, as interrupted; returns how many.

        `is_gone` tells it of a process. One of an unknown process is closed when it has lasted `LONGEST`.
        """
        return sum([await self._interrupt(run.id) for run in await self.left_behind(is_gone)])

    async def left_behind(self, is_gone: Callable[[Owner], bool]) -> tuple[Run, ...]:
        """The runs that `recover` would close."""
        return tuple(
            run
            for run in await self.open()
            if datetime.now(UTC) - run.started_at > LONGEST or (run.owner is not None and is_gone(run.owner))
        )

    async def asks(self, principal: str, run_id: str, model: str) -> None:
        """Store that a run goes on with another model than it began with. Raises NotFound."""

        def work(connection: Connection) -> None:
            owned(connection, principal, run_id)
            connection.execute(update(runs).where(runs.c.id == run_id).values(model=model))

        await self._database.write(work)

    async def finish(
        self,
        principal: str,
        run_id: str,
        status: RunStatus,
        *,
        answer: Answer | None = None,
        error_code: str | None = None,
    ) -> Run:
        """Store how a run ended, once: a run that has ended stays as it is. Raises NotFound."""
        # By way of JSON text, which writes NaN and infinities as null; PostgreSQL refuses them.
        stored = None if answer is None else json.loads(answer.model_dump_json())
        change = {"status": status, "answer": stored, "error_code": error_code}

        def work(connection: Connection) -> Run:
            owned(connection, principal, run_id)
            _end(connection, run_id, change)
            return _run(owned(connection, principal, run_id))

        return await self._database.write(work)

    async def start_step(self, principal: str, run_id: str, number: int, agent: str) -> None:
        """Store that step `number` begins. Raises NotFound when the run is not the principal's."""

        def work(connection: Connection) -> None:
            owned(connection, principal, run_id)
            values = {"run_id": run_id, "number": number, "agent": agent, "text": ""}
            connection.execute(steps.insert().values(values | {"started_at": datetime.now(UTC)}))

        await self._database.write(work)

    async def finish_step(
        self, principal: str, run_id: str, number: int, *, text: str, attempt_id: str | None = None
    ) -> None:
        """Store what a step said and the attempt it was paid by. Raises NotFound."""

        def work(connection: Connection) -> None:
            owned(connection, principal, run_id)
            step = update(steps).where(steps.c.run_id == run_id, steps.c.number == number)
            change = {"text": text, "attempt_id": attempt_id, "ended_at": datetime.now(UTC)}
            if connection.execute(step.values(change)).rowcount == 0:
                raise NotFound(f"Run {run_id} has no step {number}.", run_id=run_id, step=number)

        await self._database.write(work)

    async def steps(self, principal: str, run_id: str) -> tuple[Step, ...]:
        """The steps of a run in order. Raises NotFound."""
        columns = [steps.c[name] for name in Step.model_fields]
        query = select(*columns).where(steps.c.run_id == run_id).order_by(steps.c.number)

        def work(connection: Connection) -> tuple[Step, ...]:
            owned(connection, principal, run_id)
            return tuple(Step.model_validate(row._asdict()) for row in connection.execute(query))

        return await self._database.read(work)

    async def _found(self, *conditions: ColumnElement[bool]) -> dict[str, Run]:
        query = select(runs).where(*conditions).order_by(runs.c.id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.id: _run(row) for row in rows}

    async def _interrupt(self, run_id: str) -> bool:
        change = {"status": "interrupted", "error_code": GONE}
        return await self._database.write(lambda connection: _end(connection, run_id, change))


def _end(connection: Connection, run_id: str, change: dict[str, Any]) -> bool:
    """End a run that is still open; its own process, or another, may have ended it in this moment."""
    now = datetime.now(UTC)
    still_open = update(runs).where(runs.c.id == run_id, runs.c.ended_at.is_(None))
    ended = still_open.values(**change, ended_at=now).returning(runs.c.principal_id, runs.c.started_at)
    run = connection.execute(ended).one_or_none()
    if run is None:
        return False
    asked = Asked(run.principal_id, micros(run.started_at))
    run_sums.end(connection, asked, change["status"], micros(now))
    return True


def owned(connection: Connection, principal: str, run_id: str) -> Row[tuple[object, ...]]:
    """The row of a run if it is the principal's; raises NotFound."""
    query = select(runs).where(runs.c.id == run_id, runs.c.principal_id == principal)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no run {run_id}, or it is not yours.", run_id=run_id)
    return row


def _run(row: Row[tuple[object, ...]]) -> Run:
    plain: dict[str, Any] = {name: row._mapping[name] for name in Run.model_fields if name != "owner"}
    owner = {name: row._mapping[f"owner_{name}"] for name in Owner.model_fields}
    known = all(value is not None for value in owner.values())
    return Run(**plain, owner=Owner(**owner) if known else None)
