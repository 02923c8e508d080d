"""Does each measure change what it should, and nothing else?"""

from __future__ import annotations

import numpy as np
import pytest
from realising import links, realised, rows_of

from derisk.network.record import Network


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


def test_a_quota_of_a_year_is_recorded_with_its_unused_rest_to_carry(small_network: Network) -> None:
    yearly = {"kind": "export_quota", "by": "CHN", "goods": "gallium", "quantity_t_per_year": 120}
    half = {"kind": "export_quota", "by": "CHN", "goods": "lacen_oxide", "share_of_base": 0.5}
    shock = realised(small_network, half, yearly).shocks[0]
    other, quota = shock.annual_quotas
    assert (quota.key, quota.quota, quota.quantity_t_per_year) == ("CHN: gallium to all", 1, pytest.approx(120.0))
    assert (other.quota, other.quantity_t_per_year) == (0, pytest.approx(12.0 * shock.quota_t[0]))
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
