"""Making the sums again from what they sum up, in one transaction that says what was wrong.

Attempts are never deleted, so sums of calls come out as they must be. Runs go with their chats: sums of runs
are raised to what is there and never lowered, and somebody who only asked in a chat that is deleted still
counts as a person of that day.
"""

from collections import Counter

from sqlalchemy import Connection, MetaData, Table, text

from ..types.value import Value
from . import durations
from .call_sums import GRAINS, GRAINS_OF
from .money_tables import CALL_SUMS, RUN_SUMS, call_sums, run_sums

ENDED = "state <> 'started'"
"""The attempts that are summed up."""
NAMES = {
    "principal": "principal_id",
    "model": "provider || ':' || model",
    "agent": "COALESCE(agent, '')",
}
"""What a dimension of `call_sums` calls an attempt. (`all` are those of all agents.)"""
CALL_COLUMNS = (
    "COUNT(*)",
    "COUNT(CASE WHEN state <> 'void' AND cost_pusd IS NOT NULL THEN 1 END)",
    "COUNT(CASE WHEN state <> 'void' AND cost_pusd IS NULL THEN 1 END)",
    "COUNT(CASE WHEN state = 'estimated' THEN 1 END)",
    "COUNT(error_code)",
    *(f"COALESCE(SUM({name}), 0)" for name in CALL_SUMS[5:]),
)
"""The figures of `call_sums`, over attempts."""
RUN_COLUMNS = (
    "COUNT(*)",
    *(f"COUNT(CASE WHEN status = '{name}' THEN 1 END)" for name in RUN_SUMS[1:-1]),
    "COUNT(CASE WHEN status IN ('stopped', 'interrupted') THEN 1 END)",
)
"""The figures of `run_sums`, over runs."""
_KEY = "grain, dimension, start, name"


class Rebuilt(Value):
    """How many sums of each kind were wrong, missing, or too many, and are right now."""

    calls: int
    runs: int
    durations: int

    @property
    def total(self) -> int:
        """Of all kinds."""
        return self.calls + self.runs + self.durations


def rebuild(connection: Connection) -> Rebuilt:
    """Make all sums again; nothing is written where they are right."""
    return Rebuilt(calls=_calls(connection), runs=_runs(connection), durations=_durations(connection))


class _Fresh:
    """A table of sums that is made anew beside the one that is stored, and then compared with it."""

    def __init__(self, connection: Connection, stored: Table, figures: tuple[str, ...]) -> None:
        self._connection = connection
        self._stored, self._figures = stored.name, figures
        self._table = stored.to_metadata(MetaData(), name=f"fresh_{stored.name}")
        self._table._prefixes = ["TEMPORARY"]
        self.name = self._table.name
        self._table.create(connection)

    def fill(self, rows: str, *, highest: tuple[str, ...] = ("active_at",)) -> None:
        """Put in what a query gives; of rows that are there, these columns become the higher of both."""
        more = "GREATEST" if self._connection.dialect.name == "postgresql" else "MAX"
        changes = ", ".join(f"{name} = {more}({self.name}.{name}, excluded.{name})" for name in highest)
        self._connection.execute(
            text(f"INSERT INTO {self.name} {rows} ON CONFLICT ({_KEY}) DO UPDATE SET {changes}")
        )

    def sum_up(self, dimension: str, grain: str, into: tuple[str, str], name: str = "name") -> None:
        """Sum up the quarters of a dimension in another grain."""
        sums = ", ".join(f"SUM({figure})" for figure in self._figures)
        start = f"start / {GRAINS[into[0]] // GRAINS[grain]}"
        self.fill(
            f"SELECT '{into[0]}', '{into[1]}', {start}, {name}, {sums}, MAX(active_at) "  # noqa: S608
            f"FROM {self.name} WHERE grain = '{grain}' AND dimension = '{dimension}' GROUP BY 3, 4"
        )

    def put_right(self) -> int:
        """Replace what is stored if it differs; returns in how many rows, and forgets itself."""
        one, other = (f"SELECT * FROM {name}" for name in (self.name, self._stored))  # noqa: S608
        both = (
            f"SELECT * FROM ({one} EXCEPT {other}) AS a UNION ALL SELECT * FROM ({other} EXCEPT {one}) AS b"  # noqa: S608
        )
        keys = f"SELECT DISTINCT {_KEY} FROM ({both}) AS c"  # noqa: S608
        count: int = self._connection.execute(text(f"SELECT COUNT(*) FROM ({keys}) AS d")).scalar_one()  # noqa: S608
        if count:
            self._connection.execute(text(f"DELETE FROM {self._stored}"))  # noqa: S608
            self._connection.execute(text(f"INSERT INTO {self._stored} {one}"))
        self._table.drop(self._connection)
        return count


def _calls(connection: Connection) -> int:
    fresh = _Fresh(connection, call_sums, CALL_SUMS)
    figures, nothing = ", ".join(CALL_COLUMNS), "0, " * len(CALL_SUMS)
    for dimension, name in NAMES.items():
        fresh.fill(
            f"SELECT 'quarter', '{dimension}', started_at / {GRAINS['quarter']}, {name}, {figures}, "  # noqa: S608
            f"MAX(started_at) FROM attempts WHERE {ENDED} GROUP BY 3, 4"
        )
    fresh.sum_up("agent", "quarter", ("quarter", "all"), "''")
    for dimension, grains in GRAINS_OF.items():
        for grain in grains[1:]:
            fresh.sum_up(dimension, "quarter", (grain, dimension))
    for grain in GRAINS_OF["principal"]:
        fresh.fill(
            f"SELECT '{grain}', 'principal', started_at / {GRAINS[grain]}, principal_id, {nothing} "  # noqa: S608
            "MAX(started_at) FROM runs WHERE true GROUP BY 3, 4"
        )
    has_calls = f"EXISTS (SELECT 1 FROM {fresh.name} AS f WHERE {_same('f', 'call_sums')})"  # noqa: S608
    fresh.fill(
        f"SELECT {_KEY}, {nothing} active_at FROM call_sums "  # noqa: S608
        f"WHERE dimension = 'principal' AND (requests = 0 OR {has_calls})"
    )
    return fresh.put_right()


def _runs(connection: Connection) -> int:
    fresh = _Fresh(connection, run_sums, RUN_SUMS)
    figures = ", ".join(RUN_COLUMNS)
    for dimension, name in (("all", "''"), ("principal", "principal_id")):
        for grain in GRAINS_OF[dimension]:
            fresh.fill(
                f"SELECT '{grain}', '{dimension}', started_at / {GRAINS[grain]}, {name}, {figures}, "  # noqa: S608
                "MAX(started_at) FROM runs WHERE true GROUP BY 3, 4"
            )
    fresh.fill("SELECT * FROM run_sums WHERE true", highest=(*RUN_SUMS, "active_at"))
    return fresh.put_right()


def _durations(connection: Connection) -> int:
    """Put right what differs; of runs, a count is raised and never lowered."""
    stored = durations.stored(connection)
    wanted = _counted(connection)
    for key, counts in stored.items():
        if key[0] == "run":
            wanted[key] = durations.highest(counts, wanted[key])
    wrong = {key for key in stored.keys() | wanted.keys() if stored.get(key, 0) != wanted[key]}
    durations.replace(connection, {key: wanted[key] for key in sorted(wrong)})
    return len(wrong)


def _counted(connection: Connection) -> Counter[durations.Key]:
    """The durations of all attempts that have ended, and of all runs that answered."""
    day, model = f"started_at / {GRAINS['day']}", NAMES["model"]
    counts: Counter[durations.Key] = Counter()
    for dimension, name, milliseconds, rows in (
        ("model", model, "latency_ms", f"attempts WHERE {ENDED}"),
        ("first_token", model, "first_token_ms", f"attempts WHERE {ENDED}"),
        ("run", "''", "(ended_at - started_at) / 1000", "runs WHERE status = 'answered'"),
    ):
        query = (
            f"SELECT {day}, {name}, {milliseconds}, COUNT(*) FROM {rows} "  # noqa: S608
            f"AND {milliseconds} IS NOT NULL GROUP BY 1, 2, 3"
        )
        for number, called, took, often in connection.execute(text(query)):
            counts[dimension, number, called] += often * durations.one(took)
    return counts


def _same(one: str, other: str) -> str:
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in _KEY.split(", "))
