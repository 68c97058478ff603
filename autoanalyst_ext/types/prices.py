"""Prices of tokens: US dollars per million tokens of each kind, exact, as decimal text on the wire.

Which price a model has at a moment is worked out in `usage/prices.py`.
"""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import AwareDatetime, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from .value import Value

HIGHEST = 100_000
"""US dollars per million tokens; no price of text is near it, so a higher one is a slip of the keyboard."""

_RATE = r"^(100000(\.0{1,6})?|[0-9]{1,5}(\.[0-9]{1,6})?)$"


def plain(rate: Decimal) -> str:
    """A rate as decimal text, without an exponent.

    >>> plain(Decimal("1E+2")), plain(Decimal("0.50")), plain(Decimal("0"))
    ('100', '0.5', '0')
    """
    text = format(rate, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def given_rate(text: object) -> Decimal:
    """Read a rate that a person gave. Raises `PydanticCustomError` with what is wrong with it.

    >>> given_rate("0.15")
    Decimal('0.15')
    """
    if isinstance(text, Decimal):
        text = plain(text)
    if isinstance(text, str) and re.fullmatch(_RATE[1:-1], text, re.ASCII):
        return Decimal(text)
    raise PydanticCustomError(
        "rate",
        "a rate is US dollars per million tokens, from 0 to {highest}, written as text with at most six "
        'decimals, e.g. "0.15"',
        {"highest": HIGHEST},
    )


Rate = Annotated[
    Decimal,
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string"}),
]
GivenRate = Annotated[Rate, BeforeValidator(given_rate), WithJsonSchema({"type": "string", "pattern": _RATE})]
Name = Annotated[str, Field(max_length=255, pattern=r"^[!-9;-~][!-~]*$")]


class Rates(Value):
    """US dollars per million tokens of each kind."""

    input: Rate
    """Input that was neither read from a cache nor written to one."""
    output: Rate
    cache_read: Rate
    cache_write: Rate
    """Written to the cache for five minutes, or for as long as the provider keeps it."""
    cache_write_1h: Rate
    """Written to the cache for an hour."""
    reasoning: Rate
    """Output that was reasoning."""

    @classmethod
    def of(
        cls,
        *,
        input: Decimal,
        output: Decimal,
        cache_read: Decimal | None = None,
        cache_write: Decimal | None = None,
        cache_write_1h: Decimal | None = None,
        reasoning: Decimal | None = None,
    ) -> Self:
        """Rates where some have no price of their own.

        Those tokens are charged as what they are a part of: what goes through a cache as input, a write for
        an hour as any write, reasoning as output.
        """
        write = input if cache_write is None else cache_write
        return cls(
            input=input,
            output=output,
            cache_read=input if cache_read is None else cache_read,
            cache_write=write,
            cache_write_1h=write if cache_write_1h is None else cache_write_1h,
            reasoning=output if reasoning is None else reasoning,
        )


class GivenRates(Value):
    """Rates as an administrator gives them; what is left out is charged as what it is a part of."""

    input: GivenRate
    output: GivenRate
    cache_read: GivenRate | None = None
    """Left out: as other input."""
    cache_write: GivenRate | None = None
    """Left out: as other input."""
    cache_write_1h: GivenRate | None = None
    """Left out: as other writes to the cache."""
    reasoning: GivenRate | None = None
    """Left out: as other output."""

    def rates(self) -> Rates:
        """All six."""
        return Rates.of(**{name: getattr(self, name) for name in GivenRates.model_fields})


class SetPrice(Value):
    """The body of `POST admin/prices`: from a moment on, a model has this price instead of the data's."""

    provider: Name
    model: Name
    """Without the provider. A model's dated forms follow it, unless they have a price of their own."""
    rates: GivenRates
    effective_from: AwareDatetime | None = None
    """Not in the past; left out: now."""
    note: str = Field(default="", max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")
    """Why, for those who read it later."""


class PriceLine(Value):
    """What a model's tokens cost at a moment, and why."""

    provider: str
    model: str
    rates: Rates | None
    """Dollars per million tokens, of a call below every tier; `None`: unpriced."""
    tiers: tuple["TierLine", ...] = ()
    """For calls with a long input, ascending."""
    source: str | None
    """Where the price comes from, in words; `None`: unpriced."""
    since: datetime | None
    """From when on it holds, where that is known."""
    is_override: bool
    """Whether an administrator has set it."""


class TierLine(Value):
    """The rates of calls with a long input; they are for all tokens of the call."""

    above: int
    """Input tokens, cached or not, above which they hold."""
    rates: Rates


class PriceList(Value):
    """The reply of `GET admin/prices`: the models that were used, overridden, or are a provider's default."""

    at: datetime
    prices: tuple[PriceLine, ...]
    """By provider, then model."""
    coming: tuple[PriceLine, ...]
    """Prices that are set and begin after that moment, the next one first."""
