"""Uses: what the end uses of a component buy, many at a time, with slopes and surplus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import lean, merged
from derisk.market.component import Component
from derisk.market.demand import CHOKE_RATIO, LOW_PRICE_RATIO, NEARLY_ONE, demand, demand_value
from derisk.market.powers import raise_each
from derisk.market.rows import sum_row
from derisk.market.state import Scratch, State, Terms

Floats = NDArray[np.float64]


@merged
def evaluate_uses(component: Component, terms: Terms, price: Floats, state: State) -> float:
    """Quantities bought at some prices; the state receives them with their slopes, its gradient and gross are changed.

    The same numbers as `demand`, equations (6.10) to (6.12) of docs/theory/market.md, with one power for each use.

    Returns:
        Surplus [USD].
    """
    c, s = component, terms
    size = c.use_node.size
    paid, share, worth = state.scratch.paid, state.scratch.share, state.scratch.worth
    for u in range(size):
        paid[u] = price[c.use_node[u]]
    use, slope = state.use, state.use_slope
    _along_curves(
        paid,
        c.use_base_t,
        c.use_price,
        c.use_elasticity,
        c.use_value,
        c.use_at_value_t,
        c.use_worth,
        share,
        use,
        slope,
        worth,
    )
    for u in range(size):
        outside = paid[u] >= c.use_value[u] or paid[u] < LOW_PRICE_RATIO * c.use_price[u]
        if outside or abs(1.0 - c.use_elasticity[u]) < NEARLY_ONE:
            use[u], slope[u], worth[u] = demand(
                paid[u], c.use_base_t[u], c.use_price[u], c.use_elasticity[u], c.use_value[u]
            )
    for u in range(size):
        use[u] *= s.use_ratio[u]
        slope[u] *= s.use_ratio[u]
        worth[u] *= s.use_ratio[u]
    for u in range(size):
        state.gradient[c.use_node[u]] -= use[u]
        state.gross[c.use_node[u]] += use[u]
    return sum_row(worth, 0, size)


@lean
def _along_curves(
    paid: Floats,
    base: Floats,
    base_price: Floats,
    elasticity: Floats,
    value: Floats,
    at_value: Floats,
    whole: Floats,
    share: Floats,
    use: Floats,
    slope: Floats,
    worth: Floats,
) -> None:
    """Equation (6.10) without branches: of use between a fifth of the base price and the value in use."""
    for u in range(paid.size):
        use[u] = max(paid[u] / base_price[u], LOW_PRICE_RATIO)
        slope[u] = -elasticity[u]
    raise_each(share, use, slope)
    for u in range(paid.size):
        use[u] = base[u] * share[u]
        slope[u] = -elasticity[u] * base[u] * share[u] / paid[u]
    for u in range(paid.size):
        beyond = 0.5 * (CHOKE_RATIO - 1.0) * value[u] * at_value[u]
        worth[u] = whole[u] - paid[u] * use[u] / (1.0 - elasticity[u]) + beyond


@lean
def value_uses(component: Component, terms: Terms, use: Floats, scratch: Scratch) -> float:
    """What the quantities (use,) [t] are worth to their uses [USD]; minus infinity where one is out of bounds.

    The same numbers as `demand_value`, equation (6.19) of docs/theory/market.md, with one power for each use: between
    a fifth of the base price and the value in use, what is paid beyond the value in use and the integral down to
    the price at which the quantity is bought.
    """
    c, s = component, terms
    share, power, worth = scratch.share, scratch.paid, scratch.worth
    for u in range(use.size):
        share[u] = use[u] / (s.use_ratio[u] * c.use_base_t[u])
        power[u] = -1.0 / c.use_elasticity[u]
    raise_each(worth, share, power)
    for u in range(use.size):
        ratio, elasticity = s.use_ratio[u], c.use_elasticity[u]
        if not (ratio > 0.0 and c.use_base_t[u] > 0.0):
            worth[u] = -np.inf if use[u] != 0.0 else 0.0
            continue
        bought = use[u] / ratio
        inside = c.use_at_value_t[u] < bought and worth[u] >= LOW_PRICE_RATIO * (1.0 + 1e-6)
        if not inside or abs(1.0 - elasticity) < NEARLY_ONE:
            worth[u] = ratio * demand_value(bought, c.use_base_t[u], c.use_price[u], elasticity, c.use_value[u])
            continue
        whole = 0.5 * (CHOKE_RATIO + 1.0) * c.use_value[u] * c.use_at_value_t[u] + elasticity * c.use_worth[u]
        worth[u] = ratio * (whole - elasticity / (1.0 - elasticity) * c.use_price[u] * worth[u] * bought)
    return sum_row(worth, 0, use.size)
