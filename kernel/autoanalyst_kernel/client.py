"""`Client`: finds a home of the engine and exchanges messages with it.

A home is the Jupyter server that started this kernel, where it has us, else a child process. What the
messages mean is said in `schema/`; here they are told apart only as far as their way differs: answers to a
query go to who asked, interrupts at once to who executes, everything else waits to be received.
"""

import itertools
import json
import os
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from .links import Gone, Link, NoHome

__all__ = ["Client", "Gone", "NoHome", "Refusal"]

WELCOME_SECONDS = 20.0
TICK_SECONDS = None if os.name == "posix" else 0.2
"""A wait that no signal can end is made of short ones."""

Message = dict[str, Any]


class Refusal(Exception):
    """A query that the engine did not answer. `str(error)` is for the user."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Client:
    """A connection to one home. `connect` makes it."""

    def __init__(self) -> None:
        self.welcome: Message = {}
        """The engine's answer to `hello`."""
        self.note: str | None = None
        """Why it is not the home that one would expect, for the user."""
        self.interrupting: Callable[[str], None] | None = None
        """Called at once, in the reading thread, with the id of the `execute` request to interrupt."""
        self.left: str | None = None
        """The question that was left before it had ended; its messages still arrive."""
        self._link: Link | None = None
        self._inbox: SimpleQueue[Message | None] = SimpleQueue()
        self._queries: dict[str, SimpleQueue[Message | None]] = {}
        self._numbers = itertools.count(1)
        self._gone: str | None = None
        self._process = os.getpid()

    @classmethod
    def connect(cls, hello: Message) -> "Client":
        """Find a home and say hello; raises `NoHome`. Blocks for a second or so."""
        note = None
        url, secret = os.environ.get("AUTOANALYST_URL"), os.environ.get("AUTOANALYST_KERNEL_SECRET")
        if url and secret:
            try:
                return cls()._at_server(hello, url, secret)
            except NoHome as error:
                note = str(error)
        try:
            client = cls()._at_child(hello)
        except NoHome as error:
            raise NoHome(f"{note} {error}" if note else str(error)) from error
        client.note = f"{note} The analyst runs {client.where}." if note else None
        return client

    @property
    def where(self) -> str:
        """Where the home is, for the user."""
        assert self._link is not None
        return self._link.where

    @property
    def alive(self) -> bool:
        """Whether messages can be exchanged."""
        return self._gone is None and self._process == os.getpid()

    def send(self, message: Message) -> None:
        """Send a message, whole or not at all, without waiting; from any thread. Raises `Gone`."""
        self._check()
        assert self._link is not None
        # Half of a surrogate pair, which user code can print, is no UTF-8: a question mark goes instead.
        self._link.send(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace"))

    def receive(self, seconds: float | None = None) -> Message | None:
        """The next message; None after `wake` or `seconds`. Raises `Gone` once all were received."""
        return self._next(self._inbox, seconds)

    def wake(self) -> None:
        """Let `receive` return; may be called in a signal handler."""
        self._inbox.put(None)

    def query(self, what: str, seconds: float = 10.0, **args: Any) -> Message:
        """Ask for something else than an answer; the body of what was `found`.

        Raises `Refusal` and `Gone`. From any thread, also while a question is being answered.
        """
        name = f"query-{next(self._numbers)}"
        answers = self._queries[name] = SimpleQueue()
        try:
            self.send({"kind": "query", "id": name, "what": what, "args": args})
            answer = self._next(answers, seconds)
        finally:
            del self._queries[name]
        if answer is None:
            raise Refusal(f"The analyst did not answer within {seconds:g} s. Try again.", "timeout")
        if answer["kind"] == "failed":
            raise Refusal(answer["message"], answer["code"])
        body: Message = answer["body"]
        return body

    def close(self) -> None:
        """Leave the home; a child process ends. In a forked process nothing happens."""
        if self._link is not None and self._process == os.getpid():
            self._link.close()
            self._lost("The connection to the analyst is closed.")

    def _at_server(self, hello: Message, url: str, secret: str) -> "Client":
        from .server_link import ServerLink

        certificate = os.environ.get("AUTOANALYST_CERTIFICATE")
        return self._begin(
            ServerLink(self._take, self._lost, url=url, secret=secret, certificate=certificate), hello
        )

    def _at_child(self, hello: Message) -> "Client":
        from .child_link import ChildLink

        return self._begin(ChildLink(self._take, self._lost), hello)

    def _begin(self, link: Link, hello: Message) -> "Client":
        self._link = link
        welcome: Message | None = None
        try:
            link.open()
            try:
                self.send(hello)
                welcome = self.receive(WELCOME_SECONDS)
            except Gone as error:
                raise NoHome(self._gone or str(error)) from error
        finally:
            if welcome is None or welcome["kind"] != "welcome":  # also when interrupted
                link.close()
        if welcome is None:
            said = link.last_words()
            raise NoHome(
                f"The analyst {link.where} did not answer within {WELCOME_SECONDS:g} s."
                + (f" It said: {said}" if said else "")
            )
        if welcome["kind"] != "welcome":
            raise NoHome(str(welcome.get("message", "The analyst's engine did not say hello.")))
        self.welcome = welcome
        return self

    def _take(self, text: str | bytes) -> None:
        """Send an arriving message its way. Runs in the link's thread."""
        message: Message = json.loads(text)
        kind = message["kind"]
        if kind == "request" and message["do"]["op"] == "interrupt":
            if self.interrupting is not None:
                self.interrupting(message["do"]["of"])
        elif kind in ("found", "failed") and str(message["id"]).startswith("query-"):
            asker = self._queries.get(message["id"])
            if asker is not None:  # else who asked no longer waits
                asker.put(message)
        else:
            self._inbox.put(message)

    def _lost(self, reason: str) -> None:
        """Nothing more will arrive: let everybody who waits look."""
        if self._gone is not None:
            return
        self._gone = reason
        for waiting in (self._inbox, *self._queries.copy().values()):
            waiting.put(None)

    def _next(self, messages: "SimpleQueue[Message | None]", seconds: float | None) -> Message | None:
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            if messages.empty():
                self._check()
            try:
                message = messages.get(timeout=_until(until))
            except Empty:
                if until is not None and time.monotonic() >= until:
                    return None
                continue
            if message is None and messages.empty():
                self._check()
            return message

    def _check(self) -> None:
        if self._process != os.getpid():
            raise Gone("The analyst belongs to the process that this one was forked from.")
        if self._gone is not None:
            raise Gone(f"{self._gone} Run the cell again.")


def _until(moment: float | None) -> float | None:
    """Seconds to wait for `moment` in one go."""
    left = None if moment is None else max(0.0, moment - time.monotonic())
    return left if TICK_SECONDS is None else TICK_SECONDS if left is None else min(left, TICK_SECONDS)
