"""What the kernels of a Jupyter server are given, so that they can ask the engine in it, and how the engine
finds them.

Each gets the server's address and a secret of its own, and does not get the secrets that are none of its
business. The server's own environment stays as it is: terminals and other programs see nothing of it.
"""

import hashlib
import hmac
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_async
from traitlets.utils.importstring import import_item

from .notebooks.environment import KernelSettings, without_secrets

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp
    from jupyter_server.services.kernels.kernelmanager import MappingKernelManager

ADDRESS = "AUTOANALYST_URL"
SECRET = "AUTOANALYST_KERNEL_SECRET"  # noqa: S105 - the variable's name
CERTIFICATE = "AUTOANALYST_CERTIFICATE"
SCHEME = "AnalystKernel"
"""Of the Authorization header."""

SECRET_FILE = "kernel-secret"  # noqa: S105 - the file's name
SECRET_BYTES = 32
EVERYWHERE = {"": "127.0.0.1", "*": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read
"""Addresses that stand for all of the machine's, and one to reach them by."""


class KernelSecrets:
    """One secret per kernel, all from one that is kept in `folder`.

    So a kernel's secret outlives a restart of the server, and nothing is kept per kernel.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / SECRET_FILE

    def of(self, kernel_id: str) -> str:
        """The secret of a kernel."""
        code = hmac.new(self._root, kernel_id.encode(), hashlib.sha256).hexdigest()
        return f"{kernel_id}.{code}"

    def kernel(self, authorization: str) -> str | None:
        """The id of the kernel whose secret the header carries; None if it carries nobody's."""
        scheme, _, secret = authorization.partition(" ")
        if scheme != SCHEME:
            return None
        kernel_id = secret.rpartition(".")[0]
        right = hmac.compare_digest(secret.encode(), self.of(kernel_id).encode())
        return kernel_id if right else None

    @cached_property
    def _root(self) -> bytes:
        """The server's secret; made by the first server that needs it. Raises `OSError`."""
        if not self._path.exists():
            self._make()
        found = self._path.read_bytes()
        if len(found) != SECRET_BYTES:
            raise OSError(f"{self._path} is damaged. Delete it; then restart the kernels.")
        return found

    def _make(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._path.with_name(f"{SECRET_FILE}.{secrets.token_hex(8)}")
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(SECRET_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another server was faster: its secret counts
                os.link(draft, self._path)
        finally:
            draft.unlink(missing_ok=True)


class ServerHouse:
    """A server's kernels and folders, as the engine needs them: `notebooks.servers.House`."""

    def __init__(self, server: "ServerApp") -> None:
        self._server = server

    def connection(self, kernel_id: str) -> Mapping[str, Any] | None:
        """How to connect to a kernel; None for one that is not here, or runs at a gateway."""
        kernel = self._kernel(kernel_id)
        return None if kernel is None else kernel.get_connection_info()

    def language(self, kernel_id: str) -> str:
        """The language that a kernel speaks, in lower case; empty where it is not known."""
        kernel = self._kernel(kernel_id)
        spec = None if kernel is None else kernel.kernel_spec
        return "" if spec is None else spec.language.lower()

    async def interrupt(self, kernel_id: str) -> None:
        """Stop what a kernel does. One that has ended does nothing any more."""
        if self._kernel(kernel_id) is not None:
            interrupt: Callable[[str], Any] = self._server.kernel_manager.interrupt_kernel
            await ensure_async(interrupt(kernel_id))

    def folder(self, notebook: str) -> Path | None:
        """The folder of a notebook; None where it is no file, or would be outside of the server's root."""
        from jupyter_server.services.contents.fileio import FileManagerMixin
        from tornado.web import HTTPError

        contents = self._server.contents_manager
        if not isinstance(contents, FileManagerMixin) or "\0" in notebook:
            return None
        try:
            path: str = contents._get_os_path(notebook)  # type: ignore[no-untyped-call]
        except HTTPError:
            return None
        return Path(path).parent

    def _kernel(self, kernel_id: str) -> KernelManager | None:
        """A kernel that this server runs itself."""
        from jupyter_server.gateway.managers import GatewayMappingKernelManager

        kernels = self._server.kernel_manager
        if isinstance(kernels, GatewayMappingKernelManager) or kernel_id not in kernels:
            return None
        kernel: KernelManager = kernels.get_kernel(kernel_id)
        return kernel


def hand_over(
    server: "ServerApp",
    kernel_secrets: KernelSecrets,
    settings: KernelSettings,
    restarted: Callable[[str], object],
) -> None:
    """Give what they need to all kernels that `server` starts from now on.

    `restarted` is told of each that is started again. Kernels of a gateway run elsewhere and are left alone.
    """
    from jupyter_server.gateway.managers import GatewayMappingKernelManager

    manager: MappingKernelManager = server.kernel_manager
    if isinstance(manager, GatewayMappingKernelManager):
        return

    def environment(kernel_id: str, given: Mapping[str, str]) -> dict[str, str]:
        kept = without_secrets(given, settings.scrubbed(notebook=True))
        for name in (ADDRESS, SECRET, CERTIFICATE):  # of a kernel that started this server
            kept.pop(name, None)
        address = local_address(server)
        if address is None:
            return kept
        try:
            secret = kernel_secrets.of(kernel_id)
        except OSError as error:
            server.log.warning("AutoAnalyst: kernels cannot ask in the server: %s", error)
            return kept
        certificate = {CERTIFICATE: os.path.abspath(server.certfile)} if server.certfile else {}
        return {**kept, ADDRESS: address, SECRET: secret, **certificate}

    made = _with_environment(import_item(manager.kernel_manager_class), environment, restarted)
    # The manager takes the name of a class, so the class needs a name by which it can be imported.
    setattr(sys.modules[__name__], made.__name__, made)
    manager.kernel_manager_class = f"{__name__}.{made.__name__}"


def local_address(server: "ServerApp") -> str | None:
    """Where a process on this machine reaches the server; None if it listens on a Unix socket."""
    if server.sock:
        return None
    host = EVERYWHERE.get(server.ip, server.ip)
    host = f"[{host}]" if ":" in host else host
    return f"{'https' if server.certfile else 'http'}://{host}:{server.port}{server.base_url}"


def _with_environment(
    base: type[KernelManager],
    environment: Callable[[str, Mapping[str, str]], dict[str, str]],
    restarted: Callable[[str], object],
) -> type[KernelManager]:
    """A subclass of the configured kernel manager that changes the environment of what it starts.

    A restart repeats the arguments of the start, and does not go through `start_kernel`.
    """

    class AnalystKernelManager(base):  # type: ignore[misc, valid-type]
        def start_kernel(self, **kw: Any) -> Any:
            kernel_id = self.kernel_id or kw["kernel_id"]
            kw["env"] = environment(kernel_id, kw.get("env") or os.environ)
            return super().start_kernel(**kw)

        def restart_kernel(self, *values: Any, **kw: Any) -> Any:
            restarted(self.kernel_id)
            return super().restart_kernel(*values, **kw)

    AnalystKernelManager.__name__ = f"{base.__name__}_{secrets.token_hex(4)}"
    return AnalystKernelManager
