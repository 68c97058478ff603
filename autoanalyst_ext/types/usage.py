"""Tokens, money and what of them a run used. Counts are inclusive; money is whole pico-USD."""

from decimal import Decimal
from typing import Literal

from .value import Value

PICO = 10**12
"""Pico-USD in one US dollar."""


def usd(pico_usd: int) -> str:
    """Write `pico_usd` as an exact decimal string of dollars with at least two decimals.

    >>> usd(10_500_000_000), usd(0), usd(1)
    ('0.0105', '0.00', '0.000000000001')
    """
    sign, digits = ("-", -pico_usd) if pico_usd < 0 else ("", pico_usd)
    whole, fraction = divmod(digits, PICO)
    return f"{sign}{whole}.{f'{fraction:012d}'.rstrip('0').ljust(2, '0')}"


def pico(dollars: str | Decimal) -> int:
    """Read an exact amount of dollars as pico-USD; raises ValueError if it is finer than that."""
    amount = Decimal(dollars) * PICO
    if amount != amount.to_integral_value():
        raise ValueError(f"{dollars} USD is finer than a pico-USD")
    return int(amount)


class TokenUsage(Value):
    """Tokens of one or more model calls. Counts are inclusive: cached tokens are part of the input."""

    input_tokens: int = 0
    """All input, cached or not."""
    output_tokens: int = 0
    """All output, reasoning included."""
    cache_read_tokens: int = 0
    """The part of the input that was read from the provider's cache."""
    cache_write_tokens: int = 0
    """The part of the input that was written to the provider's cache."""
    cache_write_1h_tokens: int = 0
    """The part of what was written to the cache that is kept for an hour instead of five minutes."""
    reasoning_tokens: int = 0
    """The part of the output that was reasoning."""

    def __add__(self, other: "TokenUsage") -> "TokenUsage":
        return TokenUsage(
            **{name: getattr(self, name) + getattr(other, name) for name in TokenUsage.model_fields}
        )


AttemptState = Literal["started", "settled", "estimated", "void"]
"""`settled`: booked from the provider's own figures. `estimated`: the call was cut off, or the provider
gave no figures. `void`: nothing was billed (refused before anything was generated)."""


class Usage(Value):
    """What some model calls used: the object of `GET usage` and of `ask --json`."""

    requests: int = 0
    """Requests to providers, failed ones included."""
    tokens: TokenUsage = TokenUsage()
    cost_usd: str | None = "0.00"
    """Exact decimal string of dollars for the priced requests; `None` when no request had a price."""
    unpriced_requests: int = 0
    """Requests whose price is unknown; `cost_usd` leaves them out."""
    estimated_requests: int = 0
    """Requests whose tokens are an estimate."""
