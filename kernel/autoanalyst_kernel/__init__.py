"""What runs in the user's kernel: `%load_ext autoanalyst_kernel`. Standard library and IPython only."""

from typing import Any

_LOADED = "autoanalyst_magics"
"""Where a shell keeps our magics, for `%unload_ext`."""


def load_ipython_extension(shell: Any) -> None:
    """Add `%%analyst` and `%analyst` to a shell."""
    from .magics import AnalystMagics

    magics = AnalystMagics(shell)
    magics.load()
    shell.register_magics(magics)
    setattr(shell, _LOADED, magics)


def unload_ipython_extension(shell: Any) -> None:
    """Take the magics away again, and end what they started."""
    magics = vars(shell).pop(_LOADED, None)
    if magics is not None:
        magics.unload()
        for kind in ("cell", "line"):
            shell.magics_manager.magics[kind].pop("analyst", None)
