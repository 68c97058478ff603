"""The server extension: builds what the routes need and hands it to them.

Loading it costs a Jupyter server next to nothing. The engine comes with the first who asks.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool

from .handlers.dashboards import Dashboards
from .handlers.loader import EngineLoader
from .handlers.relays import RelayManager
from .handlers.routes import rules
from .handlers.services import Services
from .kernels import KernelSecrets, ServerHouse, hand_over
from .notebooks.environment import KernelSettings
from .policy.admin import Grants

if TYPE_CHECKING:
    from .engine import Engine

KEYS_IN_ADDRESSES = ("Key", "KEY")
"""Parts of names of parameters that the server's log hides, besides those that it knows (`key`)."""

OPEN_PANEL = "autoanalyst_open"
"""In a page's configuration; the panel opens by itself where it is `true`."""


class AutoAnalystExtension(ExtensionApp):
    """AutoAnalyst in a Jupyter server."""

    name = "autoanalyst_ext"
    description = "A data analyst that lives inside the Jupyter notebook"

    open_panel = Bool(False, help="Open the panel when JupyterLab is opened.").tag(config=True)

    def initialize_settings(self) -> None:
        """Build the services, and see to it that kernels can reach them."""
        assert self.serverapp is not None
        settings = KernelSettings(parent=self)
        secrets = KernelSecrets(Path(settings.data_dir))
        self._engine = EngineLoader(self._build_engine)
        grants = Grants()
        self._services = Services(
            engine=self._engine,
            relays=RelayManager(self._engine),
            kernel_secrets=secrets,
            grants=grants,
            dashboards=Dashboards(self._engine, grants, self.log),
        )
        # Whoever was let in was the kernel as it was. Started again, it may run what another person wrote.
        hand_over(self.serverapp, secrets, settings, restarted=grants.end)
        hidden = self.serverapp.web_app.settings.setdefault("extra_log_scrub_param_keys", [])
        self.serverapp.web_app.settings["extra_log_scrub_param_keys"] = [*hidden, *KEYS_IN_ADDRESSES]
        if self.open_panel:
            self.serverapp.web_app.settings.setdefault("page_config_data", {})[OPEN_PANEL] = "true"

    def initialize_handlers(self) -> None:
        """Hand the services to the routes."""
        self.handlers.extend(rules(self._services))

    async def stop_extension(self) -> None:
        """Stop what runs, book it and close the database."""
        self._engine.refuse()
        await self._services.dashboards.close()
        await self._services.relays.close()
        await self._engine.close()

    def _build_engine(self) -> "Engine":
        from .engine import Engine

        assert self.serverapp is not None
        engine = Engine(parent=self)
        engine.house = ServerHouse(self.serverapp)
        return engine
