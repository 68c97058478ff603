"""`Queues`: one run at a time for each chat and for each notebook. Who comes first is served first."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from ..types.events import Parked, Resumed

QUEUED = {
    "chat": "Another question in this chat is being answered. This one begins after it.",
    "notebook": "Another question is using this notebook. This one begins after it.",
}

PARK_SECONDS = 0.3
"""A shorter wait is not worth a word: the run before has answered and is only being put away."""

Tell = Callable[[Parked | Resumed], None]


class Queues:
    """The queues of chats and notebooks that somebody holds or waits for. Used from one event loop."""

    def __init__(self) -> None:
        self._locks: dict[tuple[str, str], asyncio.Lock] = {}
        self._users: dict[tuple[str, str], int] = {}

    @asynccontextmanager
    async def turn(self, chat_id: str, notebook: str, tell: Tell) -> AsyncIterator[None]:
        """Hold both; whoever has to wait for long is told so, and when it goes on.

        Always the chat first: so no two runs can each hold what the other waits for.
        """
        async with self._held(("chat", chat_id), tell), self._held(("notebook", notebook), tell):
            yield

    @asynccontextmanager
    async def _held(self, key: tuple[str, str], tell: Tell) -> AsyncIterator[None]:
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._users[key] = self._users.get(key, 0) + 1
        told: list[Parked] = []

        def park() -> None:
            told.append(Parked(why="queued", text=QUEUED[key[0]]))
            tell(told[0])

        timer = asyncio.get_running_loop().call_later(PARK_SECONDS, park)
        try:
            async with lock:
                timer.cancel()
                if told:
                    tell(Resumed())
                yield
        finally:
            timer.cancel()
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key], self._locks[key]
