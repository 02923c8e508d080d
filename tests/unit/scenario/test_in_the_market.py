"""Does the market understand what a scenario hands it?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from derisk.network.record import Network
from derisk.path import market_of, solve_months
from derisk.scenario import Realisation, realise, scenario_from

BAN = {"kind": "export_ban", "by": "CHN", "goods": ["gallium", "ndfeb_magnet"], "from": "2025-02", "why": "x"}
STOCK = {"kind": "stockpile_release", "by": ["USA", "XEU"], "goods": "ndfeb_magnet", "quantity_t": 24}
PLANT = {
    "kind": "new_capacity",
    "by": "AUS",
    "goods": "gallium",
    "capacity_t_per_year": 60,
    "unit_cost_usd_per_t": 10_000,
    "capital_cost_musd": 1,
    "lead_time_months": 1,
}


def solved(network: Network, *measures: dict[str, Any]) -> tuple[Realisation, Any]:
    rows = [{"from": "2025-02", "why": "x", **measure} for measure in measures]
    scenario = scenario_from({"name": "x", "start": "2025-01", "months": 3, "measures": rows})
    realisation = realise(scenario, network)
    return realisation, solve_months(market_of(realisation), realisation, realisation.months)


def test_a_month_in_which_nothing_acts_is_the_base_year(small_network: Network) -> None:
    realisation, months = solved(small_network, BAN, STOCK, PLANT)
    base = months[0].equilibrium
    assert base.converged
    assert base.flow == pytest.approx(realisation.network.base_flow_t, rel=1e-9, abs=1e-9)
    assert base.production == pytest.approx(realisation.network.base_output_t, rel=1e-9, abs=1e-9)


def test_remedies_sell_when_the_ban_bites(small_network: Network) -> None:
    bare, without = solved(small_network, BAN)
    realisation, months = solved(small_network, BAN, STOCK, PLANT)
    stock = [release.process for release in realisation.releases]
    assert all(month.equilibrium.converged for month in (*without, *months))
    assert (months[1].equilibrium.production[stock] > 0.5 * realisation.network.capacity_t[stock]).all()
    plant = realisation.process_names.index("new_gallium")
    assert months[1].equilibrium.production[plant] == 0.0
    assert months[2].equilibrium.production[plant] > 1.0
    good, region = bare.network.goods.index("gallium"), bare.network.regions.index("JPN")
    before, after = without[2].equilibrium.delivered_price, months[2].equilibrium.delivered_price
    assert after[good, region] < before[good, region]


def test_remedies_of_no_size_change_nothing(small_network: Network) -> None:
    recycling = {
        "kind": "recycling",
        "by": "USA",
        "goods": "ndfeb_magnet",
        "collection_share": 0,
        "recovery_share": 1,
        "capital_cost_musd": 0,
        "lead_time_months": 0,
    }
    _, without = solved(small_network, BAN)
    _, months = solved(small_network, BAN, {**STOCK, "quantity_t": 0}, recycling, {**PLANT, "probability": 0})
    assert months[2].equilibrium.use == pytest.approx(without[2].equilibrium.use, rel=1e-8)
    assert np.all(months[2].equilibrium.production[len(small_network.process_kind) :] == 0.0)
