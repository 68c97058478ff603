"""`KernelLine`: requests to a kernel that somebody else owns, and their replies.

It waits until the kernel is up, finds a subshell where the kernel has them, and puts our module there when
it is missing. When the process ends, a request is sent again to the one that comes up in its place. What is
heard on iopub is handed on.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import KernelGone
from . import probe
from .channels import Channels, Kind, Message, Take
from .request import REPORT
from .servers import House

log = logging.getLogger(__name__)

ANSWER_SECONDS = 60.0
"""A kernel that is starting must have answered within this time."""
STARTED_SECONDS = 0.5
"""A kernel whose main shell does not answer for so long runs a cell, so it has started."""
SUBSHELL_SECONDS = 2.0
CHECK_SECONDS = 1.0
"""While it waits, it looks so often whether the server still has the kernel. The kernel is not asked."""
SUBSHELLS = "kernel subshells"


class _Ended(Exception):
    """The kernel's process ended before it answered."""


class KernelLine:
    """Connected to one kernel. `close` must be called."""

    def __init__(
        self, house: House, kernel_id: str, info: Mapping[str, Any], *, hear: Take, lost: Callable[[], None]
    ) -> None:
        """`hear` takes what comes on iopub; `lost` is called when the process has ended."""
        self.ended: asyncio.Future[None]
        """Done when the process that runs now has ended; a restart makes a new one."""
        self._house, self._kernel_id, self._tell_lost = house, kernel_id, lost
        self._channels = Channels(info, hear=hear, answer=self._answer, lost=self._lost)
        self.name = self._channels.name
        """The session that our messages carry."""
        self._waiting: dict[str, asyncio.Future[Mapping[str, Any]]] = {}
        self._up: asyncio.Task[None] | None = None
        self._closed = False
        self._begin_anew()

    @property
    def in_use(self) -> bool:
        """Whether somebody waits for a reply."""
        return bool(self._waiting)

    async def ask(self, expression: str, *, main: bool = False) -> Mapping[str, Any]:
        """Evaluate an expression without a trace, on a subshell unless on the `main` shell.

        Raises `KernelGone`.
        """
        while True:
            self._check()
            try:
                await self._come_up()
                shell = None if main else await self._second_shell()
                reply = await self._evaluate(expression, shell)
                if not probe.is_missing(reply):
                    return reply
                installed = await self._evaluate(probe.installing(faithful=False), shell)
                if installed.get("status") != "ok":
                    raise KernelGone(
                        f"The kernel could not be asked ({installed.get('ename')}). "
                        "The analyst works with Python 3.11 or newer and IPython."
                    )
                return await self._evaluate(expression, shell)
            except _Ended:
                continue  # a new process may come up in its place

    async def close(self) -> None:
        """Let go of the kernel; whoever still waits for it is told that it is gone."""
        self._closed = True
        if not self.ended.done():
            self.ended.set_result(None)
        if self._up is not None:
            await asyncio.gather(self._up, return_exceptions=True)
        if self._subshell is not None:
            self._channels.send("control", "delete_subshell_request", {"subshell_id": self._subshell})
        await self._channels.close()

    async def _evaluate(self, expression: str, shell: str | None) -> Mapping[str, Any]:
        content = {
            "code": "",
            "silent": True,
            "store_history": False,
            "user_expressions": {REPORT: expression},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        while True:
            reply = await self._request("shell", "execute_request", content, shell=shell)
            if reply.get("status") != "aborted":  # a cell before it failed, and took it along
                found = (reply.get("user_expressions") or {}).get(REPORT)
                return found or {"status": "error", "ename": reply.get("ename", "no reply")}

    async def _request(
        self,
        channel: Kind,
        kind: str,
        content: Mapping[str, Any],
        *,
        shell: str | None = None,
        seconds: float | None = None,
    ) -> Mapping[str, Any]:
        """Send a request; the content of its reply. Raises `_Ended`, `KernelGone`, `TimeoutError`."""
        waiting: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        number = self._channels.send(channel, kind, content, subshell=shell)
        self._waiting[number] = waiting
        ended, clock = self.ended, asyncio.get_running_loop().time
        until = None if seconds is None else clock() + seconds
        try:
            while not waiting.done():
                rest = CHECK_SECONDS if until is None else max(0.0, min(CHECK_SECONDS, until - clock()))
                await asyncio.wait((waiting, ended), timeout=rest, return_when=asyncio.FIRST_COMPLETED)
                if waiting.done():
                    break
                self._check()
                if ended.done():
                    raise _Ended
                if until is not None and clock() >= until:
                    raise TimeoutError
            return waiting.result()
        finally:
            del self._waiting[number]

    def _check(self) -> None:
        if self._closed:
            raise KernelGone("The kernel is not connected any more. Ask again.")
        if self._house.connection(self._kernel_id) is None:
            raise KernelGone("The kernel was shut down. Cells and outputs so far are kept.")

    # --- coming up -------------------------------------------------------------------------------

    async def _come_up(self) -> None:
        """Wait until the kernel answers. Once per process."""
        if self._up is None:
            self._up = asyncio.create_task(self._meet())
        up = self._up
        try:
            await asyncio.shield(up)
        except KernelGone:
            if self._up is up:
                self._up = None  # asked again, it may answer
            raise

    async def _meet(self) -> None:
        """Hear who the kernel is. It answers on its control channel also while a cell runs."""
        try:
            said = await self._request("control", "kernel_info_request", {}, seconds=ANSWER_SECONDS)
        except TimeoutError:
            raise KernelGone(
                f"The kernel did not answer within {ANSWER_SECONDS:g} s. Restart it and ask again."
            ) from None
        language = str((said.get("language_info") or {}).get("name", "")).lower()
        check_language(language)
        self._has_subshells = SUBSHELLS in (said.get("supported_features") or ())

    async def _second_shell(self) -> str | None:
        """A subshell of the kernel; None where there is none (yet): the main one then."""
        if self._subshell is None and self._has_subshells:
            async with self._making:
                if self._subshell is None:
                    await self._make_subshell()
        return self._subshell

    async def _make_subshell(self) -> None:
        """A kernel that is asked for one while it starts never answers, so it must have started first."""
        try:
            await self._request("shell", "kernel_info_request", {}, seconds=STARTED_SECONDS)
        except TimeoutError:
            log.debug("the kernel is busy; it has started")
        try:
            made = await self._request("control", "create_subshell_request", {}, seconds=SUBSHELL_SECONDS)
        except TimeoutError:
            log.info("the kernel gave no subshell; its main shell is asked")
            return
        self._subshell = made.get("subshell_id")

    def _begin_anew(self) -> None:
        """The kernel has a new process, or its first."""
        self.ended = asyncio.get_running_loop().create_future()
        self._up, self._making = None, asyncio.Lock()
        self._has_subshells, self._subshell = False, None

    def _lost(self) -> None:
        ended = self.ended
        self._begin_anew()
        self._tell_lost()
        if not ended.done():
            ended.set_result(None)

    def _answer(self, message: Message, size: int) -> None:
        waiting = self._waiting.get(message["parent_header"].get("msg_id"))
        if waiting is not None and not waiting.done():
            waiting.set_result(message["content"])


def check_language(language: str) -> None:
    """Raise `KernelGone` for a language that the analyst cannot write; an unknown one is let pass."""
    if language not in ("", "python"):
        named = language.upper() if len(language) == 1 else language.capitalize()
        raise KernelGone(
            f"This notebook's kernel speaks {named}. The analyst works with Python kernels.",
            language=language,
        )
