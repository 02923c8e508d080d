"""Pieces: components of a market, where they stand in it, and the handles by which kernels reach them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from derisk.market.certificate import Certificate, certify
from derisk.market.component import Component, Place
from derisk.market.handles import Handle, lay_out, reader
from derisk.market.state import Quantities, Terms
from derisk.market.supply import NEW

Integers = NDArray[np.int64]

component_at = reader(Component)
place_at = reader(Place)


@dataclass(frozen=True)
class Piece:
    """A component, where it stands, and the market's links in its numbering (-1 elsewhere)."""

    component: Component
    place: Place
    local_link: Integers
    handles: tuple[Handle, Handle] = field(init=False, repr=False)
    """Of the component and of its place."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "handles", (lay_out(self.component), lay_out(self.place)))

    @cached_property
    def goods(self) -> tuple[int, ...]:
        """Goods that have a node here."""
        return tuple(np.unique(self.place.node_good).tolist())

    @cached_property
    def base_certificate(self) -> Certificate:
        """Certificate of the base year."""
        return base_certificate(self.component, self.place)


def base_certificate(component: Component, place: Place) -> Certificate:
    """Certificate of the base year of a component, new processes at rest."""
    quotas = np.zeros(0)
    cap = np.where((place.base_flow_t <= 0.0) & (component.link_base_t > 0.0), 0.0, np.inf)
    terms = Terms(
        process_ratio=(component.process_kind != NEW).astype(np.float64),
        process_margin=component.process_margin,
        link_wedge=place.base_wedge,
        link_cap_t=cap,
        link_cap_ratio=cap,
        use_ratio=np.ones(component.use_base_t.size),
        quota_t=quotas,
        quota_price=quotas,
        member_quota=quotas.astype(np.int64),
        member_link=quotas.astype(np.int64),
        member_weight=quotas,
    )
    quantities = Quantities(
        place.base_flow_t, component.process_base_t, component.use_base_t, np.zeros(component.node_price.size)
    )
    return certify(component, terms, component.node_price, quantities)
