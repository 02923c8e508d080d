"""Levels: the directions that the Newton step solves exactly, a few for each moment (equation 6.34)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.carry import Carry, apply_stores
from derisk.market.compiled import inner, lean
from derisk.market.component import Component
from derisk.market.factor import add_times, dot, factor, solve_factored, weighed
from derisk.market.matrix import Matrix
from derisk.market.state import Terms
from derisk.market.sweeps import apply_reduced, apply_to_goods

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MAIN_SHARE = 0.5
"""A link or an origin with more than this share of a node's slope is its main one."""


class Levels(NamedTuple):
    """Price levels of each moment: two for each good, and one for each quota that binds.

    Main customers take most of what their links answer with from the good's main origin. Where trade is cut the two
    sides have a price level each, and links resist neither; together they are the good's level. A quota's level is
    its permit price with the prices of those it mainly serves: links resist that neither.
    Levels of a moment are numbered first sides, then second sides, then quotas; all levels by moment, then so.
    """

    quota_moment: Integers
    quota_level: Integers
    """(quota,) its place among the binding quotas of its moment; -1 where its permit price stays at zero."""
    member_level: Integers
    """(moment, place) quota of a moment's place; -1 where there is none."""
    basis: Floats
    """(level of a moment, z)."""
    coarse: Floats
    """(level of a moment, z) the basis after the reduced matrix without what stores tie."""
    reach: Integers
    """(level of a moment, good) 1 where the basis touches the good."""
    factor: Floats
    """(level, level) Cholesky factor of the matrix on the levels."""
    first: Integers
    """(level,) first column of its row that is not zero."""
    part: Floats
    """(level,)."""
    main: Integers
    """(delivered node,) producer node of the link with the largest slope."""
    most: Floats
    """(delivered node,) that slope."""
    total: Floats
    """(delivered node,) slopes of all its links."""
    served: Floats
    """(producer node,) slopes of the nodes that it mainly serves."""


@inner
def new_levels(component: Component, terms: Terms) -> Levels:
    """Empty arrays of a component's sizes."""
    c, s = component, terms
    count, goods, deliveries = c.parent.size, c.good_start.size - 1, c.node_price.size - c.producers
    quotas = s.quota_t.size
    moment_of = np.zeros(quotas, np.int64)
    for member in range(s.member_quota.size):
        z = c.row_head[s.member_link[member]]
        first = c.good_start[c.head_good[z]]
        span = (c.good_start[c.head_good[z] + 1] - first) // count
        moment_of[s.member_quota[member]] = (z - first) // span
    crowd = np.zeros(count, np.int64)
    for k in range(quotas):
        crowd[moment_of[k]] += 1
    wide = 2 * goods + crowd.max()
    return Levels(
        moment_of,
        np.zeros(quotas, np.int64),
        np.zeros((count, wide - 2 * goods), np.int64),
        np.zeros((wide, deliveries + quotas)),
        np.zeros((wide, deliveries + quotas)),
        np.zeros((wide, goods), np.int64),
        np.zeros((wide * count, wide * count)),
        np.zeros(wide * count, np.int64),
        np.zeros(wide * count),
        np.zeros(deliveries, np.int64),
        np.zeros(deliveries),
        np.zeros(deliveries),
        np.zeros(c.producers),
    )


@lean
def prepare_levels(matrix: Matrix, carry: Carry, levels: Levels, slopes: Floats, fixed: Floats) -> int:
    """The levels, what the matrix makes of them and the factor; returns how many levels a moment has."""
    c, t = matrix, levels
    goods = c.good_start.size - 1
    _weigh_origins(matrix, levels, slopes)
    _take_sides(matrix, carry, levels)
    wide = 2 * goods + _take_quotas(matrix, levels, slopes, fixed)
    apply_to_goods(matrix, slopes, t.basis[:goods], t.coarse[:goods], fixed)
    apply_to_goods(matrix, slopes, t.basis[goods : 2 * goods], t.coarse[goods : 2 * goods], fixed)
    for level in range(2 * goods, wide):
        apply_reduced(matrix, slopes, t.basis[level], t.coarse[level], fixed)
    _fill_within(matrix, carry, levels, wide)
    _fill_between(matrix, carry, levels, wide)
    for row in range(wide * carry.parent.size):
        t.first[row] = max(carry.parent[row // wide], 0) * wide
    factor(t.factor, t.first, wide * carry.parent.size)
    return wide


@lean
def _weigh_origins(matrix: Matrix, levels: Levels, slopes: Floats) -> None:
    """The main origin of every delivered node, and what each origin mainly serves."""
    c, t = matrix, levels
    t.most.fill(0.0)
    t.total.fill(0.0)
    t.served.fill(0.0)
    for row in range(c.producers):
        for link in range(c.row_start[row], c.row_start[row + 1]):
            z, slope = c.row_head[link], slopes[link]
            t.total[z] += slope
            if slope > t.most[z]:
                t.most[z], t.main[z] = slope, row
    for z in range(t.total.size):
        if t.most[z] > MAIN_SHARE * t.total[z]:
            t.served[t.main[z]] += t.total[z]


@lean
def _take_sides(matrix: Matrix, carry: Carry, levels: Levels) -> None:
    """Put the nodes that get more than half of their slope from their good's main origin on the second side."""
    c, t = matrix, levels
    count, goods = carry.parent.size, c.good_start.size - 1
    t.reach.fill(0)
    for g in range(goods):
        t.basis[g].fill(0.0)
        t.basis[goods + g].fill(0.0)
        t.reach[g, g] = t.reach[goods + g, g] = 1
        span = (c.good_start[g + 1] - c.good_start[g]) // count
        for first in range(c.good_start[g], c.good_start[g + 1], max(span, 1)):
            largest = -1
            for z in range(first, first + span):
                mainly = t.most[z] > MAIN_SHARE * t.total[z]
                if mainly and (largest < 0 or t.served[t.main[z]] > t.served[largest]):
                    largest = t.main[z]
            for z in range(first, first + span):
                mine = t.most[z] > MAIN_SHARE * t.total[z] and t.main[z] == largest
                t.basis[goods + g if mine else g, z] = c.price[z]


@lean
def _take_quotas(matrix: Matrix, levels: Levels, slopes: Floats, fixed: Floats) -> int:
    """Levels of the quotas that bind; returns the most that one moment has."""
    c, t = matrix, levels
    goods, deliveries = c.good_start.size - 1, c.good_start[-1]
    t.member_level.fill(-1)
    most = 0
    for k in range(fixed.size):
        t.quota_level[k] = -1
        moment = t.quota_moment[k]
        for place in range(t.member_level.shape[1]):
            if fixed[k] == 0.0 and t.member_level[moment, place] < 0:
                t.member_level[moment, place] = k
                t.quota_level[k] = place
                most = max(most, place + 1)
                break
    for place in range(most):
        t.basis[2 * goods + place].fill(0.0)
    for k in range(fixed.size):
        if t.quota_level[k] >= 0:
            t.basis[2 * goods + t.quota_level[k], deliveries + k] = 1.0
    for member in range(c.member_quota.size):
        link, place, z = c.member_link[member], t.quota_level[c.member_quota[member]], c.member_head[member]
        if place >= 0 and slopes[link] == t.most[z] and t.most[z] > MAIN_SHARE * t.total[z]:
            t.basis[2 * goods + place, z] += c.member_weight[member]
            t.reach[2 * goods + place, c.head_good[z]] = 1
    return most


@lean
def _fill_within(matrix: Matrix, carry: Carry, levels: Levels, wide: int) -> None:
    """The matrix on the levels of one moment, and zeros between moments."""
    c, t = matrix, levels
    count, goods, deliveries = carry.parent.size, c.good_start.size - 1, c.good_start[-1]
    for row in range(wide * count):
        for column in range(max(carry.parent[row // wide], 0) * wide, row + 1):
            t.factor[row, column] = 0.0
    for moment in range(count):
        head = moment * wide
        for g in range(goods):
            span = (c.good_start[g + 1] - c.good_start[g]) // count
            own = slice(c.good_start[g] + moment * span, c.good_start[g] + (moment + 1) * span)
            for level in range(wide):
                if t.reach[level, g] != 0:
                    for other in range(level + 1):
                        t.factor[head + level, head + other] += dot(t.basis[level][own], t.coarse[other][own])
        for place in range(wide - 2 * goods):
            k = t.member_level[moment, place]
            if k >= 0:
                level = 2 * goods + place
                for other in range(level + 1):
                    t.factor[head + level, head + other] += t.coarse[other, deliveries + k]


@lean
def _fill_between(matrix: Matrix, carry: Carry, levels: Levels, wide: int) -> None:
    """What stores tie between the levels of a moment and those of the moment before, and of its other branches."""
    c, t = matrix, levels
    count = carry.parent.size
    for moment in range(1, count):
        before = carry.parent[moment]
        for then in range(before, moment):
            if then != before and carry.parent[then] != before:
                continue
            sign = -1.0 if then == before else 1.0
            for g in range(c.good_start.size - 1):
                start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
                own = slice(start + moment * span, start + (moment + 1) * span)
                held = slice(start + before * span, start + (before + 1) * span)
                place = slice(start + then * span, start + (then + 1) * span)
                for level in range(wide):
                    for other in range(wide):
                        if t.reach[level, g] != 0 and t.reach[other, g] != 0:
                            tied = weighed(carry.hold[held], t.basis[level][own], t.basis[other][place])
                            t.factor[moment * wide + level, then * wide + other] += sign * tied


@lean
def start_from_levels(matrix: Matrix, carry: Carry, levels: Levels, wide: int, answer: Floats) -> None:
    """Start from the best change of all levels; the residual follows."""
    t, residual = levels, matrix.residual
    t.part.fill(0.0)
    _weigh(matrix, carry, levels, wide, residual)
    solve_factored(t.factor, t.first, t.part, wide * carry.parent.size)
    answer.fill(0.0)
    _add_basis(matrix, carry, levels, wide, 1.0, answer)
    _take_images(matrix, carry, levels, wide, residual)
    apply_stores(matrix, carry, answer)
    add_times(residual[: carry.image.size], -1.0, carry.image)


@lean
def take_levels(matrix: Matrix, carry: Carry, levels: Levels, wide: int, near: Floats) -> None:
    """Take out of a preconditioned residual what the levels already answer."""
    c, t = matrix, levels
    count, deliveries = carry.parent.size, c.good_start[-1]
    t.part.fill(0.0)
    if count > 1:
        apply_stores(matrix, carry, near)
        _weigh(matrix, carry, levels, wide, carry.image)
    for g in range(c.good_start.size - 1):
        span = (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            own = slice(c.good_start[g] + moment * span, c.good_start[g] + (moment + 1) * span)
            for level in range(wide):
                t.part[moment * wide + level] += dot(t.coarse[level][own], near[own])
    for k in range(t.quota_moment.size):
        for level in range(wide):
            t.part[t.quota_moment[k] * wide + level] += t.coarse[level, deliveries + k] * near[deliveries + k]
    solve_factored(t.factor, t.first, t.part, wide * count)
    _add_basis(matrix, carry, levels, wide, -1.0, near)


@lean
def _weigh(matrix: Matrix, carry: Carry, levels: Levels, wide: int, values: Floats) -> None:
    """Add to each level's part the product of its basis with values, which may end before the quotas."""
    c, t = matrix, levels
    count, deliveries = carry.parent.size, c.good_start[-1]
    for g in range(c.good_start.size - 1):
        span = (c.good_start[g + 1] - c.good_start[g]) // count
        for level in range(wide):
            if t.reach[level, g] != 0:
                for moment in range(count):
                    own = slice(c.good_start[g] + moment * span, c.good_start[g] + (moment + 1) * span)
                    t.part[moment * wide + level] += dot(t.basis[level][own], values[own])
    for k in range(values.size - deliveries):
        if t.quota_level[k] >= 0:
            level = 2 * (c.good_start.size - 1) + t.quota_level[k]
            t.part[t.quota_moment[k] * wide + level] += values[deliveries + k]


@lean
def _add_basis(matrix: Matrix, carry: Carry, levels: Levels, wide: int, sign: float, target: Floats) -> None:
    """Add the levels' parts to prices, or take them off."""
    c, t = matrix, levels
    count, goods, deliveries = carry.parent.size, c.good_start.size - 1, c.good_start[-1]
    for g in range(goods):
        span = (c.good_start[g + 1] - c.good_start[g]) // count
        for level in range(wide):
            if t.reach[level, g] != 0:
                for moment in range(count):
                    own = slice(c.good_start[g] + moment * span, c.good_start[g] + (moment + 1) * span)
                    add_times(target[own], sign * t.part[moment * wide + level], t.basis[level][own])
    for k in range(t.quota_moment.size):
        if t.quota_level[k] >= 0:
            target[deliveries + k] += sign * t.part[t.quota_moment[k] * wide + 2 * goods + t.quota_level[k]]


@lean
def _take_images(matrix: Matrix, carry: Carry, levels: Levels, wide: int, target: Floats) -> None:
    """Take off a right side what the matrix makes of the levels' parts."""
    c, t = matrix, levels
    count, deliveries = carry.parent.size, c.good_start[-1]
    for g in range(c.good_start.size - 1):
        span = (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            own = slice(c.good_start[g] + moment * span, c.good_start[g] + (moment + 1) * span)
            for level in range(wide):
                add_times(target[own], -t.part[moment * wide + level], t.coarse[level][own])
    for k in range(t.quota_moment.size):
        for level in range(wide):
            target[deliveries + k] -= t.part[t.quota_moment[k] * wide + level] * t.coarse[level, deliveries + k]
