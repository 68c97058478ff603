"""The keys of model providers. They go in here and never come out; nothing here logs or repeats one."""

import asyncio
from typing import TYPE_CHECKING

from .base import AnalystHandler
from .operation import operation

if TYPE_CHECKING:
    from pydantic import SecretStr

    from ..engine import Engine
    from ..providers.registry import ProviderRegistry
    from ..types.panel import Keys, NewKey


class KeysHandler(AnalystHandler):
    """`keys`"""

    @operation("Which providers have a key, and where it was found", reply="Keys")
    async def get(self) -> "Keys":
        """List the providers that need one."""
        engine = await self.engine()
        return await asyncio.to_thread(_listed, engine)


class KeyHandler(AnalystHandler):
    """`keys/{provider}`"""

    @operation("Keep the key of a provider", body="NewKey", status=204)
    async def put(self, provider: str, body: "NewKey") -> None:
        """Put it into the system's keyring, or into a file for its owner alone."""
        providers = (await self.engine()).providers
        from pydantic import SecretStr

        await asyncio.to_thread(_set, providers, provider, SecretStr(body.key))

    @operation("Forget the key of a provider", status=204)
    async def delete(self, provider: str) -> None:
        """Forget what was kept here; the configuration and the environment are left alone."""
        providers = (await self.engine()).providers
        await asyncio.to_thread(_remove, providers, provider)


def _listed(engine: "Engine") -> "Keys":
    from ..types.panel import KeyEntry, Keys

    return Keys(
        keys=tuple(
            KeyEntry(provider=each.name, title=each.title, source=engine.providers.key_source(each)[0])
            for each in engine.providers.key_owners()
        )
    )


def _set(providers: "ProviderRegistry", name: str, key: "SecretStr") -> None:
    providers.keys.set(providers.provider(name), key)


def _remove(providers: "ProviderRegistry", name: str) -> None:
    providers.keys.remove(providers.provider(name))
