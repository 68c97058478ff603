"""Small pieces of a plan in words: columns, constants, conditions and statistics.

Whole plans are in `sentence`, steps in `step_text`.
"""

from collections.abc import Sequence

from ...types.results import Leaf
from ..plan import (
    AllOf,
    AnyOf,
    Between,
    Column,
    Compare,
    CompareColumns,
    CompareMeasure,
    Condition,
    Contains,
    During,
    Measure,
    Missing,
    Not,
    OneOf,
)
from ..words.amounts import calls

FUNCTION_NAMES = {
    "mean": "mean",
    "median": "median",
    "sum": "sum",
    "min": "minimum",
    "max": "maximum",
    "std": "standard deviation",
    "var": "variance",
    "count": "number of values",
    "range": "range",
    "mode": "most frequent value",
    "skew": "skewness",
    "kurtosis": "excess kurtosis",
    "quantile": "quantile",
    "iqr": "interquartile range",
    "sem": "standard error of the mean",
    "cv": "coefficient of variation",
    "mad": "median absolute deviation",
    "nunique": "number of different values",
    "first": "first value",
    "last": "last value",
}
_OPPOSITES = {"==": "is", "!=": "is not"}
_SIGNS = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤"}
_PLACES = {"anywhere": "contains", "start": "begins with", "end": "ends with"}


def printable(text: str) -> str:
    """`text` on one line: whatever cannot be printed is escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def quoted(column: Column) -> str:
    """A column in a sentence."""
    return f"`{printable(column.name)}`"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def value_text(value: Leaf) -> str:
    """A constant of the question in a sentence."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return f"“{printable(value)}”"
        case int() | float() if abs(value) >= 10_000:
            return f"{value:,}"
        case _:
            return str(value)


def number_text(value: float) -> str:
    """A number as short as it is exact."""
    return value_text(int(value) if float(value).is_integer() else value)


def condition_text(condition: Condition) -> str:
    """A condition in words: `area` > 5000 and `mainroad` is “yes”."""
    match condition:
        case Compare() | CompareMeasure() | CompareColumns():
            return _comparison_text(condition)
        case Between(column=column, low=low, high=high):
            return f"{quoted(column)} is between {value_text(low)} and {value_text(high)}"
        case During(column=column, start=start, end=end):
            return f"{quoted(column)} is from {start} to before {end}"
        case OneOf(column=column, values=values):
            return f"{quoted(column)} is {listed([value_text(value) for value in values], 'or')}"
        case Contains(column=column, text=text, place=place):
            return f"{quoted(column)} {_PLACES[place]} {value_text(text)}"
        case Missing(column=column):
            return f"{quoted(column)} is missing"
        case Not(part=Missing(column=column)):
            return f"{quoted(column)} is not missing"
        case Not(part=part):
            return f"not ({condition_text(part)})"
        case AllOf(parts=parts):
            return " and ".join(_nested(part) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(_nested(part) for part in parts)


def _comparison_text(condition: Compare | CompareMeasure | CompareColumns) -> str:
    sign = _SIGNS.get(condition.operator, condition.operator)
    match condition:
        case CompareColumns(left=left, right=right):
            return f"{quoted(left)} {sign} {quoted(right)}"
        case CompareMeasure(column=column, measure=measure, times=times):
            factor = "" if times == 1 else f"{number_text(times)} times "
            return f"{quoted(column)} {sign} {factor}the {measure_text(measure)}"
        case Compare(column=column, operator=operator, value=value):
            if isinstance(value, int) and not isinstance(value, bool) and calls(column.name):
                return f"{quoted(column)} {sign} {value}"
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return f"{quoted(column)} {sign} {value_text(value)}"
            return f"{quoted(column)} {_OPPOSITES.get(operator, operator)} {value_text(value)}"


def _nested(condition: Condition) -> str:
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, (AllOf, AnyOf)) else text


def function_text(measure: Measure) -> str:
    """The name of a statistic, with what tells it from its kin."""
    name = FUNCTION_NAMES[measure.function]
    if measure.function == "quantile" and measure.q is not None:
        return f"{number_text(round(measure.q * 100, 10))} % quantile"
    return f"population {name}" if measure.ddof == 0 else name


def measure_text(measure: Measure) -> str:
    """`mean of price`, with the column in quotes."""
    return f"{function_text(measure)} of {quoted(measure.column)}"
