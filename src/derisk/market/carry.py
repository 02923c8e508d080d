"""Carry: the Newton step where stores tie months together, every month's price levels and all stores solved exactly."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, lean
from derisk.market.component import Component
from derisk.market.conjugate import MOST_SWEEPS, prepare
from derisk.market.matrix import Matrix, apply_reduced, recover_producers, solve_blocks, spread_producers
from derisk.market.state import Terms

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FOUR = np.uint64(4)
SMALLEST_PIVOT = 1e-12
"""A node's own slope, stores apart, counts at least this share of its whole diagonal."""


class Carry(NamedTuple):
    """The tree of months and what stores do to a direction.

    Delivered nodes stand by good, then moment, then region: the node of a good and region one moment on is as many
    places further as the good has nodes in a month.
    """

    parent: Integers
    first_store: int
    store_node: Integers
    """(store of every moment,) delivered node it takes in from, counted from 0."""
    quota_moment: Integers
    hold: Floats
    """(delivered node,) slope of its stores in their margin [t per USD/t]."""
    tie: Floats
    """(delivered node,) the same, once the nodes of all later moments are eliminated."""
    pivot: Floats
    """(delivered node,) one over the slope that is left when later moments are eliminated."""
    later: Floats
    """(delivered node,) sum over a node's children."""
    image: Floats
    """(delivered node,) a direction after the stores."""
    level: Floats
    """(moment and good, moment and good) Cholesky factor of the matrix on one price level for each."""
    first_level: Integers
    """(moment and good,) first column of its row that is not zero."""
    part: Floats
    """(moment and good,)."""


@inner
def new_carry(component: Component, terms: Terms) -> Carry:
    """The tree of a component's months, and empty arrays of its sizes."""
    c = component
    count, goods, deliveries = c.parent.size, c.good_start.size - 1, c.node_price.size - c.producers
    node = np.zeros(c.process_kind.size - c.first_store, np.int64)
    for s in range(node.size):
        node[s] = c.process_node[c.process_start[c.first_store + s]] - c.producers
    moment = np.zeros(deliveries, np.int64)
    for g in range(goods):
        first, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for z in range(first, c.good_start[g + 1]):
            moment[z] = (z - first) // span
    quota_moment = np.zeros(terms.quota_t.size, np.int64)
    for member in range(terms.member_quota.size):
        quota_moment[terms.member_quota[member]] = moment[c.row_head[terms.member_link[member]]]
    first_level = np.zeros(count * goods, np.int64)
    for row in range(goods, count * goods):
        first_level[row] = c.parent[row // goods] * goods
    size = first_level.size if count > 1 else 0
    return Carry(
        c.parent,
        c.first_store,
        node,
        quota_moment,
        np.zeros(deliveries),
        np.zeros(deliveries),
        np.zeros(deliveries),
        np.zeros(deliveries),
        np.zeros(deliveries),
        np.zeros((size, size)),
        first_level,
        np.zeros(size),
    )


@lean
def carry_step(
    matrix: Matrix,
    carry: Carry,
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
    beforehand is one price level for each good and moment.

    Args:
        matrix: the months without their stores, whose slopes stand in its diagonal alone.
        carry: the stores.
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
    pulls = output_slopes[: carry.first_store]
    prepare(matrix, slopes, pulls, fixed)
    _hold(matrix, carry, output_slopes)
    _factor_levels(matrix, carry)
    for n in range(step.size):
        step[n] = -gradient[n]
    for k in range(fixed.size):
        if fixed[k] != 0.0:
            step[nodes + k] = 0.0
    for n in range(m):
        c.made[n] = step[n]
    solve_blocks(matrix)
    residual, direction, near, image = c.residual, c.direction, c.near, c.image
    answer = c.answer
    size = residual.size
    for z in range(size):
        residual[z] = step[m + z]
    spread_producers(matrix, slopes, pulls, residual, fixed)
    _precondition(matrix, carry, residual, near)
    start = 0.0
    for z in range(size):
        start += residual[z] * near[z]
    start = max(start, 1e-300)
    _project_start(matrix, carry, answer)
    product = 0.0
    reached = False
    for sweep in range(MOST_SWEEPS):
        _precondition(matrix, carry, residual, near)
        old, product = product, 0.0
        for z in range(size):
            product += near[z] * residual[z]
        if product <= accuracy * accuracy * start:
            reached = True
            break
        _take_levels(matrix, carry, near)
        share = product / old if sweep > 0 else 0.0
        for z in range(size):
            direction[z] = near[z] + share * direction[z]
        apply_reduced(matrix, slopes, pulls, direction, image, fixed, 0, size)
        _apply_stores(matrix, carry, direction)
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
    recover_producers(matrix, slopes, pulls, step)
    return reached


@lean
def _hold(matrix: Matrix, carry: Carry, output_slopes: Floats) -> None:
    """Slopes of the stores by node, and the pivots of the tree with the months' diagonal (equation 6.33)."""
    c, t = matrix, carry
    t.hold.fill(0.0)
    for s in range(t.store_node.size):
        t.hold[t.store_node[s]] += output_slopes[t.first_store + s]
    t.later.fill(0.0)
    count = t.parent.size
    for g in range(c.good_start.size - 1):
        span = (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count - 1, -1, -1):
            first = c.good_start[g] + moment * span
            back = (t.parent[moment] - moment) * span
            for z in range(first, first + span):
                own = 1.0 / c.precondition[z] - t.hold[z]
                if moment > 0:
                    own -= t.hold[z + back]
                own = max(own, SMALLEST_PIVOT * c.diagonal[c.producers + z] + 1e-300)
                t.tie[z] = t.hold[z] / (1.0 + t.hold[z] * t.later[z])
                t.pivot[z] = 1.0 / (own + t.tie[z])
                if moment > 0:
                    t.later[z + back] += t.pivot[z]


@lean
def _precondition(matrix: Matrix, carry: Carry, residual: Floats, near: Floats) -> None:
    """`near` receives the residual over the months' diagonal with all stores (equation 6.33); quotas by themselves."""
    c, t = matrix, carry
    count, deliveries = t.parent.size, t.hold.size
    t.later.fill(0.0)
    for z in range(deliveries, residual.size):
        near[z] = c.precondition[z] * residual[z]
    for g in range(c.good_start.size - 1):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count - 1, -1, -1):
            first = start + moment * span
            mine = slice(first, first + span)
            _gather(residual[mine], t.pivot[mine], t.tie[mine], t.later[mine], near[mine])
            if moment > 0:
                before = start + t.parent[moment] * span
                _add(t.later[before : before + span], near[mine])
        for moment in range(1, count):
            first, before = start + moment * span, start + t.parent[moment] * span
            mine, other = slice(first, first + span), slice(before, before + span)
            _return(near[mine], t.pivot[mine], t.tie[other], t.later[other], near[other])


@lean
def _gather(residual: Floats, pivot: Floats, tie: Floats, later: Floats, near: Floats) -> None:
    """What a moment's prices answer, their stores and all later moments taken in."""
    for i in range(near.size):
        near[i] = pivot[i] * (residual[i] + tie[i] * later[i])


@lean
def _return(near: Floats, pivot: Floats, tie: Floats, later: Floats, before: Floats) -> None:
    """What a moment's prices answer to those of the moment before."""
    for i in range(near.size):
        near[i] -= pivot[i] * tie[i] * (later[i] - before[i])


@lean
def _add(target: Floats, values: Floats) -> None:
    """Add values to a target."""
    for i in range(target.size):
        target[i] += values[i]


@lean
def _apply_stores(matrix: Matrix, carry: Carry, direction: Floats) -> None:
    """`carry.image` receives a direction after the stores, without what stands in the diagonal."""
    c, t = matrix, carry
    count = t.parent.size
    t.later.fill(0.0)
    for g in range(c.good_start.size - 1):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(1, count):
            first, before = start + moment * span, start + t.parent[moment] * span
            _add(t.later[before : before + span], direction[first : first + span])
        for z in range(start, c.good_start[g + 1]):
            t.image[z] = -t.hold[z] * t.later[z]
        for moment in range(1, count):
            first, before = start + moment * span, start + t.parent[moment] * span
            mine, other = slice(first, first + span), slice(before, before + span)
            _bring(t.image[mine], direction[mine], t.hold[other], t.later[other], direction[other])


@lean
def _bring(image: Floats, direction: Floats, hold: Floats, later: Floats, before: Floats) -> None:
    """Add what the stores of the moment before bring to a moment, its own prices' part left out."""
    for i in range(image.size):
        image[i] += hold[i] * (later[i] - direction[i] - before[i])


@lean
def _factor_levels(matrix: Matrix, carry: Carry) -> None:
    """Cholesky factor of the matrix on one price level for each moment and good (equation 6.34)."""
    c, t = matrix, carry
    count, goods, level = t.parent.size, c.good_start.size - 1, t.level
    level.fill(0.0)
    for g in range(goods):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            first, row = start + moment * span, moment * goods + g
            own, price = slice(first, first + span), c.price[first : first + span]
            for other in range(g + 1):
                level[row, moment * goods + other] = _dot(price, c.coarse[other][own])
            if moment == 0:
                continue
            before = t.parent[moment]
            then = start + before * span
            hold, old = t.hold[then : then + span], c.price[then : then + span]
            level[row, before * goods + g] = -_weighed(hold, price, old)
            for sibling in range(before + 1, moment):
                if t.parent[sibling] == before:
                    aside = start + sibling * span
                    level[row, sibling * goods + g] = _weighed(hold, price, c.price[aside : aside + span])
    _factor(level, t.first_level)


@lean
def _factor(level: Floats, first: Integers) -> None:
    """Cholesky factor in place; rows begin at their first column that is not zero."""
    for row in range(level.shape[0]):
        for column in range(first[row], row):
            begin = max(first[row], first[column])
            total = level[row, column] - _dot(level[row, begin:column], level[column, begin:column])
            level[row, column] = total / level[column, column]
        own, before = level[row, row], level[row, first[row] : row]
        level[row, row] = math.sqrt(max(own - _dot(before, before), 1e-12 * own + 1e-300))


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


@lean
def _solve_levels(level: Floats, first: Integers, part: Floats) -> None:
    """Divide `part` by the matrix on price levels."""
    for row in range(part.size):
        begin = first[row]
        part[row] = (part[row] - _dot(level[row, begin:row], part[begin:row])) / level[row, row]
    for row in range(part.size - 1, -1, -1):
        begin = first[row]
        part[row] /= level[row, row]
        _add_times(part[begin:row], -part[row], level[row, begin:row])


@lean
def _project_start(matrix: Matrix, carry: Carry, answer: Floats) -> None:
    """Start from the best change of every moment's price levels; the residual follows."""
    c, t = matrix, carry
    count, goods, residual, part = t.parent.size, c.good_start.size - 1, c.residual, t.part
    for g in range(goods):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            first = start + moment * span
            part[moment * goods + g] = _dot(c.price[first : first + span], residual[first : first + span])
    _solve_levels(t.level, t.first_level, part)
    answer.fill(0.0)
    _add_levels(matrix, carry, 1.0, answer)
    for g in range(goods):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            mine = slice(start + moment * span, start + (moment + 1) * span)
            for other in range(goods):
                _add_times(residual[mine], -part[moment * goods + other], c.coarse[other][mine])
    for k in range(t.quota_moment.size):
        z = t.hold.size + k
        for other in range(goods):
            residual[z] -= part[t.quota_moment[k] * goods + other] * c.coarse[other, z]
    _apply_stores(matrix, carry, answer)
    _add_times(residual[: t.image.size], -1.0, t.image)


@lean
def _take_levels(matrix: Matrix, carry: Carry, near: Floats) -> None:
    """Take out of a preconditioned residual what the moments' price levels already answer."""
    c, t = matrix, carry
    count, goods, part = t.parent.size, c.good_start.size - 1, t.part
    _apply_stores(matrix, carry, near)
    part.fill(0.0)
    for g in range(goods):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            mine = slice(start + moment * span, start + (moment + 1) * span)
            part[moment * goods + g] += _dot(c.price[mine], t.image[mine])
            for other in range(goods):
                part[moment * goods + other] += _dot(c.coarse[other][mine], near[mine])
    for k in range(t.quota_moment.size):
        z = t.hold.size + k
        for other in range(goods):
            part[t.quota_moment[k] * goods + other] += c.coarse[other, z] * near[z]
    _solve_levels(t.level, t.first_level, part)
    _add_levels(matrix, carry, -1.0, near)


@lean
def _add_levels(matrix: Matrix, carry: Carry, sign: float, target: Floats) -> None:
    """Add the moments' price levels in `carry.part`, or take them off."""
    c, t = matrix, carry
    count, goods = t.parent.size, c.good_start.size - 1
    for g in range(goods):
        start, span = c.good_start[g], (c.good_start[g + 1] - c.good_start[g]) // count
        for moment in range(count):
            mine = slice(start + moment * span, start + (moment + 1) * span)
            _add_times(target[mine], sign * t.part[moment * goods + g], c.price[mine])
