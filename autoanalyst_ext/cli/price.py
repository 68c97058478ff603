"""`autoanalyst admin price`: what models cost, and setting it. Works on the database, without a server."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import click
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from .. import logs
from ..engine import Engine
from ..errors import BadRequest
from ..types.prices import GivenRates, PriceLine, SetPrice, given_rate, plain
from .ends import configured, run

WHOLE = {
    "cache_read": "input",
    "cache_write": "input",
    "cache_write_1h": "cache_write",
    "reasoning": "output",
}
"""What tokens of a kind are a part of."""


class RateType(click.ParamType[Decimal]):
    """US dollars per million tokens."""

    name = "USD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read it, or say what is wrong."""
        try:
            return given_rate(value)
        except PydanticCustomError as error:
            self.fail(f"{value!r}: {error.message()}.", param, ctx)


RATE = RateType()


@click.group("price")
def command() -> None:
    """See and set what models cost.

    Prices come with AutoAnalyst. One that is set here holds in their place, from its moment on, for every
    server on this database: US dollars per million tokens.
    """


@command.command("list")
@click.option("--at", type=click.DateTime(), help="At which moment (UTC) instead of now, e.g. 2026-12-01.")
def list_prices(at: datetime | None) -> None:
    """List what holds for models that were used, have a price that was set, or are a default."""
    run(_list(_utc(at)))


@command.command("set")
@click.argument("model")
@click.option("--input", type=RATE, required=True, help="Price of a million tokens of input.")
@click.option("--output", type=RATE, required=True, help="Of a million tokens of output.")
@click.option("--cache-read", type=RATE, help="Of input from the cache. Left out: as other input.")
@click.option("--cache-write", type=RATE, help="Of input written to the cache. Left out: as other input.")
@click.option(
    "--cache-write-1h", type=RATE, help="Of input kept there for an hour. Left out: as other writes."
)
@click.option("--reasoning", type=RATE, help="Of output that is reasoning. Left out: as other output.")
@click.option("--from", "since", type=click.DateTime(), help="From when on (UTC). Left out: now.")
@click.option("--note", default="", help="Why.")
def set_price(model: str, since: datetime | None, note: str, **rates: Decimal | None) -> None:
    """Set what MODEL (`provider:model`) costs, in US dollars per million tokens."""
    run(_set(model, rates, _utc(since), note))


@command.command("withdraw")
@click.argument("model")
@click.option("--note", default="", help="Why.")
def withdraw(model: str, note: str) -> None:
    """Let the price of MODEL that comes with AutoAnalyst hold again, from now on."""
    run(_withdraw(model, note))


async def _list(at: datetime | None) -> int:
    async with configured() as engine:
        found = await engine.prices.list(at)
    for line in found.prices:
        click.echo(_in_words(line))
    for line in found.coming:
        click.echo(f"to come: {_in_words(line)}")
    return 0


async def _set(model: str, rates: dict[str, Decimal | None], since: datetime | None, note: str) -> int:
    async with configured() as engine:
        provider, name = engine.providers.split(model)
        try:
            order = SetPrice(
                provider=provider.name,
                model=name,
                rates=GivenRates.model_validate(rates),
                effective_from=since,
                note=note,
            )
        except ValidationError as error:
            raise BadRequest(f"That makes no sense: {error.errors()[0]['msg']}.") from None
        line = await engine.prices.set(order, by=engine.principal.id)
        _log("price_set", line, engine)
    click.echo(_in_words(line))
    return 0


async def _withdraw(model: str, note: str) -> int:
    async with configured() as engine:
        provider, name = engine.providers.split(model)
        line = await engine.prices.withdraw(provider.name, name, by=engine.principal.id, note=note)
        _log("price_withdrawn", line, engine)
    click.echo(_in_words(line))
    return 0


def _in_words(line: PriceLine) -> str:
    """One line: the model, its rates where they are not those of what they are a part of, and the source."""
    name = f"{line.provider}:{line.model}"
    if line.rates is None:
        return f"{name}  unpriced"
    rates = line.rates.model_dump()
    own = [kind for kind, rate in rates.items() if kind not in WHOLE or rate != rates[WHOLE[kind]]]
    words = ", ".join(f"{kind.replace('_', ' ')} {plain(rates[kind])}" for kind in own)
    longer = f"; other rates above {line.tiers[0].above} input tokens" if line.tiers else ""
    return f"{name}  {words}{longer}  ({line.source})"


def _utc(given: datetime | None) -> datetime | None:
    return None if given is None else given.replace(tzinfo=UTC)


def _log(event: str, line: PriceLine, engine: Engine) -> None:
    name = f"{line.provider}:{line.model}"
    logs.logger().info(event, name=name, source=line.source, principal=engine.principal.id)
