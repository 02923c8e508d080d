"""Network arrays: the base year as checked arrays, indexed by links, processes and uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derisk.market.shock import Changes

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NetworkArrays:
    """The base year, checked: shapes agree, quantities are not negative, every node balances."""

    goods: int
    regions: int
    base_price: Floats
    """(good, region) [USD/t]."""
    origin: Integers
    destination: Integers
    link_good: Integers
    base_flow_t: Floats
    link_weight_t: Floats
    """(link,) x0 of equation (6.3): the base flow, or what a link closed in the base would carry at base prices [t]."""
    trade_exponent: Floats
    """(good,) b of equation (6.3)."""
    gap_scale_ratio: Floats
    """(link,) χ of equation (6.3a)."""
    process_region: Integers
    process_good_matrix: Floats
    process_kind: Integers
    base_output_t: Floats
    capacity_t: Floats
    unit_cost: Floats
    margin_scale: Floats
    """(process,) s of equation (6.5) [USD/t]."""
    steepness: Floats
    base_margin: Floats
    """(process,) m0, and unit cost for a process without base output [USD/t]."""
    use_good: Integers
    use_region: Integers
    base_use_t: Floats
    demand_elasticity: Floats
    value_in_use: Floats

    @property
    def links(self) -> int:
        return int(self.base_flow_t.size)

    @property
    def no_changes(self) -> Changes:
        """What leaves the base as it is: links that carry a weight but no base flow are closed, all others free."""
        cap = np.where((self.base_flow_t <= 0.0) & (self.link_weight_t > 0.0), 0.0, np.inf)
        ones = np.ones(self.processes), np.ones(self.uses)
        return Changes(ones[0], cap, np.zeros(self.links), ones[1], np.zeros(self.processes))

    @property
    def gap_scale(self) -> Floats:
        """(link,) ξ of equation (6.3), the unit in which a link's price gap counts [USD/t]."""
        return self.gap_scale_ratio * self.base_price[self.link_good, self.destination]

    @property
    def processes(self) -> int:
        return int(self.base_output_t.size)

    @property
    def uses(self) -> int:
        return int(self.base_use_t.size)


def node_terms(network: NetworkArrays) -> tuple[Floats, Floats, Floats, Floats]:
    """Base outputs, outflows, inflows, and inputs plus uses, each (good, region) [t]."""
    process, good = np.nonzero(network.process_good_matrix)
    region = network.process_region[process]
    tonnes = network.process_good_matrix[process, good] * network.base_output_t[process]
    made = sum_at_nodes(network, good, region, np.maximum(tonnes, 0.0))
    taken = sum_at_nodes(
        network,
        np.concatenate([good, network.use_good]),
        np.concatenate([region, network.use_region]),
        np.concatenate([np.maximum(-tonnes, 0.0), network.base_use_t]),
    )
    sent = sum_at_nodes(network, network.link_good, network.origin, network.base_flow_t)
    came = sum_at_nodes(network, network.link_good, network.destination, network.base_flow_t)
    return made, sent, came, taken


def sum_at_nodes(network: NetworkArrays, good: Integers, region: Integers, tonnes: Floats) -> Floats:
    """Sum of tonnes at each good and region, (good, region), added in their order."""
    nodes = network.goods * network.regions
    sums = np.bincount(good * network.regions + region, tonnes, minlength=nodes).astype(np.float64, copy=False)
    return np.asarray(sums.reshape(network.goods, network.regions))
