"""Blocks: goods that one region makes jointly, eliminated together; Cholesky factors of a few rows each."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import lean
from derisk.market.matrix import Matrix

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@lean
def factor_blocks(matrix: Matrix, output_slopes: Floats) -> None:
    """Cholesky factors of the producer blocks `H_λλ` of equation (6.15): joint outputs of one region."""
    c = matrix
    block, diagonal, inverse = c.block, c.diagonal, c.inverse
    for g in range(c.group_start.size - 1):
        row = c.group_node[c.group_start[g]]
        block[row, 0] = math.sqrt(max(diagonal[row], 1e-300))
        inverse[row] = 1.0 / block[row, 0]
    if block.shape[1] == 1:
        return
    for row in range(c.producers):
        for q in range(c.place[row]):
            block[row, q] = 0.0
    for tie in range(c.tie_one.size):
        one, two = c.tie_one[tie], c.tie_two[tie]
        if c.place[one] < c.place[two]:
            one, two = two, one
        block[one, c.place[two]] += output_slopes[c.tie_process[tie]] * c.tie_product[tie]
    for g in range(c.group_start.size - 1):
        start, size = c.group_start[g], c.group_start[g + 1] - c.group_start[g]
        for i in range(1, size):
            row = c.group_node[start + i]
            own = diagonal[row]
            for j in range(i):
                other = c.group_node[start + j]
                total = block[row, j]
                for q in range(j):
                    total -= block[row, q] * block[other, q]
                block[row, j] = total * inverse[other]
            total = own
            for q in range(i):
                total -= block[row, q] * block[row, q]
            block[row, i] = math.sqrt(max(total, 1e-13 * own + 1e-300))
            inverse[row] = 1.0 / block[row, i]


@lean
def solve_blocks(matrix: Matrix, values: Floats) -> None:
    """Divide (producer node,) values by the producer blocks."""
    start, node, block, inverse = matrix.group_start, matrix.group_node, matrix.block, matrix.inverse
    if block.shape[1] == 1:
        for row in range(values.size):
            values[row] *= inverse[row] * inverse[row]
        return
    for g in range(start.size - 1):
        size, own = start[g + 1] - start[g], node[start[g] :]
        one = own[0]
        if size == 1:
            values[one] *= inverse[one] * inverse[one]
        elif size == 2:  # the loops of `_solve_many`, written out: a call costs more than they do
            two = own[1]
            a = values[one] * inverse[one]
            b = (values[two] - block[two, 0] * a) * inverse[two] * inverse[two]
            values[one], values[two] = (a - block[two, 0] * b) * inverse[one], b
        elif size == 3:
            two, three = own[1], own[2]
            a = values[one] * inverse[one]
            b = (values[two] - block[two, 0] * a) * inverse[two]
            c = (values[three] - block[three, 0] * a - block[three, 1] * b) * inverse[three] * inverse[three]
            b = (b - block[three, 1] * c) * inverse[two]
            values[one] = (a - block[three, 0] * c - block[two, 0] * b) * inverse[one]
            values[two], values[three] = b, c
        else:
            _solve_many(block, inverse, own[:size], values)


@lean
def _solve_many(block: Floats, inverse: Floats, node: Integers, values: Floats) -> None:
    """Divide the values of a group's nodes by their block."""
    first = 0
    while first < node.size and values[node[first]] == 0.0:
        first += 1
    for i in range(first, node.size):
        row = node[i]
        total = values[row]
        for j in range(first, i):
            total -= block[row, j] * values[node[j]]
        values[row] = total * inverse[row]
    if first == node.size:
        return
    for i in range(node.size - 1, -1, -1):
        row = node[i]
        value = values[row] * inverse[row]
        values[row] = value
        for j in range(i):
            values[node[j]] -= block[row, j] * value
