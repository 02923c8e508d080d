"""Slopes are those of the whole line, from the network through the market to the loss."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from derisk.path import market_of, solve_alone
from derisk.sensitivity.central import total_musd
from derisk.sensitivity.numbers import number_parameters
from derisk.sensitivity.outcome import lost_musd, outcome_slopes
from derisk.sensitivity.rows import row_parameters
from derisk.sensitivity.rules import rule_parameters
from derisk.sensitivity.slopes import STANDING, first_order_change, slopes_of

ALIKE = ("samarium oxide", "Eu-Gd oxide", "yttrium oxide")
"""Goods of the small world whose users all lose the same share: which of them binds is a switch."""
STEP_SHARE = 2e-5
LARGEST_DIFFERENCE = 1e-4
KINK = 1e-3
"""Slopes on both sides that differ by more than this share of the larger one have a switch between them."""


@pytest.fixture(scope="module")
def slopes(central):
    return slopes_of(central.realisation, central.alone, central.counted)


def parameters_of(central):
    return [*chain(number_parameters(central), row_parameters(central), rule_parameters(central))]


def alone_musd(central):
    """The outcome of the months taken alone, which derivatives are of."""
    return total_musd(central.realisation, central.alone, central.counted)


def solved_outcome(central, realisation):
    months = solve_alone(market_of(realisation), realisation, central.scenario.month_labels())
    assert all(month.equilibrium.converged for month in months)
    return total_musd(realisation, months, central.counted)


def test_the_chain_is_the_slope_of_the_whole_line(central, slopes):
    outcome, at_a_switch, wrong, moving = alone_musd(central), [], [], 0
    every = parameters_of(central)
    for parameter in every:
        step = STEP_SHARE * max(abs(parameter.base), parameter.high - parameter.low)
        near = parameter.held(parameter.base + parameter.step)
        slope = first_order_change(slopes, central.realisation, near) / parameter.step
        above, below = (solved_outcome(central, parameter.held(parameter.base + s * step)) for s in (1.0, -1.0))
        sides = (above - outcome) / step, (outcome - below) / step
        size = max(*map(abs, sides), abs(slope), 1e-6 * outcome / step * STEP_SHARE)
        moving += abs(slope) * step > 1e-9 * outcome
        if abs(sides[0] - sides[1]) > KINK * size:
            at_a_switch.append(parameter.words)
        elif abs(slope - sum(sides) / 2.0) > LARGEST_DIFFERENCE * size + 1e-9 * outcome / step:
            wrong.append((parameter.words, slope, sides))
    assert wrong == []
    assert moving > 30
    assert all(any(good in words for good in ALIKE) for words in at_a_switch), at_a_switch


def test_every_kind_of_assumption_is_there(central):
    kinds = {parameter.kind for parameter in parameters_of(central)}
    assert kinds >= {"demand_elasticity", "supply_elasticity", "trade_elasticity", "dependence_share", "value_added"}
    assert kinds >= {"price", "utilisation_share", "value_in_use_ratio", "scaled_value_added_ratio"}
    assert kinds >= {"export_quota.share_of_base", "outage.share", "export_tax.rate", "demand_change.ratio"}
    assert kinds >= {"stockpile_release.quantity_t", "stockpile_release.release_price_ratio"}


def test_the_slope_by_value_added_is_the_share_of_the_loss(central, slopes):
    network = central.realisation.network
    lost = np.zeros_like(network.value_added_musd)
    for region in range(len(network.regions)):
        for use in range(len(network.uses)):
            kept = np.zeros_like(network.value_added_musd)
            kept[region, use] = network.value_added_musd[region, use]
            alone = replace(network, value_added_musd=kept)
            lost[region, use] = sum(lost_musd(alone, month, central.counted) for month in central.alone)
    by_hand = slopes.standing["value_added_musd"] * network.value_added_musd
    np.testing.assert_allclose(by_hand, lost, rtol=1e-12)
    assert by_hand.sum() == pytest.approx(alone_musd(central), rel=1e-12)


def test_nothing_moves_a_calm_world(calm):
    slopes = slopes_of(calm.realisation, calm.alone, calm.counted)
    assert calm.outcome_musd == 0.0
    assert not any(slopes.standing[name].any() for name in STANDING)
    for parameter in parameters_of(calm):
        near = parameter.held(parameter.base + parameter.step)
        assert first_order_change(slopes, calm.realisation, near) == 0.0


def test_a_bloc_counts_its_own_loss_alone(central):
    japan = np.array([region == "JPN" for region in central.network.regions])
    others = ~japan
    total = sum(total_musd(central.realisation, central.alone, counted) for counted in (japan, others))
    assert total == pytest.approx(alone_musd(central), rel=1e-12)
    slopes = slopes_of(central.realisation, central.alone, japan)
    assert not slopes.standing["value_added_musd"][others].any()
    assert slopes.standing["value_added_musd"][japan].any()


def test_a_tie_is_counted_and_the_row_listed_last_decides(central):
    network, month = central.realisation.network, central.alone[0]
    wanted = network.base_use_t * month.shock.demand_ratio
    short = np.maximum(1.0 - month.equilibrium.use / np.where(wanted > 0.0, wanted, 1.0), 0.0)
    exposed = np.flatnonzero(network.dependence_share * short > 0.0)
    places = list(zip(network.use_region[exposed], network.use_sector[exposed], strict=True))
    first, second = next(
        (exposed[at], exposed[places.index(place, at + 1)])
        for at, place in enumerate(places)
        if place in places[at + 1 :]
    )
    place = (network.use_region[first], network.use_sector[first])
    dependence = np.where(network.use_region == place[0], 0.0, network.dependence_share)
    dependence[first], dependence[second] = 0.01, 0.01 * short[first] / short[second]
    counted = np.arange(len(network.regions)) == place[0]
    unlike = np.where(np.arange(dependence.size) == second, 0.9 * dependence, dependence)
    assert outcome_slopes(replace(network, dependence_share=unlike), month, counted).ties == 0
    by = outcome_slopes(replace(network, dependence_share=dependence), month, counted)
    assert by.ties == 1
    assert (by.use[[first, second]] < 0.0).sum() == 1
