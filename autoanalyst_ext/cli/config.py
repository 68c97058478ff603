"""Configuration of the command line: Jupyter's own files, and how errors end a command."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

import click
from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config
from traitlets.config.loader import (
    ConfigFileNotFound,
    JSONFileConfigLoader,
    PyFileConfigLoader,
)

from ..errors import AnalystError

FILES = ("jupyter_config", "jupyter_server_config", "autoanalyst_config")
"""Names of configuration files, later ones win; each as `.py` or `.json` in Jupyter's config folders."""

USAGE_ERROR, FAILED, STOPPED, INTERRUPTED = 2, 1, 4, 130


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


def run(work: Coroutine[Any, Any, int]) -> None:
    """Run a command to its exit code. A user's mistake is one line on stderr, never a stack trace."""
    try:
        code = asyncio.run(work)
    except AnalystError as error:
        click.echo(f"autoanalyst: {error}", err=True)
        code = USAGE_ERROR if error.status == 400 else FAILED
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)
