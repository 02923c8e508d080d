"""Component: the goods that processes or quotas tie together, as the flat arrays the solver reads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from derisk.market.network_arrays import NetworkArrays

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Component(NamedTuple):
    """Base-year arrays of one component; nodes are producer nodes first, then delivered nodes.

    A producer group is the set of producer nodes of one region that joint outputs tie together.
    """

    producers: int
    node_price: Floats
    node_sink_t: Floats
    node_width: Floats
    node_throughput_t: Floats
    node_world_t: Floats
    row_start: Integers
    """(producer node + 1,) first link of each origin's row; links stand in rows."""
    row_run: Integers
    """(producer node,) first delivered node, from 0, of a row whose delivered nodes are consecutive; -1 for others."""
    row_head: Integers
    """(link,) delivered node, counted from 0."""
    panel_row: Integers
    """(panel + 1,) and the rest as in `derisk.market.panels.Panels`."""
    panel_first: Integers
    panel_node: Integers
    panel_width: Integers
    panel_slot: Integers
    block_start: Integers
    """(good with links + 1,) first link of each good."""
    good_start: Integers
    """(good + 1,) first delivered node of each good, counted from 0."""
    head_good: Integers
    """(delivered node,) good, counted from 0 as in `good_start`."""
    link_tail: Integers
    link_head: Integers
    link_base_t: Floats
    link_scale: Floats
    """(link,) ξ of equation (6.3), by which the gap counts: a ratio times the base price at the delivered node."""
    link_inverse: Floats
    """(link,) one over `link_scale`."""
    link_exponent: Floats
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
    use_at_value_t: Floats
    """(use,) quantity at the value in use [t]."""
    use_worth: Floats
    """(use,) p0 D0 (v/p0)**(1 - elasticity) / (1 - elasticity), of which surplus is a difference [USD]."""
    group_start: Integers
    group_node: Integers
    first_store: int
    """Processes from here on are stores, those of one moment after those of the one before."""
    parent: Integers
    """(moment,) the moment before; -1 for the first, which is all there is where nothing is replicated."""
    pull_row: Integers
    """(pull,) and the rest as in `derisk.market.couplings.Couplings`."""
    pull_head: Integers
    pull_process: Integers
    pull_product: Floats
    pair_one: Integers
    pair_two: Integers
    pair_process: Integers
    pair_product: Floats
    tie_one: Integers
    tie_two: Integers
    tie_process: Integers
    tie_product: Floats


class Place(NamedTuple):
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
        numbers = set(merged[goods].tolist())
        if len(numbers) > 1:
            merged[[number in numbers for number in merged.tolist()]] = min(numbers)
    return merged
