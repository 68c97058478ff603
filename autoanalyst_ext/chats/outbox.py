"""`Outbox`: what the engine still has to say to a client, in order, however slowly the client reads."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

M = TypeVar("M")

Join = Callable[[M, M], M | None]


def apart(first: object, second: object) -> None:
    """Two messages stay two."""


class Outbox(Generic[M]):
    """A queue of messages. What `join` makes one message of, waits as one."""

    def __init__(self, join: Join[M] = apart) -> None:
        self._join = join
        self._waiting: deque[M] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._closed = False

    def put(self, message: M) -> None:
        """Add a message; after `close` nobody would read it."""
        if self._closed:
            return
        joined = self._join(self._waiting[-1], message) if self._waiting else None
        if joined is not None:
            self._waiting[-1] = joined
        else:
            self._waiting.append(message)
        self._room.clear()
        self._news.set()

    async def read(self) -> None:
        """Wait until the client has taken everything, or is gone."""
        await self._room.wait()

    def close(self) -> None:
        """Nothing more is said: who reads gets what waits, and then the end."""
        self._closed = True
        self._news.set()
        self._room.set()

    async def messages(self) -> AsyncIterator[M]:
        """The messages as they come, until the end."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                yield self._waiting.popleft()
            self._room.set()
            if self._closed:
                return
