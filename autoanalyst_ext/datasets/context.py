"""Which tables a question can mean. What of them a model gets to see is `policy.egress`'s to decide."""

import re
from collections.abc import Sequence

from ..types.profiles import ColumnProfile, TableProfile

NAMED, COLUMN, VALUE = 100.0, 10.0, 2.0
"""What it counts that a question mentions a table, one of its columns, a value of a category."""


def rank(tables: Sequence[TableProfile], question: str, limit: int = 8) -> tuple[TableProfile, ...]:
    """At most `limit` of `tables`, those that the question can mean first.

    A mention of the name counts most, then columns, then values; among equals more rows, then the
    order of names. The same for the same tables in any order.
    """
    asked = _words(question)
    scored = [(-_score(table, asked), -table.rows, table.name, table) for table in tables]
    return tuple(entry[-1] for entry in sorted(scored, key=lambda entry: entry[:3])[:limit])


def _score(table: TableProfile, asked: Sequence[str]) -> float:
    score = NAMED if _mentions(asked, table.name) else 0.0
    score += COLUMN * sum(_mentions(asked, column.name) for column in table.columns)
    return score + VALUE * sum(_mentions_value(asked, column) for column in table.columns)


def _mentions_value(asked: Sequence[str], column: ColumnProfile) -> bool:
    return any(isinstance(top.value, str) and _mentions(asked, top.value) for top in column.top)


def _mentions(asked: Sequence[str], name: str) -> bool:
    """Whether the words of `name` follow each other in the question."""
    words = _words(name)
    return bool(words) and any(
        asked[at : at + len(words)] == words for at in range(len(asked) - len(words) + 1)
    )


def _words(text: str) -> list[str]:
    """Lower-case words without plural endings; names in snake and camel case are cut into theirs."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return [_stem(word) for word in re.findall(r"[^\W_]+", apart.lower())]


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
