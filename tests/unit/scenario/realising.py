"""Realising: a scenario of a few measures on the small network, and where its links and processes stand."""

from __future__ import annotations

from typing import Any

import numpy as np

from derisk.network.record import Network
from derisk.scenario import Realisation, realise, scenario_from


def realised(network: Network, *measures: dict[str, Any], quantile: float = 0.5, **keys: Any) -> Realisation:
    data = {"name": "test", "start": "2025-01", "months": 3, **keys}
    rows = [{"from": "2025-01", "why": "test", **measure} for measure in measures]
    return realise(scenario_from({**data, "measures": rows}), network, quantile=lambda key: quantile)


def links(result: Realisation, good: str, origin: str, destination: str) -> np.ndarray:
    network = result.network
    return np.flatnonzero(
        (network.good == network.goods.index(good))
        & (network.origin == network.regions.index(origin))
        & (network.destination == network.regions.index(destination))
    )


def rows_of(result: Realisation, name: str, region: str) -> list[int]:
    network = result.network
    where = network.regions.index(region)
    return [
        step for step, kind in enumerate(result.process_names) if kind == name and network.process_region[step] == where
    ]


def plant(**keys: Any) -> dict[str, Any]:
    return {
        "kind": "new_capacity",
        "capacity_t_per_year": 120,
        "unit_cost_usd_per_t": 100,
        "capital_cost_musd": 5,
        "lead_time_months": 1,
        **keys,
    }
