"""`EngineLoader`: the one engine of a server, loaded in a thread for the first who asks.

So a server that nobody asks anything pays nothing.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import Refused

if TYPE_CHECKING:
    from ..engine import Engine


class EngineLoader:
    """Owns the engine: makes it when it is needed, and `close` ends it."""

    def __init__(self, build: "Callable[[], Engine]") -> None:
        self._build = build
        self._loading: asyncio.Task[Engine] | None = None
        self._closed = False

    async def get(self) -> "Engine":
        """The engine. One that could not be loaded is tried again by whoever asks next.

        Raises what is wrong with its settings, and `Refused` when the server is stopping.
        """
        if self._closed:
            raise Refused("The Jupyter server is stopping.")
        if self._loading is None or (self._loading.done() and self._loading.exception()):
            self._loading = asyncio.create_task(self._load())
        return await asyncio.shield(self._loading)

    def refuse(self) -> None:
        """Let nobody in any more."""
        self._closed = True

    async def close(self) -> None:
        """End the engine, if there is one."""
        self.refuse()
        loading, self._loading = self._loading, None
        if loading is not None:
            await asyncio.wait([loading])
            if loading.exception() is None:  # else there is nothing to close, and who asked was told
                await loading.result().__aexit__(None, None, None)

    async def _load(self) -> "Engine":
        engine = await asyncio.to_thread(self._imported)
        return await engine.__aenter__()

    def _imported(self) -> "Engine":
        # What is not used here is what the loop would have to wait for with the first who ask.
        from ..chats import live_runs, relay, tab_relay  # noqa: F401
        from ..config import explained
        from ..types import panel  # noqa: F401

        with explained():
            return self._build()
