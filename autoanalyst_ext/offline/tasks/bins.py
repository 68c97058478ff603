"""Intervals with labels that a task describes: `small (0-12 rooms), middle (13-19)`."""

import re

from ...types.profiles import ColumnProfile
from ..plan.expressions import Bin, Binned, Of
from ..questions.conditions import column_of
from ..words.mentions import Marked

_BIN = re.compile(r"[\"'`]?(?P<label>[A-Z][\w -]{0,24}?)[\"'`]?\s*\((?P<range>[^()]*\d[^()]*)\)", re.UNICODE)


def bins_of(name: str, text: Marked) -> Binned | None:
    """`'small' (0-12 rooms), 'middle' (13-19), ...` of the one column that the text bins."""
    found: dict[str, Bin] = {}
    for match in _BIN.finditer(text.text):
        interval = _interval(match["label"].strip(), text.plain(match["range"]))
        if interval is not None:
            found.setdefault(interval.label, interval)
    if len(found) < 2:
        return None
    column = _binned_column(name, text)
    bins = _closed(list(found.values()))
    if column is None or bins is None:
        return None
    return Binned(of=Of(column=column_of(column)), bins=bins)


def _binned_column(name: str, text: Marked) -> ColumnProfile | None:
    """The numeric column in the sentence with the bins; that of the new name where there are several."""
    for sentence in re.split(r"(?<=\.)\s|\n", text.text):
        if len(_BIN.findall(sentence)) < 2:
            continue
        numeric = [c for c in text.columns(sentence) if c.kind in ("integer", "number") and c.name != name]
        named = [c for c in numeric if c.name.casefold() in name.casefold()]
        if len(named or numeric) == 1:
            return (named or numeric)[0]
    return None


def _interval(label: str, text: str) -> Bin | None:
    plain = text.replace(",", "")
    number = r"(-?\d+(?:\.\d+)?)"
    if match := re.search(rf"{number}\s*(<=?)\s*\w+\s*(<=?)\s*{number}", plain):
        return Bin(
            label=label, low=float(match[1]), high=float(match[4]),
            low_included=match[2] == "<=", high_included=match[3] == "<=",
        )  # fmt: skip
    if match := re.search(rf"{number}\s*(?:-|–|to)\s*{number}", plain):
        return Bin(label=label, low=float(match[1]), high=float(match[2]), high_included=True)
    if match := re.search(rf"(<=?|>=?)\s*{number}", plain):
        value, closed = float(match[2]), match[1].endswith("=")
        if match[1].startswith("<"):
            return Bin(label=label, high=value, high_included=closed)
        return Bin(label=label, low=value, low_included=closed)
    if match := re.search(
        rf"{number}[\w\s]*\b(?:above|over|older|more|greater)|(?:above|over)\s+{number}", plain
    ):
        return Bin(label=label, low=float(match[1] or match[2]), low_included=bool(match[1]))
    return None


def _closed(bins: list[Bin]) -> tuple[Bin, ...] | None:
    """The bins without a gap between whole numbers: 0-12, 13-19 means that 12.5 is below 13."""
    ordered = sorted(bins, key=lambda item: float("-inf") if item.low is None else item.low)
    closed: list[Bin] = []
    for item, after in zip(ordered, [*ordered[1:], None], strict=True):
        if after is None or item.high is None or after.low is None:
            closed.append(item)
        elif item.high == after.low:
            both = item.high_included and after.low_included
            closed.append(item.model_copy(update={"high_included": False}) if both else item)
        elif after.low == item.high + 1 and after.low_included and item.high_included:
            closed.append(item.model_copy(update={"high": after.low, "high_included": False}))
        else:
            return None
    return tuple(closed)
