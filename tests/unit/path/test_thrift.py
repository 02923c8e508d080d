"""Thrift: hand-worked falls and returns of intensity, and the speed that published responses show."""

from __future__ import annotations

import numpy as np
import pytest

from derisk.errors import ShapeError
from derisk.path.parameters import load_parameters
from derisk.path.thrift import first_thrift, step_thrift

AT_ONCE = {"thrift_delay_months": 1.0}


def run(prices, *, quantile=None, answers=None, **given):
    parameters = load_parameters(given=given, quantile=quantile)
    state, states = first_thrift(1), []
    for price in prices:
        state = step_thrift(state, price_ratio=np.array([float(price)]), parameters=parameters, answers=answers)
        states.append(state)
    return states


def test_base_prices_and_small_rises_change_nothing():
    assert all(state.intensity_ratio[0] == 1.0 for state in run([1.0, 1.2, 0.7, 1.49] * 20))


def test_a_year_at_ten_times_the_price_saves_a_tenth():
    # Sprecher et al. 2017: substitution reached 10 % of demand a year at the peak of 2011
    assert run([10.0] * 12, **AT_ONCE)[-1].intensity_ratio[0] == pytest.approx(np.exp(-0.105))
    assert run([10.0] * 12, **AT_ONCE)[-1].intensity_ratio[0] == pytest.approx(0.9, abs=0.001)


def test_the_fall_is_proportional_to_the_logarithm_above_the_threshold():
    # threshold 1.5: ln(3/1.5) / ln(10/1.5) = 0.36537
    one = run([3.0], **AT_ONCE)[0].intensity_ratio[0]
    assert one == pytest.approx(np.exp(-0.105 / 12 * 0.3653705), rel=1e-7)


def test_designers_answer_with_delay():
    # mean age nine months: after one month the remembered price is 10 ** (1/9) = 1.29, below the threshold
    states = run([10.0] * 12)
    assert states[0].remembered_ratio[0] == pytest.approx(10 ** (1 / 9))
    assert states[0].intensity_ratio[0] == 1.0
    assert run([10.0] * 12, **AT_ONCE)[-1].intensity_ratio[0] < states[-1].intensity_ratio[0] < 1.0


def test_it_does_not_fall_below_the_floor():
    assert run([1000.0] * 400, **AT_ONCE)[-1].intensity_ratio[0] == pytest.approx(0.6)


def test_half_the_saving_returns_slowly_and_half_stays():
    fallen = run([10.0] * 24, **AT_ONCE)[-1].intensity_ratio[0]
    states = run([10.0] * 24 + [1.0] * 1200, **AT_ONCE)
    resting_point = 1.0 - 0.5 * (1.0 - fallen)
    assert states[-1].intensity_ratio[0] == pytest.approx(resting_point)
    assert states[24].intensity_ratio[0] == pytest.approx(fallen + (1 - np.exp(-0.15 / 12)) * (resting_point - fallen))


def test_every_draw_falls_and_stays_between_floor_and_base():
    for place in (0.01, 0.3, 0.7, 0.99):
        path = [
            state.intensity_ratio[0]
            for state in run([1, 6, 15, 20, 12, 8, 4, 2] * 3 + [1.0] * 60, quantile=lambda key, place=place: place)
        ]
        assert min(path) < 1.0
        assert all(0.4 <= ratio <= 1.0 for ratio in path)


def test_uses_that_need_nothing_do_not_answer():
    assert run([50.0] * 24, answers=np.array([False]))[-1].intensity_ratio[0] == 1.0


def test_a_wrong_shape_is_refused():
    with pytest.raises(ShapeError):
        step_thrift(first_thrift(2), price_ratio=np.ones(3), parameters=load_parameters())


def test_the_prices_of_2010_to_2012_give_less_than_japans_whole_fall():
    # Yearly mean price over 2009 of light oxides abroad, about 3 in 2010, 12 in 2011 and 5 in 2012. Japan used 31 % less
    # in 2012 than in 2011 and 56 % less than in 2010, stocks and dearer goods among it: thrift alone must be less.
    states = run([3.0] * 12 + [12.0] * 12 + [5.0] * 12)
    assert 0.75 < states[-1].intensity_ratio[0] < 0.9
    fast = run([3.0] * 12 + [12.0] * 12 + [5.0] * 12, thrift_speed_per_year=0.24, thrift_delay_months=4.0)
    assert 0.44 < fast[-1].intensity_ratio[0] < states[-1].intensity_ratio[0]
