"""What running a cell could do beyond computing."""

from typing import Literal

from .value import Value

Effect = Literal[
    "rebind",
    "change",
    "delete",
    "read",
    "write",
    "network",
    "install",
    "shell",
    "reflect",
    "input",
    "unknown",
]
"""`rebind`: gives an existing name another value. `change`: changes an existing value in place.
`delete`: removes a name or file. `read`: reads files outside the notebook's folder. `write`: writes files.
`network`, `install`, `shell`: as they say. `reflect`: reaches around the check (`eval`, dunder attributes).
`input`: waits for the keyboard. `unknown`: calls something that is on no list."""


class Finding(Value):
    """One effect that a cell's syntax tree shows."""

    effect: Effect
    line: int
    """1-based line of the source."""
    words: str
    """What it would do, for a person: `writes ./out/report.csv`."""
    fails: bool = False
    """It uses a name that does not exist: the cell would fail, so there is nothing to ask a person about."""
