"""What one person used, summed up from their own calls and runs: by model, and how long things took."""

from collections import Counter
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Table, bindparam, select, type_coerce

from . import durations
from .buckets import bucket
from .call_sums import GRAINS
from .day_sums import Days
from .figures import Calls, added_up, of_calls
from .tables import attempts, runs

DAY_US = GRAINS["day"]


def models(connection: Connection, days: Days, principal: str) -> dict[str, Calls]:
    """By `provider:model`."""
    found = connection.execute(_MODELS, _of(days, principal)).all()
    return {f"{provider}:{model}": added_up(figures) for provider, model, *figures in found}


def models_took(connection: Connection, days: Days, principal: str) -> dict[str, int]:
    """By model, as counts of `durations`."""
    found = connection.execute(_MODELS_TOOK, _of(days, principal)).all()
    counts: dict[str, Counter[int]] = {}
    for provider, model, took in found:
        counts.setdefault(f"{provider}:{model}", Counter())[bucket(took)] += 1
    return {name: durations.of_buckets(of_one) for name, of_one in counts.items()}


def runs_took(connection: Connection, days: Days, principal: str) -> int:
    """The runs that answered, as counts of `durations`."""
    found = connection.execute(_RUNS_TOOK, _of(days, principal)).scalars()
    return durations.of_buckets(Counter(bucket(took // 1000) for took in found))


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
_RUNS_TOOK = select(
    type_coerce(runs.c.ended_at, BigInteger) - type_coerce(runs.c.started_at, BigInteger)
).where(runs.c.status == "answered", *_own(runs))
