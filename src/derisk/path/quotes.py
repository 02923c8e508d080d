"""Quotes: the price of a controlled good at home and abroad, the mean of what is paid and the dearest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from derisk.network.record import Flags, Floats, Integers
from derisk.network.sums import sum_table
from derisk.path.months import Month
from derisk.scenario import Realisation

LEAST_BUYER_SHARE: Final = 0.01
"""Regions that take in less of what is bought abroad in the base year quote no price."""


@dataclass(frozen=True, slots=True)
class Quotes:
    """Prices of the goods that someone holds back, in one month (equation 7.13 of docs/theory/path.md)."""

    good: Integers
    """(quote,)."""
    home: Integers
    """(quote,) the region that holds it back."""
    home_usd_per_t: Floats
    """(quote,) delivered price at home; the producer's where the region itself uses none."""
    abroad_usd_per_t: Floats
    """(quote,) mean delivered price in all other regions, weighted by the tonnes that arrive."""
    marginal_usd_per_t: Floats
    """(quote,) the highest delivered price abroad: what the last tonne costs."""


def restrictors(realisation: Realisation) -> tuple[Integers, Integers]:
    """Goods that a measure keeps from crossing a border in any month, and the region that loses most exports by it.

    Returns:
        (quote,) goods and (quote,) regions.
    """
    network = realisation.network
    held = np.zeros(len(network.good), dtype=np.bool_)
    for shock in {id(shock): shock for shock in realisation.shocks}.values():
        held |= (shock.flow_cap_t < network.base_flow_t) | (shock.wedge_usd_per_t > 0.0)
        held[shock.quota_link] = True
        for licence in shock.licences:
            held[licence.links] = True
    held &= network.origin != network.destination
    shape = (len(network.goods), len(network.regions))
    tonnes = sum_table(network.good[held], network.origin[held], network.base_flow_t[held], shape)
    good = np.flatnonzero(tonnes.any(axis=1))
    return good, tonnes[good].argmax(axis=1)


def quotes_of(realisation: Realisation, month: Month, good: Integers, home: Integers) -> Quotes:
    """The month's quotes of some goods.

    Args:
        realisation: the draw.
        month: a solved month.
        good: (quote,) as `restrictors` gives them.
        home: (quote,).
    """
    network, equilibrium = realisation.network, month.equilibrium
    shape = (len(network.goods), len(network.regions))
    now = sum_table(network.good, network.destination, equilibrium.flow, shape)
    base = sum_table(network.good, network.destination, network.base_flow_t, shape)
    rows = np.arange(good.size)
    price, now, base = equilibrium.delivered_price[good], now[good], base[good]
    used_at_home = base[rows, home] > 0.0
    now[rows, home] = base[rows, home] = 0.0
    weight = np.where(now.sum(axis=1, keepdims=True) > 0.0, now, base)
    buys: Flags = base >= LEAST_BUYER_SHARE * base.sum(axis=1, keepdims=True)
    return Quotes(
        good=good,
        home=home,
        home_usd_per_t=np.where(used_at_home, price[rows, home], equilibrium.producer_price[good, home]),
        abroad_usd_per_t=(weight * price).sum(axis=1) / weight.sum(axis=1),
        marginal_usd_per_t=np.where(buys & (base > 0.0), price, 0.0).max(axis=1, initial=0.0),
    )
