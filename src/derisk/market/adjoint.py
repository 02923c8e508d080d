"""Adjoint: one linear solve that carries an outcome's weights back from quantities and prices to every input."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.carry import new_carry
from derisk.market.compiled import inner, kernel
from derisk.market.component import Component
from derisk.market.conjugate import conjugate_step
from derisk.market.demand import demand, demand_changes
from derisk.market.disposal import SMALLEST_SINK_SHARE, WIDTH_RATIO, disposal_changes
from derisk.market.levels import new_levels
from derisk.market.matrix import diagonal_of, new_matrix
from derisk.market.potential import evaluate
from derisk.market.state import State, Terms, new_state
from derisk.market.supply import CURVE, FIXED, NEW, SMALLEST_MARGIN_SHARE, STORE, supply, supply_changes
from derisk.market.trade import trade_changes

Floats = NDArray[np.float64]

ACCURACY = 1e-13
"""Accuracy of the adjoint, relative to its size."""
DAMPING = 1e-13
"""Proximal term of the adjoint system relative to a node's slope: keeps flat prices out, moves no other."""


class Weights(NamedTuple):
    """Derivatives of an outcome by the prices and quantities of one component."""

    price: Floats
    """(node, then quota)."""
    flow: Floats
    output: Floats
    use: Floats
    gap: Floats
    """(link,) by the price gap itself: permit prices of quotas that are solved as caps."""


class Changes(NamedTuple):
    """Derivatives of an outcome by the inputs of one component."""

    process_ratio: Floats
    process_capacity: Floats
    """(process,) by capacity; by the target of a store."""
    process_steepness: Floats
    process_margin: Floats
    """(process,) by the margin the curve is counted from: a change of cost, and unit cost of a new process."""
    process_scale: Floats
    """(process,) by the scale of a store; 0 for others, whose scale follows base prices."""
    link_cap: Floats
    link_wedge: Floats
    link_exponent: Floats
    link_scale: Floats
    """(link,) by the ratio of its scale to the base price at its delivered node."""
    quota: Floats
    use_ratio: Floats
    use_elasticity: Floats
    use_value: Floats
    node_price: Floats
    """(node,) by the base price at the node."""


@kernel
def carry_back(component: Component, terms: Terms, price: Floats, weights: Weights) -> tuple[Changes, State, Floats]:
    """Derivatives of an outcome by every input of one component (equations 6.23 to 6.27 of docs/theory/market.md).

    Args:
        component: base-year arrays.
        terms: the shock.
        price: (node, then quota) prices at the equilibrium [USD/t].
        weights: derivatives of the outcome by prices and quantities.

    Returns:
        The derivatives, the state at the prices, and (node,) flags of nodes whose price nothing answers to.
    """
    c, s = component, terms
    nodes, quotas = c.node_price.size, s.quota_t.size
    state = new_state(c, quotas)
    evaluate(c, s, price, state)
    matrix = new_matrix(c, s)
    diagonal_of(c, s, state, matrix.diagonal)
    flat, fixed = np.zeros(nodes), np.zeros(quotas)
    total, shadow = np.zeros(nodes + quotas), np.zeros(nodes + quotas)
    _outcome_by_price(c, s, state, weights, total)
    for n in range(nodes):
        if matrix.diagonal[n] == 0.0:
            flat[n] = 1.0
            total[n] = 0.0
        natural = c.node_throughput_t[n] / c.node_price[n]
        matrix.diagonal[n] += DAMPING * (matrix.diagonal[n] + natural)
    for k in range(quotas):
        if price[nodes + k] <= 0.0:
            fixed[k] = 1.0
    for n in range(total.size):
        total[n] = -total[n]
    carry, levels = new_carry(c), new_levels(c, s)
    conjugate_step(matrix, carry, levels, state.flow_slope, state.output_slope, total, shadow, fixed, ACCURACY)
    changes = Changes(
        np.zeros(c.process_kind.size),
        np.zeros(c.process_kind.size),
        np.zeros(c.process_kind.size),
        np.zeros(c.process_kind.size),
        np.zeros(c.process_kind.size),
        np.zeros(c.link_tail.size),
        np.zeros(c.link_tail.size),
        np.zeros(c.link_tail.size),
        np.zeros(c.link_tail.size),
        np.zeros(quotas),
        np.zeros(c.use_node.size),
        np.zeros(c.use_node.size),
        np.zeros(c.use_node.size),
        np.zeros(nodes),
    )
    _by_links(c, s, state, weights, shadow, changes)
    _by_processes(c, s, price, state, weights, shadow, changes)
    _by_nodes(c, s, price, weights, shadow, changes)
    for k in range(quotas):
        changes.quota[k] = -shadow[nodes + k]
    return changes, state, flat


@inner
def _outcome_by_price(component: Component, terms: Terms, state: State, weights: Weights, total: Floats) -> None:
    """Total derivative of the outcome by each price, quantities following their curves: right side of (6.23)."""
    c, s = component, terms
    nodes = c.node_price.size
    for n in range(total.size):
        total[n] = weights.price[n]
    for link in range(c.link_tail.size):
        pull = weights.flow[link] * state.flow_slope[link] + weights.gap[link]
        total[c.link_tail[link]] -= pull
        total[c.link_head[link]] += pull
    for member in range(s.member_quota.size):
        link = s.member_link[member]
        pull = weights.flow[link] * state.flow_slope[link] + weights.gap[link]
        total[nodes + s.member_quota[member]] -= s.member_weight[member] * pull
    for p in range(c.process_kind.size):
        pull = weights.output[p] * state.output_slope[p]
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            total[c.process_node[entry]] += c.process_tonnes[entry] * pull
    for u in range(c.use_node.size):
        total[c.use_node[u]] += weights.use[u] * state.use_slope[u]


@inner
def _by_links(
    component: Component, terms: Terms, state: State, weights: Weights, shadow: Floats, changes: Changes
) -> None:
    """Caps, wedges, exponents, scales, and base prices through links (equation 6.24)."""
    c, s = component, terms
    nodes = c.node_price.size
    worth = weights.flow.copy()
    for link in range(c.link_tail.size):
        worth[link] += shadow[c.link_tail[link]] - shadow[c.link_head[link]]
    for member in range(s.member_quota.size):
        worth[s.member_link[member]] += s.member_weight[member] * shadow[nodes + s.member_quota[member]]
    for link in range(c.link_tail.size):
        by_cap, by_exponent, by_scale = trade_changes(
            state.gap[link],
            c.link_base_t[link],
            c.link_scale[link],
            c.link_exponent[link],
            s.link_cap_t[link],
            s.link_cap_ratio[link],
        )
        by_gap = worth[link] * state.flow_slope[link] + weights.gap[link]
        changes.link_cap[link] = worth[link] * by_cap
        changes.link_exponent[link] = worth[link] * by_exponent
        changes.link_wedge[link] = -by_gap
        changes.node_price[c.link_tail[link]] += by_gap
        price = c.node_price[c.link_head[link]]
        changes.link_scale[link] = worth[link] * by_scale * price
        changes.node_price[c.link_head[link]] += worth[link] * by_scale * (c.link_scale[link] / price) - by_gap


@inner
def _by_processes(
    component: Component,
    terms: Terms,
    price: Floats,
    state: State,
    weights: Weights,
    shadow: Floats,
    changes: Changes,
) -> None:
    """Plants, capacities, steepness, unit costs, and base prices through margins (equation 6.25)."""
    c, s = component, terms
    for p in range(c.process_kind.size):
        kind, ratio = c.process_kind[p], s.process_ratio[p]
        worth, margin, revenue, spending = weights.output[p], -s.process_margin[p], 0.0, 0.0
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            n, tonnes = c.process_node[entry], c.process_tonnes[entry]
            worth -= tonnes * shadow[n]
            margin += tonnes * price[n]
            revenue += max(tonnes, 0.0) * c.node_price[n]
            spending += max(-tonnes, 0.0) * c.node_price[n]
        curve = (kind, c.process_base_t[p], c.process_capacity_t[p], c.process_scale[p], c.process_steepness[p])
        changes.process_ratio[p] = worth * supply(margin, curve[0], curve[1], curve[2], curve[3], curve[4])[0]
        by_capacity, by_steepness, by_scale = supply_changes(margin, curve[0], curve[1], curve[2], curve[3], curve[4])
        changes.process_capacity[p] = worth * ratio * by_capacity
        changes.process_steepness[p] = worth * ratio * by_steepness
        changes.process_margin[p] = -worth * state.output_slope[p]
        if kind == FIXED:
            continue
        if kind == STORE:
            changes.process_scale[p] = worth * ratio * by_scale
            by_scale = 0.0
        whole = kind == CURVE and revenue - spending >= SMALLEST_MARGIN_SHARE * revenue
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            n, tonnes = c.process_node[entry], c.process_tonnes[entry]
            if whole:
                scale = tonnes
            elif revenue > 0.0:
                scale = SMALLEST_MARGIN_SHARE * max(tonnes, 0.0)
            else:
                scale = SMALLEST_MARGIN_SHARE * max(-tonnes, 0.0)
            changes.node_price[n] += worth * ratio * by_scale * scale
            if kind != NEW:
                changes.node_price[n] += tonnes * changes.process_margin[p]


@inner
def _by_nodes(
    component: Component, terms: Terms, price: Floats, weights: Weights, shadow: Floats, changes: Changes
) -> None:
    """Demand, and base prices through uses and disposal (equations 6.26 and 6.27)."""
    c, s = component, terms
    for u in range(c.use_node.size):
        n, ratio = c.use_node[u], s.use_ratio[u]
        worth = weights.use[u] + shadow[n]
        curve = (c.use_base_t[u], c.use_price[u], c.use_elasticity[u], c.use_value[u])
        by_elasticity, by_base_price, by_value = demand_changes(price[n], curve[0], curve[1], curve[2], curve[3])
        changes.use_ratio[u] = worth * demand(price[n], curve[0], curve[1], curve[2], curve[3])[0]
        changes.use_elasticity[u] = worth * ratio * by_elasticity
        changes.use_value[u] = worth * ratio * by_value
        changes.node_price[n] += worth * ratio * by_base_price
    for n in range(c.node_price.size):
        _, by_width = disposal_changes(price[n], c.node_sink_t[n], c.node_width[n])
        changes.node_price[n] += shadow[n] * by_width * WIDTH_RATIO
    for p in range(c.process_kind.size):
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            n, tonnes = c.process_node[entry], c.process_tonnes[entry]
            made = tonnes > 0.0 and n < c.producers
            if made and c.node_sink_t[n] > SMALLEST_SINK_SHARE * c.node_world_t[n]:
                by_sink, _ = disposal_changes(price[n], c.node_sink_t[n], c.node_width[n])
                changes.process_capacity[p] += tonnes * shadow[n] * by_sink
