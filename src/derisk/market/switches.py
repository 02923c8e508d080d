"""Switches: points where a curve changes its law, and the side a derivative takes there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derisk.market.demand import CHOKE_RATIO
from derisk.market.pieces import Piece
from derisk.market.restrict import Part
from derisk.market.state import State
from derisk.market.supply import CURVE, NEW
from derisk.market.trade import SMALLEST_EXPONENT

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEAR = 1e-7
"""A point within this share of a switch stands at it."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch an equilibrium stands at: which entry of which axis, and the side derivatives are taken on."""

    axis: str
    """`link`, `process`, `use_row`, `quota`, `good`, `producer_price` or `delivered_price`."""
    index: tuple[int, ...]
    side: str


def switches_of(piece: Piece, part: Part, price: Floats, state: State, flat: Floats, weights: Floats) -> list[Switch]:
    """Every switch one component stands at.

    Args:
        piece: the component.
        part: the shock.
        price: (node, then quota) [USD/t].
        state: quantities and slopes at those prices.
        flat: (node,) 1 where nothing answers to the price.
        weights: (node, then quota) what the outcome makes of each price; a flat price matters only there.
    """
    return [
        *_of_links(piece, part, state),
        *_of_processes(piece, part, price),
        *_of_uses(piece, price),
        *_of_quotas(piece, part, price, state),
        *_of_exponents(piece),
        *_of_flat_prices(piece, flat, weights),
    ]


def _of_links(piece: Piece, part: Part, state: State) -> list[Switch]:
    """Caps that just bind."""
    ratio, c = part.terms.link_cap_ratio, piece.component
    u = 1.0 + state.gap / c.link_scale
    at = np.flatnonzero(np.isfinite(ratio) & (part.terms.link_cap_t > 0.0) & (np.abs(u - ratio) <= NEAR * ratio))
    sides = ("below its cap", "at its cap")
    return [Switch("link", (int(piece.place.links[k]),), sides[int(u[k] >= ratio[k])]) for k in at]


def _of_processes(piece: Piece, part: Part, price: Floats) -> list[Switch]:
    """Plants that just stop or start, and steepness of one, where the curve's law changes."""
    c = piece.component
    process = np.repeat(np.arange(c.process_kind.size), np.diff(c.process_start))
    earned = np.bincount(process, c.process_tonnes * price[c.process_node], c.process_kind.size)
    margin = earned - part.terms.process_margin
    r = margin / c.process_scale * np.where(c.process_kind == CURVE, np.maximum(1.0, c.process_steepness), 1.0)
    stop = np.where(c.process_kind == CURVE, -1.0, 0.0)
    moves = (c.process_kind == CURVE) | (c.process_kind == NEW)
    numbers = piece.place.processes
    found = [
        Switch("process", (int(numbers[p]),), "running" if r[p] > stop[p] else "stopped")
        for p in np.flatnonzero(moves & (np.abs(r - stop) <= NEAR))
    ]
    kink = (c.process_kind == CURVE) & (np.abs(c.process_steepness - 1.0) <= NEAR)
    return found + [
        Switch("process", (int(numbers[p]),), f"steepness {'below' if c.process_steepness[p] < 1.0 else 'from'} 1")
        for p in np.flatnonzero(kink)
    ]


def _of_uses(piece: Piece, price: Floats) -> list[Switch]:
    """Uses at their value, at their choke price, and at a price of zero."""
    c = piece.component
    found = []
    for level, below, above in ((1.0, "below", "from"), (CHOKE_RATIO, "below", "from"), (0.0, "below", "from")):
        at = np.abs(price[c.use_node] - level * c.use_value) <= NEAR * np.maximum(level * c.use_value, c.use_price)
        for u in np.flatnonzero(at & (c.use_base_t > 0.0)):
            side = above if price[c.use_node[u]] >= level * c.use_value[u] else below
            found.append(Switch("use_row", (int(piece.place.uses[u]),), f"{side} {level:g} of its value in use"))
    return found


def _of_quotas(piece: Piece, part: Part, price: Floats, state: State) -> list[Switch]:
    """Quotas that just bind."""
    nodes, terms = piece.component.node_price.size, part.terms
    permit, left = price[nodes:], state.gradient[nodes:]
    at = np.flatnonzero((permit <= NEAR * terms.quota_price) & (np.abs(left) <= NEAR * terms.quota_t))
    return [Switch("quota", (int(part.quotas[k]),), "binding" if permit[k] > 0.0 else "slack") for k in at]


def _of_exponents(piece: Piece) -> list[Switch]:
    """Goods whose trade elasticity counts as 2."""
    c = piece.component
    goods = np.unique(piece.place.node_good[c.link_head[c.link_exponent <= SMALLEST_EXPONENT]])
    return [Switch("good", (int(g),), "trade elasticity at 2 or below") for g in goods]


def _of_flat_prices(piece: Piece, flat: Floats, weights: Floats) -> list[Switch]:
    """Prices nothing answers to: the lowest is reported and held."""
    place, m = piece.place, piece.component.producers
    return [
        Switch(
            "producer_price" if n < m else "delivered_price",
            (int(place.node_good[n]), int(place.node_region[n])),
            "held",
        )
        for n in np.flatnonzero((flat > 0.0) & (weights[: flat.size] != 0.0))
    ]
