"""Processes: what plants make and stores carry on, many at a time, with slopes and profit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import lean, merged
from derisk.market.component import Component
from derisk.market.rows import sum_row
from derisk.market.state import State, Terms
from derisk.market.supply import CURVE, STORE_EXPONENT, supply

Floats = NDArray[np.float64]


@merged
def evaluate_processes(component: Component, terms: Terms, price: Floats, state: State) -> float:
    """Outputs of plants at some prices; the state receives them with their slopes, its gradient and gross are changed.

    The same numbers as `supply`, equations (6.5) to (6.9) of docs/theory/market.md.

    Returns:
        Profits [USD].
    """
    c, s = component, terms
    size = c.first_store
    margin, profit = state.scratch.margin[:size], state.scratch.profit[:size]
    output, slope = state.output[:size], state.output_slope[:size]
    for p in range(size):
        total = -s.process_margin[p]
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            total += c.process_tonnes[entry] * price[c.process_node[entry]]
        margin[p] = total
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
    _take_shares(s.process_ratio, output, slope, profit)
    for p in range(size):
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            tonnes = c.process_tonnes[entry] * output[p]
            state.gradient[c.process_node[entry]] += tonnes
            state.gross[c.process_node[entry]] += abs(tonnes)
    return sum_row(profit, 0, size)


@merged
def evaluate_stores(component: Component, terms: Terms, price: Floats, state: State) -> float:
    """Stocks carried at some prices, out of their moment's node into those of the next, as `evaluate_processes`.

    The same numbers as `supply`, equation (6.30) of docs/theory/market.md.

    Returns:
        Profits [USD].
    """
    c, s = component, terms
    first = c.first_store
    margin, profit = state.scratch.margin[first:], state.scratch.profit[first:]
    held, slope = state.output[first:], state.output_slope[first:]
    start = c.process_start[first:]
    for p in range(held.size):
        rise = -s.process_margin[first + p] - price[c.process_node[start[p]]]
        for entry in range(start[p] + 1, start[p + 1]):
            rise += price[c.process_node[entry]]
        margin[p] = rise
    _along_powers(margin, c.process_base_t[first:], c.process_scale[first:], held, slope, profit)
    _take_shares(s.process_ratio[first:], held, slope, profit)
    for p in range(held.size):
        now = c.process_node[start[p]]
        state.gradient[now] -= held[p]
        state.gross[now] += held[p]
        for entry in range(start[p] + 1, start[p + 1]):
            state.gradient[c.process_node[entry]] += held[p]
            state.gross[c.process_node[entry]] += held[p]
    return sum_row(profit, 0, held.size)


@lean
def _take_shares(share: Floats, output: Floats, slope: Floats, profit: Floats) -> None:
    """Scale curves by the share of their plants that there is, given for these and perhaps more."""
    for p in range(output.size):
        output[p] *= share[p]
        slope[p] *= share[p]
        profit[p] *= share[p]


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
        kappa = 0.5 * min(1.0, steepness[p]) * base[p] / (capacity[p] - base[p])
        profit[p] = 1.0 / (1.0 + kappa * max(margin[p], 0.0))
    for p in range(margin.size):
        eta, w, q = min(1.0, steepness[p]), max(-margin[p], 0.0), profit[p]
        made = base[p] * (1.0 - eta * w - (1.0 - eta) * w * w) + (capacity[p] - base[p]) * (1.0 - q * q)
        output[p] = made if w < 1.0 else 0.0
    for p in range(margin.size):
        eta, w, q = min(1.0, steepness[p]), max(-margin[p], 0.0), profit[p]
        steep = base[p] * (eta * q * q * q + 2.0 * (1.0 - eta) * w)
        slope[p] = steep if w < 1.0 else 0.0
    for p in range(margin.size):
        eta, w, over = min(1.0, steepness[p]), max(-margin[p], 0.0), max(margin[p], 0.0)
        low = 1.0 - 0.5 * eta - (1.0 - eta) / 3.0 - w * (1.0 - 0.5 * eta * w - (1.0 - eta) * w * w / 3.0)
        earned = base[p] * low + over * (base[p] + (capacity[p] - base[p]) * (1.0 - profit[p]))
        profit[p] = earned if w < 1.0 else 0.0
    for p in range(margin.size):
        stretch = scale[p] / max(1.0, steepness[p])
        slope[p] = slope[p] / stretch
        profit[p] = profit[p] * stretch
        margin[p] = margin[p] * stretch


@lean
def _along_powers(margin: Floats, target: Floats, scale: Floats, held: Floats, slope: Floats, profit: Floats) -> None:
    """Equation (6.30) without branches."""
    for p in range(margin.size):
        u = max(1.0 + margin[p] / (STORE_EXPONENT * scale[p]), 0.0)
        slope[p] = target[p] * u * u * u / scale[p]
        held[p] = slope[p] * u * scale[p]
        profit[p] = held[p] * u * scale[p] * STORE_EXPONENT / (STORE_EXPONENT + 1.0)
