"""`Prices`: the prices that administrators set over those of the price data, with the moments they begin.

A row never changes; a later one replaces it, and one without rates gives way to the price data again. What
a row means for a call is worked out in `usage/prices.py`.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select, text

from ..errors import InvalidBody, NotFound
from ..types.prices import Rates
from ..types.value import Value
from .database import Database
from .ids import new_id
from .money_tables import call_sums
from .money_tables import prices as table


class PriceRow(Value):
    """One price as it was set."""

    id: str
    provider: str
    model: str
    """In small letters, as the provider is."""
    effective_from: datetime
    """The first moment at which a call that starts has this price."""
    rates: Rates | None
    """`None`: from then on the price data's hold again."""
    note: str
    made_by: str
    """The principal that set it."""
    created_at: datetime


class Prices:
    """The prices in a database that were set by hand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> tuple[PriceRow, ...]:
        """Every row there ever was, in the order in which they take effect."""
        return await self._database.read(overrides)

    async def set(
        self,
        provider: str,
        model: str,
        rates: Rates | None,
        *,
        made_by: str,
        effective_from: datetime | None = None,
        note: str = "",
    ) -> PriceRow:
        """Set a model's price from a moment on (default: now). `rates` None: the price data's hold again.

        Raises `InvalidBody` for a moment that is over: what was booked since then keeps its price.
        """

        def work(connection: Connection) -> PriceRow:
            now = _alone(connection)
            if effective_from is not None and effective_from < now:
                raise InvalidBody(
                    "A price cannot begin in the past: what was booked keeps its price. Leave the time out "
                    "for now, or name one that is to come.",
                    field="effective_from",
                )
            row = PriceRow(
                id=new_id(),
                provider=provider.lower(),
                model=model.lower(),
                effective_from=now if effective_from is None else effective_from.astimezone(UTC),
                rates=rates,
                note=note,
                made_by=made_by,
                created_at=now,
            )
            _add(connection, row)
            return row

        return await self._database.write(work)

    async def withdraw(self, provider: str, model: str, *, made_by: str, note: str = "") -> None:
        """Let the price data's price of a model hold again from now on; what was to come is withdrawn, too.

        Raises `NotFound` where nobody has set one that holds or will hold.
        """
        provider, model = provider.lower(), model.lower()

        def work(connection: Connection) -> None:
            now = _alone(connection)
            own = [row for row in overrides(connection) if (row.provider, row.model) == (provider, model)]
            # What holds now, and at each moment to come: of two at one moment, the later set one.
            at_moments = {max(row.effective_from, now): row for row in own}
            over = [moment for moment, row in at_moments.items() if row.rates is not None]
            if not over:
                raise NotFound(f"Nobody has set a price of {provider}:{model}. There is nothing to withdraw.")
            for moment in over:
                _add(
                    connection,
                    PriceRow(
                        id=new_id(),
                        provider=provider,
                        model=model,
                        effective_from=moment,
                        rates=None,
                        note=note,
                        made_by=made_by,
                        created_at=now,
                    ),
                )

        await self._database.write(work)

    async def used_models(self) -> tuple[tuple[str, str], ...]:
        """Provider and model of every call that has ended."""
        query = select(call_sums.c.name).where(call_sums.c.grain == "day", call_sums.c.dimension == "model")
        rows = await self._database.read(
            lambda connection: connection.execute(query.distinct()).scalars().all()
        )
        parts = (name.partition(":") for name in sorted(rows))
        return tuple((provider, model) for provider, _, model in parts)


def overrides(connection: Connection) -> tuple[PriceRow, ...]:
    """Every row in the order in which they take effect; of two at one moment the later set one comes last."""
    query = select(table).order_by(table.c.effective_from, table.c.created_at, table.c.id)
    return tuple(PriceRow.model_validate(dict(row)) for row in connection.execute(query).mappings())


def changes(connection: Connection) -> tuple[int, str]:
    """What is another after every change, and quick to get: how many rows there are, and the newest."""
    query = select(func.count(), func.coalesce(func.max(table.c.id), "")).select_from(table)
    count, newest = connection.execute(query).one()
    # The number alone is not enough: a row that was rolled back may have been counted, and set again later.
    return count, newest


def _alone(connection: Connection) -> datetime:
    """The moment of a change, at which nobody books.

    Whoever books has read the prices in a transaction that ended before this moment, or reads them after
    this one has ended: no call that starts from it on is booked at the price before.
    """
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(text("LOCK TABLE prices IN ACCESS EXCLUSIVE MODE"))
    return datetime.now(UTC)


def _add(connection: Connection, row: PriceRow) -> None:
    values = row.model_dump() | {"rates": None if row.rates is None else row.rates.model_dump(mode="json")}
    connection.execute(insert(table).values(values))
