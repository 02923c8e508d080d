"""Alone: equal shocks are one market, and each month's answer is the market's own."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.network import build_network
from derisk.path import market_of, solve_alone
from derisk.path.months import market_shock
from derisk.scenario import parse_scenario, realise

SCENARIO = """
name: half-year
question: What does a ban of three months do?
base_year: 2024
start: 2025-01
months: 6
measures:
  - {kind: export_ban, by: CHN, to: USA, goods: gallium, from: 2025-02, until: 2025-05, why: test}
"""


@pytest.fixture(scope="module")
def solved():
    scenario = parse_scenario(SCENARIO)
    realisation = realise(scenario, build_network(load_dataset()), quantile=None)
    market = market_of(realisation)
    return realisation, market, solve_alone(market, realisation, scenario.month_labels())


def test_equal_months_share_one_equilibrium(solved):
    _, _, months = solved
    assert [month.label for month in months] == [f"2025-0{number}" for number in range(1, 7)]
    assert len({id(month.equilibrium) for month in months[1:4]}) == 1
    assert months[0].equilibrium is months[5].equilibrium


def test_months_outside_the_ban_are_the_base_year(solved):
    realisation, _, months = solved
    assert months[0].equilibrium.flow == pytest.approx(realisation.network.base_flow_t, rel=1e-12)


def test_a_month_is_the_markets_own_answer(solved):
    _, market, months = solved
    alone = market.solve(market_shock(months[2].shock))
    assert months[2].equilibrium.flow == pytest.approx(alone.flow, rel=1e-7, abs=1e-9)


def test_the_ban_is_kept(solved):
    realisation, _, months = solved
    network = realisation.network
    gallium, china, states = network.goods.index("gallium"), network.regions.index("CHN"), network.regions.index("USA")
    banned = (network.good == gallium) & (network.origin == china) & (network.destination == states)
    assert banned.any()
    assert not np.any(months[1].equilibrium.flow[banned])
    assert np.all(months[4].equilibrium.flow[banned] > 0)
