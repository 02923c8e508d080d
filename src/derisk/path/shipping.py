"""Shipping: months under way between regions, tonnes under way in the base year, and arrivals as customs count them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from derisk.network import Network
from derisk.network.record import Floats
from derisk.network.sums import sum_table

HANDLING_MONTHS: Final = 0.25
"""Ports and customs at both ends [months]; assumed."""
KM_PER_MONTH: Final = 6500.0
"""Great-circle kilometres a month: what brings Japan to about 0.5 and Europe and the United States to 1.5 to 2 months
from China, the lags stated in the design's sources; ships go round continents. Assumed."""
LONGEST_MONTHS: Final = 2.0
"""No link takes longer [months]; assumed."""


def months_under_way(distance_km: Floats | float) -> Floats:
    """Months from departure to arrival abroad (equation 7.3 of docs/theory/path.md), of the shape given."""
    return np.asarray(np.minimum(HANDLING_MONTHS + np.asarray(distance_km) / KM_PER_MONTH, LONGEST_MONTHS))


def lag_months(network: Network) -> Floats:
    """Months from departure to arrival, (link,); 0 at home."""
    abroad = network.origin != network.destination
    return np.where(abroad, months_under_way(network.distance_km[network.origin, network.destination]), 0.0)


def pipeline_t(network: Network) -> Floats:
    """Tonnes under way to each region in the base year, (good, region) [t]."""
    shape = (len(network.goods), len(network.regions))
    return sum_table(network.good, network.destination, lag_months(network) * network.base_flow_t, shape)


def arrivals_t(network: Network, departures_t: Sequence[Floats]) -> list[Floats]:
    """Tonnes that arrive over each link in each month, as import statistics count them (equation 7.4).

    Before the first month the base year's flows are under way. What leaves in the course of a month with a lag of
    n months and a part arrives in the n-th month after it, and for that part in the next.

    Args:
        network: gives lags and base flows.
        departures_t: (link,) tonnes that leave in each month [t].

    Returns:
        (link,) [t] for each month.
    """
    lag = lag_months(network)
    whole = np.floor(lag).astype(np.int64)
    part = lag - whole
    left = np.vstack([*([network.base_flow_t] * (int(np.ceil(LONGEST_MONTHS)) + 1)), *departures_t])
    first = len(left) - len(departures_t)
    links = np.arange(lag.size)
    return [
        (1.0 - part) * left[first + month - whole, links] + part * left[first + month - whole - 1, links]
        for month in range(len(departures_t))
    ]
