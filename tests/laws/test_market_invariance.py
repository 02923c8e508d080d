"""What does not matter to a market: units, names, the start, threads."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from market_cases import CASES, assert_same_quantities, draw_shock, families, network, seeds, sizes, solve

from derisk.market import Market


@CASES
@given(seeds, sizes, families)
def test_unit_of_money_does_not_matter(seed, regions, names):
    arrays = network(seed, regions, names)
    money = ("base_price_usd_per_t", "unit_cost_usd_per_t", "value_in_use_usd_per_t")
    scaled = arrays | {name: 1e-3 * arrays[name] for name in money}
    shock = draw_shock(arrays, seed)
    market = Market(**arrays)
    one = solve(market, shock)
    two = solve(Market(**scaled), replace(shock, wedge_usd_per_t=1e-3 * shock.wedge_usd_per_t))
    assert_same_quantities(market, one, two)


@CASES
@given(seeds, sizes, families)
def test_unit_of_mass_of_each_good_does_not_matter(seed, regions, names):
    arrays = network(seed, regions, names)
    goods = arrays["base_price_usd_per_t"].size
    unit = np.exp(np.random.default_rng(seed).uniform(-3.0, 3.0, goods))
    main = np.argmax(arrays["process_good_matrix"] == 1.0, axis=1)
    scaled = arrays | {
        "base_flow_t": arrays["base_flow_t"] * unit[arrays["good"]],
        "base_price_usd_per_t": arrays["base_price_usd_per_t"] / unit,
        "process_good_matrix": arrays["process_good_matrix"] * unit / unit[main][:, None],
        "base_output_t": arrays["base_output_t"] * unit[main],
        "capacity_t": arrays["capacity_t"] * unit[main],
        "base_use_t": arrays["base_use_t"] * unit[arrays["use_good"]],
        "value_in_use_usd_per_t": arrays["value_in_use_usd_per_t"] / unit[arrays["use_good"]],
    }
    shock = draw_shock(arrays, seed)
    market = Market(**arrays)
    one = solve(market, shock)
    link_unit = unit[arrays["good"]]
    other = solve(
        Market(**scaled),
        replace(shock, flow_cap_t=shock.flow_cap_t * link_unit, wedge_usd_per_t=shock.wedge_usd_per_t / link_unit),
    )
    two = replace(
        other,
        flow=other.flow / link_unit,
        use=other.use / unit[arrays["use_good"]],
        production=other.production / unit[main],
    )
    assert_same_quantities(market, one, two)


@CASES
@given(seeds, sizes, families)
def test_names_of_regions_do_not_matter(seed, regions, names):
    arrays = network(seed, regions, names)
    name = np.random.default_rng(seed).permutation(regions)
    renamed = arrays | {key: name[arrays[key]] for key in ("origin", "destination", "process_region", "use_region")}
    shock = draw_shock(arrays, seed)
    market = Market(**arrays)
    one, two = solve(market, shock), solve(Market(**renamed), shock)
    assert_same_quantities(market, one, two)


@CASES
@given(seeds, sizes, families)
def test_quantities_do_not_depend_on_the_start(seed, regions, names):
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    shock = draw_shock(arrays, seed)
    one = solve(market, shock)
    rng = np.random.default_rng([seed, 5])
    start = replace(
        one,
        producer_price=one.producer_price * np.exp(rng.standard_normal(one.producer_price.shape)),
        delivered_price=one.delivered_price * np.exp(rng.standard_normal(one.producer_price.shape)),
    )
    assert_same_quantities(market, one, solve(market, shock, start=start))


@settings(CASES, max_examples=5)
@given(seeds, sizes, families)
def test_a_batch_is_a_loop(seed, regions, names):
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    shocks = [draw_shock(arrays, seed + step) for step in range(4)]
    loop = [market.solve(shock) for shock in shocks]
    for threads in (1, 3):
        for one, two in zip(loop, market.solve_batch(shocks, threads=threads)):
            np.testing.assert_array_equal(one.flow, two.flow)
            np.testing.assert_array_equal(one.delivered_price, two.delivered_price)
