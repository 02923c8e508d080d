"""Slow: on a real network the base rests, and a lasting slump and dear prices move plants and needs."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.network import build_network
from derisk.path.parameters import load_parameters
from derisk.path.slow import first_slow, read_slow_rows, slow_rules, slowed, step_slow
from derisk.scenario import parse_scenario, realise

SCENARIO = """
name: two-months
question: What moves?
base_year: 2024
start: 2025-01
months: 2
measures:
  - {kind: outage, by: AUS, goods: lithium_concentrate, share: 0.1, from: 2025-02, why: test}
"""


@pytest.fixture(scope="module")
def rules():
    dataset = load_dataset()
    network = build_network(dataset)
    parameters = load_parameters(given={"supply_elasticity_ratio": 1.0})
    return slow_rules(network, read_slow_rows(dataset, network, months=40), parameters)


@pytest.fixture(scope="module")
def shock(rules):
    return realise(parse_scenario(SCENARIO), rules.network).shocks[0]


def prices(rules, **ratios):
    shape = (len(rules.network.goods), len(rules.network.regions))
    price = np.broadcast_to(rules.network.base_price_usd_per_t[:, None], shape).copy()
    for good, ratio in ratios.items():
        price[rules.network.goods.index(good)] *= ratio
    return price


def run(rules, price, months=24):
    state = first_slow(rules)
    for _ in range(months):
        state = step_slow(state, rules, producer_price=price, delivered_price=price, use_t=rules.network.base_use_t)
    return state


def test_base_prices_leave_the_shock_as_it_is(rules, shock):
    assert slowed(shock, first_slow(rules)) is shock
    assert slowed(shock, run(rules, prices(rules))) is shock


def test_a_slump_of_graphite_idles_part_of_its_mines_and_balama_wholly(rules, shock):
    told = slowed(shock, run(rules, prices(rules, natural_graphite=0.5)))
    network = rules.network
    capacity = {
        network.regions[network.process_region[process]]: told.capacity_ratio[process]
        for process, kind in enumerate(network.process_kind)
        if kind == "mine_graphite"
    }
    # elasticity 0.3, price and margin halved: 0.3 x 0.5 + 0.7 x 0.25 = 0.325 of the plants lose cash
    assert capacity["CHN"] == pytest.approx(1 - 0.325)
    assert capacity["MOZ"] == 0.0


def test_dear_cobalt_is_used_less_and_nothing_else_is(rules, shock):
    told = slowed(shock, run(rules, prices(rules, refined_cobalt=5.0)))
    network = rules.network
    cobalt = network.use_good == network.goods.index("refined_cobalt")
    assert np.all(told.demand_ratio[cobalt & network.served] < 1.0)
    assert np.all(told.demand_ratio[~(cobalt & network.served)] == 1.0)


def test_dear_copper_builds_mines_that_arrive_years_later(rules):
    state = run(rules, prices(rules, copper_concentrate=2.0, refined_copper=2.0), months=38)
    network = rules.network
    mines = np.array([kind == "mine_copper" for kind in network.process_kind])
    assert np.all(state.plants.capacity_ratio[mines] == 1.0)
    # 72 months x 0.6 = 43 months ahead; 4 % of the market a year is the most that is ordered
    ordered = state.plants.building_ratio[mines].sum(axis=1) @ network.base_output_t[mines]
    assert 0.0 < ordered <= 0.04 / 12 * 38 * network.base_output_t[mines].sum() * (1 + 1e-9)
