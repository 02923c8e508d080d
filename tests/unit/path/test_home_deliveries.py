"""Deliveries within a country answer more strongly to their price gap than those across a border (equation 6.3a)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derisk.path import gap_scale_ratios, load_parameters, market_of
from derisk.path.months import market_shock
from derisk.scenario import parse_scenario, realise

SCENARIO = """
name: home
question: What do makers at home get?
base_year: 2024
start: 2025-01
months: 1
measures:
  - {kind: export_ban, by: CHN, to: all, goods: tellurium, from: 2025-01, why: test}
  - {kind: stockpile_release, by: USA, goods: tellurium, from: 2025-01, quantity_t: 5,
     release_price_ratio: 1.1, why: test}
"""


@pytest.fixture(scope="module")
def realisation(network):
    return realise(parse_scenario(SCENARIO), network)


def test_links_of_the_base_year_within_a_country_have_a_scale_of_their_own(realisation):
    longer, known = realisation.network, load_parameters()
    ratio = market_of(realisation).network.gap_scale_ratio
    np.testing.assert_array_equal(ratio, gap_scale_ratios(longer, known))
    assert np.all(ratio[longer.within_country] == 1.0 / known.home_elasticity_ratio)
    assert np.all(ratio[longer.origin != longer.destination] == 1.0)
    assert np.all(ratio[realisation.link_weight_t != longer.base_flow_t] == 1.0)


def test_the_maker_at_home_gets_nearly_what_the_user_next_door_pays(realisation, network):
    good, home = network.goods.index("tellurium"), network.regions.index("CHN")
    gaps = []
    for ratio in (1.0, load_parameters().home_elasticity_ratio):
        known = replace(load_parameters(), home_elasticity_ratio=ratio)
        answer = market_of(realisation, parameters=known).solve(market_shock(realisation.shocks[0]))
        assert answer.converged, answer.reason
        gaps.append(abs(answer.delivered_price[good, home] - answer.producer_price[good, home]))
    assert gaps[1] < 0.4 * gaps[0]
