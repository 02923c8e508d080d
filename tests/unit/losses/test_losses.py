"""Shortfall, value at risk, transfers and tail on cases small enough to do by hand."""

import numpy as np
import pytest
from loss_cases import Sectors

from derisk.losses import range_words, shortfall_share, shortfall_t, spread, value_added_at_risk

SECTORS = Sectors(  # one region, two uses, three inputs
    value_added_musd=np.array([[1200.0, 2400.0]]),
    dependence_share=np.array([0.5, 0.25, 1.0]),
    use_region=np.zeros(3, dtype=np.int64),
    use_sector=np.array([0, 0, 1]),
)


def test_shortfall_is_measured_against_wanted_tonnes():
    base, ratio = np.array([100.0, 100.0, 100.0]), np.array([1.0, 0.5, 2.0])
    use = np.array([80.0, 60.0, 150.0])
    assert shortfall_t(use_t=use, base_use_t=base, demand_ratio=None) == pytest.approx([20.0, 40.0, 0.0])
    assert shortfall_t(use_t=use, base_use_t=base, demand_ratio=ratio) == pytest.approx([20.0, 0.0, 50.0])


def test_share_of_nothing_wanted_is_zero():
    share = shortfall_share(shortfall=np.array([0.0, 5.0]), base_use_t=np.array([0.0, 10.0]), demand_ratio=None)
    assert share == pytest.approx([0.0, 0.5])


def test_scarcest_input_binds_and_carries_the_loss():
    risk = value_added_at_risk(SECTORS, shortfall_share=np.array([0.1, 0.4, 0.0]))
    assert risk.lost_musd == pytest.approx(np.array([[1200.0 / 12 * 0.25 * 0.4, 0.0]]))
    assert risk.binding_row.tolist() == [[1, -1]]


def test_zero_shortfall_costs_nothing():
    risk = value_added_at_risk(SECTORS, shortfall_share=np.zeros(3))
    assert not risk.lost_musd.any()
    assert (risk.binding_row == -1).all()


def test_losses_are_subadditive_over_inputs():
    both = value_added_at_risk(SECTORS, shortfall_share=np.array([0.3, 0.4, 0.0])).lost_musd.sum()
    first = value_added_at_risk(SECTORS, shortfall_share=np.array([0.3, 0.0, 0.0])).lost_musd.sum()
    second = value_added_at_risk(SECTORS, shortfall_share=np.array([0.0, 0.4, 0.0])).lost_musd.sum()
    assert max(first, second) <= both <= first + second


def test_spread_of_one_draw_is_that_draw():
    assert spread([7.0]) == {"mean": 7.0, "p05": 7.0, "p50": 7.0, "p95": 7.0, "cvar95": 7.0}


def test_cvar_is_the_mean_of_the_worst_twentieth():
    values = np.arange(1.0, 101.0)
    result = spread(values)
    assert result["p50"] == pytest.approx(50.5)
    assert result["cvar95"] == pytest.approx(np.mean([96.0, 97.0, 98.0, 99.0, 100.0]))


def test_of_fewer_than_twenty_draws_the_range_is_from_the_lowest_to_the_highest():
    few, many = spread(np.arange(19.0)), spread(np.arange(20.0))
    assert (few["p05"], few["p95"], few["cvar95"]) == (0.0, 18.0, 18.0)
    assert (many["p05"], many["p95"]) == pytest.approx((0.95, 18.05))
    assert range_words(19) == "lowest to highest of 19 draws"
    assert range_words(20) == "5 to 95 %"
