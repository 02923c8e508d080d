"""The market of a network: labels left behind, arrays handed over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market import Market
from derisk.network import Network
from derisk.path.parameters import Parameters, load_parameters
from derisk.scenario import Realisation


def market_of(realisation: Realisation, *, parameters: Parameters | None = None) -> Market:
    """The market whose base point is a month of the balanced base year, with the scenario's plants and links beside it.

    Added links have a weight and no base flow: closed in the base, opened by the months that need them.

    Args:
        realisation: one draw's network.
        parameters: give the ratios of all elasticities to the dataset's; the table's central values when None.
    """
    network = realisation.network
    known = load_parameters() if parameters is None else parameters
    return Market(
        base_flow_t=network.base_flow_t,
        link_weight_t=realisation.link_weight_t,
        gap_scale_ratio=gap_scale_ratios(network, known),
        origin=network.origin,
        destination=network.destination,
        good=network.good,
        base_price_usd_per_t=network.base_price_usd_per_t,
        trade_elasticity=known.trade_elasticity_ratio * network.trade_elasticity,
        process_region=network.process_region,
        process_good_matrix=network.process_good_matrix,
        base_output_t=network.base_output_t,
        capacity_t=network.capacity_t,
        unit_cost_usd_per_t=network.unit_cost_usd_per_t,
        supply_steepness=np.where(
            network.process_fixed, 0.0, known.supply_elasticity_ratio * network.supply_elasticity
        ),
        base_use_t=network.base_use_t,
        use_good=network.use_good,
        use_region=network.use_region,
        demand_elasticity=known.demand_elasticity_ratio * network.demand_elasticity,
        value_in_use_usd_per_t=network.value_in_use_usd_per_t,
    )


def gap_scale_ratios(network: Network, parameters: Parameters) -> NDArray[np.float64]:
    """(link,) price gap that moves a flow, over the gap that moves one between countries (equation 6.3a).

    Args:
        network: its links within a country are nearly one market.
        parameters: how much more these answer to a gap.
    """
    return np.where(network.within_country, 1.0 / parameters.home_elasticity_ratio, 1.0)
