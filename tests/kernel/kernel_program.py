"""A real kernel, driven as a front end drives it: outputs and reply of a cell, interrupts, what it holds."""

import ast
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from pydantic import TypeAdapter

from autoanalyst_ext.types.wire import ClientMessage, ExecuteReply

SECONDS = 60.0
Whens = Sequence[tuple[str, Callable[[], None]]]
MESSAGES: TypeAdapter[Any] = TypeAdapter(ClientMessage)
ROOT = Path(__file__).parents[2]

SETUP = f"""
import os, sys
sys.path[:0] = [{str(ROOT)!r}]
from tests.kernel.scripted_home import *
shell = get_ipython()
"""


@dataclass
class Ran:
    """What a front end saw of a cell."""

    reply: dict[str, Any] = field(default_factory=dict)
    messages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def status(self) -> str:
        return str(self.reply["status"])

    def text(self, name: str = "stdout") -> str:
        streams = [content for kind, content in self.messages if kind == "stream"]
        return "".join(content["text"] for content in streams if content["name"] == name)

    def seen(self) -> str:
        """All that could be read so far, of whatever was shown."""
        shown = ["".join(map(str, content.get("data", {}).values())) for _, content in self.messages]
        return "\n".join((self.text(), *shown))

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.messages]


class KernelProgram:
    """A kernel and its front end."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager, self.client = manager, client

    def run(
        self,
        source: str,
        *,
        when: Whens = (),
        answer: Callable[[], str] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> Ran:
        """Execute a cell. `when` names texts of its outputs and what to do once they are there, in order;
        `answer` is what a person at the prompt says, without one there is nobody. `metadata` goes with the
        request, as JupyterLab sends the cell's own."""
        request = self._send(source, allow_stdin=answer is not None, metadata=metadata or {})
        ran, waits = Ran(), list(when)
        deadline = time.monotonic() + SECONDS
        while not ran.reply:
            if answer is not None and self.client.stdin_channel.msg_ready():
                self.client.get_stdin_msg(timeout=1)
                if said := answer():
                    self.client.input(said)
            self._hear(request, ran, deadline)
            if waits and waits[0][0] in ran.seen():
                waits.pop(0)[1]()
        assert not waits, f"{waits[0][0]!r} never came"
        return ran

    def _send(self, source: str, *, allow_stdin: bool, metadata: dict[str, Any]) -> str:
        content = {
            "code": source, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": allow_stdin, "stop_on_error": True,
        }  # fmt: skip
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def _hear(self, request: str, ran: Ran, deadline: float) -> None:
        if not self.client.iopub_channel.msg_ready():
            self._wait(deadline)
            return
        message = self.client.get_iopub_msg(timeout=SECONDS)
        if message["parent_header"].get("msg_id") != request:
            return
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            ran.reply = self.reply_to(request)
        elif kind not in ("status", "execute_input"):
            ran.messages.append((kind, content))

    def reply_to(self, request: str) -> dict[str, Any]:
        """The reply to a request; others are let go."""
        while True:
            reply = self.client.get_shell_msg(timeout=SECONDS)
            if reply["parent_header"].get("msg_id") == request:
                return dict(reply["content"])

    def _wait(self, deadline: float) -> None:
        """Until something arrives on a channel that a cell uses."""
        poller = zmq.Poller()
        for channel in (self.client.iopub_channel, self.client.stdin_channel):
            poller.register(channel.socket, zmq.POLLIN)
        left = deadline - time.monotonic()
        assert poller.poll(max(0.0, left) * 1000), "the kernel says nothing any more"

    def value(self, expression: str) -> Any:
        """What an expression is in the kernel, as JSON."""
        wrapped = f"__import__('json').dumps({expression})"
        request = self.client.execute("", silent=True, user_expressions={"value": wrapped})
        found = self.reply_to(request)["user_expressions"]["value"]
        assert found["status"] == "ok", found
        return json.loads(ast.literal_eval(found["data"]["text/plain"]))

    def ask(self, *sources: str, when: Whens = ()) -> Ran:
        """Ask a question whose run executes these cells; the question is `q` in the kernel."""
        return self.script(f"runs(*{sources!r})", when=when)

    def script(
        self,
        script: str,
        *,
        can_ask: bool = False,
        when: Whens = (),
        answer: Callable[[], str] | None = None,
    ) -> Ran:
        """Ask a question that is answered by a script, an expression for the kernel."""
        cell = f"q = Question({script}, can_ask={can_ask})\nq.ask(shell)\nNone"
        ran = self.run(cell, when=when, answer=answer)
        for message in self.value("q.home.sent"):
            MESSAGES.validate_python(message)
        return ran

    def replies(self) -> list[ExecuteReply]:
        """How the cells of the last question ended."""
        return [ExecuteReply.model_validate(reply) for reply in self.value("q.home.replies()")]

    def heard(self) -> list[tuple[str, dict[str, Any]]]:
        """What the engine heard of the last question's cells."""
        return [(kind, content) for kind, content in self.value("q.home.heard()")]

    def sent(self) -> list[str]:
        """Kinds of the messages that the engine got, outputs left out."""
        return [m["kind"] for m in self.value("q.home.sent") if m["kind"] != "heard"]

    def interrupt(self) -> None:
        self.manager.interrupt_kernel()


@contextmanager
def kernel_program(folder: Path) -> Iterator[KernelProgram]:
    """A kernel in `folder`, with the scripted home at hand; ended on leaving."""
    manager = KernelManager(kernel_name="python3")
    # A kernel under pytest would not show what processes write; elsewhere it also echoes it to its terminal.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    manager.start_kernel(cwd=str(folder), env=environment, stdout=DEVNULL, stderr=DEVNULL)
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=SECONDS)
        program = KernelProgram(manager, client)
        assert program.run(SETUP).status == "ok"
        yield program
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
