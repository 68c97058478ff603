"""The environment that kernels get: this process's own, without secrets.

What is left out is decided here for every kernel that we start or that the Jupyter server starts. Light,
because a server asks before anybody has asked the analyst.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir
from traitlets import Bool, List, Unicode, default
from traitlets.config import LoggingConfigurable

ALWAYS_SCRUBBED = frozenset(
    {"ADMIN_API_KEY", "GOOGLE_CLIENT_SECRET", "AUTOANALYST_DATABASE_URL", "AUTOANALYST_REDIS_URL"}
)
SCRUBBED_PREFIXES = ("SMTP_", "STRIPE_")
"""Secrets of the server that no kernel gets, besides those that the caller names. Addresses of databases
hold passwords."""

NOTEBOOK_ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PLOTLY_RENDERER": "plotly_mimetype",
}
"""Charts come back as outputs, whatever the surrounding process was set to."""


class KernelSettings(LoggingConfigurable):
    """The engine's settings that are needed where there is no engine yet: `c.Engine...` sets them."""

    scrub_kernel_keys = Bool(
        None,
        allow_none=True,
        help="Keep provider keys (variables whose name ends in _API_KEY) out of the environment of kernels. "
        "None: kernels that answer one question never get them; kernels of notebooks get them on a laptop, "
        "where the user's own cells may need them, and not on a hub. Secrets of the administrator, of mail "
        "and of payments are kept out always.",
    ).tag(config=True)
    scrub_also = List(Unicode(), help="More names of environment variables that kernels do not get.").tag(
        config=True
    )
    data_dir = Unicode(help="Folder for the database, keys and logs.").tag(config=True)

    @default("data_dir")
    def _default_data_dir(self) -> str:
        return str(Path(jupyter_data_dir()) / "autoanalyst")

    @classmethod
    def section_names(cls) -> list[str]:
        """Sections of the configuration, general ones first."""
        names: list[str] = super().section_names()
        return names if "Engine" in names else [*names, "Engine"]

    def scrubbed(self, *, notebook: bool = False) -> frozenset[str]:
        """Names of variables that a kernel does not get; `notebook`: one that the user works in.

        The administrator's secrets are kept out whatever this says.
        """
        scrub = self.scrub_kernel_keys
        if scrub is None:
            scrub = not notebook or "JUPYTERHUB_USER" in os.environ
        # By their names and not by the shelf, which would load every library before the kernel starts.
        keys = [name for name in os.environ if name.endswith("_API_KEY") and scrub]
        return frozenset(keys) | frozenset(self.scrub_also)


def without_secrets(environment: Mapping[str, str], scrub: frozenset[str]) -> dict[str, str]:
    """`environment` without the administrator's secrets and the variables in `scrub`."""
    return {
        name: value
        for name, value in environment.items()
        if name not in ALWAYS_SCRUBBED | scrub and not name.startswith(SCRUBBED_PREFIXES)
    }


def kernel_environment(extra: Mapping[str, str], scrub: frozenset[str]) -> dict[str, str]:
    """This process's environment without secrets, set up for a notebook, and `extra` on top."""
    return {**without_secrets(os.environ, scrub), **NOTEBOOK_ENVIRONMENT, **extra}
