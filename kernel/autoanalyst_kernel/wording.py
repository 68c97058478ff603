"""How figures and model text read for a person: the same words as on the command line.

Money, time, tokens and counts in one place, and text that cannot steer a terminal. Standard library only.
"""

import html
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

# Data must not steer the terminal: escape sequences and control characters but tab and line ends go.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
# To Python a lone carriage return ends a line: what follows must not look like the rest of a comment.
_LINE_END = re.compile(r"\r\n?")
# These let code read in another order than it runs.
_REORDERING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_ESCAPED_MARK = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"`([^`\n]+)`")
CAN_BE = "These questions can be answered:"
HAND_OVER = "To ask a model instead, run:"
_STATUS = {"abstained": "Not answered", "failed": "Failed", "stopped": "Stopped"}


def harmless(text: str) -> str:
    """The text without what would steer a terminal, or show it in another order than it has."""
    shown = _ESCAPES.sub("", _LINE_END.sub("\n", text))
    return _REORDERING.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)


def plain(markdown: str) -> str:
    """An answer's Markdown as text for a terminal: data as it is, no emphasis marks; code keeps its marks."""
    lighter = re.sub(r"(?<!\\)\*\*", "", harmless(markdown))
    return html.unescape(_ESCAPED_MARK.sub(r"\1", lighter))


def prose(text: str) -> str:
    """Text as HTML: escaped, and what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(harmless(text)))


def count(number: int, noun: str) -> str:
    """`1 cell`, `2 cells`, `10,000 cells`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """`0.3 s`, `42 s`, `2 min`."""
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3570 else f"{seconds / 3600:.1f} h"


def money(dollars: str) -> str:
    """An exact amount with as many digits as it takes to be seen: `$0.0042`, `$0.00000053`, `$12.40`.

    >>> money("0.00420000001"), money("0.00000052"), money("12.4"), money("0.00")
    ('$0.0042', '$0.00000052', '$12.40', '$0.00')
    """
    amount = Decimal(dollars)
    digits = 4 if abs(amount) < 1 else 2
    while digits < 12 and amount and abs(amount) < Decimal(10) ** (1 - digits):
        digits += 1
    short = f"{amount:,.{digits}f}"
    whole, _, fraction = short.partition(".")
    return f"${whole}.{fraction.rstrip('0').ljust(2, '0')}"


def cost(usage: Mapping[str, Any]) -> str:
    """What some model calls cost; says so when that is unknown or an estimate."""
    if usage.get("cost_usd") is None:
        return "unpriced"
    estimate = " (estimate)" if usage.get("estimated_requests") else ""
    unpriced = usage.get("unpriced_requests") or 0
    rest = f" + {unpriced} unpriced" if unpriced else ""
    return f"{'~' if estimate else ''}{money(usage['cost_usd'])}{estimate}{rest}"


def tokens(usage: Mapping[str, Any]) -> int:
    """Input and output tokens together."""
    counted = usage.get("tokens") or {}
    return int(counted.get("input_tokens", 0)) + int(counted.get("output_tokens", 0))


def footer(
    answer: Mapping[str, Any], model: str, *, receipt: Mapping[str, Any] | None, replayed: bool
) -> str:
    """The last line of an answer: model, tokens, cost, time."""
    usage = answer.get("usage") or {}
    spent = [count(tokens(usage), "token"), cost(usage)]
    if replayed:
        day = str((receipt or {}).get("at") or "")[:10]
        return " · ".join([f"replayed from {day}" if day else "replayed", *spent])
    return " · ".join([model, *spent, duration(float(answer.get("seconds") or 0.0))])


def status(answer: Mapping[str, Any]) -> str:
    """What became of a question that was not answered; empty for one that was."""
    return _STATUS.get(str(answer.get("status")), "")


def doubts(answer: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What holds of an answer's figures: (kind, sign, words), the proven ones first."""
    texts: dict[str, list[str]] = {}
    for claim in answer.get("claims") or ():
        texts.setdefault(str(claim.get("status")), []).append(str(claim.get("text", "")))
    lines = []
    if proven := texts.get("verified"):
        lines.append(("verified", "✓", f"{count(len(proven), 'figure')} verified"))
    if unproven := texts.get("unverified"):
        lines.append(("unverified", "?", f"{count(len(unproven), 'figure')} unverified: {_some(unproven)}"))
    if wrong := texts.get("contradicted"):
        lines.append(("contradicted", "✗", f"{count(len(wrong), 'figure')} contradicted: {_some(wrong)}"))
    if check := answer.get("check"):
        kind, sign = ("checked", "✓") if check.get("agrees") else ("unverified", "≠")
        lines.append((kind, sign, str(check.get("text", ""))))
    return lines


def _some(texts: Sequence[str]) -> str:
    shown = ", ".join(texts[:5])
    return f"{shown} and {len(texts) - 5} more" if len(texts) > 5 else shown
