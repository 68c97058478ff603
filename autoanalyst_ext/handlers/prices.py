"""Prices: what holds for which model, and an administrator's changes of it."""

from datetime import datetime
from typing import TYPE_CHECKING

from ..errors import InvalidBody
from .base import AnalystHandler
from .operation import Query, operation

if TYPE_CHECKING:
    from ..types.prices import PriceLine, PriceList, SetPrice

AT = Query("at", "At which moment: a time with its zone, e.g. 2026-12-01T00:00:00Z. Left out: now.")
PROVIDER = Query("provider", "Name of the provider.", required=True)
MODEL = Query("model", "Name of the model, without the provider.", required=True)


class PricesHandler(AnalystHandler):
    """`admin/prices`"""

    @operation(
        "What the models cost that were used, have a price that was set, or are a default",
        reply="PriceList",
        query=(AT,),
        admin=True,
    )
    async def get(self, at: str | None) -> "PriceList":
        """List them."""
        moment = None if at is None else _moment(at)
        engine, _ = await self.desk()
        return await engine.prices.list(moment)

    @operation(
        "Set what a model costs from a moment on",
        body="SetPrice",
        reply="PriceLine",
        status=201,
        admin=True,
    )
    async def post(self, body: "SetPrice") -> "PriceLine":
        """Set it."""
        engine, who = await self.desk()
        found = await engine.prices.set(body, by=who.id)
        self._told("price set", found)
        return found

    @operation(
        "Let the price data's price of a model hold again",
        reply="PriceLine",
        query=(PROVIDER, MODEL),
        admin=True,
    )
    async def delete(self, provider: str, model: str) -> "PriceLine":
        """Withdraw what was set, from now on."""
        engine, who = await self.desk()
        found = await engine.prices.withdraw(provider, model, by=who.id)
        self._told("price withdrawn", found)
        return found

    def _told(self, what: str, line: "PriceLine") -> None:
        assert self.right is not None
        self.log.info(
            "AutoAnalyst: admin: %s: %s:%s, %s, by %s, for %s at %s",
            *(what, line.provider, line.model, line.source or "unpriced"),
            *(self.right.name, self.principal().id, self.request.remote_ip),
        )


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise InvalidBody(
            "The parameter 'at' must be a time with its zone, e.g. 2026-12-01T00:00:00Z.", field="at"
        )
    return found
