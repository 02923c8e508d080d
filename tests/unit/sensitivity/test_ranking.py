"""The ranking: strongest first, the top solved at both ends as a run would, failures kept."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from derisk.errors import BalanceError, Problem
from derisk.scenario import parse_scenario
from derisk.sensitivity import central_case, rank_assumptions
from derisk.sensitivity.central import total_musd
from derisk.sensitivity.numbers import IDLE_NOTE, number_parameters
from derisk.sensitivity.parameter import JUMPS_NOTE, Effect
from derisk.sensitivity.ranking import first_order, path_scale, resolve_effect
from derisk.sensitivity.slopes import slopes_of

LATE = """
name: late
question: When does the plant come?
base_year: 2024
start: 2025-01
months: 4
measures:
  - {{kind: export_ban, by: CHN, to: all, goods: ndfeb_magnet, from: 2025-01, why: test}}
  - {{kind: new_capacity, by: JPN, goods: ndfeb_magnet, from: 2024-07, lead_time_months: {{uniform: {lead}}},
      capacity_t_per_year: 100, unit_cost_usd_per_t: 100, why: test}}
"""


@pytest.fixture(scope="module")
def ranked(central):
    return rank_assumptions(central, resolved=5, workers=1)


def test_the_strongest_come_first_and_are_solved(ranked):
    widths = [effect.width_musd(ranked.outcome_musd) for effect in ranked.effects]
    assert widths == sorted(widths, reverse=True)
    assert widths[4] > 0.0
    for effect in ranked.effects[:5]:
        assert effect.resolved
        assert math.isfinite(effect.outcome_low_musd + effect.outcome_high_musd)
    assert any(not effect.resolved for effect in ranked.effects)


def test_threads_do_not_change_a_digit(central, ranked):
    again = rank_assumptions(central, resolved=5, workers=3)
    assert [_numbers(effect) for effect in again.effects] == [_numbers(effect) for effect in ranked.effects]


def _numbers(effect):
    ends = (
        effect.first_order_low_musd,
        effect.first_order_high_musd,
        effect.outcome_low_musd,
        effect.outcome_high_musd,
    )
    return (effect.parameter.words, effect.parameter.row_ids, *map(repr, ends))


def test_a_solved_end_is_what_a_run_with_that_value_gives(small_world, central, ranked):
    effect = next(e for e in ranked.effects if e.parameter.kind == "export_quota.share_of_base")
    assert effect.resolved
    measures = list(central.scenario.resolved()["measures"])
    text = {**central.scenario.resolved(), "measures": [{**measures[0], "share_of_base": 0.4}, *measures[1:]]}
    run = central_case(parse_scenario(json.dumps(text)), small_world)
    assert effect.outcome_low_musd == pytest.approx(run.outcome_musd, rel=1e-9)
    assert effect.outcome_low_musd > ranked.outcome_musd > effect.outcome_high_musd


def test_first_order_lies_on_the_straight_line_through_the_central_case(ranked):
    for effect in (effect for effect in ranked.effects if not effect.parameter.jumps):
        parameter, outcome = effect.parameter, ranked.outcome_musd
        below, above = parameter.base - parameter.low, parameter.high - parameter.base
        left, right = outcome - effect.first_order_low_musd, effect.first_order_high_musd - outcome
        assert left * above == pytest.approx(right * below, rel=1e-6, abs=1e-6 * outcome * (above + below))


def test_a_calm_world_has_nothing_to_solve(calm):
    ranked = rank_assumptions(calm, resolved=5)
    assert ranked.outcome_musd == 0.0
    assert len(ranked.effects) > 50
    assert not any(effect.resolved for effect in ranked.effects)
    assert {effect.width_musd(0.0) for effect in ranked.effects} == {0.0}


def test_a_failed_end_is_kept_with_its_reason(central, ranked):
    first = ranked.effects[0].parameter

    def anew(value):
        if value == first.high:
            raise BalanceError(Problem("tonnes are lost"))
        return first.anew(value)

    effect = resolve_effect(central, Effect(replace(first, anew=anew), 1.0, 2.0))
    assert math.isnan(effect.outcome_high_musd)
    assert effect.outcome_low_musd == ranked.effects[0].outcome_low_musd
    assert effect.resolved
    assert "no answer at the high end: tonnes are lost" in effect.note


def test_a_lead_time_is_solved_and_has_no_derivative(small_world):
    central = central_case(parse_scenario(LATE.format(lead="[6, 10]")), small_world)
    ranked = rank_assumptions(central, resolved=1)
    (lead,) = (e for e in ranked.effects if e.parameter.kind == "new_capacity.lead_time_months")
    assert lead.resolved
    assert math.isnan(lead.first_order_low_musd)
    assert lead.outcome_low_musd < lead.outcome_high_musd
    assert JUMPS_NOTE in lead.note


def test_a_plant_beyond_the_months_looked_at_moves_nothing(small_world):
    central = central_case(parse_scenario(LATE.format(lead="[20, 30]")), small_world)
    numbers = [p for p in number_parameters(central) if p.kind.startswith("new_capacity")]
    assert {p.kind.split(".")[1] for p in numbers} >= {"lead_time_months", "capacity_t_per_year"}
    for parameter in numbers:
        assert IDLE_NOTE in parameter.note
        assert not parameter.jumps
        assert parameter.held(parameter.low) is central.realisation


def test_a_central_case_without_equilibrium_says_so(central):
    month = central.months[1]
    failed = replace(month, equilibrium=replace(month.equilibrium, converged=False, reason="no step is short enough"))
    ranked = rank_assumptions(replace(central, months=(central.months[0], failed, central.months[2])), resolved=5)
    assert math.isnan(ranked.outcome_musd)
    assert ranked.effects == ()
    assert ranked.notes == ("the central case has no equilibrium: 2025-02: no step is short enough",)


def test_distinct_months_are_weighed_by_how_often_they_come(central):
    slopes = slopes_of(central.realisation, central.alone, central.counted)
    assert slopes.distinct == (0, 1, 2)
    once = slopes_of(central.realisation, central.alone[:1], central.counted)
    thrice = slopes_of(central.realisation, central.alone[:1] * 3, central.counted)
    for name, values in once.standing.items():
        assert thrice.standing[name] == pytest.approx(3.0 * values)


def test_derivatives_are_scaled_from_months_alone_to_the_path(central, ranked):
    alone = total_musd(central.realisation, central.alone, central.counted)
    assert central.outcome_musd < alone
    assert path_scale(central) == pytest.approx(central.outcome_musd / alone)
    quota = next(e for e in ranked.effects if e.parameter.kind == "export_quota.share_of_base")
    slopes = slopes_of(central.realisation, central.alone, central.counted)
    unscaled = first_order(central, slopes, quota.parameter, 0.0, scale=1.0)
    change = quota.first_order_low_musd - ranked.outcome_musd
    assert change == pytest.approx(path_scale(central) * unscaled.first_order_low_musd)


def test_parameters_of_the_path_are_solved_where_the_scenario_touches_them(ranked, calm):
    names = {e.parameter.global_name for e in ranked.effects if e.parameter.global_name}
    assert names == {
        "demand_elasticity_ratio",
        "supply_elasticity_ratio",
        "trade_elasticity_ratio",
        "home_elasticity_ratio",
        "discount_share_per_year",
        "storage_scale_ratio",
        "makers_scale_ratio",
        "hazard_export_quota_per_month",
        "hazard_export_tax_per_month",
        "hazard_outage_per_month",
        "ageing_months",
    }
    assert all(e.resolved for e in ranked.effects if e.parameter.global_name)
    assert not any(e.parameter.global_name for e in rank_assumptions(calm, resolved=1).effects)
