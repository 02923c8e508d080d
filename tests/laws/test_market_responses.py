"""Which way a market answers: less room, more demand, more mines, dearer flows."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from market_cases import CASES, draw_quota, draw_shock, families, network, seeds, sizes, solve

from derisk.market import Market, Shock


@CASES
@given(seeds, sizes, families)
def test_welfare_falls_as_caps_and_quotas_tighten(seed, regions, names):
    """The least potential is the welfare of the market: less room, less of it."""
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    rng = np.random.default_rng(seed)
    loose = np.where(
        rng.random(market.links) < 0.5, arrays["base_flow_t"] * rng.uniform(0.3, 1.2, market.links), np.inf
    )
    values = []
    for tightness in (1.0, 0.6, 0.2):
        shock = Shock(flow_cap_t=tightness * loose, **draw_quota(arrays, seed, tightness))
        values.append(market.potential(shock, solve(market, shock)))
    slack = 1e-11 * abs(values[0])
    assert values[0] >= values[1] - slack
    assert values[1] >= values[2] - slack


@CASES
@given(seeds, sizes, families)
def test_taxed_flows_fall_by_the_law_of_demand(seed, regions, names):
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    shock = draw_shock(arrays, seed)
    rng = np.random.default_rng([seed, 3])
    price = arrays["base_price_usd_per_t"][arrays["good"]]
    one = rng.uniform(-0.2, 0.8, market.links) * price * (rng.random(market.links) < 0.5)
    two = rng.uniform(-0.2, 0.8, market.links) * price * (rng.random(market.links) < 0.5)
    first = solve(market, replace(shock, wedge_usd_per_t=one)).flow
    second = solve(market, replace(shock, wedge_usd_per_t=two)).flow
    assert np.sum((two - one) * (second - first)) <= 1e-8 * np.sum(np.abs(two - one) * (second + first))


@CASES
@given(seeds, sizes, families, st.floats(0.02, 1.0), st.floats(0.02, 1.0))
def test_permit_price_falls_with_its_own_quota(seed, regions, names, low, high):
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    low, high = sorted((low, high))
    tight = solve(market, Shock(**draw_quota(arrays, seed, low))).permit_price[0]
    loose = solve(market, Shock(**draw_quota(arrays, seed, high))).permit_price[0]
    assert loose <= tight * (1.0 + 1e-7) + 1e-7 * arrays["base_price_usd_per_t"].max()


@CASES
@given(seeds, sizes, families)
def test_quotas_of_single_links_obey_the_law_of_demand(seed, regions, names):
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    rng = np.random.default_rng([seed, 4])
    bound = rng.random(market.links) < 0.3
    one, two = (np.where(bound, rng.uniform(0.1, 1.2, market.links) * arrays["base_flow_t"], np.inf) for _ in range(2))
    first, second = (solve(market, Shock(quota_t=q)).permit_price for q in (one, two))
    change = (second[bound] - first[bound]) * (two[bound] - one[bound])
    assert change.sum() <= 1e-8 * np.abs(change).sum()


@CASES
@given(seeds, sizes, st.sampled_from([("chain",), ("pair", "single")]), st.floats(1.01, 3.0))
def test_more_demand_lowers_no_price_of_one_to_one_chains(seed, regions, names, more):
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    row = np.random.default_rng(seed).integers(market.uses)
    answer = solve(market, Shock(demand_ratio=np.where(np.arange(market.uses) == row, more, 1.0)))
    base = np.broadcast_to(arrays["base_price_usd_per_t"][:, None], answer.delivered_price.shape) * (1.0 - 1e-7)
    assert np.all(answer.delivered_price[~answer.flat_delivered] >= base[~answer.flat_delivered])
    assert np.all(answer.producer_price[~answer.flat_producer] >= base[~answer.flat_producer])


@CASES
@given(seeds, sizes, st.sampled_from([("chain",), ("pair", "single")]), st.floats(1.01, 3.0))
def test_more_mines_raise_no_price_of_one_to_one_chains(seed, regions, names, more):
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    mines = np.flatnonzero(~(arrays["process_good_matrix"] < 0.0).any(axis=1))
    mine = np.random.default_rng(seed).choice(mines)
    answer = solve(market, Shock(capacity_ratio=np.where(np.arange(market.processes) == mine, more, 1.0)))
    base = np.broadcast_to(arrays["base_price_usd_per_t"][:, None], answer.delivered_price.shape)
    assert np.all(answer.delivered_price[~answer.flat_delivered] <= base[~answer.flat_delivered] * (1.0 + 1e-7))
