"""What figures should be, in plain Python: the statistics that the offline analyst's cells compute.

Own loops and the standard library only, never the libraries that the cells use. Missing values are the
caller's: every list holds numbers.
"""

import itertools
import math
from collections.abc import Callable, Sequence

Numbers = Sequence[float]


def mean(values: Numbers) -> float:
    """The arithmetic mean."""
    return math.fsum(values) / len(values)


def variance(values: Numbers, ddof: int = 1) -> float:
    """The variance: of a sample (`ddof` 1) or of a whole population (0)."""
    middle = mean(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - ddof)


def deviation(values: Numbers, ddof: int = 1) -> float:
    """The standard deviation."""
    return math.sqrt(variance(values, ddof))


def quantile(values: Numbers, part: float, method: str = "linear") -> float:
    """The value below which `part` of the values lie; `method` says what is between two values."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    match method:
        case "linear":
            return low + (high - low) * (place - math.floor(place))
        case "lower" | "higher":
            return low if method == "lower" else high
        case "midpoint":
            return (low + high) / 2
        case "nearest":
            return ordered[round(place)]
        case other:
            raise ValueError(other)


def median(values: Numbers) -> float:
    """The middle value, or the mean of the two middle ones."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def moment(values: Numbers, power: int) -> float:
    """A central moment."""
    middle = mean(values)
    return math.fsum((value - middle) ** power for value in values) / len(values)


def skewness(values: Numbers, *, adjusted: bool) -> float:
    """The moment coefficient; `adjusted` for a sample, as pandas has it and scipy by default has not."""
    n = len(values)
    plain = moment(values, 3) / moment(values, 2) ** 1.5
    return plain * math.sqrt(n * (n - 1)) / (n - 2) if adjusted else plain


def kurtosis(values: Numbers, *, adjusted: bool) -> float:
    """The excess kurtosis, zero for a normal distribution; `adjusted` for a sample, as pandas has it."""
    n = len(values)
    plain = moment(values, 4) / moment(values, 2) ** 2 - 3
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * plain + 6) if adjusted else plain


def ranks(values: Numbers) -> list[float]:
    """Each value's place from the smallest on; equal values share the mean of theirs."""
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) + 1) / 2 for value in values]


def pearson(left: Numbers, right: Numbers) -> float:
    """Pearson's correlation."""
    x, y = mean(left), mean(right)
    together = math.fsum((a - x) * (b - y) for a, b in zip(left, right, strict=True))
    return together / math.sqrt(
        math.fsum((a - x) ** 2 for a in left) * math.fsum((b - y) ** 2 for b in right)
    )


def spearman(left: Numbers, right: Numbers) -> float:
    """Spearman's correlation: Pearson's of the ranks."""
    return pearson(ranks(left), ranks(right))


def kendall(left: Numbers, right: Numbers) -> float:
    """Kendall's tau-b: pairs that agree less pairs that do not, with a correction for ties."""
    agree = tied_left = tied_right = pairs = 0
    for i in range(len(left)):
        for j in range(i):
            x, y = _sign(left[i] - left[j]), _sign(right[i] - right[j])
            agree, pairs = agree + x * y, pairs + 1
            tied_left, tied_right = tied_left + (x == 0), tied_right + (y == 0)
    return agree / math.sqrt((pairs - tied_left) * (pairs - tied_right))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def z_scores(values: Numbers, ddof: int) -> list[float]:
    """How many standard deviations each value is from the mean."""
    middle, spread = mean(values), deviation(values, ddof)
    return [(value - middle) / spread for value in values]


def z_outliers(values: Numbers, limit: float = 3, ddof: int = 0) -> list[bool]:
    """Which values are more than `limit` standard deviations from the mean."""
    return [abs(score) > limit for score in z_scores(values, ddof)]


def iqr_bounds(values: Numbers, factor: float = 1.5) -> tuple[float, float]:
    """Below and above which a value is an outlier, by Tukey's rule."""
    low, high = quantile(values, 0.25), quantile(values, 0.75)
    return low - factor * (high - low), high + factor * (high - low)


def iqr_outliers(values: Numbers, factor: float = 1.5) -> list[bool]:
    """Which values lie outside of these bounds."""
    low, high = iqr_bounds(values, factor)
    return [not low <= value <= high for value in values]


def min_max(values: Numbers) -> list[float]:
    """Scaled so that the smallest is 0 and the largest 1."""
    low, high = min(values), max(values)
    return [(value - low) / (high - low) for value in values]


def growth(values: Numbers) -> list[float | None]:
    """The change from the value before, as a part of it; nothing for the first."""
    return [None, *((b - a) / a for a, b in itertools.pairwise(values))]


def rolling(values: Numbers, window: int, of: Callable[[Numbers], float] = mean) -> list[float | None]:
    """A figure of each value and the ones before it, `window` in all; nothing where there are fewer."""
    return [of(values[end - window : end]) if end >= window else None for end in range(1, len(values) + 1)]


def modes(values: Sequence[object]) -> list[object]:
    """The most frequent values, the smallest first."""
    most = max(values.count(value) for value in values)
    return sorted({value for value in values if values.count(value) == most}, key=repr)
