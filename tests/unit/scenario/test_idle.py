"""Are goods told of which a measure can change next to nothing, and quotas measured against the base year?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from derisk.network.record import Change, Network
from derisk.scenario import realise, scenario_from
from derisk.scenario.bases import base_exports, quota_bases
from derisk.scenario.schema import Scenario


def scenario(*measures: dict[str, Any]) -> Scenario:
    rows = [{"from": "2025-01", "why": "test", **measure} for measure in measures]
    return scenario_from({"name": "test", "start": "2025-01", "months": 3, "measures": rows})


def notes(network: Network, *measures: dict[str, Any]) -> tuple[str, ...]:
    return realise(scenario(*measures), network).notes


@pytest.mark.parametrize(
    ("measure", "why"),
    [
        ({"kind": "export_ban", "by": "JPN"}, "next to no such trade (by JPN; to all)"),
        ({"kind": "export_quota", "by": "JPN", "share_of_base": 0.5}, "next to no such trade (by JPN; to all)"),
        ({"kind": "import_tariff", "by": "all", "to": "JPN", "rate": 0.5}, "next to no such trade (by all; to JPN)"),
        ({"kind": "outage", "by": "JPN", "share": 0.5}, "next to no output of it (by JPN)"),
        ({"kind": "demand_change", "to": "XEU", "ratio": 0.5}, "next to no such use (to XEU)"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_an_idle_good_beside_a_working_one_is_named(small_network: Network, measure: dict[str, Any], why: str) -> None:
    (note,) = notes(small_network, measure | {"goods": ["ndfeb_magnet", "gallium"]})
    assert note == f"measures[0] changes next to nothing of gallium: the base year has {why}"
    assert notes(small_network, measure | {"goods": ["ndfeb_magnet"]}) == ()


def test_a_sanction_works_where_either_side_ships(small_network: Network) -> None:
    assert notes(small_network, {"kind": "sanction", "by": "JPN", "to": "CHN", "goods": ["gallium"]}) == ()


def test_one_sentence_a_measure_in_their_order(small_network: Network) -> None:
    late = {"kind": "export_ban", "by": "CHN", "goods": ["gallium"], "from": "2027-01"}
    idle = {"kind": "export_ban", "by": "JPN", "goods": ["gallium", "ndfeb_magnet"]}
    found = notes(small_network, late, idle, {**idle, "from": "2027-01"})
    assert [note.split(":")[0] for note in found] == [
        "measures[0] reaches nothing (export_ban of gallium)",
        "measures[1] changes next to nothing of gallium",
        "measures[2] reaches nothing (export_ban of gallium, ndfeb_magnet)",
    ]


def flow_t(network: Network, good: str, origin: str) -> float:
    chosen = (network.good == network.goods.index(good)) & (network.origin == network.regions.index(origin))
    return 12.0 * float(network.base_flow_t[chosen & (network.origin != network.destination)].sum())


def test_a_quota_stands_beside_the_base_year_s_exports(small_network: Network) -> None:
    share = {
        "kind": "export_quota",
        "by": "CHN",
        "goods": ["gallium"],
        "share_of_base": {"triangular": [0.2, 0.4, 0.6]},
    }
    tonnes = {"kind": "export_volume", "by": ["CHN", "USA"], "goods": ["ndpr_oxide"], "quantity_t_per_year": 6}
    first, second, third = quota_bases(scenario(share, tonnes), small_network)
    base_t = flow_t(small_network, "gallium", "CHN")
    assert first.base_exports_t_per_year == pytest.approx(base_t)
    assert first.quantity_t_per_year == pytest.approx(0.4 * base_t)
    assert first.share_of_base == pytest.approx(0.4)
    assert (second.region, third.region) == ("USA", "CHN") or (second.region, third.region) == ("CHN", "USA")
    assert second.quantity_t_per_year == third.quantity_t_per_year == 6.0
    assert second.share_of_base == pytest.approx(6.0 / flow_t(small_network, "ndpr_oxide", second.region))


def test_a_quota_counts_goods_by_its_weights(small_network: Network) -> None:
    both = {"kind": "export_quota", "by": "CHN", "goods": ["gallium", "ndfeb_magnet"], "quantity_t_per_year": 6}
    (plain,) = quota_bases(scenario(both), small_network)
    (weighted,) = quota_bases(scenario(both | {"weights": {"ndfeb_magnet": 0.5}}), small_network)
    magnets_t = flow_t(small_network, "ndfeb_magnet", "CHN")
    assert plain.base_exports_t_per_year - weighted.base_exports_t_per_year == pytest.approx(0.5 * magnets_t)


def test_without_base_exports_there_is_no_share(small_network: Network) -> None:
    none = {"kind": "export_quota", "by": "JPN", "goods": ["gallium"], "quantity_t_per_year": 6}
    (found,) = quota_bases(scenario(none), small_network)
    assert (found.base_exports_t_per_year, found.share_of_base) == (0.0, None)


def test_exports_are_those_between_regions_the_most_first(small_network: Network) -> None:
    rows = base_exports(small_network, "ndfeb_magnet")
    assert {row.region for row in rows} == {"CHN", "JPN"}
    assert [row.exports_t_per_year for row in rows] == sorted((r.exports_t_per_year for r in rows), reverse=True)
    assert sum(row.share_of_exports for row in rows) == pytest.approx(1.0)
    to = base_exports(small_network, "ndfeb_magnet", origin="CHN")
    assert "CHN" not in {row.region for row in to}
    assert np.sum([row.exports_t_per_year for row in to]) == pytest.approx(flow_t(small_network, "ndfeb_magnet", "CHN"))
    assert base_exports(small_network, "gallium", origin="JPN") == ()


def test_exports_stand_beside_what_rows_state(small_network: Network) -> None:
    """Of a flow that balancing moved the row's tonnes, of one that it left alone the flow's own, else nothing."""
    network = small_network
    good = network.goods.index("ndfeb_magnet")
    (link,) = np.flatnonzero(
        (network.good == good)
        & (network.origin == network.regions.index("CHN"))
        & (network.destination == network.regions.index("JPN"))
    )
    observed = np.zeros_like(network.link_observed)
    observed[link] = True
    moved = Change("trade", "ndfeb_magnet", "CHN", "JPN", "", 7.0, 9.0, "reported")
    for changes, stated in ((), None), ((moved,), 7.0):
        balanced = replace(network, changes=changes, link_observed=observed)
        rows = {row.region: row for row in base_exports(balanced, "ndfeb_magnet", origin="CHN")}
        assert rows["JPN"].stated_t_per_year == pytest.approx(stated or rows["JPN"].exports_t_per_year)
        assert all(row.stated_t_per_year == 0.0 for region, row in rows.items() if region != "JPN")
