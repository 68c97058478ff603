"""`Dashboard`: what a cell has to say to see the usage of the analyst, live.

It looks whether the kernel has what is needed, and says in one sentence what is missing. A cell that is run
again replaces what it showed before. The widgets are the board's, which is loaded when it is first shown.
"""

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .watched import PERIODS, Scope

if TYPE_CHECKING:
    from .board import Board

NEEDS = ("ipywidgets", "anywidget", "plotly")
NO_SERVER = (
    "The dashboard is live in JupyterLab and Jupyter Notebook with AutoAnalyst: "
    "run `autoanalyst lab`, open this notebook there, and run the cell."
)
MOST_BOARDS = 4
"""Shown at the same time by one kernel. The oldest ends for a fifth."""

_shown: "dict[str | None, Board]" = {}
"""By the cell that shows it, the oldest first."""


class Dashboard:
    """The usage of the analyst, live: everyone's for who has the admin key, else one's own.

    `days` is the period to begin with; `scope` is "everyone", or "mine" for one's own usage only.
    """

    def __init__(self, *, days: int = 30, scope: Scope = "everyone") -> None:
        if days not in PERIODS:
            raise ValueError(f"days must be one of {', '.join(map(str, PERIODS))}, not {days!r}.")
        if scope not in ("everyone", "mine"):
            raise ValueError(f'scope must be "everyone" or "mine", not {scope!r}.')
        self._days = days
        self._scope: Scope = scope
        self._board: Board | None = None

    def close(self) -> None:
        """Take the dashboard away and end its connection."""
        if self._board is not None:
            self._board.close()

    def _ipython_display_(self) -> None:
        missing = missing_here()
        if missing:
            print(missing)  # noqa: T201 - what a cell says to its user
            return
        from IPython.core.getipython import get_ipython

        from ..receipts import cell_id
        from .board import Board
        from .connection import Connection

        shell: Any = get_ipython()
        cell = cell_id(shell)
        _make_room(cell)
        loop = shell.kernel.io_loop
        self._board = board = Board(Connection.of_kernel, loop, scope=self._scope, days=self._days)
        _shown[cell] = board
        board.show()

    def __repr__(self) -> str:
        return missing_here() or "The dashboard: leave it as the last line of a cell."


def missing_here() -> str:
    """What this kernel lacks for a dashboard, in a sentence; empty where it has everything."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    known = os.environ.get("AUTOANALYST_URL") and os.environ.get("AUTOANALYST_KERNEL_SECRET")
    if not known or getattr(shell, "kernel", None) is None:
        return NO_SERVER
    absent = [name for name in NEEDS if find_spec(name) is None]
    if absent:
        names = " ".join(absent)
        return f"The dashboard needs {names} in this kernel: run `%pip install {names}`, then the cell again."
    return ""


def _make_room(cell: str | None) -> None:
    """End what this cell showed before, and the oldest where there are too many."""
    for each, board in list(_shown.items()):
        if each == cell or board.ended or len(_shown) >= MOST_BOARDS:
            del _shown[each]
            board.close()
