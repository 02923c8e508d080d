"""Do elasticities and fixed prices hold where and when they should?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derisk.errors import ScenarioError
from derisk.network.record import Network
from derisk.scenario import scenario_from

Lay = Callable[..., Any]


def test_elasticities_are_the_network_s_from_the_first_month_on(lay: Lay, small_network: Network) -> None:
    demand = {"kind": "elasticity", "of": "demand", "by": "USA", "goods": "gallium", "value": 0.7}
    supply = {"kind": "elasticity", "of": "supply", "goods": "gallium", "value": 2.5}
    trade = {"kind": "elasticity", "of": "trade", "goods": "gallium", "value": 9}
    network = lay(demand, supply, trade).network
    gallium, usa = network.goods.index("gallium"), network.regions.index("USA")
    rows = (network.use_good == gallium) & (network.use_region == usa)
    assert np.all(network.demand_elasticity[rows] == 0.7)
    assert np.all(network.demand_elasticity[~rows] == small_network.demand_elasticity[~rows])
    assert network.trade_elasticity[gallium] == 9.0
    makers = network.process_main_good == gallium
    assert np.all(network.supply_elasticity[makers] == 2.5)
    assert np.all(network.supply_elasticity[~makers] == 1.0)
    assert np.all(small_network.trade_elasticity == 4.0)


def test_an_elasticity_needs_no_month_and_refuses_dates_it_cannot_keep() -> None:
    value = {"kind": "elasticity", "of": "trade", "goods": "gallium", "value": 9, "why": "x"}
    data = {"name": "x", "months": 3, "start": "2025-01"}
    assert scenario_from({**data, "measures": [value]}).measures[0].from_month == ""
    dated = {**value, "from": "2025-01", "until": "2025-04"}
    assert scenario_from({**data, "measures": [dated]}).measures[0].from_month == "2025-01"
    for keys in ({"from": "2025-02"}, {"from": "2025-01", "until": "2025-03"}):
        with pytest.raises(ScenarioError, match="elasticity holds in all months"):
            scenario_from({**data, "measures": [{**value, **keys}]})


def test_a_fixed_price_opens_an_outside_market_in_each_region_that_takes_the_good_in(lay: Lay) -> None:
    laid = lay({"kind": "price", "by": ["USA", "AUS"], "goods": "gallium", "usd_per_t": 900_000, "from": "2025-02"})
    seller, buyer = (laid.process(f"outside_{side}_gallium", "USA") for side in ("seller", "buyer"))
    assert laid.network.unit_cost_usd_per_t[[seller, buyer]].tolist() == [900_000.0, -900_000.0]
    assert laid.shock(0).capacity_ratio[seller] == 0.0
    assert laid.shock(1).capacity_ratio[seller] == 1.0
    assert not [name for name in laid.realisation.process_names if name.endswith("gallium_2")]
    assert laid.realisation.builds == ()
    home = laid.link("gallium", "USA", "USA")
    assert laid.realisation.link_weight_t[home] == pytest.approx(1.5 * 18.0)
