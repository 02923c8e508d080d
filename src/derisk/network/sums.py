"""Sums: amounts of many rows added up at the place each of them has in a table."""

from __future__ import annotations

import numpy as np

from derisk.network.record import Floats, Integers


def sum_at(place: Integers, amounts: Floats, count: int) -> Floats:
    """Sum of the amounts at each place, (count,), added in their order."""
    sums: Floats = np.bincount(place, amounts, minlength=count).astype(np.float64, copy=False)
    return sums


def sum_table(row: Integers, column: Integers, amounts: Floats, shape: tuple[int, int]) -> Floats:
    """Sum of the amounts at each row and column of a table of that shape, added in their order.

    Args:
        row: (entry,) row of each amount.
        column: (entry,) column of each amount.
        amounts: (entry,).
        shape: rows and columns of the table.
    """
    rows, columns = shape
    return sum_at(row * columns + column, amounts, rows * columns).reshape(shape)
