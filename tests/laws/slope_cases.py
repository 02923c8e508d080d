"""Slopes of outcomes by differences, and the regime in which they hold, for the laws of gradients."""

import numpy as np

MARKET_INPUTS = (
    "base_price_usd_per_t",
    "trade_elasticity",
    "gap_scale_ratio",
    "capacity_t",
    "unit_cost_usd_per_t",
    "supply_steepness",
    "demand_elasticity",
    "value_in_use_usd_per_t",
)
"""Inputs of the base year that prices and quantities answer to."""
STEP = 5e-6
"""Of an input, relative to its size."""
LARGEST_MOVE = 5e-6
"""Of an outcome within a step, relative to its size: a nearly flat price moves far, so there the step is shorter."""
LARGEST_SLOPE = 1e4
"""Relative move of an outcome over that of an input. Beyond it stores tie months in which nothing else answers: their
prices move together and are known, like flat ones, to no digit of a difference."""
LARGEST_DIFFERENCE = 1e-5


def step_of(terms, size):
    """How far an input moves, whose first-order terms sum to `terms` in an outcome of the given size."""
    return STEP if STEP * terms <= LARGEST_MOVE * size else LARGEST_MOVE * size / terms


def assert_slope(name, expected, terms, size, *, here, up, down, step):
    """The slope expected is that of differences: central, one-sided where a switch lies on one side of the step.

    `up` and `down` are outcomes, each with whether it is in the regime of `here`. Where both left it nothing is compared.
    """
    if terms > LARGEST_SLOPE * size:
        return
    limit = LARGEST_DIFFERENCE * (terms + size)
    if up[1] and down[1]:
        slope = (up[0] - down[0]) / (2.0 * step)
    elif up[1] or down[1]:  # the step's square is left of the difference
        slope, limit = (up[0] - here) / step if up[1] else (here - down[0]) / step, 100.0 * limit
    else:
        return
    assert abs(slope - expected) <= limit, f"{name}: {slope} seen, {expected} expected, within {limit}"


def regime(net, cap, equilibrium):
    """Which side of every switch an equilibrium is on."""
    price = equilibrium.delivered_price[net.use_good, net.use_region]
    sides = [
        equilibrium.flow >= cap,
        equilibrium.flow > 0.0,
        equilibrium.production > 0.0,
        equilibrium.permit_price > 0.0,
        equilibrium.producer_disposal > 0.0,
        equilibrium.delivered_disposal > 0.0,
        price >= net.value_in_use,
        price >= 1.1 * net.value_in_use,
        price >= 0.2 * net.base_price[net.use_good, net.use_region],
        price >= 0.0,
        equilibrium.flat_producer,
        equilibrium.flat_delivered,
    ]
    return np.concatenate([np.ravel(side) for side in sides])
