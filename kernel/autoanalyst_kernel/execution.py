"""`Execution`: one cell of a run, on its way through the user's shell.

It runs on the thread that calls, as if the user had written it, without a number of its own. What it shows
is passed on as it comes, text in larger pieces.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .interrupts import Interrupts
from .links import Gone
from .outputs import Outputs
from .patches import Patches
from .results import clean
from .tee import Content, Tee

Message = dict[str, Any]

HEARD_CHARACTERS = 2**15
HEARD_SECONDS = 0.2
"""Text of a stream is passed on when so much of it waits, or the first of it waited so long."""
MAX_EVALUE = 2**14

AWAIT = (
    "Top-level await is not available here: the cell runs synchronously, in a kernel whose event loop is "
    "already running. Use a synchronous API, or run the coroutine in a thread of its own, for example "
    "`concurrent.futures.ThreadPoolExecutor().submit(asyncio.run, main()).result()`. No part of the cell ran."
)
EXIT = "The kernel does not end while a question is answered. Leave exit() out."


class Execution:
    """One execution of one cell."""

    def __init__(
        self,
        shell: Any,
        send: Callable[[Message], None],
        interrupts: Interrupts,
        request: str,
        outputs: Outputs,
    ) -> None:
        """`request` names it to the engine, which hears of it by `send`; `outputs` are filled."""
        self.value: Any = None
        """What its last expression was, if it ended well."""
        self._shell, self._send, self._interrupts = shell, send, interrupts
        self._request, self._outputs = request, outputs
        self._error: BaseException | None = None
        self._text: list[str] = []
        self._name, self._characters, self._since = "", 0, 0.0

    def run(self, source: str) -> Message:
        """Run it to its end; how that was, as the start of an `ExecuteReply`."""
        if self._interrupts.stop_wanted:
            return {"status": "interrupted", "ename": "KeyboardInterrupt", "evalue": "It was not begun."}
        code = _transformed(self._shell, source)
        if code is not None and self._shell.should_run_async(source, transformed_cell=code):
            return {"status": "error", "ename": "TopLevelAwait", "evalue": AWAIT}
        tee = Tee(self._shell, self._take, flooding=lambda: self._interrupts.limit(self._request))
        with tee, _settled(self._shell, code or source):
            value = self._run_code(source)
        self._error = self._error or tee.unshown
        status = self._status(tee)
        if status == "ok":
            self.value = value
        elif self._error is not None and not tee.errors:
            self._take("error", {**_named(self._error), "traceback": []})
        self._pass_on()
        self._outputs.finish()
        named = {} if status == "ok" else _named(self._error or KeyboardInterrupt())
        return {"status": status, "flooded": tee.flooded, **named}

    def _run_code(self, source: str) -> Any:
        value = None
        try:
            self._interrupts.begin(self._request)
            result = self._shell.run_cell(source, store_history=False)
            self._error, value = result.error_before_exec or result.error_in_exec, result.result
            ours = self._interrupts.over()
        except KeyboardInterrupt as interrupt:  # it came between the shell's own steps
            ours = self._interrupts.over()
            self._error = interrupt
        if not ours and type(self._error) is KeyboardInterrupt:
            self._interrupts.stop()  # the code's own handler got what was meant for us
        return value

    def _status(self, tee: Tee) -> str:
        # Code may swallow an interrupt; it was interrupted all the same.
        if tee.flooded or self._interrupts.stop_wanted or self._interrupts.limited(self._request):
            return "interrupted"
        return "ok" if self._error is None else "error"

    # --- what it shows ---------------------------------------------------------------------------

    def _take(self, kind: str, content: Content) -> None:
        with self._interrupts.held():
            self._outputs.take(kind, content)
            if kind != "stream":
                self._pass_on()
                self._hear(kind, content)
                return
            if content["name"] != self._name:
                self._pass_on()
                self._name, self._since = content["name"], time.monotonic()
            self._text.append(content["text"])
            self._characters += len(content["text"])
            waited = time.monotonic() - self._since
            if self._characters > HEARD_CHARACTERS or waited > HEARD_SECONDS:
                self._pass_on()

    def _pass_on(self) -> None:
        """Send the text that waits."""
        if self._text:
            self._hear("stream", {"name": self._name, "text": "".join(self._text)})
        self._text, self._name, self._characters = [], "", 0

    def _hear(self, kind: str, content: Content) -> None:
        try:
            self._send({"kind": "heard", "request": self._request, "type": kind, "content": content})
        except Gone:
            return  # no business of the code that prints; who sends the reply meets it again


def _transformed(shell: Any, source: str) -> str | None:
    """The cell as Python, magics and commands replaced; None where that is not possible."""
    try:
        return str(shell.transform_cell(source))
    except SyntaxError:
        return None


def _named(error: BaseException) -> Message:
    return {"ename": type(error).__name__, "evalue": clean(str(error))[:MAX_EVALUE]}


@contextmanager
def _settled(shell: Any, code: str) -> Iterator[None]:
    """Keep apart from the cell that asks what the shell has only once."""
    patches, hook = Patches(), shell.displayhook
    of_asking, debugging = hook.exec_result, shell.call_pdb
    # The shell looks for a semicolon in the history, where this cell is not.
    patches.put(hook, "quiet", lambda: hook.semicolon_at_end_of_expression(code))
    # What a cell of a run shows is not an output of the user's: `_` and `Out` stay theirs.
    patches.put(hook, "update_user_ns", _keep_nothing)
    patches.put(hook, "log_output", _keep_nothing)
    patches.put(shell, "ask_exit", _stay)
    if sys.platform != "win32" and not hasattr(shell, "kernel"):
        # In a terminal, commands write past the shell, where nobody hears them.
        patches.put(shell, "system", shell.system_piped)
    shell.call_pdb = False
    try:
        yield
    finally:
        shell.call_pdb = debugging
        hook.exec_result = of_asking
        patches.undo()


def _keep_nothing(_shown: Any) -> None:
    """Stands where the shell would keep what was shown."""


def _stay() -> None:
    raise SystemExit(EXIT)
