"""Two tables as one: where a column of one names the rows of another, as `customer_id` does.

The joined table is only a profile to read questions with; a step of the plan makes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ...types.profiles import ColumnProfile, TableProfile
from ..plan.measures import Column
from ..plan.steps import Join
from .schema import words_of
from .tokens import key, singular


@dataclass(frozen=True)
class Joined:
    """A table with another's columns beside its rows."""

    table: TableProfile
    step: Join
    added: tuple[str, ...]
    """The names of the other table's columns."""


def joined(table: TableProfile, others: Sequence[TableProfile]) -> list[Joined]:
    """The table with each other one whose rows it names by exactly one column."""
    return [made for other in others if (made := _with(table, other)) is not None]


def _with(table: TableProfile, other: TableProfile) -> Joined | None:
    pairs = [
        (mine, theirs) for mine in table.columns for theirs in other.columns if _is_link(mine, theirs, other)
    ]
    if len(pairs) != 1:
        return None
    left, right = pairs[0]
    taken = {column.name for column in table.columns}
    dated = any(column.kind == "datetime" for column in table.columns)  # "monthly" is of its own dates
    added = tuple(
        column.model_copy(update={"nulls": column.nulls + 1})  # a row may have no partner
        for column in other.columns
        if column != right and column.name not in taken and not (dated and column.kind == "datetime")
    )
    step = Join(table=other.name, left=_column(left), right=_column(right))
    whole = table.model_copy(update={"columns": (*table.columns, *added)})
    return Joined(whole, step, tuple(column.name for column in added)) if added else None


def _is_link(mine: ColumnProfile, theirs: ColumnProfile, other: TableProfile) -> bool:
    """Whether a column holds the key of the other table's rows: called alike, and there but once each."""
    if not (mine.name_is_text and theirs.name_is_text) or mine.kind != theirs.kind:
        return False
    if (
        theirs.distinct != other.rows
        or theirs.nulls
        or other.rows < 2
        or mine.kind not in ("integer", "text")
    ):
        return False
    words = words_of(mine.name)
    alike = key(mine.name) == key(theirs.name)
    named = key(theirs.name) in ("id", "key") and len(words) == 2 and words[1] == key(theirs.name)
    fits = named and singular(words[0]) == singular(key(other.name))
    return (alike and len(words) > 1) or fits


def _column(column: ColumnProfile) -> Column:
    return Column(name=column.name)
