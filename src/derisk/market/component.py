"""Component: the goods that processes or quotas tie together, as the flat arrays the solver reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, reverse_cuthill_mckee

from derisk.market.disposal import SMALLEST_SINK_SHARE, WIDTH_RATIO
from derisk.market.network_arrays import NetworkArrays, node_terms
from derisk.market.trade import MOST_HALVES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SMALLEST_THROUGHPUT_SHARE = 1e-6
"""A node's residual is measured against at least this share of the good's world output."""


class Component(NamedTuple):
    """Base-year arrays of one component; nodes are producer nodes first, then delivered nodes.

    A producer group is the set of producer nodes of one region that joint outputs tie together; its columns are the
    delivered nodes (counted from 0) its links and inputs reach.
    """

    producers: int
    node_price: Floats
    node_sink_t: Floats
    node_width: Floats
    node_throughput_t: Floats
    node_world_t: Floats
    link_tail: Integers
    link_head: Integers
    link_base_t: Floats
    link_price: Floats
    link_exponent: Floats
    link_halves: Integers
    process_start: Integers
    process_node: Integers
    process_tonnes: Floats
    process_kind: Integers
    process_base_t: Floats
    process_capacity_t: Floats
    process_scale: Floats
    process_steepness: Floats
    process_margin: Floats
    use_node: Integers
    use_base_t: Floats
    use_price: Floats
    use_elasticity: Floats
    use_value: Floats
    group_start: Integers
    group_node: Integers
    column_start: Integers
    column: Integers
    envelope: Integers
    """(delivered node,) first column of each row of the reduced matrix that may differ from zero."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a component's entries stand in the market's arrays."""

    node_good: Integers
    node_region: Integers
    links: Integers
    processes: Integers
    uses: Integers
    base_flow_t: Floats
    """(link of the component,) flow of the base; 0 on a link that is closed in the base [t]."""
    base_wedge: Floats
    """(link of the component,) wedge of the base [USD/t]."""
    base_run_t: Floats
    """(process of the component,) what a process makes at base prices with all its plants [t]."""


def good_components(network: NetworkArrays) -> Integers:
    """(good,) component of each good: goods that share a process are in one."""
    tied = (network.process_good_matrix != 0.0).astype(np.float64)
    return np.asarray(connected_components(csr_array(tied.T @ tied), directed=False)[1], dtype=np.int64)


def merge_components(component_of_good: Integers, goods_of_quota: list[Integers]) -> Integers:
    """(good,) components after each quota ties its goods together; numbered as in the input where nothing merges."""
    merged = component_of_good.copy()
    for goods in goods_of_quota:
        numbers = np.unique(merged[goods])
        merged[np.isin(merged, numbers)] = numbers[0]
    return merged


def build_component(network: NetworkArrays, goods: Integers) -> tuple[Component, Place]:
    """The solver's arrays for some goods that no process ties to others.

    Args:
        network: checked base year.
        goods: the goods.
    """
    wanted = np.zeros(network.goods, dtype=bool)
    wanted[goods] = True
    order = np.full(network.goods, network.goods)
    order[_chain_order(network, goods)] = np.arange(goods.size)
    links = np.flatnonzero(wanted[network.link_good] & (network.link_weight_t > 0.0))
    links = links[np.lexsort((network.destination[links], network.origin[links], order[network.link_good[links]]))]
    processes = np.flatnonzero((network.process_good_matrix[:, wanted] != 0.0).any(axis=1))
    uses = np.flatnonzero(wanted[network.use_good])

    made = network.process_good_matrix[processes]
    at = np.repeat(network.process_region[processes][:, None], network.goods, axis=1)
    which = np.broadcast_to(np.arange(network.goods), made.shape)
    lam = np.zeros((network.goods, network.regions), dtype=bool)
    mu = np.zeros_like(lam)
    lam[network.link_good[links], network.origin[links]] = True
    mu[network.link_good[links], network.destination[links]] = True
    lam[which[made > 0], at[made > 0]] = True
    mu[which[made < 0], at[made < 0]] = True
    mu[network.use_good[uses], network.use_region[uses]] = True
    lam_good, lam_region = _ordered_nodes(lam, order)
    mu_good, mu_region = _ordered_nodes(mu, order)
    producers = lam_good.size
    lam_index = np.full(lam.shape, -1)
    lam_index[lam_good, lam_region] = np.arange(producers)
    mu_index = np.full(mu.shape, -1)
    mu_index[mu_good, mu_region] = producers + np.arange(mu_good.size)

    tail = lam_index[network.link_good[links], network.origin[links]]
    head = mu_index[network.link_good[links], network.destination[links]]
    start = np.zeros(processes.size + 1, np.int64)
    start[1:] = np.cumsum((made != 0.0).sum(axis=1))
    node = np.where(made > 0, lam_index[which, at], mu_index[which, at])[made != 0.0]
    tonnes = made[made != 0.0]

    outputs, outflows, inflows, intakes = node_terms(network)
    world = np.maximum(outputs.sum(axis=1), outflows.sum(axis=1))
    full = np.maximum(network.process_good_matrix, 0.0) * network.capacity_t[:, None]
    most = np.zeros_like(outputs)
    np.add.at(most.T, network.process_region, full)
    world = np.where(world > 0.0, world, most.sum(axis=1))
    world = np.where(world > 0.0, world, 1.0)
    node_good = np.concatenate([lam_good, mu_good])
    node_region = np.concatenate([lam_region, mu_region])
    through = np.concatenate(
        [np.maximum(outputs, outflows)[lam_good, lam_region], np.maximum(inflows, intakes)[mu_good, mu_region]]
    )
    size = np.concatenate([np.maximum(most, outflows)[lam_good, lam_region], inflows[mu_good, mu_region]])
    price = network.base_price[node_good, node_region]
    exponent = network.trade_exponent[network.link_good[links]]
    halves = np.rint(2.0 * exponent)
    halves = np.where((halves == 2.0 * exponent) & (halves <= MOST_HALVES), halves, 0.0).astype(np.int64)
    groups = _producer_groups(producers, mu_good.size, tail, head, start, node, tonnes)
    use_price = network.base_price[network.use_good[uses], network.use_region[uses]]
    component = Component(
        producers=producers,
        node_price=price,
        node_sink_t=np.maximum(size, SMALLEST_SINK_SHARE * world[node_good]),
        node_width=WIDTH_RATIO * price,
        node_throughput_t=np.maximum(through, SMALLEST_THROUGHPUT_SHARE * world[node_good]),
        node_world_t=world[node_good],
        link_tail=tail,
        link_head=head,
        link_base_t=network.link_weight_t[links],
        link_price=network.base_price[network.link_good[links], network.destination[links]],
        link_exponent=exponent,
        link_halves=halves,
        process_start=start,
        process_node=node,
        process_tonnes=tonnes,
        process_kind=network.process_kind[processes],
        process_base_t=network.base_output_t[processes],
        process_capacity_t=network.capacity_t[processes],
        process_scale=network.margin_scale[processes],
        process_steepness=network.steepness[processes],
        process_margin=network.base_margin[processes],
        use_node=mu_index[network.use_good[uses], network.use_region[uses]],
        use_base_t=network.base_use_t[uses],
        use_price=use_price,
        use_elasticity=network.demand_elasticity[uses],
        use_value=network.value_in_use[uses],
        group_start=groups[0],
        group_node=groups[1],
        column_start=groups[2],
        column=groups[3],
        envelope=groups[4],
    )
    wedge = (
        network.base_price[network.link_good[links], network.destination[links]]
        - network.base_price[network.link_good[links], network.origin[links]]
    )
    flow = network.base_flow_t[links]
    place = Place(node_good, node_region, links, processes, uses, flow, wedge, _base_run(network, processes))
    return component, place


def _ordered_nodes(present: NDArray[np.bool_], order: Integers) -> tuple[Integers, Integers]:
    """Goods and regions of the nodes that exist, good by good in the component's order."""
    good, region = np.nonzero(present)
    sort = np.lexsort((region, order[good]))
    return good[sort].astype(np.int64), region[sort].astype(np.int64)


def _chain_order(network: NetworkArrays, goods: Integers) -> Integers:
    """Goods in an order that keeps those which share a process near each other."""
    tied = (network.process_good_matrix[:, goods] != 0.0).astype(np.float64)
    return goods[reverse_cuthill_mckee(csr_array(tied.T @ tied), symmetric_mode=True)]


def _base_run(network: NetworkArrays, processes: Integers) -> Floats:
    """What each process makes at base prices: base output, or the curve of a process that is new."""
    local = network.base_price[:, network.process_region[processes]].T
    margin = np.sum(network.process_good_matrix[processes] * local, axis=1) - network.unit_cost[processes]
    fill = 1.0 - (1.0 + np.maximum(0.0, margin) / network.margin_scale[processes]) ** -2.0
    base = network.base_output_t[processes]
    return np.where(base > 0.0, base, network.capacity_t[processes] * fill)


def _producer_groups(
    producers: int, deliveries: int, tail: Integers, head: Integers, start: Integers, node: Integers, tonnes: Floats
) -> tuple[Integers, Integers, Integers, Integers, Integers]:
    """Groups of producer nodes tied by joint outputs, the delivered columns of each, and the envelope."""
    rows: list[int] = []
    columns: list[int] = []
    envelope = np.arange(deliveries)
    inputs_of: list[tuple[int, Integers]] = []
    for p in range(start.size - 1):
        nodes = node[start[p] : start[p + 1]]
        out = nodes[tonnes[start[p] : start[p + 1]] > 0.0]
        inputs = nodes[tonnes[start[p] : start[p + 1]] < 0.0] - producers
        if inputs.size:
            envelope[inputs] = np.minimum(envelope[inputs], inputs.min())
        if out.size:
            rows.extend(int(n) for n in out[1:])
            columns.extend([int(out[0])] * (out.size - 1))
            inputs_of.append((int(out[0]), inputs))
    shape = (max(producers, 1), max(producers, 1))
    graph = csr_array((np.ones(len(rows)), (np.array(rows, int), np.array(columns, int))), shape=shape)
    label = connected_components(graph, directed=False)[1][:producers]
    count = int(label.max(initial=-1)) + 1
    group_node = np.argsort(label, kind="stable").astype(np.int64)
    group_start = np.zeros(count + 1, np.int64)
    group_start[1:] = np.cumsum(np.bincount(label, minlength=count))
    reach: list[list[Integers]] = [[] for _ in range(count)]
    by_tail = np.argsort(tail, kind="stable")
    bounds = np.searchsorted(tail[by_tail], np.arange(producers + 1))
    for n in range(producers):
        reach[label[n]].append(head[by_tail[bounds[n] : bounds[n + 1]]] - producers)
    for n, inputs in inputs_of:
        reach[label[n]].append(inputs)
    sets = [np.unique(np.concatenate(r)).astype(np.int64) for r in reach]
    for columns_of_group in sets:
        if columns_of_group.size:
            envelope[columns_of_group] = np.minimum(envelope[columns_of_group], columns_of_group[0])
    column_start = np.zeros(count + 1, np.int64)
    column_start[1:] = np.cumsum([s.size for s in sets])
    column = np.concatenate(sets) if sets else np.zeros(0, np.int64)
    return group_start, group_node, column_start, column.astype(np.int64), envelope.astype(np.int64)
