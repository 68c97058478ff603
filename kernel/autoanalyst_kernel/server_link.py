"""`ServerLink`: the engine in the Jupyter server that started this kernel, over a WebSocket.

The socket has an event loop in a thread of its own: the kernel's loop stands still while a cell runs. There
are no pings. Both ends are on one machine, where the end of a process closes its socket, and a kernel whose
code does not let other threads run for minutes must not lose its analyst.
"""

import asyncio
import concurrent.futures
import threading
from typing import TYPE_CHECKING, Any

from .links import LARGEST_BYTES, Gone, Link, Lost, NoHome, Take

if TYPE_CHECKING:
    import ssl

    from tornado.httpclient import HTTPRequest
    from tornado.websocket import WebSocketClientConnection

STREAM = "autoanalyst/api/v1/stream"
SCHEME = "AnalystKernel"
CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 2.0


class ServerLink(Link):
    """The line to a Jupyter server."""

    where = "in the Jupyter server"

    def __init__(
        self, take: Take, lost: Lost, *, url: str, secret: str, certificate: str | None, stream: str = STREAM
    ) -> None:
        super().__init__(take, lost)
        self._url = url
        self._stream = stream
        self._secret = secret
        self._certificate = certificate
        """The server's own, where it has one: no other is accepted."""
        self._opened: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._socket: WebSocketClientConnection | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="autoanalyst-socket", daemon=True)

    def open(self) -> None:
        """Connect; raises `NoHome` with what the server said."""
        try:
            import tornado.websocket  # noqa: F401 - whether it is there
        except ImportError:
            raise NoHome("The Jupyter server cannot be asked because tornado is not installed.") from None
        self._thread.start()
        self._opened.result()

    def send(self, message: bytes) -> None:
        """Hand a message to the socket's thread."""
        if self._loop is None or self._socket is None:
            raise Gone("There is no connection to the Jupyter server.")
        try:
            self._loop.call_soon_threadsafe(self._write, message)
        except RuntimeError:  # the loop has ended between the check and the call
            raise Gone("The Jupyter server has closed the connection.") from None

    def close(self) -> None:
        """Say goodbye and end the thread."""
        self._closed = True
        if self._loop is not None and self._socket is not None and self._thread.is_alive():
            try:
                self._loop.call_soon_threadsafe(self._socket.close)
            except RuntimeError:  # it has just ended by itself
                return
            self._thread.join(CLOSE_SECONDS)

    def last_words(self) -> str:
        """Nothing: a server says everything in messages."""
        return ""

    def descriptors(self) -> list[int]:
        """The socket."""
        protocol = None if self._socket is None else self._socket.protocol
        stream = None if protocol is None else protocol.stream
        return [] if stream is None or stream.closed() else [stream.socket.fileno()]

    def _run(self) -> None:
        # A loop of this kind whatever policy the user's code has set: tornado needs one of this kind.
        try:
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._attend())
        finally:
            if not self._opened.done():  # a bug of ours, which the thread reports; nobody must wait for it
                self._opened.set_exception(NoHome("The connection to the Jupyter server broke."))

    async def _attend(self) -> None:
        try:
            await self._connect()
        except NoHome as error:
            self._opened.set_exception(error)
            return
        assert self._socket is not None
        self._opened.set_result(None)
        if self._closed:  # whoever wanted it was interrupted and has left
            self._socket.close()
        try:
            while (message := await self._socket.read_message()) is not None:
                self._take(message)
        finally:
            reason = self._socket.close_reason
            self._lost(f"The Jupyter server has closed the connection{f' ({reason})' if reason else ''}.")

    async def _connect(self) -> None:
        from tornado.httpclient import HTTPClientError
        from tornado.websocket import WebSocketError, websocket_connect

        try:
            self._socket = await websocket_connect(self._request(), max_message_size=LARGEST_BYTES)
        except HTTPClientError as error:
            raise NoHome(self._refusal(error.code)) from error
        except (OSError, WebSocketError) as error:
            raise NoHome(self._refusal(None)) from error
        self._loop = asyncio.get_running_loop()

    def _refusal(self, status: int | None) -> str:
        match status:
            case 403:
                return "The Jupyter server does not know this kernel."
            case 404:
                return "The Jupyter server does not have the analyst."
            case None | 599:  # tornado's own number for no answer in time
                return f"The Jupyter server at {self._url} cannot be reached."
        return f"The Jupyter server refused the connection ({status})."

    def _request(self) -> "HTTPRequest":
        from tornado.httpclient import HTTPRequest

        return HTTPRequest(
            f"ws{self._url.removeprefix('http').rstrip('/')}/{self._stream}",
            headers={"Authorization": f"{SCHEME} {self._secret}"},
            connect_timeout=CONNECT_SECONDS,
            request_timeout=CONNECT_SECONDS,
            follow_redirects=False,  # the secret is for this server alone
            ssl_options=_trusting(self._certificate) if self._certificate else None,
        )

    def _write(self, message: bytes) -> None:
        from tornado.websocket import WebSocketClosedError

        assert self._socket is not None
        try:
            written = self._socket.write_message(message)
        except WebSocketClosedError:  # the reading side tells
            return
        written.add_done_callback(_looked_at)


def _looked_at(written: "asyncio.Future[Any]") -> None:
    """Take note of a failed write, which the reading side tells."""
    if not written.cancelled():
        written.exception()


def _trusting(certificate: str) -> "ssl.SSLContext":
    """Accept the server's own certificate, self-signed or not, whatever name it is made out to."""
    import ssl

    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    return context
