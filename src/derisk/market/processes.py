"""Processes: what the processes of a component make, many at a time, with slopes and profit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import lean
from derisk.market.component import Component
from derisk.market.rows import sum_row
from derisk.market.state import State, Terms
from derisk.market.supply import CURVE, supply

Floats = NDArray[np.float64]


@lean
def evaluate_processes(component: Component, terms: Terms, price: Floats, state: State) -> float:
    """Outputs at some prices; the state receives them with their slopes, its gradient and gross are changed.

    The same numbers as `supply`, equations (6.5) to (6.9) of docs/theory/market.md.

    Returns:
        Profits [USD].
    """
    c, s = component, terms
    size = c.process_kind.size
    margin, profit = state.scratch.margin, state.scratch.profit
    for p in range(size):
        total = -s.process_margin[p]
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            total += c.process_tonnes[entry] * price[c.process_node[entry]]
        margin[p] = total
    output, slope = state.output, state.output_slope
    _along_curves(
        margin,
        c.process_base_t,
        c.process_capacity_t,
        c.process_scale,
        c.process_steepness,
        output,
        slope,
        profit,
    )
    for p in range(size):
        if c.process_kind[p] != CURVE:
            output[p], slope[p], profit[p] = supply(
                margin[p],
                c.process_kind[p],
                c.process_base_t[p],
                c.process_capacity_t[p],
                c.process_scale[p],
                c.process_steepness[p],
            )
    for p in range(size):
        output[p] *= s.process_ratio[p]
        slope[p] *= s.process_ratio[p]
        profit[p] *= s.process_ratio[p]
    gradient, gross = state.gradient, state.gross
    for p in range(size):
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            tonnes = c.process_tonnes[entry] * output[p]
            gradient[c.process_node[entry]] += tonnes
            gross[c.process_node[entry]] += abs(tonnes)
    return sum_row(profit, 0, size)


@lean
def _along_curves(
    margin: Floats,
    base: Floats,
    capacity: Floats,
    scale: Floats,
    steepness: Floats,
    output: Floats,
    slope: Floats,
    profit: Floats,
) -> None:
    """Equations (6.6) to (6.8) without branches, `profit` used as scratch; of use for processes of kind `CURVE`."""
    for p in range(margin.size):
        margin[p] = margin[p] * (max(1.0, steepness[p]) / scale[p])
    for p in range(margin.size):
        eta = min(1.0, steepness[p])
        w = max(-margin[p], 0.0)
        kappa = 0.5 * eta * base[p] / (capacity[p] - base[p])
        q = 1.0 / (1.0 + kappa * max(margin[p], 0.0))
        made = base[p] * (1.0 - eta * w - (1.0 - eta) * w * w) + (capacity[p] - base[p]) * (1.0 - q * q)
        output[p] = made if w < 1.0 else 0.0
    for p in range(margin.size):
        eta = min(1.0, steepness[p])
        w = max(-margin[p], 0.0)
        kappa = 0.5 * eta * base[p] / (capacity[p] - base[p])
        q = 1.0 / (1.0 + kappa * max(margin[p], 0.0))
        steep = base[p] * (eta * q * q * q + 2.0 * (1.0 - eta) * w)
        slope[p] = steep if w < 1.0 else 0.0
    for p in range(margin.size):
        eta = min(1.0, steepness[p])
        w, over = max(-margin[p], 0.0), max(margin[p], 0.0)
        kappa = 0.5 * eta * base[p] / (capacity[p] - base[p])
        q = 1.0 / (1.0 + kappa * over)
        low = 1.0 - 0.5 * eta - (1.0 - eta) / 3.0 - w * (1.0 - 0.5 * eta * w - (1.0 - eta) * w * w / 3.0)
        earned = base[p] * low + over * (base[p] + (capacity[p] - base[p]) * (1.0 - q))
        profit[p] = earned if w < 1.0 else 0.0
    for p in range(margin.size):
        stretch = scale[p] / max(1.0, steepness[p])
        slope[p] = slope[p] / stretch
        profit[p] = profit[p] * stretch
        margin[p] = margin[p] * stretch
