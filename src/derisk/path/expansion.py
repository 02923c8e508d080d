"""Expansion: capacity that makers order in a month, as margins pay for new tonnes and their industries can build."""

from __future__ import annotations

import numpy as np

from derisk.network.record import Flags, Floats
from derisk.path.plant_state import LEAST_SHARE, Plants

LARGEST_GRANT_SHARE = 0.99
"""Somebody has to decide to build: a grant counts up to this part of the capital cost."""


def orders_ratio(
    plants: Plants,
    *,
    expected_margin_usd_per_t: Floats,
    built_ratio: Floats,
    working: Flags,
    grant_share: Floats | None = None,
) -> Floats:
    """Capacity ordered in a month over that of the base year, (process,): equations (7.31) and (7.32)."""
    parameters = plants.parameters
    able = plants.expands & working
    paid = np.zeros(plants.good.size) if grant_share is None else np.minimum(grant_share, LARGEST_GRANT_SHARE)
    gain = np.zeros(plants.good.size)
    above = expected_margin_usd_per_t - plants.build_margin_usd_per_t + paid * plants.capital_charge_usd_per_t
    np.divide(above, (1.0 - paid) * plants.capital_charge_usd_per_t, out=gain, where=able)
    desire = np.minimum(np.where(gain >= LEAST_SHARE, gain, 0.0), 1.0)
    own_t = np.maximum(built_ratio * plants.base_output_t, plants.base_output_t + plants.feed_abroad_t)
    wanted_t = desire * parameters.build_limit_own_share_per_year / 12.0 * own_t
    goods = int(plants.good.max(initial=0)) + 1
    world_t = np.bincount(plants.good, weights=plants.base_output_t, minlength=goods)
    wish_t = np.bincount(plants.good, weights=wanted_t, minlength=goods)
    limit_t = parameters.build_limit_world_share_per_year / 12.0 * world_t
    granted = np.ones(goods)
    np.divide(limit_t, wish_t, out=granted, where=wish_t > limit_t)
    order = np.zeros(plants.good.size)
    np.divide(wanted_t * granted[plants.good], plants.base_output_t, out=order, where=plants.base_output_t > 0.0)
    return order
