"""What became of questions, by quarter of an hour and by day: the sums that dashboards read.

A run is added when it begins, and how it ended when it ends, both by the time it began and in the transaction
in which it does. They stay when its chat is deleted: what happened, happened. What they mean is left to
`usage_views.py`.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from . import adding, call_sums, durations
from .call_sums import GRAINS, GRAINS_OF
from .money_tables import RUN_SUMS, run_sums

ENDS = {
    "answered": "answered",
    "abstained": "abstained",
    "failed": "failed",
    "stopped": "stopped",
    "interrupted": "stopped",
}
"""The column in which an end counts, by the status of the run."""


class Asked(NamedTuple):
    """A run, as sums take it."""

    principal_id: str
    started_at_us: int


def begin(connection: Connection, run: Asked) -> None:
    """Add a run that begins in this transaction."""
    call_sums.add_person(connection, *run)
    _add(connection, run, "runs")


def end(connection: Connection, run: Asked, status: str, ended_at_us: int) -> None:
    """Add how a run ended that ends in this transaction."""
    if status == "answered":
        milliseconds = (ended_at_us - run.started_at_us) // 1000
        day = run.started_at_us // GRAINS["day"]
        durations.add(connection, {("run", day, ""): durations.one(milliseconds)})
    _add(connection, run, ENDS[status])


def _add(connection: Connection, run: Asked, column: str) -> None:
    figures = [int(name == column) for name in RUN_SUMS] + [run.started_at_us]
    rows = {
        (grain, dimension, run.started_at_us // GRAINS[grain], name): figures
        for dimension, name in (("all", ""), ("principal", run.principal_id))
        for grain in GRAINS_OF[dimension]
    }
    adding.add(connection, run_sums, rows)
