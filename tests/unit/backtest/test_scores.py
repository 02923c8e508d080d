"""Scores worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from derisk.backtest.scores import Forecast, direction_right, interval, log_error, naive_lost_share, score


def forecast(observed, predicted, *, case="A", low=None, high=None, of_tonnes=False, scored=True, lost_share=0.5):
    return Forecast(
        case=case,
        metric=f"{observed}",
        mode="from-text",
        month="2020-01",
        observed=observed,
        predicted=predicted,
        low=predicted if low is None else low,
        high=predicted if high is None else high,
        draws_low=predicted,
        draws_high=predicted,
        naive_no_change=1.0,
        naive_lost_share=naive_lost_share(lost_share, of_tonnes=of_tonnes),
        of_tonnes=of_tonnes,
        scored=scored,
    )


@pytest.mark.parametrize(
    ("predicted", "observed", "of_tonnes", "expected"),
    [
        (2.0, 1.0, False, math.log(2.0)),
        (1.0, 2.0, False, -math.log(2.0)),
        (0.5, 0.25, True, math.log(2.0)),
        (0.0, 0.029, True, math.log(0.01 / 0.039)),  # near zero: one per cent on both sides
        (0.29, 0.029, True, math.log(0.30 / 0.039)),
        (0.05, 1.0, True, math.log(0.06 / 1.01)),
        (0.05, 1.0, False, math.log(0.05)),  # prices have no such rule
        (0.0, 0.0, True, None),
        (3.0, 0.0, True, None),
    ],
)
def test_log_errors(predicted, observed, of_tonnes, expected):
    assert log_error(predicted, observed, of_tonnes=of_tonnes) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("predicted", "observed", "right"),
    [
        (1.3, 2.0, True),
        (0.9, 2.0, False),
        (1.0, 2.0, False),
        (0.2, 0.5, True),
        (1.2, 0.5, False),
        (1.0 - 1e-14, 0.227, False),  # not a direction: rounding
        (1.0 + 1e-14, 2.0, False),
        (0.5, 0.91, None),  # moved by less than a tenth
        (1.5, 1.0, None),
        (1.5, 1.1, True),
        (0.10, 0.0, True),  # an observed zero: at most a tenth of the mean month before
        (0.11, 0.0, False),
        (None, 0.0, False),
        (None, 2.0, False),
        (None, 1.0, None),
    ],
)
def test_directions(predicted, observed, right):
    assert direction_right(predicted, observed) is right


def test_the_naive_forecast_of_a_lost_share():
    assert naive_lost_share(0.75, of_tonnes=True) == 0.25
    assert naive_lost_share(0.75, of_tonnes=False) == 4.0


def test_an_interval_covers_what_lies_inside_it():
    assert forecast(2.0, 1.5, low=1.0, high=2.0).covered is True
    assert forecast(2.1, 1.5, low=1.0, high=2.0).covered is False
    assert forecast(0.0, 0.02, low=0.01, high=0.3, of_tonnes=True).covered is True
    assert forecast(0.0, 0.2, low=0.02, high=0.3, of_tonnes=True).covered is False


def test_the_interval_of_one_draw_is_that_of_the_models_error():
    assert interval(np.array([2.0]), 0.0, of_tonnes=False) == (2.0, 2.0)
    low, high = interval(np.array([2.0]), 0.5, of_tonnes=False)
    assert (low, high) == pytest.approx((2.0 * math.exp(-1.2816 * 0.5), 2.0 * math.exp(1.2816 * 0.5)), rel=0.01)
    low, high = interval(np.array([0.0]), 0.5, of_tonnes=True)  # near zero the offset is spread
    assert (low, high) == pytest.approx((0.0, 0.01 * math.exp(1.2816 * 0.5) - 0.01), rel=0.02)


def test_the_interval_of_many_draws_is_wider_than_either_alone():
    draws = np.exp(np.linspace(-1.0, 1.0, 41))
    narrow, wide = interval(draws, 0.0, of_tonnes=False), interval(draws, 0.8, of_tonnes=False)
    assert narrow == pytest.approx((math.exp(-0.8), math.exp(0.8)))
    assert wide[0] < min(narrow[0], math.exp(-1.2816 * 0.8))
    assert wide[1] > max(narrow[1], math.exp(1.2816 * 0.8))


def test_scores_of_many():
    rows = [
        forecast(2.0, 4.0, low=1.0, high=5.0),  # right, log 2, covered
        forecast(4.0, 1.0),  # wrong, log 4
        forecast(0.0, 0.05, case="B", of_tonnes=True, low=0.0, high=0.1),  # right, no error, covered
        forecast(1.05, 1.05, case="B"),  # no direction, no error, covered
        forecast(0.1, 99.0, case="C", scored=False),
    ]
    found = score(rows)
    assert (found.rows, found.moved, found.directions_right) == (4, 3, 2)
    assert found.direction_share == pytest.approx(2 / 3)
    assert found.median_log_error == pytest.approx(math.log(2.0))
    assert found.median_log_error_no_change == pytest.approx(math.log(2.0))  # of log 2, log 4, log 1.05
    assert found.median_log_error_lost_share == pytest.approx(math.log(2.0 / 1.05))  # of 0, log 2, log 2/1.05
    assert found.covered_share == pytest.approx((0.5 + 1.0) / 2)  # the mean over cases
    assert (found.covered_low, found.covered_high) == (0.5, 1.0)
    assert found.covered_by_draws_share == pytest.approx((0.0 + 0.5) / 2)


def test_nothing_scored_gives_no_numbers():
    found = score([forecast(1.0, 1.0, scored=False)])
    assert (found.rows, found.direction_share, found.median_log_error, found.covered_share) == (0, None, None, None)


def test_a_forecast_of_nothing_is_counted_wrong_and_has_no_error():
    rows = [forecast(2.0, None), forecast(2.0, 2.0)]
    found = score(rows)
    assert (found.directions_right, found.moved, found.median_log_error) == (1, 2, 0.0)
