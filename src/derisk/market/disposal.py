"""Disposal: the smooth sink that takes a good nobody wants at a price near zero (equation 6.13)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import kernel, lean

Floats = NDArray[np.float64]

WIDTH_RATIO = 0.02
"""Disposal begins below this ratio to the base price (equation 6.13)."""
SMALLEST_SINK_SHARE = 1e-3
"""A sink's scale is at least this share of the good's world output (equation 6.13)."""


@kernel
def disposal(price: float, sink_t: float, width: float) -> tuple[float, float, float]:
    """Quantity disposed of, its slope and its integral above `price` (equation 6.13 of docs/theory/market.md).

    Args:
        price: price at the node [USD/t].
        sink_t: quantity taken at price zero [t].
        width: price below which disposal begins [USD/t].

    Returns:
        Quantity [t], slope (zero or negative) [t per USD/t], and the quantity integrated above `price` [USD].
    """
    w = 1.0 - price / width
    if w <= 0.0:
        return 0.0, 0.0, 0.0
    return sink_t * w * w, -2.0 * sink_t * w / width, sink_t * width * w * w * w / 3.0


@lean
def disposal_at(price: Floats, sink_t: Floats, width: Floats, quantity: Floats, slope: Floats, surplus: Floats) -> None:
    """The same at every node (equation 6.13); the last three arrays receive it, prices may be longer."""
    for n in range(sink_t.size):
        w = max(1.0 - price[n] / width[n], 0.0)
        quantity[n] = sink_t[n] * w * w
        slope[n] = -2.0 * sink_t[n] * w / width[n]
    for n in range(sink_t.size):
        w = max(1.0 - price[n] / width[n], 0.0)
        surplus[n] = quantity[n] * width[n] * w / 3.0


@kernel
def disposal_value(quantity: float, sink_t: float, width: float) -> float:
    """What a quantity disposed of is worth [USD] (equation 6.20 of docs/theory/market.md)."""
    if quantity < 0.0:
        return -math.inf
    return width * quantity * (1.0 - 2.0 / 3.0 * math.sqrt(quantity / sink_t))


@kernel
def disposal_changes(price: float, sink_t: float, width: float) -> tuple[float, float]:
    """Derivatives of the quantity at a given price by the sink's size and by its width (equation 6.27)."""
    w = 1.0 - price / width
    if w <= 0.0:
        return 0.0, 0.0
    return w * w, 2.0 * sink_t * w * price / (width * width)
