"""`Provider`: one entry of the shelf of model providers, and what the shelf says about its models.

A file in this package that has a `PROVIDERS` tuple is on the shelf; nothing else needs to know it. Keys and
base URLs are found by the registry and handed in; SDKs are imported in `build`, never before.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from ..types.runs import ModelSettings
from ..types.value import Value

if TYPE_CHECKING:
    from pydantic import SecretStr
    from pydantic_ai.models import Model


class ModelInfo(Value):
    """One model that the shelf offers."""

    name: str
    """As a run names it: `anthropic:claude-sonnet-4-6`."""
    provider: str
    title: str
    """The provider's name for people."""
    ready: bool
    """True when a call could be made now: its key is there, or it needs none."""
    needs_key: bool
    key_source: str | None = None
    """Where the key was found: `config`, `environment`, `keyring` or `file`. Never the key."""
    problem: str | None = None
    """Why the key could not be looked up, e.g. a key file that others may read."""
    is_local: bool = False
    """True when it is declared to run on this machine or network, at no cost per token."""
    is_default: bool = False
    """The model this provider is used with when none is named."""


class Provider(ABC):
    """Where models come from. Instances are constant: they hold no keys and no connections."""

    name: str
    """Left of the colon: `anthropic`."""
    title: str
    """For people: `Anthropic`."""
    default_model: str
    """Right of the colon when nothing is named; empty where there is no sensible one."""
    needs_key: bool = True
    key_name: str | None = None
    """Whose key it uses, where that is not its own name (`openai-responses` uses the key of `openai`)."""
    key_variable: str | None = None
    """The environment variable that holds the key."""
    base_url_variable: str | None = None
    """The environment variable that overrides where calls go."""
    default_base_url: str | None = None
    """Where calls go unless told; `None` leaves it to the SDK, or means that it must be given."""
    is_local: bool = False
    """Declared to run on this machine or network, so its calls are free."""
    in_process: bool = False
    """Answers inside this process: nothing leaves it, so its models are given the structured facts."""

    @property
    def takes_key(self) -> bool:
        """Whether a key is of any use to it; it may work without."""
        return self.needs_key or self.key_variable is not None

    def models(self) -> tuple[str, ...]:
        """Names (right of the colon) worth offering; any other name is passed on as it is."""
        return (self.default_model,) if self.default_model else ()

    @abstractmethod
    def build(
        self, model: str, *, key: SecretStr | None, base_url: str | None, settings: ModelSettings
    ) -> Model:
        """Make the model. Close it with `async with`; raises `AnalystError`s a user can act on."""
