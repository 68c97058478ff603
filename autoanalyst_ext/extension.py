"""The server extension: builds what the routes need and hands it to them.

Loading it costs a Jupyter server next to nothing. The engine comes with the first client.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_server.extension.application import ExtensionApp

from .handlers.relays import RelayManager
from .handlers.stream import STREAM, StreamHandler
from .kernels import KernelSecrets, hand_over
from .notebooks.environment import KernelSettings

if TYPE_CHECKING:
    from .engine import Engine


class AutoAnalystExtension(ExtensionApp):
    """AutoAnalyst in a Jupyter server."""

    name = "autoanalyst_ext"
    description = "A data analyst that lives inside the Jupyter notebook"

    def initialize_settings(self) -> None:
        """Build the services, and see to it that kernels can reach them."""
        assert self.serverapp is not None
        settings = KernelSettings(parent=self)
        self._kernel_secrets = KernelSecrets(Path(settings.data_dir))
        self._relays = RelayManager(self._build_engine)
        hand_over(self.serverapp, self._kernel_secrets, settings)

    def initialize_handlers(self) -> None:
        """Hand the services to the routes."""
        services = {"kernel_secrets": self._kernel_secrets, "relays": self._relays}
        self.handlers.append((STREAM, StreamHandler, services))

    async def stop_extension(self) -> None:
        """Stop what runs, book it and close the database."""
        await self._relays.close()

    def _build_engine(self) -> "Engine":
        from .engine import Engine

        return Engine(parent=self)
