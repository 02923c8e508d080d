"""Laws of the path, for scenarios that Hypothesis makes up on a small world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from path_cases import KINDS, RULES, measures, month, scenario, small_world, solved

from derisk.path import market_of
from derisk.path.licences import requests_t
from derisk.path.months import market_shock
from derisk.scenario import realise
from derisk.scenario.standing import licensed_caps


@pytest.fixture(scope="module")
def network():
    return small_world()


def same(one, other):
    """Whether two months are the same to the last digit."""
    return (
        np.array_equal(one.equilibrium.flow, other.equilibrium.flow)
        and np.array_equal(one.equilibrium.delivered_price, other.equilibrium.delivered_price)
        and np.array_equal(one.holdings.closing_t, other.holdings.closing_t)
        and np.array_equal(one.backlog_t, other.backlog_t)
    )


@pytest.mark.parametrize("months", [1, 30])
def test_a_path_without_measures_is_the_base_year_for_ever(network, months):
    _, path = solved(network, [], months)
    for solved_month in path:
        assert np.array_equal(solved_month.equilibrium.flow, network.base_flow_t)
        assert np.array_equal(solved_month.equilibrium.use, network.base_use_t)
        assert np.array_equal(solved_month.holdings.closing_t, path[0].holdings.opening_t)


@RULES
@given(lines=st.lists(measures(), min_size=1, max_size=2))
def test_the_same_path_twice_is_the_same(network, lines):
    _, once = solved(network, lines, 3)
    _, twice = solved(network, lines, 3)
    assert all(same(one, other) for one, other in zip(once, twice, strict=True))


@RULES
@given(line=measures(first=1))
def test_nothing_moves_before_it_is_announced(network, line):
    realisation, months = solved(network, [line], 4)
    (measure,) = realisation.measures
    for number, solved_month in enumerate(months):
        if 2025 * 12 + number < measure.announced:
            assert np.array_equal(solved_month.equilibrium.flow, network.base_flow_t)


@RULES
@given(lines=st.lists(measures(), min_size=1, max_size=2), more=st.integers(1, 4))
def test_a_longer_horizon_changes_no_earlier_month(network, lines, more):
    _, short = solved(network, lines, 3)
    _, long = solved(network, lines, 3 + more)
    assert all(same(one, other) for one, other in zip(short, long, strict=False))


@RULES
@given(line=measures(), later=measures(first=3))
def test_a_later_measure_that_nobody_knows_of_changes_no_earlier_month(network, line, later):
    realisation, with_it = solved(network, [line, later], 6)
    _, without = solved(network, [line], 6)
    announced = max(measure.announced for measure in realisation.measures)
    before = [number for number in range(6) if 2025 * 12 + number < announced]
    assert all(same(with_it[number], without[number]) for number in before)


@RULES
@given(until=st.integers(2, 4), kind=st.sampled_from(["export_ban", "export_licence", "outage", "export_tax"]))
def test_an_end_is_not_known_before_it_comes(network, until, kind):
    text = KINDS[kind].format(to="all", delay=1, share=0.4)
    lasting = f"  - {{kind: {kind}, {text}, goods: ndfeb_magnet, from: 2025-01, why: law}}"
    ending = lasting.replace("from: 2025-01", f"from: 2025-01, until: {month(until)}")
    _, lasts = solved(network, [lasting], 5)
    _, ends = solved(network, [ending], 5)
    assert all(same(one, other) for one, other in zip(lasts[:until], ends[:until], strict=True))
    assert not same(lasts[until], ends[until])


@RULES
@given(
    to=st.sampled_from(["JPN", "USA", "all"]),
    shares=st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95)),
    backlog=st.floats(0.0, 3.0),
)
def test_a_stricter_licence_lets_no_more_pass_in_one_solve(network, to, shares, backlog):
    strict, mild = sorted(shares)
    shipped = []
    for share in (strict, mild):
        line = (
            f"  - {{kind: export_licence, by: CHN, to: {to}, goods: ndfeb_magnet, delay_months: 0, "
            f"approval_share: {share}, from: 2025-01, why: law}}"
        )
        realisation = realise(scenario([line], 1), network)
        shock = realisation.shock_of(frozenset({"measures[0]"}))
        links = shock.licences[0].links
        asked = requests_t(network.base_flow_t, backlog * network.base_flow_t)
        told = replace(shock, flow_cap_t=licensed_caps(shock, asked, 2025 * 12))
        equilibrium = market_of(realisation).solve(market_shock(told))
        assert np.all(equilibrium.flow[links] <= told.flow_cap_t[links] * (1.0 + 1e-9))
        shipped.append(equilibrium.flow[links])
    strictly, mildly = shipped
    if len(strictly) == 1:
        assert strictly[0] <= mildly[0] * (1.0 + 1e-9)
