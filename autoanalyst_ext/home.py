"""`python -m autoanalyst_ext.home`: the engine as a child of a magic, where no server has it.

The magic and the engine talk in JSON, a message a line, over this process's stdin and stdout. It ends when
stdin ends or its parent does: what was being asked is stopped and booked before.
"""

import asyncio
import os
import queue
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress

from .chats.parsing import MESSAGE_BYTES
from .chats.relay import Relay
from .config import explained, load_config
from .engine import Engine
from .errors import BadRequest

READ_BYTES = 2**16
LINES_WAITING = 64
"""Lines that are read ahead; a client that says more at once waits for the pipe."""

END_SECONDS = 20.0
"""Time for what was being asked to stop and be booked, once nobody is there any more."""

LAST_WORDS_SECONDS = 1.0
"""Of that, for a client that still reads to hear how its question ended."""

PURPOSE = "This is what the %%analyst magic starts to be answered. To ask from a terminal: autoanalyst ask"


class Lines:
    """JSON lines from one file descriptor and to another.

    Each has a thread, since not every system's pipes can be waited for in an event loop. They are daemons
    that hold no lock of Python's, so that a pipe that never ends cannot keep the process.
    """

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming, self._outgoing = incoming, outgoing
        self._loop = asyncio.get_running_loop()
        self._arrived: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._room = threading.Semaphore(LINES_WAITING)
        self._leaving: queue.SimpleQueue[tuple[bytes, asyncio.Future[None]]] = queue.SimpleQueue()
        for work in (self._read, self._write):
            threading.Thread(target=work, daemon=True, name=f"home{work.__name__}").start()

    async def arriving(self) -> AsyncIterator[bytes]:
        """The lines as they come, until the end. Of one that is too long comes as much as shows that."""
        while (line := await self._arrived.get()) is not None:
            self._room.release()
            yield line

    async def send(self, text: str) -> None:
        """Send a line; returns when it is on its way. Raises `OSError` when nobody reads any more."""
        sent = self._loop.create_future()
        self._leaving.put((text.encode() + b"\n", sent))
        await sent

    def end(self) -> None:
        """Nothing more comes, whatever holds the pipe open."""
        self._arrived.put_nowait(None)

    def _read(self) -> None:
        for line in split(self._chunks(), MESSAGE_BYTES):
            self._room.acquire()
            self._in_loop(self._arrived.put_nowait, line)
        self._in_loop(self._arrived.put_nowait, None)

    def _chunks(self) -> Iterator[bytes]:
        with suppress(OSError):
            while chunk := os.read(self._incoming, READ_BYTES):
                yield chunk

    def _write(self) -> None:
        while True:
            data, sent = self._leaving.get()
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(self._outgoing, rest) :]
            except OSError as error:
                self._in_loop(_settle, sent, error)
                return
            self._in_loop(_settle, sent, None)

    def _in_loop(self, function: Callable[..., None], *values: object) -> None:
        with suppress(RuntimeError):  # the loop has ended, and all interest with it
            self._loop.call_soon_threadsafe(function, *values)


def _settle(sent: "asyncio.Future[None]", error: OSError | None) -> None:
    if sent.done():
        return
    if error is None:
        sent.set_result(None)
    else:
        sent.set_exception(error)


def split(chunks: Iterator[bytes], longest: int) -> Iterator[bytes]:
    """Lines without their ends, from pieces of any size. A longer line is cut to one byte above `longest`."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield b"".join((*parts, end))[: longest + 1]
            parts, size = [], 0
        if size <= longest:
            parts.append(rest)
        size += len(rest)
    if size:
        yield b"".join(parts)[: longest + 1]


def main() -> int:
    """Answer one client until it goes; returns the exit code."""
    if sys.stdin.isatty():
        sys.stderr.write(PURPOSE + "\n")
        return 2
    # An interrupt of the notebook is the magic's to handle: it says Stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    incoming, outgoing = os.dup(0), os.dup(1)
    # Whatever a library prints or reads must not be in the middle of the messages.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    try:
        asyncio.run(serve(incoming, outgoing))
    except BadRequest as error:  # a setting or a file of settings; the magic shows the last line
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return 1
    return 0


async def serve(incoming: int, outgoing: int) -> None:
    """Be the home of the client at these file descriptors, until it goes."""
    lines = Lines(incoming, outgoing)
    with explained():
        home = Engine(config=load_config())
    async with home as engine:
        relay = Relay(engine)
        sending = asyncio.create_task(_send(relay, lines))
        with ended_from_outside(lines.end):
            async for line in lines.arriving():
                await relay.take(line)
        # Whatever hangs then, nothing of us may stay behind.
        last = threading.Timer(END_SECONDS, os._exit, (1,))
        last.daemon = True
        last.start()
        await relay.close()
        await asyncio.wait([sending], timeout=LAST_WORDS_SECONDS)
        sending.cancel()
        await asyncio.wait([sending])


async def _send(relay: Relay, lines: Lines) -> None:
    try:
        async for text in relay.outgoing():
            await lines.send(text)
    except OSError:  # nobody reads any more
        lines.end()


@contextmanager
def ended_from_outside(end: Callable[[], None]) -> Iterator[None]:
    """Call `end` when this process is asked to end, or its parent has ended.

    The end of stdin tells of the parent's end too, but not while a process that the kernel forked holds
    the pipe open. Where the system cannot tell (macOS, Windows), stdin has to do.
    """
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):
        loop.add_signal_handler(signal.SIGTERM, end)
    parent: int | None = None
    if sys.platform == "linux":
        with suppress(OSError):
            parent = os.pidfd_open(os.getppid())
            loop.add_reader(parent, end)
    try:
        yield
    finally:
        if parent is not None:
            loop.remove_reader(parent)
            os.close(parent)


if __name__ == "__main__":
    sys.exit(main())
