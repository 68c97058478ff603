"""Attempts that are under way: opened, checkpointed and closed, many in one statement.

All functions work inside the caller's transaction. What a call costs, and whether it may be made, is worked
out in `usage/`; how an attempt is read is in `attempts.py`.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, select

from ..types.usage import AttemptState, TokenUsage
from . import bulk
from .accounts import Hold, open_holds
from .attempts import NewAttempt, Owner
from .columns import CleanText, micros
from .tables import attempts

_TOKENS = tuple(TokenUsage.model_fields)
_NEW = (
    *("id", "state", "started_at", "seen_at", "unit_prices", "price_source", "held_pusd"),
    *NewAttempt.model_fields,
    *("owner_pid", "owner_start", "owner_boot"),
)
_CLOSE = (
    "UPDATE attempts SET state = ?, ended_at = ?, cost_pusd = ?, unit_prices = ?, price_source = ?, "  # noqa: S608
    "model_answered = ?, error_code = ?, latency_ms = ?, first_token_ms = COALESCE(?, first_token_ms), "
    + ", ".join(f"{name} = COALESCE(?, {name})" for name in _TOKENS)
    + " WHERE id = ? AND state = 'started'"
)
_CHECKPOINT = (
    "UPDATE attempts SET seen_at = ?, first_token_ms = COALESCE(?, first_token_ms), "  # noqa: S608
    + ", ".join(f"{name} = ?" for name in _TOKENS)
    + " WHERE id = ? AND state = 'started'"
)
_clean = CleanText()


class UnderWay(NamedTuple):
    """What is known of a call that is under way."""

    id: str
    call: NewAttempt
    started_at: datetime
    tokens: TokenUsage | None
    """As they were checkpointed; None: nothing was received yet."""
    first_token_ms: int | None
    holds: tuple[Hold, ...] = ()


class Opening(NamedTuple):
    """A call that is about to be sent, as it is stored."""

    under_way: UnderWay
    unit_prices: str | None
    """JSON text: dollars per million tokens of each kind."""
    price_source: str | None


class Checkpoint(NamedTuple):
    """What is known so far of a call."""

    attempt_id: str
    tokens: TokenUsage
    at: datetime
    first_token_ms: int | None


class Closing(NamedTuple):
    """How a call ended, as it is stored. Tokens and times that are None stay as they were checkpointed."""

    attempt_id: str
    state: AttemptState
    at: datetime
    tokens: TokenUsage | None
    cost_pusd: int | None
    unit_prices: str | None
    """JSON text: dollars per million tokens of each kind."""
    price_source: str | None
    model_answered: str | None
    error_code: str | None
    first_token_ms: int | None
    latency_ms: int | None


class Ended(NamedTuple):
    """A call that has ended already."""

    cost_pusd: int | None


def insert(connection: Connection, opened: Iterable[Opening], owner: Owner) -> None:
    """Store calls as started."""
    bulk.insert(connection, attempts, _NEW, [_row(one, owner) for one in opened])


def checkpoint(connection: Connection, known: Iterable[Checkpoint]) -> int:
    """Store what is known of calls under way; of one that has ended, nothing changes.

    Returns how many were under way.
    """
    rows = [(micros(one.at), one.first_token_ms, *_counts(one.tokens), one.attempt_id) for one in known]
    return bulk.run(connection, _CHECKPOINT, rows)


def close(connection: Connection, ended: Iterable[Closing]) -> int:
    """End calls; returns how many were under way until now."""
    rows = [
        (
            *(one.state, micros(one.at), one.cost_pusd, one.unit_prices, one.price_source),
            *(one.model_answered, one.error_code, one.latency_ms, one.first_token_ms),
            *(_counts(one.tokens) if one.tokens is not None else (None,) * len(_TOKENS)),
            one.attempt_id,
        )
        for one in ended
    ]
    return bulk.run(connection, _CLOSE, rows)


def find(connection: Connection, ids: Collection[str]) -> dict[str, UnderWay | Ended]:
    """What is stored of these calls; those that are under way are locked until the transaction ends."""
    query = select(attempts).where(attempts.c.id.in_(sorted(ids))).order_by(attempts.c.id).with_for_update()
    rows = connection.execute(query).mappings().all()
    holds = open_holds(connection, [row["id"] for row in rows if row["state"] == "started"])
    return {row["id"]: _found(row, holds.get(row["id"], [])) for row in rows}


def _found(row: RowMapping, holds: Collection[Hold]) -> UnderWay | Ended:
    if row["state"] != "started":
        return Ended(row["cost_pusd"])
    counts = {name: row[name] for name in _TOKENS if row[name] is not None}
    return UnderWay(
        id=row["id"],
        call=NewAttempt(**{name: row[name] for name in NewAttempt.model_fields}),
        started_at=row["started_at"],
        tokens=TokenUsage(**counts) if counts else None,
        first_token_ms=row["first_token_ms"],
        holds=tuple(holds),
    )


def _row(one: Opening, owner: Owner) -> tuple[Any, ...]:
    call, started = one.under_way.call, micros(one.under_way.started_at)
    held = sum(hold.amount for hold in one.under_way.holds) if one.under_way.holds else None
    values = dict(call.__dict__)
    if call.notebook is not None:
        values["notebook"] = _clean.process_bind_param(call.notebook, None)
    return (
        *(one.under_way.id, "started", started, started, one.unit_prices, one.price_source, held),
        *values.values(),
        *(owner.pid, owner.start, owner.boot),
    )


def _counts(tokens: TokenUsage) -> tuple[int, ...]:
    return tuple(tokens.__dict__.values())
