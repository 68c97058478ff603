"""Reports in words: named answers, each `@name[value]` on a line of its own, written to the letter.

Every value is a reference into the dictionary of the cell. An answer whose value the cell has not, or that
stands on a figure that it has not, is said to be missing and is never written as one.
"""

from collections.abc import Mapping

from ...types.results import Leaf, MappingResult, Result, ScalarResult, SequenceResult
from ..cells.reports import evidence, picks
from ..plan import Combined, Entry, Pick, Report, Several, Verdict
from . import references as ref
from .phrases import listed, printable

NOT_A_NUMBER = "nan"
"""What stands for a figure that has no value, as pandas writes it."""
_COUNTS = frozenset({"count", "rest", "dof", "train_rows", "test_rows"})
MOST_ITEMS = 200
"""Values of a list that are written; results hold no more."""


def report(ask: Report, result: MappingResult, label: str) -> str:
    """The answers as lines; what cannot be said, below them."""
    values = dict(zip(result.keys, result.values, strict=False))
    proofs = {pick: key for key, pick in evidence(ask).items()}
    proofs |= {entry.source: entry.name for entry in ask.entries if isinstance(entry.source, Pick)}
    lines: list[str] = []
    missing: list[str] = []
    for entry in ask.entries:
        found = values.get(entry.name)
        value = _value(entry, found, label) if _stands(entry, proofs, values) else None
        if value is None:
            missing.append(f"`{printable(entry.name)}`")
        if value is not None or _is_undefined(entry, found):
            lines.append(f"@{entry.name}[{NOT_A_NUMBER if value is None else value}]")
    text = "  \n".join(lines)
    if missing:
        verb = "has" if len(missing) == 1 else "have"
        rest = f"{listed(missing)} {verb} no value: there are too few rows to compute it."
        text = f"{text}\n\n{rest}" if text else rest[0].upper() + rest[1:]
    return text


def _is_undefined(entry: Entry, found: Result | None) -> bool:
    """Whether an answer is a figure that has no value, such as the mean of no rows."""
    undefined = isinstance(found, ScalarResult) and found.value is None
    return undefined and isinstance(entry.source, (Pick, Combined))


def _stands(entry: Entry, proofs: Mapping[Pick, str], values: Mapping[str, Result]) -> bool:
    """Whether the figures that a word stands on are there."""
    if not isinstance(entry.source, Verdict):
        return True
    keys = [proofs[pick] for pick in picks(entry.source)]
    found = [values.get(key) for key in keys]
    return all(isinstance(one, ScalarResult) and one.value is not None for one in found)


def _value(entry: Entry, found: Result | None, label: str) -> str | None:
    """The reference that stands for an answer, or for each of its parts."""
    match found:
        case ScalarResult(value=value):
            counted = isinstance(entry.source, Pick) and entry.source.part in _COUNTS
            form = _form(value, None if counted else entry.decimals)
            return None if value is None else ref.entry(label, entry.name, form)
        case SequenceResult(values=values, length=length) if length == len(values) <= MOST_ITEMS:
            return _list(entry, [_leaf(one) for one in values], label)
        case _:
            return None


def _list(entry: Entry, values: list[Leaf], label: str) -> str | None:
    if any(value is None for value in values):
        return None
    start = ref.entry(label, entry.name)
    if start is None:
        return None
    path = start.removesuffix("}}")
    decimals = _decimals(entry, len(values))
    forms = [_form(value, places) for value, places in zip(values, decimals, strict=True)]
    parts = [f"{path}[{at}]{f'|{form}' if form else ''}}}}}" for at, form in enumerate(forms)]
    return ", ".join(parts)


def _decimals(entry: Entry, count: int) -> list[int | None]:
    if isinstance(entry.source, Several) and len(entry.source.decimals) == count:
        return [places if places is not None else entry.decimals for places in entry.source.decimals]
    return [entry.decimals] * count


def _form(value: Leaf, decimals: int | None) -> str:
    """How a value is written: so many decimals, whole numbers without a point, words as they are."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    if decimals is not None:
        return f".{decimals}f"
    return "d" if isinstance(value, int) else ".10g"


def _leaf(result: Result) -> Leaf:
    return result.value if isinstance(result, ScalarResult) else None
