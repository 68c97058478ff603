"""`PriceDesk`: which prices hold, and changing them, for the doors of administrators.

Who may come in is left to the door; what a price means for a call to `prices.py`.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..store.prices import PriceRow, Prices
from ..types.prices import PriceLine, PriceList, SetPrice, TierLine
from .prices import PriceBook

if TYPE_CHECKING:
    from ..providers.registry import ProviderRegistry
    from ..store.database import Database


class PriceDesk:
    """The prices of a database and of the price data together."""

    def __init__(self, database: "Database", book: PriceBook, providers: "ProviderRegistry") -> None:
        self._prices = Prices(database)
        self._book = book
        self._providers = providers

    async def rows(self) -> tuple[PriceRow, ...]:
        """All that was ever set, in the order in which it takes effect: for `PriceBook.overridden_by`."""
        return await self._prices.all()

    async def list(self, at: datetime | None = None) -> PriceList:
        """What holds at a moment (default: now) for the models that were used, set, or are a default."""
        moment = at or datetime.now(UTC)
        rows = await self.rows()
        book = await self._book_with(rows)
        shelf = await asyncio.to_thread(self._providers.all)
        models = {(row.provider, row.model) for row in rows} | set(await self._prices.used_models())
        models |= {(each.name, each.default_model) for each in shelf if each.default_model}
        # Of what was set for one moment twice, the later one counts.
        coming = {(row.effective_from, row.provider, row.model): row for row in rows}
        return PriceList(
            at=moment,
            prices=tuple(_line(book, *names, moment) for names in sorted(models)),
            coming=tuple(
                _line(book, row.provider, row.model, row.effective_from)
                for row in coming.values()
                if row.effective_from > moment and row.rates is not None
            ),
        )

    async def one(self, model: str, at: datetime | None = None) -> PriceLine:
        """What one model, `provider:model`, costs at a moment. Raises `UnknownModel`."""
        provider, name = await asyncio.to_thread(self._providers.split, model)
        book = await self._book_with(await self.rows())
        return _line(book, provider.name, name, at or datetime.now(UTC))

    async def set(self, order: SetPrice, *, by: str) -> PriceLine:
        """Set a price. Raises `UnknownModel` for a provider that is not on the shelf, and as `Prices.set`."""
        row = await self._prices.set(
            await self._seller(order.provider),
            order.model,
            order.rates.rates(),
            made_by=by,
            effective_from=order.effective_from,
            note=order.note.strip(),
        )
        return _line(self._book.overridden_by([row]), row.provider, row.model, row.effective_from)

    async def withdraw(self, provider: str, model: str, *, by: str, note: str = "") -> PriceLine:
        """Withdraw what was set; returns what holds now. Raises as `set`, and `NotFound`."""
        name = await self._seller(provider)
        await self._prices.withdraw(name, model, made_by=by, note=note)
        return await self.one(f"{name}:{model}")

    async def _book_with(self, rows: Sequence[PriceRow]) -> PriceBook:
        if not self._book.loaded:
            await asyncio.to_thread(self._book.load)
        return self._book.overridden_by(rows)

    async def _seller(self, name: str) -> str:
        """The provider that is paid: `openai-responses` is another way to the same one as `openai`."""
        found = await asyncio.to_thread(self._providers.provider, name.lower())
        return found.key_name or found.name


def _line(book: PriceBook, provider: str, model: str, at: datetime) -> PriceLine:
    price = book.price(provider, model, at)
    return PriceLine(
        provider=provider,
        model=model,
        rates=None if price is None else price.rates,
        tiers=tuple(TierLine(above=tier.above, rates=tier.rates) for tier in price.tiers) if price else (),
        source=None if price is None else price.source,
        since=None if price is None else price.since,
        is_override=price is not None and price.is_override,
    )
