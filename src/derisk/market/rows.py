"""Rows: sums along the links of one origin, by unsigned places so that four links are taken at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import lean

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FOUR = np.uint64(4)


@lean
def along_row(slopes: Floats, heads: Integers, first: int, last: int, run: int, direction: Floats) -> float:
    """Sum of the row's slopes times a direction.

    Args:
        slopes: (link,).
        heads: (link,) place in the direction.
        first: first link of the row.
        last: first link after it.
        run: place of the first link where the row's places are consecutive; negative otherwise.
        direction: by place.
    """
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    begin, size = np.uint64(first), np.uint64(last - first)
    if run < 0:
        for i in range(size):
            a += slopes[begin + i] * direction[np.uint64(heads[begin + i])]
        return a
    at = np.uint64(run)
    whole = size - size % FOUR
    for i in range(np.uint64(0), whole, FOUR):
        a += slopes[begin + i] * direction[at + i]
        b += slopes[begin + i + np.uint64(1)] * direction[at + i + np.uint64(1)]
        c += slopes[begin + i + np.uint64(2)] * direction[at + i + np.uint64(2)]
        d += slopes[begin + i + np.uint64(3)] * direction[at + i + np.uint64(3)]
    for i in range(whole, size):
        a += slopes[begin + i] * direction[at + i]
    return (a + b) + (c + d)


@lean
def add_row(slopes: Floats, heads: Integers, first: int, last: int, run: int, factor: float, target: Floats) -> None:
    """Add the row's slopes times a factor, each at its place of the target; other arguments as for `along_row`."""
    begin, size = np.uint64(first), np.uint64(last - first)
    if run < 0:
        for i in range(size):
            target[np.uint64(heads[begin + i])] += factor * slopes[begin + i]
        return
    at = np.uint64(run)
    for i in range(size):
        target[at + i] += factor * slopes[begin + i]


@lean
def add_squares(
    slopes: Floats, heads: Integers, first: int, last: int, run: int, factor: float, target: Floats
) -> None:
    """As `add_row`, with the squares of the slopes."""
    begin, size = np.uint64(first), np.uint64(last - first)
    if run < 0:
        for i in range(size):
            target[np.uint64(heads[begin + i])] += factor * slopes[begin + i] * slopes[begin + i]
        return
    at = np.uint64(run)
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
        b += values[begin + i + np.uint64(1)]
        c += values[begin + i + np.uint64(2)]
        d += values[begin + i + np.uint64(3)]
    for i in range(whole, size):
        a += values[begin + i]
    return (a + b) + (c + d)
