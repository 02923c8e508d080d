"""Hessian: the Newton step, producer nodes eliminated region by region, the rest factored (equation 6.15)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner
from derisk.market.component import Component
from derisk.market.factor import factor_profile, solve_factored
from derisk.market.potential import State, Terms

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


TILE = 16
"""Rows of the reduced matrix worked on together."""


class Workspace(NamedTuple):
    """Arrays of the Newton step, allocated once a solve."""

    diagonal: Floats
    """(node, then quota) diagonal of the Hessian before any proximal term [t per USD/t]."""
    block: Floats
    """(producer node, place in its group) rows of the producer blocks, then their factors."""
    place: Integers
    """(producer node,) place in its group."""
    cross: Floats
    """(producer node, delivered node or quota)."""
    reduced: Floats
    """(delivered node or quota, the same)."""
    left: Integers
    """(producer node,) first column of its row of `cross` that may differ from zero."""
    envelope: Integers
    step: Floats
    """(node, then quota) [USD/t]."""


@inner
def new_workspace(component: Component, quotas: int) -> Workspace:
    """An empty workspace of the component's sizes."""
    c = component
    nodes = c.node_price.size
    reduced = nodes - c.producers + quotas
    widest = 1
    place = np.zeros(c.producers, np.int64)
    for g in range(c.group_start.size - 1):
        widest = max(widest, c.group_start[g + 1] - c.group_start[g])
        for entry in range(c.group_start[g], c.group_start[g + 1]):
            place[c.group_node[entry]] = entry - c.group_start[g]
    envelope = np.zeros(reduced, np.int64)
    for z in range(c.envelope.size):
        envelope[z] = c.envelope[z]
    return Workspace(
        np.zeros(nodes + quotas),
        np.zeros((c.producers, widest)),
        place,
        np.zeros((c.producers, reduced)),
        np.zeros((reduced, reduced)),
        np.zeros(c.producers, np.int64),
        envelope,
        np.zeros(nodes + quotas),
    )


@inner
def assemble(component: Component, terms: Terms, state: State, work: Workspace) -> None:
    """Second derivatives of the potential at a state, in the workspace's blocks."""
    c, s = component, terms
    m = c.producers
    nodes, quotas = c.node_price.size, s.quota_t.size
    deliveries = nodes - m
    diagonal, block, cross, reduced = work.diagonal, work.block, work.cross, work.reduced
    block.fill(0.0)
    cross.fill(0.0)
    reduced.fill(0.0)
    for n in range(nodes):
        diagonal[n] = -state.sink_slope[n]
    for k in range(quotas):
        diagonal[nodes + k] = 0.0
    for u in range(c.use_node.size):
        diagonal[c.use_node[u]] -= state.use_slope[u]
    for link in range(c.link_tail.size):
        h = state.flow_slope[link]
        tail, head = c.link_tail[link], c.link_head[link]
        diagonal[tail] += h
        diagonal[head] += h
        cross[tail, head - m] -= h
    for p in range(c.process_kind.size):
        slope = state.output_slope[p]
        if slope == 0.0:
            continue
        first, last = c.process_start[p], c.process_start[p + 1]
        for one in range(first, last):
            n1, w1 = c.process_node[one], c.process_tonnes[one]
            diagonal[n1] += slope * w1 * w1
            for two in range(first, last):
                n2, w2 = c.process_node[two], c.process_tonnes[two]
                if n1 == n2:
                    continue
                value = slope * w1 * w2
                if n1 < m and n2 < m:
                    block[n1, work.place[n2]] += value
                elif n1 < m:
                    cross[n1, n2 - m] += value
                elif n2 >= m and n1 > n2:
                    reduced[n1 - m, n2 - m] += value
    for one in range(s.member_quota.size):
        link = s.member_link[one]
        k = s.member_quota[one]
        value = s.member_weight[one] * state.flow_slope[link]
        cross[c.link_tail[link], deliveries + k] += value
        reduced[deliveries + k, c.link_head[link] - m] -= value
        diagonal[nodes + k] += s.member_weight[one] * value
        two = one - 1
        while two >= 0 and s.member_link[two] == link:
            other = s.member_quota[two]
            if other == k:
                diagonal[nodes + k] += 2.0 * s.member_weight[two] * value
            else:
                reduced[deliveries + max(k, other), deliveries + min(k, other)] += s.member_weight[two] * value
            two -= 1


@inner
def newton_step(
    component: Component, terms: Terms, state: State, work: Workspace, fixed: Floats, damping: float
) -> None:
    """The Newton step of the potential, with quotas in `fixed` held where they are.

    Equation (6.15) of docs/theory/market.md. Every node gets a proximal term relative to its own slope, so that a
    node nothing answers to takes a long step of the right sign, which the caller limits.

    Args:
        component: base-year arrays.
        terms: the shock.
        state: gradient and slopes.
        work: receives the step.
        fixed: (quota,) 1 where the permit price stays at zero.
        damping: proximal term relative to each node's slope.
    """
    for n in range(work.step.size):
        work.step[n] = -state.gradient[n]
    solve_hessian(component, terms, state, work, fixed, damping)


@inner
def solve_hessian(
    component: Component, terms: Terms, state: State, work: Workspace, fixed: Floats, damping: float
) -> None:
    """Overwrite `work.step`, a right-hand side, by the solution of the system of equation (6.15)."""
    c = component
    m, nodes, quotas = c.producers, c.node_price.size, terms.quota_t.size
    deliveries = nodes - m
    assemble(c, terms, state, work)
    diagonal, block, reduced, step = work.diagonal, work.block, work.reduced, work.step
    for n in range(nodes):
        own = diagonal[n] + damping * (diagonal[n] + c.node_throughput_t[n] / c.node_price[n])
        if n < m:
            block[n, work.place[n]] = own
        else:
            reduced[n - m, n - m] = own
    for k in range(quotas):
        natural = terms.quota_t[k] / terms.quota_price[k]
        own = diagonal[nodes + k] + damping * (diagonal[nodes + k] + natural)
        reduced[deliveries + k, deliveries + k] = own
    _release_fixed(work, m, deliveries, fixed)
    for g in range(c.group_start.size - 1):
        _eliminate(c, work, g, deliveries, quotas)
    _take_complement(c, work)
    factor_profile(reduced, work.envelope)
    solve_factored(reduced, work.envelope, step, m)
    for g in range(c.group_start.size - 1):
        _recover(c, work, g, deliveries, quotas)


@inner
def _release_fixed(work: Workspace, producers: int, deliveries: int, fixed: Floats) -> None:
    """Take the quotas that are held out of the system."""
    for k in range(fixed.size):
        if fixed[k] == 0.0:
            continue
        row = deliveries + k
        for z in range(work.reduced.shape[0]):
            work.reduced[max(row, z), min(row, z)] = 0.0
        work.reduced[row, row] = 1.0
        for n in range(producers):
            work.cross[n, row] = 0.0
        work.step[producers + row] = 0.0


@inner
def _eliminate(component: Component, work: Workspace, group: int, deliveries: int, quotas: int) -> None:
    """Factor one producer block and divide its rows and right-hand side by the factor."""
    c = component
    block, cross, step = work.block, work.cross, work.step
    start, size = c.group_start[group], c.group_start[group + 1] - c.group_start[group]
    first, last = c.column_start[group], c.column_start[group + 1]
    if first == last and quotas == 0:
        left = 0
    else:
        left = c.column[first] if first < last else deliveries
    width = deliveries + quotas
    for i in range(size):
        row = c.group_node[start + i]
        own = block[row, i]
        for j in range(i + 1):
            other = c.group_node[start + j]
            total = block[row, j]
            for q in range(j):
                total -= block[row, q] * block[other, q]
            if i == j:
                block[row, i] = math.sqrt(max(total, 1e-13 * own + 1e-300))
            else:
                block[row, j] = total / block[other, j]
        for q in range(i):
            factor = block[row, q]
            if factor != 0.0:
                other = c.group_node[start + q]
                step[row] -= factor * step[other]
                for z in range(left, width):
                    cross[row, z] -= factor * cross[other, z]
        inverse = 1.0 / block[row, i]
        step[row] *= inverse
        for z in range(left, width):
            cross[row, z] *= inverse
        work.left[row] = left


@inner
def _take_complement(component: Component, work: Workspace) -> None:
    """Take the eliminated rows' products from the reduced matrix and right-hand side, some of its rows at a time.

    The rows of a tile stay in the processor's nearest cache while the eliminated rows pass by.
    """
    cross, reduced, step = work.cross, work.reduced, work.step
    producers, width = component.producers, work.reduced.shape[0]
    for tile in range(0, width, TILE):
        end = min(tile + TILE, width)
        for row in range(producers):
            left = work.left[row]
            c_row = cross[row]
            w = step[row]
            for z in range(max(tile, left), end):
                x = c_row[z]
                if x == 0.0:
                    continue
                step[producers + z] -= x * w
                target, source = reduced[z, left : z + 1], c_row[left : z + 1]
                for y in range(target.size):
                    target[y] -= x * source[y]


@inner
def _recover(component: Component, work: Workspace, group: int, deliveries: int, quotas: int) -> None:
    """Steps of one group's producer prices from those of the rest."""
    c = component
    block, cross, step = work.block, work.cross, work.step
    start, size = c.group_start[group], c.group_start[group + 1] - c.group_start[group]
    first, last = c.column_start[group], c.column_start[group + 1]
    for i in range(size - 1, -1, -1):
        row = c.group_node[start + i]
        total = step[row]
        for entry in range(first, last):
            z = c.column[entry]
            total -= cross[row, z] * step[c.producers + z]
        for k in range(quotas):
            total -= cross[row, deliveries + k] * step[c.producers + deliveries + k]
        step[row] = total
    for i in range(size - 1, -1, -1):
        row = c.group_node[start + i]
        total = step[row]
        for j in range(i + 1, size):
            other = c.group_node[start + j]
            total -= block[other, i] * step[other]
        step[row] = total / block[row, i]
