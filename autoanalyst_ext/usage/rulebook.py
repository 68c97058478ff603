"""`RuleBook`: what holds for the next model calls: the incident switch, the budgets, the prices.

Read anew in every transaction that opens or closes calls, so that a change acts at once in every process.
What follows for a call is left to `openings.py` and `closings.py`.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from ..store import budgets, prices, switches
from ..store.budgets import BudgetRow, Groups
from ..store.switches import Switch
from .prices import PriceBook


class Rules(NamedTuple):
    """What holds in one transaction."""

    off: Switch | None
    """Who switched paid calls off; None while they are on."""
    budgets: tuple[BudgetRow, ...]
    prices: PriceBook
    groups: Groups


class RuleBook:
    """The rules of one database."""

    def __init__(self, book: PriceBook, groups: Groups) -> None:
        self._data, self._groups = book, groups
        self._book = book, (0, "")
        """With the overrides as they were after these changes."""

    def read(self, connection: Connection) -> Rules:
        """The rules as they are now."""
        return Rules(
            off=switches.paid_calls_off(connection),
            budgets=budgets.active(connection),
            prices=self.prices(connection),
            groups=self._groups,
        )

    def prices(self, connection: Connection) -> PriceBook:
        """The prices as they are now."""
        book, known = self._book
        now = prices.changes(connection)
        if now != known:
            book = self._data.overridden_by(prices.overrides(connection))
            self._book = book, now
        return book
