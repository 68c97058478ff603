"""What a misspelt name of code was meant to be: one name for certain, or some that look like it.

A name is certain when it differs by a slip of the finger, in letters and not in digits, and no other
name comes near. `min_price` is never `max_price`, and `sales_2023` never `sales_2024`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from ..words.schema import words_of
from ..words.tokens import fold, key, singular
from ..words.vocabulary import REAL_WORDS

CLOSE = 3
"""Most edits between a name and one that is offered in its place."""


@dataclass(frozen=True)
class Meant:
    """What a name can stand for."""

    name: str | None
    """The one that was meant, if that is certain."""
    close: tuple[str, ...] = ()
    """Names that look like it, nearest first; at most three."""


def meant(wrong: str, names: Iterable[str], rivals: Iterable[str] = ()) -> Meant:
    """What `wrong` was meant to be of `names`. A `rival` cannot be chosen, but makes a choice uncertain."""
    pool = sorted({*names} - {wrong})
    others = sorted({*rivals} - {wrong, *pool})
    close = tuple(sorted(_close(wrong, pool), key=lambda name: (_distance(wrong, name), name))[:3])
    for same in (_is_same, _is_slip):
        found = [name for name in pool if same(wrong, name)]
        if found:
            alone = len(found) == 1 and not any(same(wrong, name) for name in others)
            near = [name for name in (*pool, *others) if name != found[0] and _is_near(wrong, name, found[0])]
            return Meant(found[0] if alone and (same is _is_same or not near) else None, close)
    return Meant(None, close)


def _distance(left: str, right: str) -> int:
    return OSA.distance(fold(left), fold(right))


def _close(wrong: str, pool: Iterable[str]) -> list[str]:
    """Names worth offering: at most `CLOSE` edits and at most half of the letters."""
    return [name for name in pool if _distance(wrong, name) <= min(CLOSE, len(wrong) // 2)]


def _is_near(wrong: str, name: str, chosen: str) -> bool:
    """Whether `name` is hardly further from what was written than the one that would be chosen."""
    return _distance(wrong, name) <= _distance(wrong, chosen) + 1


def _is_same(wrong: str, name: str) -> bool:
    """Whether only case, separators or the grammatical number differ."""
    return key(wrong) == key(name) or [*map(singular, words_of(wrong))] == [*map(singular, words_of(name))]


def _is_slip(wrong: str, name: str) -> bool:
    """Whether every word is the other name's, or a slip of the finger from it."""
    if _digits(wrong) != _digits(name):
        return False
    ours, theirs = words_of(wrong), words_of(name)
    if len(ours) != len(theirs):
        return _is_misspelt(key(wrong), key(name))
    return all(one == other or _is_misspelt(one, other) for one, other in zip(ours, theirs, strict=True))


def _is_misspelt(wrong: str, word: str) -> bool:
    """Whether one word is a slip of the finger from another, and no word of its own.

    Letters that are doubled, left out or swapped tell more than one that is another.
    """
    shorter, distance = min(len(wrong), len(word)), OSA.distance(wrong, word)
    if shorter < 4 or wrong in REAL_WORDS or singular(wrong) in REAL_WORDS:
        return False
    if wrong[0] != word[0] and sorted(wrong[:2]) != sorted(word[:2]):
        return False
    replaced = distance == 1 and len(wrong) == len(word) and not _is_swapped(wrong, word)
    return distance <= (2 if shorter >= 8 else 1 if shorter >= 6 or not replaced else 0)


def _is_swapped(wrong: str, word: str) -> bool:
    return any(
        wrong == word[:at] + right + left + word[at + 2 :] for at, (left, right) in enumerate(pairwise(word))
    )


def _digits(name: str) -> str:
    return "".join(letter for letter in name if letter.isdigit())
