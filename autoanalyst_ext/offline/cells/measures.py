"""Statistics as expressions: of a column's values, and of each group of them."""

from ..plan import Measure
from .draft import Draft
from .literals import literal

_METHODS = frozenset(
    {"mean", "median", "sum", "min", "max", "count", "nunique", "std", "var", "sem", "skew", "quantile"}
)
"""What series and groups of series have methods for."""
_GROUP_METHODS = _METHODS | {"first", "last"}


def of_values(values: str, measure: Measure, draft: Draft, summing: str = "") -> str:
    """The statistic of a series; `summing` is what sums are told."""
    if not measure.biased and measure.function in _METHODS:
        return f"{values}{method(measure, summing)}"
    match measure.function:
        case "range":
            return f"{values}.max() - {values}.min()"
        case "iqr":
            return f"{values}.quantile(0.75) - {values}.quantile(0.25)"
        case "cv":
            return f"{values}.std({_ddof(measure)}) / {values}.mean()"
        case "mad":
            return f"({values} - {values}.median()).abs().median()"
        case "mode":
            return f"{values}.mode().min()"
        case "kurtosis" if not measure.biased:
            return f"{values}.kurt()"
        case "skew" | "kurtosis":
            return f"{draft.stats()}.{measure.function}({values}.dropna())"
        case "first":
            return f"next(iter({values}.dropna()), None)"
        case "last":
            return f"next(iter({values}.dropna().iloc[::-1]), None)"
        case other:
            raise AssertionError(f"no statistic: {other}")


def of_groups(measure: Measure, draft: Draft, summing: str = "") -> str:
    """The link that computes the statistic of each group of a column."""
    if not measure.biased and measure.function in _GROUP_METHODS:
        return method(measure, summing)
    return f".agg({_function(measure, draft)})"


def aggregation(measure: Measure, draft: Draft) -> str:
    """The statistic as what `agg` takes: a method's name, or a function."""
    plain = not measure.biased and measure.function in _GROUP_METHODS and measure.ddof == 1
    if plain and measure.function != "quantile":
        return literal(measure.function)
    return _function(measure, draft)


def transformed(measure: Measure, draft: Draft) -> str:
    """The link that puts the statistic of its group into each row."""
    return f".transform({aggregation(measure, draft)})"


def method(measure: Measure, summing: str = "") -> str:
    """The method of a series or of a group."""
    options = {"sum": summing, "std": _ddof(measure), "var": _ddof(measure), "sem": _ddof(measure)}
    if measure.function == "quantile":
        return f".quantile({literal(measure.q)})"
    return f".{measure.function}({options.get(measure.function, '')})"


def _function(measure: Measure, draft: Draft) -> str:
    return f"lambda values: {of_values('values', measure, draft)}"


def _ddof(measure: Measure) -> str:
    return "" if measure.ddof == 1 else f"ddof={measure.ddof}"
