"""What a cell's code could do beyond computing, read from its syntax tree.

`findings` is empty for safe code: code that reads what is there, computes with listed functions, makes
new names and draws. Everything else, and everything that is not understood, is a finding, with words
for the person who is asked. **It is a guard against accidents and surprises, not a sandbox**: code that is
run has the rights of the kernel, and only the operating system bounds those. The layers below are
`reader.py`, `calls.py`, `expressions.py`, `statements.py`; what is safe is data (`catalog.py`).
"""

import ast
import re
import warnings

from ..types.effects import Finding
from .reader import NamesBefore, TooLong
from .seen import Seen
from .statements import Statements

__all__ = ["NamesBefore", "findings", "names_after"]

_INSTALLS = re.compile(r"\s*[!%]+\s*(?:python3? -m )?(?:pip3?|conda|mamba|uv|apt(?:-get)?)\s+(.*)")
_COMMAND = re.compile(r"\s*(?:[\w, ]+=\s*)?(!{1,2}|%{1,2})(.*)")
_SHELLS = ("bash", "sh", "script", "system", "sx", "cmd", "powershell", "perl", "ruby")


def findings(source: str, names: NamesBefore) -> tuple[Finding, ...]:
    """The effects of running `source` in a kernel that has `names`, by line; empty when it is safe.

    Never raises: code that cannot be read is a finding.
    """
    return _read(source, names)[1]


def names_after(source: str, names: NamesBefore) -> NamesBefore:
    """What the run's next cell finds after `source` was executed: the names it made are fresh.

    A name that was there before the run stays somebody else's, also when an approved cell rebound it.
    `existing` is not changed; the caller replaces it with what the kernel reports.
    """
    reader, found = _read(source, names)
    if reader is None:
        return names
    kept = {name for name in names.existing if name not in names.fresh and not names.owned}
    made = {
        name: _carried(seen, safe=not found) for name, seen in reader.scope.names.items() if name not in kept
    }
    return NamesBefore(
        existing=names.existing,
        fresh=names.fresh | frozenset(made),
        owned=names.owned,
        folder=names.folder,
        known={**names.known, **made},
    )


def _carried(seen: Seen, *, safe: bool) -> Seen:
    """What the next cell may know of a value: not its text, and of functions only whether they were safe."""
    if seen.kind == "local" and not safe:
        return Seen("unknown")
    if seen.kind in ("module", "function"):
        return seen
    if seen.kind == "local":
        return seen.from_outside()
    if seen.kind == "unknown":
        return Seen("unknown")
    return Seen(seen.view().kind, own=seen.own, whose=seen.whose)


def _read(source: str, names: NamesBefore) -> tuple[Statements | None, tuple[Finding, ...]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # e.g. an invalid escape in a text; it is not our code
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None, _not_python(source)
    reader = Statements(names)
    try:
        reader.read(tree)
    except (RecursionError, TooLong):
        words = "is too long or too deeply nested to be read"
        return None, (*reader.found, Finding(effect="unknown", line=1, words=words))
    return reader, tuple(sorted(reader.found, key=lambda finding: finding.line))


def _not_python(source: str) -> tuple[Finding, ...]:
    """Findings of code that only IPython understands, or nobody."""
    found = []
    for number, line in enumerate(source.splitlines(), 1):
        installs, command = _INSTALLS.match(line), _COMMAND.match(line)
        if installs:
            what = installs[1].removeprefix("install").strip() or "packages"
            found.append(Finding(effect="install", line=number, words=f"installs {what}"))
        elif command and (command[1].startswith("!") or command[2].strip().startswith(_SHELLS)):
            words = f"runs a command of the system (`{command[2].strip()}`)"
            found.append(Finding(effect="shell", line=number, words=words))
        elif command:
            words = f"uses the IPython command `{line.strip()}`"
            found.append(Finding(effect="unknown", line=number, words=words))
    return tuple(found) or (Finding(effect="unknown", line=1, words="does not parse as Python"),)
