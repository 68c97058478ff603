"""`Kernel`: one local kernel process of ours, and what travels to and from it.

It is tied to its process, not to "alive": a kernel that ends is gone and never restarted. Requests go
one after another. When our own process is killed, the kernel notices and ends; the folder of its
sockets goes at the next start. Cells, and where outputs are kept, are the notebook's.
"""

import asyncio
import logging
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL
from typing import IO, Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager

from ..errors import KernelGone, LimitReached
from . import probe
from .channels import drain, listen
from .environment import kernel_environment
from .request import REPORT, Request

log = logging.getLogger(__name__)

START_SECONDS = 60.0
KNOCK_SECONDS = 0.5
"""While a kernel starts its first outputs can get lost; it is asked again after this time."""
LOOK_SECONDS = 30.0
INTERRUPT_PATIENCE = (1.0, 3.0)
"""Seconds after each interrupt for the cell to stop; after the last one the kernel is ended."""
WATCH_SECONDS = 0.1
SCRATCH = re.compile(r"aa-\d+-\w+")
"""Names of the folders that hold a kernel's sockets; the number is the process that made it."""


class Kernel:
    """A running kernel. `start` makes one; `end` must be called."""

    def __init__(self, name: str) -> None:
        self.gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Done when its process has ended; how, in words."""
        self.language: Mapping[str, Any] = {}
        """nbformat's `language_info`."""
        # Sockets in a private folder: no ports to race for, and no other account can connect.
        self._scratch, self._scratch_lock = _private_folder()
        self._manager = AsyncKernelManager(
            kernel_name=name,
            transport="tcp" if os.name == "nt" else "ipc",
            connection_file=str(Path(self._scratch.name, "kernel.json")),
        )
        self._client: AsyncKernelClient | None = None
        self._group: int | None = None
        self._requests: dict[str, Request] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners: list[asyncio.Task[None]] = []
        self._ended = False

    @classmethod
    async def start(
        cls,
        folder: Path,
        *,
        name: str = "python3",
        environment: Mapping[str, str] | None = None,
        scrub: frozenset[str] = frozenset(),
    ) -> "Kernel":
        """Start kernel `name` in `folder`; raises `KernelGone` when it does not come up.

        It gets this process's environment without secrets and the variables in `scrub`, and `environment`
        on top.
        """
        kernel = cls(name)
        with tempfile.TemporaryFile() as errors:
            up = False
            try:
                async with asyncio.timeout(START_SECONDS):
                    await asyncio.to_thread(remove_leftovers)
                    await kernel._launch(folder, kernel_environment(environment or {}, scrub), errors)
                    await kernel._come_up(errors)
                up = True
            except TimeoutError:
                raise KernelGone(
                    f"The kernel {name!r} did not start within {START_SECONDS:g} s, so it was ended. "
                    "The machine may be short of processors or memory. Try again."
                ) from None
            finally:
                if not up:  # also when cancelled: a process of ours must not be left behind
                    await kernel.end()
        return kernel

    def spec(self) -> dict[str, str]:
        """nbformat's `kernelspec`."""
        spec = self._manager.kernel_spec
        assert spec is not None
        return {
            "name": self._manager.kernel_name,
            "display_name": spec.display_name,
            "language": spec.language,
        }

    def send(
        self, code: str, *, expressions: Mapping[str, str], silent: bool = False, seconds: float | None = None
    ) -> Request:
        """Send code; the request ends by itself, as `timeout` after `seconds`. Raises `KernelGone`."""
        self.check()
        request = Request(seconds)
        message_id = self._post(
            "execute_request",
            {
                "code": code,
                "silent": silent,
                "store_history": not silent,
                "user_expressions": dict(expressions),
                "allow_stdin": False,
                "stop_on_error": False,
            },
        )
        self._requests[message_id] = request
        task = asyncio.create_task(self._attend(request, seconds))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        request.ended.add_done_callback(lambda _: silent and self._requests.pop(message_id, None))
        return request

    def _post(self, kind: str, content: dict[str, Any]) -> str:
        """Send a message on the shell channel; returns its id.

        By the socket itself and not by the client: its session sends through a second, synchronous view
        of the socket, which can swallow the event of a reply that arrives at that moment, so that nobody
        reads the reply until the next one comes.
        """
        assert self._client is not None
        session = self._client.session
        message = session.msg(kind, content)
        self._client.shell_channel.socket.send_multipart(session.serialize(message))
        return str(message["header"]["msg_id"])

    async def ask(self, expression: str) -> Mapping[str, Any] | None:
        """Evaluate an expression without a trace; its reply. Raises `KernelGone`, `LimitReached`."""
        return await self._evaluate(expression, seconds=LOOK_SECONDS)

    async def _evaluate(self, expression: str, *, seconds: float | None) -> Mapping[str, Any] | None:
        request = self.send("", expressions={REPORT: expression}, silent=True, seconds=seconds)
        await asyncio.shield(request.ended)
        if request.stop_reason is not None:
            raise LimitReached(f"The kernel did not answer within {seconds:g} s.", seconds=seconds)
        self.check()
        found: Mapping[str, Any] | None = ((request.reply or {}).get("user_expressions") or {}).get(REPORT)
        return found

    def check(self) -> None:
        """Raise `KernelGone` when its process has ended."""
        if self.gone.done():
            raise KernelGone(
                f"The kernel has ended ({self.gone.result()}); its variables are lost. "
                "Cells and outputs so far are kept. Ask again to start with a new kernel.",
                how=self.gone.result(),
            )

    async def end(self) -> None:
        """End the process, whatever it started, and the connection. Safe to call again."""
        if self._ended:
            return
        self._ended = True
        await self._kill()
        for task in (*self._tasks, *self._listeners):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._listeners, return_exceptions=True)
        if self._client is not None:
            self._client.stop_channels()
        if not self.gone.done():
            self.gone.set_result("ended with the notebook")
        self._scratch.cleanup()
        if self._scratch_lock is not None:
            os.close(self._scratch_lock)

    async def _launch(self, folder: Path, environment: Mapping[str, str], errors: IO[bytes]) -> None:
        name = self._manager.kernel_name
        if not await asyncio.to_thread(folder.is_dir):
            raise KernelGone(f"The kernel {name!r} cannot be started: there is no folder {folder}.")
        try:
            python = self._manager.kernel_spec is not None and self._manager.kernel_spec.language == "python"
        except NoSuchKernel:
            known = ", ".join(sorted(self._manager.kernel_spec_manager.find_kernel_specs())) or "none"
            raise KernelGone(f"There is no kernel named {name!r}. Installed here: {known}.") from None
        try:
            await self._manager.start_kernel(
                cwd=str(folder),
                env=dict(environment),
                stdout=DEVNULL,
                stderr=errors,
                # No history file: parallel kernels would wait for each other's locks on it.
                extra_arguments=["--HistoryManager.enabled=False"] if python else [],
            )
        except OSError as error:
            raise KernelGone(
                f"The kernel {name!r} could not be started: {error.strerror or error}."
            ) from None
        self._group = getattr(self._manager.provisioner, "pgid", None)
        self._client = self._manager.client()
        self._client.start_channels(stdin=False, hb=False)
        self._client.iopub_channel.socket.set_hwm(0)

    async def _come_up(self, errors: IO[bytes]) -> None:
        """Wait until the kernel answers on both channels, then put our module into it."""
        assert self._client is not None
        hear = (self._client.iopub_channel, self._hear), (self._client.shell_channel, self._answer)
        session = self._client.session
        self._listeners = [
            asyncio.create_task(listen(channel.socket, session, take)) for channel, take in hear
        ]
        self._listeners.append(asyncio.create_task(self._watch()))
        knocks: list[Request] = []
        answered: Request | None = None
        while answered is None:
            knocks.append(Request(None))
            self._requests[self._post("kernel_info_request", {})] = knocks[-1]
            await self._either(*(each.over for each in knocks), seconds=KNOCK_SECONDS)
            if self.gone.done():
                errors.seek(0)
                said = errors.read()[-2_000:].decode(errors="replace").strip().splitlines()
                raise KernelGone(
                    f"The kernel {self._manager.kernel_name!r} ended while starting ({self.gone.result()})."
                    + (f" It said: {said[-1]}" if said else "")
                )
            # Any of them will do: a busy kernel may always answer one knock after the next was sent.
            answered = next((each for each in knocks if each.over.done() and each.reply), None)
        self._requests.clear()
        self.language = (answered.reply or {}).get("language_info", {})
        installed = await self._evaluate(probe.installing(), seconds=None)
        if installed is None or installed.get("status") != "ok":
            reason = "it did not answer" if installed is None else str(installed.get("evalue"))
            raise KernelGone(
                f"The kernel {self._manager.kernel_name!r} cannot be used ({reason}). "
                "It must be one for Python 3.11 or newer."
            )

    async def _attend(self, request: Request, seconds: float | None) -> None:
        """See a request to its end."""
        await self._either(request.over, request.stopping, seconds=seconds)
        if not request.over.done() and not self.gone.done():
            request.stop("timeout")
            await self._make_stop(request)
        if self.gone.done():
            request.death = self.gone.result()
        request.end()

    async def _make_stop(self, request: Request) -> None:
        for patience in INTERRUPT_PATIENCE:
            await self._manager.interrupt_kernel()
            await self._either(request.over, seconds=patience)
            if request.over.done() or self.gone.done():
                return
        request.killed = True
        await self._kill()
        await self.gone

    async def _either(self, *futures: "asyncio.Future[Any]", seconds: float | None) -> None:
        """Wait for the first of `futures`, the kernel's end, or `seconds`."""
        waited: tuple[asyncio.Future[Any], ...] = (*futures, self.gone)
        await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    async def _kill(self) -> None:
        if self._manager.has_kernel:
            await self._manager.shutdown_kernel(now=True)
        if self._group is not None and os.name != "nt":
            # What a cell started in the background is in the kernel's process group.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._group, signal.SIGKILL)
            self._group = None

    def _hear(self, message: Mapping[str, Any], size: int) -> None:
        kind, content = message["header"]["msg_type"], message["content"]
        request = self._requests.get(message["parent_header"].get("msg_id"))
        if request is not None:
            request.hear(kind, content, size)
        if kind == "update_display_data":
            # A display may have been made by an earlier cell.
            display_id = (content.get("transient") or {}).get("display_id")
            for other in self._requests.values():
                if other is not request and other.log.shows(display_id):
                    other.tell(other.log.update(display_id, content, size))

    def _answer(self, message: Mapping[str, Any], size: int) -> None:
        request = self._requests.get(message["parent_header"].get("msg_id"))
        if request is not None:
            request.answer(message["content"])

    async def _watch(self) -> None:
        """Wait for the end of the process; what it still said is heard first."""
        provisioner = self._manager.provisioner
        assert provisioner is not None
        while (code := await provisioner.poll()) is None:  # noqa: ASYNC110 - processes have no event
            await asyncio.sleep(WATCH_SECONDS)
        assert self._client is not None
        for task in self._listeners[:2]:
            task.cancel()
        for channel, take in (
            (self._client.iopub_channel, self._hear),
            (self._client.shell_channel, self._answer),
        ):
            await drain(channel.socket, self._client.session, take)
        self.gone.set_result(f"signal {-code}" if code < 0 else f"exit code {code}")


def remove_leftovers() -> None:
    """Remove the folders of kernels whose process was killed before it could do so itself."""
    try:
        found = [each for each in Path(tempfile.gettempdir()).iterdir() if SCRATCH.fullmatch(each.name)]
    except OSError:  # a temporary folder may be writable and yet not be listed
        return
    for folder in found:
        try:
            lock = _locked(folder, wait=False)
        except OSError:  # in use by a living process, another account's, or just removed
            continue
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _private_folder() -> tuple["tempfile.TemporaryDirectory[str]", int | None]:
    """A new folder and what holds its lock, for as long as our process lives."""
    while True:
        scratch = tempfile.TemporaryDirectory(prefix=f"aa-{os.getpid()}-")
        try:
            lock = _locked(Path(scratch.name), wait=True)
        except FileNotFoundError:
            lock = None
        except OSError:  # a file system without locks: nobody else can take it for a leftover either
            return scratch, None
        if Path(scratch.name).exists():
            return scratch, lock
        # Another process took it for a leftover in the moment before it was locked.
        scratch.cleanup()
        if lock is not None:
            os.close(lock)


def _locked(folder: Path, *, wait: bool) -> int | None:
    """Lock a folder of ours; raises `OSError` where it cannot be. `None` on Windows, which lacks this.

    A lock says more than a process id: it ends with its process however that ends, is never given to
    another one, and is seen from other containers that share the folder.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    held = False
    try:
        if os.fstat(opened).st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to another account")
        fcntl.flock(opened, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        held = True
    finally:
        if not held:
            os.close(opened)
    return opened
