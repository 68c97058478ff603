"""`Outbox`: what the engine still has to say to a client, in order, however slowly the client reads."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from ..types.events import TextDelta
from ..types.wire import EngineMessage, Told


class Outbox:
    """A queue of messages. Text of a model that waits becomes one piece."""

    def __init__(self) -> None:
        self._waiting: deque[EngineMessage] = deque()
        self._news = asyncio.Event()
        self._closed = False

    def put(self, message: EngineMessage) -> None:
        """Add a message; after `close` nobody would read it."""
        if self._closed:
            return
        joined = _joined(self._waiting[-1], message) if self._waiting else None
        if joined is not None:
            self._waiting[-1] = joined
        else:
            self._waiting.append(message)
        self._news.set()

    def close(self) -> None:
        """Nothing more is said: who reads gets what waits, and then the end."""
        self._closed = True
        self._news.set()

    async def messages(self) -> AsyncIterator[EngineMessage]:
        """The messages as they come, until the end."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                yield self._waiting.popleft()
            if self._closed:
                return


def _joined(first: EngineMessage, second: EngineMessage) -> Told | None:
    """Two pieces of one step's text as one."""
    if not (isinstance(first, Told) and isinstance(second, Told) and first.id == second.id):
        return None
    before, after = first.event, second.event
    if not (isinstance(before, TextDelta) and isinstance(after, TextDelta) and before.step == after.step):
        return None
    return Told(id=first.id, event=TextDelta(step=before.step, text=before.text + after.text))
