"""The market: shapes refused with reasons, untouched goods at rest, flat prices, quotas in both forms."""

import numpy as np
import pytest

from derisk.errors import ShapeError
from derisk.market import Market, Shock
from derisk.market.supply import LARGEST_BASE_SHARE
from derisk.market.synthetic import synthetic_network


def two_regions(**changes):
    """Region 0 makes 10 t and sends 6 to region 1, which makes 2; one use in each region."""
    arrays = {
        "base_flow_t": np.array([4.0, 6.0, 2.0]),
        "origin": np.array([0, 0, 1]),
        "destination": np.array([0, 1, 1]),
        "good": np.array([0, 0, 0]),
        "base_price_usd_per_t": np.array([100.0]),
        "trade_elasticity": np.array([4.0]),
        "process_region": np.array([0, 1]),
        "process_good_matrix": np.array([[1.0], [1.0]]),
        "base_output_t": np.array([10.0, 2.0]),
        "capacity_t": np.array([12.0, 4.0]),
        "unit_cost_usd_per_t": np.zeros(2),
        "supply_steepness": np.array([0.5, 0.5]),
        "base_use_t": np.array([4.0, 8.0]),
        "use_good": np.array([0, 0]),
        "use_region": np.array([0, 1]),
        "demand_elasticity": np.array([0.2, 0.2]),
        "value_in_use_usd_per_t": np.array([1e4, 1e4]),
    }
    return arrays | changes


def test_a_ban_raises_the_price_of_the_importer_and_lowers_that_at_home():
    equilibrium = Market(**two_regions()).solve(Shock(flow_cap_t=[np.inf, 0.0, np.inf]))
    assert equilibrium.converged
    assert equilibrium.flow[1] == 0.0
    assert equilibrium.delivered_price[0, 1] > 500.0
    assert equilibrium.delivered_price[0, 0] < 100.0
    assert equilibrium.use[1] == pytest.approx(equilibrium.production[1], rel=1e-9)
    assert equilibrium.link_rent[1] > 400.0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("base_flow_t", [4.0, -6.0, 2.0], "base_flow_t is -6.0 at index (1,)"),
        ("base_flow_t", [4.0, np.nan, 2.0], "base_flow_t is nan"),
        ("origin", [0, 0], "origin has shape (2,)"),
        ("good", [0, 0, 1], "good holds 1"),
        ("process_good_matrix", [[1.0, 0.0]], "process_good_matrix has shape (1, 2)"),
        ("value_in_use_usd_per_t", [1e4, 99.0], "use row 1: value in use 99 is not above the base price 100"),
        ("base_output_t", [11.0, 2.0], "good 0 in region 0: outputs 11 t, flows out 10 t"),
        ("capacity_t", [9.0, 4.0], "process 0 makes 10 t with a capacity of 9 t"),
        ("base_price_usd_per_t", [0.0], "base_price_usd_per_t holds 0"),
    ],
)
def test_wrong_network(name, value, words):
    with pytest.raises(ShapeError) as raised:
        Market(**two_regions(**{name: np.array(value)}))
    assert words in str(raised.value)
    assert f"Market.{name}" in str(raised.value) or name == "base_output_t"


@pytest.mark.parametrize(
    ("shock", "words"),
    [
        (Shock(flow_cap_t=[1.0]), "flow_cap_t has shape (1,)"),
        (Shock(flow_cap_t=[1.0, -1.0, 1.0]), "flow_cap_t is -1.0 at index 1"),
        (Shock(capacity_ratio=[1.0, np.inf]), "capacity_ratio is inf"),
        (Shock(quota_t=[1.0]), "quota_t has shape (1,) and no members"),
        (Shock(quota_t=[1.0], quota_index=[0], quota_link=[7]), "quota_link is out of range"),
        (Shock(quota_index=[0], quota_link=[1]), "quota members without quota_t"),
        (Shock(quota_t=[1.0], quota_index=[0, 0], quota_link=[1]), "quota members have shapes"),
    ],
)
def test_wrong_shock(shock, words):
    with pytest.raises(ShapeError) as raised:
        Market(**two_regions()).solve(shock)
    assert words in str(raised.value)


def test_all_problems_are_named_at_once():
    with pytest.raises(ShapeError) as raised:
        Market(**two_regions(origin=np.array([0, 0]), good=np.array([0, 0, 5])))
    assert len(raised.value.problems) == 2


def test_capacity_leaves_a_little_room_above_base_output():
    market = Market(**two_regions(capacity_t=np.array([10.0, 2.0])))
    assert market.network.capacity_t == pytest.approx(np.array([10.0, 2.0]) / LARGEST_BASE_SHARE)
    assert market.base_equilibrium().production == pytest.approx([10.0, 2.0])


def test_goods_a_shock_does_not_touch_keep_base_values():
    arrays = synthetic_network(2, regions=5, families=("chain", "pair"))
    market = Market(**arrays)
    touched = arrays["good"] < 3
    equilibrium = market.solve(Shock(wedge_usd_per_t=np.where(touched, 200.0, 0.0)))
    np.testing.assert_array_equal(equilibrium.flow[~touched], arrays["base_flow_t"][~touched])
    assert np.all(equilibrium.flow[touched] != arrays["base_flow_t"][touched])
    np.testing.assert_array_equal(
        equilibrium.producer_price[3:], np.repeat(arrays["base_price_usd_per_t"][3:, None], 5, 1)
    )


def test_a_quota_over_unrelated_goods_ties_them():
    arrays = synthetic_network(2, regions=4, families=("single", "single"))
    market = Market(**arrays)
    origin = arrays["origin"][np.argmax(arrays["base_flow_t"])]
    link = np.flatnonzero((arrays["origin"] == origin) & (arrays["destination"] != origin))
    total = arrays["base_flow_t"][link].sum()
    equilibrium = market.solve(Shock(quota_t=[0.4 * total], quota_index=np.zeros(link.size, int), quota_link=link))
    assert equilibrium.converged
    assert equilibrium.permit_price[0] > 0.0
    assert equilibrium.flow[link].sum() == pytest.approx(0.4 * total, rel=1e-8)


def test_a_quota_on_one_link_is_a_cap_with_a_price():
    market = Market(**two_regions())
    capped = market.solve(Shock(flow_cap_t=[np.inf, 3.0, np.inf]))
    quota = market.solve(Shock(quota_t=[np.inf, 3.0, np.inf]))
    np.testing.assert_allclose(quota.flow, capped.flow, rtol=1e-12)
    assert quota.permit_price == pytest.approx([0.0, capped.link_rent[1], 0.0])
    weighted = market.solve(Shock(quota_t=[6.0], quota_index=[0], quota_link=[1], quota_weight=[2.0]))
    assert weighted.permit_price[0] == pytest.approx(capped.link_rent[1] / 2.0)


def test_a_quota_of_nothing_over_several_links_is_a_ban():
    market = Market(**two_regions())
    equilibrium = market.solve(Shock(quota_t=[0.0], quota_index=[0, 0], quota_link=[0, 1]))
    assert equilibrium.converged
    assert np.all(equilibrium.flow[:2] == 0.0)
    assert equilibrium.permit_price[0] > 0.0


def test_a_producer_nobody_may_buy_from_has_a_flat_lowest_price():
    market = Market(**two_regions(supply_steepness=np.array([2.0, 0.5])))
    equilibrium = market.solve(Shock(flow_cap_t=[0.0, 0.0, np.inf]))
    assert equilibrium.production[0] == 0.0
    assert equilibrium.flat_producer[0, 0]
    assert equilibrium.producer_price[0, 0] == pytest.approx(2.0)
    assert equilibrium.flat_delivered[0, 0]
    assert equilibrium.delivered_price[0, 0] == pytest.approx(1.1e4)
    assert not equilibrium.flat_delivered[0, 1]


def test_a_host_disposes_of_what_nobody_takes():
    market = Market(**two_regions(supply_steepness=np.array([0.0, 0.5])))
    equilibrium = market.solve(Shock(flow_cap_t=[0.5, 0.5, np.inf]))
    assert equilibrium.production[0] == 10.0
    assert equilibrium.producer_disposal[0, 0] == pytest.approx(9.0)
    assert equilibrium.producer_price[0, 0] < 2.0


def test_a_regional_base_price_is_an_identity_too():
    arrays = two_regions(base_price_usd_per_t=np.array([[100.0, 130.0]]))
    equilibrium = Market(**arrays).solve(Shock())
    np.testing.assert_array_equal(equilibrium.flow, arrays["base_flow_t"])
    moved = Market(**arrays).solve(Shock(demand_ratio=[1.0, 1.0 + 1e-9]))
    np.testing.assert_allclose(moved.delivered_price, [[100.0, 130.0]], rtol=1e-6)


def test_a_link_closed_in_the_base_stays_closed_until_a_cap_opens_it():
    more = {
        "base_flow_t": np.array([4.0, 6.0, 2.0, 0.0]),
        "link_weight_t": np.array([4.0, 6.0, 2.0, 1.0]),
        "origin": np.array([0, 0, 1, 1]),
        "destination": np.array([0, 1, 1, 0]),
        "good": np.array([0, 0, 0, 0]),
    }
    market = Market(**two_regions(**more))
    base = market.solve(Shock())
    assert base.iterations == 0
    np.testing.assert_array_equal(base.flow, more["base_flow_t"])
    assert market.solve(Shock(demand_ratio=[3.0, 1.0])).flow[3] == 0.0
    opened = market.solve(Shock(flow_cap_t=[np.inf, np.inf, np.inf, 0.5]))
    assert opened.converged
    assert opened.flow[3] == 0.5
    free = market.solve(Shock(flow_cap_t=np.full(4, np.inf)))
    assert free.flow[3] > 0.5
    kept = market.solve(Shock(flow_cap_t=[np.inf, np.inf, np.inf, 0.0]))
    np.testing.assert_array_equal(kept.flow, more["base_flow_t"])


def test_a_weight_beside_a_base_flow_is_refused():
    with pytest.raises(ShapeError, match="weight of 5 t and a base flow of 4 t"):
        Market(**two_regions(link_weight_t=np.array([5.0, 6.0, 2.0])))


def test_a_start_of_another_market_is_refused():
    other = Market(**synthetic_network(2, regions=5, families=("chain",))).base_equilibrium()
    with pytest.raises(ShapeError, match="start has prices of shape"):
        Market(**two_regions()).solve(Shock(demand_ratio=[2.0, 2.0]), start=other)
