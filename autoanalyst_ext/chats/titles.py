"""A chat's title, made from its first question without a model."""

import re

MAX_WORDS = 6
MAX_CHARACTERS = 60


def title_of(question: str) -> str:
    """At most six words of the question, without mentions and politeness.

    >>> title_of("@data_viz_agent please show me the average price by city, sorted")
    'Average price by city, sorted'
    """
    text = re.sub(r"```.*?(```|\Z)", " ", question, flags=re.DOTALL)
    text = re.sub(r"(?<!\S)@\w+", " ", text)
    polite = r"(please|can you|could you|would you|i want to|i would like to|show me|tell me|give me|the)\b"
    text = re.sub(r"\s+", " ", text).strip()
    while match := re.match(polite + r"[\s,]*", text, flags=re.IGNORECASE):
        text = text[match.end() :]
    words = text.split()[:MAX_WORDS]
    title = " ".join(words)[:MAX_CHARACTERS].rstrip(" ,.;:?!")
    return title[:1].upper() + title[1:] if title else "New chat"
