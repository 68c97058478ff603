"""Tests of normality in plain Python: Shapiro and Wilk, D'Agostino, Jarque and Bera, Kolmogorov and Smirnov.

Written from the published formulas with their published constants; conventions are those of scipy's defaults.
"""

import math
import operator
from collections.abc import Sequence

from .hypothesis_oracles import Test
from .oracles import Numbers, kurtosis, mean, skewness
from .tails import NORMAL, chi_square_upper


def normal_ks_statistic(values: Numbers, middle: float, spread: float) -> float:
    """The largest gap between a sample's distribution and a normal one."""
    n, ordered = len(values), sorted(values)
    heights = [NORMAL.cdf((value - middle) / spread) for value in ordered]
    return max(max((i + 1) / n - height, height - i / n) for i, height in enumerate(heights))


def kolmogorov_upper(d: float, n: int) -> float:
    """How likely a gap of one sample is at least `d`: Marsaglia, Tsang and Wang's exact matrix (2003)."""
    k = math.ceil(n * d)
    size, h = 2 * k - 1, k - n * d
    matrix = [[1.0 if i - j + 1 >= 0 else 0.0 for j in range(size)] for i in range(size)]
    for i in range(size):
        matrix[i][0] -= h ** (i + 1)
        matrix[size - 1][i] -= h ** (size - i)
    matrix[size - 1][0] += (2 * h - 1) ** size if 2 * h > 1 else 0
    for i in range(size):
        for j in range(size):
            if i - j + 1 > 0:
                matrix[i][j] /= math.factorial(i - j + 1)
    power = matrix
    columns = list(zip(*matrix, strict=True))
    for _ in range(n - 1):
        power = [[math.fsum(map(operator.mul, row, column)) for column in columns] for row in power]
    return 1 - power[k - 1][k - 1] * math.factorial(n) / n**n


def skewness_z(values: Numbers) -> float:
    """D'Agostino's transformed skewness."""
    n = len(values)
    y = skewness(values, adjusted=False) * math.sqrt((n + 1) * (n + 3) / (6 * (n - 2)))
    b = 3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
    w = math.sqrt(2 * (b - 1)) - 1
    return math.asinh(y / math.sqrt(2 / (w - 1))) / math.sqrt(0.5 * math.log(w))


def kurtosis_z(values: Numbers) -> float:
    """Anscombe and Glynn's transformed kurtosis."""
    n = len(values)
    expected, spread = 3 * (n - 1) / (n + 1), 24 * n * (n - 2) * (n - 3) / ((n + 1) ** 2 * (n + 3) * (n + 5))
    x = (kurtosis(values, adjusted=False) + 3 - expected) / math.sqrt(spread)
    third = (
        6
        * (n * n - 5 * n + 2)
        / ((n + 7) * (n + 9))
        * math.sqrt(6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)))
    )
    a = 6 + 8 / third * (2 / third + math.sqrt(1 + 4 / third**2))
    inner = (1 - 2 / a) / (1 + x * math.sqrt(2 / (a - 4)))
    root = math.copysign(abs(inner) ** (1 / 3), inner)
    return (1 - 2 / (9 * a) - root) / math.sqrt(2 / (9 * a))


def dagostino(values: Numbers) -> Test:
    """D'Agostino and Pearson's test of normality."""
    k2 = skewness_z(values) ** 2 + kurtosis_z(values) ** 2
    return k2, chi_square_upper(k2, 2)


def jarque_bera(values: Numbers) -> Test:
    """Jarque and Bera's test of normality."""
    jb = len(values) / 6 * (skewness(values, adjusted=False) ** 2 + kurtosis(values, adjusted=False) ** 2 / 4)
    return jb, chi_square_upper(jb, 2)


def shapiro(values: Numbers) -> Test:
    """Shapiro and Wilk's W by Royston's approximation (AS R94, 1995), for 4 values or more."""
    n, ordered = len(values), sorted(values)
    scores = [NORMAL.inv_cdf((i - 0.375) / (n + 0.25)) for i in range(1, n + 1)]
    length, u = math.fsum(score * score for score in scores), 1 / math.sqrt(n)
    largest, second = scores[-1] / math.sqrt(length), scores[-2] / math.sqrt(length)
    last = _polynomial((largest, 0.221157, -0.147981, -2.071190, 4.434685, -2.706056), u)
    weights = scores[:]
    weights[-1], weights[0] = last, -last
    if n > 5:
        near = _polynomial((second, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633), u)
        weights[-2], weights[1] = near, -near
        inner = (length - 2 * scores[-1] ** 2 - 2 * scores[-2] ** 2) / (1 - 2 * last**2 - 2 * near**2)
        kept = range(2, n - 2)
    else:
        inner = (length - 2 * scores[-1] ** 2) / (1 - 2 * last**2)
        kept = range(1, n - 1)
    for i in kept:
        weights[i] = scores[i] / math.sqrt(inner)
    middle = mean(values)
    w = math.fsum(a * x for a, x in zip(weights, ordered, strict=True)) ** 2 / math.fsum(
        (x - middle) ** 2 for x in values
    )
    return w, _shapiro_p(w, n)


def _shapiro_p(w: float, n: int) -> float:
    y = math.log(1 - w)
    if n <= 11:
        gamma = _polynomial((-2.273, 0.459), n)
        if y >= gamma:
            return 0.0
        y = -math.log(gamma - y)
        middle = _polynomial((0.5440, -0.39978, 0.025054, -6.714e-4), n)
        spread = math.exp(_polynomial((1.3822, -0.77857, 0.062767, -0.0020322), n))
    else:
        log = math.log(n)
        middle = _polynomial((-1.5861, -0.31082, -0.083751, 0.0038915), log)
        spread = math.exp(_polynomial((-0.4803, -0.082676, 0.0030302), log))
    return 0.5 * math.erfc((y - middle) / spread / math.sqrt(2))


def _polynomial(coefficients: Sequence[float], x: float) -> float:
    return math.fsum(coefficient * x**power for power, coefficient in enumerate(coefficients))
