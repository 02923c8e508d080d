"""Factor: a small symmetric matrix whose rows begin late, factored and solved, and the products it is made of."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import lean
from derisk.market.lanes import LANES, dot_lanes

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_PIVOT = 1e150
"""Pivot of a row nobody stands on: what it would answer is nothing."""


@lean
def factor(matrix: Floats, first: Integers, size: int) -> None:
    """Cholesky factor in place of the first `size` rows; rows begin at their first column that is not zero."""
    for row in range(size):
        for column in range(first[row], row):
            begin = max(first[row], first[column])
            total = matrix[row, column] - dot(matrix[row, begin:column], matrix[column, begin:column])
            matrix[row, column] = total / matrix[column, column]
        own, before = matrix[row, row], matrix[row, first[row] : row]
        matrix[row, row] = MOST_PIVOT
        if own > 0.0:
            matrix[row, row] = math.sqrt(max(own - dot(before, before), 1e-12 * own))


@lean
def solve_factored(matrix: Floats, first: Integers, part: Floats, size: int) -> None:
    """Divide `part` by a factored matrix."""
    for row in range(size):
        begin = first[row]
        part[row] = (part[row] - dot(matrix[row, begin:row], part[begin:row])) / matrix[row, row]
    for row in range(size - 1, -1, -1):
        begin = first[row]
        part[row] /= matrix[row, row]
        add_times(part[begin:row], -part[row], matrix[row, begin:row])


@lean
def dot(one: Floats, other: Floats) -> float:
    """Sum of products."""
    whole = one.size - one.size % LANES
    total: float = dot_lanes(one, other, whole)
    for i in range(whole, one.size):
        total += one[i] * other[i]
    return total


@lean
def weighed(weight: Floats, one: Floats, other: Floats) -> float:
    """Sum of products of three."""
    total = 0.0
    for i in range(weight.size):
        total += weight[i] * one[i] * other[i]
    return total


@lean
def add_times(target: Floats, factor: float, values: Floats) -> None:
    """Add a multiple of values to a target."""
    for i in range(target.size):
        target[i] += factor * values[i]
