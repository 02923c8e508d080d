"""Theorems of the market, for any network and any shock."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derisk.market import Equilibrium, Market, Shock
from derisk.market.synthetic import synthetic_network

FAMILIES = (("chain",), ("joint",), ("by_product", "pair"), ("pair", "single"))
CASES = settings(max_examples=30, derandomize=True, deadline=None, database=None)

seeds = st.integers(0, 10_000)
sizes = st.integers(3, 6)
families = st.sampled_from(FAMILIES)


def network(seed, regions, names):
    return synthetic_network(seed, regions=regions, families=names, latent_share=1e-4)


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


def world_output(arrays):
    world = np.full(arrays["base_price_usd_per_t"].size, 1e-9)
    np.add.at(world, arrays["good"], arrays["base_flow_t"])
    return world


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


@CASES
@given(seeds, sizes, families)
def test_no_shock_is_the_base(seed, regions, names):
    arrays = network(seed, regions, names)
    equilibrium = solve(Market(**arrays), Shock())
    np.testing.assert_allclose(equilibrium.flow, arrays["base_flow_t"], rtol=1e-12)
    np.testing.assert_allclose(equilibrium.use, arrays["base_use_t"], rtol=1e-12)
    np.testing.assert_allclose(equilibrium.production, arrays["base_output_t"], rtol=1e-12)
    assert np.all(equilibrium.producer_price == arrays["base_price_usd_per_t"][:, None])
    assert equilibrium.residual == 0.0


@CASES
@given(seeds, sizes, families, st.sampled_from([None, 0.5, 0.05]))
def test_mass_balances_at_every_good_and_region(seed, regions, names, share):
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    quota = {} if share is None else draw_quota(arrays, seed, share)
    answer = solve(market, replace(draw_shock(arrays, seed), **quota))
    shape = (market.goods, market.regions)
    plus, minus = np.zeros(shape), np.zeros(shape)
    tonnes = arrays["process_good_matrix"] * answer.production[:, None]
    np.add.at(plus.T, arrays["process_region"], np.maximum(tonnes, 0.0))
    np.add.at(minus.T, arrays["process_region"], np.maximum(-tonnes, 0.0))
    np.add.at(plus, (arrays["good"], arrays["destination"]), answer.flow)
    np.add.at(minus, (arrays["good"], arrays["origin"]), answer.flow)
    np.add.at(minus, (arrays["use_good"], arrays["use_region"]), answer.use)
    minus += answer.producer_disposal + answer.delivered_disposal
    assert np.all(answer.flow >= 0.0)
    assert np.all(answer.use >= 0.0)
    assert np.all(answer.producer_disposal >= 0.0)
    assert np.all(np.abs(plus - minus) <= 1e-9 * (plus + minus))


@CASES
@given(seeds, sizes, families, st.sampled_from([0.7, 0.2]))
def test_money_balances(seed, regions, names, share):
    """What users and plants pay = what producers get + wedges + permits + rents of caps + traders' choice margins."""
    arrays = network(seed, regions, names)
    market = Market(**arrays)
    quota = draw_quota(arrays, seed, share)
    shock = replace(draw_shock(arrays, seed), **quota)
    answer = solve(market, shock)
    good, price = arrays["good"], arrays["base_price_usd_per_t"][arrays["good"]]
    b = np.maximum(arrays["trade_elasticity"], 2.0)[good]
    choice = price * ((answer.flow / arrays["base_flow_t"]) ** (1.0 / b) - 1.0)
    permit = np.zeros(good.size)
    permit[quota["quota_link"]] = quota["quota_weight"] * answer.permit_price[0]
    paid = answer.delivered_price[good, arrays["destination"]] * answer.flow
    got = (answer.producer_price[good, arrays["origin"]] + shock.wedge_usd_per_t + permit) * answer.flow
    kept = (answer.link_rent + choice) * answer.flow
    assert abs(np.sum(paid - got - kept)) <= 1e-9 * np.sum(np.abs(paid) + np.abs(got))


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


def test_a_failed_solve_is_a_value_with_a_reason():
    """Here every residual counts as too large: the solve is returned, not raised."""
    arrays = network(3, 4, ("chain",))
    market = Market(**arrays)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("derisk.market.answer.LARGEST_RESIDUAL", -1.0)
        answer = market.solve(draw_shock(arrays, 3))
    assert not answer.converged
    assert "residual" in answer.reason
    assert "good" in answer.reason
