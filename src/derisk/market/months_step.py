"""Months' step: the Newton step where stores tie months together, by conjugate gradients (equations 6.33 and 6.34)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.blocks import solve_blocks
from derisk.market.carry import Carry, apply_stores, hold_stores, solve_stores
from derisk.market.compiled import lean
from derisk.market.conjugate import MOST_SWEEPS, prepare
from derisk.market.levels import Levels, prepare_levels, start_from_levels, take_levels
from derisk.market.matrix import Matrix
from derisk.market.sweeps import apply_reduced, recover_producers, spread_producers

Floats = NDArray[np.float64]

ROUNDING = 1e-10
"""Below this accuracy a sweep that does not improve the step ends it: what follows would be noise."""


@lean
def months_step(
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
    """The Newton step of equation (6.15) of many months: conjugate gradients as in `conjugate_step`.

    Two things differ (equations 6.33 and 6.34 of docs/theory/market.md). The preconditioner is the diagonal of the
    months with all stores beside it, solved exactly from the last moments to the first. And what is solved exactly
    beforehand are two price levels for each good and moment.

    Args:
        matrix: the months without their stores, whose slopes stand in its diagonal alone.
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
    m, nodes = c.producers, c.good_start[-1] + c.producers
    prepare(matrix, slopes, output_slopes, fixed)
    hold_stores(matrix, carry, output_slopes)
    prepare_levels(matrix, carry, levels, slopes, fixed)
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
    solve_stores(matrix, carry, residual, near)
    start = 0.0
    for z in range(size):
        start += residual[z] * near[z]
    start = max(start, 1e-300)
    start_from_levels(matrix, carry, levels, answer)
    product = 0.0
    reached = False
    for sweep in range(MOST_SWEEPS):
        solve_stores(matrix, carry, residual, near)
        old, product = product, 0.0
        for z in range(size):
            product += near[z] * residual[z]
        spent = sweep > 0 and old <= product <= ROUNDING * ROUNDING * start
        if spent or product <= accuracy * accuracy * start:
            reached = True
            break
        take_levels(matrix, carry, levels, near)
        share = product / old if sweep > 0 else 0.0
        for z in range(size):
            direction[z] = near[z] + share * direction[z]
        apply_reduced(matrix, slopes, direction, image, fixed)
        apply_stores(matrix, carry, direction)
        for z in range(carry.image.size):
            image[z] += carry.image[z]
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
