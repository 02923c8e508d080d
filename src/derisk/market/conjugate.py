"""Conjugate: the Newton step by conjugate gradients, from sweeps over links and no matrix (section 6.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.blocks import factor_blocks, solve_blocks
from derisk.market.carry import Carry, apply_stores, hold_stores, solve_stores
from derisk.market.compiled import lean, merged
from derisk.market.deflate import start_from_levels, take_levels
from derisk.market.factor import dot
from derisk.market.levels import Levels, prepare_levels
from derisk.market.matrix import Matrix
from derisk.market.rows import scatter_squares
from derisk.market.sweeps import apply_reduced, recover_producers, spread_producers, spread_slopes, weigh_couplings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_SWEEPS = 400
"""Sweeps over the links that one step may take."""
ROUNDING = 1e-10
"""Below this accuracy a sweep that does not improve the step ends it: what follows would be noise."""
SMALLEST_SHARE = 1e-12
"""The preconditioner's diagonal is at least this share of the whole diagonal."""


@lean
def conjugate_step(
    matrix: Matrix,
    carry: Carry,
    levels: Levels,
    slopes: Floats,
    output_slopes: Floats,
    gradient: Floats,
    step: Floats,
    fixed: Floats,
    accuracy: float,
) -> bool:
    """The Newton step of equation (6.15) to an accuracy, producer prices eliminated, price levels apart.

    The preconditioner is the diagonal of the months with all stores beside it, solved exactly from the last moments
    to the first (equation 6.33); what is solved exactly beforehand are the price levels (equation 6.34).

    Args:
        matrix: the months without their stores, whose slopes stand in its diagonal alone, proximal term included.
        carry: the stores.
        levels: the price levels.
        slopes: (link,) of flows in the gap [t per USD/t].
        output_slopes: (process,) slopes of outputs and stocks in the margin [t per USD/t].
        gradient: (node, then quota) of the potential [t].
        step: (node, then quota) receives the step [USD/t].
        fixed: (quota,) 1 where the permit price stays at zero.
        accuracy: error of the step relative to its size, in the norm of the preconditioner.

    Returns:
        Whether the accuracy was reached.
    """
    c = matrix
    m = c.producers
    _prepare(matrix, slopes, output_slopes, fixed)
    hold_stores(carry, c.precondition, c.diagonal[m:], output_slopes)
    wide = prepare_levels(matrix, carry, levels, slopes, fixed)
    start = _start(matrix, carry, slopes, gradient, step, fixed)
    residual, direction, near, image = c.residual, c.direction, c.near, c.image
    answer = c.answer
    size = residual.size
    start_from_levels(carry, levels, wide, residual, answer)
    product = 0.0
    reached = False
    for sweep in range(MOST_SWEEPS):
        solve_stores(carry, c.precondition, residual, near)
        old, product = product, dot(near, residual)
        spent = sweep > 0 and old <= product <= ROUNDING * ROUNDING * start
        if spent or product <= accuracy * accuracy * start:
            reached = True
            break
        take_levels(carry, levels, wide, near)
        share = product / old if sweep > 0 else 0.0
        for z in range(size):
            direction[z] = near[z] + share * direction[z]
        apply_reduced(matrix, slopes, direction, image, fixed)
        if carry.parent.size > 1:
            apply_stores(carry, direction)
            for z in range(carry.image.size):
                image[z] += carry.image[z]
        curve = dot(direction, image)
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


@merged
def _start(matrix: Matrix, carry: Carry, slopes: Floats, gradient: Floats, step: Floats, fixed: Floats) -> float:
    """The right side with producer prices eliminated, in `matrix.residual`; returns its squared size."""
    c = matrix
    m, nodes = c.producers, c.good_start[-1] + c.producers
    for n in range(step.size):
        step[n] = -gradient[n]
    for k in range(fixed.size):
        if fixed[k] != 0.0:
            step[nodes + k] = 0.0
    for n in range(m):
        c.made[n] = step[n]
    solve_blocks(matrix, c.made)
    for z in range(c.residual.size):
        c.residual[z] = step[m + z]
    spread_producers(matrix, slopes, c.residual, fixed)
    solve_stores(carry, c.precondition, c.residual, c.near)
    return max(dot(c.residual, c.near), 1e-300)


@merged
def _prepare(matrix: Matrix, slopes: Floats, output_slopes: Floats, fixed: Floats) -> None:
    """Producer blocks and their factors, and the preconditioner."""
    spread_slopes(matrix, slopes)
    factor_blocks(matrix, output_slopes)
    weigh_couplings(matrix, output_slopes)
    _precondition(matrix, slopes, fixed)


@merged
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
