"""Whether JupyterLab finds the panel, built and of the same version, and the server our part of it."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path, jupyter_path

from ... import __version__
from ...engine import Engine
from .finding import Finding, fine, problem
from .install import AGAIN

EXTENSION = "autoanalyst"
SERVER = "autoanalyst_ext"
IN_A_CLONE = "Install again (in a clone: make build), then reload the page:"


async def look(engine: Engine) -> list[Finding]:
    """The server's half, then the browser's."""
    return await asyncio.to_thread(lambda: [_server(engine), *_panel()])


def _server(engine: Engine) -> Finding:
    from jupyter_server.extension.config import ExtensionConfigManager

    manager = ExtensionConfigManager(read_config_path=jupyter_config_path())
    enabled: dict[str, bool] = dict(manager.get_jpserver_extensions())  # type: ignore[no-untyped-call]
    # The Jupyter server lets its configuration files win over the folders of extensions.
    configured = engine.config.ServerApp.get("jpserver_extensions", {})
    enabled.update(configured if isinstance(configured, dict) else {})
    if enabled.get(SERVER):
        return fine("server", "a Jupyter server loads us")
    what = "turned off" if SERVER in enabled else "not known"
    words = f"In a Jupyter server we are {what}; only `autoanalyst lab` would load us."
    return problem("server", words, command=f"jupyter server extension enable {SERVER}")


def _panel() -> Iterator[Finding]:
    from jupyterlab_server.config import get_federated_extensions, get_page_config

    paths = jupyter_path("labextensions")
    try:
        found: dict[str, Any] | None = get_federated_extensions(paths).get(EXTENSION)
        off = get_page_config(paths)["disabledExtensions"]
    except (ValueError, LookupError, OSError) as error:
        # Of any extension: it stands in JupyterLab's way as well.
        yield problem("panel", f"JupyterLab's extensions cannot be read ({type(error).__name__}: {error}).")
        return
    if found is None:
        yield problem("panel", "JupyterLab does not find it.", IN_A_CLONE, AGAIN)
        return
    yield _build(found)
    turned_off = [name for name in off if name == EXTENSION or name.startswith(f"{EXTENSION}:")]
    if turned_off:
        words = f"JupyterLab does not load {', '.join(turned_off)}, because that is turned off."
        yield problem("plugins", words, command=f"jupyter labextension enable {turned_off[0]}")


def _build(found: dict[str, Any]) -> Finding:
    folder, built = Path(found["ext_path"]), found["jupyterlab"].get("_build", {})
    if not built.get("load") or not (folder / built["load"]).is_file():
        return problem("panel", f"It is not built: {folder} lacks its program.", IN_A_CLONE, AGAIN)
    if _plain(found["version"]) != _plain(__version__):
        words = f"The panel is of version {found['version']}, this program is {__version__}."
        return problem("panel", words, IN_A_CLONE, AGAIN)
    return fine("panel", f"built, {found['version']}, JupyterLab finds it")


def _plain(version: str) -> str:
    """A version without the marks in which npm's spelling differs: `1.0.0-rc.1` is `1.0.0rc1`."""
    return re.sub(r"-?(a|b|rc)(?:lpha|eta)?\.?(\d+)$", r"\1\2", version)
