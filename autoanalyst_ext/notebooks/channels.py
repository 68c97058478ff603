"""`Channels`: sockets of ours to a kernel that somebody else started, and how any kernel's sockets are read.

Messages are handed on as they come; what they mean is the caller's to know. When the kernel's process ends,
what it still said is handed on first, and then that it has ended. A new process under the same address
(a restart) is connected to by itself.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Literal

import zmq
import zmq.asyncio
from jupyter_client.session import Session
from zmq.utils.monitor import parse_monitor_message

log = logging.getLogger(__name__)

Message = Mapping[str, Any]
Take = Callable[[Message, int], None]
"""Takes a message, and how many bytes its content and buffers have."""
Kind = Literal["shell", "control"]

DRAIN_MILLISECONDS = 200
MESSAGES_AT_ONCE = 16
GOODBYE_MILLISECONDS = 200
"""How long a closed socket may still take to send what was given to it."""


class Channels:
    """Connected sockets: shell, control and iopub. `close` must be called."""

    def __init__(
        self, info: Mapping[str, Any], *, hear: Take, answer: Take, lost: Callable[[], None]
    ) -> None:
        """Connect as jupyter_client's connection `info` says.

        `hear` takes what comes on iopub, `answer` what comes on the others; `lost` is called when the
        kernel's process has ended.
        """
        key = info.get("key", b"")
        self._session = Session(
            key=key.encode() if isinstance(key, str) else key,
            signature_scheme=info.get("signature_scheme") or "hmac-sha256",
        )
        self.name: str = self._session.session
        """The session that our messages carry."""
        self._info, self._hear, self._lost = info, hear, lost
        self._sockets = {
            "shell": self._connected(zmq.DEALER, "shell"),
            "control": self._connected(zmq.DEALER, "control"),
        }
        self._iopub = self._connected(zmq.SUB, "iopub")
        self._hearing = self._listen(self._iopub, hear)
        self._tasks = [self._listen(socket, answer) for socket in self._sockets.values()]
        self._tasks.append(asyncio.create_task(self._watch()))

    def send(
        self, channel: Kind, kind: str, content: Mapping[str, Any], *, subshell: str | None = None
    ) -> str:
        """Send a message; returns its id."""
        message = self._session.msg(kind, dict(content))
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        self._sockets[channel].send_multipart(self._session.serialize(message))
        return str(message["header"]["msg_id"])

    async def close(self) -> None:
        """Let go of the kernel."""
        tasks = (*self._tasks, self._hearing)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._iopub.disable_monitor()
        for socket in (*self._sockets.values(), self._iopub):
            socket.close(linger=GOODBYE_MILLISECONDS)

    def _connected(self, kind: int, channel: str) -> "zmq.asyncio.Socket":
        socket = zmq.asyncio.Context.instance().socket(kind)
        socket.set_hwm(0)  # nothing is dropped because we are slow
        if kind == zmq.SUB:
            socket.subscribe(b"")
        transport, ip, port = self._info["transport"], self._info["ip"], self._info[f"{channel}_port"]
        socket.connect(f"{transport}://{ip}{':' if transport == 'tcp' else '-'}{port}")
        return socket

    def _listen(self, socket: Any, take: Take) -> "asyncio.Task[None]":
        return asyncio.create_task(listen(socket, self._session, take))

    async def _watch(self) -> None:
        """Tell when the kernel's process has ended: its end of the connection then closes."""
        monitor = self._iopub.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        try:
            while True:
                parse_monitor_message(await monitor.recv_multipart())
                self._hearing.cancel()
                await asyncio.gather(self._hearing, return_exceptions=True)
                await drain(self._iopub, self._session, self._hear)
                self._lost()
                self._hearing = self._listen(self._iopub, self._hear)
        finally:
            monitor.close(linger=0)


async def listen(socket: Any, session: Session, take: Take) -> None:
    """Hand on what comes on a socket, for ever."""
    while True:
        for _ in range(MESSAGES_AT_ONCE):
            _hand_on(await socket.recv_multipart(), session, take)
        await asyncio.sleep(0)  # in a flood every receive is ready at once, and nothing else would run


async def drain(socket: Any, session: Session, take: Take) -> None:
    """Hand on what has come on a socket already."""
    while await socket.poll(DRAIN_MILLISECONDS):
        _hand_on(await socket.recv_multipart(), session, take)


def _hand_on(frames: list[bytes], session: Session, take: Take) -> None:
    try:
        _, parts = session.feed_identities(frames)
        message = session.deserialize(parts)
    except ValueError as error:  # not signed with this kernel's key
        log.warning("a message was not from the kernel: %s", error)
        return
    take(message, sum(map(len, parts[4:])))  # the content and its buffers, without headers
