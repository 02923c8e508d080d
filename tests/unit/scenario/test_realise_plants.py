"""Are plants, recyclers and stores added as their measures say?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from realising import links, plant, realised, rows_of

from derisk.data import load_dataset
from derisk.errors import ScenarioError
from derisk.network import build_network
from derisk.network.record import Network
from derisk.scenario import parse_scenario, realise, scenario_from


def test_a_stockpile_is_shared_by_intake_and_spread_over_its_months(small_network: Network) -> None:
    release = {
        "kind": "stockpile_release",
        "by": ["USA", "JPN"],
        "goods": "gallium",
        "quantity_t": 50,
        "until": "2025-03",
    }
    result = realised(small_network, release)
    (usa,), (japan,) = rows_of(result, "stockpile_gallium", "USA"), rows_of(result, "stockpile_gallium", "JPN")
    assert result.network.capacity_t[usa] == pytest.approx(50 * 0.6 / 2)
    assert result.network.capacity_t[japan] == pytest.approx(50 * 0.4 / 2)
    assert result.network.unit_cost_usd_per_t[usa] == 500_000.0
    assert [stock.held_t for stock in result.releases] == pytest.approx([20.0, 30.0])
    assert result.shocks[0].releases == result.releases
    assert result.shocks[0].capacity_ratio[usa] == 1.0
    assert result.shocks[2].capacity_ratio[usa] == 0.0


def test_a_seller_where_nobody_sold_gets_a_link_that_is_shut_when_it_is(small_network: Network) -> None:
    release = {"kind": "stockpile_release", "by": "USA", "goods": "gallium", "quantity_t": 12, "from": "2025-02"}
    result = realised(small_network, release)
    home = links(result, "gallium", "USA", "USA")
    assert len(home) == 1
    assert result.network.base_flow_t[home] == 0.0
    assert result.link_weight_t[home] == pytest.approx(6.0)
    assert result.shocks[0].flow_cap_t[home] == 0.0
    assert np.isinf(result.shocks[1].flow_cap_t[home])
    assert np.array_equal(np.delete(result.link_weight_t, home), small_network.base_flow_t)
    assert np.array_equal(result.link_beside, np.arange(len(result.network.good)))


def test_a_seller_beside_a_thin_link_gets_what_the_link_lacks(small_network: Network) -> None:
    release = {"kind": "stockpile_release", "by": "JPN", "goods": "ndfeb_magnet", "quantity_t": 30}
    result = realised(small_network, release)
    thin, added = links(result, "ndfeb_magnet", "JPN", "JPN")
    assert result.link_weight_t[thin] == result.network.base_flow_t[thin] == pytest.approx(3.0)
    assert result.link_weight_t[added] == pytest.approx(10.0 - 3.0)
    assert result.link_beside[added] == result.link_beside[thin] == thin
    plenty = realised(small_network, {**release, "quantity_t": 6})
    assert len(links(plenty, "ndfeb_magnet", "JPN", "JPN")) == 1


def test_a_new_plant_has_the_world_s_recipe_where_its_region_has_none(small_network: Network) -> None:
    result = realised(small_network, plant(by="AUS", goods="dytb_oxide"))
    (row,) = rows_of(result, "new_dytb_oxide", "AUS")
    recipe = dict(zip(small_network.goods, result.network.process_good_matrix[row], strict=True))
    per_main = 48 * 0.1 / 52
    assert recipe["ndpr_oxide"] == 1.0
    assert recipe["dytb_oxide"] == pytest.approx(per_main)
    assert recipe["lacen_oxide"] == pytest.approx((48 * 3 + 4 * 4) / 52)
    assert result.network.capacity_t[row] * recipe["dytb_oxide"] == pytest.approx(10.0)
    assert result.network.unit_cost_usd_per_t[row] == pytest.approx(100 * per_main)
    assert [shock.capacity_ratio[row] for shock in result.shocks] == [0.0, 1.0, 1.0]
    assert len(links(result, "rare_earth_concentrate", "CHN", "AUS")) == 1
    assert len(links(result, "dytb_oxide", "AUS", "JPN")) == 1


def test_a_new_plant_follows_the_plants_of_its_region(small_network: Network) -> None:
    result = realised(small_network, plant(by="USA", goods="ndpr_oxide"))
    (row,) = rows_of(result, "new_ndpr_oxide", "USA")
    assert result.network.process_good_matrix[row, small_network.goods.index("lacen_oxide")] == 4.0
    with pytest.raises(ScenarioError, match="in USA make no dytb_oxide") as refused:
        realised(small_network, plant(by="USA", goods="dytb_oxide"))
    (problem,) = refused.value.problems
    assert problem.where.endswith(", measures[0].process")
    assert problem.key == "measures[0].process"
    assert problem.allowed == "what they make in the base year: 'lacen_oxide', 'ndpr_oxide'"
    assert problem.hint == "state the capacity in ndpr_oxide"


@pytest.mark.parametrize("project", ["P005", "P031", "P045"])
def test_a_heavy_circuit_beside_plants_of_light_oxides_is_the_one_kind_that_makes_its_oxide(project: str) -> None:
    network = build_network(load_dataset(), base_year=2024)
    named, unnamed = (
        realised(network, {"kind": "new_capacity", "project": project, **process})
        for process in ({"process": "separate_ionic_clay"}, {})
    )
    assert "new_dytb_oxide" in unnamed.process_names
    np.testing.assert_array_equal(named.network.process_good_matrix, unnamed.network.process_good_matrix)


def test_a_process_that_is_stated_is_not_put_aside_for_another() -> None:
    network = build_network(load_dataset(), base_year=2024)
    with pytest.raises(ScenarioError, match="'separate_rare_earths' in USA make no dytb_oxide") as refused:
        realised(network, {"kind": "new_capacity", "project": "P005", "process": "separate_rare_earths"})
    assert refused.value.problems[0].hint == "write process: separate_ionic_clay"


def test_what_a_draw_refuses_is_placed_in_the_file(small_network: Network) -> None:
    text = """\
name: refused
months: 2
measures:
  - {kind: outage, by: CHN, goods: gallium, from: 2025-01, share: 0.5, why: a}
  - kind: new_capacity
    by: USA
    goods: dytb_oxide
    from: 2025-01
    capacity_t_per_year: 5
    unit_cost_ratio: 1
    lead_time_months: 0
    why: a
"""
    with pytest.raises(ScenarioError) as refused:
        realise(parse_scenario(text, name="refused.yml"), small_network)
    (problem,) = refused.value.problems
    assert problem.where == "refused.yml, line 5, measures[1].process"
    assert (problem.line, problem.key) == (5, "measures[1].process")


@pytest.mark.parametrize("project", ["P008", "P009", "P029", "P030"])
def test_a_project_without_a_capacity_says_what_to_state(project: str) -> None:
    row = {"kind": "new_capacity", "project": project, "from": "2025-01", "why": "A test."}
    with pytest.raises(ScenarioError, match=rf"project {project}, .*, states no capacity") as refused:
        scenario_from({"name": "unstated", "months": 12, "measures": [row]})
    assert refused.value.problems[0].key == "measures[0].capacity_t_per_year"
    network = build_network(load_dataset(), base_year=2024)
    result = realised(network, {"kind": "new_capacity", "project": project, "capacity_t_per_year": 200.0})
    assert result.process_names[-1].startswith("new_")


def test_a_new_plant_sells_by_what_home_takes_in_and_others_import(small_network: Network) -> None:
    result = realised(small_network, plant(by="JPN", goods="ndpr_oxide", lead_time_months=0))
    ground = result.network
    weight = result.link_weight_t
    sold = [links(result, "ndpr_oxide", "JPN", region) for region in ("JPN", "XEU", "CHN")]
    tonnes = [float(weight[link].sum()) for link in sold]
    assert sum(tonnes) == pytest.approx(10.0)
    takes = 48 + 4
    japan, china_imports = 9.0, 39 * 4 / takes
    assert tonnes[0] / tonnes[2] == pytest.approx(japan / china_imports)
    assert ground.base_flow_t[sold[0]] == 0.0


def test_a_ban_reaches_the_feed_of_a_new_plant(small_network: Network) -> None:
    ban = {"kind": "export_ban", "by": "CHN", "goods": "rare_earth_concentrate"}
    result = realised(small_network, ban, plant(by="XEU", goods="ndpr_oxide", lead_time_months=0))
    caps = result.shocks[0].flow_cap_t
    assert caps[links(result, "rare_earth_concentrate", "CHN", "XEU")] == 0.0
    assert np.isinf(caps[links(result, "rare_earth_concentrate", "USA", "XEU")])


def test_a_plant_without_feed_is_refused(small_network: Network) -> None:
    with pytest.raises(ScenarioError, match="gallium_residue arises there nowhere"):
        realised(small_network, plant(by="USA", goods="gallium"))
    realised(small_network, plant(by="AUS", goods="gallium"))


def test_a_plant_is_built_with_its_probability(small_network: Network) -> None:
    likely = plant(by="AUS", goods="gallium", probability=0.7)
    built, unbuilt = realised(small_network, likely, quantile=0.69), realised(small_network, likely, quantile=0.71)
    assert built.shocks[1].capacity_ratio[-1] == 1.0
    assert unbuilt.shocks[1].capacity_ratio[-1] == 0.0
    assert unbuilt.shocks[0] is unbuilt.shocks[2]
    assert built.network.process_kind == unbuilt.network.process_kind


def test_recycling_is_collected_times_recovered_of_end_use(small_network: Network) -> None:
    recycle = {
        "kind": "recycling",
        "by": ["XEU", "AUS"],
        "goods": "ndfeb_magnet",
        "collection_share": 0.5,
        "recovery_share": 0.9,
        "capital_cost_musd": 1,
        "lead_time_months": 0,
    }
    result = realised(small_network, recycle)
    (row,) = rows_of(result, "recycle_ndfeb_magnet", "XEU")
    assert result.network.capacity_t[row] == pytest.approx(0.45 * 160 * 0.2)
    assert result.network.unit_cost_usd_per_t[row] == pytest.approx(40_000.0)
    assert not rows_of(result, "recycle_ndfeb_magnet", "AUS")


def test_names_of_added_processes_are_unique_in_a_region(small_network: Network) -> None:
    result = realised(small_network, plant(by="AUS", goods="gallium"), plant(by="AUS", goods="gallium"))
    assert result.process_names[-2:] == ("new_gallium", "new_gallium_2")


def test_a_recycler_beside_one_of_the_base_year_has_a_name_of_its_own(small_network: Network) -> None:
    kinds = tuple("recycle_gallium" if kind == "recover_gallium" else kind for kind in small_network.process_kind)
    recycle = {
        "kind": "recycling",
        "by": "CHN",
        "goods": "gallium",
        "collection_share": 0.5,
        "recovery_share": 0.5,
        "capital_cost_musd": 1,
        "lead_time_months": 0,
    }
    result = realised(replace(small_network, process_kind=kinds), recycle)
    assert result.process_names[-1] == "recycle_gallium_2"
    places = list(zip(result.process_names, result.network.process_region.tolist(), strict=True))
    assert len(set(places)) == len(places)


def test_an_outage_spares_the_scenario_s_own_plants(small_network: Network) -> None:
    outage = {"kind": "outage", "by": "AUS", "goods": "gallium", "share": 1}
    result = realised(small_network, outage, plant(by="AUS", goods="gallium", lead_time_months=0))
    assert result.shocks[0].capacity_ratio[-1] == 1.0
    (note,) = result.notes
    assert note.startswith("measures[0] reaches nothing (outage of gallium): the base year has no trade, plant or use")
    assert note.endswith("act on (goods gallium; by AUS)")


def test_costs_of_the_bill_may_be_left_out(small_network: Network) -> None:
    cut = {"kind": "substitution", "by": "USA", "goods": "gallium", "intensity_cut_share": 0.1, "lead_time_months": 0}
    recycle = {"kind": "recycling", "by": "USA", "goods": "gallium", "collection_share": 0.5, "recovery_share": 0.5}
    result = realised(small_network, cut, {**recycle, "lead_time_months": 0})
    assert result.numbers["measures[0].cost_musd"] == 0.0
    assert result.numbers["measures[1].capital_cost_musd"] == 0.0
    assert result.notes == ()


@pytest.mark.parametrize(("kind", "numbers"), [("export_ban", {}), ("export_quota", {"share_of_base": 0.5})])
def test_a_new_plant_seeks_no_buyers_where_restrictions_come_from(
    small_network: Network, kind: str, numbers: dict[str, float]
) -> None:
    restriction = {"kind": kind, "by": "CHN", "to": "JPN", "goods": "gallium", **numbers}
    new = plant(by="USA", goods="lacen_oxide", capacity_t_per_year=12_000, lead_time_months=0)

    assert buyers(small_network, new) - {"CHN"} == buyers(small_network, restriction, new)
    assert "CHN" in buyers(small_network, new)


@pytest.mark.parametrize(("by", "to"), [(["USA", "JPN", "ROW"], "CHN"), ("CHN", ["USA", "JPN", "ROW"])])
def test_a_new_plant_seeks_its_buyers_on_its_own_side_of_a_sanction(small_network: Network, by: Any, to: Any) -> None:
    sanction = {"kind": "sanction", "by": by, "to": to, "goods": "gallium"}
    new = plant(by="USA", goods="lacen_oxide", capacity_t_per_year=12_000, lead_time_months=0)
    assert buyers(small_network, sanction, new) == buyers(small_network, new) - {"CHN"}
    assert "ROW" in buyers(small_network, sanction, new)


def buyers(network: Network, *measures: dict[str, Any]) -> set[str]:
    """Regions to which links are added for the lanthanum and cerium of plants in the United States."""
    extended = realised(network, *measures).network
    first, good = len(network.good), network.goods.index("lacen_oxide")
    sold = (extended.good[first:] == good) & (extended.origin[first:] == network.regions.index("USA"))
    return {extended.regions[region] for region in extended.destination[first:][sold]}
