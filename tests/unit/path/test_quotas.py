"""Quotas of a calendar year: the rest is carried, and ends with the year."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from derisk.path.quotas import next_rest, quotas_in
from derisk.scenario import parse_scenario, realise
from derisk.scenario.shock import AnnualQuota

JANUARY, MARCH, DECEMBER = 2025 * 12, 2025 * 12 + 2, 2025 * 12 + 11
FEBRUARY = JANUARY + 1


def shock():
    """The quotas of two regions under one measure."""
    return SimpleNamespace(
        quota_t=np.array([10.0, 4.0]),
        annual_quotas=(
            AnnualQuota("CHN", 0, np.array([0, 1]), np.array([1.0, 2.0]), 120.0),
            AnnualQuota("USA", 1, np.array([2]), np.array([1.0]), 48.0),
        ),
    )


def two_months(measures, network):
    """January and February 2025 under the measures."""
    head = "name: t\nbase_year: 2024\nstart: 2025-01\nmonths: 2\nmeasures:\n"
    return realise(parse_scenario(head + measures), network)


def test_the_rest_is_what_shipments_left_by_weight():
    rest = next_rest(shock(), {}, flow_t=np.array([3.0, 1.0, 4.0]), month=MARCH)
    assert list(rest.values()) == pytest.approx([5.0, 0.0])


def test_the_rest_goes_evenly_over_the_months_that_are_left():
    rest = next_rest(shock(), {}, flow_t=np.array([3.0, 1.0, 1.0]), month=MARCH)
    assert quotas_in(shock(), rest, month=MARCH + 1, now=MARCH + 1).tolist() == pytest.approx([10 + 5 / 9, 4 + 3 / 9])
    after = next_rest(shock(), rest, flow_t=np.array([0.0, 0.0, 7.0]), month=MARCH + 1)
    assert list(after.values()) == pytest.approx([15.0, 0.0])
    assert quotas_in(shock(), after, month=DECEMBER, now=DECEMBER).tolist() == pytest.approx([25.0, 4.0])


def test_months_ahead_in_the_year_get_the_same_part_of_the_rest_and_those_of_the_next_year_none():
    rest = {"CHN": 5.0}
    ahead = [quotas_in(shock(), rest, month=month, now=MARCH) for month in (MARCH, DECEMBER, DECEMBER + 1)]
    assert ahead[0].tolist() == ahead[1].tolist() == pytest.approx([10.5, 4.0])
    assert ahead[2] is None


def test_nothing_is_carried_over_new_year():
    assert next_rest(shock(), {}, flow_t=np.zeros(3), month=DECEMBER) == {}


def test_quotas_without_a_rest_stay_as_they_are():
    assert quotas_in(shock(), {}, month=MARCH, now=MARCH) is None
    assert quotas_in(shock(), {"CHN": 0.0}, month=MARCH, now=MARCH) is None


def test_a_region_whose_exports_are_known_hands_its_rest_to_no_other(network):
    measures = (
        "- {kind: export_quota, by: [CHN, JPN], goods: ndfeb_magnet, from: 2025-01, quantity_t_per_year: 1200, why: x}\n"
        "- {kind: export_volume, by: CHN, goods: ndfeb_magnet, from: 2025-01, until: 2025-02, share_of_base: 1, why: x}"
    )
    realisation = two_months(measures, network)
    known, free = realisation.shocks
    rest = next_rest(known, {}, flow_t=np.zeros(len(realisation.network.good)), month=JANUARY)
    china, japan = (annual.quota for annual in free.annual_quotas)
    assert known.annual_quotas[0].quota is None
    assert network.origin[free.quota_link[free.quota_index == china]][0] == network.regions.index("CHN")
    kept = quotas_in(free, rest, month=FEBRUARY, now=FEBRUARY)
    assert kept[[china, japan]].tolist() == pytest.approx([100.0 + 100.0 / 11, 100.0 + 100.0 / 11])


def magnets_sold_t(network):
    """(link,) magnets that China sells abroad in a month of the base year, nothing elsewhere."""
    china = network.regions.index("CHN")
    sold = (network.origin == china) & (network.destination != china)
    return np.where(sold & (network.good == network.goods.index("ndfeb_magnet")), network.base_flow_t, 0.0)


def test_known_exports_use_up_the_year_s_tonnage(network):
    measures = (
        "- {kind: export_quota, by: CHN, goods: ndfeb_magnet, from: 2025-01, quantity_t_per_year: 1200, why: x}\n"
        "- {kind: export_volume, by: CHN, goods: ndfeb_magnet, from: 2025-01, until: 2025-02, share_of_base: 1, why: x}"
    )
    known, free = two_months(measures, network).shocks
    base_t = magnets_sold_t(network)
    flow_t = 70.0 * base_t / base_t.sum()
    rest = next_rest(known, {}, flow_t=flow_t, month=JANUARY)
    kept = quotas_in(free, rest, month=FEBRUARY, now=FEBRUARY)
    assert kept.tolist() == pytest.approx([100.0 + 30.0 / 11])


def test_quotas_that_follow_each_other_in_a_year_share_an_account(network):
    measures = (
        "- {kind: export_quota, by: CHN, goods: ndfeb_magnet, from: 2025-01, until: 2025-02, share_of_base: 1, why: x}\n"
        "- {kind: export_quota, by: CHN, goods: ndfeb_magnet, from: 2025-02, share_of_base: 0.5, why: x}"
    )
    first, second = two_months(measures, network).shocks
    none = np.zeros(len(network.good))
    rest = next_rest(first, {}, flow_t=none, month=JANUARY)
    kept = quotas_in(second, rest, month=FEBRUARY, now=FEBRUARY)
    assert kept == pytest.approx(first.quota_t / 11 + second.quota_t)
    assert second.quota_t == pytest.approx(0.5 * first.quota_t)


def test_what_leaks_leaves_no_permits(network):
    measures = (
        "- {kind: export_quota, by: CHN, goods: ndfeb_magnet, from: 2025-01, quantity_t_per_year: 1200, why: x}\n"
        "- {kind: enforcement, by: CHN, goods: ndfeb_magnet, from: 2025-01, leak_share: 0.5, why: x}"
    )
    shock, _ = two_months(measures, network).shocks
    base_t = magnets_sold_t(network)
    part_t = 40.0 * base_t / base_t.sum()
    assert shock.quota_t == pytest.approx([100.0 + 0.5 * base_t.sum()])
    assert next_rest(shock, {}, flow_t=part_t, month=MARCH) == {shock.annual_quotas[0].key: pytest.approx(60.0)}
    assert next_rest(shock, {}, flow_t=base_t, month=MARCH) == {shock.annual_quotas[0].key: 0.0}


def test_a_quota_that_rests_keeps_what_it_had(network):
    idle = SimpleNamespace(annual_quotas=())
    assert next_rest(idle, {"CHN": 3.0}, flow_t=np.zeros(3), month=MARCH) == {"CHN": 3.0}
    assert next_rest(idle, {"CHN": 3.0}, flow_t=np.zeros(3), month=DECEMBER) == {}
