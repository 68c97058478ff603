"""`Made`: names that runs of ours bound, for as long as they mean the very same object.

It outlives a question. Objects are not kept alive by it: a table is held weakly, and what cannot be held
so (a list, a number) is let go at the end of the first cell that leaves its name with something else.
"""

import weakref
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

_KEPT = "autoanalyst_made"
_FREED = object()


class Made:
    """The names of one kernel."""

    def __init__(self) -> None:
        self._objects: dict[str, Callable[[], Any]] = {}

    @classmethod
    def of(cls, shell: Any) -> "Made":
        """The one of `shell`, made at the first call."""
        kept: Made | None = vars(shell).get(_KEPT)
        if kept is not None:
            return kept
        made = cls()
        setattr(shell, _KEPT, made)
        shell.events.register("post_run_cell", lambda _=None: made.names(shell.user_ns))
        return made

    def before(self, namespace: Mapping[str, Any]) -> "Before":
        """What is there before a cell of ours runs."""
        ours = frozenset(self.names(namespace))
        return Before({name: id(value) for name, value in dict(namespace).items()}, ours)

    def remember(self, before: "Before", namespace: Mapping[str, Any]) -> None:
        """A cell of ours has run: names that it bound are made by us.

        A name of the user's that it rebound, after a yes, stays the user's.
        """
        for name, value in dict(namespace).items():
            new = name not in before.ids or name in before.ours
            if new and not name.startswith("_") and before.ids.get(name) != id(value):
                self._objects[name] = _reference(value)

    def names(self, namespace: Mapping[str, Any]) -> tuple[str, ...]:
        """Those that nobody has rebound since; the others are forgotten."""
        for name, reference in list(self._objects.items()):
            if name not in namespace or reference() is not namespace[name]:
                self._objects.pop(name, None)  # a look on another thread may have been faster
        return tuple(self._objects)


class Before(NamedTuple):
    """The names of a kernel before a cell runs."""

    ids: Mapping[str, int]
    """Which object each means. One that is freed meanwhile can only make us too careful."""
    ours: frozenset[str]
    """Those that we made."""


def _reference(value: Any) -> Callable[[], Any]:
    try:
        weak = weakref.ref(value)
    except TypeError:
        return lambda: value
    return lambda: _FREED if (found := weak()) is None else found
