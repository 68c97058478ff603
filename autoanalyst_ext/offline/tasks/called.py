"""Which values an answer's name calls: `mean_rent_oslo` is of the rows of Oslo."""

from collections.abc import Sequence

from ..plan import AllOf, Condition
from ..words.tokens import singular
from .scene import Choice, Scene


def condition_of(words: Sequence[str], scene: Scene) -> tuple[tuple[Choice, ...], set[int]]:
    """The values that an answer's name calls, one for each column, and the positions of their words."""
    found: dict[str, tuple[Choice, set[int]]] = {}
    for choice in scene.choices:
        for name in choice.names:
            found_at = place(words, name)
            if found_at is None:
                continue
            old = found.get(choice.column.name)
            if old is None or len(found_at) > len(old[1]):
                found[choice.column.name] = (choice, found_at)
    used = set().union(*(place for _, place in found.values()))
    return tuple(choice for choice, _ in found.values()), used


def place(words: Sequence[str], name: Sequence[str]) -> set[int] | None:
    """Where a name stands among words."""
    for start in range(len(words) - len(name) + 1):
        part = words[start : start + len(name)]
        if all(_same(word, wanted) for word, wanted in zip(part, name, strict=True)):
            return set(range(start, start + len(name)))
    return None


def _same(word: str, wanted: str) -> bool:
    """Whether two words are one, whatever their ending: `renewed` and `renew`, not `male` and `female`."""
    if word == wanted or singular(word) == wanted:
        return True
    common = 0
    for a, b in zip(word, wanted, strict=False):
        if a != b:
            break
        common += 1
    return common >= 5 and common >= min(len(word), len(wanted)) - 3


def joined(conditions: Sequence[Condition]) -> Condition | None:
    """All conditions together."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return AllOf(parts=tuple(conditions))
