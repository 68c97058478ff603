"""The Markdown of an answer: where its code is, and how data is written into it so that it stays text.

Data may hold anything: tags, links, bars, formulas. What `escape` returns shows as the same characters in
every renderer and is never markup.
"""

import re
import unicodedata
from collections.abc import Sequence

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)")
_SPECIAL = re.compile(r"([\\*{}\[\]<>|~&$@])|(?<![^\W_])(_)|(_)(?![^\W_])|(?<=[A-Za-z])(:)(?=//)")
_WEB = re.compile(r"\b(www)\.", re.IGNORECASE)
_LINE_START = re.compile(r"(\s*)([-+=#]|\d+(?=[.)](?:\s|$)))")
_CELL_CHARACTERS = 200


def code_spans(text: str) -> list[tuple[int, int]]:
    """Where `text` is code: fenced blocks (an open one reaches to the end) and inline code, in order."""
    spans: list[tuple[int, int]] = []
    position, prose_start = 0, 0
    fence: tuple[str, int] | None = None
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if fence is None and found and not (found[1][0] == "`" and "`" in found[2]):
            spans += _inline_spans(text, prose_start, position)
            fence = (found[1], position)
        elif fence is not None and found and _closes(found, fence[0]):
            spans.append((fence[1], position + len(line)))
            fence, prose_start = None, position + len(line)
        position += len(line)
    if fence is not None:
        return [*spans, (fence[1], len(text))]
    return spans + _inline_spans(text, prose_start, len(text))


def escape(value: str) -> str:
    """Data as Markdown that shows exactly this text, on one line.

    >>> escape("<b>|x|</b>")
    '\\\\<b\\\\>\\\\|x\\\\|\\\\</b\\\\>'
    """
    line = "".join(_visible(sign) for sign in value)
    escaped = _WEB.sub(r"\1\\.", _SPECIAL.sub(r"\\\g<0>", line))
    # A backslash does not keep a backtick from closing code that the template left open.
    escaped = escaped.replace("`", "&#96;")
    # A value may stand first on a line, where a dash or a number would begin a list.
    return _LINE_START.sub(_escaped_start, escaped, count=1) if _LINE_START.match(escaped) else escaped


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """A Markdown table; `columns` and `rows` are escaped already, `right` says which are numbers."""
    rule = ["---:" if is_right else "---" for is_right in right]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, rule, *rows))


def cell(text: str) -> str:
    """Data as the text of a table's cell."""
    return escape(text if len(text) <= _CELL_CHARACTERS else f"{text[:_CELL_CHARACTERS]}…")


def _closes(found: re.Match[str], opened: str) -> bool:
    return found[1][0] == opened[0] and len(found[1]) >= len(opened) and not found[2].strip()


def _inline_spans(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Inline code between two positions: a run of backticks up to the next run of the same length."""
    runs = list(re.finditer(r"`+", text[start:stop]))
    spans: list[tuple[int, int]] = []
    position = 0
    while position < len(runs):
        if _is_escaped(text, start + runs[position].start()):
            position += 1
            continue
        length = len(runs[position].group())
        close = next((n for n in range(position + 1, len(runs)) if len(runs[n].group()) == length), None)
        if close is None or "\n\n" in text[start + runs[position].end() : start + runs[close].start()]:
            position += 1
            continue
        spans.append((start + runs[position].start(), start + runs[close].end()))
        position = close + 1
    return spans


def _is_escaped(text: str, position: int) -> bool:
    slashes = len(text[:position]) - len(text[:position].rstrip("\\"))
    return slashes % 2 == 1


def _visible(sign: str) -> str:
    """Control characters become spaces; signs that reorder or hide text are left out."""
    category = unicodedata.category(sign)
    if category == "Cc" or category in ("Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs") else sign


def _escaped_start(found: re.Match[str]) -> str:
    sign = found[2]
    if sign.isdigit():
        return f"{found[1]}{sign}\\"
    return f"{found[1]}\\{sign}"
