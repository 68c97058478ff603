"""One HTTP/1.1 connection of the fake provider: requests in, bytes out, and when the client goes away."""

import asyncio
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

CHUNK_END = b"0\r\n\r\n"


@dataclass(frozen=True)
class HttpRequest:
    """A request as it came."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Connection(asyncio.StreamReaderProtocol):
    """Knows at once when the client hangs up; asyncio's own streams only tell who reads."""

    def __init__(self, reader: asyncio.StreamReader, opened: Callable[["Connection"], None]) -> None:
        super().__init__(reader)
        self.reader = reader
        self._opened = opened
        self.gone = asyncio.Event()
        self.bytes_sent = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._opened(self)

    def eof_received(self) -> bool:
        super().eof_received()
        self.gone.set()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.gone.set()

    async def read(self) -> HttpRequest | None:
        """The next request; `None` when the client is done."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
            pairs = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
            length = next((int(value) for name, value in pairs if name.lower() == "content-length"), 0)
            body = await self.reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        method, path, _ = first.split(" ", 2)
        return HttpRequest(method, path, pairs, body)

    async def pause(self, seconds: float | None) -> bool:
        """Wait, for ever with `None`; True if the client went away meanwhile."""
        try:
            await asyncio.wait_for(self.gone.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def head(self, status: int, headers: dict[str, str]) -> None:
        """Send the status line and the headers."""
        lines = [f"HTTP/1.1 {status} Fake", *(f"{name}: {value}" for name, value in headers.items())]
        await self._send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    async def body(self, data: bytes, *, chunked: bool) -> None:
        """Send a part of the body."""
        if data:
            await self._send(b"%x\r\n%s\r\n" % (len(data), data) if chunked else data)
            self.bytes_sent += len(data)

    async def end(self) -> None:
        """Send the end of a chunked body."""
        await self._send(CHUNK_END)

    def cut(self, *, reset: bool) -> None:
        """End the connection now: what was sent still arrives, unless it is reset."""
        if reset:
            raw: socket.socket = self.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        else:
            self.transport.close()

    async def _send(self, data: bytes) -> None:
        if self.gone.is_set():
            raise ConnectionResetError
        self.transport.write(data)
        # Pieces must leave one by one, or the client never sees where they were split.
        await asyncio.sleep(0)
