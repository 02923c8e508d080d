"""Does the market answer to each kind of measure as its docstring says?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derisk.market import Equilibrium
from derisk.path import load_parameters, market_of, solve_alone

Lay = Callable[..., Any]
BAN = {"kind": "export_ban", "by": "CHN", "to": ["USA", "JPN"], "goods": "gallium"}


def solved(laid: Any, month: int = 0) -> Equilibrium:
    """A month's equilibrium without memory of the months before."""
    realisation = laid.realisation
    months = solve_alone(market_of(realisation), realisation, realisation.months)
    equilibrium: Equilibrium = months[month].equilibrium
    assert equilibrium.converged, equilibrium.reason
    return equilibrium


def price(laid: Any, equilibrium: Equilibrium, good: str, region: str) -> float:
    """Delivered price over the base price."""
    network = laid.network
    place = network.goods.index(good), network.regions.index(region)
    return float(equilibrium.delivered_price[place] / network.base_price_usd_per_t[place[0]])


def used(laid: Any, equilibrium: Equilibrium, good: str, region: str) -> float:
    """Tonnes used over the base year's."""
    network = laid.network
    rows = (network.use_good == network.goods.index(good)) & (network.use_region == network.regions.index(region))
    return float(equilibrium.use[rows].sum() / network.base_use_t[rows].sum())


def test_a_licence_bites_less_once_it_is_granted(lay: Lay) -> None:
    licence = {"kind": "export_licence", "by": "CHN", "to": "USA", "goods": "gallium", "approval_share": 0.7}
    laid = lay({**licence, "delay_months": 2})
    closed, granted = solved(laid, 0), solved(laid, 2)
    link = laid.link("gallium", "CHN", "USA")
    assert closed.flow[link] == 0.0
    assert granted.flow[link] == pytest.approx(0.7 * laid.network.base_flow_t[link])
    assert price(laid, closed, "gallium", "USA") > price(laid, granted, "gallium", "USA") > 1.0
    assert used(laid, closed, "gallium", "USA") < used(laid, granted, "gallium", "USA") < 1.0


def test_a_leak_softens_a_ban(lay: Lay) -> None:
    leak = {"kind": "enforcement", "by": "CHN", "goods": "gallium", "leak_share": 0.2}
    tight, loose = lay(BAN), lay(BAN, leak)
    before, after = solved(tight), solved(loose)
    link = loose.link("gallium", "CHN", "USA")
    assert after.flow[link] == pytest.approx(0.2 * loose.network.base_flow_t[link])
    assert price(loose, after, "gallium", "USA") < price(tight, before, "gallium", "USA")


def test_a_sanction_hurts_both_sides(lay: Lay) -> None:
    laid = lay({"kind": "sanction", "by": "USA", "to": "CHN", "goods": ["ndfeb_magnet", "rare_earth_concentrate"]})
    equilibrium = solved(laid)
    assert price(laid, equilibrium, "ndfeb_magnet", "USA") > 1.1
    assert price(laid, equilibrium, "rare_earth_concentrate", "CHN") > 1.0


def test_dumping_brings_prices_down_and_rivals_with_them(lay: Lay) -> None:
    laid = lay({"kind": "dumping", "by": "CHN", "goods": ["ndpr_oxide", "lacen_oxide"], "price_cut_share": 0.3})
    equilibrium, base = solved(laid), laid.network.base_output_t
    china, rival = (laid.process("separate_rare_earths", region) for region in ("CHN", "USA"))
    assert 0.7 <= price(laid, equilibrium, "ndpr_oxide", "XEU") < 0.95
    assert equilibrium.production[china] > base[china]
    assert equilibrium.production[rival] < base[rival]


@pytest.mark.parametrize("cut", [0.2, 0.4])
def test_where_a_dumper_rules_the_market_prices_fall_by_three_quarters_of_the_cut(lay: Lay, cut: float) -> None:
    goods = ["ndpr_oxide", "dytb_oxide"]
    laid = lay({"kind": "dumping", "by": "CHN", "goods": goods, "price_cut_share": cut})
    equilibrium = solved(laid)
    for region in ("CHN", "JPN"):
        fall = 1.0 - price(laid, equilibrium, "ndpr_oxide", region)
        assert 0.7 * cut < fall < 0.8 * cut


def test_a_floor_keeps_a_rival_alive_under_dumping(lay: Lay) -> None:
    dumping = {"kind": "dumping", "by": "CHN", "goods": "ndpr_oxide", "price_cut_share": 0.4}
    floor = {"kind": "price_floor", "by": "USA", "goods": "ndpr_oxide", "usd_per_t": 80_000}
    bare, kept = lay(dumping), lay(dumping, floor)
    rival = kept.process("separate_rare_earths", "USA")
    assert solved(kept).production[rival] > 1.1 * solved(bare).production[rival]


def test_a_grant_makes_a_plant_pay_that_would_stand_idle(lay: Lay) -> None:
    plant = {
        "kind": "new_capacity",
        "by": "AUS",
        "goods": "rare_earth_concentrate",
        "capacity_t_per_year": 240,
        "unit_cost_usd_per_t": 3_300,
        "capital_cost_musd": 1.0,
        "lead_time_months": 0,
    }
    grant = {"kind": "investment_grant", "by": "AUS", "goods": "rare_earth_concentrate", "share_of_capital_cost": 1}
    idle, paid = lay(plant), lay(plant, grant)
    new = paid.process("new_rare_earth_concentrate", "AUS")
    assert solved(idle).production[new] == 0.0
    assert solved(paid).production[new] > 5.0


def test_a_stockpile_buys_its_tonnes_and_stops_at_its_ceiling(lay: Lay) -> None:
    build = {"kind": "stockpile_build", "by": "USA", "goods": "gallium", "quantity_t": 9}
    calm, crisis = lay(build), lay(build, BAN)
    buyer = calm.process("stockpile_build_gallium", "USA")
    equilibrium = solved(calm)
    assert equilibrium.production[buyer] == pytest.approx(3.0, rel=0.02)
    assert price(calm, equilibrium, "gallium", "USA") > 1.0
    assert price(crisis, solved(crisis), "gallium", "USA") > 2.0
    assert solved(crisis).production[buyer] == 0.0


def test_an_offtake_brings_the_tonnes_to_the_buyer_and_lifts_the_seller(lay: Lay) -> None:
    contract = {"kind": "offtake", "by": "XEU", "to": "USA", "goods": "ndpr_oxide", "quantity_t_per_year": 12}
    dumping = {"kind": "dumping", "by": "CHN", "goods": "ndpr_oxide", "price_cut_share": 0.4}
    bare, bound = lay(dumping), lay(dumping, {**contract, "usd_per_t": 90_000})
    equilibrium = solved(bound)
    assert equilibrium.flow[bound.shock().offtakes[0].links] == pytest.approx([1.0])
    rival = bound.process("separate_rare_earths", "USA")
    assert equilibrium.production[rival] > solved(bare).production[rival]
    assert price(bound, equilibrium, "ndpr_oxide", "XEU") < price(bare, solved(bare), "ndpr_oxide", "XEU")


@pytest.mark.parametrize("ratio", [0.5, 0.9, 1.0, 1.5, 4.0])
def test_a_fixed_price_is_the_delivered_price_whatever_else_happens(lay: Lay, ratio: float) -> None:
    fixed = {"kind": "price", "by": "USA", "goods": "gallium", "usd_per_t": 500_000 * ratio}
    elasticity = 0.3 * load_parameters().demand_elasticity_ratio
    for laid in (lay(fixed), lay(fixed, BAN)):
        equilibrium = solved(laid)
        assert price(laid, equilibrium, "gallium", "USA") == pytest.approx(ratio, rel=0.01)
        assert used(laid, equilibrium, "gallium", "USA") == pytest.approx(ratio**-elasticity, rel=0.01)


def test_more_elastic_users_pay_less_for_a_quota(lay: Lay) -> None:
    elastic = {"kind": "elasticity", "of": "demand", "goods": "gallium", "value": 1.0}
    quota = {**BAN, "kind": "export_quota", "share_of_base": 0.7}
    stiff, soft = lay(quota), lay(quota, elastic)
    assert price(soft, solved(soft), "gallium", "USA") < price(stiff, solved(stiff), "gallium", "USA")


def test_elasticities_alone_leave_the_base_year(lay: Lay) -> None:
    changes = [
        {"kind": "elasticity", "of": of, "goods": ["gallium", "ndpr_oxide"], "value": 3} for of in ("supply", "trade")
    ]
    laid = lay(*changes)
    assert solved(laid).flow == pytest.approx(laid.network.base_flow_t, rel=1e-9, abs=1e-9)


def test_measures_that_are_not_open_yet_leave_the_base_year(lay: Lay) -> None:
    later = [
        {"kind": "price", "by": "USA", "goods": "gallium", "usd_per_t": 900_000},
        {"kind": "stockpile_build", "by": "USA", "goods": "gallium", "quantity_t": 9},
        {
            "kind": "offtake",
            "by": "XEU",
            "to": "USA",
            "goods": "ndpr_oxide",
            "quantity_t_per_year": 12,
            "usd_per_t": 90_000,
        },
    ]
    laid = lay(*({**measure, "from": "2025-02"} for measure in later))
    equilibrium = solved(laid)
    assert equilibrium.flow == pytest.approx(laid.network.base_flow_t, rel=1e-9, abs=1e-9)
    assert np.all(equilibrium.production[laid.network.base_output_t == 0.0] == 0.0)
