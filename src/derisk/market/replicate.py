"""Replicate: the market of many moments as one network, whose regions are (moment, region) (section 6.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derisk.market.build import Layout, number_nodes
from derisk.market.component import Component, Place
from derisk.market.moments import Tree
from derisk.market.network_arrays import NetworkArrays
from derisk.market.pieces import Piece
from derisk.market.shock import CheckedShock
from derisk.market.stores import StoreArrays
from derisk.market.supply import FIXED, STORE

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def replicate_network(net: NetworkArrays, tree: Tree, stores: StoreArrays, discount: float) -> NetworkArrays:
    """The network of every moment, in the money of its own moment.

    Links, processes and uses of a moment follow those of the one before; after all processes come the openings of the
    stores, then their stocks at the end of each moment. Quantities of a moment are those of all its months.

    Args:
        net: one month.
        tree: the moments.
        stores: what is held.
        discount: worth of a dollar a month later.
    """
    count, held = tree.size, stores.size
    shift = net.regions * np.arange(count)
    price = net.base_price[stores.good, stores.region]
    patience = discount**tree.months
    patience[np.setdiff1d(np.arange(count), tree.parent)] = 0.0  # sold on at base prices: only today's price moves
    kept = np.tile(stores.target_t, count + 1)
    nothing = np.zeros(kept.size)

    def months(values: NDArray[np.int64], size: int) -> Integers:
        return np.tile(values, count) + np.repeat(shift, size)

    def tonnes(values: Floats) -> Floats:
        return np.tile(values, count) * np.repeat(tree.months, values.size)

    def plants(values: NDArray[Any], openings: float, of_stores: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([np.tile(values, count), np.full(held, openings), np.ravel(of_stores)])

    scale = np.tile(stores.scale, count)
    return NetworkArrays(
        goods=net.goods,
        regions=net.regions * count,
        base_price=np.tile(net.base_price, count),
        origin=months(net.origin, net.links),
        destination=months(net.destination, net.links),
        link_good=np.tile(net.link_good, count),
        base_flow_t=tonnes(net.base_flow_t),
        link_weight_t=tonnes(net.link_weight_t),
        trade_exponent=net.trade_exponent,
        gap_scale_ratio=np.tile(net.gap_scale_ratio, count),
        process_region=np.concatenate(
            [months(net.process_region, net.processes), stores.region, (stores.region + shift[:, None]).ravel()]
        ),
        process_good_matrix=np.concatenate(
            [np.tile(net.process_good_matrix, (count, 1)), np.zeros((kept.size, net.goods))]
        ),
        process_kind=plants(net.process_kind, FIXED, np.full(scale.size, STORE)).astype(np.int64),
        base_output_t=np.concatenate([tonnes(net.base_output_t), kept]),
        capacity_t=np.concatenate([tonnes(net.capacity_t), kept]),
        unit_cost=np.concatenate([np.tile(net.unit_cost, count), nothing]),
        margin_scale=plants(net.margin_scale, 1.0, scale),
        steepness=plants(net.steepness, 0.0, np.zeros(scale.size)),
        base_margin=plants(net.base_margin, 0.0, (patience - 1.0)[:, None] * price),
        use_good=np.tile(net.use_good, count),
        use_region=months(net.use_region, net.uses),
        base_use_t=tonnes(net.base_use_t),
        demand_elasticity=np.tile(net.demand_elasticity, count),
        value_in_use=np.tile(net.value_in_use, count),
    )


def process_weights(weight: Floats, processes: int, stores: int) -> Floats:
    """(process of the replicated network,) present value of a dollar of its moment.

    Args:
        weight: (moment,).
        processes: number of processes of one month.
        stores: number of stores.
    """
    return np.concatenate([np.repeat(weight, processes), np.full(stores, weight[0]), np.repeat(weight, stores)])


def discount_network(net: NetworkArrays, weight: Floats, by_process: Floats) -> NetworkArrays:
    """The replicated network in present value.

    Args:
        net: in the money of each moment.
        weight: (moment,) present value of its dollar.
        by_process: the same for every process, stores included.
    """
    return replace(
        net,
        base_price=net.base_price * np.repeat(weight, net.regions // weight.size),
        unit_cost=net.unit_cost * by_process,
        margin_scale=net.margin_scale * by_process,
        base_margin=net.base_margin * by_process,
        value_in_use=net.value_in_use * np.repeat(weight, net.uses // weight.size),
    )


def discount_component(
    component: Component, place: Place, net: NetworkArrays, weight: Floats, by_process: Floats
) -> tuple[Component, Place]:
    """A component of the replicated network in present value: every array of money times what its dollar is worth.

    Args:
        component: in the money of each moment.
        place: where its entries stand.
        net: the replicated network.
        weight: (moment,) present value of its dollar.
        by_process: the same for every process, stores included.
    """
    count = weight.size
    node = weight[place.node_region // (net.regions // count)]
    link = weight[place.links // (net.links // count)]
    use = weight[place.uses // max(net.uses // count, 1)]
    process = by_process[place.processes]
    money = {
        "node_price": node,
        "node_width": node,
        "link_scale": link,
        "link_inverse": 1.0 / link,
        "process_scale": process,
        "process_margin": process,
        "use_price": use,
        "use_value": use,
        "use_worth": use,
    }
    changed = {name: getattr(component, name) * factor for name, factor in money.items()}
    return component._replace(**changed), place._replace(base_wedge=place.base_wedge * link)


def join_shocks(
    shocks: Sequence[CheckedShock], tree: Tree, weight: Floats, opening_ratio: Floats, links: int
) -> CheckedShock:
    """The shocks of all moments as one shock of the replicated network in present value.

    Args:
        shocks: (moment,) of one month each.
        tree: the moments.
        weight: (moment,) present value of a dollar.
        opening_ratio: (store,) stock this month opens with, over its target.
        links: number of links of one month.
    """
    stocks = tree.size * opening_ratio.size
    quotas = np.cumsum([0, *(shock.quota_t.size for shock in shocks)])
    members = [shock.member_quota.size for shock in shocks]

    def each(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(shock, name) for shock in shocks])

    def times(name: str, factor: Floats) -> Floats:
        values: Floats = each(name).reshape(tree.size, -1)
        values *= factor[:, None]
        return values.reshape(-1)

    return CheckedShock(
        capacity_ratio=np.concatenate([*(s.capacity_ratio for s in shocks), opening_ratio, np.ones(stocks)]),
        flow_cap_t=times("flow_cap_t", tree.months),
        wedge_usd_per_t=times("wedge_usd_per_t", weight),
        demand_ratio=each("demand_ratio"),
        cost_usd_per_t=np.concatenate([times("cost_usd_per_t", weight), np.zeros(opening_ratio.size + stocks)]),
        quota_t=each("quota_t") * np.repeat(tree.months, np.diff(quotas)),
        member_quota=each("member_quota") + np.repeat(quotas[:-1], members),
        member_link=each("member_link") + np.repeat(links * np.arange(tree.size), members),
        member_weight=each("member_weight"),
        shared=each("shared"),
    )


def replicate_layout(month: Piece, net: NetworkArrays, single: NetworkArrays) -> Layout:
    """What makes the component of several moments, in the order of one month's: within a good moment by moment.

    Args:
        month: the same goods in one month.
        net: the replicated network.
        single: one month.
    """
    component, at = month.component, month.place
    count, producers = net.regions // single.regions, component.producers
    makers, takers = slice(None, producers), slice(producers, None)
    region = [
        _by_moment(at.node_region[side], _starts(at.node_good[side]), single.regions, count)
        for side in (makers, takers)
    ]
    good = [_by_moment(at.node_good[side], _starts(at.node_good[side]), 0, count) for side in (makers, takers)]
    return Layout(
        links=_by_moment(at.links, component.block_start, single.links, count),
        processes=_by_moment(at.processes, np.array([0, at.processes.size]), single.processes, count),
        uses=_by_moment(at.uses, np.array([0, at.uses.size]), single.uses, count),
        nodes=number_nodes(net, np.concatenate(good), np.concatenate(region), good[0].size),
    )


def _starts(good: Integers) -> Integers:
    """First node of each good, and their number at the end."""
    return np.append(np.flatnonzero(np.diff(good, prepend=-1)), good.size)


def _by_moment(numbers: Integers, starts: Integers, size: int, count: int) -> Integers:
    """Numbers of every moment, block by block: in each block those of the first moment, then of the second, ...

    Args:
        numbers: of one month.
        starts: (block + 1,) first number of each block.
        size: how many there are in a month.
        count: number of moments.
    """
    shift = size * np.arange(count)[:, None]
    blocks = [(numbers[first:last] + shift).ravel() for first, last in pairwise(starts.tolist())]
    return np.concatenate([np.zeros(0, np.int64), *blocks])


def take_sizes(component: Component, place: Place, month: Piece, net: NetworkArrays, tree: Tree) -> Component:
    """A replicated component whose nodes are measured as those of one month, times the months of their moment.

    Args:
        component: of several moments.
        place: where its entries stand.
        month: the same goods in one month.
        net: the replicated network.
        tree: the moments.
    """
    single, at = month.component, month.place
    moment, region = np.divmod(place.node_region, net.regions // tree.size)
    number = np.zeros((2, net.goods, net.regions // tree.size), np.int64)
    side = np.arange(at.node_good.size) >= single.producers
    number[side.astype(int), at.node_good, at.node_region] = np.arange(side.size)
    side = np.arange(place.node_good.size) >= component.producers
    node, months = number[side.astype(int), place.node_good, region], tree.months[moment]
    return component._replace(
        node_sink_t=single.node_sink_t[node] * months,
        node_throughput_t=single.node_throughput_t[node] * months,
        node_world_t=single.node_world_t[node] * months,
    )
