"""How long things took, counted in buckets: a row for each day and name, all its counts in one number.

A count has 64 bits of that number, the first bucket the lowest ones. So periods are added up by adding
numbers, however many buckets there are. What a bucket means is `buckets.py`'s.
"""

import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from .buckets import bucket, middle
from .money_tables import durations
from .once import insert_once

LANE = 64
"""Bits of a count."""

Key = tuple[str, int, str]
"""Dimension, day since 1970, name: as in the table."""


def one(milliseconds: int) -> int:
    """The counts of a single duration."""
    return 1 << LANE * bucket(milliseconds)


def of_buckets(counts: Mapping[int, int]) -> int:
    """The counts of many, from how many are in each bucket."""
    return sum(count << LANE * number for number, count in counts.items())


def read(counts: bytes) -> int:
    """Counts as they are stored."""
    return int.from_bytes(counts, "little")


def written(counts: int) -> bytes:
    """Counts as they will be stored."""
    return counts.to_bytes(-(-counts.bit_length() // LANE) * LANE // 8, "little")


def by_bucket(counts: int) -> Iterator[tuple[int, int]]:
    """Buckets that have something in them, and how much."""
    stored = written(counts)
    lanes = struct.unpack(f"<{len(stored) * 8 // LANE}Q", stored)
    return ((number, count) for number, count in enumerate(lanes) if count)


def quantile(counts: int, share: float) -> float | None:
    """Milliseconds that this share of the durations do not pass; `None` of nothing.

    At most `buckets.RELATIVE_ERROR` from the one that is there: of two middle ones the shorter.
    """
    found = tuple(by_bucket(counts))
    wanted = share * sum(count for _, count in found)
    for number, count in found:
        wanted -= count
        if wanted <= 0:
            return middle(number)
    return None


def add(connection: Connection, counts: Mapping[Key, int]) -> None:
    """Add counts to those that are stored, in the order of their keys."""
    changes = []
    for (dimension, start), keys in groupby(sorted(counts), key=lambda key: key[:2]):
        names = [name for _, _, name in keys]
        stored = _stored(connection, dimension, start, names)
        for name in names:
            row = {"dimension": dimension, "start": start, "name": name}
            mine = counts[dimension, start, name]
            if name not in stored and insert_once(connection, durations, row | {"counts": written(mine)}):
                continue
            before = stored.get(name) or _stored(connection, dimension, start, [name])[name]
            which = {f"of_{key}": value for key, value in row.items()}
            changes.append(which | {"counts": written(before + mine)})
    if changes:
        connection.execute(_CHANGE, changes)


def stored(connection: Connection) -> dict[Key, int]:
    """All counts there are."""
    found = connection.execute(select(durations))
    return {(row.dimension, row.start, row.name): read(row.counts) for row in found}


def replace(connection: Connection, counts: Mapping[Key, int]) -> None:
    """Store these counts whatever stood there; 0: none."""
    for (dimension, start, name), count in counts.items():
        there = tuple(
            durations.c[key] == value for key, value in zip(_KEYS, (dimension, start, name), strict=True)
        )
        connection.execute(delete(durations).where(*there))
        if count:
            row = {"dimension": dimension, "start": start, "name": name, "counts": written(count)}
            connection.execute(insert(durations).values(row))


def highest(one: int, other: int) -> int:
    """The higher count of each bucket."""
    return of_buckets(Counter(dict(by_bucket(one))) | Counter(dict(by_bucket(other))))


def _stored(connection: Connection, dimension: str, start: int, names: list[str]) -> dict[str, int]:
    """What is there now, and stays so until this transaction ends."""
    found = connection.execute(_LOOK, {"dimension": dimension, "start": start, "names": names})
    return {name: read(counts) for name, counts in found}


_KEYS = ("dimension", "start", "name")
_LOOK = (
    select(durations.c.name, durations.c.counts)
    .where(
        durations.c.dimension == bindparam("dimension"),
        durations.c.start == bindparam("start"),
        durations.c.name.in_(bindparam("names", expanding=True)),
    )
    .order_by(durations.c.name)
    .with_for_update()
)
_CHANGE = (
    update(durations)
    .where(*(durations.c[name] == bindparam(f"of_{name}") for name in _KEYS))
    .values(counts=bindparam("counts"))
)
