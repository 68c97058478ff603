"""Buckets of a duration: fixed, logarithmic, so that counts of any two periods can be added up.

Sixteen buckets for each doubling: a bucket's middle is at most 3.2 % from whatever lies in it.
"""

_STEPS = 16
_SHIFT = 4

RELATIVE_ERROR = 1 / (2 * _STEPS - 1)
"""Most by which `middle` of a duration's bucket is off, as a part of the duration."""


def bucket(milliseconds: int) -> int:
    """The bucket of a duration; whole numbers, so that every database and language gives the same one."""
    if milliseconds < _STEPS:
        return max(0, milliseconds)
    octave = milliseconds.bit_length() - 1 - _SHIFT
    return (octave << _SHIFT) + (milliseconds >> octave)


def middle(number: int) -> float:
    """Milliseconds in the middle of a bucket."""
    if number < 2 * _STEPS:
        return float(number)
    octave = (number >> _SHIFT) - 1
    low = (number - (octave << _SHIFT)) << octave
    return low + ((1 << octave) - 1) / 2
