"""What does not matter to the months ahead: the unit of money, the start, branches nobody believes in."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from window_cases import (
    CASES,
    DISCOUNT,
    assert_same,
    draw_shock,
    draw_stores,
    draw_window,
    families,
    network,
    seeds,
    sizes,
    solve,
    trees,
)

from derisk.market import Market, Moment, Window


@CASES
@given(seeds, sizes, families, trees)
def test_unit_of_money_does_not_matter(seed, regions, names, tree):
    window, shocks, opening = draw_window(seed, regions, names, tree)
    arrays = network(seed, regions, names)
    money = ("base_price_usd_per_t", "unit_cost_usd_per_t", "value_in_use_usd_per_t")
    market = Market(**(arrays | {name: 1e-3 * arrays[name] for name in money}))
    stores = draw_stores(market, seed)
    cheap = Window(market, stores, tree, discount_ratio_per_month=DISCOUNT)
    changed = {
        id(s): s
        if s.wedge_usd_per_t is None
        else replace(s, wedge_usd_per_t=1e-3 * s.wedge_usd_per_t, cost_usd_per_t=1e-3 * s.cost_usd_per_t)
        for s in shocks
    }
    one, two = solve(window, shocks, opening), solve(cheap, [changed[id(s)] for s in shocks], opening)
    assert_same(window, one, two)


@CASES
@given(seeds, sizes, families, trees)
def test_the_start_does_not_matter(seed, regions, names, tree):
    window, shocks, opening = draw_window(seed, regions, names, tree)
    cold = solve(window, shocks, opening)
    rng = np.random.default_rng([seed, 25])
    noise = np.exp(0.5 * rng.standard_normal(cold.delivered_price.shape))
    away = replace(cold, delivered_price=cold.delivered_price * noise, producer_price=cold.producer_price / noise)
    assert_same(window, cold, solve(window, shocks, opening, start=away))
    again = solve(window, shocks, opening, start=cold)
    assert_same(window, cold, again)
    assert again.first.iterations <= cold.first.iterations


@CASES
@given(seeds, sizes, families)
def test_a_branch_nobody_believes_in_does_not_matter(seed, regions, names):
    chain = [Moment(-1, 1, 1.0), Moment(0, 2, 1.0), Moment(1, 3, 1.0)]
    window, (now, then, later), opening = draw_window(seed, regions, names, chain)
    branches = [*chain, Moment(0, 3, 0.0)]
    branched = Window(window.market, draw_stores(window.market, seed), branches, discount_ratio_per_month=DISCOUNT)
    other = draw_shock(network(seed, regions, names), seed + 7)
    alone = solve(window, [now, then, later], opening)
    assert_same(window, alone, solve(branched, [now, then, later, other], opening), 1e-6)


@CASES
@given(seeds, sizes, families, trees)
def test_probabilities_of_a_solve_are_those_of_its_moments(seed, regions, names, tree):
    window, shocks, opening = draw_window(seed, regions, names, tree)
    rng = np.random.default_rng([seed, 26])
    parent = np.array([moment.parent for moment in tree])
    chance = rng.uniform(0.1, 1.0, parent.size)
    chance /= np.bincount(parent + 1, chance)[parent + 1]
    told = [Moment(m.parent, m.months, p) for m, p in zip(tree, chance.tolist(), strict=True)]
    other = Window(window.market, draw_stores(window.market, seed), told, discount_ratio_per_month=DISCOUNT)
    one, two = solve(window, shocks, opening, probability=chance), solve(other, shocks, opening)
    assert np.array_equal(one.stored_t, two.stored_t)
    assert np.array_equal(one.delivered_price, two.delivered_price)
