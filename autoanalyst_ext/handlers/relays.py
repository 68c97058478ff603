"""`RelayManager`: the relays of all clients that are connected to this server: kernels and pages.

A client that goes away takes its relay along. What that means is the relay's to know: a kernel's question
is stopped and booked, the run of a page goes on.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from .loader import EngineLoader

if TYPE_CHECKING:
    from jupyter_server.auth.identity import User

LAST_WORDS_SECONDS = 5.0
"""How long a client that is still there may take to hear how its question ended."""

Tell = Callable[[str], Awaitable[None]]
"""Sends one message to a client."""


class AnyRelay(Protocol):
    """One client's connection."""

    async def take(self, text: str | bytes) -> None:
        """Hear a message of the client."""

    def outgoing(self) -> AsyncIterator[str]:
        """What the client is told, until the end."""

    async def close(self) -> None:
        """The client is gone."""


class RelayManager:
    """Owns the relays; `close` ends them all."""

    def __init__(self, engine: EngineLoader) -> None:
        self._engine = engine
        self._telling: dict[AnyRelay, asyncio.Task[None]] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    async def open(self, tell: Tell, user: "User | None" = None) -> AnyRelay:
        """A relay for a new client: a page of this user, or without one a kernel.

        Raises what is wrong with the engine's settings.
        """
        engine = await self._engine.get()
        from ..chats.relay import Relay
        from ..chats.tab_relay import TabRelay
        from ..policy.principal import here

        who = None if user is None else here(user.username, user.display_name)
        relay: AnyRelay = Relay(engine) if who is None else TabRelay(engine, who)
        self._telling[relay] = asyncio.create_task(_pass_on(relay, tell))
        return relay

    def leave(self, relay: AnyRelay) -> None:
        """The client went away."""
        telling = self._telling.pop(relay, None)
        if telling is not None:
            task = asyncio.create_task(_end(relay, telling))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """End all relays."""
        for relay in tuple(self._telling):
            self.leave(relay)
        await asyncio.gather(*self._leaving)


async def _pass_on(relay: AnyRelay, tell: Tell) -> None:
    async for text in relay.outgoing():
        await tell(text)


async def _end(relay: AnyRelay, telling: asyncio.Task[None]) -> None:
    await relay.close()
    # One that reads no more (a stopped process, a page asleep) must not hold the server.
    await asyncio.wait([telling], timeout=LAST_WORDS_SECONDS)
    telling.cancel()
    await asyncio.wait([telling])
