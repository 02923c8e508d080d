"""Attempts: what is tried, in order, when Newton steps stall: another damping, then the shock in parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from derisk.market.certificate import LARGEST_RESIDUAL
from derisk.market.component import Component, Place
from derisk.market.newton import solve_component
from derisk.market.state import State, Terms
from derisk.market.supply import NEW

Floats = NDArray[np.float64]
Result = tuple[Floats, State, Floats, float, int, int, float]

PATIENCES = (0.02, 1e-7)
"""Shares of a step below which damping rises: steps that zigzag across a kink want damping, narrow valleys none."""
PARTS = (0.25, 0.5, 0.75, 0.9, 1.0)
"""Parts of the shock solved one after another where the whole of it fails."""


def solve_patiently(
    component: Component, place: Place, terms: Terms, starts: Sequence[Floats], first: Result, tolerance: float
) -> Result:
    """Solve one component by other ways than the first, until one converges; the try that came nearest otherwise.

    Args:
        component: base-year arrays.
        place: its base flows and wedges.
        terms: the shock.
        starts: first prices to try, base prices last [USD/t].
        first: what the first start gave at the first patience.
        tolerance: residual to reach.

    Returns:
        What `solve_component` returns, with the iterations of all tries, that of the first patience included.
    """
    best = first
    spent = best[4]
    for start, patience in [(s, p) for s in starts for p in PATIENCES][1:]:
        if best[3] <= LARGEST_RESIDUAL:
            break
        result = solve_component(component, terms, start, tolerance, patience)
        spent += result[4]
        if not best[3] <= result[3]:
            best = result
    for patience in PATIENCES:
        if best[3] <= LARGEST_RESIDUAL:
            break
        price = starts[-1]
        for part in PARTS:
            result = solve_component(component, part_of(component, place, terms, part), price, tolerance, patience)
            spent += result[4]
            price = result[0]
        if not best[3] <= result[3]:
            best = result
    return (*best[:4], spent, *best[5:])


def part_of(component: Component, place: Place, terms: Terms, part: float) -> Terms:
    """The shock taken to a part of its way from the base; itself at 1."""
    if part == 1.0:
        return terms
    rest = 1.0 - part
    base, flow = component.link_base_t, place.base_flow_t
    cap = np.maximum(terms.link_cap_t, rest * flow)
    cap_ratio = np.full(cap.size, np.inf)
    finite = np.isfinite(cap)
    cap_ratio[finite] = (cap[finite] / base[finite]) ** (1.0 / component.link_exponent[finite])
    used = np.bincount(terms.member_quota, terms.member_weight * flow[terms.member_link], terms.quota_t.size)
    return terms._replace(
        process_ratio=part * terms.process_ratio + rest * (component.process_kind != NEW),
        process_margin=part * terms.process_margin + rest * component.process_margin,
        link_wedge=part * terms.link_wedge + rest * place.base_wedge,
        link_cap_t=cap,
        link_cap_ratio=cap_ratio,
        use_ratio=part * terms.use_ratio + rest,
        quota_t=np.where(used > 0.0, np.maximum(terms.quota_t, part * terms.quota_t + rest * used), terms.quota_t),
    )
