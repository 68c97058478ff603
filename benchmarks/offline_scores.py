"""The words and goals that the measurements of the offline analyst share."""

import math
from collections.abc import Sequence
from typing import Literal

RIGHT, WRONG, MS = 0.60, 0.05, 50.0
"""Goals: at least, at most, and the median of the understanding."""
Verdict = Literal["right", "wrong", "abstained", "failed"]


def interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z = 1.959964
    centre, width = hits + z * z / 2, z * math.sqrt(hits * (of - hits) / of + z * z / 4)
    return max(0.0, (centre - width) / (of + z * z)), min(1.0, (centre + width) / (of + z * z))


def tally(verdicts: Sequence[Verdict]) -> str:
    """One line: right, wrong, abstained, and what did not even run."""
    total = len(verdicts)
    parts = []
    for verdict in ("right", "wrong", "abstained", "failed"):
        hits = sum(each == verdict for each in verdicts)
        low, high = interval(hits, total)
        parts.append(f"{verdict} {hits:3} {hits / total:6.1%} ({low:.0%}-{high:.0%})")
    return f"{total:4}: {' · '.join(parts)}"
