"""Practice: what known exports say of a quota and of a licence, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.path import load_parameters
from derisk.path.practice import practice_of
from derisk.scenario import parse_scenario, realise
from derisk.scenario.months import month_number

HEAD = """
name: test
question: What happens?
base_year: 2024
start: 2025-01
months: 6
measures:
"""
QUOTA = "- {kind: export_quota, by: CHN, goods: gallium, from: 2025-01, share_of_base: 0.5, why: x}\n"
LICENCE = (
    "- {kind: export_licence, by: CHN, goods: gallium, from: 2025-01, delay_months: 2, approval_share: 0.5, why: x}\n"
)


def known(first, last, share, to="all"):
    return (
        f"- {{kind: export_volume, by: CHN, to: {to}, goods: gallium, from: {first}, until: {last},"
        f" share_of_base: {share}, why: x}}\n"
    )


def ratios(network, measures, month, *, doubt_months=3.0, decided_share=0.4, to=None):
    """Expected part of what the acts allow over China's gallium links abroad; they are alike."""
    realisation = realise(parse_scenario(HEAD + measures), network)
    practice = practice_of(realisation, month_number(month), decided_share=decided_share, doubt_months=doubt_months)
    if practice is None:
        return None
    china = network.regions.index("CHN")
    links = (network.good == network.goods.index("gallium")) & (network.origin == china)
    links &= network.destination != china if to is None else network.destination == network.regions.index(to)
    return practice.ratio[: len(links)][links]


def test_an_act_without_known_exports_is_taken_at_its_word(network):
    assert ratios(network, QUOTA, "2025-02") is None
    assert ratios(network, QUOTA + known("2025-01", "2025-02", 0.1), "2025-02") is None


def test_two_months_of_a_quota_half_used_against_three_of_its_text(network):
    used = QUOTA + known("2025-01", "2025-04", 0.25)
    assert ratios(network, used, "2025-02") == pytest.approx((3 * 0.5 + 2 * 0.25) / (3 * 0.5 + 2 * 0.5))
    assert ratios(network, used, "2025-02", doubt_months=1.0) == pytest.approx((0.5 + 2 * 0.25) / (3 * 0.5))


def test_more_than_an_act_allows_promises_no_more(network):
    assert ratios(network, QUOTA + known("2025-01", "2025-03", 1.5), "2025-02") == pytest.approx(1.0)


def test_nothing_is_learnt_while_licences_wait(network):
    waits = LICENCE + known("2025-01", "2025-05", 0)
    assert ratios(network, waits, "2025-02") == pytest.approx(1.0)
    assert ratios(network, waits, "2025-03") == pytest.approx(3 / 4)


def test_exports_that_nothing_restricts_tell_nothing(network):
    assert ratios(network, known("2025-01", "2025-03", 0.3), "2025-02") == pytest.approx(1.0)


def test_what_went_to_one_country_says_nothing_of_others(network):
    used = QUOTA + known("2025-01", "2025-03", 0.0, to="JPN")
    assert ratios(network, used, "2025-02", to="JPN") == pytest.approx(3 / 5)
    assert ratios(network, used, "2025-02", to="KOR") == pytest.approx(1.0)


def test_a_quota_over_all_counts_those_seen_by_their_part_of_the_base(network):
    realisation = realise(parse_scenario(HEAD + QUOTA + known("2025-01", "2025-03", 0.0, to="JPN")), network)
    month = month_number("2025-02")
    practice = practice_of(realisation, month, decided_share=0.4, doubt_months=3.0)
    act = realisation.shock_of(frozenset({"measures[0]"}))
    flow = network.base_flow_t[act.quota_link]
    japan = network.destination[act.quota_link] == network.regions.index("JPN")
    expected = act.quota_t * (1 - 0.4 * flow[japan].sum() / flow.sum())
    narrowed = practice.narrowed(act, {})
    assert narrowed["quota_t"] == pytest.approx(expected)
    assert np.isinf(narrowed["flow_cap_t"]).all()


def test_prices_abroad_rise_more_where_exports_stay_below_a_quota(network, solve):
    def abroad(doubt_months):
        parameters = load_parameters(given={"practice_doubt_months": doubt_months})
        _, months = solve(QUOTA + known("2025-01", "2025-07", 0.1), parameters=parameters)
        gallium, japan = network.goods.index("gallium"), network.regions.index("JPN")
        return months[-1].equilibrium.delivered_price[gallium, japan]

    assert abroad(0.5) > 1.05 * abroad(1e6)
