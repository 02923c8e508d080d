"""Slow states in a path: plants and thrift move the months that follow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.path import load_parameters, market_of, months, read_slow_rows, slow_rules, solve_months
from derisk.path.slow import first_slow, step_slow
from derisk.scenario import parse_scenario, realise

MONTHS = 16
TEXT = """
name: t
base_year: 2024
start: 2025-01
months: {months}
measures: {measures}
"""
BAN = "\n  - {kind: export_ban, by: CHN, to: all, goods: germanium, from: 2025-01, until: 2026-01, why: test}"


@pytest.fixture(scope="module")
def slow_rows(network):
    return read_slow_rows(load_dataset(), network, months=MONTHS)


def solved(network, slow_rows, measures, *, months=MONTHS, **given):
    scenario = parse_scenario(TEXT.format(months=months, measures=measures))
    realisation, parameters = realise(scenario, network), load_parameters(given=given)
    rules = slow_rules(realisation.network, slow_rows, parameters)
    path = solve_months(market_of(realisation), realisation, scenario.month_labels(), parameters=parameters, slow=rules)
    return realisation, rules, path


def test_without_measures_nothing_moves(network, slow_rows):
    _, _, path = solved(network, slow_rows, "[]")
    assert len({id(month.shock) for month in path}) == 1
    assert path[-1].equilibrium.flow == pytest.approx(network.base_flow_t, rel=1e-12)


def test_users_learn_to_need_less_while_it_is_dear(network, slow_rows):
    _, _, path = solved(network, slow_rows, BAN)
    rows = (network.use_good == network.goods.index("germanium")) & (network.use_region == network.regions.index("JPN"))
    need = [float(np.mean(month.shock.demand_ratio[rows])) for month in path]
    assert need[0] == 1.0
    assert need[11] < need[5] < 1.0
    disposal = network.use_sector == network.uses.index("disposal")
    assert np.all(path[11].shock.demand_ratio[disposal] == 1.0)


def test_thrift_can_be_held_still(network, slow_rows):
    _, _, path = solved(network, slow_rows, BAN, months=4, thrift_speed_per_year=0.0)
    assert np.all(path[3].shock.demand_ratio == 1.0)


ORE_BAN = "\n  - {{kind: export_ban, by: PHL, goods: nickel_ore, announced: {}, from: 2025-07, why: test}}"


def test_a_ban_on_raw_ore_announced_ahead_brings_smelters_earlier(network, slow_rows):
    smelter = list(zip(network.process_kind, network.process_region, strict=True)).index(
        ("make_nickel_matte", network.regions.index("PHL"))
    )
    soon = {"expansion_lead_ratio": 0.4}  # a year for a plant of thirty months
    told, sudden = (
        solved(network, slow_rows, ORE_BAN.format(announced), **soon)[2] for announced in ("2025-01", "2025-07")
    )
    built = [[float(month.shock.capacity_ratio[smelter]) for month in path] for path in (told, sudden)]
    assert built[0][:12] == [1.0] * 12
    assert 1.0 < built[0][13] < built[0][14] < built[0][15]
    assert built[1] == [1.0] * MONTHS


class Stuck(months.Window):
    """A window that answers the first month and no other."""

    asked = 0

    def solve(self, *question, **start):
        answer = super().solve(*question, **start)
        Stuck.asked += 1
        return answer if Stuck.asked == 1 else replace(answer, converged=False)


def test_investors_do_not_count_on_what_an_earlier_month_expected(network, slow_rows, monkeypatch):
    seen = []

    def step(state, rules, **told):
        seen.append(told["coming_usd_per_t"])
        return step_slow(state, rules, **told)

    monkeypatch.setattr(months, "step_slow", step)
    monkeypatch.setattr(months, "Window", Stuck)
    _, _, path = solved(network, slow_rows, ORE_BAN.format("2025-01"), months=2)
    assert "stores at rest" in path[1].equilibrium.reason
    assert seen[0] is not None
    assert seen[1] is None


def test_smelters_for_a_ban_more_than_a_year_ahead_are_ready_on_its_date_and_not_before(network, slow_rows):
    """A lead time of twelve months and a ban in the fifteenth: ordered in the third, before any trader looks so far."""
    smelter = list(zip(network.process_kind, network.process_region, strict=True)).index(
        ("make_nickel_matte", network.regions.index("PHL"))
    )
    text = ORE_BAN.format("2025-01").replace("2025-07", "2026-03")
    _, _, path = solved(network, slow_rows, text, expansion_lead_ratio=0.4)
    built = [float(month.shock.capacity_ratio[smelter]) for month in path]
    assert built[:14] == [1.0] * 14
    assert built[15] > 1.002


def test_what_is_under_construction_counts_when_it_arrives(network, slow_rows):
    _, rules, _ = solved(network, slow_rows, "[]", months=1)
    state = first_slow(rules)
    state.plants.building_ratio[0, :2] = (0.1, 0.2)
    assert [float(state.capacity_ahead(months)[0]) for months in (0, 1, 2)] == pytest.approx([1.0, 1.1, 1.3])


def test_rounding_is_no_change(network, slow_rows):
    _, rules, _ = solved(network, slow_rows, "[]", months=1)
    state = first_slow(rules)
    state.scrap_ratio[:] = 1.0 + 1e-13
    assert np.all(state.capacity_ahead(0) == 1.0)
