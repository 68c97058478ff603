"""Which models are worth offering: the names that the agent library lists, by its own prefix.

The list is a courtesy for pickers. A model that is not on it is used all the same when somebody names it.
"""

from __future__ import annotations

from functools import cache
from typing import get_args


@cache
def known_models(prefix: str) -> tuple[str, ...]:
    """The model names that pydantic-ai lists under `prefix:`, without it, in its order."""
    from pydantic_ai.models import KnownModelName

    names: tuple[str, ...] = get_args(KnownModelName.__value__)
    start = prefix + ":"
    return tuple(name.removeprefix(start) for name in names if name.startswith(start))
