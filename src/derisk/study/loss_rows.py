"""Loss rows: a month's value at risk and money changing hands, by region, use or party, and material."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from derisk.losses import Transfers, forgone_value_musd, shortfall_share, shortfall_t, value_added_at_risk
from derisk.network import Network
from derisk.network.sums import sum_at, sum_table
from derisk.path import Month
from derisk.study.labels import MonthRows
from derisk.vocabulary.uses import PARTIES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_USERS, _PRODUCERS, _TRADERS = range(len(PARTIES))


def short_tonnes(network: Network, month: Month) -> Floats:
    """Tonnes short of every use row [t]; disposal and stock building never are."""
    short = shortfall_t(
        use_t=month.equilibrium.use, base_use_t=network.base_use_t, demand_ratio=month.shock.demand_ratio
    )
    short[~network.served] = 0.0
    return short


def loss_rows(
    network: Network, month: Month, short: Floats, transfers: Transfers, material_of_good: Integers
) -> MonthRows:
    """Value added at risk, transfers paid and worth of the tonnes given up, by region, use and material."""
    share = shortfall_share(shortfall=short, base_use_t=network.base_use_t, demand_ratio=month.shock.demand_ratio)
    risk = value_added_at_risk(network, shortfall_share=share)
    shape = (len(network.regions), len(network.uses), int(material_of_good.max()) + 1)
    place = (network.use_region, network.use_sector, material_of_good[network.use_good])
    cell, cells = (place[0] * shape[1] + place[1]) * shape[2] + place[2], math.prod(shape)
    worth = forgone_value_musd(
        shortfall=short,
        base_price_usd_per_t=network.base_price_usd_per_t[network.use_good],
        delivered_price_usd_per_t=month.equilibrium.delivered_price[network.use_good, network.use_region],
    )
    paid, forgone = (sum_at(cell, musd, cells) for musd in (transfers.paid_musd, worth))
    lost = np.zeros(cells)
    binding = risk.binding_row.ravel()
    bound = np.flatnonzero(binding >= 0)
    lost[bound * shape[2] + material_of_good[network.use_good[binding[bound]]]] = risk.lost_musd.ravel()[bound]
    kept = np.flatnonzero((lost != 0) | (paid != 0) | (forgone != 0))
    of_region, material = np.divmod(kept, shape[2])
    region, use = np.divmod(of_region, shape[1])
    return {
        "region": region,
        "use": use,
        "material": material,
        "value_added_lost_musd": lost[kept],
        "price_transfer_musd": paid[kept],
        "forgone_value_musd": forgone[kept],
        "value_added_assumed": network.value_added_assumed.ravel()[of_region],
    }


def transfer_rows(network: Network, transfers: Transfers, material_of_good: Integers) -> MonthRows:
    """Gains of users, producers and traders by region and material; their sum is zero."""
    shape = (len(network.regions), int(material_of_good.max()) + 1)
    gain = np.zeros((shape[0], len(PARTIES), shape[1]))
    material = material_of_good[network.use_good]
    gain[:, _USERS, :] = sum_table(network.use_region, material, -transfers.paid_musd, shape)
    region = np.repeat(np.arange(shape[0]), material_of_good.size)
    material = np.tile(material_of_good, shape[0])
    for party, gained in ((_PRODUCERS, transfers.producers_musd), (_TRADERS, transfers.traders_musd)):
        gain[:, party, :] = sum_table(region, material, gained.ravel(), shape)
    kept = np.flatnonzero(gain)
    of_region, material = np.divmod(kept, shape[1])
    region, party_code = np.divmod(of_region, len(PARTIES))
    return {"region": region, "party": party_code, "material": material, "gain_musd": gain.ravel()[kept]}
