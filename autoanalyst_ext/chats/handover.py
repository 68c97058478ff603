"""Handing a question over: which model could take one that the offline analyst could not answer.

Nothing is asked here and nothing leaves. Whoever shows the abstention says how that model is asked.
"""

import asyncio

from ..errors import UnknownModel
from ..policy.rules import may_use_model
from .desk import Desk

OFFLINE = "offline:"


def is_offline(model: str) -> bool:
    """Whether the offline analyst answers under this name."""
    return model.startswith(OFFLINE)


async def next_model(desk: Desk) -> str | None:
    """The model to ask instead: the one that is chosen, else the first that has a key; None without any."""
    chosen = await desk.chosen_model()
    # Keys may be in a keyring, which takes its time.
    return await asyncio.to_thread(_next_model, desk, chosen)


def _next_model(desk: Desk, chosen: str) -> str | None:
    known = sorted(desk.providers.known(), key=lambda info: not info.is_default)
    # A server on this machine may not be running: it is offered where somebody chose it.
    names = [chosen, *(info.name for info in known if info.needs_key)]
    return next((name for name in names if not is_offline(name) and _may_be_asked(desk, name)), None)


def _may_be_asked(desk: Desk, model: str) -> bool:
    """Whether a model has the key that it needs, and an administrator's rules let it be asked."""
    try:
        provider, _ = desk.providers.split(model)
    except UnknownModel:
        return False
    source, _ = desk.providers.key_source(provider)
    if provider.needs_key and source is None:
        return False
    return may_use_model(model, desk.providers.base_url(provider), desk.admin_rules) is None
