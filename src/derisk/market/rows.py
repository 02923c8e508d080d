"""Rows: sums along the links of each origin, four links at a time where their destinations follow one another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import lean

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ONE, TWO, THREE, FOUR = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
"""Places are unsigned: the compiler then sees that none wraps around, and takes four at once."""


@lean
def total_rows(values: Floats, heads: Integers, starts: Integers, runs: Integers, sent: Floats, came: Floats) -> None:
    """Add each row's values to the row's entry of `sent`, and each value at its place of `came`.

    Args:
        values: (link,).
        heads: (link,) place in `came`.
        starts: (row + 1,) first link of each row.
        runs: (row,) place of the first link where the row's places are consecutive; negative otherwise.
        sent: (row,) changed in place.
        came: by place, changed in place.
    """
    for row in range(runs.size):
        begin, size = np.uint64(starts[row]), np.uint64(starts[row + 1] - starts[row])
        total = 0.0
        if runs[row] < 0:
            for i in range(size):
                value = values[begin + i]
                total += value
                came[np.uint64(heads[begin + i])] += value
        else:
            at = np.uint64(runs[row])
            for i in range(size):
                came[at + i] += values[begin + i]
            total = sum_row(values, starts[row], starts[row + 1])
        sent[row] += total


@lean
def scatter_squares(
    slopes: Floats, heads: Integers, starts: Integers, runs: Integers, factors: Floats, target: Floats
) -> None:
    """Add the squares of each row's slopes times the row's factor, each at its place of the target.

    Args:
        slopes: (link,).
        heads, starts, runs: as in `total_rows`.
        factors: (row,).
        target: by place, changed in place.
    """
    for row in range(runs.size):
        factor = factors[row]
        begin, size = np.uint64(starts[row]), np.uint64(starts[row + 1] - starts[row])
        if runs[row] < 0:
            for i in range(size):
                target[np.uint64(heads[begin + i])] += factor * slopes[begin + i] * slopes[begin + i]
        else:
            at = np.uint64(runs[row])
            for i in range(size):
                target[at + i] += factor * slopes[begin + i] * slopes[begin + i]


@lean
def sum_row(values: Floats, first: int, last: int) -> float:
    """Sum of a row's values."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    begin, size = np.uint64(first), np.uint64(last - first)
    whole = size - size % FOUR
    for i in range(np.uint64(0), whole, FOUR):
        a += values[begin + i]
        b += values[begin + i + ONE]
        c += values[begin + i + TWO]
        d += values[begin + i + THREE]
    for i in range(whole, size):
        a += values[begin + i]
    return (a + b) + (c + d)
