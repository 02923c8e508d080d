"""Demand: what an end use buys at a delivered price, with the slope and the surplus (equations 6.10 to 6.12)."""

from __future__ import annotations

import math

from derisk.market.compiled import kernel

LOW_PRICE_RATIO = 0.2
"""Below this ratio to the base price demand goes on as a straight line (equation 6.11)."""
CHOKE_RATIO = 1.1
"""Demand falls in a straight line from the value in use to nothing at this multiple of it (equation 6.12)."""


@kernel
def demand(
    price: float, base_t: float, base_price: float, elasticity: float, value_in_use: float
) -> tuple[float, float, float]:
    """Quantity, slope and surplus of one end use.

    Equations (6.10) to (6.12) of docs/theory/market.md: isoelastic up to the value in use, then linear to zero.

    Args:
        price: delivered price [USD/t].
        base_t: demand at the base price [t].
        base_price: delivered base price [USD/t].
        elasticity: positive number.
        value_in_use: price above which the use leaves [USD/t], above `base_price`.

    Returns:
        Quantity [t], its slope (zero or negative) [t per USD/t], and the demand above `price` integrated [USD].
    """
    choke = CHOKE_RATIO * value_in_use
    if price >= choke:
        return 0.0, 0.0, 0.0
    fall = choke - value_in_use
    log_value = math.log(value_in_use / base_price)
    quantity_at_value = base_t * math.exp(-elasticity * log_value)
    if price >= value_in_use:
        slope = quantity_at_value / fall
        left = choke - price
        return slope * left, -slope, 0.5 * slope * left * left
    surplus = 0.5 * quantity_at_value * fall
    floor = LOW_PRICE_RATIO * base_price
    ratio = max(price, floor) / base_price
    log_ratio = math.log(ratio)
    quantity = base_t * math.exp(-elasticity * log_ratio)
    power = 1.0 - elasticity
    span = log_value - log_ratio
    if abs(power) * span < 1e-12:
        surplus += quantity * ratio * base_price * span
    else:
        surplus += quantity * ratio * base_price * math.expm1(power * span) / power
    if price >= floor:
        return quantity, -elasticity * quantity / price, surplus
    slope = elasticity * quantity / floor
    if price >= 0.0:
        below = floor - price
        return quantity + slope * below, -slope, surplus + below * (quantity + 0.5 * slope * below)
    most = quantity + slope * floor
    return most, 0.0, surplus + floor * (quantity + 0.5 * slope * floor) - most * price
