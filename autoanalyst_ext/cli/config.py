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
from ..types.runs import Answer

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


def run(work: Coroutine[Any, Any, int], *, as_json: bool = False) -> None:
    """Run a command to its exit code. A user's mistake is one line on stderr, never a stack trace.

    `as_json`: it is also an object on stdout, with the fields that an answer has.
    """
    try:
        code = asyncio.run(work)
    except AnalystError as error:
        click.echo(f"autoanalyst: {error}", err=True)
        if as_json:
            failed = Answer(status="failed", answer=str(error), run_id="", chat_id="", error=error.as_json())
            click.echo(failed.model_dump_json())
        code = USAGE_ERROR if error.status == 400 else FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        code = INTERRUPTED
    sys.exit(code)
