"""`Connection`: the line of one dashboard to `admin/stream`, kept up in a thread of its own.

It says what is watched whenever it has (re)connected, checks that no message is missing, and tries again
after a growing, scattered pause. What the messages mean is `watched`'s; which thread hears them, the board's.
"""

import json
import os
import random
import threading
from collections.abc import Callable
from typing import Any

from ..links import Gone, NoHome
from ..server_link import ServerLink

STREAM = "autoanalyst/api/v1/admin/stream"
FIRST_SECONDS = 1.0
LONGEST_SECONDS = 30.0

Message = dict[str, Any]
Tell = Callable[[Message], None]
"""Gets each message in a thread of the connection: the server's, and `lost` with `message` and `seconds`."""


class Connection:
    """Told what to watch with `watch`; ended with `close`."""

    def __init__(self, tell: Tell, *, url: str, secret: str, certificate: str | None) -> None:
        self._tell = tell
        self._where = {"url": url, "secret": secret, "certificate": certificate}
        self._watch: Message | None = None
        self._link: ServerLink | None = None
        self._guard = threading.Lock()
        """Holds what is watched and the link together: no link misses the last choice."""
        self._closing = threading.Event()
        self._over = threading.Event()
        """The present link has ended, or is to end."""
        self._why = ""
        self._seq = 0
        self._failures = 0
        self._thread = threading.Thread(target=self._keep_up, name="autoanalyst-dashboard", daemon=True)

    @classmethod
    def of_kernel(cls, tell: Tell) -> "Connection":
        """To the server that started this kernel."""
        return cls(
            tell,
            url=os.environ["AUTOANALYST_URL"],
            secret=os.environ["AUTOANALYST_KERNEL_SECRET"],
            certificate=os.environ.get("AUTOANALYST_CERTIFICATE"),
        )

    @property
    def kernel(self) -> str:
        """Id of the kernel that the secret is of."""
        return str(self._where["secret"]).rpartition(".")[0]

    def watch(self, message: Message) -> None:
        """Show this from now on. The first call connects."""
        with self._guard:
            self._watch = message
            if self._link is not None:
                self._say(self._link)
        if not self._thread.is_alive() and not self._closing.is_set():
            self._thread.start()

    def close(self) -> None:
        """End, without waiting for it."""
        self._closing.set()
        self._over.set()

    def _keep_up(self) -> None:
        while not self._closing.is_set():
            try:
                why = self._attend()
            except NoHome as error:
                why = str(error)
            if self._closing.is_set():
                return
            seconds = pause(self._failures)
            self._failures += 1
            self._tell({"kind": "lost", "message": why, "seconds": seconds})
            self._closing.wait(seconds)

    def _attend(self) -> str:
        """Connect and wait for the end; returns why it ended. Raises `NoHome`."""
        self._over.clear()
        if self._closing.is_set():  # between the last look and the clearing
            return ""
        self._seq = 0
        link = ServerLink(self._heard, self._lost, stream=STREAM, **self._where)  # type: ignore[arg-type]
        link.open()
        try:
            with self._guard:
                self._link = link
                self._say(link)
            self._over.wait()
        finally:
            with self._guard:
                self._link = None
            link.close()
        return self._why

    def _say(self, link: ServerLink) -> None:
        try:
            link.send(json.dumps(self._watch).encode())
        except Gone as error:
            self._lost(str(error))

    def _heard(self, text: str | bytes) -> None:
        if self._over.is_set():
            return
        message: Message = json.loads(text)
        self._seq += 1
        if message["seq"] != self._seq:
            self._lost("A message of the server was lost.")
            return
        self._failures = 0
        self._tell(message)

    def _lost(self, why: str) -> None:
        if not self._over.is_set():  # the first reason is the one that counts
            self._why = why
            self._over.set()


def pause(failures: int) -> float:
    """Seconds until the next try; scattered, so that not all dashboards come at once."""
    return min(LONGEST_SECONDS, FIRST_SECONDS * 2.0**failures) * random.uniform(0.75, 1.25)  # noqa: S311
