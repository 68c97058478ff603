"""`RelayManager`: the relays of a server's clients, and the one engine they all ask.

The engine is loaded in a thread for the first client, so a server that nobody asks anything pays nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ..errors import Refused

if TYPE_CHECKING:
    from ..chats.relay import Relay
    from ..engine import Engine

LAST_WORDS_SECONDS = 5.0
"""How long a client that is still there may take to hear how its question ended."""

Tell = Callable[[str], Awaitable[None]]
"""Sends one message to a client."""


class RelayManager:
    """Owns the engine and the relays; `close` ends them all."""

    def __init__(self, build: "Callable[[], Engine]") -> None:
        self._build = build
        self._engine: asyncio.Task[Engine] | None = None
        self._telling: dict[Relay, asyncio.Task[None]] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._closed = False

    async def open(self, tell: Tell) -> "Relay":
        """A relay for a new client. Raises what is wrong with the engine's settings."""
        engine = await self._loaded()
        from ..chats.relay import Relay

        relay = Relay(engine)
        self._telling[relay] = asyncio.create_task(_pass_on(relay, tell))
        return relay

    def leave(self, relay: "Relay") -> None:
        """The client went away: its run is stopped and booked."""
        telling = self._telling.pop(relay, None)
        if telling is not None:
            task = asyncio.create_task(_end(relay, telling))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """End all relays, then the engine. Nobody is let in any more."""
        self._closed = True
        for relay in tuple(self._telling):
            self.leave(relay)
        await asyncio.gather(*self._leaving)
        loading, self._engine = self._engine, None
        if loading is not None:
            await asyncio.wait([loading])
            if loading.exception() is None:  # else there is nothing to close, and its client was told
                await loading.result().__aexit__(None, None, None)

    async def _loaded(self) -> "Engine":
        """The engine. One that could not be loaded is tried again by the next client."""
        if self._closed:
            raise Refused("The Jupyter server is stopping.")
        if self._engine is None or (self._engine.done() and self._engine.exception()):
            self._engine = asyncio.create_task(self._load())
        return await asyncio.shield(self._engine)

    async def _load(self) -> "Engine":
        engine = await asyncio.to_thread(self._imported)
        return await engine.__aenter__()

    def _imported(self) -> "Engine":
        from ..chats import relay  # noqa: F401 - loads what the loop would have to wait for
        from ..config import explained

        with explained():
            return self._build()


async def _pass_on(relay: "Relay", tell: Tell) -> None:
    async for text in relay.outgoing():
        await tell(text)


async def _end(relay: "Relay", telling: asyncio.Task[None]) -> None:
    await relay.close()
    # One that reads no more (a stopped process, a page asleep) must not hold the server.
    await asyncio.wait([telling], timeout=LAST_WORDS_SECONDS)
    telling.cancel()
    await asyncio.wait([telling])
