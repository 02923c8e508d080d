"""Standing terms: licences and price floors as caps and payments of one month, without memory of the months before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from derisk.network.record import Floats, Network
from derisk.scenario.shock import Floor, LicenceTerms, MonthShock


def lay_terms(shock: MonthShock, network: Network, month: int) -> MonthShock:
    """The shock with its licences as caps and its floors as payments.

    Args:
        shock: a month's shock with its terms.
        network: the network with the scenario's processes and links.
        month: number of the month.
    """
    if not shock.licences and not shock.floors:
        return shock
    price = network.base_price_usd_per_t[:, None] * np.ones(len(network.regions))
    return replace(
        shock,
        flow_cap_t=licensed_caps(shock, network.base_flow_t, month),
        cost_usd_per_t=shock.cost_usd_per_t - top_up_usd_per_t(shock.floors, network, price),
    )


def licensed_caps(shock: MonthShock, requested_t: Floats, month: int) -> Floats:
    """Caps of the links in a month [t/month], licences included; a month in which approvals begin counts in part.

    Args:
        shock: a month's shock; of several licences on one link the least holds.
        requested_t: (link,) tonnes for which licences are asked [t/month].
        month: number of the month.
    """
    caps = shock.flow_cap_t.copy()
    for licence in shock.licences:
        approved_t = licence.approval_share * open_share(licence, month) * requested_t[licence.links]
        allowed_t = np.maximum(approved_t, shock.leak_t[licence.links])
        caps[licence.links] = np.minimum(caps[licence.links], allowed_t)
    return caps


def open_share(licence: LicenceTerms, month: int) -> float:
    """Part of a month, 0 to 1, in which licences are being granted."""
    return min(1.0, max(0.0, month + 1 - licence.since - licence.delay_months))


def top_up_usd_per_t(floors: Sequence[Floor], network: Network, last_price: Floats) -> Floats:
    """What floors pay per tonne of each process's main output [USD/t], (process,); of several the highest counts.

    Args:
        floors: the floors in force.
        network: gives each plant's region and its tonnes of the good per tonne of main output.
        last_price: (good, region) producer price of the month before [USD/t].
    """
    paid = np.zeros((len(network.goods), len(network.process_kind)))
    for floor in floors:
        price = last_price[floor.good, network.process_region[floor.processes]]
        per_main = np.maximum(network.process_good_matrix[floor.processes, floor.good], 0.0)
        top_up = np.maximum(0.0, floor.usd_per_t - price) * per_main
        paid[floor.good, floor.processes] = np.maximum(paid[floor.good, floor.processes], top_up)
    total: Floats = paid.sum(axis=0)
    return total
