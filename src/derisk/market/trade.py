"""Trade: what a link carries at its price gap, with the slope and the surplus (equations 6.2 to 6.4)."""

from __future__ import annotations

import math

from derisk.market.compiled import kernel

SMALLEST_EXPONENT = 2.0
"""The trade exponent b is at least this, so that flows close smoothly (equation 6.3)."""


@kernel
def trade(
    gap: float, base_t: float, scale: float, exponent: float, cap_t: float, cap_ratio: float
) -> tuple[float, float, float]:
    """Flow, slope and surplus of one link.

    Equations (6.2) to (6.4) of docs/theory/market.md: choice among suppliers around the observed flow, in the
    power form whose limit is the logit.

    Args:
        gap: e, the delivered price less producer price, wedge and permits, zero at the base [USD/t].
        base_t: base flow x0 [t].
        scale: ξ, the base price at the destination or, within a country, a part of it [USD/t].
        exponent: b.
        cap_t: most the link may carry [t]; infinite where free, 0 where banned.
        cap_ratio: (cap/x0)**(1/b), the value of 1 + e/ξ at which the cap binds.

    Returns:
        Flow [t], its slope in the gap [t per USD/t], and the flow integrated over the gap [USD].
    """
    u = 1.0 + gap / scale
    if u <= 0.0 or cap_t <= 0.0:
        return 0.0, 0.0, 0.0
    if u >= cap_ratio:
        return cap_t, 0.0, cap_t * scale * (u - cap_ratio + cap_ratio / (exponent + 1.0))
    flow = base_t * math.exp(exponent * math.log(u))
    return flow, exponent * flow / (u * scale), flow * u * scale / (exponent + 1.0)


@kernel
def trade_cost(flow: float, base_t: float, scale: float, exponent: float, cap_t: float) -> float:
    """Cost of a flow beyond its wedge [USD], the conjugate of the surplus (equation 6.17 of docs/theory/market.md).

    Infinite outside 0 to the cap; a hair of rounding is not outside.
    """
    if flow < 0.0 or flow > cap_t * (1.0 + 1e-12):
        return math.inf
    if flow == 0.0:
        return 0.0
    ratio = flow / base_t
    return scale * flow * (exponent / (exponent + 1.0) * math.exp(math.log(ratio) / exponent) - 1.0)


@kernel
def trade_changes(
    gap: float, base_t: float, scale: float, exponent: float, cap_t: float, cap_ratio: float
) -> tuple[float, float, float]:
    """Derivatives of the flow at a given gap by its cap, its exponent and its scale (equation 6.24)."""
    u = 1.0 + gap / scale
    if u <= 0.0 or cap_t <= 0.0:
        return (1.0 if cap_t <= 0.0 and u > 0.0 else 0.0), 0.0, 0.0
    if u >= cap_ratio:
        return 1.0, 0.0, 0.0
    flow = base_t * math.exp(exponent * math.log(u))
    return 0.0, flow * math.log(u), -exponent * flow * gap / (u * scale * scale)
