"""The market's quantities are those of the welfare problem it is the dual of, solved by a conic solver."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from derisk.market import Market, Moment, Shock, Stores, Window
from derisk.market.synthetic import synthetic_network

LARGEST_DIFFERENCE = 1e-6
"""From the conic solver's quantities, over world output."""
SETTINGS = ({"regularisation": 1e-11}, {"rescaled": True})
"""The conic solver's own error is near the square root of its gap: a few millionths in seven to nine of a hundred cases
with either setting, in three with both, in none of those below."""
LARGEST_ERROR = 1e-9
"""From the balance found in extended precision from the conic solver's prices."""


def load(name):
    """A module of `benchmarks`, where problems are stated with it too."""
    path = Path(__file__).resolve().parents[3] / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


primal, referee = load("market_primal"), load("market_referee")


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


def largest_difference(market, ours, theirs):
    """Largest difference of a flow, an output or a use, relative to the good's world output."""
    net = market.network
    world = np.full(net.goods, 1e-9)
    np.add.at(world, net.link_good, net.base_flow_t)
    main = np.argmax(net.process_good_matrix == 1.0, axis=1)
    goods = net.link_good, main, net.use_good
    pairs = zip((ours.flow, ours.production, ours.use), theirs, goods, strict=True)
    return max(float(np.max(np.abs(mine - other) / world[good])) for mine, other, good in pairs)


def assert_same(market, shock):
    """The conic solver finds these quantities under one of its settings, and from its prices extended precision does.

    What is left between the two solvers is laid to one of them by the referee: it knows neither, and starts from the
    conic solver's end of the difference.
    """
    ours = market.solve(shock)
    assert ours.converged, ours.reason
    problem = primal.state_primal(market, shock)
    differences = [largest_difference(market, ours, problem.solve(**setting)[:3]) for setting in SETTINGS]
    assert min(differences) < LARGEST_DIFFERENCE, differences
    exact = referee.Referee(market, shock).solve(*problem.prices(market, shock))
    assert exact.imbalance < 1e-12
    assert largest_difference(market, ours, (exact.flow, exact.production, exact.use)) < LARGEST_ERROR
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


def test_ban_where_home_deliveries_answer_five_times_as_strongly():
    given = arrays(19, 3, "chain")
    given["gap_scale_ratio"] = np.where(given["origin"] == given["destination"], 0.2, 1.0)
    equilibrium = assert_same(Market(**given), Shock(flow_cap_t=ban(given, 1, largest_shipper(given, 1))))
    alike = Market(**(given | {"gap_scale_ratio": np.ones(given["origin"].size)}))
    other = alike.solve(Shock(flow_cap_t=ban(given, 1, largest_shipper(given, 1))))
    assert largest_difference(alike, equilibrium, (other.flow, other.production, other.use)) > 1e-3


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


def measures(given, rng):
    """One to six measures at once, of every kind, by any region on any good."""
    links, processes, uses = given["origin"].size, given["base_output_t"].size, given["base_use_t"].size
    cap, wedge = np.full(links, np.inf), np.zeros(links)
    capacity, ratio, quota = np.ones(processes), np.ones(uses), {}
    for kind in rng.choice(["ban", "cap", "tax", "outage", "demand", "quota"], rng.integers(1, 7), replace=False):
        good = int(rng.integers(given["trade_elasticity"].size))
        origin = largest_shipper(given, good) if rng.random() < 0.7 else int(rng.choice(given["origin"]))
        exports = (given["good"] == good) & (given["origin"] == origin) & (given["destination"] != origin)
        if kind == "ban":
            cap[exports] = 0.0
        elif kind == "cap":
            cap[exports] = np.minimum(cap[exports], rng.uniform(0.1, 0.9) * given["base_flow_t"][exports])
        elif kind == "tax":
            wedge[exports] += rng.uniform(0.1, 1.0) * given["base_price_usd_per_t"][good]
        elif kind == "outage":
            capacity[given["process_region"] == origin] = rng.uniform(0.2, 0.9)
        elif kind == "demand":
            ratio[given["use_good"] == good] = rng.uniform(*((0.0, 1.0), (1.0, 10.0))[int(rng.integers(2))])
        else:
            link = np.flatnonzero((given["origin"] == origin) & (given["destination"] != origin))
            tonnes = rng.uniform(0.1, 0.9) * given["base_flow_t"][link].sum()
            if link.size > 1:
                quota = {"quota_t": [tonnes], "quota_index": np.zeros(link.size, int), "quota_link": link}
    return Shock(flow_cap_t=cap, wedge_usd_per_t=wedge, capacity_ratio=capacity, demand_ratio=ratio, **quota)


@pytest.mark.slow
def test_random_networks_under_measures_of_every_kind():
    names = (("chain",), ("joint",), ("by_product",), ("pair", "single"), ("single", "single"))
    for number in range(50):
        given = arrays(100 + number, 3, *names[number % 5])
        assert_same(Market(**given), measures(given, np.random.default_rng([number, 5])))


BRANCHES = (Moment(-1, 1, 1.0), Moment(0, 2, 0.3), Moment(0, 1, 0.7), Moment(2, 3, 1.0))
"""A month, one of two things, and a second month after the likelier."""


@pytest.mark.parametrize(
    ("seed", "names", "kind"),
    [(3, ("single",), "ban"), (5, ("pair",), "outage"), (11, ("chain",), "ban"), (19, ("pair",), "quota")],
)
def test_the_months_ahead(seed, names, kind):
    """Tonnes of every moment and every stock are those of the conic solver's stochastic programme.

    In these cases it comes within a millionth of world output; in others its own error is up to a hundred-thousandth.
    """
    given = arrays(seed, 3, *names)
    market, rng = Market(**given), np.random.default_rng([seed, 31])
    taken = np.zeros((market.goods, market.regions))
    np.add.at(taken, (given["good"], given["destination"]), given["base_flow_t"])
    good, region = np.nonzero(taken)
    stores = Stores(
        good=good,
        region=region,
        target_t=taken[good, region] * rng.uniform(0.5, 2.0, good.size),
        scale_usd_per_t=given["base_price_usd_per_t"][good] * rng.uniform(0.2, 1.0, good.size),
    )
    window = Window(market, stores, BRANCHES, discount_ratio_per_month=0.98)
    top = largest_shipper(given, 0)
    exports = (given["good"] == 0) & (given["origin"] == top) & (given["destination"] != top)
    ahead = {
        "ban": Shock(flow_cap_t=ban(given, 0, top)),
        "outage": Shock(
            capacity_ratio=np.where(given["process_region"] == top, 0.4, 1.0),
            cost_usd_per_t=0.1 * market.network.margin_scale,
        ),
        "quota": Shock(
            quota_t=[0.4 * given["base_flow_t"][exports].sum()],
            quota_index=np.zeros(exports.sum(), int),
            quota_link=np.flatnonzero(exports),
        ),
    }[kind]
    opening = stores.target_t * rng.choice([0.6, 1.0, 1.3], good.size)
    ours = window.solve([Shock(), Shock(), ahead, ahead], opening)
    assert ours.converged, ours.reason
    flow, production, use, _ = primal.state_window_primal(window, ours).solve()
    net, months = ours.question.worth.network, ours.months
    world = np.bincount(given["good"], given["base_flow_t"], market.goods)
    assert np.max(np.abs(months.flow - flow) / world[net.link_good]) < 1e-6
    assert np.max(np.abs(months.use - use) / world[net.use_good]) < 1e-6
    stored = production[-ours.stored_t.size :].reshape(ours.stored_t.shape)
    assert np.max(np.abs(ours.stored_t - stored) / world[good]) < 1e-6
