"""Levels: the directions that the Newton step solves exactly, a few for each moment (equation 6.34)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.carry import Carry
from derisk.market.compiled import inner, lean
from derisk.market.component import Component
from derisk.market.factor import dot, factor, weighed
from derisk.market.matrix import Matrix
from derisk.market.state import Terms
from derisk.market.sweeps import apply_reduced, apply_to_goods

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MAIN_SHARE = 0.5
"""A link or an origin with more than this share of a node's slope is its main one."""


class Levels(NamedTuple):
    """Price levels of each moment: two for each good, one where there is one moment, and one for each quota that binds.

    Main customers take most of what their links answer with from the good's main origin. Where trade is cut the two
    sides have a price level each, and links resist neither; together they are the good's level. A quota's level is
    its permit price with the prices of those it mainly serves: links resist that neither.
    Levels of a moment are numbered first sides, then second sides, then quotas; all levels by moment, then so.
    """

    parent: Integers
    """(moment,) the moment before."""
    good_start: Integers
    """(good + 1,) first delivered node of each good; its nodes stand by moment, then region."""
    head_good: Integers
    price: Floats
    """(delivered node,) base prices [USD/t]."""
    by_goods: int
    """How many levels of a moment are of goods."""
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
    most = 0
    for k in range(quotas):
        crowd[moment_of[k]] += 1
        most = max(most, crowd[moment_of[k]])
    by_goods = goods if count == 1 else 2 * goods
    wide = by_goods + most
    return Levels(
        c.parent,
        c.good_start,
        c.head_good,
        c.node_price[c.producers :],
        by_goods,
        moment_of,
        np.zeros(quotas, np.int64),
        np.zeros((count, wide - by_goods), np.int64),
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
    binding = _take_quotas(levels, fixed)
    wide = t.by_goods + binding
    if t.by_goods > goods or binding > 0:
        _weigh_origins(levels, c.row_start, c.row_head, slopes)
    _take_sides(levels)
    _serve_quotas(levels, c.member_link, c.member_quota, c.member_head, c.member_weight, slopes)
    apply_to_goods(matrix, slopes, t.basis[:goods], t.coarse[:goods], fixed)
    if t.by_goods > goods:
        apply_to_goods(matrix, slopes, t.basis[goods : t.by_goods], t.coarse[goods : t.by_goods], fixed)
    for level in range(t.by_goods, wide):
        apply_reduced(matrix, slopes, t.basis[level], t.coarse[level], fixed)
    _fill_within(levels, wide)
    _fill_between(levels, carry.hold, wide)
    for row in range(wide * carry.parent.size):
        t.first[row] = max(carry.parent[row // wide], 0) * wide
    factor(t.factor, t.first, wide * carry.parent.size)
    return wide


@lean
def _weigh_origins(levels: Levels, row_start: Integers, row_head: Integers, slopes: Floats) -> None:
    """The main origin of every delivered node, and what each origin mainly serves."""
    t = levels
    t.most.fill(0.0)
    t.total.fill(0.0)
    t.served.fill(0.0)
    for row in range(t.served.size):
        for link in range(row_start[row], row_start[row + 1]):
            z, slope = row_head[link], slopes[link]
            t.total[z] += slope
            if slope > t.most[z]:
                t.most[z], t.main[z] = slope, row
    for z in range(t.total.size):
        if t.most[z] > MAIN_SHARE * t.total[z]:
            t.served[t.main[z]] += t.total[z]


@lean
def _take_sides(levels: Levels) -> None:
    """Levels of goods: nodes that get more than half of their slope from the good's main origin on the second side."""
    t = levels
    count, goods = t.parent.size, t.good_start.size - 1
    t.reach.fill(0)
    for g in range(goods):
        t.basis[g].fill(0.0)
        t.reach[g, g] = 1
        if t.by_goods == goods:
            for z in range(t.good_start[g], t.good_start[g + 1]):
                t.basis[g, z] = t.price[z]
            continue
        t.basis[goods + g].fill(0.0)
        t.reach[goods + g, g] = 1
        span = (t.good_start[g + 1] - t.good_start[g]) // count
        for first in range(t.good_start[g], t.good_start[g + 1], max(span, 1)):
            largest = -1
            for z in range(first, first + span):
                mainly = t.most[z] > MAIN_SHARE * t.total[z]
                if mainly and (largest < 0 or t.served[t.main[z]] > t.served[largest]):
                    largest = t.main[z]
            for z in range(first, first + span):
                mine = t.most[z] > MAIN_SHARE * t.total[z] and t.main[z] == largest
                t.basis[goods + g if mine else g, z] = t.price[z]


@lean
def _take_quotas(levels: Levels, fixed: Floats) -> int:
    """Levels of the quotas that bind; returns the most that one moment has."""
    t = levels
    deliveries = t.good_start[-1]
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
        t.basis[t.by_goods + place].fill(0.0)
    for k in range(fixed.size):
        if t.quota_level[k] >= 0:
            t.basis[t.by_goods + t.quota_level[k], deliveries + k] = 1.0
    return most


@lean
def _serve_quotas(
    levels: Levels, link_of: Integers, quota_of: Integers, head_of: Integers, weight: Floats, slopes: Floats
) -> None:
    """Add to the levels of binding quotas the nodes that each mainly serves; the four after the first by member."""
    t = levels
    for member in range(link_of.size):
        place, z = t.quota_level[quota_of[member]], head_of[member]
        if place >= 0 and slopes[link_of[member]] == t.most[z] and t.most[z] > MAIN_SHARE * t.total[z]:
            t.basis[t.by_goods + place, z] += weight[member]
            t.reach[t.by_goods + place, t.head_good[z]] = 1


@lean
def _fill_within(levels: Levels, wide: int) -> None:
    """The matrix on the levels of one moment, and zeros between moments."""
    t = levels
    count, goods, deliveries = t.parent.size, t.good_start.size - 1, t.good_start[-1]
    for row in range(wide * count):
        for column in range(max(t.parent[row // wide], 0) * wide, row + 1):
            t.factor[row, column] = 0.0
    for moment in range(count):
        head = moment * wide
        for g in range(goods):
            span = (t.good_start[g + 1] - t.good_start[g]) // count
            own = slice(t.good_start[g] + moment * span, t.good_start[g] + (moment + 1) * span)
            for level in range(wide):
                if t.reach[level, g] != 0:
                    for other in range(level + 1):
                        t.factor[head + level, head + other] += dot(t.basis[level][own], t.coarse[other][own])
        for place in range(wide - t.by_goods):
            k = t.member_level[moment, place]
            if k >= 0:
                level = t.by_goods + place
                for other in range(level + 1):
                    t.factor[head + level, head + other] += t.coarse[other, deliveries + k]


@lean
def _fill_between(levels: Levels, hold: Floats, wide: int) -> None:
    """What stores tie between the levels of a moment and those of the moment before, and of its other branches."""
    t = levels
    count = t.parent.size
    for moment in range(1, count):
        before = t.parent[moment]
        for then in range(before, moment):
            if then != before and t.parent[then] != before:
                continue
            sign = -1.0 if then == before else 1.0
            for g in range(t.good_start.size - 1):
                start, span = t.good_start[g], (t.good_start[g + 1] - t.good_start[g]) // count
                own = slice(start + moment * span, start + (moment + 1) * span)
                held = slice(start + before * span, start + (before + 1) * span)
                place = slice(start + then * span, start + (then + 1) * span)
                for level in range(wide):
                    for other in range(wide):
                        if t.reach[level, g] != 0 and t.reach[other, g] != 0:
                            tied = weighed(hold[held], t.basis[level][own], t.basis[other][place])
                            t.factor[moment * wide + level, then * wide + other] += sign * tied
