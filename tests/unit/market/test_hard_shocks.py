"""Hard shocks on three-stage networks converge: complete bans, cut-off regions, idle plants, ten-fold demand."""

import numpy as np

from derisk.market import Market, Shock
from derisk.market.synthetic import synthetic_network

SHOCKS = 300
NETWORKS = 10
LEAST_CONVERGED_SHARE = 0.99


def largest(arrays, good, rank):
    shipped = np.bincount(arrays["origin"], weights=arrays["base_flow_t"] * (arrays["good"] == good))
    return int(np.argsort(-shipped)[rank])


def hard_shock(arrays, rng):
    """One to four measures at once, each by one of a good's three largest shippers."""
    links, processes, uses = arrays["origin"].size, arrays["base_output_t"].size, arrays["base_use_t"].size
    goods = arrays["base_price_usd_per_t"].size
    cap, wedge = np.full(links, np.inf), np.zeros(links)
    capacity, ratio = np.ones(processes), np.ones(uses)
    for _ in range(rng.integers(1, 5)):
        good = int(rng.integers(goods))
        hit = [good] if rng.random() < 0.5 else list(range(goods))
        region = largest(arrays, good, int(rng.integers(3)))
        exports = np.isin(arrays["good"], hit) & (arrays["origin"] == region)
        match int(rng.integers(8)):
            case 0 | 1:
                cap[exports & (arrays["destination"] != region)] = 0.0
            case 2:
                cap[exports] = 0.0
            case 3:
                capacity[arrays["process_region"] == region] = 0.0
            case 4:
                ratio[np.isin(arrays["use_good"], hit)] *= 10.0
            case 5:
                cap[np.isin(arrays["good"], hit) & (arrays["destination"] == rng.integers(12))] = 0.0
            case 6:
                wedge[exports] = arrays["base_price_usd_per_t"][arrays["good"][exports]] * rng.uniform(-0.9, 20.0)
            case _:
                capacity[rng.random(processes) < 0.5] = rng.choice([0.0, 0.01, 0.1, 3.0])
    quota = {}
    if rng.random() < 0.4:
        good = int(rng.integers(goods))
        region = largest(arrays, good, 0)
        near = np.isin(arrays["good"], [good, (good + 1) % goods])
        link = np.flatnonzero(near & (arrays["origin"] == region) & (arrays["destination"] != region))
        tonnes = arrays["base_flow_t"][link].sum() * rng.choice([0.001, 0.1, 0.5])
        quota = {"quota_t": [tonnes], "quota_index": np.zeros(link.size, int), "quota_link": link}
    return Shock(flow_cap_t=cap, wedge_usd_per_t=wedge, capacity_ratio=capacity, demand_ratio=ratio, **quota)


def test_hard_shocks_converge():
    failed, steps = [], []
    for number in range(NETWORKS):
        names = ("chain", "joint", "single") if number % 2 else ("chain", "by_product", "chain")
        arrays = synthetic_network(number, regions=12, families=names)
        market = Market(**arrays)
        for trial in range(SHOCKS // NETWORKS):
            equilibrium = market.solve(hard_shock(arrays, np.random.default_rng([number, trial])))
            steps.append(equilibrium.iterations)
            if not equilibrium.converged:
                assert equilibrium.reason
                failed.append((number, trial, equilibrium.reason))
    print(f"{SHOCKS - len(failed)} of {SHOCKS} converged; Newton steps median {np.median(steps)}, most {max(steps)}")
    assert len(failed) <= (1.0 - LEAST_CONVERGED_SHARE) * SHOCKS, failed
