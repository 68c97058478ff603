"""What one person used, summed up from their own calls and runs: by model, and how long things took."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Table, bindparam, select, type_coerce

from . import durations
from .call_sums import GRAINS
from .columns import micros
from .day_sums import Days
from .figures import Calls, added_up, of_calls
from .tables import attempts, runs

DAY_US = GRAINS["day"]


def models(connection: Connection, days: Days, principal: str) -> dict[str, Calls]:
    """By `provider:model`."""
    found = connection.execute(_MODELS, _of(days, principal)).all()
    return {f"{provider}:{model}": added_up(figures) for provider, model, *figures in found}


def models_took(connection: Connection, days: Days, principal: str) -> Iterator[tuple[str, int]]:
    """Model and the count of one duration."""
    found = connection.execute(_MODELS_TOOK, _of(days, principal)).all()
    return ((f"{provider}:{model}", durations.one(took)) for provider, model, took in found)


def runs_took(connection: Connection, days: Days, principal: str) -> Iterator[tuple[int, int]]:
    """Day and the count of one duration, of runs that answered."""
    found = connection.execute(_RUNS_TOOK, _of(days, principal)).all()
    for began, ended in found:
        yield micros(began) // DAY_US, durations.one((micros(ended) - micros(began)) // 1000)


def _of(days: Days, principal: str) -> dict[str, Any]:
    return {"principal": principal, "begin": days.first * DAY_US, "end": (days.last + 1) * DAY_US}


def _own(table: Table) -> list[ColumnElement[bool]]:
    began = type_coerce(table.c.started_at, BigInteger)
    own = table.c.principal_id == bindparam("principal")
    return [own, began >= bindparam("begin"), began < bindparam("end")]


_ENDED = attempts.c.state != "started"
_MODELS = (
    select(attempts.c.provider, attempts.c.model, *of_calls())
    .where(_ENDED, *_own(attempts))
    .group_by(attempts.c.provider, attempts.c.model)
)
_MODELS_TOOK = select(attempts.c.provider, attempts.c.model, attempts.c.latency_ms).where(
    _ENDED, attempts.c.latency_ms.is_not(None), *_own(attempts)
)
_RUNS_TOOK = select(runs.c.started_at, runs.c.ended_at).where(runs.c.status == "answered", *_own(runs))
