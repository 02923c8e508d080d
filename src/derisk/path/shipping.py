"""Shipping: months under way between regions, tonnes under way in the base year, and arrivals as customs count them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from derisk.network import Network
from derisk.network.record import Floats
from derisk.network.sums import sum_table
from derisk.scenario.ground import regions_named
from derisk.vocabulary.routes import ROUTES

HANDLING_MONTHS: Final = 0.25
"""Ports and customs at both ends [months]; assumed."""
KM_PER_MONTH: Final = 6500.0
"""Great-circle kilometres a month: what brings Japan to about 0.5 and Europe and the United States to 1.5 to 2 months
from China, the lags stated in the design's sources; ships go round continents. Assumed."""
LONGEST_MONTHS: Final = 2.0
"""No ship takes longer [months]; assumed."""
OVERLAND_MONTHS: Final = 1.0
"""What the way through other countries to a port, and the wait there, adds [months]; assumed: traders reckon three
months from the copperbelt's mines to China, of which a ship from Durban or Dar es Salaam takes one or a little more."""


def months_under_way(distance_km: Floats | float) -> Floats:
    """Months from departure to arrival abroad (equation 7.3 of docs/theory/path.md), of the shape given."""
    return np.asarray(np.minimum(HANDLING_MONTHS + np.asarray(distance_km) / KM_PER_MONTH, LONGEST_MONTHS))


def months_between(network: Network) -> Floats:
    """Months from departure to arrival, (origin, destination), equation (7.3); 0 at home."""
    months = months_under_way(network.distance_km) + OVERLAND_MONTHS * _overland_share(network.regions)
    np.fill_diagonal(months, 0.0)
    return months


def lag_months(network: Network) -> Floats:
    """Months from departure to arrival, (link,); 0 at home."""
    return np.asarray(months_between(network)[network.origin, network.destination])


def _overland_share(regions: tuple[str, ...]) -> Floats:
    """Share of what one region sends another that crosses a third country to a port, (origin, destination).

    The largest of an origin's routes counts, whatever the material; neighbours that a route spares are reached by land.
    """
    at = {region: number for number, region in enumerate(regions)}
    near = {(route.origin, region) for route in ROUTES for region in (route.origin, route.through, *route.spared)}
    share = np.zeros((len(regions), len(regions)))
    for route in ROUTES:
        if route.origin in at:
            named = regions_named(route.destinations, regions)
            to = [at[region] for region in named if (route.origin, region) not in near]
            share[at[route.origin], to] = np.maximum(share[at[route.origin], to], route.share)
    return share


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
    left = np.vstack([*([network.base_flow_t] * (int(whole.max(initial=0)) + 1)), *departures_t])
    first = len(left) - len(departures_t)
    links = np.arange(lag.size)
    return [
        (1.0 - part) * left[first + month - whole, links] + part * left[first + month - whole - 1, links]
        for month in range(len(departures_t))
    ]
