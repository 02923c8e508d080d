"""Window cases: random windows of months ahead, their shocks and openings, for the laws of windows."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from derisk.market import Market, Moment, Shock, Stores, Window
from derisk.market.synthetic import synthetic_network

FAMILIES = (("chain",), ("joint",), ("by_product", "pair"), ("pair", "single"))
TREES = (
    (Moment(-1, 1, 1.0), Moment(0, 1, 1.0), Moment(1, 2, 1.0)),
    (Moment(-1, 1, 1.0), Moment(0, 3, 0.2), Moment(0, 1, 0.8), Moment(2, 3, 0.1), Moment(2, 4, 0.9)),
    (Moment(-1, 1, 1.0), Moment(0, 2, 0.3), Moment(0, 2, 0.5), Moment(0, 1.5, 0.2), Moment(3, 6, 1.0)),
)
DISCOUNT = 0.99
CASES = settings(max_examples=25, derandomize=True, deadline=None, database=None)

seeds = st.integers(0, 10_000)
sizes = st.integers(3, 5)
families = st.sampled_from(FAMILIES)
trees = st.sampled_from(TREES)


def network(seed, regions, names):
    """A random base year whose links answer to their price gaps by more or less than the trade elasticity."""
    arrays = synthetic_network(seed, regions=regions, families=names, latent_share=1e-4)
    ratio = np.random.default_rng([seed, 20]).choice([0.1, 0.2, 1.0, 1.0, 2.0], arrays["origin"].size)
    return arrays | {"gap_scale_ratio": ratio}


def inflow(market):
    net = market.network
    total = np.zeros((net.goods, net.regions))
    np.add.at(total, (net.link_good, net.destination), net.base_flow_t)
    return total


def draw_stores(market, seed):
    """Stores at most delivered nodes, of a week to five months, some of them two at a place."""
    rng = np.random.default_rng([seed, 21])
    good, region = np.nonzero(inflow(market) * (rng.random((market.goods, market.regions)) < 0.8))
    twice = rng.random(good.size) < 0.1
    good, region = np.append(good, good[twice]), np.append(region, region[twice])
    price = market.network.base_price[good, region]
    return Stores(
        good=good,
        region=region,
        target_t=inflow(market)[good, region] * rng.uniform(0.25, 5.0, good.size),
        scale_usd_per_t=price * np.exp(rng.uniform(-2.0, 0.5, good.size)),
    )


def no_stores():
    nothing = np.zeros(0)
    return Stores(good=nothing, region=nothing, target_t=nothing, scale_usd_per_t=nothing)


def draw_shock(arrays, seed):
    """A shock of every kind, a quota over the exports of a region among them."""
    rng = np.random.default_rng([seed, 22])
    links, uses, processes = arrays["origin"].size, arrays["base_use_t"].size, arrays["base_output_t"].size
    flow, price = arrays["base_flow_t"], arrays["base_price_usd_per_t"]
    origin = arrays["origin"][rng.integers(links)]
    link = np.flatnonzero((arrays["origin"] == origin) & (arrays["destination"] != origin))
    main = np.argmax(arrays["process_good_matrix"] == 1.0, axis=1)
    quota = {}
    if link.size > 1 and rng.random() < 0.7:
        tonnes = [rng.uniform(0.1, 0.9) * np.sum(flow[link])]
        quota = {"quota_t": tonnes, "quota_index": np.zeros(link.size, int), "quota_link": link}
    return Shock(
        flow_cap_t=np.where(rng.random(links) < 0.2, flow * rng.choice([0.0, 0.3, 1.5], links), np.inf),
        capacity_ratio=np.where(rng.random(processes) < 0.3, rng.uniform(0.1, 1.5, processes), 1.0),
        wedge_usd_per_t=np.where(rng.random(links) < 0.2, price[arrays["good"]] * rng.uniform(-0.2, 1.0, links), 0.0),
        demand_ratio=np.exp(0.3 * rng.standard_normal(uses)),
        cost_usd_per_t=np.where(rng.random(processes) < 0.3, price[main] * rng.uniform(-0.1, 0.3, processes), 0.0),
        **quota,
    )


def draw_shocks(arrays, seed, tree):
    """Two shocks and none, in some order over the moments."""
    rng = np.random.default_rng([seed, 23])
    kinds = [Shock(), draw_shock(arrays, seed), draw_shock(arrays, seed + 1)]
    return [kinds[k] for k in rng.integers(0, 3, len(tree))]


def draw_window(seed, regions, names, tree):
    """A window, its shocks, and openings from nothing to twice the target."""
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    stores = draw_stores(market, seed)
    opening = stores.target_t * np.random.default_rng([seed, 24]).choice([0.0, 0.7, 1.0, 2.0], stores.target_t.size)
    window = Window(market, stores, tree, discount_ratio_per_month=DISCOUNT)
    return window, draw_shocks(arrays, seed, tree), opening


def solve(window, shocks, opening, **more):
    answer = window.solve(shocks, opening, **more)
    assert answer.converged, answer.reason
    return answer


def assert_same(window, one, two, tolerance=1e-7):
    """Tonnes of the first month and stocks differ by less than a ten-millionth of the good's world output."""
    net, good = window.market.network, window.stores.good
    world = np.bincount(net.link_good, net.base_flow_t, net.goods)
    main = np.argmax(net.process_good_matrix == 1.0, axis=1)
    assert np.max(np.abs(one.first.flow - two.first.flow) / world[net.link_good]) < tolerance
    assert np.max(np.abs(one.first.use - two.first.use) / world[net.use_good]) < tolerance
    assert np.max(np.abs(one.first.production - two.first.production) / world[main]) < tolerance
    assert np.max(np.abs(one.closing_t - two.closing_t) / world[good], initial=0.0) < tolerance
