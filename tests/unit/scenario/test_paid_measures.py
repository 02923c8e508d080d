"""Do dumping, floors, grants, stockpiles and offtakes change the costs, plants and links they should?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derisk.scenario import lay_terms
from derisk.scenario.months import month_number

Lay = Callable[..., Any]
JANUARY = month_number("2025-01")


def test_dumping_lowers_the_cost_of_every_plant_that_makes_the_good(lay: Lay) -> None:
    laid = lay({"kind": "dumping", "by": "CHN", "goods": "dytb_oxide", "price_cut_share": 0.3})
    cost = laid.shock().cost_usd_per_t
    for name in ("separate_rare_earths", "idle_separate_rare_earths"):
        assert cost[laid.process(name, "CHN")] == pytest.approx(-0.3 * 400_000 * 0.1)
    assert np.count_nonzero(cost) == 2


def test_dumping_takes_off_what_the_dumped_feed_of_a_plant_saves(lay: Lay) -> None:
    laid = lay({"kind": "dumping", "by": "CHN", "goods": ["ndfeb_magnet", "ndpr_oxide"], "price_cut_share": 0.3})
    cut = 0.3 * (50_000 - 0.3 * 60_000)
    assert laid.shock().cost_usd_per_t[laid.process("make_magnets", "CHN")] == pytest.approx(-cut)


def test_dumping_sets_idle_plants_to_work_along_the_chain_and_only_while_it_lasts(lay: Lay) -> None:
    laid = lay({"kind": "dumping", "by": "CHN", "goods": "ndpr_oxide", "price_cut_share": 0.3, "until": "2025-02"})
    names = [name for name in laid.realisation.process_names if name.startswith("idle_")]
    assert names == ["idle_separate_rare_earths", "idle_mine_rare_earths"]
    network = laid.network
    for name in names:
        idle, plant = laid.process(name, "CHN"), laid.process(name.removeprefix("idle_"), "CHN")
        room = network.capacity_t[plant] - network.base_output_t[plant]
        assert network.capacity_t[idle] == pytest.approx(room)
        assert [shock.capacity_ratio[idle] for shock in laid.realisation.shocks] == [1.0, 0.0, 0.0]
    assert set(laid.realisation.unowned) == {laid.process(name, "CHN") for name in names}


def test_measures_that_dump_joint_products_share_the_plants(lay: Lay) -> None:
    both = [
        {"kind": "dumping", "by": "CHN", "goods": good, "price_cut_share": 0.3} for good in ("ndpr_oxide", "dytb_oxide")
    ]
    one, two = lay(both[0]), lay(*both)
    room = one.network.capacity_t[one.process("idle_separate_rare_earths", "CHN")]
    for name in ("idle_separate_rare_earths", "idle_separate_rare_earths_2"):
        assert two.network.capacity_t[two.process(name, "CHN")] == pytest.approx(room / 2.0)


def test_dumping_offers_the_goods_in_every_market_by_the_sellers_share_of_the_world(lay: Lay) -> None:
    laid = lay({"kind": "dumping", "by": "CHN", "goods": "ndpr_oxide", "price_cut_share": 0.3})
    network, weight = laid.network, laid.realisation.link_weight_t
    good, china = network.goods.index("ndpr_oxide"), network.regions.index("CHN")
    of_good = network.good == good
    share = network.base_flow_t[of_good & (network.origin == china)].sum() / network.base_flow_t[of_good].sum()
    reached = 0
    for region in range(len(network.regions)):
        taken = network.base_flow_t[of_good & (network.destination == region)].sum()
        links = np.flatnonzero(of_good & (network.origin == china) & (network.destination == region))
        if region != china and taken > 0.0:
            assert weight[links].sum() == pytest.approx(max(share * taken, network.base_flow_t[links].sum()))
            assert np.all(laid.shock().flow_cap_t[links] == np.inf)
            reached += 1
    assert reached >= 2


def test_a_floor_above_the_base_price_tops_up_every_tonne(lay: Lay) -> None:
    floor = {"kind": "price_floor", "by": ["USA", "CHN"], "goods": "ndpr_oxide", "usd_per_t": 110_000}
    laid = lay(floor)
    cost = laid.shock().cost_usd_per_t
    for region in ("USA", "CHN"):
        assert cost[laid.process("separate_rare_earths", region)] == pytest.approx(-50_000.0)
    shock = laid.realisation.shock_of(frozenset({"measures[0]"}))
    assert np.all(shock.cost_usd_per_t == 0.0)
    price = np.full((len(laid.network.goods), len(laid.network.regions)), 100_000.0)
    paid = lay_terms(shock, laid.network, JANUARY, last_price=price).cost_usd_per_t
    assert paid[laid.process("separate_rare_earths", "USA")] == pytest.approx(-10_000.0)
    assert np.all(lay({**floor, "usd_per_t": 50_000}).shock().cost_usd_per_t == 0.0)


def plant(**keys: Any) -> dict[str, Any]:
    cost = {"unit_cost_usd_per_t": 40_000, "capital_cost_musd": 60, "lead_time_months": 0}
    return {"kind": "new_capacity", "by": "AUS", "goods": "ndpr_oxide", "capacity_t_per_year": 1_200, **cost, **keys}


def test_a_floor_holds_for_new_plants_and_recyclers_and_not_for_stockpiles(lay: Lay) -> None:
    recycle = {"kind": "recycling", "by": "XEU", "goods": "ndpr_oxide", "collection_share": 0.5, "recovery_share": 0.5}
    stock = {"kind": "stockpile_release", "by": "XEU", "goods": "ndpr_oxide", "quantity_t": 3}
    floor = {"kind": "price_floor", "by": ["AUS", "XEU"], "goods": "ndpr_oxide", "usd_per_t": 70_000}
    laid = lay(plant(), {**recycle, "lead_time_months": 0}, stock, floor)
    cost = laid.shock().cost_usd_per_t
    assert cost[laid.process("new_ndpr_oxide", "AUS")] == pytest.approx(-10_000.0)
    assert cost[laid.process("recycle_ndpr_oxide", "XEU")] == pytest.approx(-10_000.0)
    assert cost[laid.process("stockpile_ndpr_oxide", "XEU")] == 0.0


def test_a_grant_takes_its_share_of_the_capital_charge_off_new_plants_alone(lay: Lay) -> None:
    grant = {"kind": "investment_grant", "by": ["AUS", "USA"], "goods": "ndpr_oxide", "share_of_capital_cost": 0.5}
    laid = lay(plant(), grant)
    cost = laid.shock().cost_usd_per_t
    charge = 60e6 / 1_200 * 0.13
    new = laid.process("new_ndpr_oxide", "AUS")
    assert cost[new] == pytest.approx(-0.5 * charge)
    assert np.count_nonzero(cost) == 1
    (record,) = laid.shock().grants
    assert set(record.processes) == {new, laid.process("separate_rare_earths", "USA")}
    dear = lay(plant(capital_cost_musd=6_000), {**grant, "share_of_capital_cost": 1}).shock().cost_usd_per_t
    assert dear[new] == pytest.approx(-40_000.0)
    (note,) = lay(plant(capital_cost_musd=0), {**grant, "by": "AUS"}).realisation.notes
    assert note.startswith("measures[1] reaches nothing")


def test_a_grant_for_plants_that_may_grow_is_no_idle_measure(lay: Lay) -> None:
    grant = {"kind": "investment_grant", "by": "USA", "goods": "ndpr_oxide", "share_of_capital_cost": 0.5}
    assert lay(grant).realisation.notes == ()


def test_a_stockpile_is_bought_evenly_and_shared_by_intake(lay: Lay) -> None:
    build = {"kind": "stockpile_build", "by": ["USA", "JPN"], "goods": "gallium", "quantity_t": 50, "until": "2025-03"}
    laid = lay(build)
    usa, japan = (laid.process("stockpile_build_gallium", region) for region in ("USA", "JPN"))
    assert laid.network.capacity_t[[usa, japan]] == pytest.approx([15.0, 10.0])
    assert laid.network.unit_cost_usd_per_t[usa] == -1_000_000.0
    assert laid.network.process_good_matrix[usa].tolist() == [0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    held = {build.process: build.held_t for build in laid.shock().builds}
    assert held == {usa: pytest.approx(30.0), japan: pytest.approx(20.0)}
    assert laid.realisation.releases == ()
    assert [laid.shock(month).capacity_ratio[usa] for month in range(3)] == [1.0, 1.0, 0.0]
    assert len(laid.network.good) == len(laid.realisation.link_beside)
    assert not np.any(laid.realisation.link_weight_t[laid.network.base_flow_t == 0.0])


OFFTAKE = {"kind": "offtake", "by": "JPN", "to": ["AUS", "USA"], "goods": "rare_earth_concentrate"}


def test_an_offtake_has_links_of_its_own_up_to_its_tonnage(lay: Lay) -> None:
    laid = lay({**OFFTAKE, "by": "CHN", "quantity_t_per_year": 120, "usd_per_t": 3_600, "from": "2025-02"})
    own = laid.realisation.shock_of(frozenset({"measures[0]"})).offtakes[0].links
    shares = dict(zip((laid.network.regions[o] for o in laid.network.origin[own]), (20 / 60, 40 / 60), strict=True))
    assert shares == {"AUS": pytest.approx(1 / 3), "USA": pytest.approx(2 / 3)}
    assert laid.realisation.link_weight_t[own] == pytest.approx([10 / 3, 20 / 3])
    assert laid.shock(0).flow_cap_t[own] == pytest.approx([0.0, 0.0])
    assert laid.shock(1).flow_cap_t[own] == pytest.approx([10 / 3, 20 / 3])
    assert laid.shock(1).wedge_usd_per_t[own] == pytest.approx([-600.0, -600.0])
    assert laid.realisation.link_beside[own].tolist() == [
        int(laid.links("rare_earth_concentrate", origin, "CHN")[0]) for origin in ("AUS", "USA")
    ]


def test_an_offtake_from_a_plant_the_scenario_builds(lay: Lay) -> None:
    contract = {**OFFTAKE, "to": "AUS", "goods": "ndpr_oxide", "quantity_t_per_year": 600, "usd_per_t": 50_000}
    laid = lay(plant(), contract)
    (terms,) = laid.shock().offtakes
    assert laid.realisation.link_weight_t[terms.links] == pytest.approx([50.0])
    assert laid.shock().wedge_usd_per_t[terms.links] == pytest.approx([0.0])
    (note,) = lay(contract).realisation.notes
    assert note.startswith("measures[0] reaches nothing")


def test_a_ban_reaches_a_contract_s_link(lay: Lay) -> None:
    ban = {"kind": "export_ban", "by": "USA", "to": "JPN", "goods": "rare_earth_concentrate"}
    laid = lay(ban, {**OFFTAKE, "to": "USA", "by": "CHN", "quantity_t_per_year": 12, "usd_per_t": 1})
    assert laid.shock().flow_cap_t[laid.shock().offtakes[0].links] == pytest.approx([1.0])
    wide = lay({**ban, "to": "all"}, {**OFFTAKE, "to": "USA", "by": "CHN", "quantity_t_per_year": 12, "usd_per_t": 1})
    assert wide.shock().flow_cap_t[wide.shock().offtakes[0].links].tolist() == [0.0]
