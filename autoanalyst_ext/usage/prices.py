"""`PriceBook`: what a model's tokens cost at a moment, from the price data that `genai-prices` ships.

The data are those of the installed package and are never fetched. A model is found by its exact name
(any letter case) or a dated form of it; a price that is not known is None, which is *unpriced*, never
free. Booking what a call costs is left to `ledger.py`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING

from ..types.usage import PICO, TokenUsage
from ..types.value import Value

if TYPE_CHECKING:
    from genai_prices.types import MatchLogic, ModelInfo, ModelPrice, Provider

FREE_PROVIDERS = frozenset({"offline", "scripted", "ollama", "vllm", "lmstudio"})
"""Providers whose models run on the user's own machine: free because we say so, not because nobody knows."""

_DATA_NAMES = {"gemini": "google", "openai-responses": "openai", "xai": "x-ai"}
"""Our names of providers where the price data have another."""

_PER_MILLION = 10**6
_DATE = re.compile(r"(?:[-@](?:\d{8}|\d{4}-\d{2}-\d{2})|-latest)$")
_KEYS = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cache_read": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
}


class Rates(Value):
    """US dollars per million tokens of each kind."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal


class Tier(Value):
    """Rates of a call with a long input; they are for all of its tokens."""

    above: int
    """Input tokens, cached or not, above which they hold."""
    rates: Rates


class Price(Value):
    """The price of one model's tokens at one moment."""

    rates: Rates
    """Of a call below every tier."""
    tiers: tuple[Tier, ...] = ()
    """Ascending."""
    source: str
    """Where it comes from, in words."""

    @property
    def is_free(self) -> bool:
        """Whether it costs nothing at any size."""
        return not any(
            rate for rates in (self.rates, *(tier.rates for tier in self.tiers)) for _, rate in rates
        )

    def rates_for(self, tokens: TokenUsage) -> Rates:
        """The rates that hold for a call of this size."""
        reached = [tier.rates for tier in self.tiers if tokens.input_tokens > tier.above]
        return reached[-1] if reached else self.rates


def cost(price: Price, tokens: TokenUsage) -> int:
    """What `tokens` of one call cost, in pico-USD.

    Exact: a dollar per million is a million pico per token. Only a rate with more than six decimals
    can leave a fraction of a pico, which is rounded half to even once, at the end. Reasoning tokens
    are part of the output. Where counts contradict themselves (more cached than input tokens), every
    part that was reported is charged.
    """
    rates = price.rates_for(tokens)
    plain = max(0, tokens.input_tokens - tokens.cache_read_tokens - tokens.cache_write_tokens)
    with localcontext() as context:
        context.prec = 60
        dollars_per_million = (
            rates.input * plain
            + rates.cache_read * tokens.cache_read_tokens
            + rates.cache_write * tokens.cache_write_tokens
            + rates.output * tokens.output_tokens
        )
        return int((dollars_per_million * (PICO // _PER_MILLION)).to_integral_value(ROUND_HALF_EVEN))


class PriceBook:
    """Prices by provider and model. `free` names further providers that are declared to cost nothing."""

    def __init__(self, *, free: tuple[str, ...] = ()) -> None:
        self._free = FREE_PROVIDERS | {name.lower() for name in free}
        self._providers: dict[str, Provider] = {}
        self._models: dict[tuple[str, str], ModelInfo | None] = {}
        self._version = ""

    @property
    def loaded(self) -> bool:
        """Whether the price data are in memory; loading takes about 0.2 s."""
        return bool(self._providers)

    def load(self) -> None:
        """Read the price data of the installed package."""
        import genai_prices
        from genai_prices.data import providers

        self._version = genai_prices.__version__
        self._providers = {provider.id: provider for provider in providers}

    def price(self, provider: str, model: str, at: datetime | None = None) -> Price | None:
        """The price of `model` at `at` (default: now); None when it is unknown."""
        name = provider.lower()
        if name in self._free:
            zero = Decimal(0)
            rates = Rates(input=zero, output=zero, cache_read=zero, cache_write=zero)
            return Price(rates=rates, source=f"declared free: {name} runs on your own machine")
        if not self.loaded:
            self.load()
        name = _DATA_NAMES.get(name, name)
        info = self._find(name, model.lower())
        if info is None:
            return None
        moment = at or datetime.now(UTC)
        return _price(info.get_prices(moment), self._source(name, info, moment))

    def _find(self, provider: str, model: str) -> "ModelInfo | None":
        key = provider, model
        if key not in self._models:
            matches = (_match(self._providers[name], model) for name in self._sellers(provider))
            self._models[key] = next((info for info in matches if info is not None), None)
        return self._models[key]

    def _sellers(self, provider: str) -> list[str]:
        """The provider, then those whose prices it takes over (Azure has OpenAI's), as the data say."""
        found = self._providers.get(provider)
        if found is None:
            return []
        return [provider, *(name for name in found.fallback_model_providers or () if name in self._providers)]

    def _source(self, provider: str, info: "ModelInfo", at: datetime) -> str:
        words = f"genai-prices {self._version}, {provider}/{info.id}"
        since = _effective(info, at)
        return f"{words}, effective {since}" if since else words


def _price(prices: "ModelPrice", source: str) -> Price | None:
    """Our price from the data's; None where a call's text is not what is charged for, or not all of it.

    A missing cache rate means that the provider gives no discount: the full input rate, which the
    data's own calculator takes too.
    """
    stored = {key: value for key, value in vars(prices).items() if value is not None}
    if "requests_kcount" in stored or "input_mtok" not in stored or "output_mtok" not in stored:
        return None
    starts = sorted({tier.start for value in stored.values() for tier in getattr(value, "tiers", ())})
    rates = _rates(stored, -1)
    if "cache_read_mtok" not in stored:
        source = f"{source}, cached input at the full input price"
    return Price(
        rates=rates,
        tiers=tuple(Tier(above=start, rates=_rates(stored, start)) for start in starts),
        source=source,
    )


def _rates(stored: dict[str, object], start: int) -> Rates:
    found = {}
    for name, key in _KEYS.items():
        value = stored.get(key, stored["input_mtok"])
        tiers = getattr(value, "tiers", ())
        reached = [tier.price for tier in tiers if tier.start <= start]
        found[name] = reached[-1] if reached else getattr(value, "base", value)
    return Rates.model_validate(found)


def _effective(info: "ModelInfo", at: datetime) -> str | None:
    """The day from which the price at `at` holds, where the data have one."""
    chosen = info.get_prices(at)
    for conditional in info.prices if isinstance(info.prices, list) else ():
        day = getattr(conditional.constraint, "start_date", None)
        if conditional.prices is chosen and day is not None:
            return str(day)
    return None


def _match(provider: "Provider", model: str) -> "ModelInfo | None":
    """The model of exactly this name, else the one whose dated form it is; never by a part of a name."""
    for matches in (_is_named, _is_short_name, _is_dated):
        found = [info for info in provider.models if matches(info, model)]
        if len(found) == 1:
            return found[0]
        if found:
            # Two models claim the name: the data's own order of precedence decides, as it does there.
            return next((info for info in found if info.is_match(model)), None)
    return None


def _is_named(info: "ModelInfo", model: str) -> bool:
    """`model` is the id, or a name that the data say is equal to it."""
    names = (clause.equals.lower() for clause in _clauses(info.match) if hasattr(clause, "equals"))
    return model == info.id.lower() or model in names


def _is_short_name(info: "ModelInfo", model: str) -> bool:
    """`model` is the id without its maker: `gpt-oss-120b` for Groq's `openai/gpt-oss-120b`."""
    return model == info.id.lower().rpartition("/")[2]


def _is_dated(info: "ModelInfo", model: str) -> bool:
    """`model` is a dated (`-20250514`, `-2024-08-06`, `@20250514`) or `-latest` form of a name."""
    base = _DATE.sub("", model)
    if base != model and _is_named(info, base):
        return True
    return any(_allows(clause, model, base) for clause in _clauses(info.match))


def _allows(clause: "MatchLogic", model: str, base: str) -> bool:
    # A prefix counts only if nothing but a date follows it: `claude-haiku-4-5` is also the beginning of
    # names that do not exist yet and may cost something else.
    prefix = getattr(clause, "starts_with", "").lower()
    if prefix:
        return model.startswith(prefix) and len(base) <= len(prefix)
    pattern = getattr(clause, "regex", "")
    return pattern.startswith("^") and pattern.endswith("$") and re.search(pattern, model) is not None


def _clauses(match: "MatchLogic") -> "Iterator[MatchLogic]":
    """The alternatives of a rule; a rule that wants several things at once is none of ours."""
    alternatives = getattr(match, "or_", None)
    if alternatives is None:
        yield match
    else:
        for alternative in alternatives:
            yield from _clauses(alternative)
