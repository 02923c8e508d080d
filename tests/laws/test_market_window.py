"""Theorems of the months ahead, for any network, any tree of months and any shocks."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
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
STEP = 2e-5
CASES = settings(max_examples=25, derandomize=True, deadline=None, database=None)

seeds = st.integers(0, 10_000)
sizes = st.integers(3, 5)
families = st.sampled_from(FAMILIES)
trees = st.sampled_from(TREES)


def network(seed, regions, names):
    return synthetic_network(seed, regions=regions, families=names, latent_share=1e-4)


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
@given(seeds, sizes, families, trees)
def test_gradient_is_the_slope_by_stores_and_by_the_shock_of_each_moment(seed, regions, names, tree):
    window, shocks, opening = draw_window(seed, regions, names, tree)
    shocks = [s if s.wedge_usd_per_t is not None else draw_shock(network(seed, regions, names), seed) for s in shocks]
    opening = np.maximum(opening, 0.3 * window.stores.target_t)
    here = solve(window, shocks, opening, tolerance=1e-12)
    rng = np.random.default_rng([seed, 27])
    weights = {
        "stored_t": rng.standard_normal(here.stored_t.shape) / window.stores.target_t,
        "delivered_price": rng.standard_normal(here.delivered_price.shape) / window.market.network.base_price,
        "use": rng.standard_normal(here.first.use.size) / window.market.network.base_use_t.mean(),
    }
    flat = np.stack(np.split(here.months.flat_delivered, len(tree), axis=1))
    grams = here.delivered_price > 50.0 * window.market.network.base_price  # all that answers there are last grams
    weights["delivered_price"][flat | grams] = 0.0
    gradient = here.gradient(weights)

    def outcome(answer):
        values = {"stored_t": answer.stored_t, "delivered_price": answer.delivered_price, "use": answer.first.use}
        return sum(float(np.sum(weights[name] * values[name])) for name in weights)

    def moved(name, change):
        market, stores, told, open_t = window.market, draw_stores(window.market, seed), list(shocks), opening
        if name == "opening_t":
            open_t = opening + change
        elif name in ("target_t", "scale_usd_per_t"):
            stores = replace(stores, **{name: getattr(stores, name) + change})
        elif name in ("base_price_usd_per_t", "capacity_t", "demand_elasticity"):
            arrays = network(seed, regions, names)
            given_values = arrays[name] if arrays[name].ndim == change.ndim else arrays[name][:, None]
            market = Market(**(arrays | {name: given_values + change}))
        else:
            told = [replace(s, **{name: getattr(s, name) + c}) for s, c in zip(told, change, strict=True)]
        other = Window(market, stores, tree, discount_ratio_per_month=DISCOUNT)
        return solve(other, told, open_t, tolerance=1e-12, start=here)

    net, count = window.market.network, len(tree)
    capacity = np.where(net.base_output_t > 0.97 * net.capacity_t, 0.0, net.capacity_t)
    scales = {
        "opening_t": opening,
        "target_t": window.stores.target_t,
        "scale_usd_per_t": window.stores.scale,
        "demand_ratio": np.ones((count, net.uses)),
        "wedge_usd_per_t": np.tile(net.base_price[net.link_good, net.destination], (count, 1)),
        "cost_usd_per_t": np.tile(net.margin_scale, (count, 1)),
        "base_price_usd_per_t": net.base_price,
        "capacity_t": capacity,
        "demand_elasticity": net.demand_elasticity,
    }
    base = regime(here)
    size = sum(float(np.sum(np.abs(w))) for w in weights.values())
    for name, scale in scales.items():
        direction = rng.standard_normal(scale.shape) * scale
        expected = float(np.sum(gradient[name] * direction))
        terms = float(np.sum(np.abs(gradient[name] * direction)))
        if STEP * terms > 0.01 * size:
            continue  # a nearly flat price: within the step it moves further than a straight line follows
        limit = 1e-5 * (terms + size)
        up, down = moved(name, STEP * direction), moved(name, -STEP * direction)
        if np.array_equal(regime(up), base) and np.array_equal(regime(down), base):
            slope = (outcome(up) - outcome(down)) / (2.0 * STEP)
            assert abs(slope - expected) <= limit, name


def regime(answer):
    """Which side of every switch a window is on."""
    months, net = answer.months, answer.question.worth.network
    price = months.delivered_price[net.use_good, net.use_region]
    sides = [
        months.flow >= answer.question.joined.flow_cap_t,
        months.flow > 0.0,
        months.production > 0.0,
        months.permit_price > 0.0,
        months.producer_disposal > 0.0,
        months.delivered_disposal > 0.0,
        price >= net.value_in_use,
        price >= 1.1 * net.value_in_use,
        price >= 0.2 * net.base_price[net.use_good, net.use_region],
        price >= 0.0,
        months.flat_producer,
        months.flat_delivered,
    ]
    return np.concatenate([np.ravel(side) for side in sides])


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
