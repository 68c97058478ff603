"""What a witness of the kernel asks: what is there, and what a cell that the front end ran left behind.

A `look` runs on a thread of its own while the user's cell runs, so it copies small things only and changes
nothing; `begin` runs between cells. The engine sends the text of this file to kernels, with `frames`,
`results` and `made`; it imports nothing else of ours.
"""

import json
import sys
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

from . import frames
from .made import Before, Made
from .results import Described, describe

_PUBLISHERS = ("displayhook", "display_pub")


class _Began(NamedTuple):
    """The namespace before a cell of ours runs."""

    number: int
    """The number that the next cell gets."""
    names: Before
    fingerprints: dict[str, str]
    """Of the tables, by name."""


_began: list[_Began] = []
"""The last one, if there is one."""
_lock = threading.Lock()
"""Looks come on one thread, and everything else on another."""


def look(running: Mapping[str, Any] | None = None) -> str:
    """The tables, the names and those of them that runs made, as JSON.

    `running` is the header of the message whose cell runs meanwhile, if one does.
    """
    shell = _shell()
    if running:
        _give_back(shell, running)
    with _lock:
        return json.dumps(_overview(shell))


def begin() -> str:
    """Remember what is there; the next cell is ours."""
    shell = _shell()
    with _lock:
        tables = frames.tables(shell.user_ns)
        fingerprints = {table["name"]: table["fingerprint"] for table in tables}
        before = Made.of(shell).before(shell.user_ns)
        _began[:] = [_Began(shell.execution_count, before, fingerprints)]
    return ""


def report(count: int, *, alone: bool) -> str:
    """What cell number `count` left behind, and what is there now, as JSON.

    Only when it was `alone` (no other cell has run since `begin`) are the names that it bound ours.
    """
    shell = _shell()
    with _lock:
        began = _began.pop() if _began else None
        if began and alone and began.number == count and shell.execution_count == count + 1:
            Made.of(shell).remember(began.names, shell.user_ns)
        found = _overview(shell)
        known = began.fingerprints if began else {}
        found["changed"] = [
            table["name"] for table in found["tables"] if known.get(table["name"]) != table["fingerprint"]
        ]
        found["result"] = describe(shell.user_ns.get("_oh", {}).get(count))
    return json.dumps(found)


def _overview(shell: Any) -> Described:
    made = Made.of(shell).names(shell.user_ns)
    return {**frames.overview(shell.user_ns, shell.user_ns_hidden), "made": made}


def _shell() -> Any:
    return sys.modules["IPython"].get_ipython()


def _give_back(shell: Any, running: Mapping[str, Any]) -> None:
    """Let what threads of the running cell print belong to that cell again.

    By itself the kernel gives it to the request that came last, on whatever thread that runs: to our look.
    """
    places: list[Any] = [sys.stdout, sys.stderr]
    places += [getattr(shell, name, None) for name in _PUBLISHERS]
    for place in places:
        if hasattr(place, "_parent_header_global"):
            place._parent_header_global = dict(running)
