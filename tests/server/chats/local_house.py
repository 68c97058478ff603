"""A house for the tests: real kernels that this process starts, and a folder for notebooks."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager


class LocalHouse:
    """A `House` without a server around it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self._kernels: dict[str, AsyncKernelManager] = {}
        # Files, not ports: those of another test may be the same. Their paths must be short.
        self._sockets = tempfile.TemporaryDirectory(prefix="aa-")

    async def start(self) -> str:
        """Start a kernel in the folder; its id."""
        number = f"kernel-{len(self._kernels)}"
        kernel = AsyncKernelManager(transport="ipc", ip=f"{self._sockets.name}/{number}")
        await kernel.start_kernel(cwd=str(self.root))
        self._kernels[number] = kernel
        return number

    async def close(self) -> None:
        for kernel in self._kernels.values():
            await kernel.shutdown_kernel(now=True)
            kernel.context.term()
        self._sockets.cleanup()

    def connection(self, kernel_id: str) -> Mapping[str, Any] | None:
        kernel = self._kernels.get(kernel_id)
        return None if kernel is None else kernel.get_connection_info()

    def language(self, kernel_id: str) -> str:
        return "python"

    async def interrupt(self, kernel_id: str) -> None:
        await self._kernels[kernel_id].interrupt_kernel()

    def folder(self, notebook: str) -> Path | None:
        return (self.root / notebook).parent
