"""A page's end of our WebSocket, for tests that speak it themselves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from .jupyter import JupyterServer


@asynccontextmanager
async def stream_of(
    server: JupyterServer, headers: dict[str, str]
) -> AsyncIterator[WebSocketClientConnection]:
    """The `stream` socket of a server. On leaving, both sides have closed it: nothing is left to warn of."""
    address = f"ws{server.url.removeprefix('http')}autoanalyst/api/v1/stream"
    socket = await websocket_connect(HTTPRequest(address, headers=headers))
    try:
        yield socket
    finally:
        socket.close()
        while await socket.read_message() is not None:
            pass
