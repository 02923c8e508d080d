"""Demand: what an end use buys at a delivered price, with the slope and the surplus (equations 6.10 to 6.12)."""

from __future__ import annotations

import math

from derisk.market.compiled import kernel

LOW_PRICE_RATIO = 0.2
"""Below this ratio to the base price demand goes on as a straight line (equation 6.11)."""
NEARLY_ONE = 1e-2
"""Elasticities this near one need a logarithm where others need a power."""
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


@kernel
def demand_value(quantity: float, base_t: float, base_price: float, elasticity: float, value_in_use: float) -> float:
    """What a quantity is worth to an end use [USD]: the price it would pay, integrated from nothing (equation 6.19).

    Minus infinity outside 0 to what the use takes for nothing; a hair of rounding is not outside.
    """
    log_value = math.log(value_in_use / base_price)
    at_value = base_t * math.exp(-elasticity * log_value)
    at_floor = base_t * math.exp(-elasticity * math.log(LOW_PRICE_RATIO))
    most = at_floor * (1.0 + elasticity)
    if quantity < 0.0 or quantity > most * (1.0 + 1e-9):
        return -math.inf
    if quantity <= at_value:
        fall = CHOKE_RATIO * value_in_use - value_in_use
        return quantity * CHOKE_RATIO * value_in_use - 0.5 * fall * quantity * quantity / at_value
    worth = at_value * 0.5 * (CHOKE_RATIO + 1.0) * value_in_use
    if elasticity <= 0.0:
        return worth
    log_ratio = -math.log(min(quantity, at_floor) / base_t) / elasticity
    power, span = 1.0 - elasticity, log_value - log_ratio
    if abs(power) * span < 1e-12:
        worth += elasticity * base_price * base_t * math.exp(power * log_ratio) * span
    else:
        worth += elasticity * base_price * base_t * math.exp(power * log_ratio) * math.expm1(power * span) / power
    if quantity > at_floor:
        more = min(quantity, most) - at_floor
        worth += LOW_PRICE_RATIO * base_price * (more - 0.5 * more * more / (elasticity * at_floor))
    return worth


@kernel
def demand_changes(
    price: float, base_t: float, base_price: float, elasticity: float, value_in_use: float
) -> tuple[float, float, float]:
    """Derivatives of the quantity at a given price by elasticity, base price and value in use (equation 6.26)."""
    quantity, slope, _ = demand(price, base_t, base_price, elasticity, value_in_use)
    if price >= CHOKE_RATIO * value_in_use:
        return 0.0, 0.0, 0.0
    if price >= value_in_use:
        log_value = math.log(value_in_use / base_price)
        by_value = -elasticity * quantity / value_in_use - slope * price / value_in_use
        return -quantity * log_value, elasticity * quantity / base_price, by_value
    floor = LOW_PRICE_RATIO * base_price
    if price >= floor:
        return -quantity * math.log(price / base_price), elasticity * quantity / base_price, 0.0
    log_floor = math.log(LOW_PRICE_RATIO)
    at_floor = base_t * math.exp(-elasticity * log_floor)
    part = max(price, 0.0) / floor
    return -quantity * log_floor + at_floor * (1.0 - part), elasticity * at_floor * part / base_price, 0.0
