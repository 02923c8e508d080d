"""Netback: what owners of plants that stand still reckon to be paid, and to pay, where no trade shows a price."""

from __future__ import annotations

from typing import Final

import numpy as np

from derisk.market import Equilibrium
from derisk.network.record import Flags, Floats, Integers, Network
from derisk.network.sums import sum_table
from derisk.scenario import MonthShock

SILENT_SHARE: Final = 0.01
"""A place that trades less than this part of what it would at base prices has no price of its own."""


def seen_prices(
    network: Network, link_weight_t: Floats, *, shock: MonthShock, equilibrium: Equilibrium
) -> tuple[Floats, Floats]:
    """Producer and delivered prices as plants see them, (good, region) both [USD/t]: equations (7.33) and (7.34).

    Where a region ships nothing of a good, the market's price at its gate is that of a first tonne on empty links,
    up to twice what users pay. A plant that would run full gets what its customers pay, less the wedge: their mean by
    link weights. The same for what a plant pays where nothing is delivered.

    Args:
        network: with the scenario's links appended.
        link_weight_t: (link,) what a link ships at base prices [t/month].
        shock: what the month's market was told.
        equilibrium: where it settled.
    """
    open_t = np.where(shock.flow_cap_t > 0.0, link_weight_t, 0.0)
    shape = (len(network.goods), len(network.regions))
    producer, delivered = equilibrium.producer_price, equilibrium.delivered_price
    silent_gate = _silent(network, network.origin, open_t, equilibrium.flow, shape)
    silent_door = _silent(network, network.destination, open_t, equilibrium.flow, shape)
    good, origin, destination = network.good, network.origin, network.destination
    paid = np.where(silent_door[good, destination], 0.0, open_t)
    gate = _mean(good, origin, paid, delivered[good, destination] - shock.wedge_usd_per_t, shape, otherwise=producer)
    seen_gate = np.where(silent_gate, gate, producer)
    sold = np.where(silent_gate[good, origin], 0.0, open_t)
    door = _mean(good, destination, sold, seen_gate[good, origin] + shock.wedge_usd_per_t, shape, otherwise=delivered)
    return seen_gate, np.where(silent_door, door, delivered)


def _silent(network: Network, end: Integers, open_t: Floats, flow_t: Floats, shape: tuple[int, int]) -> Flags:
    """Places whose trade has all but ceased, (good, region)."""
    would_t = sum_table(network.good, end, open_t, shape)
    does_t = sum_table(network.good, end, flow_t, shape)
    return np.asarray(does_t < SILENT_SHARE * would_t)


def _mean(
    good: Integers, end: Integers, weight_t: Floats, price: Floats, shape: tuple[int, int], *, otherwise: Floats
) -> Floats:
    """Mean price over the links at each place by weight, (good, region)."""
    total = sum_table(good, end, weight_t, shape)
    value = sum_table(good, end, weight_t * price, shape)
    return np.divide(value, total, out=otherwise.copy(), where=total > 0.0)
