"""What is written beside `%%analyst` and `%analyst`: options first, then agents, then words of the question.

Not argparse: a question is prose with apostrophes and dashes, so only what stands before its first word is
read as options.
"""

import keyword
import re
from dataclasses import dataclass, replace

from IPython.core.error import UsageError

MODES = ("auto", "ask", "suggest")
VERBS = ("agents", "models", "datasets", "usage", "history", "plain", "cancel", "help")
OPTIONS = {
    "--model": "PROVIDER:MODEL  who answers, e.g. offline:analyst",
    "--mode": "auto|ask|suggest  what may run without asking",
    "--data": "NAME[,NAME...]  which tables the question is about",
    "--chat": "NAME  which conversation it belongs to",
    "--as": "NAME  the variable that gets the answer",
    "--no-cells": "leave the code in the output, insert no cells",
    "--fresh": "ask again even if the answer was recorded",
}
"""Every option with its help; those with a value name it first."""
FLAGS = frozenset({"--no-cells", "--fresh"})

_TOKEN = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[^\s"'=])+)""")
_VALUE = re.compile(r"""(?:=|\s+)(?:"([^"]*)"|'([^']*)'|(\S+))""")


@dataclass(frozen=True)
class Arguments:
    """What was written."""

    words: str = ""
    """What is left of the line: the question, or its beginning."""
    agents: tuple[str, ...] = ()
    model: str | None = None
    mode: str | None = None
    scope: tuple[str, ...] = ()
    chat: str = ""
    name: str | None = None
    """`--as`."""
    cells: bool = True
    fresh: bool = False


def parse(line: str) -> Arguments:
    """Read a line; raises `UsageError` with one sentence."""
    found, position = Arguments(), 0
    while (token := _TOKEN.match(line, position)) is not None:
        word = token[1]
        if word == "--":
            position = token.end()
            break
        if word.startswith("@") and re.fullmatch(r"@[A-Za-z_]\w*", word):
            found, position = replace(found, agents=(*found.agents, word[1:])), token.end()
        elif word.startswith("--"):
            found, position = _option(found, word, line, token.end())
        else:
            break
    return replace(found, words=line[position:].strip())


def asked_of(model: str, asked: Arguments, written: tuple[str, str] | None) -> str:
    """What to run to ask the same of another model: a cell, or a line where no whole cell asked."""
    options = [f"@{agent}" for agent in asked.agents]
    options += ["--model", model]
    options += ["--mode", asked.mode] if asked.mode else []
    options += ["--data", _quoted(",".join(asked.scope))] if asked.scope else []
    options += ["--chat", _quoted(asked.chat)] if asked.chat else []
    options += ["--as", asked.name] if asked.name else []
    options += [] if asked.cells else ["--no-cells"]
    line = " ".join([*options, *(["--"] if asked.words.startswith(("-", "@")) else []), asked.words]).strip()
    return f"%analyst {line}" if written is None else f"%%analyst {line}\n{written[1].strip()}".strip()


def _quoted(text: str) -> str:
    """A value as one word of a line."""
    if " " not in text and not set("\"'=") & set(text):
        return text
    return f"'{text}'" if '"' in text else f'"{text}"'


def _option(found: Arguments, name: str, line: str, position: int) -> tuple[Arguments, int]:
    if name not in OPTIONS:
        import difflib

        near = difflib.get_close_matches(name, OPTIONS, n=1)
        meant = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(OPTIONS)}."
        raise UsageError(f"%%analyst has no option {name}.{meant}")
    if name in FLAGS:
        return (replace(found, cells=False) if name == "--no-cells" else replace(found, fresh=True)), position
    value = _VALUE.match(line, position)
    text = next((part for part in value.groups() if part), "") if value else ""
    if not value or not text or text.startswith("--"):
        raise UsageError(f"{name} needs a value: {name} {OPTIONS[name].partition('  ')[0]}")
    return _with_value(found, name, text), value.end()


def _with_value(found: Arguments, name: str, text: str) -> Arguments:
    match name:
        case "--model":
            return replace(found, model=text)
        case "--mode":
            if text not in MODES:
                raise UsageError(f"--mode is one of {', '.join(MODES)}, not {text!r}.")
            return replace(found, mode=text)
        case "--data":
            names = tuple(part.strip() for part in text.split(",") if part.strip())
            return replace(found, scope=(*found.scope, *names))
        case "--chat":
            return replace(found, chat=text)
        case _:
            if not text.isidentifier() or keyword.iskeyword(text):
                raise UsageError(f"--as needs the name of a variable, not {text!r}.")
            return replace(found, name=text)
