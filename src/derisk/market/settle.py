"""Settle: the last grams booked, so that every node balances in its own terms (section 6.5)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, lean
from derisk.market.component import Component
from derisk.market.state import State

Floats = NDArray[np.float64]

LARGEST_IMBALANCE = 1e-10
"""A node whose excess is within this share of the sum of its absolute terms is left as it is."""
MOST_ROUNDS = 24


@inner
def settle(component: Component, state: State) -> None:
    """Scale or dispose of what is left over where almost nothing moves; changes quantities in place.

    Flows that close do so as a power of the price, never exactly: a refiner without feed still sends some 1e-10 t. Such
    amounts are within the solver's tolerance of the good's world output, and not within that of their own node. Where a
    node is short, what it gives is scaled down to what it has; where it has too much, the rest is disposed of.

    Args:
        component: base-year arrays.
        state: quantities at the equilibrium.
    """
    c = component
    nodes = c.node_price.size
    settled = True
    for n in range(nodes):
        settled = settled and abs(state.gradient[n]) <= LARGEST_IMBALANCE * state.gross[n]
    if settled:
        return
    have, give, factor = np.empty(nodes), np.empty(nodes), np.empty(nodes)
    for _ in range(MOST_ROUNDS):
        _count_terms(c, state, have, give)
        settled = True
        for n in range(nodes):
            excess = have[n] - give[n]
            factor[n] = 1.0
            if abs(excess) > LARGEST_IMBALANCE * (have[n] + give[n]):
                settled = False
                if excess > 0.0:
                    state.sink[n] += excess
                else:
                    factor[n] = have[n] / give[n]
        if settled:
            return
        _scale_down(c, state, factor)


@lean
def _scale_down(component: Component, state: State, factor: Floats) -> None:
    """Scale what each node gives; a process follows the scarcest of its inputs."""
    c = component
    for n in range(factor.size):
        state.sink[n] *= factor[n]
    for u in range(c.use_node.size):
        state.use[u] *= factor[c.use_node[u]]
    for link in range(c.link_tail.size):
        state.flow[link] *= factor[c.link_tail[link]]
    for p in range(c.process_kind.size):
        slowest = 1.0
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            if c.process_tonnes[entry] < 0.0:
                slowest = min(slowest, factor[c.process_node[entry]])
        state.output[p] *= slowest


@lean
def _count_terms(component: Component, state: State, have: Floats, give: Floats) -> None:
    """(node,) tonnes that come to each node, and tonnes it gives: flows out, inputs, uses, disposal."""
    c = component
    for n in range(have.size):
        have[n] = 0.0
        give[n] = state.sink[n]
    for link in range(c.link_tail.size):
        give[c.link_tail[link]] += state.flow[link]
        have[c.link_head[link]] += state.flow[link]
    for u in range(c.use_node.size):
        give[c.use_node[u]] += state.use[u]
    for p in range(c.process_kind.size):
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            tonnes = c.process_tonnes[entry] * state.output[p]
            if tonnes > 0.0:
                have[c.process_node[entry]] += tonnes
            else:
                give[c.process_node[entry]] -= tonnes
