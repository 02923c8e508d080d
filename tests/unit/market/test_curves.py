"""Supply, demand, trade and disposal: anchored at the base, sloped as stated, and gradients of their integrals."""

import numpy as np
import pytest

from derisk.market.demand import demand
from derisk.market.disposal import disposal
from derisk.market.supply import CURVE, FIXED, NEW, supply
from derisk.market.trade import power_of, trade


def assert_gradient(curve, points, sign=1.0, step=1e-6):
    """The slope is the derivative of the quantity, the quantity that of the integral, away from kinks."""
    for x in points:
        low, high = curve(x - step), curve(x + step)
        quantity, slope, _ = curve(x)
        assert (high[0] - low[0]) / (2 * step) == pytest.approx(slope, rel=1e-5, abs=1e-6)
        assert sign * (high[2] - low[2]) / (2 * step) == pytest.approx(quantity, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("steepness", [0.05, 0.3, 1.0, 2.5])
def test_supply(steepness):
    def curve(margin):
        return supply(margin, CURVE, 8.0, 10.0, 4.0, steepness)

    assert curve(0.0)[0] == 8.0
    assert curve(0.0)[1] == pytest.approx(8.0 * steepness / 4.0)
    assert curve(1e-9)[1] == pytest.approx(curve(-1e-9)[1], rel=1e-6)
    stop = -4.0 / max(1.0, steepness)
    assert curve(stop)[0] == 0.0
    assert curve(stop + 1e-6)[0] > 0.0
    assert 9.9 < curve(1e4)[0] < 10.0
    assert_gradient(curve, [2.0 * stop, 0.9 * stop, 0.5 * stop, 0.1 * stop, 0.5, 3.0, 40.0])


def test_supply_of_a_host_does_not_answer():
    assert supply(-100.0, FIXED, 8.0, 10.0, 4.0, 0.0)[:2] == (8.0, 0.0)


def test_new_supply_starts_at_its_cost():
    def curve(margin):
        return supply(margin, NEW, 0.0, 10.0, 4.0, 0.5)

    assert curve(-1e-9) == (0.0, 0.0, 0.0)
    assert_gradient(curve, [-1.0, 0.1, 2.0, 30.0])


@pytest.mark.parametrize("elasticity", [0.05, 0.5, 1.0, 1.0 + 1e-13, 1.7])
def test_demand(elasticity):
    def curve(price):
        return demand(price, 6.0, 2.0, elasticity, 9.0)

    assert curve(2.0)[0] == 6.0
    assert curve(2.0)[1] == pytest.approx(-elasticity * 3.0)
    assert curve(9.0)[0] == pytest.approx(6.0 * 4.5**-elasticity)
    assert curve(9.9) == (0.0, 0.0, 0.0)
    assert curve(-1.0)[0] == curve(0.0)[0] == pytest.approx(6.0 * 5.0**elasticity * (1.0 + elasticity))
    assert curve(9.9 - 1e-12)[0] == pytest.approx(0.0, abs=1e-9)
    assert_gradient(curve, [-2.0, 0.2, 0.39, 0.5, 1.0, 2.0, 8.9, 9.1, 9.8, 12.0], sign=-1.0)


@pytest.mark.parametrize("exponent", [2.0, 2.5, 3.7, 8.0])
@pytest.mark.parametrize("cap", [np.inf, 7.0, 1.0])
def test_trade(exponent, cap):
    halves = int(2 * exponent) if exponent != 3.7 else 0

    def curve(gap):
        ratio = (cap / 3.0) ** (1.0 / exponent)
        return trade(gap, 3.0, 5.0, exponent, halves, cap, ratio)

    assert curve(0.0)[0] == pytest.approx(min(3.0, cap))
    assert curve(-5.0)[0] == 0.0
    assert curve(5.0)[0] == pytest.approx(min(3.0 * 2.0**exponent, cap))
    assert_gradient(curve, [-6.0, -4.9, -2.0, -0.5, 1.0, 4.0, 20.0])


def test_banned_trade_is_nothing():
    assert trade(50.0, 3.0, 5.0, 2.5, 5, 0.0, 0.0) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("halves", range(4, 41))
def test_powers_by_multiplication(halves):
    assert power_of(1.37, halves / 2, halves) == pytest.approx(1.37 ** (halves / 2), rel=1e-14)


def test_disposal():
    def curve(price):
        return disposal(price, 4.0, 0.5)

    assert curve(0.5) == (0.0, 0.0, 0.0)
    assert curve(0.0)[0] == 4.0
    assert curve(-0.5)[0] == 16.0
    assert_gradient(curve, [-3.0, 0.1, 0.4, 0.6], sign=-1.0)
