"""`ProviderRegistry`: finds the model that a name means, and says which models there are.

A name is `provider:model`, split at the first colon. The providers are the files of this package; what a call
costs and whether it is allowed is decided elsewhere.
"""

from __future__ import annotations

import difflib
import importlib
import os
import pkgutil
from typing import TYPE_CHECKING

from traitlets import Dict, Instance, Unicode, default
from traitlets.config import LoggingConfigurable

from ..errors import BadRequest, KeyMissing, Refused, UnknownModel
from ..types.runs import ModelSettings
from .base import ModelInfo, Provider
from .keys import KeyRing, Source

if TYPE_CHECKING:
    from pydantic import SecretStr
    from pydantic_ai.models import Model


class ProviderRegistry(LoggingConfigurable):
    """The shelf of model providers."""

    base_urls = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        help="Where calls go, by provider name, e.g. {'compatible': 'http://127.0.0.1:8080/v1'}. Wins over "
        "the environment (OPENAI_BASE_URL, ANTHROPIC_BASE_URL, GROQ_BASE_URL, AZURE_OPENAI_ENDPOINT, "
        "AUTOANALYST_COMPATIBLE_BASE_URL...).",
    ).tag(config=True)

    keys = Instance(KeyRing, help="Where keys come from.")

    @default("keys")
    def _default_keys(self) -> KeyRing:
        return KeyRing(parent=self)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._added: dict[str, Provider] = {}
        self._found: dict[str, Provider] | None = None

    def add(self, provider: Provider) -> None:
        """Put a provider on this shelf, in place of one with the same name."""
        self._added[provider.name] = provider

    def provider(self, name: str) -> Provider:
        """The provider of that name; raises `UnknownModel` with what was perhaps meant."""
        shelf = self._shelf()
        if name in shelf:
            return shelf[name]
        near = difflib.get_close_matches(name.lower(), shelf, n=1)
        meant = f" Did you mean '{near[0]}'?" if near else ""
        raise UnknownModel(
            f"No provider named '{name}'.{meant} There are: {', '.join(sorted(shelf))}.",
            provider=name,
            suggestion=near[0] if near else None,
        )

    def split(self, name: str) -> tuple[Provider, str]:
        """The provider and the model's own name that `provider:model` means; raises `UnknownModel`."""
        before, colon, model = name.strip().partition(":")
        if not colon:
            raise self._bare(before)
        provider = self.provider(before)
        if not model:
            default = provider.default_model or "<model>"
            raise UnknownModel(f"'{name}' names no model. Write for example '{provider.name}:{default}'.")
        return provider, model

    def resolve(self, name: str, *, settings: ModelSettings) -> Model:
        """Make the model that `name` means, to be used and closed with `async with`.

        Raises `UnknownModel` for a name that means nothing and `KeyMissing` when its provider needs a key.
        """
        provider, model = self.split(name)
        key = self._key(provider)
        return provider.build(model, key=key, base_url=self.base_url(provider), settings=settings)

    def base_url(self, provider: Provider) -> str | None:
        """Where calls to a provider go; `None` when nobody said and there is no default."""
        if configured := self.base_urls.get(provider.name):
            return str(configured)
        if provider.base_url_variable and (found := os.environ.get(provider.base_url_variable)):
            return found
        return provider.default_base_url

    def all(self) -> tuple[Provider, ...]:
        """Every provider on the shelf, also those that offer no model by name."""
        return tuple(self._shelf().values())

    def key_owners(self) -> tuple[Provider, ...]:
        """Those that take a key of their own; one that shares another's is not among them."""
        return tuple(each for each in self.all() if each.takes_key and each.key_name is None)

    def known(self) -> tuple[ModelInfo, ...]:
        """The models worth offering, those of each provider together; any other name is accepted as well."""
        return tuple(info for provider in self.all() for info in self._offers(provider))

    def key_source(self, provider: Provider) -> tuple[Source | None, str | None]:
        """Where its key is found, if there is one; and what is wrong where keys cannot be looked up."""
        if not provider.takes_key:
            return None, None
        try:
            return self.keys.source(provider), None
        except (Refused, BadRequest) as error:
            # One unusable key file must not hide the models that need no key.
            return None, str(error)

    def _offers(self, provider: Provider) -> tuple[ModelInfo, ...]:
        models = provider.models()
        if not models:
            return ()
        source, problem = self.key_source(provider)
        reachable = provider.base_url_variable is None or self.base_url(provider) is not None
        return tuple(
            ModelInfo(
                name=f"{provider.name}:{model}",
                provider=provider.name,
                title=provider.title,
                ready=reachable and (source is not None or not provider.needs_key),
                needs_key=provider.needs_key,
                key_source=source,
                problem=problem,
                is_local=provider.is_local,
                is_default=model == provider.default_model,
            )
            for model in models
        )

    def _key(self, provider: Provider) -> SecretStr | None:
        if not provider.takes_key:
            return None
        key = self.keys.get(provider)
        if key is None and provider.needs_key:
            owner = provider.key_name or provider.name
            raise KeyMissing(
                f"No key for {provider.title}. Run 'autoanalyst key set {owner}', or set "
                f"{provider.key_variable}, or use a model that needs none, e.g. 'offline:analyst'.",
                provider=owner,
            )
        return key

    def _bare(self, name: str) -> UnknownModel:
        shelf = self._shelf()
        for provider in shelf.values():
            if name == provider.name and provider.default_model:
                meant = f"{provider.name}:{provider.default_model}"
                break
            if name in provider.models():
                meant = f"{provider.name}:{name}"
                break
        else:
            near = difflib.get_close_matches(
                name, [info.name.partition(":")[2] for info in self.known()], n=1
            )
            meant = next(
                (info.name for info in self.known() if near and info.name.endswith(":" + near[0])), ""
            )
        hint = f" Did you mean '{meant}'?" if meant else ""
        return UnknownModel(
            f"'{name}' is not a model's full name. Write 'provider:model'.{hint}", suggestion=meant or None
        )

    def _shelf(self) -> dict[str, Provider]:
        if self._found is None:
            self._found = _find_providers()
        return {**self._found, **self._added}


def _find_providers() -> dict[str, Provider]:
    package = importlib.import_module(__package__ or "")
    found: dict[str, Provider] = {}
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for provider in getattr(importlib.import_module(module.name), "PROVIDERS", ()):
            found[provider.name] = provider
    return found
