"""A Jupyter server as a witness of its kernels knows it, seen from outside: by REST and connection files."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.server.jupyter import JupyterServer


class RestHouse:
    """A `House` over a server in another process."""

    def __init__(self, server: JupyterServer, languages: Mapping[str, str] | None = None) -> None:
        self._server = server
        self._languages = languages or {}
        self.interrupts = 0
        self.asked = 0
        """How often a connection was asked for."""

    def start(self, name: str = "python3") -> str:
        """Start a kernel; its id."""
        kernel_id: str = self._server.call("POST", "kernels", {"name": name})["id"]
        return kernel_id

    def connection(self, kernel_id: str) -> Mapping[str, Any] | None:
        self.asked += 1
        file = self._server.runtime / f"kernel-{kernel_id}.json"
        try:
            found: dict[str, Any] = json.loads(file.read_text())
        except FileNotFoundError:
            return None
        return found

    def language(self, kernel_id: str) -> str:
        return self._languages.get(kernel_id, "python")

    async def interrupt(self, kernel_id: str) -> None:
        self.interrupts += 1
        await asyncio.to_thread(self._server.call, "POST", f"kernels/{kernel_id}/interrupt")

    async def restart(self, kernel_id: str) -> None:
        await asyncio.to_thread(self._server.call, "POST", f"kernels/{kernel_id}/restart")

    async def end(self, kernel_id: str) -> None:
        await asyncio.to_thread(self._server.call, "DELETE", f"kernels/{kernel_id}")

    def folder(self, notebook: str) -> Path | None:
        return (self._server.folder / "work" / notebook).parent
