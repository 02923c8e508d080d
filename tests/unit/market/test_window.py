"""The window: trees and stores refused with reasons, goods at rest, starts, and one small case by hand."""

from dataclasses import replace

import numpy as np
import pytest

from derisk.errors import ShapeError
from derisk.market import Market, Moment, Shock, Stores, Window
from derisk.market.moments import check_moments, present_value
from derisk.market.synthetic import synthetic_network

CHAIN = (Moment(-1, 1, 1.0), Moment(0, 1, 1.0), Moment(1, 3, 1.0))


def market_of(*families):
    return Market(**synthetic_network(8, regions=4, families=families, latent_share=1e-3))


def stores_of(market, cover=2.0):
    net = market.network
    taken = np.zeros((net.goods, net.regions))
    np.add.at(taken, (net.link_good, net.destination), net.base_flow_t)
    good, region = np.nonzero(taken)
    price = net.base_price[good, region]
    return Stores(good=good, region=region, target_t=cover * taken[good, region], scale_usd_per_t=0.3 * price)


def window_of(market, moments=CHAIN):
    return Window(market, stores_of(market), moments, discount_ratio_per_month=0.99)


def outage(market, good):
    ratio = np.where(market.network.process_good_matrix[:, good] > 0.0, 0.5, 1.0)
    return Shock(capacity_ratio=ratio)


@pytest.mark.parametrize(
    ("moments", "words"),
    [
        ([], "the first moment is not this month"),
        ([Moment(-1, 2, 1.0)], "the first moment is not this month"),
        ([Moment(0, 1, 1.0)], "the first moment is not this month"),
        ([Moment(-1, 1, 1.0), Moment(2, 1, 1.0), Moment(0, 1, 1.0)], "moment 1 follows moment 2"),
        ([Moment(-1, 1, 1.0), Moment(-1, 1, 1.0)], "moment 1 follows moment -1"),
        ([Moment(-1, 1, 1.0), Moment(0, 0, 1.0)], "no length"),
        ([Moment(-1, 1, 1.0), Moment(0, 1, 0.7), Moment(0, 1, 0.2)], "branches after moment 0 have probability 0.9"),
        ([Moment(-1, 1, 1.0), Moment(0, 1, 1.2), Moment(0, 1, -0.2)], "probabilities are wrong"),
        ([Moment(-1, 1, 0.9)], "branches after moment -1"),
    ],
)
def test_wrong_moments(moments, words):
    with pytest.raises(ShapeError, match=words):
        check_moments(moments)


def test_a_dollar_is_worth_its_discount_times_its_probability():
    tree = check_moments([Moment(-1, 1, 1.0), Moment(0, 3, 0.25), Moment(0, 2, 0.75), Moment(2, 4, 1.0)])
    np.testing.assert_allclose(
        present_value(tree, tree.probability, 0.9), [1.0, 0.25 * 0.9, 0.75 * 0.9, 0.75 * 0.9**3], rtol=1e-15
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"good": [0]}, "stores have shapes"),
        ({"good": [9, 0]}, "good is out of range"),
        ({"region": [0, -1]}, "region is out of range"),
        ({"target_t": [0.0, 1.0]}, "target_t is not positive"),
        ({"scale_usd_per_t": [1.0, np.inf]}, "scale_usd_per_t is not positive"),
    ],
)
def test_wrong_stores(change, words):
    stores = Stores(good=[0, 0], region=[0, 1], target_t=[1.0, 1.0], scale_usd_per_t=[1.0, 1.0])
    with pytest.raises(ShapeError, match=words):
        Window(market_of("single"), replace(stores, **change), CHAIN, discount_ratio_per_month=0.99)


def test_a_store_stands_where_its_good_arrives():
    market = Market(**synthetic_network(8, regions=6, families=("chain",), latent_share=1e-3, density=0.2))
    taken = np.zeros((market.goods, market.regions))
    np.add.at(taken, (market.network.link_good, market.network.destination), 1.0)
    good, region = (int(at[0]) for at in np.nonzero(taken == 0.0))
    stores = Stores(good=[good], region=[region], target_t=[1.0], scale_usd_per_t=[1.0])
    with pytest.raises(ShapeError, match="where it is never delivered"):
        Window(market, stores, CHAIN, discount_ratio_per_month=0.99)


@pytest.mark.parametrize("discount", [0.0, 1.1, np.nan])
def test_wrong_discount(discount):
    market = market_of("single")
    with pytest.raises(ShapeError, match="discount_ratio_per_month"):
        Window(market, stores_of(market), CHAIN, discount_ratio_per_month=discount)


def test_wrong_questions():
    market = market_of("single")
    window = window_of(market)
    target = window.stores.target_t
    with pytest.raises(ShapeError, match="2 shocks"):
        window.solve([Shock()] * 2, target)
    with pytest.raises(ShapeError, match="opening_t of shape"):
        window.solve([Shock()] * 3, target[1:])
    with pytest.raises(ShapeError, match="opening_t of shape"):
        window.solve([Shock()] * 3, -target)
    with pytest.raises(ShapeError, match="threads is 0"):
        window.solve([Shock()] * 3, target, threads=0)
    with pytest.raises(ShapeError, match="probabilities are wrong"):
        window.solve([Shock()] * 3, target, probability=[1.0, 1.0])
    other = window_of(market, CHAIN[:2]).solve([Shock()] * 2, target)
    with pytest.raises(ShapeError, match="start has prices of shape"):
        window.solve([Shock()] * 3, target, start=other)
    answer = window.solve([Shock()] * 3, target)
    with pytest.raises(ShapeError, match="unknown outcome 'price'"):
        answer.gradient({"price": 1.0})
    with pytest.raises(ShapeError, match="stored_t has shape"):
        answer.gradient({"stored_t": target})


def test_goods_that_nothing_touches_stay_at_their_base():
    market = market_of("pair", "single")
    window = window_of(market)
    later = outage(market, 2)
    answer = window.solve([Shock(), later, later], window.stores.target_t)
    assert answer.converged, answer.reason
    links, held = market.network.link_good < 2, window.stores.good < 2
    assert np.array_equal(answer.first.flow[links], market.network.base_flow_t[links])
    assert np.all(answer.stored_t[:, held] == window.stores.target_t[held])
    assert np.all(answer.delivered_price[0, :2] == market.network.base_price[:2])
    assert np.all(answer.delivered_price[0, 2] > market.network.base_price[2])


def test_an_opening_off_its_target_touches_its_own_goods_alone():
    market = market_of("pair", "single")
    window = window_of(market)
    opening = np.where(window.stores.good == 2, 0.5, 1.0) * window.stores.target_t
    answer = window.solve([Shock()] * 3, opening)
    assert answer.converged, answer.reason
    assert np.all(answer.delivered_price[0, 2] > market.network.base_price[2])
    assert np.all(answer.delivered_price[0, :2] == market.network.base_price[:2])


def test_stores_go_back_to_their_targets_when_nothing_happens():
    market = market_of("chain")
    window = window_of(market)
    stock, start = 0.3 * window.stores.target_t, None
    gaps = []
    for _ in range(24):
        start = window.solve([Shock()] * 3, stock, start=start)
        assert start.converged, start.reason
        stock = start.closing_t
        gaps.append(np.max(np.abs(stock / window.stores.target_t - 1.0)))
    assert gaps[0] > gaps[5] > gaps[11] > gaps[23]
    assert gaps[23] < 0.25 * gaps[0]


def test_two_uses_of_one_stock_by_hand():
    """One good, one region, two months, stock but no supply: what is used today is what today's price says."""
    arrays = {
        "base_flow_t": [1.0],
        "origin": [0],
        "destination": [0],
        "good": [0],
        "base_price_usd_per_t": [100.0],
        "trade_elasticity": [4.0],
        "process_region": [0],
        "process_good_matrix": [[1.0]],
        "base_output_t": [1.0],
        "capacity_t": [2.0],
        "unit_cost_usd_per_t": [0.0],
        "supply_steepness": [0.5],
        "base_use_t": [1.0],
        "use_good": [0],
        "use_region": [0],
        "demand_elasticity": [0.5],
        "value_in_use_usd_per_t": [1e4],
    }
    stores = Stores(good=[0], region=[0], target_t=[3.0], scale_usd_per_t=[50.0])
    window = Window(Market(**arrays), stores, CHAIN[:2], discount_ratio_per_month=0.9)
    answer = window.solve([Shock(flow_cap_t=[0.0])] * 2, [3.0])
    assert answer.converged, answer.reason
    now, then = answer.delivered_price[:, 0, 0]
    use = np.array([(now / 100.0) ** -0.5, (then / 100.0) ** -0.5])
    first = 3.0 * (1.0 + (0.9 * then - now - (0.9 - 1.0) * 100.0) / 50.0 / 4.0) ** 4
    last = 3.0 * (1.0 + (100.0 - then) / 50.0 / 4.0) ** 4
    assert answer.stored_t[:, 0] == pytest.approx([first, last], rel=1e-9)
    assert [3.0 - use[0], first - use[1]] == pytest.approx([first, last], rel=1e-9)
    assert answer.first.use[0] == pytest.approx(use[0], rel=1e-9)


def test_components_on_threads_give_the_same_numbers():
    market = market_of("pair", "single", "chain")
    window = window_of(market)
    cut = Shock(capacity_ratio=np.linspace(0.4, 1.0, market.processes))
    refused = Shock(demand_ratio=np.full(market.uses, 1e40))
    for last in (cut, refused):
        one, *others = (
            window.solve([cut, cut, last], 0.7 * window.stores.target_t, threads=threads) for threads in (1, 2, 5)
        )
        assert one.converged == (last is cut)
        for other in others:
            assert np.array_equal(one.first.flow, other.first.flow, equal_nan=True)
            assert np.array_equal(one.closing_t, other.closing_t, equal_nan=True)
            assert np.array_equal(one.delivered_price, other.delivered_price, equal_nan=True)
            assert (one.months.certificate, one.reason) == (other.months.certificate, other.reason)
            assert one.months.iterations == other.months.iterations


def test_the_first_month_alone_has_no_gradient():
    market = market_of("chain")
    window = window_of(market)
    answer = window.solve([outage(market, 1)] * 3, window.stores.target_t)
    assert answer.converged, answer.reason
    with pytest.raises(ShapeError, match="no gradient"):
        answer.first.gradient({})


def test_a_failure_names_good_region_and_moment():
    market = market_of("chain")
    window = window_of(market)
    answer = window.solve([Shock(), Shock(), Shock(demand_ratio=np.full(market.uses, 1e40))], window.stores.target_t)
    assert not answer.converged
    assert "moment" in answer.reason
    assert not answer.first.converged
