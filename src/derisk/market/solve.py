"""Solve: the components of a market one after another, each from its own first prices, in one compiled call."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, kernel
from derisk.market.component import Component, Place
from derisk.market.newton import solve_component
from derisk.market.pieces import component_at, place_at
from derisk.market.prices import FirstPrices
from derisk.market.restrict import exceeds_quotas, fill_terms
from derisk.market.shock import Changes
from derisk.market.state import Quotas, room_for, state_in, terms_in

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Found(NamedTuple):
    """Where Newton's method ended, component after component."""

    start: Integers
    """(component + 1,) first price of each: its nodes, then its quotas."""
    room_start: Integers
    """(component + 1,) first number of each in `room`."""
    price: Floats
    """[USD/t]."""
    flat: Floats
    """As `solve_component` flags it; 0 for quotas."""
    touched: Integers
    """(component,) 1 where the shock moves anything; nothing else stands for the others."""
    residual: Floats
    """(component,)."""
    iterations: Integers
    """(component,)."""
    worst: Integers
    """(component,) node or quota of the residual."""
    potential: Floats
    """(component,) at these prices [USD]."""
    room: Floats
    """The terms and the state at these prices."""

    def only(self, component: int) -> Found:
        """The same of one component, as views."""
        prices, one = slice(self.start[component], self.start[component + 1]), slice(component, component + 1)
        return Found(
            self.start[component : component + 2],
            self.room_start[component : component + 2],
            self.price[prices],
            self.flat[prices],
            self.touched[one],
            self.residual[one],
            self.iterations[one],
            self.worst[one],
            self.potential[one],
            self.room[self.room_start[component] : self.room_start[component + 1]],
        )

    def put(self, component: int, other: Found) -> None:
        """Take over what another solve found of one component, which is all that it is of."""
        for own, values in zip(self.only(component)[2:], other[2:], strict=True):
            own[:] = values


@kernel
def solve_pieces(
    handles: Integers,
    changes: Changes,
    quotas: Quotas,
    first: FirstPrices,
    all_touched: bool,
    tolerance: float,
    patience: float,
) -> Found:
    """Solve those components that a shock touches.

    Args:
        handles: (component, 2) addresses of the component and of its place.
        changes: the shock.
        quotas: its quotas by component.
        first: prices tried first; base prices where one of a component's is no number.
        all_touched: solve components that nothing moves, too.
        tolerance, patience: as `solve_component` takes them.
    """
    count = handles.shape[0]
    start, room_start = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    for n in range(count):
        component, permits = component_at(handles[n, 0]), quotas.start[n + 1] - quotas.start[n]
        start[n + 1] = start[n] + component.node_price.size + permits
        room_start[n + 1] = room_start[n] + room_for(component, permits)
    price, flat, room = np.zeros(start[count]), np.zeros(start[count]), np.empty(room_start[count])
    touched, iterations, worst = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.int64)
    residual, potential = np.zeros(count), np.zeros(count)
    for n in range(count):
        component, place = component_at(handles[n, 0]), place_at(handles[n, 1])
        number, own_room = quotas.number[quotas.start[n] : quotas.start[n + 1]], room[room_start[n] : room_start[n + 1]]
        terms = terms_in(component, quotas, n, own_room)
        moved = fill_terms(component, place, changes, terms) or exceeds_quotas(quotas, n)
        if not (moved or all_touched):
            continue
        own = price[start[n] : start[n + 1]]
        _begin(component, place, first, number, own)
        touched[n] = 1
        state = state_in(component, number.size, own_room)
        found = solve_component(component, terms, own, flat[start[n] : start[n + 1]], state, tolerance, patience)
        residual[n], iterations[n], worst[n], potential[n] = found
    return Found(start, room_start, price, flat, touched, residual, iterations, worst, potential, room)


@inner
def _begin(component: Component, place: Place, first: FirstPrices, quotas: Integers, price: Floats) -> None:
    """First prices of a component; base prices and no permit price where one of them is not finite."""
    m, nodes = component.producers, component.node_price.size
    for n in range(nodes):
        of = first.producer_price if n < m else first.delivered_price
        price[n] = of[place.node_good[n], place.node_region[n]]
    for k in range(quotas.size):
        price[nodes + k] = first.permit_price[quotas[k]]
    finite = True
    for n in range(price.size):
        finite = finite and abs(price[n]) < np.inf
    if not finite:
        for n in range(price.size):
            price[n] = component.node_price[n] if n < nodes else 0.0
