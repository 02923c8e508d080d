"""Market cases: random markets, shocks and quotas for the laws of one month."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from derisk.market import Equilibrium, Shock
from derisk.market.synthetic import synthetic_network

FAMILIES = (("chain",), ("joint",), ("by_product", "pair"), ("pair", "single"))
CASES = settings(max_examples=30, derandomize=True, deadline=None, database=None)

seeds = st.integers(0, 10_000)
sizes = st.integers(3, 6)
families = st.sampled_from(FAMILIES)


def network(seed, regions, names):
    """A random base year whose links answer to their price gaps by more or less than the trade elasticity."""
    arrays = synthetic_network(seed, regions=regions, families=names, latent_share=1e-4)
    ratio = np.random.default_rng([seed, 3]).choice([0.1, 0.2, 1.0, 1.0, 2.0], arrays["origin"].size)
    return arrays | {"gap_scale_ratio": np.where(arrays["origin"] == arrays["destination"], 0.5 * ratio, ratio)}


def draw_shock(arrays, seed):
    """A shock of every kind but quotas."""
    rng = np.random.default_rng([seed, 1])
    links, uses, processes = arrays["origin"].size, arrays["base_use_t"].size, arrays["base_output_t"].size
    cap = np.where(rng.random(links) < 0.2, arrays["base_flow_t"] * rng.choice([0.0, 0.3, 1.5], links), np.inf)
    price = arrays["base_price_usd_per_t"][arrays["good"]]
    return Shock(
        flow_cap_t=cap,
        capacity_ratio=np.where(rng.random(processes) < 0.3, rng.uniform(0.0, 1.5, processes), 1.0),
        wedge_usd_per_t=np.where(rng.random(links) < 0.2, price * rng.uniform(-0.2, 1.0, links), 0.0),
        demand_ratio=np.exp(0.3 * rng.standard_normal(uses)),
    )


def draw_quota(arrays, seed, share):
    """One quota over the exports of a region, of all its goods."""
    rng = np.random.default_rng([seed, 2])
    origin = arrays["origin"][rng.integers(arrays["origin"].size)]
    link = np.flatnonzero((arrays["origin"] == origin) & (arrays["destination"] != origin))
    weight = rng.uniform(0.5, 1.5, link.size)
    return {
        "quota_t": np.array([share * np.sum(weight * arrays["base_flow_t"][link])]),
        "quota_index": np.zeros(link.size, dtype=int),
        "quota_link": link,
        "quota_weight": weight,
    }


def solve(market, shock, **more) -> Equilibrium:
    equilibrium = market.solve(shock, **more)
    assert equilibrium.converged, equilibrium.reason
    return equilibrium


def assert_same_quantities(market, one, two, tolerance=1e-7):
    """Quantities differ by less than a ten-millionth of the good's world output."""
    net = market.network
    world = np.full(net.goods, 1e-9)
    np.add.at(world, net.link_good, net.base_flow_t)
    main = np.argmax(net.process_good_matrix == 1.0, axis=1)
    assert np.max(np.abs(one.flow - two.flow) / world[net.link_good]) < tolerance
    assert np.max(np.abs(one.use - two.use) / world[net.use_good]) < tolerance
    assert np.max(np.abs(one.production - two.production) / world[main]) < tolerance
