"""Matrix: the second derivatives of one component's potential, known by what they do to a direction (section 6.4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, merged
from derisk.market.component import Component
from derisk.market.rows import total_rows
from derisk.market.state import State, Terms

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Matrix(NamedTuple):
    """What conjugate gradients need of a component, and arrays to work in; `z` counts delivered nodes, then quotas."""

    producers: int
    row_start: Integers
    row_run: Integers
    row_head: Integers
    panel_row: Integers
    panel_first: Integers
    panel_node: Integers
    panel_width: Integers
    panel_slot: Integers
    panel: Floats
    """Slopes of flows in the gap, in panels [t per USD/t]."""
    group_start: Integers
    group_node: Integers
    good_start: Integers
    head_good: Integers
    pull_row: Integers
    pull_head: Integers
    pull_process: Integers
    pull_product: Floats
    pull: Floats
    """(pull,) what an output's price and an input's have in common through their process [t per USD/t]."""
    pair_one: Integers
    pair_two: Integers
    pair_process: Integers
    pair_product: Floats
    pair: Floats
    tie_one: Integers
    tie_two: Integers
    tie_process: Integers
    tie_product: Floats
    price: Floats
    """(z,) base prices; 0 for quotas [USD/t]."""
    member_quota: Integers
    member_link: Integers
    member_tail: Integers
    member_head: Integers
    """(member,) delivered node, from 0."""
    member_weight: Floats
    diagonal: Floats
    """(node, then quota) [t per USD/t]."""
    block: Floats
    """(producer node, place in its group) Cholesky factors of the producer blocks."""
    inverse: Floats
    """(producer node,) one over the factor's diagonal."""
    place: Integers
    """(producer node,) place in its group."""
    made: Floats
    """(producer node,) flows that a direction calls forth, then its producer prices."""
    precondition: Floats
    """(z,) one over the reduced diagonal."""
    coarse_made: Floats
    """(good, producer node) producer prices that follow one good's base prices."""
    residual: Floats
    direction: Floats
    image: Floats
    near: Floats
    answer: Floats


@inner
def new_matrix(component: Component, terms: Terms) -> Matrix:
    """An empty matrix of the component's sizes."""
    c, s = component, terms
    m, nodes, quotas = c.producers, c.node_price.size, s.quota_t.size
    size, goods = nodes - m + quotas, c.good_start.size - 1
    widest = 1
    place = np.zeros(m, np.int64)
    for g in range(c.group_start.size - 1):
        widest = max(widest, c.group_start[g + 1] - c.group_start[g])
        for entry in range(c.group_start[g], c.group_start[g + 1]):
            place[c.group_node[entry]] = entry - c.group_start[g]
    price = np.zeros(size)
    for n in range(m, nodes):
        price[n - m] = c.node_price[n]
    tail, head = np.zeros(s.member_link.size, np.int64), np.zeros(s.member_link.size, np.int64)
    for member in range(tail.size):
        tail[member] = c.link_tail[s.member_link[member]]
        head[member] = c.row_head[s.member_link[member]]
    return Matrix(
        m,
        c.row_start,
        c.row_run,
        c.row_head,
        c.panel_row,
        c.panel_first,
        c.panel_node,
        c.panel_width,
        c.panel_slot,
        np.zeros(c.panel_first[-1]),
        c.group_start,
        c.group_node,
        c.good_start,
        c.head_good,
        c.pull_row,
        c.pull_head,
        c.pull_process,
        c.pull_product,
        np.empty(c.pull_head.size),
        c.pair_one,
        c.pair_two,
        c.pair_process,
        c.pair_product,
        np.empty(c.pair_one.size),
        c.tie_one,
        c.tie_two,
        c.tie_process,
        c.tie_product,
        price,
        s.member_quota,
        s.member_link,
        tail,
        head,
        s.member_weight,
        np.empty(nodes + quotas),
        np.zeros((m, widest)),
        np.empty(m),
        place,
        np.empty(m),
        np.empty(size),
        np.empty((goods, m)),
        np.zeros(size),
        np.zeros(size),
        np.zeros(size),
        np.zeros(size),
        np.zeros(size),
    )


@merged
def diagonal_of(component: Component, terms: Terms, state: State, diagonal: Floats) -> None:
    """Diagonal of the second derivatives of the potential."""
    c, s = component, terms
    nodes = c.node_price.size
    for n in range(nodes):
        diagonal[n] = -state.sink_slope[n]
    for k in range(s.quota_t.size):
        diagonal[nodes + k] = 0.0
    for u in range(c.use_node.size):
        diagonal[c.use_node[u]] -= state.use_slope[u]
    slopes = state.flow_slope
    delivered = diagonal[c.producers :]
    total_rows(slopes, c.row_head, c.row_start, c.row_run, diagonal, delivered)
    for p in range(c.process_kind.size):
        slope_p = state.output_slope[p]
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            diagonal[c.process_node[entry]] += slope_p * c.process_tonnes[entry] ** 2
    for one in range(s.member_quota.size):
        k, link = s.member_quota[one], s.member_link[one]
        value = s.member_weight[one] * state.flow_slope[link]
        diagonal[nodes + k] += s.member_weight[one] * value
        two = one - 1
        while two >= 0 and s.member_link[two] == link:
            if s.member_quota[two] == k:
                diagonal[nodes + k] += 2.0 * s.member_weight[two] * value
            two -= 1
