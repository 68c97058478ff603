"""`PriceData`: the prices that `genai-prices` ships, and which of its models a name means.

The data are those of the installed package and are never fetched. A model is found by its exact name (any
letter case) or a dated form of it, never by a part of a name. What its price means for us is left to
`prices.py`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genai_prices.types import MatchLogic, ModelInfo, Provider

_DATA_NAMES = {"gemini": "google", "openai-responses": "openai", "xai": "x-ai"}
"""Our names of providers where the price data have another."""

_DATE = re.compile(r"(?:[-@](?:\d{8}|\d{4}-\d{2}-\d{2})|-latest)$")


def seller(provider: str) -> str:
    """The name under which a provider sells: two of ours may send to one, and have its prices."""
    name = provider.lower()
    return _DATA_NAMES.get(name, name)


def undated(model: str) -> str:
    """A model's name without `-20250514`, `-2024-08-06`, `@20250514` or `-latest` at its end."""
    return _DATE.sub("", model)


class PriceData:
    """The price data of this process, read once."""

    def __init__(self) -> None:
        self._providers: dict[str, Provider] = {}
        self._models: dict[tuple[str, str], ModelInfo | None] = {}
        self._version = ""

    @property
    def loaded(self) -> bool:
        """Whether the data are in memory; loading takes about 0.2 s."""
        return bool(self._providers)

    def load(self) -> None:
        """Read the data of the installed package."""
        import genai_prices
        from genai_prices.data import providers

        self._version = genai_prices.__version__
        self._providers = {provider.id: provider for provider in providers}

    def model(self, sold_by: str, model: str) -> "ModelInfo | None":
        """What the data know of a model of a seller, by its name in small letters."""
        if not self.loaded:
            self.load()
        key = sold_by, model
        if key not in self._models:
            matches = (_match(self._providers[name], model) for name in self._sellers(sold_by))
            self._models[key] = next((info for info in matches if info is not None), None)
        return self._models[key]

    def is_constant(self, sold_by: str, model: str) -> bool:
        """Whether the data have one price of a model for all times."""
        info = self.model(sold_by, model)
        return info is not None and not isinstance(info.prices, list)

    def source(self, sold_by: str, info: "ModelInfo", since: datetime | None) -> str:
        """Where a price comes from, in words."""
        words = f"genai-prices {self._version}, {sold_by}/{info.id}"
        return f"{words}, effective {since.date()}" if since else words

    def _sellers(self, provider: str) -> list[str]:
        """The provider, then those whose prices it takes over (Azure has OpenAI's), as the data say."""
        found = self._providers.get(provider)
        if found is None:
            return []
        return [provider, *(name for name in found.fallback_model_providers or () if name in self._providers)]


def begun(info: "ModelInfo", at: datetime) -> datetime | None:
    """The start of the day from which the price at `at` holds, where the data have one."""
    chosen = info.get_prices(at)
    for conditional in info.prices if isinstance(info.prices, list) else ():
        day = getattr(conditional.constraint, "start_date", None)
        if conditional.prices is chosen and day is not None:
            return datetime.combine(day, time(), UTC)
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
    base = undated(model)
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
