"""Tests of hypotheses in plain Python: statistic and p-value of every test that cells can hold.

Written from the definitions, with the tail probabilities of `tails`; conventions are those of scipy's
defaults, and each says so where there is more than one.
"""

import math
from collections import Counter
from collections.abc import Sequence

from .oracles import Numbers, mean, pearson, ranks, spearman, variance
from .tails import chi_square_upper, f_upper, t_two_sided

Test = tuple[float, float]
"""Statistic and p-value."""


def pearson_test(left: Numbers, right: Numbers) -> Test:
    """Pearson's correlation with its two-sided p-value."""
    r = pearson(left, right)
    return r, _correlation_p(r, len(left))


def spearman_test(left: Numbers, right: Numbers) -> Test:
    """Spearman's correlation with its two-sided p-value by Student's distribution."""
    r = spearman(left, right)
    return r, _correlation_p(r, len(left))


def _correlation_p(r: float, n: int) -> float:
    rest = (1 - r) * (1 + r)
    return 0.0 if rest <= 1e-16 else t_two_sided(r * math.sqrt((n - 2) / rest), n - 2)


def student(left: Numbers, right: Numbers) -> Test:
    """Student's t test of two samples, equal variances assumed."""
    n, m = len(left), len(right)
    pooled = ((n - 1) * variance(left) + (m - 1) * variance(right)) / (n + m - 2)
    t = (mean(left) - mean(right)) / math.sqrt(pooled * (1 / n + 1 / m))
    return t, t_two_sided(t, n + m - 2)


def welch(left: Numbers, right: Numbers) -> Test:
    """Welch's t test of two samples."""
    a, b = variance(left) / len(left), variance(right) / len(right)
    t = (mean(left) - mean(right)) / math.sqrt(a + b)
    freedom = (a + b) ** 2 / (a**2 / (len(left) - 1) + b**2 / (len(right) - 1))
    return t, t_two_sided(t, freedom)


def one_sample(values: Numbers, expected: float) -> Test:
    """Student's t test of one sample's mean."""
    t = (mean(values) - expected) / math.sqrt(variance(values) / len(values))
    return t, t_two_sided(t, len(values) - 1)


def paired(left: Numbers, right: Numbers) -> Test:
    """Student's t test of pairs."""
    return one_sample([a - b for a, b in zip(left, right, strict=True)], 0)


def mann_whitney(left: Numbers, right: Numbers) -> Test:
    """U of the left sample, two-sided: exact for small samples without ties, else normal with continuity."""
    n, m, both = len(left), len(right), [*left, *right]
    u = math.fsum(ranks(both)[:n]) - n * (n + 1) / 2
    larger = max(u, n * m - u)
    tied = [count for count in Counter(both).values() if count > 1]
    if min(n, m) <= 8 and not tied:
        return u, min(1.0, 2 * _exact_u_upper(int(larger), n, m))
    correction = math.fsum(count**3 - count for count in tied) / ((n + m) * (n + m - 1))
    spread = math.sqrt(n * m / 12 * (n + m + 1 - correction))
    z = (larger - n * m / 2 - 0.5) / spread
    return u, min(1.0, math.erfc(z / math.sqrt(2)))


def _exact_u_upper(u: int, n: int, m: int) -> float:
    """How many of the orders of two samples have a U of at least `u`, as a part of all."""
    ways: dict[tuple[int, int], Counter[int]] = {}
    for i in range(n + 1):
        for j in range(m + 1):
            if not i or not j:
                ways[i, j] = Counter({0: 1})
                continue
            # The largest value is of the one sample, above all j of the other, or it is of the other.
            total = Counter({value + j: count for value, count in ways[i - 1, j].items()})
            total.update(ways[i, j - 1])
            ways[i, j] = total
    found = ways[n, m]
    return sum(count for value, count in found.items() if value >= u) / math.comb(n + m, n)


def two_sample_ks(left: Numbers, right: Numbers) -> Test:
    """The largest gap between two samples' distributions, with the exact p-value."""
    n, m = len(left), len(right)
    largest = max(
        abs(m * sum(a <= point for a in left) - n * sum(b <= point for b in right))
        for point in [*left, *right]
    )
    return largest / (n * m), _ks_paths(largest, n, m)


def _ks_paths(limit: int, n: int, m: int) -> float:
    """The part of all orders of two samples whose gap is at least `limit` / (n * m)."""
    inside = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(m + 1):
            if abs(i * m - j * n) < limit:
                before = (inside[i - 1][j] if i else 0) + (inside[i][j - 1] if j else 0)
                inside[i][j] = before if i or j else 1
    return 1 - inside[n][m] / math.comb(n + m, n)


def chi_square(table: Sequence[Sequence[int]], *, corrected: bool = True) -> tuple[float, float, int]:
    """Statistic, p-value and degrees of freedom of a table of counts; Yates' correction for two by two."""
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    freedom = (len(rows) - 1) * (len(columns) - 1)
    statistic = 0.0
    for i, row in enumerate(table):
        for j, count in enumerate(row):
            expected = rows[i] * columns[j] / sum(rows)
            gap = abs(count - expected)
            gap -= min(0.5, gap) if corrected and freedom == 1 else 0
            statistic += gap**2 / expected
    return statistic, chi_square_upper(statistic, freedom) if freedom else 1.0, freedom


def anova(*groups: Numbers) -> Test:
    """One-way analysis of variance."""
    every = [value for group in groups for value in group]
    middle = mean(every)
    between = math.fsum(len(group) * (mean(group) - middle) ** 2 for group in groups)
    within = math.fsum((value - mean(group)) ** 2 for group in groups for value in group)
    above, below = len(groups) - 1, len(every) - len(groups)
    f = (between / above) / (within / below)
    return f, f_upper(f, above, below)


def kruskal(*groups: Numbers) -> Test:
    """Kruskal and Wallis' test, corrected for ties."""
    every = [value for group in groups for value in group]
    n, places = len(every), ranks(every)
    total, start = 0.0, 0
    for group in groups:
        total += math.fsum(places[start : start + len(group)]) ** 2 / len(group)
        start += len(group)
    h = 12 / (n * (n + 1)) * total - 3 * (n + 1)
    h /= 1 - math.fsum(count**3 - count for count in Counter(every).values()) / (n**3 - n)
    return h, chi_square_upper(h, len(groups) - 1)


def levene(*groups: Numbers) -> Test:
    """Levene's test of equal variances with medians (Brown and Forsythe), scipy's default."""
    gaps = []
    for group in groups:
        ordered, n = sorted(group), len(group)
        middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
        gaps.append([abs(value - middle) for value in group])
    return anova(*gaps)


def kendall_p(left: Numbers, right: Numbers) -> float:
    """The exact two-sided p-value of Kendall's tau without ties: how many orders have so few inversions."""
    n = len(left)
    order = [y for _, y in sorted(zip(left, right, strict=True))]
    inversions = sum(order[j] > order[i] for i in range(n) for j in range(i))
    fewest = min(inversions, n * (n - 1) // 2 - inversions)
    ways = [1]
    for items in range(2, n + 1):
        sums = [0] * (len(ways) + items - 1)
        for start in range(items):
            for at, count in enumerate(ways):
                sums[start + at] += count
        ways = sums
    return min(1.0, 2 * sum(ways[: fewest + 1]) / math.factorial(n))


def wilcoxon(gaps: Numbers) -> Test:
    """Wilcoxon's signed ranks without ties and zeros, exact: over all ways to give the ranks signs."""
    places = ranks([abs(gap) for gap in gaps])
    above = round(math.fsum(place for place, gap in zip(places, gaps, strict=True) if gap > 0))
    n = len(gaps)
    smaller = min(above, n * (n + 1) // 2 - above)
    ways = Counter({0: 1})
    for place in range(1, n + 1):
        ways.update({total + place: count for total, count in ways.items()})
    return smaller, min(1.0, 2 * sum(count for total, count in ways.items() if total <= smaller) / 2**n)
