"""Whether other accounts of the machine may read a file."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from .finding import Finding, fine, fixed, problem


def is_open(file: Path) -> bool:
    """Whether the file is there and other accounts may do anything with it."""
    return os.name == "posix" and file.exists() and bool(stat.S_IMODE(file.stat().st_mode) & 0o077)


def rights(name: str, files: list[Path], *, fix: bool, remedy: str = "") -> Iterator[Finding]:
    """Whether other accounts may read what is one person's."""
    if os.name != "posix":
        return  # rights are of another kind there
    there = [file for file in files if file.exists()]
    open_ones = [file for file in there if is_open(file)]
    names = " ".join(map(str, open_ones))
    if open_ones and fix:
        for file in open_ones:
            file.chmod(0o600)
        yield fixed(name, f"Other accounts could read {names}. Now it is yours alone.")
    elif open_ones:
        yield problem(name, f"Other accounts may read {names}.", remedy, command=f"chmod 600 {names}")
    elif there:
        yield fine(name, "only your account may read it")
