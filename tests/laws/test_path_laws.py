"""Laws of the path, for scenarios that Hypothesis makes up on a small world."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derisk.network import build_network
from derisk.path import load_parameters, market_of, months_of
from derisk.path.licences import requests_t
from derisk.path.months import market_shock
from derisk.scenario import parse_scenario, realise
from derisk.scenario.standing import licensed_caps

WORLD = Path(__file__).parents[1] / "unit" / "network" / "conftest.py"
CLOSES = 1e-9
RULES = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def network():
    spec = importlib.util.spec_from_file_location("small_world", WORLD)
    world = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(world)
    return build_network(world.SmallDataset([*world.economy_rows(), *world.rare_earth_rows()]))


def month(number):
    """The label of a month counted from 2025-01."""
    return f"{2025 + number // 12}-{number % 12 + 1:02d}"


KINDS = {
    "export_ban": "by: CHN, to: {to}",
    "export_licence": "by: CHN, to: {to}, delay_months: {delay}, approval_share: {share}",
    "export_quota": "by: CHN, to: {to}, share_of_base: {share}",
    "export_tax": "by: CHN, to: {to}, rate: {share}",
    "outage": "by: CHN, share: {share}",
    "demand_change": "to: {to}, ratio: 1.3",
}


@st.composite
def measures(draw, first=0):
    """One measure in force from a month on, with or without notice, with or without an end."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    begins = draw(st.integers(first, first + 2))
    notice = draw(st.integers(0, begins - first))
    lasts = draw(st.sampled_from([None, 1, 2]))
    text = KINDS[kind].format(
        to=draw(st.sampled_from(["all", "JPN", "USA"])),
        delay=draw(st.sampled_from([0, 1, 1.5])),
        share=draw(st.sampled_from([0.1, 0.4, 0.7])),
    )
    until = "" if lasts is None else f", until: {month(begins + lasts)}"
    goods = draw(st.sampled_from(["ndfeb_magnet", "dytb_oxide", "[ndfeb_magnet, ndpr_oxide]"]))
    dates = f"announced: {month(begins - notice)}, from: {month(begins)}{until}"
    return f"  - {{kind: {kind}, {text}, goods: {goods}, {dates}, why: law}}"


def scenario(lines, months):
    listed = "\n" + "\n".join(lines) if lines else " []"
    return parse_scenario(f"name: law\nbase_year: 2024\nstart: 2025-01\nmonths: {months}\nmeasures:{listed}\n")


def solved(network, lines, months, **given):
    realisation = realise(scenario(lines, months), network)
    return realisation, months_of(realisation, None, parameters=load_parameters(given=given))


def same(one, other):
    """Whether two months are the same to the last digit."""
    return (
        np.array_equal(one.equilibrium.flow, other.equilibrium.flow)
        and np.array_equal(one.equilibrium.delivered_price, other.equilibrium.delivered_price)
        and np.array_equal(one.holdings.closing_t, other.holdings.closing_t)
        and np.array_equal(one.backlog_t, other.backlog_t)
    )


def worst_gap(realisation, solved_month):
    """Largest gap between what enters and leaves a good's region, stores counted, over the sum of absolute terms."""
    network, equilibrium = realisation.network, solved_month.equilibrium
    shape = (len(network.goods), len(network.regions))
    gap, size = np.zeros(shape), np.zeros(shape)

    def count(good, region, tonnes):
        np.add.at(gap, (good, region), tonnes)
        np.add.at(size, (good, region), np.abs(tonnes))

    count(network.good, network.destination, equilibrium.flow)
    process, good = np.nonzero(network.process_good_matrix < 0.0)
    taken = equilibrium.production[process] * network.process_good_matrix[process, good]
    count(good, network.process_region[process], taken)
    count(network.use_good, network.use_region, -equilibrium.use)
    gap -= equilibrium.delivered_disposal
    size += equilibrium.delivered_disposal
    held = solved_month.holdings
    count(held.good, held.region, held.opening_t)
    count(held.good, held.region, -held.closing_t)
    return float(np.max(np.abs(gap)[size > 0.0] / size[size > 0.0]))


@RULES
@given(lines=st.lists(measures(), min_size=1, max_size=2))
def test_stocks_add_up_in_every_month(network, lines):
    realisation, months = solved(network, lines, 4)
    for before, after in pairwise(months):
        assert np.array_equal(after.holdings.opening_t, before.holdings.closing_t)
    for solved_month in months:
        assert solved_month.equilibrium.converged, solved_month.equilibrium.reason
        assert solved_month.holdings.closing_t.min() >= 0.0
        assert worst_gap(realisation, solved_month) <= CLOSES


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
