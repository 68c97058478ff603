"""One line of an answer for the list of chats, as plain text."""

import re

MOST = 140
"""Characters of a summary."""

_FENCE = re.compile(r"^\s{0,3}(```|~~~).*?(^\s{0,3}\1[`~]*\s*$|\Z)", flags=re.DOTALL | re.MULTILINE)
_START = re.compile(r"^\s*((>|#{1,6}(?=\s)|[-+*](?=\s)|\d+[.)](?=\s))\s*)+")
_RULE = re.compile(r"[\s|:=*_-]*")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(?<!\\)(\*+(?=\S)|(?<=\S)\*+|~~|`+)|(?<![\w\\])_+(?=\S)|(?<=[^\s\\])_+(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def summary_of(answer: str) -> str:
    """The first line of an answer that says something, without Markdown's marks.

    >>> summary_of("## **Result**\\n\\nMore")
    'Result'
    """
    for line in _FENCE.sub("\n", answer).splitlines():
        if not _RULE.fullmatch(line) and (text := _plain(line)):
            return text if len(text) <= MOST else f"{text[: MOST - 1].rstrip()}…"
    return ""


def _plain(line: str) -> str:
    text = _LINK.sub(r"\1", _START.sub("", line, count=1))
    if text.startswith("|"):
        text = " · ".join(cell.strip() for cell in re.split(r"(?<!\\)\|", text) if cell.strip())
    text = _ESCAPE.sub(r"\1", _EMPHASIS.sub("", text)).replace("&#96;", "`")
    return re.sub(r"\s+", " ", text).strip()
