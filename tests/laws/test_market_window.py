"""Theorems of the months ahead, for any network, any tree of months and any shocks."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from window_cases import (
    CASES,
    DISCOUNT,
    assert_same,
    draw_shock,
    draw_stores,
    draw_window,
    families,
    network,
    no_stores,
    seeds,
    sizes,
    solve,
    trees,
)

from derisk.market import Market, Moment, Shock, Stores, Window


@CASES
@given(seeds, sizes, families, trees)
def test_no_shock_and_stores_at_their_targets_are_the_base(seed, regions, names, tree):
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    stores = draw_stores(market, seed)
    window = Window(market, stores, tree, discount_ratio_per_month=DISCOUNT)
    answer = solve(window, [Shock()] * len(tree), stores.target_t)
    assert np.array_equal(answer.first.flow, arrays["base_flow_t"])
    assert np.array_equal(answer.first.use, arrays["base_use_t"])
    assert np.array_equal(answer.first.production, arrays["base_output_t"])
    assert np.array_equal(answer.closing_t, stores.target_t)
    assert np.all(answer.stored_t == stores.target_t)
    np.testing.assert_allclose(
        answer.delivered_price, np.tile(market.network.base_price, (len(tree), 1, 1)), rtol=1e-15
    )
    assert answer.residual == 0.0
    awake = window.solve([Shock()] * len(tree), stores.target_t * (1.0 + 1e-9))
    assert awake.converged, awake.reason
    assert_same(window, awake, answer, 1e-8)


@CASES
@given(seeds, sizes, families, trees)
def test_stocks_are_accounted_for_at_every_good_region_and_moment(seed, regions, names, tree):
    window, shocks, opening = draw_window(seed, regions, names, tree)
    answer = solve(window, shocks, opening)
    net, months, stores = window.market.network, answer.months, window.stores
    count, shape = len(tree), (net.goods, net.regions)
    for moment in range(count):
        here = slice(moment * net.regions, (moment + 1) * net.regions)
        links, plants, uses = (slice(moment * n, (moment + 1) * n) for n in (net.links, net.processes, net.uses))
        flow, production, use = months.flow[links], months.production[plants], months.use[uses]
        terms = [np.zeros(shape) for _ in range(7)]
        tonnes = net.process_good_matrix * production[:, None]
        before = opening if moment == 0 else answer.stored_t[tree[moment].parent]
        np.add.at(terms[0].T, net.process_region, np.maximum(tonnes, 0.0))
        np.add.at(terms[1], (net.link_good, net.origin), -flow)
        terms[2] -= months.producer_disposal[:, here]
        assert np.all(np.abs(sum(terms)) <= 1e-9 * sum(np.abs(t) for t in terms))
        terms = [np.zeros(shape) for _ in range(6)]
        np.add.at(terms[0], (net.link_good, net.destination), flow)
        np.add.at(terms[1].T, net.process_region, np.minimum(tonnes, 0.0))
        np.add.at(terms[2], (net.use_good, net.use_region), -use)
        terms[3] -= months.delivered_disposal[:, here]
        np.add.at(terms[4], (stores.good, stores.region), before)
        np.add.at(terms[5], (stores.good, stores.region), -answer.stored_t[moment])
        assert np.all(np.abs(sum(terms)) <= 1e-9 * sum(np.abs(t) for t in terms))
    assert np.all(answer.stored_t >= 0.0)
    assert np.array_equal(answer.closing_t, answer.stored_t[0])
    assert np.array_equal(answer.first.flow, months.flow[: net.links])


@CASES
@given(seeds, sizes, families)
def test_one_moment_without_stores_is_a_month_alone(seed, regions, names):
    arrays = network(seed, regions, names)
    market, shock = Market(**arrays), draw_shock(arrays, seed)
    window = Window(market, no_stores(), [Moment(-1, 1, 1.0)], discount_ratio_per_month=DISCOUNT)
    answer, alone = solve(window, [shock], []), market.solve(shock)
    for name in ("flow", "production", "use", "producer_price", "delivered_price", "permit_price", "link_rent"):
        np.testing.assert_allclose(getattr(answer.first, name), getattr(alone, name), rtol=1e-12, atol=1e-12)


@CASES
@given(seeds, sizes, families, st.sampled_from([0.5, 2.0, 7.0]))
def test_a_moment_of_many_months_without_stores_is_as_many_months(seed, regions, names, months):
    arrays = network(seed, regions, names)
    market, shock = Market(**arrays), draw_shock(arrays, seed)
    tree = [Moment(-1, 1, 1.0), Moment(0, months, 1.0)]
    window = Window(market, no_stores(), tree, discount_ratio_per_month=DISCOUNT)
    answer, alone = solve(window, [Shock(), shock], []), market.solve(shock)
    world = np.bincount(market.network.link_good, market.network.base_flow_t, market.goods)
    late = answer.months.flow[market.links :] / months
    assert np.max(np.abs(late - alone.flow) / world[market.network.link_good]) < 1e-7
    np.testing.assert_allclose(answer.first.flow, arrays["base_flow_t"], rtol=1e-8)


@CASES
@given(seeds, sizes, families, trees)
def test_a_window_has_a_certificate_and_a_spoiled_one_has_none(seed, regions, names, tree):
    window, shocks, opening = draw_window(seed, regions, names, tree)
    answer = solve(window, shocks, opening)
    assert answer.first.certificate.holds
    assert answer.question.certify(answer.months).worst <= 1e-8
    first = window.market.network.processes * len(tree) + opening.size
    for change in (0.99, 1.01):
        production = answer.months.production.copy()
        production[first + np.argmax(answer.stored_t)] *= change
        certificate = answer.question.certify(replace(answer.months, production=production))
        assert certificate.imbalance > 1e-8
        assert certificate.duality_gap > 1e-8


@CASES
@given(seeds, st.floats(0.2, 1.0), st.floats(0.5, 4.0), st.floats(0.1, 1.0))
def test_a_known_ban_ahead_raises_the_price_today_and_fills_the_stores_of_the_banned(seed, share, cover, scale):
    """One good, two regions: one makes it, the other buys all it uses from there."""
    rng = np.random.default_rng([seed, 28])
    arrays = {
        "base_flow_t": [60.0, 40.0],
        "origin": [0, 0],
        "destination": [0, 1],
        "good": [0, 0],
        "base_price_usd_per_t": [100.0],
        "trade_elasticity": [rng.uniform(2.0, 8.0)],
        "process_region": [0],
        "process_good_matrix": [[1.0]],
        "base_output_t": [100.0],
        "capacity_t": [rng.uniform(103.0, 150.0)],
        "unit_cost_usd_per_t": [0.0],
        "supply_steepness": [rng.uniform(0.1, 1.5)],
        "base_use_t": [60.0, 40.0],
        "use_good": [0, 0],
        "use_region": [0, 1],
        "demand_elasticity": rng.uniform(0.1, 0.8, 2),
        "value_in_use_usd_per_t": [2e3, 2e3],
    }
    market = Market(**arrays)
    stores = Stores(
        good=[0, 0], region=[0, 1], target_t=[60.0 * cover, 40.0 * cover], scale_usd_per_t=[100.0 * scale] * 2
    )
    tree = [Moment(-1, 1, 1.0), Moment(0, 3, 1.0 - share), Moment(0, 3, share)]
    window = Window(market, stores, tree, discount_ratio_per_month=DISCOUNT)
    ban = Shock(flow_cap_t=[np.inf, 0.0])
    answer = solve(window, [Shock(), Shock(), ban], [60.0 * cover, 40.0 * cover])
    assert answer.delivered_price[0, 0, 1] > 100.0
    assert answer.closing_t[1] > 40.0 * cover
    assert answer.delivered_price[2, 0, 1] > answer.delivered_price[0, 0, 1]
    assert answer.delivered_price[1, 0, 1] < 100.0  # what was stored in vain
    assert answer.first.flow[1] > 40.0
    assert answer.first.use[1] < 40.0
