"""Tail probabilities of the usual distributions in plain Python: what p-values are made of.

Written from the textbook formulas (continued fractions and series), so that nothing under test judges itself.
"""

import math
from statistics import NormalDist

NORMAL = NormalDist()
_TINY = 1e-300


def t_two_sided(t: float, freedom: float) -> float:
    """How likely a value of Student's distribution is at least as far from zero."""
    if math.isinf(t):
        return 0.0
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def f_upper(f: float, above: float, below: float) -> float:
    """How likely a value of the F distribution is at least `f`."""
    if math.isinf(f):
        return 0.0
    return incomplete_beta(below / 2, above / 2, below / (below + above * f))


def chi_square_upper(x: float, freedom: float) -> float:
    """How likely a value of the chi-square distribution is at least `x`."""
    return 1.0 if x <= 0 else upper_gamma(freedom / 2, x / 2)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(scale) / a * _beta_fraction(a, b, x)


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Lentz's way of a continued fraction."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _TINY)
    value = d
    for m in range(1, 400):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d = 1 / (1 + part * d or _TINY)
            c = 1 + part / c or _TINY
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def upper_gamma(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function: by its series below `a + 1`, else by its fraction."""
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, 2000):
            term *= x / (a + n)
            total += term
        return 1 - scale * total
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    value = d
    for n in range(1, 2000):
        part = -n * (n - a)
        b += 2
        d = 1 / (part * d + b or _TINY)
        c = b + part / c or _TINY
        value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return scale * value
