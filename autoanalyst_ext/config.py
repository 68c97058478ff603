"""Configuration of the engine where no server reads it: Jupyter's own files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from jupyter_core.paths import jupyter_config_path
from traitlets import TraitError
from traitlets.config import Config
from traitlets.config.loader import (
    ConfigFileNotFound,
    JSONFileConfigLoader,
    PyFileConfigLoader,
)

from .errors import BadRequest

FILES = ("jupyter_config", "jupyter_server_config", "autoanalyst_config")
"""Names of configuration files, later ones win; each as `.py` or `.json` in Jupyter's config folders."""

BROKEN = (
    *(SyntaxError, ImportError, NameError, AttributeError, TypeError, ValueError, LookupError),
    *(ArithmeticError, RuntimeError, OSError),
)
"""What a configuration file, which is a program, ends with when it is wrong."""


def load_config() -> Config:
    """What the user's and the system's Jupyter configuration says. Raises `BadRequest` for a broken file."""
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
                except BROKEN as error:
                    path = os.path.join(folder, loader.filename)
                    raise BadRequest(
                        f"The configuration file {path} cannot be used ({type(error).__name__}: {error}). "
                        "Correct it, and try again."
                    ) from error
    return config


@contextmanager
def explained() -> Iterator[None]:
    """Say of a setting that makes no sense which it is: raises `BadRequest`."""
    try:
        yield
    except TraitError as error:
        raise BadRequest(f"A setting of AutoAnalyst makes no sense: {error}") from error
    except ValueError as error:
        # Of pydantic: a line for the fields, a line for what is wrong, and an address nobody needs.
        words = " ".join(line.strip() for line in str(error).splitlines()[1:3]).partition(" [type=")[0]
        raise BadRequest(f"Engine.rules makes no sense: {words or error}.") from error
