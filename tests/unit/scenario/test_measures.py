"""Do licences, blocked routes, dumping, sanctions, floors, offtakes and their like change what they should?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from derisk.errors import ScenarioError
from derisk.network.record import Network
from derisk.scenario import lay_terms, scenario_from
from derisk.scenario.months import month_number

Lay = Callable[..., Any]
JANUARY = month_number("2025-01")


# Licences

LICENCE = {"kind": "export_licence", "by": "CHN", "goods": "gallium", "delay_months": 1.25, "approval_share": 0.4}


def test_a_licence_lets_nothing_through_before_its_delay_and_then_its_share(lay: Lay) -> None:
    laid = lay(LICENCE)
    link = laid.link("gallium", "CHN", "USA")
    base = laid.network.base_flow_t[link]
    assert [laid.shock(month).flow_cap_t[link] / base for month in range(3)] == pytest.approx([0.0, 0.3, 0.4])
    assert np.isinf(laid.shock(0).flow_cap_t[laid.link("gallium", "CHN", "CHN")])


def test_what_needs_no_licence_goes_on(lay: Lay) -> None:
    laid = lay({**LICENCE, "covered_share": 0.6})
    link = laid.link("gallium", "CHN", "USA")
    shares = [laid.shock(month).flow_cap_t[link] / laid.network.base_flow_t[link] for month in range(3)]
    assert shares == pytest.approx([0.4, 0.4 + 0.75 * 0.4 * 0.6, 0.4 + 0.4 * 0.6])


def test_a_licence_of_any_set_of_measures_is_a_term_and_no_cap(lay: Lay) -> None:
    laid = lay(LICENCE)
    shock = laid.realisation.shock_of(frozenset({"measures[0]"}))
    (terms,) = shock.licences
    assert np.all(np.isinf(shock.flow_cap_t))
    assert (terms.since, terms.delay_months, terms.approval_share) == (JANUARY, 1.25, 0.4)
    asked = 2.0 * laid.network.base_flow_t
    later = lay_terms(shock, laid.network, JANUARY + 2, requested_t=asked)
    assert later.flow_cap_t[terms.links] == pytest.approx(0.4 * asked[terms.links])


def test_of_two_licences_the_least_holds_and_a_ban_beats_both(lay: Lay) -> None:
    wide = {**LICENCE, "delay_months": 0, "approval_share": 0.9}
    narrow = {**wide, "to": "USA", "approval_share": 0.2}
    laid = lay(wide, narrow, {"kind": "export_ban", "by": "CHN", "to": "JPN", "goods": "gallium"})
    caps, base = laid.shock().flow_cap_t, laid.network.base_flow_t
    usa, japan = laid.link("gallium", "CHN", "USA"), laid.link("gallium", "CHN", "JPN")
    assert caps[usa] == pytest.approx(0.2 * base[usa])
    assert caps[japan] == 0.0


# Sanctions and enforcement


def test_a_sanction_closes_both_ways_and_spares_the_sanctioners_own_trade(lay: Lay) -> None:
    laid = lay({"kind": "sanction", "by": ["JPN", "USA"], "to": "CHN", "goods": "ndfeb_magnet"})
    caps = laid.shock().flow_cap_t
    for origin, destination in (("CHN", "USA"), ("CHN", "JPN"), ("JPN", "CHN")):
        assert caps[laid.link("ndfeb_magnet", origin, destination)] == 0.0
    assert np.isinf(caps[laid.link("ndfeb_magnet", "JPN", "USA")])
    assert np.isinf(caps[laid.link("ndfeb_magnet", "CHN", "XEU")])


def test_enforcement_lets_a_share_of_the_base_flow_past_bans_quotas_and_licences(lay: Lay) -> None:
    leak = {"kind": "enforcement", "by": "CHN", "to": "USA", "goods": ["gallium", "ndfeb_magnet"], "leak_share": 0.1}
    ban = {"kind": "export_ban", "by": "CHN", "goods": "gallium"}
    quota = {"kind": "export_quota", "by": "CHN", "goods": "ndfeb_magnet", "share_of_base": 0.5}
    laid, tight = lay(leak, ban, quota), lay(ban, quota)
    base, usa = laid.network.base_flow_t, laid.link("gallium", "CHN", "USA")
    assert laid.shock().flow_cap_t[usa] == pytest.approx(0.1 * base[usa])
    assert laid.shock().flow_cap_t[laid.link("gallium", "CHN", "JPN")] == 0.0
    leaked = 0.1 * base[laid.link("ndfeb_magnet", "CHN", "USA")]
    assert laid.shock().quota_t - tight.shock().quota_t == pytest.approx([leaked])
    licensed = lay(leak, {**LICENCE, "delay_months": 60})
    assert licensed.shock().flow_cap_t[usa] == pytest.approx(0.1 * base[usa])


def test_of_two_leaks_the_least_holds_and_outages_do_not_leak(lay: Lay) -> None:
    leak = {"kind": "enforcement", "by": "CHN", "goods": "gallium", "leak_share": 0.3}
    ban = {"kind": "export_ban", "by": "CHN", "goods": "gallium"}
    outage = {"kind": "outage", "by": "CHN", "goods": "gallium", "share": 1.0}
    laid = lay(leak, {**leak, "leak_share": 0.05}, ban, outage)
    usa = laid.link("gallium", "CHN", "USA")
    assert laid.shock().flow_cap_t[usa] == pytest.approx(0.05 * laid.network.base_flow_t[usa])
    assert laid.shock().capacity_ratio[laid.process("recover_gallium", "CHN")] == 0.0


# Transit


def kazakh(network: Network) -> Network:
    """The small network with Australia's place taken by Kazakhstan, and Japan's by Russia."""
    return replace(network, regions=("KAZ", "CHN", "RUS", "USA", "XEU", "ROW"))


def test_a_blocked_route_leaves_what_the_other_routes_carry(lay: Lay, small_network: Network) -> None:
    block = {"kind": "transit_block", "through": "RUS", "goods": "rare_earth_concentrate", "share": 0.8}
    laid = lay(block, network=kazakh(small_network))
    caps, base = laid.shock().flow_cap_t, laid.network.base_flow_t
    usa, china = (laid.link("rare_earth_concentrate", "KAZ", where) for where in ("USA", "CHN"))
    assert caps[usa] == pytest.approx((1.0 - 0.8 * 0.75) * base[usa])
    assert np.isinf(caps[china])
    assert np.isinf(caps[laid.link("rare_earth_concentrate", "CHN", "USA")])


def test_two_blocked_countries_on_one_route_leave_the_least(lay: Lay, small_network: Network) -> None:
    block = {"kind": "transit_block", "through": ["RUS", "GEO", "AZE"], "by": "KAZ", "share": 1}
    laid = lay({**block, "goods": "rare_earth_concentrate"}, network=kazakh(small_network))
    usa = laid.link("rare_earth_concentrate", "KAZ", "USA")
    assert laid.shock().flow_cap_t[usa] == pytest.approx(0.25 * laid.network.base_flow_t[usa])


def test_a_route_for_copper_is_none_for_other_goods(lay: Lay, small_network: Network) -> None:
    congolese = replace(small_network, regions=("COD", "CHN", "JPN", "USA", "XEU", "ROW"))
    block = {"kind": "transit_block", "through": "ZMB", "goods": "rare_earth_concentrate", "share": 1}
    (note,) = lay(block, network=congolese).realisation.notes
    assert note.startswith("measures[0] reaches nothing")


# Prices that someone else pays


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


# Buyers and contracts


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


# What holds in every month


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


# Quotas


def test_a_quota_s_weights_count_tonnes_of_one_good_more_than_of_another(lay: Lay) -> None:
    goods = {"by": "CHN", "goods": ["ndpr_oxide", "ndfeb_magnet"], "weights": {"ndfeb_magnet": 0.3}}
    laid = lay({"kind": "export_quota", **goods, "share_of_base": 0.5})
    shock, network = laid.shock(), laid.network
    weight = np.where(network.good[shock.quota_link] == network.goods.index("ndfeb_magnet"), 0.3, 1.0)
    assert np.array_equal(shock.quota_weight, weight)
    assert shock.quota_t == pytest.approx([0.5 * weight @ network.base_flow_t[shock.quota_link]])
