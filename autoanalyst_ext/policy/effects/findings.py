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

from ...types.effects import Finding
from .reader import NamesBefore, TooLong
from .seen import Seen
from .statements import Statements

_INSTALLS = re.compile(
    r"(?:python3? -m )?(?:pip3?|conda|mamba|uv(?: pip)?|apt(?:-get)?) +install\b(?P<what>.*)"
)
_COMMAND = re.compile(r"\s*(?P<target>[\w, ]+=\s*)?(?P<sign>!{1,2}|%{1,2})(?P<text>.*)")
_JOINS_COMMANDS = frozenset(";&|$`<>(){}")
_SHELLS = ("bash", "sh", "script", "system", "sx", "cmd", "powershell", "perl", "ruby")


def findings(source: str, names: NamesBefore) -> tuple[Finding, ...]:
    """The effects of running `source` in a kernel that has `names`, by line; empty when it is safe.

    Never raises: code that cannot be read is a finding.
    """
    return _read(source, names)[1]


def names_after(source: str, names: NamesBefore, *, completed: bool = True) -> NamesBefore:
    """What the run's next cell finds after `source` was executed: the names it made are fresh.

    A name that was there before the run stays somebody else's, also when an approved cell rebound it.
    `completed` is False when the cell ended in an error or was stopped, so that nobody knows which of its
    assignments happened last. `existing` is not changed; the caller replaces it with what the kernel reports.
    """
    reader, found = _read(source, names)
    if reader is None:
        return names
    kept = {name for name in names.existing if name not in names.fresh and not names.owned}
    bound = reader.scope.names if completed else reader.scope.ever
    made = {name: _carried(seen, safe=not found) for name, seen in bound.items() if name not in kept}
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
    """The reader, where the code can be read, and the findings."""
    tree = _parsed(source)
    commands: tuple[Finding, ...] = ()
    if tree is None:
        commands, rest = _without_commands(source)
        tree = _parsed(rest) if commands else None
    if tree is None:
        return None, commands or (
            Finding(effect="unknown", line=1, words="does not parse as Python", fails=True),
        )
    reader = Statements(names)
    try:
        reader.read(tree)
    except (RecursionError, TooLong):
        words = "is too long or too deeply nested to be read"
        return None, (*commands, *reader.found, Finding(effect="unknown", line=1, words=words))
    return reader, tuple(sorted((*commands, *reader.found), key=lambda finding: finding.line))


def _parsed(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # e.g. an invalid escape in a text; it is not our code
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_commands(source: str) -> tuple[tuple[Finding, ...], str]:
    """Findings of the lines that only IPython understands, and the code without them.

    The rest is still read: an accepted `%pip install` must not carry the lines below it along.
    """
    found, rest = [], []
    for number, line in enumerate(source.splitlines(), 1):
        command = _COMMAND.match(line)
        if command is None:
            rest.append(line)
            continue
        found.append(_command(number, line, command))
        if command["sign"] == "%%":
            return tuple(found), "\n".join(rest)
        indent = line[: len(line) - len(line.lstrip())]
        rest.append(f"{indent}{command['target'] or ''}None")
    return tuple(found), "\n".join(rest)


def _command(number: int, line: str, command: re.Match[str]) -> Finding:
    """The finding of one line that is not Python."""
    text = command["text"].strip()
    installs = None if set(text) & _JOINS_COMMANDS else _INSTALLS.match(text)
    if installs:
        what = installs["what"].strip() or "packages"
        return Finding(effect="install", line=number, words=f"installs {what}")
    if command["sign"].startswith("!") or text.startswith(_SHELLS):
        return Finding(effect="shell", line=number, words=f"runs a command of the system (`{text}`)")
    return Finding(effect="unknown", line=number, words=f"uses the IPython command `{line.strip()}`")
