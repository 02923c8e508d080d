"""Levels: the price levels of every moment, two for each good, which the Newton step solves exactly (equation 6.34)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.carry import Carry, apply_stores
from derisk.market.compiled import inner, lean
from derisk.market.component import Component
from derisk.market.matrix import Matrix
from derisk.market.state import Terms
from derisk.market.sweeps import apply_to_goods

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FOUR = np.uint64(4)
MOST_PIVOT = 1e150
"""Pivot of a level nobody stands on: what it would answer is nothing."""


class Levels(NamedTuple):
    """Two directions for each good and moment: prices of main customers, and of others.

    Main customers take most of what their links answer with from the good's main origin. Where trade is cut the two
    sides have a price level each, and links resist neither; together they are the good's level.
    A level is numbered by moment, then good, then side.
    """

    quota_moment: Integers
    basis: Floats
    """(side, z) base prices of the nodes of a side, zero elsewhere."""
    coarse: Floats
    """(good and side, z) a side's base prices in all moments, after the reduced matrix without what stores tie."""
    sides: Floats
    """(good, z) the second side's alone."""
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
    c = component
    count, goods, deliveries = c.parent.size, c.good_start.size - 1, c.node_price.size - c.producers
    if count == 1:
        goods = deliveries = 0
    moment = np.zeros(deliveries, np.int64)
    for g in range(goods):
        first, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for z in range(first, c.good_start[g + 1]):
            moment[z] = (z - first) // span
    quota_moment = np.zeros(terms.quota_t.size if count > 1 else 0, np.int64)
    if count > 1:
        for member in range(terms.member_quota.size):
            quota_moment[terms.member_quota[member]] = moment[c.row_head[terms.member_link[member]]]
    size = 2 * count * goods
    first_level = np.zeros(size, np.int64)
    for row in range(2 * goods, size):
        first_level[row] = c.parent[row // (2 * goods)] * 2 * goods
    return Levels(
        quota_moment,
        np.zeros((2, deliveries)),
        np.zeros((2 * goods, deliveries + quota_moment.size)),
        np.zeros((goods, deliveries + quota_moment.size)),
        np.zeros((size, size)),
        first_level,
        np.zeros(size),
        np.zeros(deliveries, np.int64),
        np.zeros(deliveries),
        np.zeros(deliveries),
        np.zeros(c.producers),
    )


@lean
def prepare_levels(matrix: Matrix, carry: Carry, levels: Levels, slopes: Floats, fixed: Floats) -> None:
    """The sides of each good, their images and the factor; `matrix.coarse` holds the images of whole goods."""
    c, t = matrix, levels
    _take_sides(matrix, carry, levels, slopes)
    apply_to_goods(matrix, slopes, t.basis[1], t.sides, fixed)
    for g in range(c.good_start.size - 1):
        for z in range(c.residual.size):
            t.coarse[2 * g + 1, z] = t.sides[g, z]
            t.coarse[2 * g, z] = c.coarse[g, z] - t.sides[g, z]
    _fill_factor(matrix, carry, levels)
    _factor(t.factor, t.first)


@lean
def _take_sides(matrix: Matrix, carry: Carry, levels: Levels, slopes: Floats) -> None:
    """Put the nodes that get more than half of their slope from their good's main origin on the second side."""
    c, t = matrix, levels
    count = carry.parent.size
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
        if t.most[z] > 0.5 * t.total[z]:
            t.served[t.main[z]] += t.total[z]
    for g in range(c.good_start.size - 1):
        span = (c.good_start[g + 1] - c.good_start[g]) // count
        for first in range(c.good_start[g], c.good_start[g + 1], max(span, 1)):
            largest = -1
            for z in range(first, first + span):
                if t.most[z] > 0.5 * t.total[z] and (largest < 0 or t.served[t.main[z]] > t.served[largest]):
                    largest = t.main[z]
            for z in range(first, first + span):
                mine = t.most[z] > 0.5 * t.total[z] and t.main[z] == largest
                t.basis[1, z] = c.price[z] if mine else 0.0
                t.basis[0, z] = 0.0 if mine else c.price[z]


@lean
def _fill_factor(matrix: Matrix, carry: Carry, levels: Levels) -> None:
    """The matrix on the levels: within a moment by the images, between moments by the stores."""
    c, t = matrix, levels
    count, goods, factor = carry.parent.size, c.good_start.size - 1, t.factor
    factor.fill(0.0)
    for g in range(goods):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            own = slice(start + moment * span, start + (moment + 1) * span)
            before = carry.parent[moment]
            for side in range(2):
                row, price = 2 * (moment * goods + g) + side, t.basis[side][own]
                for other in range(2 * g + side + 1):
                    factor[row, 2 * moment * goods + other] = _dot(price, t.coarse[other][own])
                if moment == 0:
                    continue
                hold = carry.hold[start + before * span : start + (before + 1) * span]
                for then in range(before, moment):
                    if then != before and carry.parent[then] != before:
                        continue
                    sign, place = -1.0 if then == before else 1.0, slice(start + then * span, start + (then + 1) * span)
                    for k in range(2):
                        column = 2 * (then * goods + g) + k
                        factor[row, column] = sign * _weighed(hold, price, t.basis[k][place])


@lean
def _factor(factor: Floats, first: Integers) -> None:
    """Cholesky factor in place; rows begin at their first column that is not zero."""
    for row in range(factor.shape[0]):
        for column in range(first[row], row):
            begin = max(first[row], first[column])
            total = factor[row, column] - _dot(factor[row, begin:column], factor[column, begin:column])
            factor[row, column] = total / factor[column, column]
        own, before = factor[row, row], factor[row, first[row] : row]
        factor[row, row] = MOST_PIVOT
        if own > 0.0:
            factor[row, row] = math.sqrt(max(own - _dot(before, before), 1e-12 * own))


@lean
def _solve_levels(factor: Floats, first: Integers, part: Floats) -> None:
    """Divide `part` by the matrix on the levels."""
    for row in range(part.size):
        begin = first[row]
        part[row] = (part[row] - _dot(factor[row, begin:row], part[begin:row])) / factor[row, row]
    for row in range(part.size - 1, -1, -1):
        begin = first[row]
        part[row] /= factor[row, row]
        _add_times(part[begin:row], -part[row], factor[row, begin:row])


@lean
def start_from_levels(matrix: Matrix, carry: Carry, levels: Levels, answer: Floats) -> None:
    """Start from the best change of all levels; the residual follows."""
    c, t = matrix, levels
    count, goods, residual = carry.parent.size, c.good_start.size - 1, c.residual
    for g in range(goods):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            own = slice(start + moment * span, start + (moment + 1) * span)
            for side in range(2):
                t.part[2 * (moment * goods + g) + side] = _dot(t.basis[side][own], residual[own])
    _solve_levels(t.factor, t.first, t.part)
    answer.fill(0.0)
    _add_levels(matrix, carry, levels, 1.0, answer)
    for g in range(goods):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            own = slice(start + moment * span, start + (moment + 1) * span)
            for other in range(2 * goods):
                _add_times(residual[own], -t.part[2 * moment * goods + other], t.coarse[other][own])
    for k in range(t.quota_moment.size):
        z = carry.hold.size + k
        for other in range(2 * goods):
            residual[z] -= t.part[2 * t.quota_moment[k] * goods + other] * t.coarse[other, z]
    apply_stores(matrix, carry, answer)
    _add_times(residual[: carry.image.size], -1.0, carry.image)


@lean
def take_levels(matrix: Matrix, carry: Carry, levels: Levels, near: Floats) -> None:
    """Take out of a preconditioned residual what the levels already answer."""
    c, t = matrix, levels
    count, goods = carry.parent.size, c.good_start.size - 1
    apply_stores(matrix, carry, near)
    t.part.fill(0.0)
    for g in range(goods):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            own, first = slice(start + moment * span, start + (moment + 1) * span), 2 * moment * goods
            for side in range(2):
                t.part[first + 2 * g + side] += _dot(t.basis[side][own], carry.image[own])
            for other in range(2 * goods):
                t.part[first + other] += _dot(t.coarse[other][own], near[own])
    for k in range(t.quota_moment.size):
        z = carry.hold.size + k
        for other in range(2 * goods):
            t.part[2 * t.quota_moment[k] * goods + other] += t.coarse[other, z] * near[z]
    _solve_levels(t.factor, t.first, t.part)
    _add_levels(matrix, carry, levels, -1.0, near)


@lean
def _add_levels(matrix: Matrix, carry: Carry, levels: Levels, sign: float, target: Floats) -> None:
    """Add the levels' changes to delivered prices, or take them off."""
    c, t = matrix, levels
    count, goods = carry.parent.size, c.good_start.size - 1
    for g in range(goods):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            own = slice(start + moment * span, start + (moment + 1) * span)
            for side in range(2):
                _add_times(target[own], sign * t.part[2 * (moment * goods + g) + side], t.basis[side][own])


@lean
def _dot(one: Floats, other: Floats) -> float:
    """Sum of products."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    size = np.uint64(one.size)
    whole = size - size % FOUR
    for i in range(np.uint64(0), whole, FOUR):
        a += one[i] * other[i]
        b += one[i + np.uint64(1)] * other[i + np.uint64(1)]
        c += one[i + np.uint64(2)] * other[i + np.uint64(2)]
        d += one[i + np.uint64(3)] * other[i + np.uint64(3)]
    for i in range(whole, size):
        a += one[i] * other[i]
    return (a + b) + (c + d)


@lean
def _weighed(weight: Floats, one: Floats, other: Floats) -> float:
    """Sum of products of three."""
    total = 0.0
    for i in range(weight.size):
        total += weight[i] * one[i] * other[i]
    return total


@lean
def _add_times(target: Floats, factor: float, values: Floats) -> None:
    """Add a multiple of values to a target."""
    for i in range(target.size):
        target[i] += factor * values[i]
