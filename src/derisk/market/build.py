"""Build: the solver's arrays of one component, from the network's arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from derisk.market.component import Component, Place
from derisk.market.couplings import couplings
from derisk.market.demand import NEARLY_ONE
from derisk.market.disposal import SMALLEST_SINK_SHARE, WIDTH_RATIO
from derisk.market.groups import producer_groups
from derisk.market.network_arrays import NetworkArrays, node_terms, sum_at_nodes
from derisk.market.panels import lay_out

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SMALLEST_THROUGHPUT_SHARE = 1e-6
"""A node's residual is measured against at least this share of the good's world output."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of a component: producer nodes, then delivered nodes, each good by good along the chain."""

    good: Integers
    region: Integers
    producers: int
    producer_index: Integers
    """(good, region) number of the producer node, -1 where there is none."""
    delivered_index: Integers


@dataclass(frozen=True, slots=True)
class Layout:
    """Which links, processes, uses and nodes of a network make a component, and in what order."""

    links: Integers
    """Good by good along the chain, each by origin and destination."""
    processes: Integers
    uses: Integers
    nodes: Nodes


def build_component(network: NetworkArrays, goods: Integers) -> tuple[Component, Place]:
    """The solver's arrays for some goods that no process ties to others, and where its entries stand.

    Args:
        network: checked base year.
        goods: the goods.
    """
    layout = _lay_out(network, goods)
    component, place = fill_component(network, layout)
    sink, throughput, world = _node_sizes(network, layout.nodes)
    return component._replace(node_sink_t=sink, node_throughput_t=throughput, node_world_t=world), place


def _lay_out(network: NetworkArrays, goods: Integers) -> Layout:
    """The component of some goods."""
    wanted = np.zeros(network.goods, dtype=bool)
    wanted[goods] = True
    order = np.full(network.goods, network.goods)
    order[_chain_order(network, goods)] = np.arange(goods.size)
    links = np.flatnonzero(wanted[network.link_good] & (network.link_weight_t > 0.0))
    links = links[np.lexsort((network.destination[links], network.origin[links], order[network.link_good[links]]))]
    processes = np.flatnonzero((network.process_good_matrix[:, wanted] != 0.0).any(axis=1))
    uses = np.flatnonzero(wanted[network.use_good])
    return Layout(links, processes, uses, _find_nodes(network, links, processes, uses, order))


def fill_component(network: NetworkArrays, layout: Layout) -> tuple[Component, Place]:
    """The solver's arrays of a component that is laid out; its nodes have no sizes yet.

    Args:
        network: checked base year, or several moments of it.
        layout: what belongs to the component.
    """
    links, processes, uses, nodes = layout.links, layout.processes, layout.uses, layout.nodes
    unmeasured = np.zeros(nodes.good.size)
    good, origin, destination = network.link_good[links], network.origin[links], network.destination[links]
    tail, head = nodes.producer_index[good, origin], nodes.delivered_index[good, destination]
    exponent = network.trade_exponent[good]
    start, node, tonnes = _process_entries(network, nodes, processes)
    group_start, group_node = producer_groups(nodes.producers, start, node, tonnes)
    coupled = couplings(nodes.producers, start, node, tonnes)
    price = network.base_price[nodes.good, nodes.region]
    use_good, use_region = network.use_good[uses], network.use_region[uses]
    link_scale = network.gap_scale[links]
    use_price, elasticity = network.base_price[use_good, use_region], network.demand_elasticity[uses]
    room, power = network.value_in_use[uses] / use_price, 1.0 - elasticity
    power = np.where(np.abs(power) < NEARLY_ONE, np.inf, power)
    row_start = np.searchsorted(tail, np.arange(nodes.producers + 1)).astype(np.int64)
    delivered_good = nodes.good[nodes.producers :]
    good_start = np.append(np.flatnonzero(np.diff(delivered_good, prepend=-1)), delivered_good.size).astype(np.int64)
    panels = lay_out(row_start, head - nodes.producers, nodes.good[: nodes.producers], delivered_good.size)
    component = Component(
        producers=nodes.producers,
        node_price=price,
        node_sink_t=unmeasured,
        node_width=WIDTH_RATIO * price,
        node_throughput_t=unmeasured,
        node_world_t=unmeasured,
        row_start=row_start,
        row_run=_row_runs(row_start, head - nodes.producers),
        row_head=head - nodes.producers,
        panel_row=panels.first_row,
        panel_first=panels.first_slot,
        panel_node=panels.node,
        panel_width=panels.width,
        panel_slot=panels.slot,
        block_start=np.append(np.flatnonzero(np.diff(good, prepend=-1)), good.size).astype(np.int64),
        good_start=good_start,
        head_good=np.cumsum(np.diff(delivered_good, prepend=delivered_good[:1]) != 0).astype(np.int64),
        link_tail=tail,
        link_head=head,
        link_base_t=network.link_weight_t[links],
        link_scale=link_scale,
        link_inverse=1.0 / link_scale,
        link_exponent=exponent,
        process_start=start,
        process_node=node,
        process_tonnes=tonnes,
        process_kind=network.process_kind[processes],
        process_base_t=network.base_output_t[processes],
        process_capacity_t=network.capacity_t[processes],
        process_scale=network.margin_scale[processes],
        process_steepness=network.steepness[processes],
        process_margin=network.base_margin[processes],
        use_node=nodes.delivered_index[use_good, use_region],
        use_base_t=network.base_use_t[uses],
        use_price=network.base_price[use_good, use_region],
        use_elasticity=network.demand_elasticity[uses],
        use_value=network.value_in_use[uses],
        use_at_value_t=network.base_use_t[uses] * room**-elasticity,
        use_worth=use_price * network.base_use_t[uses] * room ** (1.0 - elasticity) / power,
        group_start=group_start,
        group_node=group_node,
        first_store=processes.size,
        parent=np.full(1, -1),
        **coupled._asdict(),
    )
    place = Place(
        node_good=nodes.good,
        node_region=nodes.region,
        links=links,
        processes=processes,
        uses=uses,
        base_flow_t=network.base_flow_t[links],
        base_wedge=network.base_price[good, destination] - network.base_price[good, origin],
        base_run_t=_base_run(network, processes),
    )
    return component, place


def _find_nodes(network: NetworkArrays, links: Integers, processes: Integers, uses: Integers, order: Integers) -> Nodes:
    """Nodes that a link, a process or a use touches."""
    made = network.process_good_matrix[processes]
    rows, goods = np.nonzero(made > 0.0)
    producer = np.zeros((network.goods, network.regions), dtype=bool)
    producer[network.link_good[links], network.origin[links]] = True
    producer[goods, network.process_region[processes][rows]] = True
    rows, goods = np.nonzero(made < 0.0)
    delivered = np.zeros_like(producer)
    delivered[network.link_good[links], network.destination[links]] = True
    delivered[goods, network.process_region[processes][rows]] = True
    delivered[network.use_good[uses], network.use_region[uses]] = True
    sides = [_ordered_nodes(producer, order), _ordered_nodes(delivered, order)]
    good, region = (np.concatenate([sides[0][axis], sides[1][axis]]) for axis in (0, 1))
    return number_nodes(network, good, region, sides[0][0].size)


def number_nodes(network: NetworkArrays, good: Integers, region: Integers, producers: int) -> Nodes:
    """Nodes in their order, with the number of each good and region.

    Args:
        network: its goods and regions.
        good: (node,) producer nodes first.
        region: (node,).
        producers: number of producer nodes.
    """
    producer_index, delivered_index = (np.full((network.goods, network.regions), -1) for _ in range(2))
    producer_index[good[:producers], region[:producers]] = np.arange(producers)
    delivered_index[good[producers:], region[producers:]] = np.arange(producers, good.size)
    return Nodes(good, region, producers, producer_index, delivered_index)


def _row_runs(row_start: Integers, head: Integers) -> Integers:
    """First delivered node of each row whose delivered nodes follow one another; -1 where they do not, or are none."""
    runs = np.full(row_start.size - 1, -1)
    size = np.diff(row_start)
    full = np.flatnonzero(size > 0)
    first, last = head[row_start[full]], head[row_start[full + 1] - 1]
    runs[full] = np.where(last - first == size[full] - 1, first, -1)
    return runs.astype(np.int64)


def _process_entries(network: NetworkArrays, nodes: Nodes, processes: Integers) -> tuple[Integers, Integers, Floats]:
    """First entry of each process, then the node and the tonnes of each entry."""
    made = network.process_good_matrix[processes]
    rows, goods = np.nonzero(made)
    tonnes = made[rows, goods]
    region = network.process_region[processes][rows]
    node = np.where(tonnes > 0.0, nodes.producer_index[goods, region], nodes.delivered_index[goods, region])
    start = np.zeros(processes.size + 1, np.int64)
    start[1:] = np.cumsum(np.bincount(rows, minlength=processes.size))
    return start, node, tonnes


def _node_sizes(network: NetworkArrays, nodes: Nodes) -> tuple[Floats, Floats, Floats]:
    """Sink, throughput and world output of each node's good [t]."""
    outputs, outflows, inflows, intakes = node_terms(network)
    process, good = np.nonzero(network.process_good_matrix > 0.0)
    full = network.process_good_matrix[process, good] * network.capacity_t[process]
    most = sum_at_nodes(network, good, network.process_region[process], full)
    world = np.maximum(outputs.sum(axis=1), outflows.sum(axis=1))
    world = np.where(world > 0.0, world, most.sum(axis=1))
    world = np.where(world > 0.0, world, 1.0)[nodes.good]
    made = (nodes.good[: nodes.producers], nodes.region[: nodes.producers])
    came = (nodes.good[nodes.producers :], nodes.region[nodes.producers :])
    sink = np.concatenate([np.maximum(most, outflows)[made], inflows[came]])
    throughput = np.concatenate([np.maximum(outputs, outflows)[made], np.maximum(inflows, intakes)[came]])
    return (
        np.maximum(sink, SMALLEST_SINK_SHARE * world),
        np.maximum(throughput, SMALLEST_THROUGHPUT_SHARE * world),
        world,
    )


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
