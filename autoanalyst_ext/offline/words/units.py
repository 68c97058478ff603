"""Units: what a number's unit and a column's unit say about whether they can be compared."""

from ...types.profiles import ColumnProfile
from .schema import words_of

_DIMENSIONS = {
    "length": "m km kms cm mm meter meters metre metres kilometer kilometers kilometre kilometres mile miles "
    "ft feet foot inch inches yard yards",
    "mass": "kg kilogram kilograms g gram grams lb lbs ton tons t mg",
    "time": "ms s sec secs second seconds min mins minute minutes h hr hrs hour hours day days week weeks "
    "month months year years yr yrs",
    "money": "usd eur gbp dollar dollars euro euros pound pounds",
    "temperature": "c f celsius fahrenheit",
    "area": "sqm sqft m2 ft2",
    "energy": "kwh wh mwh j kj kcal",
    "speed": "kmh kph mph kn knots",
    "share": "percent pct %",
}
_OF = {unit: dimension for dimension, units in _DIMENSIONS.items() for unit in units.split()}


def dimension(unit: str) -> str | None:
    """What a unit measures."""
    return _OF.get(unit)


def column_dimension(column: ColumnProfile) -> str | None:
    """What the unit at the end of a column's name measures."""
    words = words_of(column.name)
    return _OF.get(words[-1]) if len(words) > 1 else None


def fits(unit: str, column: ColumnProfile) -> bool:
    """Whether a number with this unit can be compared with the column."""
    wanted, own = dimension(unit), column_dimension(column)
    return wanted is None or own is None or wanted == own
