"""Does each measure change what it should, and nothing else?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from derisk.errors import ScenarioError
from derisk.network.record import Network
from derisk.scenario import Realisation, realise, scenario_from
from derisk.scenario.ground import regions_named
from derisk.scenario.months import month_number


def realised(network: Network, *measures: dict[str, Any], quantile: float = 0.5, **keys: Any) -> Realisation:
    data = {"name": "test", "start": "2025-01", "months": 3, **keys}
    rows = [{"from": "2025-01", "why": "test", **measure} for measure in measures]
    return realise(scenario_from({**data, "measures": rows}), network, quantile=lambda key: quantile)


def links(result: Realisation, good: str, origin: str, destination: str) -> np.ndarray:
    network = result.network
    return np.flatnonzero(
        (network.good == network.goods.index(good))
        & (network.origin == network.regions.index(origin))
        & (network.destination == network.regions.index(destination))
    )


def rows_of(result: Realisation, name: str, region: str) -> list[int]:
    network = result.network
    where = network.regions.index(region)
    return [
        step for step, kind in enumerate(result.process_names) if kind == name and network.process_region[step] == where
    ]


def test_the_small_network_balances(small_network: Network) -> None:
    network = small_network
    for good in range(len(network.goods)):
        chosen = network.good == good
        out = np.bincount(network.origin[chosen], network.base_flow_t[chosen], minlength=len(network.regions))
        into = np.bincount(network.destination[chosen], network.base_flow_t[chosen], minlength=len(network.regions))
        made = np.zeros(len(network.regions))
        taken = np.zeros(len(network.regions))
        np.add.at(
            made, network.process_region, np.maximum(network.process_good_matrix[:, good], 0) * network.base_output_t
        )
        np.add.at(
            taken, network.process_region, np.maximum(-network.process_good_matrix[:, good], 0) * network.base_output_t
        )
        used = network.use_good == good
        np.add.at(taken, network.use_region[used], network.base_use_t[used])
        assert np.allclose(out, made)
        assert np.allclose(into, taken)


def test_no_measures_is_the_base_and_one_shared_shock(small_network: Network) -> None:
    result = realised(small_network)
    shock = result.shocks[0]
    assert result.months == ("2025-01", "2025-02", "2025-03")
    assert all(other is shock for other in result.shocks)
    assert np.all(shock.capacity_ratio == 1.0)
    assert np.all(np.isinf(shock.flow_cap_t))
    assert np.all(shock.wedge_usd_per_t == 0.0)
    assert np.all(shock.demand_ratio == 1.0)
    assert len(shock.quota_t) == 0
    assert result.network.process_kind == small_network.process_kind
    assert np.array_equal(result.network.base_flow_t, small_network.base_flow_t)


def test_a_ban_cuts_every_destination_but_home(small_network: Network) -> None:
    result = realised(small_network, {"kind": "export_ban", "by": "CHN", "goods": "gallium"})
    caps = result.shocks[0].flow_cap_t
    assert caps[links(result, "gallium", "CHN", "USA")] == 0.0
    assert caps[links(result, "gallium", "CHN", "JPN")] == 0.0
    assert np.isinf(caps[links(result, "gallium", "CHN", "CHN")])
    assert np.isinf(caps[links(result, "ndpr_oxide", "CHN", "JPN")])


def test_a_ban_on_a_bloc_reaches_its_members_and_the_merged_rest(small_network: Network) -> None:
    result = realised(small_network, {"kind": "export_ban", "by": "CHN", "to": "coalition", "goods": "ndfeb_magnet"})
    caps = result.shocks[0].flow_cap_t
    for region in ("USA", "JPN", "XEU"):
        assert caps[links(result, "ndfeb_magnet", "CHN", region)] == 0.0
    assert np.isinf(caps[links(result, "ndfeb_magnet", "CHN", "CHN")])


def test_several_bans_include_links_between_the_banners(small_network: Network) -> None:
    result = realised(small_network, {"kind": "export_ban", "by": ["CHN", "JPN"], "goods": "ndfeb_magnet"})
    caps = result.shocks[0].flow_cap_t
    assert caps[links(result, "ndfeb_magnet", "CHN", "JPN")] == 0.0
    assert caps[links(result, "ndfeb_magnet", "JPN", "CHN")] == 0.0
    assert np.isinf(caps[links(result, "ndfeb_magnet", "JPN", "JPN")])


def test_a_measure_acts_from_its_month_until_its_month(small_network: Network) -> None:
    ban = {"kind": "export_ban", "by": "CHN", "goods": "gallium", "from": "2025-02", "until": "2025-03"}
    first, second, third = realised(small_network, ban).shocks
    assert first is third
    assert second is not first
    assert np.isinf(first.flow_cap_t).all()
    assert (second.flow_cap_t == 0.0).any()


def test_a_quota_is_one_limit_over_links_and_goods_for_each_region(small_network: Network) -> None:
    quota = {"kind": "export_quota", "by": ["CHN", "USA"], "goods": ["ndpr_oxide", "lacen_oxide"], "share_of_base": 0.5}
    result = realised(small_network, quota)
    shock = result.shocks[0]
    assert len(shock.quota_t) == 2
    for number, region in enumerate((small_network.regions.index("CHN"), small_network.regions.index("USA"))):
        members = shock.quota_link[shock.quota_index == number]
        assert set(small_network.origin[members]) == {region}
        assert not np.any(small_network.destination[members] == region)
        assert shock.quota_t[number] == pytest.approx(0.5 * small_network.base_flow_t[members].sum())
    assert np.all(shock.quota_weight == 1.0)
    assert set(small_network.good[shock.quota_link]) == {3, 4}


def test_a_yearly_quota_is_a_twelfth_a_month(small_network: Network) -> None:
    quota = {"kind": "export_quota", "by": "CHN", "goods": "gallium", "quantity_t_per_year": 120}
    assert realised(small_network, quota).shocks[0].quota_t == pytest.approx([10.0])


@pytest.mark.parametrize("key", ["quantity_t_per_year", "share_of_base"])
def test_a_quota_of_nothing_is_a_ban(small_network: Network, key: str) -> None:
    result = realised(small_network, {"kind": "export_quota", "by": "CHN", "goods": "gallium", key: 0})
    assert len(result.shocks[0].quota_t) == 0
    assert result.shocks[0].flow_cap_t[links(result, "gallium", "CHN", "USA")] == 0.0


def test_taxes_and_tariffs_add_and_rates_are_of_the_base_price(small_network: Network) -> None:
    tax = {"kind": "export_tax", "by": "CHN", "to": "USA", "goods": "gallium", "rate": 0.1}
    tariff = {"kind": "import_tariff", "by": "USA", "to": "CHN", "goods": "gallium", "usd_per_t": 1_000}
    result = realised(small_network, tax, tariff)
    wedge = result.shocks[0].wedge_usd_per_t
    assert wedge[links(result, "gallium", "CHN", "USA")] == pytest.approx([51_000.0])
    assert np.count_nonzero(wedge) == 1


def test_outages_multiply_and_hit_joint_producers(small_network: Network) -> None:
    first = {"kind": "outage", "by": "CHN", "goods": "dytb_oxide", "share": 0.5}
    second = {"kind": "outage", "by": "CHN", "goods": "ndpr_oxide", "share": 0.2}
    result = realised(small_network, first, second)
    ratio = result.shocks[0].capacity_ratio
    (separator,) = rows_of(result, "separate_rare_earths", "CHN")
    assert ratio[separator] == pytest.approx(0.4)
    assert np.count_nonzero(ratio != 1.0) == 1


def test_demand_changes_multiply_with_substitution_after_its_lead(small_network: Network) -> None:
    change = {"kind": "demand_change", "to": "USA", "goods": "ndfeb_magnet", "ratio": 1.5}
    save = {
        "kind": "substitution",
        "by": "USA",
        "goods": "ndfeb_magnet",
        "uses": "wind_and_solar",
        "intensity_cut_share": 0.2,
        "lead_time_months": 2,
        "cost_musd": 10,
    }
    result = realised(small_network, change, save)
    network = small_network
    usa = (network.use_region == network.regions.index("USA")) & (
        network.use_good == network.goods.index("ndfeb_magnet")
    )
    assert list(result.shocks[0].demand_ratio[usa]) == [1.5, 1.5]
    assert list(result.shocks[2].demand_ratio[usa]) == pytest.approx([1.5, 1.2])
    assert result.shocks[0] is result.shocks[1]
    assert np.all(result.shocks[2].demand_ratio[~usa] == 1.0)


def test_a_change_of_demand_leaves_disposal_alone(small_network: Network) -> None:
    result = realised(small_network, {"kind": "demand_change", "goods": "gallium", "ratio": 0})
    disposal = small_network.use_sector == small_network.uses.index("disposal")
    assert np.all(result.shocks[0].demand_ratio[disposal] == 1.0)


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


def plant(**keys: Any) -> dict[str, Any]:
    return {
        "kind": "new_capacity",
        "capacity_t_per_year": 120,
        "unit_cost_usd_per_t": 100,
        "capital_cost_musd": 5,
        "lead_time_months": 1,
        **keys,
    }


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
    with pytest.raises(ScenarioError, match="in USA make no dytb_oxide"):
        realised(small_network, plant(by="USA", goods="dytb_oxide"))


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


@pytest.mark.parametrize("words", [["ROW", "g7"], ["g7", "ROW"]])
def test_a_bloc_beside_the_rest_of_the_world_leaves_it_named(words: list[str]) -> None:
    assert regions_named(words, ("CHN", "JPN", "USA", "XEU", "ROW")) == ("JPN", "USA", "XEU", "ROW")


def test_an_outage_spares_the_scenario_s_own_plants(small_network: Network) -> None:
    outage = {"kind": "outage", "by": "AUS", "goods": "gallium", "share": 1}
    result = realised(small_network, outage, plant(by="AUS", goods="gallium", lead_time_months=0))
    assert result.shocks[0].capacity_ratio[-1] == 1.0
    (note,) = result.notes
    assert note.startswith("measures[0] reaches nothing: the base year has no trade, plant or use that outage could")
    assert note.endswith("act on (goods gallium; by AUS)")


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"from": "2027-01"}, "it acts as from 2027-01, after the last month simulated"),
        ({"from": "2024-01", "until": "2024-06"}, "it ends before 2024-06, and the first month simulated is 2025-01"),
        ({"from": "2025-01", "lead_time_months": 99}, "it acts as from 2033-04 (from 2025-01, lead time included)"),
        ({"from": "2025-01", "until": "2025-03", "lead_time_months": 3}, "but ends before 2025-03"),
    ],
)
def test_measures_outside_the_months_are_noted(small_network: Network, keys: dict[str, Any], reason: str) -> None:
    cut = {"kind": "substitution", "by": "USA", "goods": "gallium", "intensity_cut_share": 0.1, "lead_time_months": 0}
    (note,) = realised(small_network, {**cut, **keys}, start="2025-01", months=12).notes
    assert note.startswith("measures[0] reaches nothing: ")
    assert reason in note


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

    def buyers(*measures: dict[str, Any]) -> set[str]:
        network = realised(small_network, *measures).network
        first, good = len(small_network.good), small_network.goods.index("lacen_oxide")
        sold = (network.good[first:] == good) & (network.origin[first:] == network.regions.index("USA"))
        return {network.regions[region] for region in network.destination[first:][sold]}

    assert buyers(new) - {"CHN"} == buyers(restriction, new)
    assert "CHN" in buyers(new)


def test_numbers_follow_their_keys_with_and_without_remedies(small_network: Network) -> None:
    measures = [
        {**plant(by="AUS", goods="gallium"), "from": "2025-01", "why": "x"},
        {
            "kind": "outage",
            "by": "CHN",
            "goods": "gallium",
            "share": {"uniform": [0, 1]},
            "from": "2025-01",
            "why": "x",
        },
    ]
    scenario = scenario_from({"name": "x", "months": 1, "measures": measures})
    asked: list[str] = []

    def quantile(key: str) -> float:
        asked.append(key)
        return 0.25

    full = realise(scenario, small_network, quantile=quantile)
    bare = realise(scenario.without_remedies(), small_network, quantile=quantile)
    assert asked == ["measures[1].share", "measures[1].share"]
    assert full.numbers["measures[1].share"] == bare.numbers["measures[1].share"] == 0.25
    assert len(bare.network.process_kind) == len(small_network.process_kind)


def test_a_merged_country_is_refused_with_its_region(small_network: Network) -> None:
    with pytest.raises(ScenarioError) as caught:
        realised(small_network, {"kind": "export_ban", "by": "CHN", "to": ["BEL", "PER"], "goods": "gallium"})
    hints = [problem.hint for problem in caught.value.problems]
    assert hints == ["write 'XEU', the region that holds BEL", "write 'ROW', the region that holds PER"]
    assert caught.value.exit_code == 3


def test_the_network_given_is_left_as_it_was(small_network: Network) -> None:
    before = small_network.base_flow_t.copy()
    realised(small_network, plant(by="AUS", goods="ndpr_oxide"))
    assert np.array_equal(before, small_network.base_flow_t)


def test_medians_where_no_quantile_is_given(small_network: Network) -> None:
    scenario = scenario_from(
        {
            "name": "x",
            "months": 1,
            "measures": [
                {
                    "kind": "outage",
                    "by": "CHN",
                    "goods": "gallium",
                    "share": {"uniform": [0.2, 0.4]},
                    "from": "2025-01",
                    "why": "x",
                }
            ],
        }
    )
    assert realise(scenario, small_network).numbers["measures[0].share"] == pytest.approx(0.3)


def test_measures_that_can_act_are_listed_with_their_months(small_network: Network) -> None:
    ban = {"kind": "export_ban", "by": "CHN", "goods": "gallium", "announced": "2024-12", "until": "2025-03"}
    new = plant(by="AUS", goods="gallium", lead_time_months=1.5, probability=0.5)
    built = realised(small_network, ban, new, quantile=0.3)
    first, second = built.measures
    january = month_number("2025-01")
    assert (first.place, first.kind, first.restriction) == ("measures[0]", "export_ban", True)
    assert (first.announced, first.first, first.until) == (january - 1, january, january + 2)
    assert (second.restriction, second.first, second.until) == (False, january + 2, None)
    assert [first.acts_in(january + step) for step in (-1, 0, 1, 2)] == [False, True, True, False]
    assert [measure.place for measure in realised(small_network, ban, new, quantile=0.7).measures] == ["measures[0]"]


def test_the_shock_of_any_set_of_measures_is_made_once(small_network: Network) -> None:
    ban = {"kind": "export_ban", "by": "CHN", "goods": "gallium", "from": "2025-02"}
    tax = {"kind": "export_tax", "by": "CHN", "goods": "gallium", "rate": 0.1}
    result = realised(small_network, ban, tax)
    assert result.shock_of(frozenset({"measures[1]"})) is result.shocks[0]
    assert result.shock_of(frozenset({"measures[0]", "measures[1]"})) is result.shocks[1]
    alone = result.shock_of(frozenset({"measures[0]"}))
    assert alone.flow_cap_t[links(result, "gallium", "CHN", "USA")] == 0.0
    assert np.all(alone.wedge_usd_per_t == 0.0)
    assert np.all(np.isinf(result.shock_of(frozenset()).flow_cap_t))


def test_a_quota_of_a_year_is_recorded_with_its_unused_rest_to_carry(small_network: Network) -> None:
    yearly = {"kind": "export_quota", "by": "CHN", "goods": "gallium", "quantity_t_per_year": 120}
    monthly = {"kind": "export_quota", "by": "CHN", "goods": "lacen_oxide", "share_of_base": 0.5}
    shock = realised(small_network, monthly, yearly).shocks[0]
    (quota,) = shock.annual_quotas
    assert (quota.place, quota.quota, quota.quantity_t_per_year) == ("measures[1]", 1, pytest.approx(120.0))
    assert np.array_equal(quota.links, shock.quota_link[shock.quota_index == 1])


def test_a_known_volume_stands_in_for_bans_quotas_leaks_and_licences(small_network: Network) -> None:
    acts = [
        {"kind": "export_ban", "by": "CHN", "to": "USA", "goods": "gallium"},
        {"kind": "enforcement", "by": "CHN", "goods": "gallium", "leak_share": 0.3},
        {"kind": "export_quota", "by": "CHN", "goods": ["gallium", "lacen_oxide"], "quantity_t_per_year": 12},
        {"kind": "export_licence", "by": "CHN", "goods": "gallium", "delay_months": 2, "approval_share": 0.5},
    ]
    known = {"kind": "export_volume", "by": "CHN", "goods": "gallium", "share_of_base": 0.4, "until": "2025-02"}
    result = realised(small_network, *acts, known)
    first, second, _ = result.shocks
    home, gallium = small_network.regions.index("CHN"), small_network.goods.index("gallium")
    given = np.flatnonzero(
        (small_network.good == gallium) & (small_network.origin == home) & (small_network.destination != home)
    )
    assert np.all(np.isinf(first.flow_cap_t[given]))
    members = {number: set(first.quota_link[first.quota_index == number]) for number in range(len(first.quota_t))}
    assert members[1] == set(given)
    assert not members[0] & members[1]
    assert first.quota_t[1] == pytest.approx(0.4 * small_network.base_flow_t[given].sum())
    assert np.all(np.isfinite(second.flow_cap_t[given]))  # the month after, the acts hold again
    assert set(given) <= set(second.quota_link)


def test_a_quota_whose_every_link_is_known_is_none_and_nothing_known_is_a_ban(small_network: Network) -> None:
    quota = {"kind": "export_quota", "by": "CHN", "goods": "gallium", "share_of_base": 0.9}
    known = {"kind": "export_volume", "by": "CHN", "goods": "gallium", "quantity_t_per_year": 0}
    shock = realised(small_network, quota, known).shocks[0]
    assert len(shock.quota_t) == 0
    result = realised(small_network, quota, known)
    assert result.shocks[0].flow_cap_t[links(result, "gallium", "CHN", "USA")] == 0.0


def test_a_known_volume_is_no_act_that_could_end(small_network: Network) -> None:
    known = {"kind": "export_volume", "by": "CHN", "goods": "gallium", "share_of_base": 0.4, "until": "2025-02"}
    (measure,) = realised(small_network, known).measures
    assert not measure.restriction
