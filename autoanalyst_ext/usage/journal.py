"""`Journal`: model calls are opened and closed in batches, each in one transaction of the store's writer.

What comes while a transaction is under way goes into the next one, so a thousand calls at once cost a few
commits. Nobody is told of anything before it is on disk. What is decided about a call is left to
`openings.py` and `closings.py`.
"""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ..errors import StoreError
from ..store.attempts import Owner
from ..store.calls_under_way import Checkpoint, UnderWay
from ..store.database import Database
from .closings import Closed, CloseOrder, Stale, close_all, note_all
from .openings import Opened, OpenOrder, open_all
from .owner import this_process
from .rulebook import RuleBook

MOST = 1000
"""So many orders make up a batch at most."""

Order = OpenOrder | Checkpoint | CloseOrder


class _Waiting(NamedTuple):
    order: Order
    outcome: "asyncio.Future[Any]"


class Journal:
    """The writer of the calls of one process."""

    def __init__(self, database: Database, rules: RuleBook) -> None:
        self._database, self._rules = database, rules
        self._owner: Owner | None = None
        self._lock = threading.Lock()
        self._next: _Batch | None = None
        """The batch that takes orders."""
        self._under_way: dict[str, UnderWay] = {}
        """Calls that this process opened. Only the writer's thread changes it."""

    async def open(self, order: OpenOrder) -> Opened:
        """Store a call before it is sent; raises why it may not be made."""
        return await self._put(order)  # type: ignore[no-any-return]

    async def checkpoint(self, order: Checkpoint) -> None:
        """Store what is known so far of a call."""
        await self._put(order)

    async def close(self, order: CloseOrder) -> Closed:
        """Store how a call ended; raises NotFound."""
        return await self._put(order)  # type: ignore[no-any-return]

    def _put(self, order: Order) -> "asyncio.Future[Any]":
        outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._hand_over([_Waiting(order, outcome)])
        # What waits is carried out even if its caller is cancelled: then nobody is told.
        return outcome

    def _hand_over(self, waiting: Sequence[_Waiting], *, alone: bool = False) -> None:
        with self._lock:
            batch = self._next
            is_new = alone or batch is None or len(batch.waiting) >= MOST
            if batch is None or is_new:
                batch = _Batch(self)
                self._next = self._next if alone else batch
            batch.waiting.extend(waiting)
        if not is_new:
            return
        try:
            self._database.submit(batch.write, batch.done)
        except StoreError:
            # Closed, or in a fork: nobody will come for this batch, so it takes no more.
            self.begins(batch)
            raise

    def begins(self, batch: "_Batch") -> None:
        """From now on orders go into another batch."""
        with self._lock:
            if self._next is batch:
                self._next = None

    def write(self, connection: Connection, orders: Sequence[Order]) -> list[Any]:
        """Carry out the orders of a batch; in the order of these, what came of each."""
        self._owner = self._owner or this_process()
        rules = self._rules.read(connection)
        openings = [order for order in orders if isinstance(order, OpenOrder)]
        notes = [order for order in orders if isinstance(order, Checkpoint)]
        closings = [order for order in orders if isinstance(order, CloseOrder)]
        known = {
            order.attempt_id: call
            for order in closings
            if (call := self._under_way.get(order.attempt_id)) is not None
        }
        results: dict[type, Iterator[Any]] = {
            OpenOrder: iter(open_all(connection, openings, rules, self._owner)),
            Checkpoint: iter(note_all(connection, notes)),
            CloseOrder: iter(close_all(connection, closings, known, rules)),
        }
        return [next(results[type(order)]) for order in orders]

    def written(self, orders: Sequence[Order], results: Sequence[Any]) -> None:
        """Remember what is under way, now that it is on disk."""
        for order, result in zip(orders, results, strict=True):
            if isinstance(result, Opened):
                self._under_way[result.under_way.id] = result.under_way
            elif isinstance(order, Checkpoint):
                if (call := self._under_way.get(order.attempt_id)) is not None:
                    first = call.first_token_ms if order.first_token_ms is None else order.first_token_ms
                    self._under_way[order.attempt_id] = call._replace(
                        tokens=order.tokens, first_token_ms=first
                    )
            elif isinstance(order, CloseOrder):
                self._under_way.pop(order.attempt_id, None)

    def again(self, waiting: Sequence[_Waiting], error: Exception) -> bool:
        """Whether the orders of a batch that failed get another try, and give it to them."""
        if isinstance(error, Stale):
            for one in waiting:
                if isinstance(one.order, CloseOrder):
                    self._under_way.pop(one.order.attempt_id, None)
            self._hand_over(waiting, alone=True)
            return True
        if len(waiting) == 1:
            return False
        # One of them may be at fault: alone, it keeps no other from being booked.
        for one in waiting:
            self._hand_over([one], alone=True)
        return True


class _Batch:
    """Orders that share a transaction."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.waiting: list[_Waiting] = []

    def write(self, connection: Connection) -> list[Any]:
        """Runs in the writer's thread; maybe twice, with the same orders."""
        self._journal.begins(self)
        return self._journal.write(connection, [one.order for one in self.waiting])

    def done(self, results: list[Any] | None, error: Exception | None) -> None:
        """Tell everybody, after the commit."""
        # Where the database was closed meanwhile there is no other try: everybody is told why.
        with suppress(StoreError):
            if error is not None and self._journal.again(self.waiting, error):
                return
        if results is not None:
            self._journal.written([one.order for one in self.waiting], results)
        outcomes = results if results is not None else [error] * len(self.waiting)
        told: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
        for one, result in zip(self.waiting, outcomes, strict=True):
            told.setdefault(one.outcome.get_loop(), []).append((one.outcome, result))
        for loop, news in told.items():
            # A loop that has ended meanwhile has nobody left to tell.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_tell, news)


def _tell(news: Sequence[tuple["asyncio.Future[Any]", Any]]) -> None:
    for outcome, result in news:
        if outcome.done():
            continue
        if isinstance(result, Exception):
            outcome.set_exception(result)
        else:
            outcome.set_result(result)
