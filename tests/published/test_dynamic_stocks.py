"""Dynamic material-flow analysis: published examples, and laws as a statistics library has them.

Pauliuk and Heeren 2020, Journal of Industrial Ecology 24, 446-458 (ODYM), test of the dynamic stock model: inflow 1 to 10,
fixed life 5. The Weibull row (shape 2, scale 5) was worked out apart from this code, to seven digits.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from derisk.stocks import (
    FixedLifetime,
    LognormalLifetime,
    NormalLifetime,
    WeibullLifetime,
    inflow_from_stock,
    stock_from_inflow,
)

SOLD_T = np.arange(1.0, 11.0)
FIXED_STOCK_T = [1, 3, 6, 10, 15, 20, 25, 30, 35, 40]
FIXED_OUTFLOW_T = [0, 0, 0, 0, 0, 1, 2, 3, 4, 5]
WEIBULL_STOCK_T = [1, 2.960789, 5.773723, 9.284332, 13.322234, 17.728016, 22.370725, 27.154292, 32.015165, 36.915201]
AGES = np.array([0.0, 0.5, 1.0, 4.0, 7.3, 12.0, 25.0])


def test_fixed_life_of_five_years():
    record = stock_from_inflow(SOLD_T, FixedLifetime(5))
    assert record.stock_t.tolist() == FIXED_STOCK_T
    assert record.outflow_t.tolist() == FIXED_OUTFLOW_T


def test_fixed_life_of_five_years_from_the_stock():
    assert inflow_from_stock(FIXED_STOCK_T, FixedLifetime(5)).inflow_t == pytest.approx(SOLD_T, rel=1e-12)


def test_weibull_of_shape_two_and_scale_five():
    record = stock_from_inflow(SOLD_T, WeibullLifetime(shape=2, scale_years=5))
    assert record.stock_t == pytest.approx(WEIBULL_STOCK_T, abs=1e-6)


def test_weibull_by_a_plain_double_sum():
    plain = [sum(c * math.exp(-(((t - c) / 5.0) ** 2)) for c in range(1, t + 1)) for t in range(1, 11)]
    assert plain == pytest.approx(WEIBULL_STOCK_T, abs=1e-6)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (WeibullLifetime(shape=1.7, scale_years=9.0), stats.weibull_min(1.7, scale=9.0)),
        (LognormalLifetime(median_years=8.0, sigma=0.6), stats.lognorm(0.6, scale=8.0)),
        (NormalLifetime(centre_years=6.0, spread_years=4.0), stats.truncnorm(-1.5, np.inf, loc=6.0, scale=4.0)),
    ],
    ids=["weibull", "lognormal", "truncated normal"],
)
def test_survival_and_mean_of_a_statistics_library(ours, theirs):
    assert ours.survival(AGES) == pytest.approx(theirs.sf(AGES), rel=1e-9, abs=1e-12)
    assert float(ours.mean_years()) == pytest.approx(theirs.mean(), rel=1e-9)


@pytest.mark.parametrize("ratio", [0.001, 0.05, 0.36, 1.0, 4.0, 10.0])
def test_mean_and_standard_deviation_come_back(ratio):
    weibull = WeibullLifetime.from_mean_and_sd(14.0, sd_years=14.0 * ratio)
    shape, scale = (float(parameter) for parameter in weibull.parameters())
    assert stats.weibull_min.mean(shape, scale=scale) == pytest.approx(14.0, rel=1e-9)
    assert stats.weibull_min.std(shape, scale=scale) == pytest.approx(14.0 * ratio, rel=1e-6)
    lognormal = LognormalLifetime.from_mean_and_sd(14.0, sd_years=14.0 * ratio)
    median, sigma = (float(parameter) for parameter in lognormal.parameters())
    assert stats.lognorm.mean(sigma, scale=median) == pytest.approx(14.0, rel=1e-9)
    assert stats.lognorm.std(sigma, scale=median) == pytest.approx(14.0 * ratio, rel=1e-6)


def test_exponential_life_has_the_stationary_stock_of_a_geometric_sum():
    record = stock_from_inflow(np.full(4000, 3.0), WeibullLifetime(shape=1.0, scale_years=8.0))
    assert record.stock_t[-1] == pytest.approx(3.0 / (1.0 - math.exp(-1.0 / 8.0)), rel=1e-12)
    assert record.outflow_t[-1] == pytest.approx(3.0, rel=1e-12)
