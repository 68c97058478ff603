"""Units: what they measure, and how many of one make another.

A number's unit and a column's must be the same, or be converted; what cannot be is not compared.
"""

from ...types.profiles import ColumnProfile
from .schema import words_of

_SIZES: dict[str, dict[float, str]] = {
    "length": {
        1000: "km kms kilometer kilometers kilometre kilometres",
        1: "m meter meters metre metres",
        0.01: "cm centimeter centimeters centimetre centimetres",
        0.001: "mm millimeter millimeters millimetre millimetres",
        1609.344: "mile miles mi",
        0.3048: "ft feet foot",
        0.0254: "inch inches",
        0.9144: "yard yards",
    },
    "mass": {
        1: "kg kgs kilogram kilograms kilo kilos",
        0.001: "g gram grams",
        0.000001: "mg milligram milligrams",
        1000: "t ton tons tonne tonnes",
        0.45359237: "lb lbs",
    },
    "time": {
        0.001: "ms millisecond milliseconds",
        1: "s sec secs second seconds",
        60: "min mins minute minutes",
        3600: "h hr hrs hour hours",
        86_400: "day days",
        604_800: "week weeks",
    },
    "energy": {1: "kwh", 0.001: "wh", 1000: "mwh"},
    "power": {1: "kw", 0.001: "w watt watts", 1000: "mw"},
    "volume": {1: "l liter liters litre litres", 0.001: "ml", 0.01: "cl"},
    "area": {1: "sqm m2", 0.09290304: "sqft ft2"},
    "euros": {1: "eur euro euros"},
    "dollars": {1: "usd dollar dollars"},
    "pounds": {1: "gbp pound pounds"},
    "celsius": {1: "c celsius"},
    "fahrenheit": {1: "f fahrenheit"},
    "kilometres an hour": {1: "kmh kph"},
    "miles an hour": {1: "mph"},
    "knots": {1: "kn knots"},
    "months": {1: "month months"},
    "years": {1: "year years yr yrs"},
    "share": {1: "percent pct perc %"},
}
"""What can be converted stands together; money and temperatures need more than a factor."""
_OF = {
    unit: (dimension, size)
    for dimension, sizes in _SIZES.items()
    for size, units in sizes.items()
    for unit in units.split()
}
_KINDS = {
    "euros": "money", "dollars": "money", "pounds": "money", "celsius": "temperature",
    "fahrenheit": "temperature", "kilometres an hour": "speed", "miles an hour": "speed", "knots": "speed",
    "months": "time", "years": "time",
}  # fmt: skip


def dimension(unit: str) -> str | None:
    """What a unit measures."""
    found = _OF.get(unit)
    return _KINDS.get(found[0], found[0]) if found else None


def column_unit(column: ColumnProfile) -> str | None:
    """The unit at the end of a column's name."""
    words = words_of(column.name)
    return words[-1] if len(words) > 1 and words[-1] in _OF else None


def column_dimension(column: ColumnProfile) -> str | None:
    """What the unit at the end of a column's name measures."""
    unit = column_unit(column)
    return dimension(unit) if unit else None


def factor(unit: str, other: str) -> float | None:
    """How many `other` one `unit` is; `None` where that is not known."""
    mine, theirs = _OF.get(unit), _OF.get(other)
    if mine is None or theirs is None or mine[0] != theirs[0]:
        return None
    found = mine[1] / theirs[1]
    return int(found) if found == int(found) else found


def converted(number: int | float, unit: str, column: ColumnProfile) -> int | float | None:
    """A number in the unit of a column; `None` where the two do not fit.

    A column that names no unit takes the number as it is, where this lies within what the column holds.
    """
    own = column_unit(column)
    if not unit:
        return number
    if own is None:
        return number if _within(number, column) else None
    times = factor(unit, own)
    if times is None:
        return None
    value = round(number * times, 10)
    return int(value) if float(value).is_integer() else value


def _within(number: int | float, column: ColumnProfile) -> bool:
    low, high = column.minimum, column.maximum
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return True
    return low <= number <= high


def is_plausible(number: int | float, column: ColumnProfile) -> bool:
    """Whether a bare number can be in the unit that the column's name says: no height above 1.9 cm."""
    low, high = column.minimum, column.maximum
    if column_unit(column) is None or not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return True
    return not (low > 0 and 0 < number < low / 5) and not number > 5 * max(abs(low), abs(high))
