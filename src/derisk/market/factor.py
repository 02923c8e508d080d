"""Factor: Cholesky factors of a dense symmetric matrix with a profile, four columns at a time, no BLAS."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SMALLEST_PIVOT_SHARE = 1e-13
"""A pivot below this share of the diagonal it came from is raised to it."""


@inner
def factor_profile(a: Floats, envelope: Integers) -> None:
    """Overwrite the lower triangle of `a` by its Cholesky factor; entries left of the envelope are zero and stay so.

    Args:
        a: (n, n) symmetric positive definite, lower triangle used.
        envelope: (n,) first column of each row that may differ from zero.
    """
    n = a.shape[0]
    smallest = np.empty(n)
    for i in range(n):
        smallest[i] = SMALLEST_PIVOT_SHARE * a[i, i] + 1e-300
    p0 = np.zeros(n)
    p1 = np.zeros(n)
    p2 = np.zeros(n)
    p3 = np.zeros(n)
    k = 0
    while k + 4 <= n:
        _factor_block(a, k, 4, smallest)
        end = k + 4
        l00, l10, l11 = a[k, k], a[k + 1, k], a[k + 1, k + 1]
        l20, l21, l22 = a[k + 2, k], a[k + 2, k + 1], a[k + 2, k + 2]
        l30, l31, l32, l33 = a[k + 3, k], a[k + 3, k + 1], a[k + 3, k + 2], a[k + 3, k + 3]
        for i in range(end, n):
            if envelope[i] >= end:
                p0[i] = 0.0
                p1[i] = 0.0
                p2[i] = 0.0
                p3[i] = 0.0
                continue
            row = a[i]
            x0 = row[k] / l00
            x1 = (row[k + 1] - l10 * x0) / l11
            x2 = (row[k + 2] - l20 * x0 - l21 * x1) / l22
            x3 = (row[k + 3] - l30 * x0 - l31 * x1 - l32 * x2) / l33
            row[k] = x0
            row[k + 1] = x1
            row[k + 2] = x2
            row[k + 3] = x3
            p0[i] = x0
            p1[i] = x1
            p2[i] = x2
            p3[i] = x3
            target = row[end : i + 1]
            q0, q1, q2, q3 = p0[end : i + 1], p1[end : i + 1], p2[end : i + 1], p3[end : i + 1]
            for j in range(target.size):
                target[j] -= x0 * q0[j] + x1 * q1[j] + x2 * q2[j] + x3 * q3[j]
        k = end
    _factor_block(a, k, n - k, smallest)


@inner
def _factor_block(a: Floats, first: int, size: int, smallest: Floats) -> None:
    """Cholesky factor of a small diagonal block, in place."""
    for i in range(first, first + size):
        for j in range(first, i + 1):
            total = a[i, j]
            for q in range(first, j):
                total -= a[i, q] * a[j, q]
            if i == j:
                a[i, i] = math.sqrt(max(total, smallest[i]))
            else:
                a[i, j] = total / a[j, j]


@inner
def solve_factored(a: Floats, envelope: Integers, b: Floats, first: int) -> None:
    """Overwrite `b` from `first` on by the solution of the system whose factor `factor_profile` left in `a`."""
    n = a.shape[0]
    for i in range(n):
        total = b[first + i]
        for j in range(envelope[i], i):
            total -= a[i, j] * b[first + j]
        b[first + i] = total / a[i, i]
    for i in range(n - 1, -1, -1):
        x = b[first + i] / a[i, i]
        b[first + i] = x
        for j in range(envelope[i], i):
            b[first + j] -= a[i, j] * x
