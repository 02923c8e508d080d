"""Rents: what the prices say a quota solved as caps is worth, to check the permit prices reported."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.network_arrays import NetworkArrays
from derisk.market.shock import CheckedShock

Floats = NDArray[np.float64]


def single_quota_error(
    net: NetworkArrays,
    shock: CheckedShock,
    producer_price: Floats,
    delivered_price: Floats,
    permit_price: Floats,
    flow: Floats,
) -> float:
    """Largest error of a permit price or of a tonnage among quotas that are solved as caps (equation 6.14).

    The permit price is the cap's rent over the quota weight where the quota is used up, else zero; the error is
    weighed by what the links under the quota carried in the base, over their base revenue.
    """
    rows = ~shock.shared[shock.member_quota] & np.isfinite(shock.quota_t[shock.member_quota])
    rows &= shock.member_weight > 0.0
    if not rows.any():
        return 0.0
    quota, link, weight = shock.member_quota[rows], shock.member_link[rows], shock.member_weight[rows]
    good, origin, destination = net.link_good[link], net.origin[link], net.destination[link]
    base, price, scale = net.link_weight_t[link], net.base_price[good, destination], net.gap_scale[link]
    gap = delivered_price[good, destination] - producer_price[good, origin]
    gap -= price - net.base_price[good, origin] + shock.wedge_usd_per_t[link]
    for other in np.flatnonzero(shock.shared[shock.member_quota]):
        on = link == shock.member_link[other]
        gap[on] -= shock.member_weight[other] * permit_price[shock.member_quota[other]]
    limit = shock.quota_t[quota] / weight
    room = (limit / base) ** (1.0 / net.trade_exponent[good])
    rent = np.maximum(gap - scale * (room - 1.0), 0.0)
    binds = limit <= flow[link] * (1.0 + 1e-9)
    expected, revenue, tonnes = (np.zeros(shock.quota_t.size) for _ in range(3))
    np.maximum.at(expected, quota[binds], rent[binds] / weight[binds])
    np.add.at(revenue, quota, price * base)
    np.add.at(tonnes, quota, weight * base)
    over = float(np.max((flow[link] - limit) / base))
    mine = np.unique(quota)
    return max(over, float(np.max(np.abs(permit_price - expected)[mine] * tonnes[mine] / revenue[mine])))
