"""Changes of cost, and processes that only buy: what they do to a month."""

import numpy as np
import pytest

from derisk.errors import ShapeError
from derisk.market import Market, Shock

CEILING = 130.0


def one_good(**changes):
    """Region 0 makes 10 t and sends 6 to region 1, which makes 2; one use in each region, two plants in region 0."""
    arrays = {
        "base_flow_t": np.array([4.0, 6.0, 2.0]),
        "origin": np.array([0, 0, 1]),
        "destination": np.array([0, 1, 1]),
        "good": np.array([0, 0, 0]),
        "base_price_usd_per_t": np.array([100.0]),
        "trade_elasticity": np.array([4.0]),
        "process_region": np.array([0, 0, 1]),
        "process_good_matrix": np.array([[1.0], [1.0], [1.0]]),
        "base_output_t": np.array([5.0, 5.0, 2.0]),
        "capacity_t": np.array([6.0, 6.0, 4.0]),
        "unit_cost_usd_per_t": np.zeros(3),
        "supply_steepness": np.array([0.5, 0.5, 0.5]),
        "base_use_t": np.array([4.0, 8.0]),
        "use_good": np.array([0, 0]),
        "use_region": np.array([0, 1]),
        "demand_elasticity": np.array([0.2, 0.2]),
        "value_in_use_usd_per_t": np.array([1e4, 1e4]),
    }
    return arrays | changes


def with_buyer(capacity_t):
    """The same and a buyer in region 1 that pays up to its ceiling."""
    arrays = one_good()
    more = {
        "process_region": 1,
        "base_output_t": 0.0,
        "capacity_t": capacity_t,
        "unit_cost_usd_per_t": -CEILING,
        "supply_steepness": 0.5,
    }
    return arrays | {
        "process_good_matrix": np.array([[1.0], [1.0], [1.0], [-1.0]]),
        **{name: np.append(arrays[name], value) for name, value in more.items()},
    }


def ban():
    return np.array([np.inf, 0.0, np.inf])


def test_a_plant_whose_cost_rises_makes_less_and_its_neighbour_more():
    market = Market(**one_good())
    answer = market.solve(Shock(cost_usd_per_t=[20.0, 0.0, 0.0]))
    assert answer.converged, answer.reason
    assert answer.production[0] < 5.0 < answer.production[1]
    assert answer.delivered_price[0, 1] > 100.0
    assert market.solve(Shock(cost_usd_per_t=[-20.0, 0.0, 0.0])).production[0] > 5.0


def test_a_floor_paid_as_a_negative_cost_keeps_a_plant_running():
    market = Market(**one_good())
    glut = Shock(demand_ratio=[0.2, 0.2])
    floor = Shock(demand_ratio=[0.2, 0.2], cost_usd_per_t=[0.0, 0.0, -80.0])
    assert market.solve(floor).production[2] > 1.5 * market.solve(glut).production[2]


def test_a_cost_equal_to_the_fall_of_the_margin_is_the_same_plant():
    """A cost stands where a price would: with a price fixed by nobody, output follows the margin less the cost."""
    market = Market(**one_good())
    dear = market.solve(Shock(cost_usd_per_t=[10.0, 10.0, 10.0]))
    margin = dear.producer_price[0, [0, 0, 1]] - 100.0 - 10.0
    expected = np.array([5.0, 5.0, 2.0]) * (1.0 - 0.5 * (-margin / 100.0) - 0.5 * (margin / 100.0) ** 2)
    np.testing.assert_allclose(dear.production, expected, rtol=1e-9)


def test_the_cost_of_a_host_changes_nothing():
    market = Market(**one_good(supply_steepness=np.zeros(3)))
    answer = market.solve(Shock(cost_usd_per_t=[50.0, 0.0, 0.0]))
    assert np.array_equal(answer.production, [5.0, 5.0, 2.0])
    assert np.array_equal(answer.flow, [4.0, 6.0, 2.0])


def test_cost_is_checked():
    with pytest.raises(ShapeError, match="cost_usd_per_t has shape"):
        Market(**one_good()).solve(Shock(cost_usd_per_t=[1.0]))
    with pytest.raises(ShapeError, match="cost_usd_per_t is nan"):
        Market(**one_good()).solve(Shock(cost_usd_per_t=[np.nan, 0.0, 0.0]))


def test_a_buyer_takes_what_its_ceiling_pays_for_and_raises_the_price():
    answer = Market(**with_buyer(1.0)).solve(Shock())
    price = answer.delivered_price[0, 1]
    assert answer.converged, answer.reason
    assert 100.0 < price < CEILING
    assert answer.production[3] == pytest.approx(1.0 - (1.0 + (CEILING - price) / 10.0) ** -2.0, rel=1e-9)
    assert answer.use[1] + answer.production[3] == pytest.approx(answer.flow[1] + answer.flow[2], rel=1e-9)


def test_a_buyer_leaves_where_the_price_is_above_its_ceiling():
    answer = Market(**with_buyer(1.0)).solve(Shock(flow_cap_t=ban()))
    assert answer.delivered_price[0, 1] > CEILING
    assert answer.production[3] == 0.0


def test_a_buyer_that_is_not_there_leaves_the_base():
    market = Market(**with_buyer(1.0))
    away = market.solve(Shock(capacity_ratio=[1.0, 1.0, 1.0, 0.0]))
    assert np.array_equal(away.flow, [4.0, 6.0, 2.0])
    small = market.solve(Shock(capacity_ratio=[1.0, 1.0, 1.0, 0.3]))
    full = market.solve(Shock())
    assert 0.0 < small.production[3] < full.production[3]


def test_the_gradient_of_a_buyer_is_its_slope():
    """By its ceiling, its capacity, and the cost of a plant, as central differences."""
    shock = Shock(cost_usd_per_t=[5.0, 0.0, 0.0, 2.0])
    answer = Market(**with_buyer(1.0)).solve(shock, tolerance=1e-12)
    gradient = answer.gradient({"production": [0.0, 1.0, 0.0, 3.0], "delivered_price": [[0.0, 0.1]]})

    def outcome(other):
        return other.production[1] + 3.0 * other.production[3] + 0.1 * other.delivered_price[0, 1]

    def slope(solve, step):
        return (outcome(solve(step)) - outcome(solve(-step))) / (2.0 * step)

    def by_ceiling(step):
        arrays = with_buyer(1.0)
        arrays["unit_cost_usd_per_t"][3] += step
        return Market(**arrays).solve(shock, tolerance=1e-12)

    def by_cost(step):
        return Market(**with_buyer(1.0)).solve(Shock(cost_usd_per_t=[5.0 + step, 0.0, 0.0, 2.0]), tolerance=1e-12)

    def by_capacity(step):
        return Market(**with_buyer(1.0 + step)).solve(shock, tolerance=1e-12)

    assert gradient["unit_cost_usd_per_t"][3] == pytest.approx(slope(by_ceiling, 1e-3), rel=1e-6)
    assert gradient["cost_usd_per_t"][3] == gradient["unit_cost_usd_per_t"][3]
    assert gradient["cost_usd_per_t"][0] == pytest.approx(slope(by_cost, 1e-3), rel=1e-6)
    assert gradient["capacity_t"][3] == pytest.approx(slope(by_capacity, 1e-5), rel=1e-6)
