"""A chat's title, made from its first question without a model."""

import re

MAX_WORDS = 10
MAX_CHARACTERS = 60

_POLITE = re.compile(
    r"(please|can you|could you|would you|i want to|i would like to|show me|tell me|give me|"
    r"what (is|are|was|were)|what's|the)\b[\s,]*",
    flags=re.IGNORECASE,
)
_DANGLING = re.compile(
    r"( (a|an|the|of|in|on|at|by|for|from|to|with|and|or|per|is|are|was|were|than|that|which|as|into))+$",
    flags=re.IGNORECASE,
)
"""Words that a title does not end with: what follows them was cut off."""


def title_of(question: str) -> str:
    """At most ten words of the question, without mentions and politeness.

    >>> title_of("@data_viz_agent please show me the average price by city, sorted")
    'Average price by city, sorted'
    """
    text = re.sub(r"```.*?(```|\Z)", " ", question, flags=re.DOTALL)
    text = re.sub(r"(?<!\S)@\w+", " ", text)
    text = re.sub(r"\s+", " ", text).strip()
    while (match := _POLITE.match(text)) and match.end() < len(text):
        text = text[match.end() :]
    words = text.split()
    title = " ".join(words[:MAX_WORDS])
    if len(words) > MAX_WORDS:
        title = _DANGLING.sub("", title)
    title = title[:MAX_CHARACTERS].rstrip(" ,.;:?!")
    return title[:1].upper() + title[1:] if title else "New chat"
