"""Contracts: a scenario's mine may feed a scenario's plant, though neither traded in the base year."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.network import build_network
from derisk.scenario import parse_scenario, realise

SCENARIO = """
name: own-ore
question: Does a new mine feed its company's new plant?
base_year: 2024
start: 2025-01
months: 1
measures:
  - {kind: new_capacity, by: KAZ, goods: rare_earth_concentrate, capacity_t_per_year: 5000, unit_cost_usd_per_t: 3000, lead_time_months: 0, from: 2025-01, why: test}
  - {kind: new_capacity, by: KOR, goods: ndpr_oxide, capacity_t_per_year: 1000, unit_cost_usd_per_t: 9000, lead_time_months: 0, from: 2025-01, why: test}
  - {kind: offtake, by: KOR, to: KAZ, goods: rare_earth_concentrate, quantity_t_per_year: 5000, usd_per_t: 3000, from: 2025-01, why: test}
"""


def test_the_mine_feeds_the_plant():
    network = build_network(load_dataset())
    good, mine, plant = (
        network.goods.index("rare_earth_concentrate"),
        network.regions.index("KAZ"),
        network.regions.index("KOR"),
    )
    base = (network.good == good) & (network.destination == plant)
    assert network.base_flow_t[base].sum() == pytest.approx(0.0, abs=1e-3)
    realisation = realise(parse_scenario(SCENARIO), network)
    longer = realisation.network
    contract = (longer.good == good) & (longer.origin == mine) & (longer.destination == plant)
    assert realisation.notes == ()
    assert realisation.link_weight_t[contract].max() == pytest.approx(5000 / 12)
    assert np.isclose(realisation.shocks[0].flow_cap_t[contract], 5000 / 12).any()
