"""Attempts: what is tried, in order, when Newton steps stall: another damping, then the shock in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from derisk.market.certificate import LARGEST_RESIDUAL
from derisk.market.handles import addresses
from derisk.market.network_arrays import NetworkArrays
from derisk.market.pieces import Piece
from derisk.market.prices import FirstPrices, first_prices, spread_prices
from derisk.market.restrict import quotas_of
from derisk.market.shock import CheckedShock
from derisk.market.solve import Found, solve_pieces
from derisk.market.supply import NEW

PATIENCES = (0.02, 1e-7)
"""Shares of a step below which damping rises: steps that zigzag across a kink want damping, narrow valleys none."""
PARTS = (0.25, 0.5, 0.75, 0.9, 1.0)
"""Parts of the shock solved one after another where the whole of it fails."""


def solve_patiently(
    net: NetworkArrays, piece: Piece, shock: CheckedShock, starts: Sequence[FirstPrices], first: Found, tolerance: float
) -> Found:
    """Solve one component by other ways than the first, until one converges; the try that came nearest otherwise.

    Args:
        net: the market's arrays.
        piece: the component.
        shock: of the market.
        starts: first prices to try; base prices are tried last.
        first: what the first start gave at the first patience, of this component alone.
        tolerance: residual to reach.

    Returns:
        The same of the best try, with the iterations of all tries, that of the first patience included.
    """
    base = first_prices(net, shock.quota_t.size, None)
    best, spent = first, int(first.iterations[0])

    def attempt(shock: CheckedShock, start: FirstPrices, patience: float) -> Found:
        nonlocal spent
        handles, quotas = addresses([piece.handles]), quotas_of([piece], shock)
        found = solve_pieces(handles, shock.changes, quotas, start, True, tolerance, patience)
        spent += int(found.iterations[0])
        return found

    for start, patience in [(s, p) for s in [*starts, base] for p in PATIENCES][1:]:
        if best.residual[0] <= LARGEST_RESIDUAL:
            break
        best = _nearer(best, attempt(shock, start, patience))
    for patience in PATIENCES:
        if best.residual[0] <= LARGEST_RESIDUAL:
            break
        price = base
        for part in PARTS:
            found = attempt(part_of(net, shock, part), price, patience)
            price = spread_prices(piece, quotas_of([piece], shock).number, found.price, base)
        best = _nearer(best, found)
    best.iterations[0] = spent
    return best


def _nearer(one: Found, other: Found) -> Found:
    """The try whose residual is smaller, the first where neither is."""
    return one if one.residual[0] <= other.residual[0] else other


def part_of(net: NetworkArrays, shock: CheckedShock, part: float) -> CheckedShock:
    """The shock taken to a part of its way from the base; itself at 1."""
    if part == 1.0:
        return shock
    rest = 1.0 - part
    used = np.bincount(shock.member_quota, shock.member_weight * net.base_flow_t[shock.member_link], shock.quota_t.size)
    return replace(
        shock,
        capacity_ratio=part * shock.capacity_ratio + rest * (net.process_kind != NEW),
        cost_usd_per_t=part * shock.cost_usd_per_t,
        wedge_usd_per_t=part * shock.wedge_usd_per_t,
        flow_cap_t=np.maximum(shock.flow_cap_t, rest * net.base_flow_t),
        demand_ratio=part * shock.demand_ratio + rest,
        quota_t=np.where(
            shock.shared & (used > 0.0), np.maximum(shock.quota_t, part * shock.quota_t + rest * used), shock.quota_t
        ),
    )
