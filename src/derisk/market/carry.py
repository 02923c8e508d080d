"""Carry: what stores between months do to a direction of prices, and their exact solution along the tree."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, lean
from derisk.market.component import Component

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SMALLEST_PIVOT = 1e-12
"""A node's own slope, stores apart, counts at least this share of its whole diagonal."""


class Carry(NamedTuple):
    """The tree of months and the slopes of its stores.

    Delivered nodes stand by good, then moment, then region: the node of a good and region one moment on is as many
    places further as the good has nodes in a month.
    """

    parent: Integers
    good_start: Integers
    first_store: int
    store_node: Integers
    """(store of every moment,) delivered node it takes in from, counted from 0."""
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


@inner
def new_carry(component: Component) -> Carry:
    """The tree of a component's months, and empty arrays of its sizes."""
    c = component
    deliveries = c.node_price.size - c.producers
    node = np.zeros(c.process_kind.size - c.first_store, np.int64)
    for s in range(node.size):
        node[s] = c.process_node[c.process_start[c.first_store + s]] - c.producers
    return Carry(
        c.parent,
        c.good_start,
        c.first_store,
        node,
        np.zeros(deliveries),
        np.zeros(deliveries),
        np.zeros(deliveries),
        np.zeros(deliveries),
        np.zeros(deliveries),
    )


@lean
def hold_stores(carry: Carry, precondition: Floats, diagonal: Floats, output_slopes: Floats) -> None:
    """Slopes of the stores by node, and the pivots of the tree with the months' diagonal (equation 6.33).

    A month alone has no stores, and nothing is written.

    Args:
        carry: receives them.
        precondition: (z,) one over the diagonal that preconditions months without their stores.
        diagonal: (delivered node,) of the second derivatives [t per USD/t].
        output_slopes: (process,) [t per USD/t].
    """
    t = carry
    count = t.parent.size
    if count == 1:
        return
    t.hold.fill(0.0)
    for s in range(t.store_node.size):
        t.hold[t.store_node[s]] += output_slopes[t.first_store + s]
    t.later.fill(0.0)
    for g in range(t.good_start.size - 1):
        span = (t.good_start[g + 1] - t.good_start[g]) // count
        for moment in range(count - 1, -1, -1):
            first = t.good_start[g] + moment * span
            back = (t.parent[moment] - moment) * span
            for z in range(first, first + span):
                own = 1.0 / precondition[z] - t.hold[z]
                if moment > 0:
                    own -= t.hold[z + back]
                own = max(own, SMALLEST_PIVOT * diagonal[z] + 1e-300)
                t.tie[z] = t.hold[z] / (1.0 + t.hold[z] * t.later[z])
                t.pivot[z] = 1.0 / (own + t.tie[z])
                if moment > 0:
                    t.later[z + back] += t.pivot[z]


@lean
def solve_stores(carry: Carry, precondition: Floats, residual: Floats, near: Floats) -> None:
    """`near` receives the residual over the months' diagonal with all stores (equation 6.33); quotas by themselves."""
    t = carry
    count, deliveries = t.parent.size, t.hold.size
    for z in range(0 if count == 1 else deliveries, residual.size):
        near[z] = precondition[z] * residual[z]
    if count == 1:
        return
    t.later.fill(0.0)
    for g in range(t.good_start.size - 1):
        start, span = t.good_start[g], (t.good_start[g + 1] - t.good_start[g]) // count
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
def apply_stores(carry: Carry, direction: Floats) -> None:
    """`carry.image` receives a direction after the stores, without what stands in the diagonal."""
    t = carry
    count = t.parent.size
    t.later.fill(0.0)
    for g in range(t.good_start.size - 1):
        start, span = t.good_start[g], (t.good_start[g + 1] - t.good_start[g]) // count
        for moment in range(1, count):
            first, before = start + moment * span, start + t.parent[moment] * span
            _add(t.later[before : before + span], direction[first : first + span])
        for z in range(start, t.good_start[g + 1]):
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
