"""`PriceBook`: what a model's tokens cost at a moment.

By what an administrator has set, else by declaration (free), else by the data of `price_data.py`. A price
that is not known is None, which is *unpriced*, never free. Booking what a call costs is left to `ledger.py`,
keeping what administrators set to `store/prices.py`.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from operator import mul
from typing import TYPE_CHECKING, Any, Self

from ..store.prices import PriceRow
from ..types.prices import Rates
from ..types.usage import PICO, TokenUsage
from .price_data import PriceData, begun, seller, undated

if TYPE_CHECKING:
    from genai_prices.types import ModelPrice

FREE_PROVIDERS = frozenset({"offline", "scripted", "ollama", "vllm", "lmstudio"})
"""Providers whose models run on the user's own machine: free because we say so, not because nobody knows."""

_PER_MILLION = 10**6


@dataclass(frozen=True)
class Tariff:
    """Rates, and what is worked out of them once: a busy team asks for it thousands of times a second."""

    rates: Rates

    @cached_property
    def pico_per_token(self) -> tuple[int | Fraction, ...]:
        """Pico-USD of one token of each kind, in the order of the fields; whole, unless a rate is fine."""
        exact = [Fraction(rate) * (PICO // _PER_MILLION) for _, rate in self.rates]
        return tuple(int(each) if each.denominator == 1 else each for each in exact)

    @cached_property
    def is_free(self) -> bool:
        """Whether no kind of token costs anything."""
        return not any(self.pico_per_token)

    @cached_property
    def as_stored(self) -> str:
        """The rates as JSON text: what every model call keeps of them."""
        return json.dumps({name: format(rate, "f") for name, rate in self.rates})


@dataclass(frozen=True)
class Tier:
    """Rates of a call with a long input; they are for all of its tokens."""

    above: int
    """Input tokens, cached or not, above which they hold."""
    rates: Rates


@dataclass(frozen=True, kw_only=True)
class Price:
    """The price of one model's tokens at one moment."""

    rates: Rates
    """Of a call below every tier."""
    tiers: tuple[Tier, ...] = ()
    """Ascending."""
    source: str
    """Where it comes from, in words."""
    since: datetime | None = None
    """From when on it holds, where that is known."""
    is_override: bool = False
    """Whether an administrator has set it."""

    @cached_property
    def is_free(self) -> bool:
        """Whether it costs nothing at any size."""
        return all(tariff.is_free for _, tariff in self._tariffs)

    def tariff(self, tokens: TokenUsage) -> Tariff:
        """The rates that hold for a call of this size."""
        reached = [tariff for above, tariff in self._tariffs if tokens.input_tokens > above]
        return reached[-1]

    @cached_property
    def _tariffs(self) -> tuple[tuple[int, Tariff], ...]:
        """By the input tokens above which they hold, ascending."""
        return (-1, Tariff(self.rates)), *((tier.above, Tariff(tier.rates)) for tier in self.tiers)


def cost(price: Price, tokens: TokenUsage) -> int:
    """What `tokens` of one call cost, in pico-USD.

    Exact: a dollar per million is a million pico per token. Only a rate with more than six decimals
    can leave a fraction of a pico, which is rounded half to even once, at the end. Every token is charged
    once, as the narrowest kind that it was reported as. Where counts contradict themselves (more cached
    than input tokens), every part that was reported is charged.
    """
    written = max(tokens.cache_write_tokens, tokens.cache_write_1h_tokens)
    charged = (
        max(0, tokens.input_tokens - tokens.cache_read_tokens - written),
        max(0, tokens.output_tokens - tokens.reasoning_tokens),
        tokens.cache_read_tokens,
        written - tokens.cache_write_1h_tokens,
        tokens.cache_write_1h_tokens,
        tokens.reasoning_tokens,
    )
    exact: int | Fraction = sum(map(mul, price.tariff(tokens).pico_per_token, charged))
    return round(exact)


class PriceBook:
    """Prices by provider and model. `free` names further providers that are declared to cost nothing."""

    def __init__(self, *, free: tuple[str, ...] = ()) -> None:
        self.rows: tuple[PriceRow, ...] = ()
        """What administrators have set."""
        self._free = FREE_PROVIDERS | {name.lower() for name in free}
        self._data = PriceData()
        self._of_data: dict[tuple[str, str, int], Price | None] = {}
        self._always: dict[tuple[str, str], Price] = {}
        """Prices that hold at all times, by provider and model as they are asked for."""
        self._set: dict[tuple[str, str], list[tuple[datetime, Price | None]]] = {}

    def overridden_by(self, rows: Sequence[PriceRow]) -> Self:
        """A book in which these rows, in the order in which they take effect, come before everything else.

        It shares the price data with this one.
        """
        book = type(self)()
        book.rows, book._free = tuple(rows), self._free
        book._data, book._of_data = self._data, self._of_data
        book._set = defaultdict(list)
        for row in rows:
            book._set[seller(row.provider), row.model].append((row.effective_from, _set_price(row)))
        return book

    @property
    def loaded(self) -> bool:
        """Whether the price data are in memory; loading takes about 0.2 s."""
        return self._data.loaded

    def load(self) -> None:
        """Read the price data of the installed package."""
        self._data.load()

    def price(self, provider: str, model: str, at: datetime | None = None) -> Price | None:
        """The price of `model` at `at` (default: now); None when it is unknown."""
        if not self._set and (always := self._always.get((provider, model))) is not None:
            return always
        moment, name = at or datetime.now(UTC), model.lower()
        if self._set:
            for form in self._forms(provider, name):
                found = self._overridden(seller(provider), form, moment)
                if found is not None:
                    return found
        if provider.lower() in self._free:
            return _free_price(provider.lower())
        found = self._price_of_data(seller(provider), name, moment)
        if found is not None and self._data.is_constant(seller(provider), name):
            self._always[provider, model] = found
        return found

    def _forms(self, provider: str, model: str) -> Iterator[str]:
        """The names under which a price of a model may have been set, the most exact first."""
        yield model
        yield undated(model)
        # The data say which names mean one model: who answers as `claude-sonnet-4-20250514` was asked as
        # `claude-sonnet-4-0`.
        if provider.lower() not in self._free:
            info = self._data.model(seller(provider), model)
            if info is not None:
                yield info.id.lower()

    def _overridden(self, sold_by: str, model: str, at: datetime) -> Price | None:
        begun_by_then = [price for since, price in self._set.get((sold_by, model), ()) if since <= at]
        return begun_by_then[-1] if begun_by_then else None

    def _price_of_data(self, sold_by: str, model: str, at: datetime) -> Price | None:
        info = self._data.model(sold_by, model)
        if info is None:
            return None
        prices = info.get_prices(at)
        # One value for as long as the data have one price: this is asked for at every call.
        key = sold_by, info.id, id(prices)
        if key not in self._of_data:
            since = begun(info, at)
            self._of_data[key] = _price(prices, self._data.source(sold_by, info, since), since)
        return self._of_data[key]


@cache
def _free_price(provider: str) -> Price:
    nothing = Decimal(0)
    return Price(
        rates=Rates.of(input=nothing, output=nothing),
        source=f"declared free: {provider} runs on your own machine",
    )


def _set_price(row: PriceRow) -> Price | None:
    """The price that a row sets; None where it gives way to the data's."""
    if row.rates is None:
        return None
    words = f"set by {row.made_by.partition(':')[2] or row.made_by} on {row.created_at:%Y-%m-%d}"
    words = f"{words}, effective {row.effective_from:%Y-%m-%d %H:%M:%S} UTC"
    source = f"{words}: {row.note}" if row.note else words
    return Price(rates=row.rates, source=source, since=row.effective_from, is_override=True)


def _price(prices: "ModelPrice", source: str, since: datetime | None) -> Price | None:
    """Our price from the data's; None where a call's text is not what is charged for, or not all of it.

    Tokens that have no price of their own are charged as what they are a part of, as the data's own
    calculator does: the provider gives no discount and takes no surcharge that anybody has written down.
    """
    stored = {key: value for key, value in vars(prices).items() if value is not None}
    if "requests_kcount" in stored or "input_mtok" not in stored or "output_mtok" not in stored:
        return None
    starts = sorted({tier.start for value in stored.values() for tier in getattr(value, "tiers", ())})
    if "cache_read_mtok" not in stored:
        source = f"{source}, cached input at the full input price"
    if "cache_write_mtok" in stored and "cache_write_1h_mtok" not in stored:
        source = f"{source}, cache writes for an hour at the price of other cache writes"
    return Price(
        rates=_rates(stored, -1),
        tiers=tuple(Tier(above=start, rates=_rates(stored, start)) for start in starts),
        source=source,
        since=since,
    )


def _rates(stored: dict[str, Any], start: int) -> Rates:
    """The rates of the tier that starts at `start`."""

    def rate(kind: str) -> Any:
        value = stored.get(f"{kind}_mtok")
        reached = [tier.price for tier in getattr(value, "tiers", ()) if tier.start <= start]
        return reached[-1] if reached else getattr(value, "base", value)

    return Rates.of(
        input=rate("input"),
        output=rate("output"),
        cache_read=rate("cache_read"),
        cache_write=rate("cache_write"),
        cache_write_1h=rate("cache_write_1h"),
        reasoning=rate("output_reasoning"),
    )
