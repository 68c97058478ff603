"""`Asking`: one question, from the moment it is sent until it has ended, on the thread that asks.

It passes events on to the view and requests to the hands, and decides what a stop by the user means. How
anything looks is the view's business, how messages travel the client's.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from .execution import Message
from .hands import HandCell, Hands, refused
from .interrupts import Interrupts
from .links import Gone

STOP_SECONDS = 10.0
"""How long a stopped question may take to end."""

STOPPED = "Stopped. What it had made is kept."
NOT_BEGUN = "Stopped before anything was asked."
UNCONFIRMED = "Stopped without waiting for the analyst. What it had made is kept."


class View(Protocol):
    """What shows a question."""

    def event(self, event: Message) -> None:
        """Show what the run does."""

    def due(self) -> float | None:
        """Seconds until `refresh` is to be called; None where it is not."""

    def refresh(self) -> None:
        """Show what was held back."""

    def ask_approval(self, event: Message) -> tuple[bool, bool]:
        """Ask whether code may run: yes or no, and whether to remember it."""

    def stop(self, words: str) -> None:
        """Show that it has ended without an answer."""


class Home(Protocol):
    """The engine, as a client sees it."""

    interrupting: Callable[[str], None] | None
    left: str | None
    """The question that was left before it had ended."""

    def send(self, message: Message) -> None:
        """Send a message; raises `Gone`."""

    def receive(self, seconds: float | None = None) -> Message | None:
        """The next message; None after `wake` or `seconds`. Raises `Gone`."""

    def wake(self) -> None:
        """Let `receive` return."""


class Stopped(KeyboardInterrupt):
    """The user stopped the question; the cell that asked it ends with this, in one line."""

    def _render_traceback_(self) -> list[str]:
        return [f"KeyboardInterrupt: {self}"]


Stopped.__name__ = "KeyboardInterrupt"  # what front ends and other tools look for


class Unanswered(Exception):
    """The question ended without an answer, and not because the analyst abstained.

    Why is said in the output already, so the cell's error is one short line.
    """

    def _render_traceback_(self) -> list[str]:
        return ["Not answered."]


@dataclass(frozen=True)
class Outcome:
    """How a question ended."""

    answer: Message
    """An `Answer`."""
    html: str
    receipt: Message | None
    replayed: bool
    pending: tuple[str, ...]
    """Labels of cells below whose values the answer waits for."""
    cells: tuple[HandCell, ...]
    """What the run left, in the notebook's order."""
    instead: str | None = None
    """A model that could be asked, where the offline analyst could not answer."""

    def check(self) -> None:
        """Raise `Unanswered` where the cell that asked must fail, so that nothing after it runs."""
        if self.answer["status"] not in ("answered", "abstained"):
            first = str(self.answer["answer"]).strip().partition("\n")[0]
            raise Unanswered((self.answer.get("error") or {}).get("message") or first or "No answer came.")


class Asking:
    """One question on its way."""

    def __init__(self, shell: Any, home: Home, ask: Message, view: View, interrupts: Interrupts) -> None:
        """`ask` is an `Ask` message; `interrupts` are those of this question's `turn`."""
        self._home, self._ask, self._view = home, ask, view
        self._interrupts = interrupts
        self._hands = Hands(shell, home.send, interrupts)
        self._answer: Message = {}
        self._stop_until: float | None = None

    @property
    def cells(self) -> tuple[HandCell, ...]:
        """The cells that the run has inserted so far."""
        return tuple(self._hands.cells.values())

    def run(self) -> Outcome:
        """Ask, and stay until it has ended.

        Raises `Stopped` after a stop by the user, `Gone` where the home goes away, `Refusal` where the
        question cannot be begun.
        """
        self._home.interrupting = self._interrupts.limit
        try:
            return self._converse()
        except Gone as error:
            self._view.stop(str(error))
            raise
        finally:
            self._home.interrupting = None

    def _converse(self) -> Outcome:
        from .client import Refusal

        self._see_off()
        if self._interrupts.stop_wanted:
            self._view.stop(NOT_BEGUN)
            raise Stopped(NOT_BEGUN)
        self._home.send(self._ask)
        last = None
        try:
            while last is None:
                last = self._next()
        except BaseException:
            self._abandon()
            raise
        if last["kind"] == "failed":
            if last.get("id") is None:  # it speaks of a message of ours; the question may go on
                self._abandon()
            raise Refusal(last["message"], last["code"])
        if self._interrupts.stop_wanted:
            self._view.stop(STOPPED)
            raise Stopped(STOPPED)
        return Outcome(
            answer=self._answer,
            html=last["html"],
            receipt=last.get("receipt"),
            replayed=last.get("replayed", False),
            pending=tuple(last.get("pending", ())),
            cells=self.cells,
            instead=last.get("instead"),
        )

    def _see_off(self) -> None:
        """Wait for the end of the question that was left before it: the engine answers one at a time."""
        until = time.monotonic() + STOP_SECONDS
        while self._home.left is not None and not self._interrupts.stop_wanted:
            if (seconds := until - time.monotonic()) <= 0:
                return  # the engine refuses this one, in words
            message = self._home.receive(seconds)
            if message is None or message.get("id") != self._home.left:
                continue
            if message["kind"] == "request":
                self._home.send(refused(message))
            elif message["kind"] in ("ended", "failed"):
                self._home.left = None

    def _next(self) -> Message | None:
        """Take one message; the one that ends the question is returned."""
        message = self._home.receive(self._wait())
        try:
            return self._take(message)
        except KeyboardInterrupt:  # a second one, while the first still ended the code
            self._interrupts.over()
            self._interrupts.stop()
            return None

    def _take(self, message: Message | None) -> Message | None:
        if message is None:
            self._view.refresh()
            return None
        if message.get("id") not in (self._ask["id"], None):
            return None
        match message["kind"]:
            case "event":
                self._event(message["event"])
            case "request":
                self._hands.do(message)
            case "ended" | "failed":
                return message
        return None

    def _wait(self) -> float | None:
        """How long to wait for the next message; tells the engine to stop once that is wanted."""
        if not self._interrupts.stop_wanted:
            return self._view.due()
        self._hands.tell_stop(self._ask["id"])
        if self._stop_until is None:
            self._stop_until = time.monotonic() + STOP_SECONDS
        left = self._stop_until - time.monotonic()
        if left <= 0 or self._interrupts.give_up:
            self._view.stop(UNCONFIRMED)
            raise Stopped(UNCONFIRMED)
        return left

    def _event(self, event: Message) -> None:
        if event["kind"] == "run_finished":
            self._answer = event["answer"]
        self._view.event(event)
        if event["kind"] == "approval_needed" and not self._interrupts.stop_wanted:
            self._approve(event)

    def _approve(self, event: Message) -> None:
        yes, remember = False, False
        try:
            self._interrupts.begin(event["call_id"])
            if self._ask.get("can_ask"):
                yes, remember = self._view.ask_approval(event)
        except KeyboardInterrupt:
            self._interrupts.stop()
            return
        except (EOFError, NotImplementedError):
            yes = False  # nobody is there after all
        finally:
            self._interrupts.over()
        reply = {"kind": "approve", "id": self._ask["id"], "yes": yes, "remember": remember}
        self._home.send({**reply, "call_id": event["call_id"], "code_hash": event["code_hash"]})

    def _abandon(self) -> None:
        """Do not leave the run alone: it must not go on when nobody takes part in it."""
        self._home.left = self._ask["id"]
        try:
            self._hands.tell_stop(self._ask["id"])
        except Gone:
            return
