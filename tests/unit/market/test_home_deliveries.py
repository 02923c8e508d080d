"""Home deliveries: under a ban on raw ore the mine and the smelter next door face nearly one price (equation 6.3a)."""

import numpy as np
import pytest

from derisk.errors import ShapeError
from derisk.market import Market, Shock

ORE, METAL = 0, 1
HOME, ABROAD = 0, 1
MINE, SMELTER = 0, 2
BANNED = np.arange(6) == 2


def ore_and_metal(home_ratio=1.0):
    """A country that ships nine tenths of its ore raw and smelts the rest; most metal is made abroad, of its ore too."""
    at_home = [HOME, ABROAD, HOME, HOME, ABROAD, HOME]
    shipped_to = [HOME, ABROAD, ABROAD, HOME, ABROAD, ABROAD]
    goods = [ORE, ORE, ORE, METAL, METAL, METAL]
    ratio = np.where(np.equal(at_home, shipped_to), home_ratio, 1.0)
    return {
        "base_flow_t": np.array([10.0, 200.0, 90.0, 2.0, 290.0, 8.0]),
        "origin": np.array(at_home),
        "destination": np.array(shipped_to),
        "good": np.array(goods),
        "gap_scale_ratio": ratio,
        "base_price_usd_per_t": np.array([100.0, 300.0]),
        "trade_elasticity": np.array([3.5, 5.0]),
        "process_region": np.array([HOME, ABROAD, HOME, ABROAD]),
        "process_good_matrix": np.array([[1.0, 0.0], [1.0, 0.0], [-1.0, 1.0], [-1.0, 1.0]]),
        "base_output_t": np.array([100.0, 200.0, 10.0, 290.0]),
        "capacity_t": np.array([110.0, 220.0, 12.0, 320.0]),
        "unit_cost_usd_per_t": np.zeros(4),
        "supply_steepness": np.array([0.4, 0.4, 0.6, 0.6]),
        "base_use_t": np.array([2.0, 298.0]),
        "use_good": np.array([METAL, METAL]),
        "use_region": np.array([HOME, ABROAD]),
        "demand_elasticity": np.array([0.3, 0.3]),
        "value_in_use_usd_per_t": np.array([3e3, 3e3]),
    }


def without_raw_exports(home_ratio, smelters=1.0):
    """The month after raw ore stays at home, with more smelters there than in the base."""
    market = Market(**ore_and_metal(home_ratio))
    plants = np.where(np.arange(4) == SMELTER, smelters, 1.0)
    answer = market.solve(Shock(flow_cap_t=np.where(BANNED, 0.0, np.inf), capacity_ratio=plants))
    assert answer.converged, answer.reason
    return answer


def gap(answer):
    """What the smelter pays beyond what the mine gets, over the base price."""
    return (answer.delivered_price[ORE, HOME] - answer.producer_price[ORE, HOME]) / 100.0


def test_between_countries_the_mine_is_left_with_little_and_the_smelter_pays_much():
    assert gap(without_raw_exports(1.0, smelters=4.0)) > 0.45


def test_at_home_the_two_prices_stay_together():
    far, near, nearest = (without_raw_exports(ratio, smelters=4.0) for ratio in (1.0, 0.2, 0.02))
    assert gap(far) > 3.0 * gap(near) > 15.0 * gap(nearest) > 0.0
    assert near.producer_price[ORE, HOME] > far.producer_price[ORE, HOME]
    assert near.delivered_price[ORE, HOME] < far.delivered_price[ORE, HOME]
    assert near.production[MINE] > far.production[MINE]
    assert near.production[SMELTER] >= far.production[SMELTER]


def test_abroad_the_ban_is_felt_as_before():
    far, near = without_raw_exports(1.0), without_raw_exports(0.2)
    assert far.delivered_price[ORE, ABROAD] > 150.0
    assert near.delivered_price[ORE, ABROAD] == pytest.approx(far.delivered_price[ORE, ABROAD], rel=0.05)


def test_the_gap_at_home_is_that_of_the_flow():
    """Equation (6.3) turned round: a flow k times that of the base needs a gap of ξ (k**(1/b) - 1)."""
    answer = without_raw_exports(0.2, smelters=4.0)
    expected = 0.2 * ((answer.flow[0] / 10.0) ** (1.0 / 3.5) - 1.0)
    assert gap(answer) == pytest.approx(expected, rel=1e-9)


def test_a_ratio_of_one_is_a_market_without_ratios():
    arrays = ore_and_metal()
    del arrays["gap_scale_ratio"]
    shock = Shock(flow_cap_t=np.where(BANNED, 9.0, np.inf))
    one, other = Market(**ore_and_metal()).solve(shock), Market(**arrays).solve(shock)
    np.testing.assert_array_equal(one.flow, other.flow)
    np.testing.assert_array_equal(one.producer_price, other.producer_price)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (np.ones(5), "gap_scale_ratio has shape (5,)"),
        (np.array([1.0, 1.0, 0.0, 1.0, 1.0, 1.0]), "gap_scale_ratio holds 0"),
        (np.array([1.0, 1.0, -1.0, 1.0, 1.0, 1.0]), "gap_scale_ratio is -1.0 at index (2,)"),
    ],
)
def test_wrong_ratios(ratio, words):
    with pytest.raises(ShapeError) as problem:
        Market(**(ore_and_metal() | {"gap_scale_ratio": ratio}))
    assert words in str(problem.value)
