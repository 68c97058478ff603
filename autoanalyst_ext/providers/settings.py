"""How our `ModelSettings` reach a model: generation settings on the wire, and the client's time limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..types.runs import ModelSettings

if TYPE_CHECKING:
    from pydantic_ai.profiles import ModelProfile
    from pydantic_ai.settings import ModelSettings as WireSettings

CONNECT_SECONDS = 10.0
"""Longest wait for a connection; a provider that is there takes far less."""


def wire_settings(settings: ModelSettings) -> WireSettings:
    """The part of `settings` that is sent; what is `None` is left to the provider."""
    from pydantic_ai.settings import ModelSettings as WireSettings

    wire = WireSettings()
    if settings.temperature is not None:
        wire["temperature"] = settings.temperature
    if settings.max_tokens is not None:
        wire["max_tokens"] = settings.max_tokens
    return wire


def sendable(wire: WireSettings, profile: ModelProfile) -> WireSettings:
    """`wire` without what a model of this profile does not take; the library would drop it with a warning."""
    known: Mapping[str, object] = {**profile}
    always_reasons = known.get("openai_supports_reasoning") and known.get("thinking_enabled_by_default")
    if always_reasons or known.get("anthropic_disallows_sampling_settings"):
        wire = wire.copy()
        wire.pop("temperature", None)
    return wire


def connect_seconds(settings: ModelSettings) -> float:
    """The limit for connecting, never longer than the limit for silence."""
    return min(CONNECT_SECONDS, settings.timeout_seconds)
