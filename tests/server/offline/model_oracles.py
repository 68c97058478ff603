"""Linear models and their errors in plain Python: least squares by the normal equations.

Elimination with pivots on lists of numbers; what a model's cells say of a fit is compared with this.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .oracles import Numbers, mean
from .tails import f_upper, t_two_sided


@dataclass(frozen=True)
class Fit:
    """A linear regression with an intercept."""

    coefficients: tuple[float, ...]
    """The intercept, then one for each feature."""
    p_values: tuple[float, ...]
    r_squared: float
    p_value: float
    """Of the whole model, by the F test."""


def fit(rows: Sequence[Numbers], target: Numbers) -> Fit:
    """Ordinary least squares of `target` on the columns of `rows`."""
    design = [[1.0, *row] for row in rows]
    width, n = len(design[0]), len(design)
    square = [[math.fsum(r[i] * r[j] for r in design) for j in range(width)] for i in range(width)]
    right = [math.fsum(r[i] * y for r, y in zip(design, target, strict=True)) for i in range(width)]
    inverse = inverted(square)
    found = [math.fsum(a * b for a, b in zip(line, right, strict=True)) for line in inverse]
    predicted = [predict(found, row) for row in rows]
    r2, freedom = r_squared(target, predicted), n - width
    noise = mean_squared(target, predicted) * n / freedom
    p_values = [
        t_two_sided(value / math.sqrt(noise * inverse[i][i]), freedom) for i, value in enumerate(found)
    ]
    f = r2 / (width - 1) / ((1 - r2) / freedom)
    return Fit(tuple(found), tuple(p_values), r2, f_upper(f, width - 1, freedom))


def predict(coefficients: Numbers, row: Numbers) -> float:
    """What a fit says of a row."""
    return coefficients[0] + math.fsum(a * b for a, b in zip(coefficients[1:], row, strict=True))


def inverted(matrix: Sequence[Numbers]) -> list[list[float]]:
    """The inverse of a matrix, by elimination with the largest pivot of each column."""
    size = len(matrix)
    lines = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for column in range(size):
        best = max(range(column, size), key=lambda at: abs(lines[at][column]))
        lines[column], lines[best] = lines[best], lines[column]
        pivot = lines[column][column]
        lines[column] = [value / pivot for value in lines[column]]
        for other in range(size):
            if other != column:
                factor = lines[other][column]
                lines[other] = [a - factor * b for a, b in zip(lines[other], lines[column], strict=True)]
    return [line[size:] for line in lines]


def mean_squared(true: Numbers, predicted: Numbers) -> float:
    """The mean squared error; its root is the RMSE."""
    return mean([(a - b) ** 2 for a, b in zip(true, predicted, strict=True)])


def mean_absolute(true: Numbers, predicted: Numbers) -> float:
    """The mean absolute error."""
    return mean([abs(a - b) for a, b in zip(true, predicted, strict=True)])


def r_squared(true: Numbers, predicted: Numbers) -> float:
    """The part of the variance that the predictions explain."""
    middle = mean(true)
    return 1 - mean_squared(true, predicted) / mean([(value - middle) ** 2 for value in true])
