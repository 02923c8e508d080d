"""Synthetic: random balanced networks of any size, for tests and benchmarks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FAMILIES: dict[str, tuple[int, tuple[tuple[tuple[float, ...], float], ...]]] = {
    "single": (1, (((1.0,), 1.0),)),
    "chain": (3, (((1.0, 0.0, 0.0), 1.0), ((-1.3, 1.0, 0.0), 0.9), ((0.0, -0.8, 1.0), 0.6))),
    "pair": (2, (((1.0, 0.0), 1.0), ((-1.1, 1.0), 0.9))),
    "joint": (
        5,
        (
            ((1.0, 0.0, 0.0, 0.0, 0.0), 1.0),
            ((-1.6, 0.7, 0.25, 0.05, 0.0), 0.97),
            ((0.0, 0.0, -0.3, -0.03, 1.0), 0.8),
        ),
    ),
    "by_product": (3, (((1.0, 0.0, 0.1), 1.0), ((0.0, 1.0, -2.0), 0.5))),
}
"""Goods of each family and its processes: tonnes of each good per unit of activity, share of arrivals it takes in."""

FAMILY_PRICES: dict[str, tuple[float, ...]] = {
    "single": (5e3,),
    "chain": (1e3, 4e3, 9e3),
    "pair": (8e2, 3e3),
    "joint": (2e3, 1e3, 6e4, 4e5, 6e4),
    "by_product": (2e3, 3e5, 50.0),
}


def synthetic_network(
    seed: int, *, regions: int, families: tuple[str, ...], latent_share: float = 1e-5, density: float = 1.0
) -> dict[str, Any]:
    """Arguments of a `Market` for a random base year that balances.

    Output is concentrated in few regions; every shipping region sends at least `latent_share` of a good to each
    region it may trade with.

    Args:
        seed: of the random numbers.
        regions: number of regions.
        families: names from `FAMILIES`, one after another.
        latent_share: smallest share of an origin's output on an open link.
        density: share of pairs that may trade.
    """
    rng = np.random.default_rng(seed)
    prices = np.concatenate([np.array(FAMILY_PRICES[f]) * np.exp(0.2 * rng.standard_normal()) for f in families])
    goods = prices.size
    arrays: dict[str, list[Any]] = {
        name: []
        for name in ("flow", "origin", "destination", "good", "place", "row", "output", "used", "use_t", "using")
    }
    first = 0
    for family in families:
        size, processes = FAMILIES[family]
        arrived = np.zeros((size, regions))
        shipped = np.zeros(size, dtype=bool)
        for row, take in processes:
            tonnes = np.array(row)
            inputs, outputs = np.flatnonzero(tonnes < 0.0), np.flatnonzero(tonnes > 0.0)
            if inputs.size:
                activity = take * np.min(arrived[inputs] / -tonnes[inputs, None], axis=0)
                activity[rng.random(regions) < 0.2] = 0.0
                arrived[inputs] += tonnes[inputs, None] * activity
            else:
                activity = 1e4 * rng.gamma(0.4, 1.0, regions) * (rng.random(regions) < 0.7)
                activity[rng.integers(regions)] = 2e4
            for place in np.flatnonzero(activity > 0.0):
                arrays["place"].append(place)
                full = np.zeros(goods)
                full[first : first + size] = tonnes
                arrays["row"].append(full)
                arrays["output"].append(activity[place])
            for g in map(int, outputs):
                shipped[g] = True
                _ship(rng, arrays, first + g, tonnes[g] * activity, arrived[g], latent_share, density)
        for g in range(size):
            for region in np.flatnonzero(arrived[g] > 0.0):
                split = rng.dirichlet(np.ones(int(rng.integers(1, 4))))
                for share in split:
                    arrays["used"].append(first + g)
                    arrays["using"].append(region)
                    arrays["use_t"].append(share * arrived[g, region])
        first += size
    matrix = np.array(arrays["row"]).reshape(-1, goods)
    main = np.array([np.flatnonzero(r > 0.0)[0] for r in matrix])
    scale = matrix[np.arange(main.size), main]
    output = np.array(arrays["output"]) * scale
    matrix = matrix / scale[:, None]
    by_product_host = np.array([(r > 0.0).sum() == 2 for r in matrix])
    steepness = np.where(by_product_host & (rng.random(main.size) < 0.5), 0.0, rng.uniform(0.1, 1.8, main.size))
    used = np.array(arrays["used"])
    uses = used.size
    elasticity = rng.uniform(1.5, 9.0, goods)
    elasticity = np.where(rng.random(goods) < 0.5, np.rint(2.0 * elasticity) / 2.0, elasticity)
    return {
        "base_flow_t": np.array(arrays["flow"]),
        "origin": np.array(arrays["origin"]),
        "destination": np.array(arrays["destination"]),
        "good": np.array(arrays["good"]),
        "base_price_usd_per_t": prices,
        "trade_elasticity": elasticity,
        "process_region": np.array(arrays["place"]),
        "process_good_matrix": matrix,
        "base_output_t": output,
        "capacity_t": output / rng.uniform(0.6, 0.98, output.size),
        "unit_cost_usd_per_t": np.zeros(output.size),
        "supply_steepness": steepness,
        "base_use_t": np.array(arrays["use_t"]),
        "use_good": used,
        "use_region": np.array(arrays["using"]),
        "demand_elasticity": rng.uniform(0.05, 0.9, uses),
        "value_in_use_usd_per_t": prices[used] * np.exp(rng.uniform(0.4, 4.5, uses)),
    }


def _ship(
    rng: np.random.Generator,
    arrays: dict[str, list[Any]],
    good: int,
    output: Floats,
    arrived: Floats,
    latent_share: float,
    density: float,
) -> None:
    """Ship each region's output to destinations at random; adds the links and the arrivals."""
    regions = output.size
    pull = rng.gamma(0.5, 1.0, regions)
    for origin in np.flatnonzero(output > 0.0):
        share = pull * rng.gamma(0.3, 1.0, regions)
        share[origin] += 0.5 * pull.mean()
        open_to = rng.random(regions) < density
        open_to[origin] = True
        share = np.where(open_to, np.maximum(share / share.sum(), latent_share), 0.0)
        share /= share.sum()
        for destination in np.flatnonzero(share > 0.0):
            arrays["flow"].append(output[origin] * share[destination])
            arrays["origin"].append(origin)
            arrays["destination"].append(destination)
            arrays["good"].append(good)
            arrived[destination] += output[origin] * share[destination]
