"""Supply: what a process makes at a margin, with the slope and the profit (equations 6.5 to 6.9, 6.30)."""

from __future__ import annotations

import math

from derisk.market.compiled import kernel

CURVE = 0
"""Process that ran in the base year."""
FIXED = 1
"""Host: its output does not answer to prices."""
NEW = 2
"""Process without base output: it starts where its margin over unit cost turns positive."""
STORE = 3
"""Stock carried to the next moment: it answers to the rise of the delivered price, without an upper bound."""

STORE_EXPONENT = 4.0
"""b of equation (6.30): how a stock answers to the expected rise of the price."""
LARGEST_BASE_SHARE = 0.98
"""Base output is at most this share of capacity (equation 6.5)."""
SMALLEST_MARGIN_SHARE = 0.1
"""The margin scale is at least this share of base revenue (equation 6.5)."""


@kernel
def supply(
    margin: float, kind: int, base_t: float, capacity_t: float, scale: float, steepness: float
) -> tuple[float, float, float]:
    """Output, slope and profit of one process.

    Equations (6.6) to (6.9) of docs/theory/market.md: a low piece from shutdown to the base point, quadratic in
    the margin, and a high piece that approaches capacity; the slope is continuous where they meet. A store follows
    equation (6.30), a power of its margin.

    Args:
        margin: m - m0 for a curve or a store, m itself (unit cost taken off) for a new process [USD/t].
        kind: `CURVE`, `FIXED`, `NEW` or `STORE`.
        base_t: base output y0, or a store's target [t]; below `capacity_t`, which a store has none of.
        capacity_t: capacity K [t].
        scale: margin scale s [USD/t].
        steepness: elasticity of output to the margin over s.

    Returns:
        Output y [t], dy/dm [t per USD/t], and the integral of y over m [USD].
    """
    if kind == FIXED:
        return base_t, 0.0, base_t * margin
    if kind == NEW:
        if margin <= 0.0:
            return 0.0, 0.0, 0.0
        q = 1.0 + margin / scale
        slope = 2.0 * capacity_t / (scale * q * q * q)
        return capacity_t * (1.0 - 1.0 / (q * q)), slope, capacity_t * margin * (1.0 - 1.0 / q)
    if kind == STORE:
        u = 1.0 + margin / (STORE_EXPONENT * scale)
        if u <= 0.0:
            return 0.0, 0.0, 0.0
        slope = base_t * u * u * u / scale
        held = slope * u * scale
        return held, slope, held * u * scale * STORE_EXPONENT / (STORE_EXPONENT + 1.0)
    stretch = scale / max(1.0, steepness)
    eta = min(1.0, steepness)
    r = 1.0 + margin / stretch
    if r <= 0.0:
        return 0.0, 0.0, 0.0
    low_profit = base_t * (1.0 - 0.5 * eta - (1.0 - eta) / 3.0)
    if r <= 1.0:
        w = 1.0 - r
        output = base_t * (1.0 - eta * w - (1.0 - eta) * w * w)
        slope = base_t * (eta + 2.0 * (1.0 - eta) * w) / stretch
        profit = low_profit - base_t * (w - 0.5 * eta * w * w - (1.0 - eta) * w * w * w / 3.0)
        return output, slope, profit * stretch
    room = capacity_t - base_t
    kappa = 0.5 * eta * base_t / room
    q = 1.0 + kappa * (r - 1.0)
    output = base_t + room * (1.0 - 1.0 / (q * q))
    slope = eta * base_t / (q * q * q * stretch)
    profit = low_profit + (r - 1.0) * (base_t + room * (1.0 - 1.0 / q))
    return output, slope, profit * stretch


@kernel
def supply_cost(output: float, kind: int, base_t: float, capacity_t: float, scale: float, steepness: float) -> float:
    """Cost of an output beyond the base margin [USD], the conjugate of the profit (equations 6.18 and 6.31).

    Arguments as for `supply`, with the output [t] in place of the margin; infinite where no margin makes it.
    """
    if kind == FIXED:
        return 0.0 if abs(output - base_t) <= 1e-9 * base_t else math.inf
    if kind == STORE:
        if output <= 0.0:
            return 0.0 if output == 0.0 else math.inf
        u = math.sqrt(math.sqrt(output / base_t))
        return STORE_EXPONENT * scale * output * (u * STORE_EXPONENT / (STORE_EXPONENT + 1.0) - 1.0)
    if output < 0.0 or output > capacity_t * (1.0 + 1e-12):
        return math.inf
    if kind == NEW:
        left = math.sqrt(max(0.0, 1.0 - output / capacity_t))
        return capacity_t * scale * (1.0 - left) * (1.0 - left)
    stretch = scale / max(1.0, steepness)
    eta = min(1.0, steepness)
    if output <= base_t:
        short = 1.0 - output / base_t
        w = 2.0 * short / (eta + math.sqrt(eta * eta + 4.0 * (1.0 - eta) * short))
        return -stretch * base_t * (0.5 * eta * (1.0 - w * w) + 2.0 * (1.0 - eta) * (1.0 - w * w * w) / 3.0)
    room = capacity_t - base_t
    kappa = 0.5 * eta * base_t / room
    left = math.sqrt(max(0.0, 1.0 - (output - base_t) / room))
    low = -stretch * base_t * (0.5 * eta + 2.0 * (1.0 - eta) / 3.0)
    return low + stretch * room / kappa * (1.0 - left) * (1.0 - left)


@kernel
def supply_changes(
    margin: float, kind: int, base_t: float, capacity_t: float, scale: float, steepness: float
) -> tuple[float, float, float]:
    """Derivatives of the output at a given margin by capacity, steepness and margin scale (equation 6.25).

    Arguments as for `supply`. A store has a target in place of capacity, and no steepness (equation 6.32).
    """
    if kind == FIXED:
        return 0.0, 0.0, 0.0
    output, slope, _ = supply(margin, kind, base_t, capacity_t, scale, steepness)
    by_scale = -slope * margin / scale
    if kind == NEW:
        return output / capacity_t, 0.0, by_scale
    if kind == STORE:
        return output / base_t, 0.0, by_scale
    r = 1.0 + margin * max(1.0, steepness) / scale
    if r <= 0.0:
        return 0.0, 0.0, 0.0
    w = 1.0 - r
    if r <= 1.0:
        by_steepness = base_t * (w * w - w) if steepness < 1.0 else slope * margin / steepness
        return 0.0, by_steepness, by_scale
    kappa = 0.5 * min(1.0, steepness) * base_t / (capacity_t - base_t)
    q = 1.0 - kappa * w
    by_steepness = -base_t * w / (q * q * q) if steepness < 1.0 else slope * margin / steepness
    return 1.0 - 1.0 / (q * q) + 2.0 * kappa * w / (q * q * q), by_steepness, by_scale
