"""`Tee`: what code shows is also handed to us, as Jupyter's own messages, in the order in which it happens.

The user sees everything live, with two exceptions: tracebacks, because who asked the code to run decides
what becomes of a failed attempt, and `clear_output`, which would take away what else the cell shows.
Works under ipykernel and in a terminal.
"""

import json
import math
import os
import sys
import threading
from binascii import b2a_base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .patches import Patches
from .results import clean

OUTPUT_BYTES = 10 * 2**20
"""Most bytes that one cell may show."""
PIECE_CHARACTERS = 2**16
"""A stream is flushed at least this often, so that a flood reaches the browser in small pieces."""

Content = dict[str, Any]


class Flood(KeyboardInterrupt):
    """Raised out of the write that shows more than `OUTPUT_BYTES`, and out of each one after it."""


class Tee:
    """Hands over what is shown while it is entered, from all threads."""

    def __init__(
        self,
        shell: Any,
        take: Callable[[str, Content], None],
        *,
        flooding: Callable[[], None] | None = None,
    ) -> None:
        """`take` gets a message's type and content; `flooding` is called when another thread floods."""
        self.flooded = False
        """More was shown than may be; the rest is dropped."""
        self.unshown: BaseException | None = None
        """Why the value of the last expression could not be shown."""
        self.errors = 0
        """Tracebacks that were taken."""
        self._shell, self._take, self._flooding = shell, take, flooding
        self._room = OUTPUT_BYTES
        self._lock = threading.RLock()
        self._ways = threading.local()
        """`way` of a thread: None (shown and taken), "shown", or a list that collects instead."""
        self._patches = Patches()
        self._streams, self._values = (sys.stdout, sys.stderr), sys.displayhook
        self._thread, self._process = 0, 0
        self._last: Any = None
        self._pending = 0

    def __enter__(self) -> "Tee":
        self._thread, self._process = threading.get_ident(), os.getpid()
        for stream, name in zip(self._streams, ("stdout", "stderr"), strict=True):
            if hasattr(stream, "__dict__") and (name == "stdout" or stream is not self._streams[0]):
                self._patches.put(stream, "write", self._writer(stream, name, stream.write))
        shell, hook, publisher = self._shell, self._shell.displayhook, self._shell.display_pub
        self._patches.put(publisher, "publish", self._publisher(publisher.publish))
        self._patches.put(publisher, "clear_output", self._clear)
        self._patches.put(hook, "write_format_data", self._result_writer(hook.write_format_data))
        for name in ("write_output_prompt", "finish_displayhook"):
            self._patches.put(hook, name, self._only_shown(getattr(hook, name)))
        self._patches.put(shell, "showtraceback", self._traceback_catcher(shell.showtraceback))
        self._patches.put(shell, "_showtraceback", self._error)
        if self._values is not hook:
            sys.displayhook = self._captured(self._values)
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._process = 0  # what still holds one of our functions only passes through it
            self._patches.undo()
        (sys.stdout, sys.stderr), sys.displayhook = self._streams, self._values
        for stream in self._streams:
            if stream is not None and not getattr(stream, "closed", False):
                stream.flush()

    # --- streams ---------------------------------------------------------------------------------

    def _writer(self, stream: Any, name: str, write: Callable[[str], Any]) -> Callable[[str], Any]:
        def tee(text: str) -> Any:
            __tracebackhide__ = True
            way = getattr(self._ways, "way", None)
            if isinstance(way, list):
                way.append(text)
                return len(text)
            # A forked process shows what it has to show, but nobody is there to take it.
            if way == "shown" or self._process != os.getpid() or not isinstance(text, str):
                return write(text)
            with self._lock:
                if fitting := clean(self._fitting(text)):
                    self._keep_order(stream, len(fitting))
                    write(fitting)
                    self._take("stream", {"name": name, "text": fitting})
            if self.flooded:
                self._stop_writer(stream)
            return len(text)

        return tee

    def _keep_order(self, stream: Any, characters: int) -> None:
        """The kernel buffers its two streams apart from each other."""
        if self._last is not stream:
            if self._last is not None:
                self._last.flush()
            self._last, self._pending = stream, 0
        self._pending += characters
        if self._pending > PIECE_CHARACTERS:
            self._pending = 0
            stream.flush()

    # --- displays --------------------------------------------------------------------------------

    def _publisher(self, publish: Callable[..., None]) -> Callable[..., None]:
        def tee(data: Any, metadata: Any = None, *args: Any, **more: Any) -> None:
            kind = "update_display_data" if more.get("update") else "display_data"
            content = {"data": data, "metadata": metadata or {}, "transient": more.get("transient") or {}}
            self._display(kind, content, lambda: publish(data, metadata, *args, **more))

        return tee

    def _result_writer(self, write: Callable[..., None]) -> Callable[..., None]:
        def tee(data: Any, metadata: Any = None) -> None:
            content = {"data": data, "metadata": metadata or {}, "execution_count": None}
            self._display("execute_result", content, lambda: write(data, metadata))

        return tee

    def _captured(self, show: Callable[[Any], Any]) -> Callable[[Any], None]:
        """Stands where somebody takes values before the shell does, as `%%capture` has it."""
        hook = self._shell.displayhook

        def tee(value: Any) -> None:
            if value is not None and not hook.quiet():
                hook.fill_exec_result(value)
                data, metadata = self._shell.display_formatter.format(value)
                content = {"data": data, "metadata": metadata, "execution_count": None}
                self._display("execute_result", content, lambda: show(value))

        return tee

    def _display(self, kind: str, content: Content, show: Callable[[], None]) -> None:
        if self._process != os.getpid():
            return show()
        ready = as_json(content)
        with self._lock:
            if self._fits(len(json.dumps(ready))):
                with self._way("shown"):
                    show()
                self._last = None  # a display flushes both streams
                return self._take(kind, ready)
        return self._stop_writer(None)

    def _clear(self, wait: bool = False) -> None:
        with self._lock:
            self._take("clear_output", {"wait": bool(wait)})

    def _only_shown(self, method: Callable[[], None]) -> Callable[[], None]:
        """A terminal's prompt and line ends are no output."""

        def show() -> None:
            with self._way("shown"):
                method()

        return show

    # --- errors ----------------------------------------------------------------------------------

    def _error(self, kind: Any, error: Any, traceback: list[str]) -> None:
        """Stands where the shell would show a traceback."""
        hook = self._shell.displayhook
        if getattr(hook, "msg", None) is not None or hook.is_active:
            self.unshown = error
        self._take_error(kind.__name__, str(error), traceback)

    def _traceback_catcher(self, show: Callable[..., None]) -> Callable[..., None]:
        def catch(exc_tuple: Any = None, *args: Any, **more: Any) -> None:
            error = exc_tuple[1] if exc_tuple else sys.exc_info()[1]
            before, texts = self.errors, list[str]()
            with self._way(texts):
                show(exc_tuple, *args, **more)
            if self.errors == before and error is not None:
                # Usage errors and groups of exceptions are printed.
                self._take_error(type(error).__name__, str(error), "".join(texts).splitlines())

        return catch

    def _take_error(self, name: str, text: str, traceback: list[str]) -> None:
        self.errors += 1
        if name != Flood.__name__:
            with self._lock:
                self._take("error", as_json({"ename": name, "evalue": text, "traceback": traceback}))

    # --- floods ----------------------------------------------------------------------------------

    def _fitting(self, text: str) -> str:
        """As much of `text` as there is room for."""
        size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        room = self._room
        if self._fits(size):
            return text
        self._room = 0
        return text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")

    def _fits(self, size: int) -> bool:
        self.flooded |= size > self._room
        if not self.flooded:
            self._room -= size
        return not self.flooded

    def _stop_writer(self, stream: Any) -> None:
        """Stop who writes too much. In a thread, only it ends by that; the code is stopped as well."""
        if threading.get_ident() == self._thread:
            raise Flood("The cell wrote more than an output may hold.")
        if self._flooding is not None:
            self._flooding()
        if threading.current_thread() is not getattr(stream, "watch_fd_thread", None):
            raise SystemExit  # ends a thread without a word; the kernel's own, which reads pipes, must live

    @contextmanager
    def _way(self, way: "str | list[str]") -> Iterator[None]:
        before = getattr(self._ways, "way", None)
        self._ways.way = way
        try:
            yield
        finally:
            self._ways.way = before


def as_json(value: Any) -> Any:
    """`value` as a kernel's message would hold it: bytes in base64, no NaN, no lone surrogates."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(str.__str__(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return b2a_base64(value, newline=False).decode("ascii")
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {clean(str(key)): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_json(item) for item in value]
    if hasattr(value, "isoformat"):
        return clean(str(value.isoformat()))
    return as_json(value.tolist()) if hasattr(value, "tolist") else clean(str(value))
