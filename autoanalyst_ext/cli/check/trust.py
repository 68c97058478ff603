"""Who is trusted with what: for whom this works, what leaves, what guards against whom."""

import os
from collections.abc import AsyncIterator

from ...policy.admin import SHORTEST, VARIABLE, is_usable
from ...types.runs import Mode
from .finding import Finding, Scene, count, fine, problem

LAPTOP = (
    "laptop: this program and the kernels are the same account. Keys, prices and budgets guard against "
    "accidents, not against the account's owner. In a team they are enforced, by a service under another "
    "account."
)
HUB = (
    "hub: this server and its kernels are the same account, which the hub keeps apart from others. Keys, "
    "prices and budgets guard against accidents, not against that account's owner."
)
MODES: dict[Mode, str] = {
    "auto": "by itself where it is safe, else after asking (mode 'auto')",
    "ask": "after asking (mode 'ask')",
    "suggest": "never, it is only shown (mode 'suggest')",
}


async def look(scene: Scene) -> AsyncIterator[Finding]:
    """How it is; a problem is only an admin key that cannot be used."""
    engine = scene.engine
    yield fine("you", f"{engine.principal.name} ({engine.principal.source})")
    yield fine(
        "leaves", f"at most level '{engine.egress_level}' of the data, and only to a provider that was chosen"
    )
    yield fine("code runs", MODES[engine.mode])
    yield fine("trust", HUB if os.environ.get("JUPYTERHUB_USER") else LAPTOP)
    yield await _admin(scene)


async def _admin(scene: Scene) -> Finding:
    """Who may see everyone's usage. Keys are never shown."""
    engine, found = scene.engine, []
    if engine.admin_api_key and not is_usable(engine.admin_api_key):
        return problem(
            "admin key",
            f"{VARIABLE} is too short or has characters that no header can carry, so it is not used",
            f"Set one of at least {SHORTEST} plain characters, or let one be made:",
            "autoanalyst admin create-key",
        )
    if engine.admin_api_key:
        found.append(f"{VARIABLE} is set")
    if scene.stored and (made := await engine.admin_keys.all()):
        found.append(f"{count(len(made), 'key')} made here: {', '.join(key.name for key in made)}")
    if engine.admins:
        found.append(f"without a key: {', '.join(engine.admins)}")
    return fine("admin key", "; ".join(found) or "none; everybody sees their own usage only")
