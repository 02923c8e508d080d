"""Netback: a place without trade is priced by its customers and suppliers, one with trade by the market."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from derisk.path.netback import seen_prices

MINE, FIRST, SECOND = 0, 1, 2
"""A region that digs, and two that buy from it and from each other."""


def seen(flow, *, cap=np.inf, wedge=0.0, producer=None, delivered=None):
    network = SimpleNamespace(
        goods=("ore",),
        regions=("mine", "first", "second"),
        good=np.zeros(4, dtype=np.int64),
        origin=np.array([MINE, MINE, FIRST, SECOND]),
        destination=np.array([FIRST, SECOND, FIRST, SECOND]),
    )
    equilibrium = SimpleNamespace(
        producer_price=np.array([[200.0, 60.0, 50.0]]) if producer is None else producer,
        delivered_price=np.array([[1.0, 100.0, 80.0]]) if delivered is None else delivered,
        flow=np.array(flow, dtype=float),
    )
    shock = SimpleNamespace(
        flow_cap_t=np.array([np.inf, cap, np.inf, np.inf]), wedge_usd_per_t=np.array([0.0, wedge, 0.0, 0.0])
    )
    return seen_prices(network, np.array([3.0, 1.0, 5.0, 5.0]), shock=shock, equilibrium=equilibrium)


def test_where_goods_move_the_market_decides():
    gate, door = seen([3, 1, 5, 5])
    assert gate[0] == pytest.approx([200, 60, 50])
    assert door[0, 1:] == pytest.approx([100, 80])


def test_an_idle_mine_reckons_what_its_customers_pay():
    # weights 3 and 1: (3 x 100 + 1 x 80) / 4
    assert seen([0, 0.03, 5, 5])[0][0, MINE] == pytest.approx(95.0)


def test_the_wedge_and_closed_links_count():
    assert seen([0, 0, 5, 5], wedge=20.0)[0][0, MINE] == pytest.approx((3 * 100 + 60) / 4)
    assert seen([0, 0, 5, 5], cap=0.0)[0][0, MINE] == pytest.approx(100.0)


def test_an_idle_plant_reckons_what_its_suppliers_get():
    # nothing reaches the second region: its door is priced by the mine's 200 and its own 50, weights 1 and 5,
    # of which the second ships nothing and shows no price
    _, door = seen([3, 0, 5, 0])
    assert door[0, SECOND] == pytest.approx(200.0)


def test_a_place_without_partners_keeps_the_markets_price():
    gate, door = seen([0, 0, 0, 0])
    assert gate[0] == pytest.approx([200, 60, 50])
    assert door[0] == pytest.approx([1, 100, 80])
