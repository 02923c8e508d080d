"""Stores: how much of each good users and traders hold, where, and what it takes to make them hold more."""

from __future__ import annotations

import numpy as np

from derisk.market import Stores
from derisk.network import Network
from derisk.network.record import Floats
from derisk.network.sums import sum_table
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.uses import STOCK_BUILDING


def stores_of(
    network: Network,
    *,
    default_cover_months: float,
    scale_ratio: float,
    working_stock_months: float,
    makers_stock_months: float,
    makers_scale_ratio: float,
    pipeline_t: Floats,
) -> Stores:
    """Stores at every delivered node that takes in a good people trade (equations 7.1 to 7.2a of docs/theory/path.md).

    First those that serve use, then what is held for gain alone: more than any user works with, and, where the good is
    made too, what its makers hold back.

    Args:
        network: the balanced base year; uses `stock_cover_months`, base flows and prices.
        default_cover_months: cover of a good of which no row states any.
        scale_ratio: psi, the change of price over the base price that moves a store by a factor e.
        working_stock_months: most months of use that serve use; what a region holds beyond is for sale.
        makers_stock_months: months of output that makers hold; a part of the region's stock that serves use, at most
            half of it.
        makers_scale_ratio: psi of what is held for gain.
        pipeline_t: (good, region) tonnes under way to each region in the base year [t].
    """
    needed_t = intake(network) - _put_by(network)
    cover = np.where(np.isnan(network.stock_cover_months), default_cover_months, network.stock_cover_months)
    surplus_t = np.maximum(cover - working_stock_months, 0.0) * needed_t
    working_t = cover * needed_t - surplus_t + pipeline_t
    gain_t = surplus_t + np.minimum(makers_stock_months * output(network), 0.5 * working_t)
    target_t = working_t + surplus_t
    target_t[[not GOODS[good].traded for good in network.goods]] = 0.0
    good, region = np.nonzero(target_t > 0.0)
    whole_t, for_gain_t = target_t[good, region], gain_t[good, region]
    price = network.base_price_usd_per_t[good]
    gains = for_gain_t > 0.0
    return Stores(
        good=np.concatenate((good, good[gains])),
        region=np.concatenate((region, region[gains])),
        target_t=np.concatenate((whole_t - for_gain_t, for_gain_t[gains])),
        scale_usd_per_t=np.concatenate((scale_ratio * price, makers_scale_ratio * price[gains])),
    )


def intake(network: Network) -> Floats:
    """Base deliveries into each region, from home and abroad, (good, region) [t/month]."""
    shape = (len(network.goods), len(network.regions))
    return sum_table(network.good, network.destination, network.base_flow_t, shape)


def _put_by(network: Network) -> Floats:
    """What the base year put into stocks, (good, region) [t/month]: no store covers it."""
    sectors = [at for at, use in enumerate(network.uses) if use == STOCK_BUILDING]
    rows, shape = np.isin(network.use_sector, sectors), (len(network.goods), len(network.regions))
    return sum_table(network.use_good[rows], network.use_region[rows], network.base_use_t[rows], shape)


def output(network: Network) -> Floats:
    """Base output of each region, of all its plants, (good, region) [t/month]."""
    made_t = network.base_output_t[:, None] * np.maximum(network.process_good_matrix, 0.0)
    total = np.zeros((len(network.regions), len(network.goods)))
    np.add.at(total, network.process_region, made_t)
    return total.T
