"""Quotas of a calendar year: the rest is carried, and ends with the year."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from derisk.path.quotas import next_rest, quotas_now
from derisk.scenario import parse_scenario, realise
from derisk.scenario.shock import AnnualQuota

MARCH, DECEMBER = 2025 * 12 + 2, 2025 * 12 + 11


def shock():
    """The quotas of two regions under one measure."""
    return SimpleNamespace(
        quota_t=np.array([10.0, 4.0]),
        annual_quotas=(
            AnnualQuota("measures[0], CHN", 0, np.array([0, 1]), np.array([1.0, 2.0]), 120.0),
            AnnualQuota("measures[0], USA", 1, np.array([2]), np.array([1.0]), 48.0),
        ),
    )


def test_the_rest_is_what_shipments_left_by_weight():
    rest = next_rest(shock(), {}, flow_t=np.array([3.0, 1.0, 4.0]), month=MARCH)
    assert list(rest.values()) == pytest.approx([5.0, 0.0])


def test_the_rest_may_go_in_the_next_month():
    rest = next_rest(shock(), {}, flow_t=np.array([3.0, 1.0, 1.0]), month=MARCH)
    assert quotas_now(shock(), rest).tolist() == pytest.approx([15.0, 7.0])
    after = next_rest(shock(), rest, flow_t=np.array([0.0, 0.0, 7.0]), month=MARCH + 1)
    assert list(after.values()) == pytest.approx([15.0, 0.0])


def test_nothing_is_carried_over_new_year():
    assert next_rest(shock(), {}, flow_t=np.zeros(3), month=DECEMBER) == {}


def test_quotas_without_a_rest_are_the_even_twelfth():
    assert quotas_now(shock(), {}).tolist() == [10.0, 4.0]


def test_a_region_whose_exports_are_known_hands_its_rest_to_no_other(network):
    measures = (
        "- {kind: export_quota, by: [CHN, JPN], goods: ndfeb_magnet, from: 2025-01, quantity_t_per_year: 1200, why: x}\n"
        "- {kind: export_volume, by: CHN, goods: ndfeb_magnet, from: 2025-01, until: 2025-02, share_of_base: 1, why: x}"
    )
    head = "name: t\nbase_year: 2024\nstart: 2025-01\nmonths: 2\nmeasures:\n"
    realisation = realise(parse_scenario(head + measures), network)
    known, free = realisation.shocks
    rest = next_rest(known, {}, flow_t=np.zeros(len(realisation.network.good)), month=2025 * 12)
    china, japan = (annual.quota for annual in free.annual_quotas)
    assert network.origin[free.quota_link[free.quota_index == china]][0] == network.regions.index("CHN")
    assert quotas_now(free, rest)[[china, japan]].tolist() == pytest.approx([100.0, 200.0])
