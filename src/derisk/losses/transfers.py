"""Price transfers: what users pay more, and who gains it; the parties' changes sum to zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derisk.market import Equilibrium
from derisk.network import Network
from derisk.network.sums import sum_table

Floats = NDArray[np.float64]

_USD_PER_MUSD = 1e6


@dataclass(frozen=True, slots=True)
class Transfers:
    """A month's change of money at changed prices and actual tonnes [million USD]."""

    paid_musd: Floats
    """(use_row,) what users pay above base prices for the tonnes they get."""
    producers_musd: Floats
    """(region, good) gain of the region's plants, on outputs less on inputs, and of those who hold stocks."""
    traders_musd: Floats
    """(region, good) gain of those who ship from the region: traders, permit holders, treasuries."""


def price_transfers(
    network: Network,
    equilibrium: Equilibrium,
    *,
    drawn_t: Floats | None = None,
    drawn_at_gates_t: Floats | None = None,
) -> Transfers:
    """Who pays and who gains when prices move, in one month.

    Equation (9.3) of docs/theory/losses.md. With dlam, dmu the changes of the producer's and the delivered
    price: users pay dmu u; a plant gains dlam out - dmu in; a link gains (dmu_j - dlam_i) x; a store gains dmu on
    what is drawn from it, one at a producer's gate dlam. Tonnes balance at every node, so users' payments equal the
    others' gains; disposed tonnes and those put into stocks, at the price they left at, are the loss of producers and
    of who holds stocks.

    Args:
        network: the network solved; its arrays name each link, process and use row.
        equilibrium: the month's solution.
        drawn_t: (good, region) what stores gave less what they took in [t]; nothing when None.
        drawn_at_gates_t: the same of stores at producers' gates.
    """
    price = network.base_price_usd_per_t[:, None]
    producer_change = equilibrium.producer_price - price
    delivered_change = equilibrium.delivered_price - price
    paid = delivered_change[network.use_good, network.use_region] * equilibrium.use
    aside = ~network.served

    producers = _gains_of_plants(network, equilibrium.production, producer_change, delivered_change)
    producers -= (producer_change * equilibrium.producer_disposal).T
    producers -= (delivered_change * equilibrium.delivered_disposal).T

    if drawn_t is not None:
        producers += (delivered_change * drawn_t).T
    if drawn_at_gates_t is not None:
        producers += (producer_change * drawn_at_gates_t).T
    np.add.at(producers, (network.use_region[aside], network.use_good[aside]), -paid[aside])
    paid[aside] = 0.0

    gain = (
        delivered_change[network.good, network.destination] - producer_change[network.good, network.origin]
    ) * equilibrium.flow
    traders = sum_table(network.origin, network.good, gain, (len(network.regions), len(network.goods)))
    return Transfers(
        paid_musd=paid / _USD_PER_MUSD, producers_musd=producers / _USD_PER_MUSD, traders_musd=traders / _USD_PER_MUSD
    )


def _gains_of_plants(
    network: Network, production_t: Floats, producer_change: Floats, delivered_change: Floats
) -> Floats:
    """What plants gain on their outputs less what they pay more for their inputs, (region, good) [USD]."""
    process, good = np.nonzero(network.process_good_matrix)
    tonnes, region = production_t[process] * network.process_good_matrix[process, good], network.process_region[process]
    out, taken = np.flatnonzero(tonnes > 0), np.flatnonzero(tonnes < 0)
    gain = np.concatenate(
        (
            tonnes[out] * producer_change[good[out], region[out]],
            tonnes[taken] * delivered_change[good[taken], region[taken]],
        )
    )
    entry = np.concatenate((out, taken))
    return sum_table(region[entry], good[entry], gain, (len(network.regions), len(network.goods)))
