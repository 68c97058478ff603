"""Prices as administrators set them, for tests."""

from datetime import UTC, datetime
from decimal import Decimal

from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.store.prices import PriceRow
from autoanalyst_ext.types.prices import Rates

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def price_set(
    provider: str, model: str, at: datetime = LONG_AGO, *, note: str = "", **rates: str
) -> PriceRow:
    """A row that holds from `at` on; without rates, one that gives way to the price data."""
    return PriceRow(
        id=new_id(),
        provider=provider,
        model=model,
        effective_from=at,
        rates=Rates.of(**{kind: Decimal(rate) for kind, rate in rates.items()}) if rates else None,
        note=note,
        made_by="os:ann",
        created_at=at,
    )
