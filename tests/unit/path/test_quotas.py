"""Quotas of a calendar year: the rest is carried, and ends with the year."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from derisk.path.quotas import next_rest, quotas_now
from derisk.scenario.shock import AnnualQuota

MARCH, DECEMBER = 2025 * 12 + 2, 2025 * 12 + 11


def shock():
    """Two quotas of one measure, and a ban by quota that has no tonnage."""
    return SimpleNamespace(
        quota_t=np.array([10.0, 4.0]),
        annual_quotas=(
            AnnualQuota("measures[0]", 0, np.array([0, 1]), np.array([1.0, 2.0]), 120.0),
            AnnualQuota("measures[0]", 1, np.array([2]), np.array([1.0]), 48.0),
            AnnualQuota("measures[1]", -1, np.array([2]), np.array([1.0]), 0.0),
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
