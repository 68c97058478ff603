"""AutoAnalyst for Jupyter: a data analyst that lives inside the notebook."""

from typing import Any

__version__ = "0.1.0"


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """What a Jupyter server loads of us."""
    from .extension import AutoAnalystExtension

    return [{"module": "autoanalyst_ext.extension", "app": AutoAnalystExtension}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """What JupyterLab loads of us."""
    return [{"src": "labextension", "dest": "autoanalyst"}]


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext autoanalyst_ext` is `%load_ext autoanalyst_kernel`."""
    shell.extension_manager.load_extension("autoanalyst_kernel")
