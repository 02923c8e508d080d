"""The market's quantities are those of the welfare problem it is the dual of, solved by a conic solver."""

import warnings

import cvxpy as cp
import numpy as np
import pytest

from derisk.market import Market, Shock
from derisk.market.synthetic import synthetic_network

LARGEST_DIFFERENCE = 1e-6


def trade_cost(net, checked, x):
    """Cost of flows beyond their wedge, (6.4): the conjugate of the trade surplus."""
    cost = 0.0
    exponent = net.trade_exponent[net.link_good]
    price = net.base_price[net.link_good, net.destination]
    for b in np.unique(exponent):
        at = np.flatnonzero(exponent == b)
        size = price[at] * net.base_flow_t[at]
        ratio = cp.multiply(x[at], 1.0 / net.base_flow_t[at])
        cost += b / (b + 1.0) * cp.sum(cp.multiply(size, cp.power(ratio, 1.0 + 1.0 / b)))
    wedge = price - net.base_price[net.link_good, net.origin] + checked["wedge"]
    return cost + (wedge - price) @ x


def supply_cost(net, ratio, a, rules):
    """Output of one process and its cost, (6.6) to (6.9), in pieces."""
    y0, capacity, eta = net.base_output_t[a] * ratio, net.capacity_t[a] * ratio, net.steepness[a]
    scale, margin = net.margin_scale[a], net.base_margin[a]
    if ratio == 0.0:
        return 0.0, 0.0
    if y0 == 0.0:
        z = cp.Variable(nonneg=True)
        rules.append(z <= 1.0)
        return capacity * z, capacity * ((margin - scale) * z - 2.0 * scale * cp.sqrt(1.0 - z))
    if eta == 0.0:
        return y0, 0.0
    stretch, eta = scale / max(1.0, eta), min(1.0, eta)
    z, t = cp.Variable(nonneg=True), cp.Variable(nonneg=True)
    rules.extend([z <= 1.0, t <= 1.0])
    if eta == 1.0:
        low = cp.square(z) / 2.0 - z
    else:
        root = cp.power(eta**2 + 4.0 * (1.0 - eta) * (1.0 - z), 1.5)
        low = (eta * z + root / (6.0 * (1.0 - eta))) / (2.0 * (1.0 - eta))
    room = capacity - y0
    kappa = eta * y0 / (2.0 * room)
    high = (-2.0 * cp.sqrt(1.0 - t) - t) / kappa
    cost = margin * (y0 * z + room * t) + stretch * (y0 * low + room * high)
    return y0 * z + room * t, cost


def use_value(net, ratio, u, rules):
    """Use and its value, (6.10) to (6.12), in pieces."""
    base, eps, value = net.base_use_t[u] * ratio, net.demand_elasticity[u], net.value_in_use[u]
    if base == 0.0:
        return 0.0, 0.0
    price = net.base_price[net.use_good[u], net.use_region[u]]
    at_value, at_low = (value / price) ** -eps, 5.0**eps
    first, middle, last = cp.Variable(nonneg=True), cp.Variable(), cp.Variable(nonneg=True)
    rules.extend([first <= 1.0, middle >= at_value, middle <= at_low, last <= 1.0])
    worth = at_value * value * (1.1 * first - 0.05 * cp.square(first))
    power = 1.0 - 1.0 / eps
    worth += price * cp.log(middle) if eps == 1.0 else price / power * cp.power(middle, power)
    more = at_low * eps
    worth += 0.2 * price * more * (last - cp.square(last) / 2.0)
    return base * (at_value * first + middle - at_value + more * last), base * worth


def sink_value(net, goods, regions, sinks, price):
    """Value of what is disposed of, (6.13)."""
    d = cp.Variable((goods, regions), nonneg=True)
    width = 0.02 * price
    return cp.multiply(sinks, d), cp.sum(cp.multiply(sinks * width, d - 2.0 / 3.0 * cp.power(d, 1.5)))


def primal(market, shock):
    """Flows, outputs and uses of the welfare problem."""
    net = market.network
    links = net.links
    checked = {"wedge": np.zeros(links) if shock.wedge_usd_per_t is None else shock.wedge_usd_per_t}
    capacity = np.ones(net.processes) if shock.capacity_ratio is None else shock.capacity_ratio
    ratio = np.ones(net.uses) if shock.demand_ratio is None else shock.demand_ratio
    unit = cp.Variable(links, nonneg=True)
    x = cp.multiply(net.base_flow_t, unit)
    rules = []
    if shock.flow_cap_t is not None:
        capped = np.flatnonzero(np.isfinite(shock.flow_cap_t))
        if capped.size:
            rules.append(unit[capped] <= shock.flow_cap_t[capped] / net.base_flow_t[capped])
    if shock.quota_t is not None:
        for k, tonnes in enumerate(shock.quota_t):
            row = np.zeros(links)
            np.add.at(row, shock.quota_link[shock.quota_index == k], shock.quota_weight[shock.quota_index == k])
            rules.append((row * net.base_flow_t) @ unit / tonnes <= 1.0)
    welfare = -trade_cost(net, checked, x)
    shape = (net.goods, net.regions)
    lam = [[0.0] * shape[1] for _ in range(shape[0])]
    mu = [[0.0] * shape[1] for _ in range(shape[0])]
    outputs, uses = [], []
    for a in range(net.processes):
        y, cost = supply_cost(net, capacity[a], a, rules)
        outputs.append(y)
        welfare -= cost
        for g in np.flatnonzero(net.process_good_matrix[a]):
            side = lam if net.process_good_matrix[a, g] > 0.0 else mu
            side[g][net.process_region[a]] += net.process_good_matrix[a, g] * y
    for u in range(net.uses):
        d, value = use_value(net, ratio[u], u, rules)
        uses.append(d)
        welfare += value
        mu[net.use_good[u]][net.use_region[u]] -= d
    made = np.zeros(shape)
    np.add.at(made.T, net.process_region, np.maximum(net.process_good_matrix, 0.0) * net.capacity_t[:, None])
    sent, came = np.zeros(shape), np.zeros(shape)
    np.add.at(sent, (net.link_good, net.origin), net.base_flow_t)
    np.add.at(came, (net.link_good, net.destination), net.base_flow_t)
    world = sent.sum(axis=1, keepdims=True)
    for side, sign, end, size in ((lam, -1.0, net.origin, np.maximum(made, sent)), (mu, 1.0, net.destination, came)):
        sink, value = sink_value(net, *shape, np.maximum(size, 1e-3 * world), net.base_price)
        welfare += value
        for g in range(shape[0]):
            for r in range(shape[1]):
                at = np.flatnonzero((net.link_good == g) & (end == r))
                total = side[g][r] + (sign * net.base_flow_t[at] @ unit[at] if at.size else 0.0)
                rules.append((total - sink[g, r]) / world[g, 0] == 0.0)
    scale = float(np.sum(net.base_price[net.use_good, net.use_region] * net.base_use_t))
    problem = cp.Problem(cp.Maximize(welfare / scale), rules)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # tolerances beyond the solver's reach: it returns its best point
        problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-13, tol_gap_rel=1e-13, tol_feas=1e-12, max_iter=400)
    number = [float(y.value) if isinstance(y, cp.Expression) else y for y in outputs]
    return x.value, np.array(number), np.array([float(d.value) if isinstance(d, cp.Expression) else d for d in uses])


def arrays(seed, regions, *families, **changes):
    """A network a conic solver can take: second-order cones, demand not too rigid, goods of like value."""
    given = synthetic_network(seed, regions=regions, families=families, latent_share=1e-3)
    rng = np.random.default_rng(seed)
    given["supply_steepness"] = rng.choice([0.4, 0.8, 1.0, 1.5], given["base_output_t"].size)
    given["capacity_t"] = given["base_output_t"] / rng.uniform(0.6, 0.9, given["base_output_t"].size)
    uses = given["base_use_t"].size
    world = np.bincount(given["good"], weights=given["base_flow_t"], minlength=given["trade_elasticity"].size)
    given["base_price_usd_per_t"] = 1e6 / np.maximum(world, 1.0) * 1.4 ** np.arange(world.size)
    given["demand_elasticity"] = 1.0 / rng.integers(2, 5, uses)
    given["value_in_use_usd_per_t"] = given["base_price_usd_per_t"][given["use_good"]] * rng.uniform(1.5, 6.0, uses)
    given["trade_elasticity"] = rng.integers(2, 5, given["trade_elasticity"].size).astype(float)
    return given | changes


def assert_same(market, shock):
    """Quantities agree to a millionth of the good's world output."""
    ours = market.solve(shock)
    assert ours.converged, ours.reason
    flow, production, use = primal(market, shock)
    net = market.network
    world = np.full(net.goods, 1e-9)
    np.add.at(world, net.link_good, net.base_flow_t)
    main = np.argmax(net.process_good_matrix == 1.0, axis=1)
    differences = [
        np.abs(ours.flow - flow) / world[net.link_good],
        np.abs(ours.production - production) / world[main],
        np.abs(ours.use - use) / world[net.use_good],
    ]
    worst = max(float(d.max()) for d in differences)
    print("worst", worst, [float(d.max()) for d in differences], ours.iterations)
    assert worst < LARGEST_DIFFERENCE
    return ours


def largest_shipper(given, good):
    at = given["good"] == good
    return int(np.argmax(np.bincount(given["origin"][at], weights=given["base_flow_t"][at])))


def ban(given, good, origin):
    """Caps that stop every export of a good from a region."""
    stopped = (given["good"] == good) & (given["origin"] == origin) & (given["destination"] != origin)
    return np.where(stopped, 0.0, np.inf)


def test_ban_in_a_chain():
    given = arrays(3, 4, "chain")
    assert_same(Market(**given), Shock(flow_cap_t=ban(given, 1, largest_shipper(given, 1))))


def test_ban_on_a_joint_product():
    given = arrays(5, 3, "joint")
    assert_same(Market(**given), Shock(flow_cap_t=ban(given, 2, largest_shipper(given, 2))))


@pytest.mark.parametrize("share", [0.2, 0.7])
def test_quota_over_several_goods(share):
    given = arrays(7, 3, "joint")
    origin = largest_shipper(given, 1)
    link = np.flatnonzero(
        np.isin(given["good"], [1, 2, 3]) & (given["origin"] == origin) & (given["destination"] != origin)
    )
    weight = np.where(given["good"][link] == 1, 1.0, 1.2)
    tonnes = share * np.sum(weight * given["base_flow_t"][link])
    shock = Shock(
        quota_t=np.array([tonnes]), quota_index=np.zeros(link.size, int), quota_link=link, quota_weight=weight
    )
    equilibrium = assert_same(Market(**given), shock)
    assert equilibrium.permit_price[0] > 0.0


def test_tax():
    given = arrays(11, 4, "pair", "single")
    taxed = (given["origin"] == largest_shipper(given, 1)) & (given["good"] == 1)
    assert_same(Market(**given), Shock(wedge_usd_per_t=np.where(taxed, 0.8 * given["base_price_usd_per_t"][1], 0.0)))


def test_outage():
    given = arrays(13, 4, "chain")
    ratio = np.ones(given["base_output_t"].size)
    ratio[np.argmax(given["base_output_t"])] = 0.25
    ratio[-1] = 0.0
    assert_same(Market(**given), Shock(capacity_ratio=ratio))


def test_demand_doubles_and_halves():
    given = arrays(17, 4, "by_product")
    ratio = np.where(np.arange(given["base_use_t"].size) % 2 == 0, 2.0, 0.5)
    assert_same(Market(**given), Shock(demand_ratio=ratio))


def test_region_cut_off_from_every_supplier():
    given = arrays(19, 3, "chain")
    cap = np.where(given["destination"] == 1, 0.0, np.inf)
    equilibrium = assert_same(Market(**given), Shock(flow_cap_t=cap))
    assert np.all(equilibrium.use[given["use_region"] == 1] == 0.0)


def test_refiner_without_feed():
    given = arrays(23, 3, "pair")
    refiner = int(np.flatnonzero((given["process_good_matrix"] < 0.0).any(axis=1))[0])
    region = given["process_region"][refiner]
    cap = np.where((given["good"] == 0) & (given["destination"] == region), 0.0, np.inf)
    equilibrium = assert_same(Market(**given), Shock(flow_cap_t=cap))
    assert equilibrium.production[refiner] < 1e-9


def test_producer_without_buyer():
    given = arrays(29, 3, "single")
    cap = np.where(given["origin"] == largest_shipper(given, 0), 0.0, np.inf)
    equilibrium = assert_same(Market(**given), Shock(flow_cap_t=cap))
    assert equilibrium.flat_producer[0, largest_shipper(given, 0)]


def test_by_product_residue_under_an_outage_of_its_host():
    given = arrays(31, 4, "by_product")
    given["supply_steepness"][(given["process_good_matrix"] > 0.0).sum(axis=1) == 2] = 0.0
    ratio = np.where(
        (given["process_good_matrix"][:, 0] == 1.0) & (given["process_region"] == largest_shipper(given, 0)), 0.4, 1.0
    )
    assert_same(Market(**given), Shock(capacity_ratio=ratio))


def test_new_capacity_starts_under_a_ban():
    given = arrays(37, 3, "single")
    top = largest_shipper(given, 0)
    second = next(int(r) for r in given["origin"] if r != top)
    given["process_region"] = np.append(given["process_region"], second)
    given["process_good_matrix"] = np.vstack([given["process_good_matrix"], [1.0]])
    for name, value in (("base_output_t", 0.0), ("capacity_t", 9e3), ("supply_steepness", 0.5)):
        given[name] = np.append(given[name], value)
    given["unit_cost_usd_per_t"] = np.append(given["unit_cost_usd_per_t"], 1.05 * given["base_price_usd_per_t"][0])
    market = Market(**given)
    assert market.base_equilibrium().production[-1] == 0.0
    equilibrium = assert_same(market, Shock(flow_cap_t=ban(given, 0, top)))
    assert equilibrium.production[-1] > 0.0
