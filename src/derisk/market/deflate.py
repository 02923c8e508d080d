"""Deflate: a right side and a residual without what the price levels answer (equation 6.34)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.carry import Carry, apply_stores
from derisk.market.compiled import lean, merged
from derisk.market.factor import add_times, dot, solve_factored
from derisk.market.levels import Levels

Floats = NDArray[np.float64]


@lean
def start_from_levels(carry: Carry, levels: Levels, wide: int, residual: Floats, answer: Floats) -> None:
    """Start from the best change of all levels; the residual follows."""
    t = levels
    t.part.fill(0.0)
    _weigh(levels, wide, residual)
    solve_factored(t.factor, t.first, t.part, wide * t.parent.size)
    answer.fill(0.0)
    _add_basis(levels, wide, 1.0, answer)
    _take_images(levels, wide, residual)
    if t.parent.size > 1:
        apply_stores(carry, answer)
        add_times(residual[: carry.image.size], -1.0, carry.image)


@merged
def take_levels(carry: Carry, levels: Levels, wide: int, near: Floats) -> None:
    """Take out of a preconditioned residual what the levels already answer."""
    t = levels
    count, deliveries = t.parent.size, t.good_start[-1]
    t.part.fill(0.0)
    if count > 1:
        apply_stores(carry, near)
        _weigh(levels, wide, carry.image)
    for g in range(t.good_start.size - 1):
        span = (t.good_start[g + 1] - t.good_start[g]) // count
        for moment in range(count):
            own = slice(t.good_start[g] + moment * span, t.good_start[g] + (moment + 1) * span)
            for level in range(wide):
                t.part[moment * wide + level] += dot(t.coarse[level][own], near[own])
    for k in range(t.quota_moment.size):
        for level in range(wide):
            t.part[t.quota_moment[k] * wide + level] += t.coarse[level, deliveries + k] * near[deliveries + k]
    solve_factored(t.factor, t.first, t.part, wide * count)
    _add_basis(levels, wide, -1.0, near)


@lean
def _weigh(levels: Levels, wide: int, values: Floats) -> None:
    """Add to each level's part the product of its basis with values, which may end before the quotas."""
    t = levels
    count, deliveries = t.parent.size, t.good_start[-1]
    for g in range(t.good_start.size - 1):
        span = (t.good_start[g + 1] - t.good_start[g]) // count
        for level in range(wide):
            if t.reach[level, g] != 0:
                for moment in range(count):
                    own = slice(t.good_start[g] + moment * span, t.good_start[g] + (moment + 1) * span)
                    t.part[moment * wide + level] += dot(t.basis[level][own], values[own])
    for k in range(values.size - deliveries):
        if t.quota_level[k] >= 0:
            level = t.by_goods + t.quota_level[k]
            t.part[t.quota_moment[k] * wide + level] += values[deliveries + k]


@lean
def _add_basis(levels: Levels, wide: int, sign: float, target: Floats) -> None:
    """Add the levels' parts to prices, or take them off."""
    t = levels
    count, goods, deliveries = t.parent.size, t.good_start.size - 1, t.good_start[-1]
    for g in range(goods):
        span = (t.good_start[g + 1] - t.good_start[g]) // count
        for level in range(wide):
            if t.reach[level, g] != 0:
                for moment in range(count):
                    own = slice(t.good_start[g] + moment * span, t.good_start[g] + (moment + 1) * span)
                    add_times(target[own], sign * t.part[moment * wide + level], t.basis[level][own])
    for k in range(t.quota_moment.size):
        if t.quota_level[k] >= 0:
            target[deliveries + k] += sign * t.part[t.quota_moment[k] * wide + t.by_goods + t.quota_level[k]]


@lean
def _take_images(levels: Levels, wide: int, target: Floats) -> None:
    """Take off a right side what the matrix makes of the levels' parts."""
    t = levels
    count, deliveries = t.parent.size, t.good_start[-1]
    for g in range(t.good_start.size - 1):
        span = (t.good_start[g + 1] - t.good_start[g]) // count
        for moment in range(count):
            own = slice(t.good_start[g] + moment * span, t.good_start[g] + (moment + 1) * span)
            for level in range(wide):
                add_times(target[own], -t.part[moment * wide + level], t.coarse[level][own])
    for k in range(t.quota_moment.size):
        for level in range(wide):
            target[deliveries + k] -= t.part[t.quota_moment[k] * wide + level] * t.coarse[level, deliveries + k]
