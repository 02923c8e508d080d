"""Uses: what the end uses of a component buy, many at a time, with slopes and surplus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner
from derisk.market.component import Component
from derisk.market.demand import CHOKE_RATIO, LOW_PRICE_RATIO, NEARLY_ONE, demand
from derisk.market.powers import raise_each
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
    ratios, shares, exponents = np.empty(size), np.empty(size), np.empty(size)
    for u in range(size):
        ratios[u] = max(price[c.use_node[u]] / c.use_price[u], LOW_PRICE_RATIO)
        exponents[u] = -c.use_elasticity[u]
    raise_each(shares, ratios, exponents)
    surplus = 0.0
    for u in range(size):
        n = c.use_node[u]
        p, value, elasticity = price[n], c.use_value[u], c.use_elasticity[u]
        floor = LOW_PRICE_RATIO * c.use_price[u]
        if p >= value or p < floor or abs(1.0 - elasticity) < NEARLY_ONE:
            d, slope, worth = demand(p, c.use_base_t[u], c.use_price[u], elasticity, value)
        else:
            d = c.use_base_t[u] * shares[u]
            slope = -elasticity * d / p
            worth = c.use_worth[u] - p * d / (1.0 - elasticity)
            worth += 0.5 * (CHOKE_RATIO - 1.0) * value * c.use_at_value_t[u]
        ratio = s.use_ratio[u]
        state.use[u], state.use_slope[u] = ratio * d, ratio * slope
        state.gradient[n] -= ratio * d
        state.gross[n] += ratio * d
        surplus += ratio * worth
    return surplus
