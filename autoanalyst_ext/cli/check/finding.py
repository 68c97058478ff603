"""`Finding`: one thing that was looked at, how it is, and what to do where it is not well.

`Scene` is what all looks share. How findings are shown is `report.py`'s.
"""

from dataclasses import dataclass
from typing import Literal

from ...engine import Engine

Status = Literal["ok", "note", "fixed", "problem"]
"""`note`: works, and there is something to know. `fixed`: was a problem until `--fix` mended it."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    status: Status
    words: str
    remedy: str = ""
    """What to do, in words."""
    command: str = ""
    """What to type, on a line of its own."""


@dataclass
class Scene:
    """What the looks share."""

    engine: Engine
    fix: bool = False
    """Whether what is safely mended is to be mended."""
    empty: bool = False
    """Whether there is no database yet, or one without any tables of ours."""
    stored: bool = False
    """Whether there is a database with this program's tables; the look at the database says so."""


def fine(name: str, words: str) -> Finding:
    """It is as it should be."""
    return Finding(name, "ok", words)


def note(name: str, words: str, remedy: str = "", command: str = "") -> Finding:
    """It works, and there is something to know."""
    return Finding(name, "note", words, remedy, command)


def problem(name: str, words: str, remedy: str = "", command: str = "") -> Finding:
    """It does not work."""
    return Finding(name, "problem", words, remedy, command)


def fixed(name: str, words: str) -> Finding:
    """It was a problem, and has just been mended."""
    return Finding(name, "fixed", words)


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 run`, `2 runs`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
