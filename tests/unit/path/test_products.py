"""Products: a hand-worked fixed life, recyclers that follow their region's scrap, the base year's rest."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.errors import InputError, ShapeError
from derisk.network import build_network
from derisk.path.products import (
    Products,
    first_products,
    products_of,
    recyclers_of,
    recycling_ratio,
    scrap,
    step_products,
    stock_t,
)
from derisk.path.wear import read_lives, wear_by_law, wear_of
from derisk.stocks import FixedLifetime


def made(months=8, growth=0.0, years=0.25):
    return Products(
        wear=wear_by_law(FixedLifetime(np.array([years])), months=months, history_growth_share=growth),
        use_row=np.array([1]),
        kind=np.array([0]),
        base_inflow_t=np.array([10.0]),
        collection_share=np.array([0.5]),
        recovery_share=np.array([0.8]),
    )


def run(products, sales):
    state = first_products(products)
    for tonnes in sales:
        state = step_products(state, products, use_t=np.array([999.0, tonnes]))
    return state


def test_products_of_three_months_leave_after_three_month_ends():
    # In use at the ends of the month they were sold and of the two after it: 30 t at rest.
    products = made()
    assert stock_t(first_products(products), products) == pytest.approx([30.0])
    state = run(products, [4.0, 10.0, 10.0, 10.0, 10.0])
    assert state.outflow_t[:, 0] == pytest.approx([10.0, 10.0, 10.0, 4.0, 10.0])
    assert stock_t(state, products) == pytest.approx([30.0])
    assert scrap(state, products).recovered_t[:, 0] == pytest.approx([4.0, 4.0, 4.0, 1.6, 4.0])


def test_a_history_that_doubled_each_year_left_less_to_come_back():
    products = made(growth=1.0)
    state = run(products, [10.0] * 4)
    expected = [10.0 * 2 ** (-months / 12) for months in (2, 1, 0)] + [10.0]
    assert state.outflow_t[:, 0] == pytest.approx(expected)


def test_growth_and_months_are_checked():
    with pytest.raises(InputError):
        made(growth=-0.5)
    with pytest.raises(InputError):
        made(months=0)


def test_a_path_longer_than_promised_is_refused():
    products = made(months=2)
    with pytest.raises(ShapeError):
        run(products, [10.0] * 3)


def test_use_rows_must_match():
    with pytest.raises(ShapeError):
        step_products(first_products(made()), made(), use_t=np.array([1.0]))


@pytest.fixture(scope="module")
def base():
    dataset = load_dataset()
    network = build_network(dataset)
    lives = read_lives(dataset, network)
    return network, products_of(network, lives, wear_of(lives, months=40, history_growth_share=0.0))


def test_magnets_batteries_and_copper_are_in_use(base):
    network, products = base
    held = {network.goods[good] for good in network.use_good[products.use_row]}
    assert {"ndfeb_magnet", "refined_copper", "refined_cobalt", "lithium_chemical", "battery_anode"} <= held


def test_the_base_year_rests(base):
    network, products = base
    state = first_products(products)
    for _ in range(36):
        state = step_products(state, products, use_t=network.base_use_t)
        assert recycling_ratio(state, recyclers_of(products, network)) == pytest.approx(
            np.ones(len(network.process_kind)), rel=1e-9
        )


def _recycler(network, kind, region):
    return next(
        process
        for process, name in enumerate(network.process_kind)
        if name == kind and network.regions[network.process_region[process]] == region
    )


def test_a_region_that_buys_less_copper_has_less_scrap_later(base):
    network, products = base
    cut = np.where(
        (network.use_good == network.goods.index("refined_copper"))
        & (network.use_region == network.regions.index("JPN")),
        0.5,
        1.0,
    )
    state = first_products(products)
    ratios = []
    for _ in range(36):
        state = step_products(state, products, use_t=network.base_use_t * cut)
        ratios.append(recycling_ratio(state, recyclers_of(products, network)))
    japan, states = (_recycler(network, "recycle_copper", region) for region in ("JPN", "USA"))
    falling = [ratio[japan] for ratio in ratios]
    assert falling[0] == pytest.approx(1.0)
    assert 0.9 < falling[-1] < 1.0
    assert all(later <= earlier + 1e-12 for earlier, later in itertools.pairwise(falling))
    assert ratios[-1][states] == pytest.approx(1.0, rel=1e-9)


def test_new_scrap_follows_the_months_use(base):
    network, products = base
    gallium = network.use_good == network.goods.index("gallium")
    state = step_products(first_products(products), products, use_t=np.where(gallium, 0.7, 1.0) * network.base_use_t)
    ratio = recycling_ratio(state, recyclers_of(products, network))
    recyclers = [process for process, name in enumerate(network.process_kind) if name == "recycle_gallium"]
    used = {int(region) for region in network.use_region[gallium]}
    here = [process for process in recyclers if int(network.process_region[process]) in used]
    assert here
    assert ratio[here] == pytest.approx(np.full(len(here), 0.7))


def test_a_scenarios_recycler_has_the_scrap_of_what_wears_out(base):
    network, _ = base
    lives = read_lives(load_dataset(), network)
    growing = products_of(network, lives, wear_of(lives, months=3, history_growth_share=0.1))
    magnet, japan = network.goods.index("ndfeb_magnet"), network.regions.index("JPN")
    longer = dataclasses.replace(
        network,
        process_kind=(*network.process_kind, "recycle_ndfeb_magnet"),
        process_region=np.append(network.process_region, japan),
        process_main_good=np.append(network.process_main_good, magnet),
        base_output_t=np.append(network.base_output_t, 0.0),
    )
    state = step_products(first_products(growing), growing, use_t=network.base_use_t)
    here = (network.use_good[growing.use_row] == magnet) & (network.use_region[growing.use_row] == japan)
    expected = state.outflow_t[0, here].sum() / growing.base_inflow_t[here].sum()
    assert recycling_ratio(state, recyclers_of(growing, longer))[-1] == pytest.approx(expected)
    assert 0.1 < expected < 0.6
