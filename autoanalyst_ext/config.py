"""Configuration of the engine where no server reads it: Jupyter's own files."""

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config
from traitlets.config.loader import (
    ConfigFileNotFound,
    JSONFileConfigLoader,
    PyFileConfigLoader,
)

FILES = ("jupyter_config", "jupyter_server_config", "autoanalyst_config")
"""Names of configuration files, later ones win; each as `.py` or `.json` in Jupyter's config folders."""


def load_config() -> Config:
    """What the user's and the system's Jupyter configuration says."""
    config = Config()
    for folder in reversed(jupyter_config_path()):
        for name in FILES:
            for loader in (
                JSONFileConfigLoader(f"{name}.json", path=folder),
                PyFileConfigLoader(f"{name}.py", path=folder),
            ):
                try:
                    config.merge(loader.load_config())
                except ConfigFileNotFound:
                    continue
    return config
