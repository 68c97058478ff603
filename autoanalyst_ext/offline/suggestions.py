"""Questions that can be answered about a table: to begin with, and in place of one that cannot.

Candidates are written from the table's columns; kept are those that can really be planned.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ..types.profiles import ColumnProfile, TableProfile
from .answers.phrases import printable
from .planning import outcomes, ranked
from .words.schema import is_numeric, yes_and_no


def spelled(column: ColumnProfile) -> str:
    """A column's name as a question writes it: plain where it is one word, else in backticks."""
    return column.name if column.name.isalpha() and column.name.isascii() else f"`{column.name}`"


def starters(table: TableProfile) -> tuple[tuple[str, ...], ...]:
    """Candidates for a lookup, a comparison, a chart and a statistic, each list best first."""
    numbers, groups = _numbers(table), _groups(table)
    lookup = [f"Top 10 rows by {spelled(n)}" for n in numbers] + ["Show the first 5 rows"]
    comparison = [f"Average {spelled(n)} by {spelled(g)}" for g in groups for n in numbers]
    comparison += [f"How many rows are there for each {spelled(g)}?" for g in groups] + [
        "How many rows are there?"
    ]
    chart = [f"Histogram of {spelled(n)}" for n in numbers] + [f"Bar chart of {spelled(g)}" for g in groups]
    chart += ["How many missing values are there in each column?"]
    statistic = [f"Which column correlates most with {spelled(n)}?" for n in numbers]
    statistic += [f"Mean and median {spelled(n)}" for n in numbers] + ["Describe the data"]
    return tuple(tuple(dict.fromkeys(part)) for part in (lookup, comparison, chart, statistic))


def nearest(table: TableProfile, mentioned: Iterable[ColumnProfile]) -> Iterator[str]:
    """Candidates near a question that mentions these columns, nearest first; the last ones always work."""
    columns = list(dict.fromkeys(mentioned))
    numbers = [column for column in columns if is_numeric(column)]
    groups = [column for column in columns if column in _groups(table)]
    for number in numbers or _numbers(table)[:1]:
        for group in groups or _groups(table)[:1]:
            yield f"Average {spelled(number)} by {spelled(group)}"
    for left, right in pairwise(numbers):
        yield f"Correlation between {spelled(left)} and {spelled(right)}"
    for number in numbers or _numbers(table)[:1]:
        yield f"Mean and median {spelled(number)}"
        yield f"Top 10 rows by {spelled(number)}"
        yield f"Histogram of {spelled(number)}"
    for group in groups or _groups(table)[:1]:
        yield f"How many rows are there for each {spelled(group)}?"
    for column in columns:
        yield f"Describe {spelled(column)}"
        yield f"How many missing values are there in {spelled(column)}?"
    yield "Show the first 5 rows"
    yield "How many rows are there?"
    yield "How many missing values are there in each column?"
    yield "How many columns are there?"


def is_usable(table: TableProfile) -> bool:
    """Whether code can be written for the table."""
    return table.library == "pandas" and table.name.isidentifier()


def to_begin_with(table: TableProfile, tables: Sequence[TableProfile]) -> tuple[str, ...]:
    """Four questions about one of the tables: a lookup, a comparison, a chart and a statistic.

    Fewer where its columns give no more; none where no code can be written for it.
    """
    usable = [other for other in tables if is_usable(other)]
    if table not in usable:
        return ()
    chosen: list[str] = []
    for candidates in starters(table):
        chosen += answerable(candidates, table, usable, 1, chosen)
    chosen += answerable(nearest(table, ()), table, usable, 4 - len(chosen), chosen)
    return tuple(chosen)


def answerable(
    candidates: Iterable[str],
    table: TableProfile,
    tables: Sequence[TableProfile],
    most: int,
    known: Sequence[str],
) -> list[str]:
    """The first candidates that have exactly one plan, at most `most` and none that is known already."""
    chosen: list[str] = []
    for candidate in candidates:
        if len(chosen) >= most:
            break
        question = in_table(candidate, table) if len(tables) > 1 else candidate
        if question in known or question in chosen:
            continue
        plans = ranked(outcomes(question, tables, None))
        if len(plans) == 1 and plans[0].table == table.name:
            chosen.append(question)
    return chosen


def in_table(question: str, table: TableProfile) -> str:
    """The same question for one of several tables."""
    mark = "?" if question.endswith("?") else ""
    return f"{question.removesuffix('?')} in `{printable(table.name)}`{mark}"


def _numbers(table: TableProfile) -> list[ColumnProfile]:
    """Numeric columns, those with many different values first: they are measurements, not codes."""
    numbers = [c for c in table.columns if is_numeric(c) and yes_and_no(c) is None and (c.distinct or 0) > 1]
    return sorted(numbers, key=lambda column: -_richness(column, table.rows))[:3]


def _richness(column: ColumnProfile, rows: int) -> int:
    distinct = column.distinct or 0
    is_id = column.kind == "integer" and rows > 0 and distinct == rows
    return 0 if is_id else distinct


def _groups(table: TableProfile) -> list[ColumnProfile]:
    """Columns that make a handful of groups, those with names for them first."""
    groups = [
        c
        for c in table.columns
        if c.kind in ("category", "boolean", "integer") and 2 <= (c.distinct or 0) <= 12
    ]
    return sorted(groups, key=lambda column: (column.kind == "integer", yes_and_no(column) is not None))[:3]
