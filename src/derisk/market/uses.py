"""Uses: what the end uses of a component buy, many at a time, with slopes and surplus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, lean
from derisk.market.component import Component
from derisk.market.demand import CHOKE_RATIO, LOW_PRICE_RATIO, NEARLY_ONE, demand
from derisk.market.powers import raise_each
from derisk.market.rows import sum_row
from derisk.market.state import State, Terms

Floats = NDArray[np.float64]


@inner
def evaluate_uses(component: Component, terms: Terms, price: Floats, state: State) -> float:
    """Quantities bought at some prices; the state receives them with their slopes, its gradient and gross are changed.

    The same numbers as `demand`, equations (6.10) to (6.12) of docs/theory/market.md, with one power for each use.

    Returns:
        Surplus [USD].
    """
    c, s = component, terms
    size = c.use_node.size
    paid, share, worth = np.empty(size), np.empty(size), np.empty(size)
    for u in range(size):
        paid[u] = price[c.use_node[u]]
    use, slope = state.use, state.use_slope
    _along_curves(
        paid, c.use_base_t, c.use_price, c.use_elasticity, c.use_value, c.use_at_value_t, c.use_worth, share, use, slope, worth
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
