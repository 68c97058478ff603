"""A home of the engine that plays a script, inside the kernel under test. It stands for the engine only:
the shell, the interrupts and the messages are real, and a message that is no JSON does not get through."""

import json
import sys
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from autoanalyst_kernel.asking import Asking, Outcome
from autoanalyst_kernel.client import Gone
from autoanalyst_kernel.turn import turn

Message = dict[str, Any]

SECONDS = 30.0
"""Longest wait of a script for a message."""

RUNNING = threading.Event()
"""Set by code that says that it runs: `RUNNING.set()`."""
HEARD = threading.Event()
"""Set by a script that has done what the code waits for."""


class ScriptedHome:
    """A client's interface in front of a script, which plays in a thread of its own."""

    def __init__(self, script: Callable[["ScriptedHome"], None]) -> None:
        self.interrupting: Callable[[str], None] | None = None
        self.left: str | None = None
        self.sent: list[Message] = []
        """All messages of the client."""
        self._inbox: SimpleQueue[Message | None] = SimpleQueue()
        self._outbox: SimpleQueue[Message] = SimpleQueue()
        self._gone: str | None = None
        self._count = 0
        self.id = ""
        self._thread = threading.Thread(target=script, args=(self,), daemon=True)

    # --- a client's interface --------------------------------------------------------------------

    def send(self, message: Message) -> None:
        if self._gone is not None:
            raise Gone(self._gone)
        whole = json.loads(json.dumps(message, allow_nan=False, ensure_ascii=False).encode())
        self.sent.append(whole)
        self._outbox.put(whole)
        if message["kind"] == "ask":
            self.id = message["id"]
            self._thread.start()

    def receive(self, seconds: float | None = None) -> Message | None:
        if self._gone is not None:
            raise Gone(self._gone)
        try:
            return self._inbox.get(timeout=seconds)
        except Empty:
            return None

    def wake(self) -> None:
        self._inbox.put(None)

    # --- what scripts say ------------------------------------------------------------------------

    def tell(self, kind: str, **fields: Any) -> None:
        self._inbox.put({"kind": "event", "id": self.id, "event": {"kind": kind, **fields}})

    def want(self, op: str, **fields: Any) -> str:
        """Send a request; returns its id."""
        self._count += 1
        request = f"r{self._count}"
        self._inbox.put({"kind": "request", "id": self.id, "request": request, "do": {"op": op, **fields}})
        return request

    def until(self, kind: str, **fields: Any) -> Message:
        """The next message like this; those before it are let go."""
        while True:
            message = self.until_any(kind)
            if fields.items() <= message.items():
                return message

    def until_any(self, *kinds: str) -> Message:
        """The next message of one of these kinds."""
        deadline = time.monotonic() + SECONDS
        while True:
            message = self._outbox.get(timeout=max(0.0, deadline - time.monotonic()))
            if message["kind"] in kinds:
                return message

    def cell(self, source: str, cell_id: str = "k1", *, then: Callable[[str], None] | None = None) -> Message:
        """Insert and execute a cell; `then` is called when the request to execute it is on its way."""
        self.until("replied", request=self.want("insert", cell_id=cell_id, source=source))
        request = self.want("execute", cell_id=cell_id)
        if then is not None:
            then(request)
        return self.until("replied", request=request)

    def end(self, status: str = "answered", text: str = "It is done.") -> None:
        self.tell("run_finished", answer={"status": status, "answer": text})
        self._inbox.put({"kind": "ended", "id": self.id, "html": f"<p>{text}</p>"})

    def running(self) -> None:
        """Wait until the code says that it runs."""
        assert RUNNING.wait(SECONDS)
        RUNNING.clear()

    def go(self, reason: str) -> None:
        """Go away."""
        self._gone = reason
        self._inbox.put(None)

    def fail(self, code: str, message: str) -> None:
        self._inbox.put({"kind": "failed", "id": self.id, "code": code, "message": message})

    # --- what tests look at ----------------------------------------------------------------------

    def replies(self) -> list[Message]:
        """The replies to `execute` requests."""
        return [m["value"] for m in self.sent if m["kind"] == "replied" and "status" in m["value"]]

    def heard(self) -> list[tuple[str, Message]]:
        return [(m["type"], m["content"]) for m in self.sent if m["kind"] == "heard"]


class PlainView:
    """Shows little, and keeps what it was told."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.stopped: str | None = None

    def event(self, event: Message) -> None:
        self.events.append(event["kind"])
        if event["kind"] == "step_started":
            sys.stdout.write("thinking\n")

    def due(self) -> None:
        return None

    def refresh(self) -> None:
        pass

    def ask_approval(self, event: Message) -> tuple[bool, bool]:
        return input(f"Run {event['source']}? ") == "y", False

    def stop(self, words: str) -> None:
        self.stopped = words


class Question:
    """One question, asked by `ask` in a cell of the kernel under test."""

    def __init__(self, script: Callable[[ScriptedHome], None], *, can_ask: bool = False) -> None:
        self.home, self.view = ScriptedHome(script), PlainView()
        self.message = {"kind": "ask", "id": "q1", "question": "How many?", "folder": "/", "can_ask": can_ask}
        self.outcome: Outcome | None = None

    def ask(self, shell: Any) -> Outcome:
        with turn(self.home.wake) as interrupts:
            self.outcome = Asking(shell, self.home, self.message, self.view, interrupts).run()
        self.outcome.check()
        return self.outcome


def runs(*sources: str) -> Callable[[ScriptedHome], None]:
    """A script that runs these cells, one after the other, and answers; it stops when it is told to."""

    def script(home: ScriptedHome) -> None:
        for number, source in enumerate(sources, 1):
            home.cell(source, f"k{number}")
            if any(message["kind"] == "stop" for message in home.sent):
                return home.end("stopped", "Stopped.")
        return home.end()

    return script


def repaired(home: ScriptedHome) -> None:
    """A cell that fails, and another in its place."""
    home.cell("print(1/0)")
    home.until("replied", request=home.want("replace", cell_id="k1", source="print('fine')"))
    home.until("replied", request=home.want("execute", cell_id="k1"))
    home.end()


def edited(home: ScriptedHome) -> None:
    """Cells that come, change and go, and requests that cannot be carried out."""
    for op, fields in (
        ("insert", {"cell_id": "a", "source": "1", "metadata": {"autoanalyst": {"label": "c1"}}}),
        ("insert", {"cell_id": "b", "source": "1"}),
        ("insert", {"cell_id": "c", "source": "# Text", "cell_type": "markdown"}),
        ("replace", {"cell_id": "a", "source": "2"}),
        ("remove", {"cell_id": "b"}),
        ("execute", {"cell_id": "b"}),
        ("execute", {"cell_id": "c"}),
        ("levitate", {"cell_id": "c"}),
    ):
        home.until("replied", request=home.want(op, **fields))
    home.end()


def thinks(home: ScriptedHome) -> None:
    """A model that thinks until the question is stopped."""
    home.tell("step_started", step=1)
    home.until("stop", id=home.id)
    home.end("stopped", "Stopped.")


def deaf(home: ScriptedHome) -> None:
    """A home that does not mind a stop."""
    home.tell("step_started", step=1)
    home.until("stop", id=home.id)
    home.tell("step_started", step=2)


def limits(source: str) -> Callable[[ScriptedHome], None]:
    """A script that lets a cell run until it says that it does, and then no longer."""

    def script(home: ScriptedHome) -> None:
        def limit(request: str) -> None:
            home.running()
            assert home.interrupting is not None
            home.interrupting(request)

        home.cell(source, then=limit)
        home.cell("goes_on = True", "k2")
        home.end()

    return script


def limits_too_late(home: ScriptedHome) -> None:
    """The limit of a cell that has ended is told while the next one runs."""
    home.cell("first = 1")
    assert home.interrupting is not None
    home.interrupting("r2")

    def limit(_: str) -> None:
        home.running()
        assert home.interrupting is not None
        home.interrupting("r2")
        HEARD.set()

    home.cell("RUNNING.set()\nHEARD.wait(30)\nsecond = 2", "k2", then=limit)
    HEARD.clear()
    home.end()


def limits_too_early(home: ScriptedHome) -> None:
    """The limit is told before the cell has begun."""
    assert home.interrupting is not None
    home.interrupting("r2")
    home.cell("never = True")
    home.end()


def asks_approval(home: ScriptedHome) -> None:
    """Code that wants a yes."""
    home.tell("approval_needed", call_id="t1", code_hash="abc", source="1 + 1", reason="It writes a file.")
    approved = home.until_any("approve", "stop")
    if approved["kind"] == "stop":
        return home.end("stopped", "Stopped.")
    return home.end(text="Approved." if approved["yes"] else "Refused.")


def ends(status: str, text: str) -> Callable[[ScriptedHome], None]:
    """A script that says at once how it ended."""
    return lambda home: home.end(status, text)


def refuses(home: ScriptedHome) -> None:
    """A question that cannot be begun."""
    home.fail("bad_request", "There is no agent named 'nobody'.")


def leaves(home: ScriptedHome) -> None:
    """A home that goes away while a cell runs."""

    def leave(_: str) -> None:
        home.running()
        home.go("The analyst's process ended.")
        HEARD.set()

    home.cell("RUNNING.set()\nHEARD.wait(30)\nHEARD.clear()\nprint('on its own')\nstays = 5", then=leave)
