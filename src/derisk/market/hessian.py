"""Hessian: the Newton step, one side of each good eliminated in small blocks, the rest factored (equation 6.15)."""

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
    """(eliminated node, place in its group) rows of the groups' blocks, then their factors."""
    place: Integers
    """(eliminated node,) place in its group."""
    cross: Floats
    """(eliminated node, node that is left or quota)."""
    reduced: Floats
    """(node that is left or quota, the same)."""
    left: Integers
    """(eliminated node,) first column of its row of `cross` that may differ from zero."""
    envelope: Integers
    solution: Floats
    """(slot, then quota) right-hand side, then the step [USD/t]."""
    step: Floats
    """(node, then quota) [USD/t]."""


@inner
def new_workspace(component: Component, quotas: int) -> Workspace:
    """An empty workspace of the component's sizes."""
    c = component
    nodes = c.node_price.size
    reduced = nodes - c.eliminated + quotas
    widest = 1
    place = np.zeros(c.eliminated, np.int64)
    for g in range(c.group_start.size - 1):
        widest = max(widest, c.group_start[g + 1] - c.group_start[g])
        for entry in range(c.group_start[g], c.group_start[g + 1]):
            place[c.group_node[entry]] = entry - c.group_start[g]
    envelope = np.zeros(reduced, np.int64)
    for z in range(c.envelope.size):
        envelope[z] = c.envelope[z]
    return Workspace(
        np.zeros(nodes + quotas),
        np.zeros((c.eliminated, widest)),
        place,
        np.zeros((c.eliminated, reduced)),
        np.zeros((reduced, reduced)),
        np.zeros(c.eliminated, np.int64),
        envelope,
        np.zeros(nodes + quotas),
        np.zeros(nodes + quotas),
    )


@inner
def assemble(component: Component, terms: Terms, state: State, work: Workspace) -> None:
    """Second derivatives of the potential at a state, in the workspace's blocks."""
    c, s = component, terms
    m, slot = c.eliminated, c.slot
    nodes, quotas = c.node_price.size, s.quota_t.size
    diagonal = work.diagonal
    work.block.fill(0.0)
    work.cross.fill(0.0)
    work.reduced.fill(0.0)
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
        one, two = slot[tail], slot[head]
        work.cross[min(one, two), max(one, two) - m] -= h
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
                if n1 != n2:
                    _add_pair(work, slot[n1], slot[n2], m, slope * w1 * w2)
    _assemble_quotas(c, s, state, work)


@inner
def _add_pair(work: Workspace, one: int, two: int, eliminated: int, value: float) -> None:
    """Add to the entry of two slots, where it is kept; each pair comes in both orders."""
    if one < eliminated and two < eliminated:
        work.block[one, work.place[two]] += value
    elif one < eliminated:
        work.cross[one, two - eliminated] += value
    elif two >= eliminated and one > two:
        work.reduced[one - eliminated, two - eliminated] += value


@inner
def _assemble_quotas(component: Component, terms: Terms, state: State, work: Workspace) -> None:
    """Rows of the quotas: each of their links adds at its tail and takes at its head."""
    c, s = component, terms
    m, nodes = c.eliminated, c.node_price.size
    left = nodes - m
    for one in range(s.member_quota.size):
        link = s.member_link[one]
        k = s.member_quota[one]
        value = s.member_weight[one] * state.flow_slope[link]
        for node, signed in ((c.link_tail[link], value), (c.link_head[link], -value)):
            at = c.slot[node]
            if at < m:
                work.cross[at, left + k] += signed
            else:
                work.reduced[left + k, at - m] += signed
        work.diagonal[nodes + k] += s.member_weight[one] * value
        two = one - 1
        while two >= 0 and s.member_link[two] == link:
            other = s.member_quota[two]
            if other == k:
                work.diagonal[nodes + k] += 2.0 * s.member_weight[two] * value
            else:
                work.reduced[left + max(k, other), left + min(k, other)] += s.member_weight[two] * value
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
    m, nodes, quotas = c.eliminated, c.node_price.size, terms.quota_t.size
    left = nodes - m
    assemble(c, terms, state, work)
    diagonal, block, reduced, solution = work.diagonal, work.block, work.reduced, work.solution
    for n in range(nodes):
        at = c.slot[n]
        solution[at] = work.step[n]
        own = diagonal[n] + damping * (diagonal[n] + c.node_throughput_t[n] / c.node_price[n])
        if at < m:
            block[at, work.place[at]] = own
        else:
            reduced[at - m, at - m] = own
    for k in range(quotas):
        solution[nodes + k] = work.step[nodes + k]
        natural = terms.quota_t[k] / terms.quota_price[k]
        own = diagonal[nodes + k] + damping * (diagonal[nodes + k] + natural)
        reduced[left + k, left + k] = own
    _release_fixed(work, m, left, fixed)
    for g in range(c.group_start.size - 1):
        _eliminate(c, work, g, left, quotas)
    _take_complement(c, work)
    factor_profile(reduced, work.envelope)
    solve_factored(reduced, work.envelope, solution, m)
    for g in range(c.group_start.size - 1):
        _recover(c, work, g, left, quotas)
    for n in range(nodes):
        work.step[n] = solution[c.slot[n]]
    for k in range(quotas):
        work.step[nodes + k] = solution[nodes + k]


@inner
def _release_fixed(work: Workspace, eliminated: int, remaining: int, fixed: Floats) -> None:
    """Take the quotas that are held out of the system."""
    for k in range(fixed.size):
        if fixed[k] == 0.0:
            continue
        row = remaining + k
        for z in range(work.reduced.shape[0]):
            work.reduced[max(row, z), min(row, z)] = 0.0
        work.reduced[row, row] = 1.0
        for n in range(eliminated):
            work.cross[n, row] = 0.0
        work.solution[eliminated + row] = 0.0


@inner
def _eliminate(component: Component, work: Workspace, group: int, remaining: int, quotas: int) -> None:
    """Factor one group's block and divide its rows and right-hand side by the factor."""
    c = component
    block, cross, step = work.block, work.cross, work.solution
    start, size = c.group_start[group], c.group_start[group + 1] - c.group_start[group]
    first, last = c.column_start[group], c.column_start[group + 1]
    if first == last and quotas == 0:
        left = 0
    else:
        left = c.column[first] if first < last else remaining
    width = remaining + quotas
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
    cross, reduced, step = work.cross, work.reduced, work.solution
    eliminated, width = component.eliminated, work.reduced.shape[0]
    for tile in range(0, width, TILE):
        end = min(tile + TILE, width)
        for row in range(eliminated):
            left = work.left[row]
            c_row = cross[row]
            w = step[row]
            for z in range(max(tile, left), end):
                x = c_row[z]
                if x == 0.0:
                    continue
                step[eliminated + z] -= x * w
                target, source = reduced[z, left : z + 1], c_row[left : z + 1]
                for y in range(target.size):
                    target[y] -= x * source[y]


@inner
def _recover(component: Component, work: Workspace, group: int, remaining: int, quotas: int) -> None:
    """Steps of one group's prices from those of the rest."""
    c = component
    block, cross, step = work.block, work.cross, work.solution
    start, size = c.group_start[group], c.group_start[group + 1] - c.group_start[group]
    first, last = c.column_start[group], c.column_start[group + 1]
    for i in range(size - 1, -1, -1):
        row = c.group_node[start + i]
        total = step[row]
        for entry in range(first, last):
            z = c.column[entry]
            total -= cross[row, z] * step[c.eliminated + z]
        for k in range(quotas):
            total -= cross[row, remaining + k] * step[c.eliminated + remaining + k]
        step[row] = total
    for i in range(size - 1, -1, -1):
        row = c.group_node[start + i]
        total = step[row]
        for j in range(i + 1, size):
            other = c.group_node[start + j]
            total -= block[other, i] * step[other]
        step[row] = total / block[row, i]
