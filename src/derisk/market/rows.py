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
def gather_rows(
    slopes: Floats, heads: Integers, starts: Integers, runs: Integers, direction: Floats, target: Floats
) -> None:
    """Take each row's slopes times a direction from its entry of the target.

    Args:
        slopes: (link,).
        heads: (link,) place in the direction.
        starts: (row + 1,) first link of each row.
        runs: (row,) place of the first link where the row's places are consecutive; negative otherwise.
        direction: by place.
        target: (row,) changed in place.
    """
    for row in range(runs.size):
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        begin, size = np.uint64(starts[row]), np.uint64(starts[row + 1] - starts[row])
        if runs[row] < 0:
            whole = size - size % TWO
            for i in range(np.uint64(0), whole, TWO):
                a += slopes[begin + i] * direction[np.uint64(heads[begin + i])]
                b += slopes[begin + i + ONE] * direction[np.uint64(heads[begin + i + ONE])]
            for i in range(whole, size):
                a += slopes[begin + i] * direction[np.uint64(heads[begin + i])]
        else:
            at = np.uint64(runs[row])
            whole = size - size % FOUR
            for i in range(np.uint64(0), whole, FOUR):
                a += slopes[begin + i] * direction[at + i]
                b += slopes[begin + i + ONE] * direction[at + i + ONE]
                c += slopes[begin + i + TWO] * direction[at + i + TWO]
                d += slopes[begin + i + THREE] * direction[at + i + THREE]
            for i in range(whole, size):
                a += slopes[begin + i] * direction[at + i]
        target[row] -= (a + b) + (c + d)


@lean
def scatter_rows(
    slopes: Floats, heads: Integers, starts: Integers, runs: Integers, factors: Floats, target: Floats
) -> None:
    """Add each row's slopes times the row's factor, each at its place of the target; arguments as `gather_rows`."""
    for row in range(runs.size):
        factor = factors[row]
        if factor == 0.0:
            continue
        begin, size = np.uint64(starts[row]), np.uint64(starts[row + 1] - starts[row])
        if runs[row] < 0:
            for i in range(size):
                target[np.uint64(heads[begin + i])] += factor * slopes[begin + i]
        else:
            at = np.uint64(runs[row])
            for i in range(size):
                target[at + i] += factor * slopes[begin + i]


@lean
def scatter_squares(
    slopes: Floats, heads: Integers, starts: Integers, runs: Integers, factors: Floats, target: Floats
) -> None:
    """As `scatter_rows`, with the squares of the slopes."""
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
def total_rows(values: Floats, heads: Integers, starts: Integers, runs: Integers, sent: Floats, came: Floats) -> None:
    """Add each row's values to the row's entry of `sent`, and each value at its place of `came`."""
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
