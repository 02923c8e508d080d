"""Conjugate: the Newton step by conjugate gradients, from sweeps over links and no matrix (section 6.4)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from derisk.market.blocks import factor_blocks, solve_blocks
from derisk.market.compiled import lean
from derisk.market.matrix import Matrix
from derisk.market.rows import scatter_squares
from derisk.market.sweeps import apply_reduced, apply_to_goods, recover_producers, spread_producers, weigh_couplings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_SWEEPS = 400
"""Sweeps over the links that one step may take."""
SMALLEST_SHARE = 1e-12
"""The preconditioner's diagonal is at least this share of the whole diagonal."""


@lean
def conjugate_step(
    matrix: Matrix,
    slopes: Floats,
    output_slopes: Floats,
    gradient: Floats,
    step: Floats,
    fixed: Floats,
    accuracy: float,
) -> bool:
    """The Newton step of equation (6.15) to an accuracy, producer prices eliminated, goods' mean prices apart.

    Args:
        matrix: the component, with the diagonal and its proximal term already in place.
        slopes: (link,) of flows in the gap [t per USD/t].
        output_slopes: (process,) slopes of outputs in the margin [t per USD/t].
        gradient: (node, then quota) of the potential [t].
        step: (node, then quota) receives the step [USD/t].
        fixed: (quota,) 1 where the permit price stays at zero.
        accuracy: error of the step relative to its size, in the norm of the matrix's diagonal.

    Returns:
        Whether the accuracy was reached.
    """
    c = matrix
    m, nodes = c.producers, c.good_start[-1] + c.producers
    prepare(matrix, slopes, output_slopes, fixed)
    for n in range(step.size):
        step[n] = -gradient[n]
    for k in range(fixed.size):
        if fixed[k] != 0.0:
            step[nodes + k] = 0.0
    for n in range(m):
        c.made[n] = step[n]
    solve_blocks(matrix, c.made)
    residual, direction, near, image = c.residual, c.direction, c.near, c.image
    answer = c.answer
    size = residual.size
    for z in range(size):
        residual[z] = step[m + z]
    spread_producers(matrix, slopes, residual, fixed)
    start = 0.0
    for z in range(size):
        start += residual[z] * residual[z] * c.precondition[z]
    if not start > 0.0:
        start = 1e-300
    _project_start(matrix, answer)
    product = 0.0
    reached = False
    for sweep in range(MOST_SWEEPS):
        old, product = product, 0.0
        for z in range(size):
            near[z] = c.precondition[z] * residual[z]
            product += near[z] * residual[z]
        if product <= accuracy * accuracy * start:
            reached = True
            break
        _take_coarse(matrix, near)
        share = product / old if sweep > 0 else 0.0
        for z in range(size):
            direction[z] = near[z] + share * direction[z]
        apply_reduced(matrix, slopes, direction, image, fixed)
        curve = 0.0
        for z in range(size):
            curve += direction[z] * image[z]
        if not curve > 0.0:
            break
        length = product / curve
        for z in range(size):
            answer[z] += length * direction[z]
            residual[z] -= length * image[z]
    for z in range(size):
        step[m + z] = answer[z]
    recover_producers(matrix, slopes, step)
    return reached


@lean
def prepare(matrix: Matrix, slopes: Floats, output_slopes: Floats, fixed: Floats) -> None:
    """Producer blocks and their factors, the preconditioner, and the goods' own small matrix."""
    c = matrix
    m, diagonal = c.producers, c.diagonal
    factor_blocks(matrix, output_slopes)
    weigh_couplings(matrix, output_slopes)
    _precondition(matrix, slopes, fixed)
    apply_to_goods(matrix, slopes, c.price, c.coarse, fixed)
    goods = c.good_start.size - 1
    for g in range(goods):
        for other in range(g + 1):
            total = 0.0
            for z in range(c.good_start[other], c.good_start[other + 1]):
                total += c.price[z] * c.coarse[g, z]
            for q in range(other):
                total -= c.small[g, q] * c.small[other, q]
            if g == other:
                scale = 0.0
                for z in range(c.good_start[g], c.good_start[g + 1]):
                    scale += c.price[z] ** 2 * diagonal[m + z]
                c.small[g, g] = math.sqrt(max(total, 1e-12 * scale + 1e-300))
            else:
                c.small[g, other] = total / c.small[other, other]


@lean
def _precondition(matrix: Matrix, slopes: Floats, fixed: Floats) -> None:
    """One over the diagonal that is left when producer prices are eliminated one by one."""
    c = matrix
    m, nodes = c.producers, c.good_start[-1] + c.producers
    deliveries = nodes - m
    reduced = c.near
    for z in range(reduced.size):
        reduced[z] = c.diagonal[m + z]
    for row in range(m):
        c.made[row] = -1.0 / c.diagonal[row]
    scatter_squares(slopes, c.row_head, c.row_start, c.row_run, c.made, reduced)
    row_total, before_row, before_quota = 0.0, -1, -1
    for member in range(c.member_quota.size):
        link, k = c.member_link[member], c.member_quota[member]
        row = c.member_tail[member]
        if row != before_row or k != before_quota:
            row_total, before_row, before_quota = 0.0, row, k
        more = c.member_weight[member] * slopes[link]
        reduced[deliveries + k] -= (more * more + 2.0 * more * row_total) / c.diagonal[row]
        row_total += more
    for z in range(reduced.size):
        c.precondition[z] = 1.0 / max(reduced[z], SMALLEST_SHARE * c.diagonal[m + z] + 1e-300)
    for k in range(fixed.size):
        if fixed[k] != 0.0:
            c.precondition[deliveries + k] = 0.0


@lean
def _project_start(matrix: Matrix, answer: Floats) -> None:
    """Start from the best change of the goods' mean prices; the residual follows."""
    c = matrix
    residual = c.residual
    for g in range(c.good_start.size - 1):
        total = 0.0
        for z in range(c.good_start[g], c.good_start[g + 1]):
            total += c.price[z] * residual[z]
        c.part[g] = total
    _solve_small(c.small, c.part)
    answer.fill(0.0)
    for g in range(c.good_start.size - 1):
        for z in range(c.good_start[g], c.good_start[g + 1]):
            answer[z] = c.part[g] * c.price[z]
        coarse = c.coarse[g]
        for z in range(residual.size):
            residual[z] -= c.part[g] * coarse[z]


@lean
def _take_coarse(matrix: Matrix, near: Floats) -> None:
    """Take out of a preconditioned residual what the goods' mean prices already answer."""
    c = matrix
    for g in range(c.good_start.size - 1):
        total = 0.0
        coarse = c.coarse[g]
        for z in range(near.size):
            total += coarse[z] * near[z]
        c.part[g] = total
    _solve_small(c.small, c.part)
    for g in range(c.good_start.size - 1):
        for z in range(c.good_start[g], c.good_start[g + 1]):
            near[z] -= c.part[g] * c.price[z]


@lean
def _solve_small(small: Floats, part: Floats) -> None:
    """Divide `part` by the goods' own small matrix."""
    for g in range(part.size):
        for q in range(g):
            part[g] -= small[g, q] * part[q]
        part[g] /= small[g, g]
    for g in range(part.size - 1, -1, -1):
        part[g] /= small[g, g]
        for q in range(g):
            part[q] -= small[g, q] * part[g]
