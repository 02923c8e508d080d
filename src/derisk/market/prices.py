"""Prices: those of an equilibrium in the numbering of one component, and those that a solve starts from."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.equilibrium import Equilibrium
from derisk.market.network_arrays import NetworkArrays
from derisk.market.pieces import Piece
from derisk.market.restrict import Part
from derisk.market.state import Quantities

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Priced(Protocol):
    """What has prices to start from."""

    @property
    def producer_price(self) -> Floats: ...

    @property
    def delivered_price(self) -> Floats: ...

    @property
    def permit_price(self) -> Floats: ...


def given_prices(piece: Piece, part: Part, equilibrium: Priced) -> Floats:
    """(node, then quota) prices of an equilibrium of the same shock in a component's numbering [USD/t]."""
    place, m = piece.place, piece.component.producers
    good, region = place.node_good, place.node_region
    lam = equilibrium.producer_price[good[:m], region[:m]]
    mu = equilibrium.delivered_price[good[m:], region[m:]]
    return np.concatenate([lam, mu, equilibrium.permit_price[part.quotas]])


def given_quantities(piece: Piece, equilibrium: Equilibrium) -> Quantities:
    """Quantities of an equilibrium in a component's numbering [t]."""
    place, m = piece.place, piece.component.producers
    good, region = place.node_good, place.node_region
    sink = [
        equilibrium.producer_disposal[good[:m], region[:m]],
        equilibrium.delivered_disposal[good[m:], region[m:]],
    ]
    return Quantities(
        equilibrium.flow[place.links],
        equilibrium.production[place.processes],
        equilibrium.use[place.uses],
        np.concatenate(sink),
    )


class FirstPrices(NamedTuple):
    """Prices that a solve starts from."""

    producer_price: Floats
    """(good, region) [USD/t]."""
    delivered_price: Floats
    """(good, region) [USD/t]."""
    permit_price: Floats
    """(quota,) of the shock."""


def first_prices(net: NetworkArrays, quotas: int, start: Priced | None) -> FirstPrices:
    """Prices of an earlier equilibrium, permits at nothing where it has another number of them; base prices if None."""
    if start is None:
        return FirstPrices(net.base_price, net.base_price, np.zeros(quotas))
    shape = (net.goods, net.regions)
    if start.producer_price.shape != shape or start.delivered_price.shape != shape:
        raise ShapeError(
            Problem(
                f"start has prices of shape {start.producer_price.shape}",
                "Market.solve(start=...)",
                f"an equilibrium of this market, shape {shape}",
                "None starts from base prices",
            )
        )
    permit = start.permit_price if start.permit_price.size >= quotas else np.zeros(quotas)
    return FirstPrices(
        np.ascontiguousarray(start.producer_price), np.ascontiguousarray(start.delivered_price), np.maximum(permit, 0.0)
    )


def spread_prices(piece: Piece, quotas: Integers, price: Floats, rest: FirstPrices) -> FirstPrices:
    """Prices in a component's numbering as first prices of the market, others as in `rest`.

    Args:
        piece: the component.
        quotas: its quotas among the shock's.
        price: (node, then quota) [USD/t].
        rest: of all other components.
    """
    place, m, nodes = piece.place, piece.component.producers, piece.component.node_price.size
    good, region = place.node_good, place.node_region
    producer, delivered, permit = (values.copy() for values in rest)
    producer[good[:m], region[:m]] = price[:m]
    delivered[good[m:], region[m:]] = price[m:nodes]
    permit[quotas] = price[nodes:]
    return FirstPrices(producer, delivered, permit)
