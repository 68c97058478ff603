"""Named points of the money path, where a test can end the process or let it fail. In use they do nothing.

Before and after every commit, and before and after every request to a provider: what a crash there leaves
behind is what recovery must put right. `tests/faults` passes each of them.
"""

from collections.abc import Callable
from typing import Literal, get_args

Point = Literal[
    "store.commit.before",
    "store.commit.after",
    "call.send.before",
    "call.send.after",
    "call.settle.before",
    "call.settle.after",
]
POINTS: tuple[Point, ...] = get_args(Point)

_watcher: Callable[[Point], None] | None = None


def passed(point: Point) -> None:
    """Say that a point was reached."""
    if _watcher is not None:
        _watcher(point)


def watch(watcher: Callable[[Point], None] | None) -> None:
    """Have `watcher` called at every point, in whatever thread; None ends it. For tests."""
    global _watcher
    _watcher = watcher
