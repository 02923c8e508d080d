"""Settle: the last grams booked, so that every node balances in its own terms (section 6.5)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.component import Component
from derisk.market.state import State

Floats = NDArray[np.float64]

LARGEST_IMBALANCE = 1e-10
"""A node whose excess is within this share of the sum of its absolute terms is left as it is."""
MOST_ROUNDS = 24


def settle(component: Component, state: State) -> None:
    """Scale or dispose of what is left over where almost nothing moves; changes quantities in place.

    Flows that close do so as a power of the price, never exactly: a refiner without feed still sends some 1e-10 t. Such
    amounts are within the solver's tolerance of the good's world output, and not within that of their own node. Where a
    node is short, what it gives is scaled down to what it has; where it has too much, the rest is disposed of.

    Args:
        component: base-year arrays.
        state: quantities at the equilibrium.
    """
    nodes = component.node_price.size
    if (np.abs(state.gradient[:nodes]) <= LARGEST_IMBALANCE * state.gross[:nodes]).all():
        return
    process = np.repeat(np.arange(component.process_kind.size), np.diff(component.process_start))
    for _ in range(MOST_ROUNDS):
        have, give = _terms(component, state, process)
        excess = have - give
        off = np.abs(excess) > LARGEST_IMBALANCE * (have + give)
        if not off.any():
            return
        over = off & (excess > 0.0)
        state.sink[over] += excess[over]
        short = off & (excess < 0.0)
        factor = np.ones(nodes)
        factor[short] = have[short] / give[short]
        state.sink[:] *= factor
        state.use[:] *= factor[component.use_node]
        state.flow[:] *= factor[component.link_tail]
        slowest = np.ones(state.output.size)
        inputs = component.process_tonnes < 0.0
        np.minimum.at(slowest, process[inputs], factor[component.process_node[inputs]])
        state.output[:] *= slowest


def _terms(component: Component, state: State, process: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """(node,) tonnes that come to each node, and tonnes it gives: flows out, inputs, uses, disposal."""
    nodes = component.node_price.size
    tonnes = component.process_tonnes * state.output[process]
    have: Floats = np.bincount(component.process_node, np.maximum(tonnes, 0.0), nodes).astype(np.float64)
    have += np.bincount(component.link_head, state.flow, nodes)
    give = np.bincount(component.process_node, np.maximum(-tonnes, 0.0), nodes) + state.sink
    give += np.bincount(component.link_tail, state.flow, nodes)
    give += np.bincount(component.use_node, state.use, nodes)
    return have, give
