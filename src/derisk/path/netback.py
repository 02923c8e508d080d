"""Netback: what owners of plants that stand still reckon to be paid, and to pay, where no trade shows a price."""

from __future__ import annotations

from typing import Final

import numpy as np

from derisk.market import Equilibrium
from derisk.network.record import Flags, Floats, Integers, Network
from derisk.network.sums import sum_at
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
    producer, delivered = equilibrium.producer_price, equilibrium.delivered_price
    regions, places = len(network.regions), producer.size
    gate, door = network.good * regions + network.origin, network.good * regions + network.destination
    silent_gate = _silent(gate, open_t, equilibrium.flow, places)
    silent_door = _silent(door, open_t, equilibrium.flow, places)
    seen_gate, seen_door = producer.ravel(), delivered.ravel()
    if silent_gate.any():
        paid = np.where(silent_door[door], 0.0, open_t)
        price = _mean(gate, paid, delivered.ravel()[door] - shock.wedge_usd_per_t, otherwise=seen_gate)
        seen_gate = np.where(silent_gate, price, seen_gate)
    if silent_door.any():
        sold = np.where(silent_gate[gate], 0.0, open_t)
        price = _mean(door, sold, seen_gate[gate] + shock.wedge_usd_per_t, otherwise=seen_door)
        seen_door = np.where(silent_door, price, seen_door)
    return seen_gate.reshape(producer.shape), seen_door.reshape(delivered.shape)


def _silent(place: Integers, open_t: Floats, flow_t: Floats, places: int) -> Flags:
    """Places whose trade has all but ceased, (place,)."""
    would_t, does_t = sum_at(place, open_t, places), sum_at(place, flow_t, places)
    return np.asarray(does_t < SILENT_SHARE * would_t)


def _mean(place: Integers, weight_t: Floats, price: Floats, *, otherwise: Floats) -> Floats:
    """Mean price over the links at each place by weight, (place,)."""
    total = sum_at(place, weight_t, otherwise.size)
    value = sum_at(place, weight_t * price, otherwise.size)
    return np.divide(value, total, out=otherwise.copy(), where=total > 0.0)
