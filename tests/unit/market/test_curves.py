"""Supply, demand, trade and disposal: anchored at the base, sloped as stated, and gradients of their integrals."""

import numpy as np
import pytest

from derisk.market import Market, Shock
from derisk.market.demand import demand, demand_changes, demand_value
from derisk.market.disposal import disposal, disposal_changes, disposal_value
from derisk.market.potential import look
from derisk.market.restrict import restrict
from derisk.market.supply import CURVE, FIXED, NEW, STORE, supply, supply_changes, supply_cost
from derisk.market.synthetic import synthetic_network
from derisk.market.trade import trade, trade_changes, trade_cost


def assert_gradient(curve, points, sign=1.0, step=1e-6):
    """The slope is the derivative of the quantity, the quantity that of the integral, away from kinks."""
    for x in points:
        low, high = curve(x - step), curve(x + step)
        quantity, slope, _ = curve(x)
        assert (high[0] - low[0]) / (2 * step) == pytest.approx(slope, rel=1e-5, abs=1e-6)
        assert sign * (high[2] - low[2]) / (2 * step) == pytest.approx(quantity, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("steepness", [0.05, 0.3, 1.0, 2.5])
def test_supply(steepness):
    def curve(margin):
        return supply(margin, CURVE, 8.0, 10.0, 4.0, steepness)

    assert curve(0.0)[0] == 8.0
    assert curve(0.0)[1] == pytest.approx(8.0 * steepness / 4.0)
    assert curve(1e-9)[1] == pytest.approx(curve(-1e-9)[1], rel=1e-6)
    stop = -4.0 / max(1.0, steepness)
    assert curve(stop)[0] == 0.0
    assert curve(stop + 1e-6)[0] > 0.0
    assert 9.9 < curve(1e4)[0] < 10.0
    assert_gradient(curve, [2.0 * stop, 0.9 * stop, 0.5 * stop, 0.1 * stop, 0.5, 3.0, 40.0])


def test_supply_of_a_host_does_not_answer():
    assert supply(-100.0, FIXED, 8.0, 10.0, 4.0, 0.0)[:2] == (8.0, 0.0)


def test_new_supply_starts_at_its_cost():
    def curve(margin):
        return supply(margin, NEW, 0.0, 10.0, 4.0, 0.5)

    assert curve(-1e-9) == (0.0, 0.0, 0.0)
    assert_gradient(curve, [-1.0, 0.1, 2.0, 30.0])


def test_a_store_holds_its_target_at_the_base_and_runs_out_at_a_finite_margin():
    def curve(margin):
        return supply(margin, STORE, 8.0, 8.0, 4.0, 0.0)

    assert curve(0.0)[:2] == (8.0, 2.0)
    assert curve(-16.0) == (0.0, 0.0, 0.0)
    assert curve(16.0)[0] == pytest.approx(128.0)
    assert_gradient(curve, [-20.0, -15.0, -4.0, 1.0, 50.0])


@pytest.mark.parametrize("elasticity", [0.05, 0.5, 1.0, 1.0 + 1e-13, 1.7])
def test_demand(elasticity):
    def curve(price):
        return demand(price, 6.0, 2.0, elasticity, 9.0)

    assert curve(2.0)[0] == 6.0
    assert curve(2.0)[1] == pytest.approx(-elasticity * 3.0)
    assert curve(9.0)[0] == pytest.approx(6.0 * 4.5**-elasticity)
    assert curve(9.9) == (0.0, 0.0, 0.0)
    assert curve(-1.0)[0] == curve(0.0)[0] == pytest.approx(6.0 * 5.0**elasticity * (1.0 + elasticity))
    assert curve(9.9 - 1e-12)[0] == pytest.approx(0.0, abs=1e-9)
    assert_gradient(curve, [-2.0, 0.2, 0.39, 0.5, 1.0, 2.0, 8.9, 9.1, 9.8, 12.0], sign=-1.0)


@pytest.mark.parametrize("exponent", [2.0, 2.5, 3.7, 8.0])
@pytest.mark.parametrize("cap", [np.inf, 7.0, 1.0])
def test_trade(exponent, cap):
    def curve(gap):
        ratio = (cap / 3.0) ** (1.0 / exponent)
        return trade(gap, 3.0, 5.0, exponent, cap, ratio)

    assert curve(0.0)[0] == pytest.approx(min(3.0, cap))
    assert curve(-5.0)[0] == 0.0
    assert curve(5.0)[0] == pytest.approx(min(3.0 * 2.0**exponent, cap))
    assert_gradient(curve, [-6.0, -4.9, -2.0, -0.5, 1.0, 4.0, 20.0])


def test_banned_trade_is_nothing():
    assert trade(50.0, 3.0, 5.0, 2.5, 0.0, 0.0) == (0.0, 0.0, 0.0)


def test_disposal():
    def curve(price):
        return disposal(price, 4.0, 0.5)

    assert curve(0.5) == (0.0, 0.0, 0.0)
    assert curve(0.0)[0] == 4.0
    assert curve(-0.5)[0] == 16.0
    assert_gradient(curve, [-3.0, 0.1, 0.4, 0.6], sign=-1.0)


def assert_conjugate(integral, cost, points):
    """Profit and cost of the quantity made at a price add up to the money paid: f(m) + f*(y) = m y."""
    for x in points:
        quantity, _, value = integral(x)
        assert value + cost(quantity) == pytest.approx(x * quantity, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("steepness", [0.05, 0.3, 1.0, 2.5])
def test_cost_of_supply_is_the_conjugate_of_its_profit(steepness):
    stop = -4.0 / max(1.0, steepness)
    assert_conjugate(
        lambda m: supply(m, CURVE, 8.0, 10.0, 4.0, steepness),
        lambda y: supply_cost(y, CURVE, 8.0, 10.0, 4.0, steepness),
        [2.0 * stop, 0.9 * stop, 0.1 * stop, 0.0, 0.5, 40.0],
    )
    assert supply_cost(10.1, CURVE, 8.0, 10.0, 4.0, steepness) == np.inf
    assert supply_cost(-0.1, CURVE, 8.0, 10.0, 4.0, steepness) == np.inf


def test_cost_of_a_store_is_the_conjugate_of_its_profit():
    assert_conjugate(
        lambda m: supply(m, STORE, 8.0, 8.0, 4.0, 0.0),
        lambda y: supply_cost(y, STORE, 8.0, 8.0, 4.0, 0.0),
        [-20.0, -16.0, -15.9, -4.0, 0.0, 1.0, 50.0],
    )
    assert supply_cost(-0.1, STORE, 8.0, 8.0, 4.0, 0.0) == np.inf


def test_cost_of_new_plants_and_of_hosts():
    assert_conjugate(
        lambda m: supply(m, NEW, 0.0, 10.0, 4.0, 0.5), lambda y: supply_cost(y, NEW, 0.0, 10.0, 4.0, 0.5), [-1.0, 2.0]
    )
    assert supply_cost(8.0, FIXED, 8.0, 10.0, 4.0, 0.0) == 0.0
    assert supply_cost(7.9, FIXED, 8.0, 10.0, 4.0, 0.0) == np.inf


@pytest.mark.parametrize("elasticity", [0.05, 0.5, 1.0, 1.7])
def test_worth_of_demand_is_the_conjugate_of_its_surplus(elasticity):
    for price in (0.0, 0.2, 0.4, 1.0, 2.0, 8.9, 9.0, 9.4, 9.9):
        quantity, _, surplus = demand(price, 6.0, 2.0, elasticity, 9.0)
        worth = demand_value(quantity, 6.0, 2.0, elasticity, 9.0)
        assert worth == pytest.approx(surplus + price * quantity, rel=1e-9)
    assert demand_value(1e3, 6.0, 2.0, elasticity, 9.0) == -np.inf


def test_cost_of_trade_and_worth_of_disposal_are_conjugates():
    for cap in (np.inf, 7.0, 1.0):
        ratio = (cap / 3.0) ** (1.0 / 2.5)
        assert_conjugate(
            lambda e, cap=cap, ratio=ratio: trade(e, 3.0, 5.0, 2.5, cap, ratio),
            lambda x, cap=cap: trade_cost(x, 3.0, 5.0, 2.5, cap),
            [-6.0, -2.0, 0.0, 1.0, 20.0],
        )
    assert trade_cost(7.1, 3.0, 5.0, 2.5, 7.0) == np.inf
    for price in (-3.0, 0.0, 0.4, 0.6):
        quantity, _, integral = disposal(price, 4.0, 0.5)
        assert disposal_value(quantity, 4.0, 0.5) == pytest.approx(integral + price * quantity, abs=1e-12)


def assert_changes(curve, changes, arguments):
    """Each derivative by an argument is that of the curve."""
    for number, name in enumerate(changes):
        moved = []
        for sign in (1.0, -1.0):
            changed = dict(arguments)
            changed[name] = arguments[name] * (1.0 + sign * 1e-6)
            moved.append(curve(**changed))
        slope = (moved[0] - moved[1]) / (2e-6 * arguments[name])
        assert changes[name] == pytest.approx(slope, rel=1e-5, abs=1e-7), (number, name)


@pytest.mark.parametrize("margin", [-5.0, -1.0, 0.5, 12.0])
@pytest.mark.parametrize("steepness", [0.3, 2.5])
@pytest.mark.parametrize("kind", [CURVE, NEW, FIXED])
def test_changes_of_supply(margin, steepness, kind):
    numbers = {"capacity": 10.0, "steepness": steepness, "scale": 4.0}
    base = 0.0 if kind == NEW else 8.0
    changes = dict(zip(numbers, supply_changes(margin, kind, base, 10.0, 4.0, steepness), strict=True))
    assert_changes(
        lambda capacity, steepness, scale: supply(margin, kind, base, capacity, scale, steepness)[0], changes, numbers
    )


@pytest.mark.parametrize("margin", [-20.0, -15.0, 0.5, 12.0])
def test_changes_of_a_store(margin):
    by_target, by_steepness, by_scale = supply_changes(margin, STORE, 8.0, 8.0, 4.0, 0.0)
    assert by_steepness == 0.0
    assert_changes(
        lambda target, scale: supply(margin, STORE, target, target, scale, 0.0)[0],
        {"target": by_target, "scale": by_scale},
        {"target": 8.0, "scale": 4.0},
    )


@pytest.mark.parametrize("price", [-1.0, 0.2, 1.0, 2.5, 9.3, 12.0])
def test_changes_of_demand(price):
    numbers = {"elasticity": 0.6, "base_price": 2.0, "value": 9.0}
    changes = dict(zip(numbers, demand_changes(price, 6.0, 2.0, 0.6, 9.0), strict=True))
    assert_changes(
        lambda elasticity, base_price, value: demand(price, 6.0, base_price, elasticity, value)[0], changes, numbers
    )


@pytest.mark.parametrize("gap", [-6.0, -2.0, 1.0, 20.0])
def test_changes_of_trade_and_disposal(gap):
    numbers = {"cap": 7.0, "exponent": 2.5, "scale": 5.0}
    changes = dict(zip(numbers, trade_changes(gap, 3.0, 5.0, 2.5, 7.0, (7.0 / 3.0) ** 0.4), strict=True))

    def flow(cap, exponent, scale):
        return trade(gap, 3.0, scale, exponent, cap, (cap / 3.0) ** (1.0 / exponent))[0]

    assert_changes(flow, changes, numbers)
    sinks = dict(zip(("sink", "width"), disposal_changes(gap / 20.0, 4.0, 0.5), strict=True))
    assert_changes(lambda sink, width: disposal(gap / 20.0, sink, width)[0], sinks, {"sink": 4.0, "width": 0.5})


def test_curves_of_many_are_the_curves_of_one():
    """Links and uses computed by the array: flow by flow and use by use the numbers of the single curves."""
    arrays = synthetic_network(4, regions=7, families=("chain",), density=0.6)
    arrays["demand_elasticity"][:3] = [1.0, 1.0 + 1e-9, 1.4]
    market = Market(**arrays)
    rng = np.random.default_rng(4)
    cap = np.where(rng.random(market.links) < 0.3, rng.choice([0.0, 0.5, 2.0], market.links), np.inf)
    shock = market.checked(Shock(flow_cap_t=cap * arrays["base_flow_t"]))
    (piece,) = market.pieces(shock)
    terms, component = restrict(piece, shock).terms, piece.component
    price = component.node_price * np.exp(rng.normal(0.0, 1.5, component.node_price.size))
    potential, state = look(component, terms, price)
    total = sum(disposal(p, s, w)[2] for p, s, w in zip(price, component.node_sink_t, component.node_width))
    for link in range(component.link_tail.size):
        gap = price[component.link_head[link]] - price[component.link_tail[link]] - terms.link_wedge[link]
        exponent, scale = component.link_exponent[link], component.link_scale[link]
        limits = terms.link_cap_t[link], terms.link_cap_ratio[link]
        flow, slope, surplus = trade(gap, component.link_base_t[link], scale, exponent, *limits)
        assert state.flow[link] == pytest.approx(flow, rel=1e-12, abs=1e-200)
        assert state.flow_slope[link] == pytest.approx(slope, rel=1e-12, abs=1e-200)
        total += surplus
    for u, n in enumerate(component.use_node):
        numbers = component.use_base_t[u], component.use_price[u], component.use_elasticity[u], component.use_value[u]
        quantity, slope, surplus = demand(price[n], *numbers)
        assert state.use[u] == pytest.approx(quantity, rel=1e-12)
        assert state.use_slope[u] == pytest.approx(slope, rel=1e-12)
        total += surplus
    process = np.repeat(np.arange(component.process_kind.size), np.diff(component.process_start))
    margin = np.bincount(process, component.process_tonnes * price[component.process_node]) - component.process_margin
    for p in range(component.process_kind.size):
        curve = component.process_kind[p], component.process_base_t[p], component.process_capacity_t[p]
        total += supply(margin[p], *curve, component.process_scale[p], component.process_steepness[p])[2]
    assert potential == pytest.approx(total, rel=1e-12)
