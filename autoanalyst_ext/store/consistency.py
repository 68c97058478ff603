"""Whether what is stored fits together: nothing without its parent, no figure that cannot be.

Foreign keys and transactions see to it. What is found here came from outside: a tool that was let loose on
the file, a copy of half of it, a damaged disk, or a bug of ours. Runs and model calls that a process left
open are `Runs`' and the ledger's to find, since it takes a look at processes.
"""

import json
from collections.abc import Iterator
from typing import Any, get_args

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Select,
    Text,
    and_,
    exists,
    func,
    inspect,
    null,
    or_,
    select,
    text,
    type_coerce,
    update,
)

from ..types.runs import RunStatus
from ..types.usage import AttemptState, TokenUsage
from ..types.value import Value
from . import ledger_faults
from .schema import metadata
from .tables import attempts, chats, feedback, messages, payloads, receipts, run_events, runs, steps

EXAMPLES = 3
"""So many ids are named for each kind of fault."""
DOCUMENTS = (chats.c.history, run_events.c.event, payloads.c.payload, receipts.c.receipt)
"""Columns of text that is JSON."""
_OPEN: tuple[RunStatus, ...] = ("running", "waiting")


class Fault(Value):
    """One kind of thing that does not fit, and where."""

    kind: str
    """Stable, for programs: `orphan:steps`."""
    words: str
    """What they are: `answers without the run that gave them`."""
    count: int
    examples: tuple[str, ...] = ()
    """Ids of some of them."""
    mendable: bool = False
    """Whether `mend` corrects it."""
    derived: bool = False
    """Whether it is a sum, which `rebuilding.py` makes anew."""


def missing(connection: Connection) -> tuple[str, ...]:
    """Tables, and columns of tables, that this schema has and the database lacks."""
    there = inspect(connection)
    names = set(there.get_table_names())
    lacking = [name for name in metadata.tables if name not in names]
    for name in sorted(names & set(metadata.tables)):
        found = {column["name"] for column in there.get_columns(name)}
        lacking += [f"{name}.{column.name}" for column in metadata.tables[name].c if column.name not in found]
    return tuple(lacking)


def damage(connection: Connection, *, quick: bool = False) -> tuple[str, ...]:
    """What SQLite itself finds wrong with the file, at most ten lines; nothing on PostgreSQL.

    `quick` leaves out that indexes and rows agree, which takes long in a large file.
    """
    if connection.dialect.name != "sqlite":
        return ()
    lines = connection.execute(text(f"PRAGMA {'quick' if quick else 'integrity'}_check(10)")).scalars()
    return tuple(str(line) for line in lines if line != "ok")


def faults(connection: Connection, *, quick: bool = False) -> tuple[Fault, ...]:
    """All that does not fit. The schema must be this program's.

    `quick` looks at the money of the last month only, which is all that grows large.
    """
    money = ledger_faults.searches(quick=quick)
    found = [_fault(connection, *each) for each in (*_orphans(), *_chats(), *_runs(), *_attempts(), *money)]
    return (*(fault for fault in found if fault.count), *_unreadable(connection))


def mend(connection: Connection) -> int:
    """Correct what follows from other rows alone: when chats were last active. Returns how many."""
    last = select(func.max(messages.c.created_at)).where(messages.c.chat_id == chats.c.id).scalar_subquery()
    late = update(chats).where(chats.c.active_at < last).values(active_at=last)
    return connection.execute(late).rowcount


Search = tuple[str, str, Select[Any]]
"""Kind, words, and the ids of what is wrong."""


def _fault(connection: Connection, kind: str, words: str, query: Select[Any]) -> Fault:
    count = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    some = connection.execute(query.limit(EXAMPLES)).scalars().all() if count else ()
    return Fault(
        kind=kind,
        words=words,
        count=count,
        examples=tuple(str(each) for each in some),
        mendable=kind == "chats:late",
        derived=kind.startswith("sums:"),
    )


def _orphans() -> Iterator[Search]:
    """Rows whose parent is not there, for each foreign key of the schema."""
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
            parent = key.column
            gone = key.parent.is_not(None) & ~exists().where(parent == key.parent)
            words = f"rows of '{table.name}' whose row in '{parent.table.name}' is not there"
            kind = f"orphan:{table.name}.{key.parent.name}"
            yield kind, words, select(next(iter(table.primary_key.columns))).where(gone)


def _chats() -> Iterator[Search]:
    said = exists().where(messages.c.chat_id == chats.c.id, messages.c.created_at > chats.c.active_at)
    yield (
        "chats:late",
        "chats that stand in the list before their last message",
        select(chats.c.id).where(said),
    )
    run = exists().where(runs.c.id == messages.c.run_id, runs.c.chat_id == messages.c.chat_id)
    yield (
        "messages:no_run",
        "answers without the run that gave them",
        select(messages.c.id).where(messages.c.role == "analyst", ~run),
    )
    yield (
        "feedback:rating",
        "ratings that are not 1 to 5 stars",
        select(feedback.c.message_id).where(~feedback.c.rating.between(1, 5)),
    )


def _runs() -> Iterator[Search]:
    ids, ended = select(runs.c.id), runs.c.ended_at.is_not(None)
    question = exists().where(messages.c.id == runs.c.question_id, messages.c.chat_id == runs.c.chat_id)
    yield "runs:no_question", "runs without their question", ids.where(~question)
    answer = exists().where(messages.c.run_id == runs.c.id, messages.c.role == "analyst")
    told = runs.c.status.in_(("answered", "abstained"))
    yield "runs:no_answer", "answered runs whose answer is not in the chat", ids.where(told, ~answer)
    stranger = exists().where(chats.c.id == runs.c.chat_id, chats.c.principal_id != runs.c.principal_id)
    yield "runs:principal", "runs of one person in a chat of another", ids.where(stranger)
    known = runs.c.status.in_(get_args(RunStatus))
    yield "runs:status", "runs in a state that does not exist", ids.where(~known)
    yield (
        "runs:end",
        "runs that have ended and are open at once, or neither",
        ids.where(known, ended == runs.c.status.in_(_OPEN)),
    )
    numbers = select(run_events.c.run_id).group_by(run_events.c.run_id)
    # From 1 without a gap; the primary key sees to it that none is there twice.
    whole = (func.min(run_events.c.number) == 1) & (func.max(run_events.c.number) == func.count())
    yield "run_events:gap", "runs that lack some of what they told", numbers.having(~whole)
    paid = exists().where(attempts.c.id == steps.c.attempt_id)
    yield (
        "steps:no_attempt",
        "runs with a step whose model call is not booked",
        select(steps.c.run_id).where(steps.c.attempt_id.is_not(None), ~paid).distinct(),
    )


def _attempts() -> Iterator[Search]:
    ids, at = select(attempts.c.id), attempts.c
    figures = (
        *(at[name] for name in TokenUsage.model_fields),
        at.cost_pusd,
        at.latency_ms,
        at.first_token_ms,
    )
    negative = or_(*(column < 0 for column in figures))
    yield "attempts:negative", "model calls with a figure below zero", ids.where(negative)
    more = or_(
        at.cache_read_tokens > at.input_tokens,
        at.cache_write_1h_tokens > at.cache_write_tokens,
        at.reasoning_tokens > at.output_tokens,
    )
    yield "attempts:parts", "model calls in which a part is more than the whole", ids.where(more)
    known = at.state.in_(get_args(AttemptState))
    yield "attempts:state", "model calls in a state that does not exist", ids.where(~known)
    yield (
        "attempts:end",
        "model calls that have ended and are open at once, or neither",
        ids.where(known, at.ended_at.is_not(None) == (at.state == "started")),
    )
    free = and_(at.cost_pusd.is_not(None), at.cost_pusd != 0)
    yield (
        "attempts:void",
        "model calls that were refused and yet cost something",
        ids.where(at.state == "void", free),
    )


def _unreadable(connection: Connection) -> Iterator[Fault]:
    """Documents that are no JSON. PostgreSQL sees to its JSON columns by itself."""
    columns: list[Column[Any]] = list(DOCUMENTS)
    if connection.dialect.name == "sqlite":
        columns += [
            each for table in metadata.sorted_tables for each in table.c if isinstance(each.type, JSON)
        ]
    for column in columns:
        row_id = next(iter(column.table.primary_key.columns))
        query = select(row_id, type_coerce(column, Text)).where(column.is_not(null()))
        rows = connection.execute(query.execution_options(yield_per=200))
        bad = [str(found) for found, document in rows if not _is_json(document)]
        if bad:
            words = f"rows of '{column.table.name}' whose {column.name} cannot be read"
            some = tuple(bad[:EXAMPLES])
            yield Fault(
                kind=f"unreadable:{column.table.name}.{column.name}",
                words=words,
                count=len(bad),
                examples=some,
            )


def _is_json(document: str) -> bool:
    try:
        json.loads(document)
    except ValueError:
        return False
    return True
