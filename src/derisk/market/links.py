"""Links: the flows of a component, row by row of its origins, with their slopes and their surplus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import lean, merged
from derisk.market.component import Component
from derisk.market.powers import raise_to
from derisk.market.rows import sum_row, total_rows
from derisk.market.state import TILE, State, Terms

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@merged
def evaluate_links(component: Component, terms: Terms, price: Floats, state: State) -> float:
    """Flows at some prices; the state receives gaps, flows and slopes, and what links add to gradient and gross.

    The same numbers as `trade`, equations (6.2) to (6.4) of docs/theory/market.md, as loops without branches over
    tiles of links of one good, so that four links are computed at once.

    Returns:
        Trade surplus [USD].
    """
    c, s = component, terms
    gap, flow = state.gap, state.flow
    nodes = c.node_price.size
    for link in range(c.link_tail.size):
        head, tail = np.uint64(c.link_head[link]), np.uint64(c.link_tail[link])
        gap[link] = price[head] - price[tail] - s.link_wedge[link]
    for member in range(s.member_quota.size):
        permit = price[nodes + s.member_quota[member]]
        gap[s.member_link[member]] -= s.member_weight[member] * permit
    surplus = 0.0
    u, power = state.scratch.ratio, state.scratch.power
    for block in range(c.block_start.size - 1):
        for first in range(c.block_start[block], c.block_start[block + 1], TILE):
            last = min(first + TILE, c.block_start[block + 1])
            surplus += _evaluate_tile(
                gap[first:last],
                c.link_scale[first:last],
                c.link_inverse[first:last],
                c.link_base_t[first:last],
                s.link_cap_t[first:last],
                s.link_cap_ratio[first:last],
                c.link_exponent[first],
                flow[first:last],
                state.flow_slope[first:last],
                u[: last - first],
                power[: last - first],
            )
    sent, came = state.scratch.sent, state.scratch.came
    sent.fill(0.0)
    came.fill(0.0)
    total_rows(flow, c.row_head, c.row_start, c.row_run, sent, came)
    for n in range(c.producers):
        state.gradient[n] -= sent[n]
        state.gross[n] += sent[n]
    for n in range(came.size):
        state.gradient[c.producers + n] += came[n]
        state.gross[c.producers + n] += came[n]
    return surplus


@lean
def _evaluate_tile(
    gap: Floats,
    price: Floats,
    inverse: Floats,
    base: Floats,
    cap: Floats,
    top: Floats,
    exponent: float,
    flow: Floats,
    slope: Floats,
    u: Floats,
    power: Floats,
) -> float:
    """Flows and slopes of some links of one good; their surplus is returned [USD]; `u` and `power` are scratch."""
    size = gap.size
    for i in range(size):
        u[i] = 1.0 + gap[i] * inverse[i]
    raise_to(power, u, exponent - 1.0)
    for i in range(size):
        steep = exponent * base[i] * power[i] * inverse[i]
        steep = steep if u[i] < top[i] else 0.0
        slope[i] = steep if u[i] > 0.0 else 0.0
    for i in range(size):
        free = base[i] * power[i] * u[i]
        carried = free if u[i] < top[i] else cap[i]
        flow[i] = carried if u[i] > 0.0 else 0.0
    share = exponent / (exponent + 1.0)
    for i in range(size):
        power[i] = flow[i] * price[i] * (u[i] - min(u[i], top[i]) * share)
    return sum_row(power, 0, power.size)


@lean
def trade_costs(
    flow: Floats,
    base: Floats,
    price: Floats,
    wedge: Floats,
    cap: Floats,
    exponent: float,
    ratio: Floats,
    root: Floats,
) -> float:
    """Wedges paid on the flows of one good, and the flows' own costs, as `trade_cost` (equation 6.17) [USD].

    `ratio` and `root` are scratch. Infinite where a flow is negative or above its cap.
    """
    outside = 0
    for i in range(flow.size):
        ratio[i] = flow[i] / base[i]
        outside += not 0.0 <= flow[i] <= cap[i] * (1.0 + 1e-12)
    if outside > 0:
        return np.inf
    raise_to(root, ratio, 1.0 / exponent)
    share = exponent / (exponent + 1.0)
    for i in range(flow.size):
        root[i] = flow[i] * (wedge[i] + price[i] * (share * root[i] - 1.0))
    return sum_row(root, 0, root.size)
