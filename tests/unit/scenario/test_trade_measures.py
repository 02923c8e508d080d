"""Do licences, sanctions, leaks, blocked routes and weighted quotas change the links they should?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from derisk.network.record import Network
from derisk.scenario import lay_terms
from derisk.scenario.months import month_number

Lay = Callable[..., Any]
JANUARY = month_number("2025-01")
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


def test_other_routes_make_room_for_what_is_held_up_over_half_a_year(lay: Lay, small_network: Network) -> None:
    block = {"kind": "transit_block", "through": "RUS", "by": "KAZ", "share": 0.8, "spare_ratio": 0.6}
    laid = lay(
        {**block, "goods": "rare_earth_concentrate", "from": "2025-02"}, network=kazakh(small_network), months=12
    )
    usa = laid.link("rare_earth_concentrate", "KAZ", "USA")
    ratio = [shock.flow_cap_t[usa] / laid.network.base_flow_t[usa] for shock in laid.realisation.shocks]
    closed, room = 1.0 - 0.8 * 0.75, 0.6 * 0.25
    assert ratio[0] == np.inf
    assert ratio[1:8] == pytest.approx([closed + room * min(1.0, since / 6.0) for since in range(7)])
    assert ratio[8:] == pytest.approx([closed + room] * 4)


def test_other_routes_never_carry_more_than_was_held_up_nor_pass_a_ban(lay: Lay, small_network: Network) -> None:
    block = {"kind": "transit_block", "through": "RUS", "goods": "rare_earth_concentrate", "from": "2025-01"}
    ban = {"kind": "export_ban", "by": "KAZ", "to": "USA", "goods": "rare_earth_concentrate", "from": "2025-01"}
    wide = {**block, "share": 0.1, "spare_ratio": 10.0}
    free, banned = (lay(*rows, network=kazakh(small_network), months=9) for rows in ([wide], [wide, ban]))
    usa = free.link("rare_earth_concentrate", "KAZ", "USA")
    assert free.realisation.shocks[-1].flow_cap_t[usa] == pytest.approx(free.network.base_flow_t[usa])
    assert banned.realisation.shocks[-1].flow_cap_t[usa] == 0.0


def test_a_route_for_copper_is_none_for_other_goods(lay: Lay, small_network: Network) -> None:
    congolese = replace(small_network, regions=("COD", "CHN", "JPN", "USA", "XEU", "ROW"))
    block = {"kind": "transit_block", "through": "ZMB", "goods": "rare_earth_concentrate", "share": 1}
    (note,) = lay(block, network=congolese).realisation.notes
    assert note.startswith("measures[0] reaches nothing")


def test_a_quota_s_weights_count_tonnes_of_one_good_more_than_of_another(lay: Lay) -> None:
    goods = {"by": "CHN", "goods": ["ndpr_oxide", "ndfeb_magnet"], "weights": {"ndfeb_magnet": 0.3}}
    laid = lay({"kind": "export_quota", **goods, "share_of_base": 0.5})
    shock, network = laid.shock(), laid.network
    weight = np.where(network.good[shock.quota_link] == network.goods.index("ndfeb_magnet"), 0.3, 1.0)
    assert np.array_equal(shock.quota_weight, weight)
    assert shock.quota_t == pytest.approx([0.5 * weight @ network.base_flow_t[shock.quota_link]])
