"""Mentions: which agents a question names with `@`, and the question without them."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

# A mention starts a word: an `@` after a letter, digit, dot or another `@` is an e-mail address or a
# decorator's tail, one inside code is code, and `@mean[value]` names a figure of the answer's format.
_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", re.DOTALL)
_MENTION = re.compile(r"(?<![\w.@/+-])@(?P<name>[A-Za-z_]\w*)(?![\w\[])(?![\w.-]*@)(?!\.\w)")


@dataclass(frozen=True)
class Mentions:
    """The agents that a question names, in order, without repeats."""

    agents: tuple[str, ...]
    """Names as written, without the `@`."""
    question: str
    """The question without the agents' mentions; mentioned tables stay as plain names."""


def parse(text: str, *, tables: Collection[str] = (), is_agent: Callable[[str], bool]) -> Mentions:
    """Read the mentions of `text`.

    `@housing` names the table when there is one and no agent is called so. Anything else after an
    `@` is taken for an agent, known or not; whoever looks it up says so when it is not.
    """
    hidden = [match.span() for match in _CODE.finditer(text)]
    agents: list[str] = []

    def replace(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in hidden):
            return match.group()
        name = match["name"]
        if name in tables and not is_agent(name):
            return name
        if name.lower() not in (known.lower() for known in agents):
            agents.append(name)
        return ""

    question = _MENTION.sub(replace, text)
    if agents:
        question = re.sub(r"[ \t]{2,}", " ", question).strip(" \t\n,:;")
    return Mentions(agents=tuple(agents), question=question)
