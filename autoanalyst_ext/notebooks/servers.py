"""`House`: what a Jupyter server gives to the engine that lives in it, so that it can witness its kernels.

Nothing heavy is imported here. The server extension implements it; without one there are no tabs.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol


class House(Protocol):
    """A Jupyter server's kernels and folders."""

    def connection(self, kernel_id: str) -> Mapping[str, Any] | None:
        """jupyter_client's connection info of a kernel (ip, ports, key ...); None: no such kernel."""

    def language(self, kernel_id: str) -> str:
        """The language of its kernelspec in lower case, e.g. `python`; empty when it is not known."""

    async def interrupt(self, kernel_id: str) -> None:
        """Interrupt what the kernel runs."""

    def folder(self, notebook: str) -> Path | None:
        """The folder of a notebook, by its path in the contents; None where contents are no files."""
