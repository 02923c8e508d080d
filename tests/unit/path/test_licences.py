"""Licences: backlogs by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from derisk.path.licences import caps_ahead, next_backlog, requests_t
from derisk.scenario.shock import LicenceTerms

BASE_T = np.array([10.0, 20.0, 5.0])
"""Three links, of which the first two need a licence."""


def shock(*, delay_months=1.5, approval_share=0.5, since=100, leak_t=0.0):
    terms = LicenceTerms("measures[0]", np.array([0, 1]), delay_months, approval_share, since)
    return SimpleNamespace(licences=(terms,), volumes=(), flow_cap_t=np.full(3, np.inf), leak_t=np.full(3, leak_t))


def step(backlog_t, flow_t, month, *, refile_share=1.0, decided_share=1.0, **terms):
    return next_backlog(
        shock(**terms),
        backlog_t,
        base_flow_t=BASE_T,
        flow_t=flow_t,
        refile_share=refile_share,
        decided_share=decided_share,
        month=month,
    )


def ahead(shocks, lengths, backlog_t, *, refile_share=1.0, decided_share=1.0, month):
    return caps_ahead(
        shocks,
        lengths,
        backlog_t,
        base_flow_t=BASE_T,
        refile_share=refile_share,
        decided_share=decided_share,
        month=month,
    )


def test_requests_are_the_base_flow_and_what_is_left():
    assert requests_t(BASE_T, np.array([3.0, 0.0, 0.0])).tolist() == [13.0, 20.0, 5.0]


def test_everything_waits_while_nothing_is_granted():
    assert step(np.zeros(3), np.zeros(3), 100).tolist() == [10.0, 20.0, 0.0]


def test_in_the_month_in_which_granting_begins_half_waits_and_half_of_the_rest_is_refused():
    # 20 t are asked for: 10 wait, 5 are approved and shipped, 5 are refused.
    before = np.array([10.0, 0.0, 0.0])
    assert step(before, np.array([5.0, 5.0, 5.0]), 101).tolist() == [15.0, 15.0, 0.0]


def test_refused_tonnes_that_are_not_asked_for_again_are_gone():
    after = step(np.zeros(3), np.array([5.0, 10.0, 5.0]), 110, refile_share=0.2)
    assert after.tolist() == pytest.approx([1.0, 2.0, 0.0])


def test_whoever_leaves_half_of_his_permits_unused_wants_half_of_the_rest():
    after = step(np.zeros(3), np.array([2.5, 10.0, 5.0]), 110)
    assert after.tolist() == pytest.approx([2.5, 10.0, 0.0])


def test_without_licences_there_is_no_backlog():
    free = SimpleNamespace(licences=(), volumes=(), flow_cap_t=np.full(3, np.inf), leak_t=np.zeros(3))
    after = next_backlog(
        free, BASE_T, base_flow_t=BASE_T, flow_t=BASE_T, refile_share=1.0, decided_share=1.0, month=100
    )
    assert after.tolist() == [0.0, 0.0, 0.0]


def test_expected_caps_are_nothing_then_overshoot_then_settle():
    caps = ahead([shock(delay_months=2.0)] * 12, [1] * 12, np.zeros(3), month=100)
    first_link = [cap[0] for cap in caps]
    assert first_link[:3] == pytest.approx([0.0, 0.0, 15.0])  # half of a month's flow and of two months' backlog
    assert first_link[3] == pytest.approx(12.5)
    assert first_link[-1] == pytest.approx(10.0, rel=1e-2)
    assert all(np.isinf(cap[2]) for cap in caps)


def test_of_requests_that_are_decided_by_halves_half_waits_and_a_quarter_is_refused():
    # 10 t: 5 are decided, 2.5 of them shipped and 2.5 refused; 5 wait.
    after = step(np.zeros(3), np.array([2.5, 5.0, 5.0]), 110, decided_share=0.5)
    assert after.tolist() == pytest.approx([7.5, 15.0, 0.0])


def test_slow_decisions_delay_what_is_shipped_and_not_what_is_shipped_in_the_end():
    first_link = [
        cap[0] for cap in ahead([shock()] * 60, [1] * 60, np.zeros(3), refile_share=0.5, decided_share=0.3, month=110)
    ]
    assert first_link == sorted(first_link)
    assert first_link[0] == pytest.approx(0.3 * 0.5 * 10.0)
    assert first_link[-1] == pytest.approx(10.0 * 0.5 / (1.0 - 0.5 * 0.5), rel=1e-3)


def test_a_moment_of_three_months_has_their_mean():
    single = ahead([shock()] * 3, [1] * 3, BASE_T, refile_share=0.7, month=101)
    (joint,) = ahead([shock()], [3], BASE_T, refile_share=0.7, month=101)
    assert joint[:2] == pytest.approx(np.mean(single, axis=0)[:2])


def test_what_leaks_passes_before_anything_is_granted():
    (cap,) = ahead([shock(leak_t=2.0)], [1], np.zeros(3), month=100)
    assert cap[:2].tolist() == [2.0, 2.0]
