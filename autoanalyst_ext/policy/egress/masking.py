"""Masked values: the shape of a value without the value.

Used for the sample rows of the egress level `masked`. It hides single values, not distributions: how long
a text is stays visible as a class of lengths, how large a number is as its first two digits.
"""

from ...types.results import Leaf

LONGEST = 16
"""Characters of a masked text; longer ones are cut, so that their exact length does not show."""

_KEPT = frozenset(" .,:;@/-_()+#'")


def mask(value: Leaf) -> Leaf:
    """Mask one value: text letter by letter, numbers to two significant digits."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, bool) or value is None:
        return value
    return rounded(value)


def mask_text(text: str) -> str:
    """Write letters as `x` or `X`, digits as `0`, unusual signs as `?`; at most `LONGEST` characters."""
    masked = "".join(_mask_sign(sign) for sign in text[:LONGEST])
    return f"{masked}…" if len(text) > LONGEST else masked


def rounded(value: int | float) -> int | float:
    """Round to two significant digits, keeping the type.

    >>> rounded(4766729), rounded(0.12345)
    (4800000, 0.12)
    """
    if isinstance(value, int):
        places = len(str(abs(value))) - 2
        return round(value, -places) if places > 0 else value
    return float(f"{value:.2g}")


def _mask_sign(sign: str) -> str:
    if sign.isdigit() or sign.isnumeric():
        return "0"
    if sign.isalpha():
        return "X" if sign.isupper() else "x"
    return sign if sign in _KEPT else "?"
