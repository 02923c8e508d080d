"""Potential: the convex function of prices whose minimum is the market, with its gradient (equation 6.1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, kernel, lean
from derisk.market.component import Component
from derisk.market.disposal import disposal_at
from derisk.market.links import evaluate_links
from derisk.market.processes import evaluate_processes, evaluate_stores
from derisk.market.rows import sum_row
from derisk.market.state import State, Terms, new_state
from derisk.market.supply import NEW, STORE, STORE_EXPONENT
from derisk.market.uses import evaluate_uses

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@lean
def evaluate(component: Component, terms: Terms, price: Floats, state: State) -> float:
    """Value of the potential at some prices; the state receives quantities, slopes and the gradient.

    Equation (6.1) of docs/theory/market.md: profits, trade surplus, permit rents, demand above the price, disposal.

    Args:
        component: base-year arrays.
        terms: the shock.
        price: producer prices, delivered prices, permit prices [USD/t].
        state: receives the result.
    """
    c, s = component, terms
    nodes, quotas = c.node_price.size, s.quota_t.size
    gradient, gross = state.gradient, state.gross
    value = 0.0
    surplus = state.scratch.node
    disposal_at(price, c.node_sink_t, c.node_width, state.sink, state.sink_slope, surplus)
    value += sum_row(surplus, 0, nodes)
    for n in range(nodes):
        gradient[n] = -state.sink[n]
        gross[n] = state.sink[n]
    for k in range(quotas):
        gradient[nodes + k] = s.quota_t[k]
        gross[nodes + k] = s.quota_t[k]
        value += s.quota_t[k] * price[nodes + k]
    value += evaluate_links(c, s, price, state)
    for member in range(s.member_quota.size):
        used = s.member_weight[member] * state.flow[s.member_link[member]]
        gradient[nodes + s.member_quota[member]] -= used
        gross[nodes + s.member_quota[member]] += used
    value += evaluate_processes(c, s, price, state)
    value += evaluate_stores(c, s, price, state)
    value += evaluate_uses(c, s, price, state)
    return value


@kernel
def look(component: Component, terms: Terms, price: Floats) -> tuple[float, State]:
    """Value of the potential at some prices and the state there, for callers outside the kernels."""
    state = new_state(component, terms.quota_t.size)
    return evaluate(component, terms, price, state), state


@kernel
def lower_flat_prices(component: Component, terms: Terms, price: Floats, state: State, flat: Floats) -> None:
    """Move each price nothing answers to down to the lowest at which quantities stay as they are.

    A node is flat where every slope is exactly zero. Bounds by links are taken before any price moves, and so are
    safe whatever order the nodes come in.

    Args:
        component: base-year arrays.
        terms: the shock.
        price: prices, changed in place [USD/t].
        state: quantities at those prices.
        flat: (node,) 1 where flat.
    """
    c, s = component, terms
    nodes = c.node_price.size
    bound = np.empty(nodes)
    for n in range(nodes):
        bound[n] = c.node_width[n]
    for link in range(c.link_tail.size):
        tail, head = c.link_tail[link], c.link_head[link]
        if s.link_cap_t[link] <= 0.0 or (flat[tail] == 0.0 and flat[head] == 0.0):
            continue
        if state.flow[link] > 0.0:
            rise = state.gap[link] - c.link_scale[link] * (s.link_cap_ratio[link] - 1.0)
            bound[head] = max(bound[head], price[head] - max(rise, 0.0))
        else:
            short = -state.gap[link] - c.link_scale[link]
            bound[tail] = max(bound[tail], price[tail] - max(short, 0.0))
    for u in range(c.use_node.size):
        if s.use_ratio[u] > 0.0 and c.use_base_t[u] > 0.0:
            bound[c.use_node[u]] = max(bound[c.use_node[u]], 1.1 * c.use_value[u])
    start, taker = _takers(c, flat)
    for n in range(nodes):
        if flat[n] == 0.0:
            continue
        lowest = bound[n]
        for k in range(start[n], start[n + 1]):
            lowest = max(lowest, _input_bound(c, s, price, taker[k], n))
        price[n] = min(price[n], lowest)


@inner
def _takers(component: Component, flat: Floats) -> tuple[Integers, Integers]:
    """Processes that take what arrives at flat nodes: (node + 1,) first of each node's, and (taker,) processes."""
    c = component
    start = np.zeros(flat.size + 1, np.int64)
    for entry in range(c.process_node.size):
        n = c.process_node[entry]
        start[n + 1] += flat[n] != 0.0 and n >= c.producers
    for n in range(flat.size):
        start[n + 1] += start[n]
    taker, place = np.empty(start[-1], np.int64), start[:-1].copy()
    for p in range(c.process_kind.size):
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            n = c.process_node[entry]
            if flat[n] != 0.0 and n >= c.producers:
                taker[place[n]] = p
                place[n] += 1
    return start, taker


@inner
def _input_bound(component: Component, terms: Terms, price: Floats, process: int, node: int) -> float:
    """Lowest price of an input at which an idle process stays idle; minus infinity where it does not matter."""
    c = component
    if terms.process_ratio[process] <= 0.0 or c.process_kind[process] == 1:
        return -np.inf
    weight = 0.0
    margin = -terms.process_margin[process]
    for entry in range(c.process_start[process], c.process_start[process + 1]):
        margin += c.process_tonnes[entry] * price[c.process_node[entry]]
        if c.process_node[entry] == node:
            weight = -c.process_tonnes[entry]
    if weight <= 0.0:
        return -np.inf
    stop = 0.0
    if c.process_kind[process] == STORE:
        stop = -c.process_scale[process] * STORE_EXPONENT
    elif c.process_kind[process] != NEW:
        stop = -c.process_scale[process] / max(1.0, c.process_steepness[process])
    return price[node] - max(stop - margin, 0.0) / weight
