"""Sums by place: the same digits as adding row by row."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from derisk.network.sums import sum_at, sum_table

ENTRIES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.floats(-1e12, 1e12)))


@given(ENTRIES)
def test_a_table_is_the_sum_row_by_row(entries: list[tuple[int, int, float]]) -> None:
    row, column = (np.array([entry[axis] for entry in entries], dtype=np.int64) for axis in (0, 1))
    amounts = np.array([entry[2] for entry in entries], dtype=np.float64)
    table = np.zeros((4, 5))
    np.add.at(table, (row, column), amounts)
    found = sum_table(row, column, amounts, (4, 5))
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, table)


def test_no_entries_are_zeros_as_numbers() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert sum_at(none, np.zeros(0), 3).tolist() == [0.0, 0.0, 0.0]
    assert sum_at(none, np.zeros(0), 3).dtype == np.float64
