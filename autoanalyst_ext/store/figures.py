"""Figures that add up: of model calls that have ended, and of runs; and how a database adds them up.

Which calls and runs these are is left to others.
"""

from collections.abc import Sequence
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func

from ..types.usage import TokenUsage, Usage, usd
from .money_tables import CALL_SUMS, call_sums
from .sums import CHUNK, cost_columns, whole
from .tables import attempts

COUNTS = 5
"""Columns of `CALL_SUMS` before the tokens."""
_TOKENS = tuple(TokenUsage.model_fields)
assert CALL_SUMS[COUNTS:-1] == _TOKENS, "in one order everywhere"


class Calls(NamedTuple):
    """Model calls that have ended: the columns `CALL_SUMS` in their order."""

    requests: int = 0
    priced: int = 0
    unpriced: int = 0
    estimated: int = 0
    failed: int = 0
    tokens: tuple[int, ...] = (0,) * len(_TOKENS)
    """In the order of the fields of `TokenUsage`."""
    cost_pusd: int = 0

    @classmethod
    def of(cls, figures: Sequence[Any]) -> "Calls":
        """From the columns `CALL_SUMS`; some databases give sums as decimals."""
        whole_numbers = tuple(map(int, figures))
        return cls._make((*whole_numbers[:COUNTS], whole_numbers[COUNTS:-1], whole_numbers[-1]))

    def plus(self, other: "Calls") -> "Calls":
        """Both together."""
        counts, tokens = map(add, self[:COUNTS], other[:COUNTS]), map(add, self.tokens, other.tokens)
        return Calls._make((*counts, tuple(tokens), self.cost_pusd + other.cost_pusd))

    def usage(self) -> Usage:
        """The same as it is told; without a cost where no call had a price."""
        return Usage(
            requests=self.requests,
            tokens=TokenUsage(**dict(zip(_TOKENS, self.tokens, strict=True))),
            cost_usd=None if self.unpriced and not self.priced else usd(self.cost_pusd),
            unpriced_requests=self.unpriced,
            estimated_requests=self.estimated,
        )

    def order(self, name: str) -> tuple[int, int, str]:
        """By cost, then tokens, then name."""
        return -self.cost_pusd, -self.tokens[0] - self.tokens[1], name


class Runs(NamedTuple):
    """Runs: the columns `RUN_SUMS` in their order."""

    runs: int = 0
    answered: int = 0
    abstained: int = 0
    failed: int = 0
    stopped: int = 0

    def plus(self, other: "Runs") -> "Runs":
        """Both together."""
        return Runs(*map(add, self, other))


def of_calls() -> list[ColumnElement[Any]]:
    """Columns that sum up attempts; `added_up` reads them. That they have ended is for the query to say."""
    c = attempts.c
    high, low, priced, unpriced = cost_columns()
    return [
        func.count(),
        priced,
        unpriced,
        func.count(case((c.state == "estimated", 1))),
        func.count(c.error_code),
        *(func.coalesce(func.sum(c[name]), 0) for name in _TOKENS),
        high,
        low,
    ]


def of_sums() -> list[ColumnElement[Any]]:
    """Columns that sum up rows of `call_sums`; `added_up` reads them."""
    c = call_sums.c
    parts = (c.cost_pusd // CHUNK, c.cost_pusd % CHUNK)
    return [func.coalesce(func.sum(part), 0) for part in (*(c[name] for name in CALL_SUMS[:-1]), *parts)]


def added_up(figures: Sequence[Any]) -> Calls:
    """What `of_calls` or `of_sums` found."""
    *others, high, low = figures
    return Calls.of((*others, whole(high, low)))
