"""Enter: solved components settled, certified and entered into the answer, in one compiled call."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.certificate import LARGEST_RESIDUAL, certificate_at
from derisk.market.compiled import inner, kernel, merged
from derisk.market.component import Component, Place
from derisk.market.newton import STILL
from derisk.market.pieces import component_at, place_at
from derisk.market.potential import evaluate, lower_flat_prices
from derisk.market.settle import settle
from derisk.market.solve import Found
from derisk.market.state import Quantities, Quotas, State, Terms, new_state, state_in, terms_in

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


class Entries(NamedTuple):
    """The arrays of an answer; fields as in `derisk.market.equilibrium.Equilibrium`."""

    producer_price: Floats
    delivered_price: Floats
    permit_price: Floats
    flow: Floats
    link_rent: Floats
    production: Floats
    use: Floats
    producer_disposal: Floats
    delivered_disposal: Floats
    flat_producer: Flags
    flat_delivered: Flags


@kernel
def enter_pieces(handles: Integers, quotas: Quotas, found: Found, entries: Entries) -> Floats:
    """Lower flat prices, book the last grams, enter prices and quantities of all components that were solved.

    Args:
        handles: (component, 2) addresses of the component and of its place.
        quotas: of the shock, by component.
        found: where each component ended.
        entries: the answer, changed in place.

    Returns:
        (component, 4) the numbers of each certificate (6.21).
    """
    count = handles.shape[0]
    certificates = np.zeros((count, 4))
    for n in range(count):
        if found.touched[n] == 0:
            continue
        component, place = component_at(handles[n, 0]), place_at(handles[n, 1])
        room = found.room[found.room_start[n] : found.room_start[n + 1]]
        terms = terms_in(component, quotas, n, room)
        own = slice(found.start[n], found.start[n + 1])
        numbers = quotas.number[quotas.start[n] : quotas.start[n + 1]]
        price, flat = found.price[own], found.flat[own]
        state = state_in(component, numbers.size, room)
        value = found.potential[n]
        parts = _conclude(component, terms, place, numbers, entries, price, flat, state, value, found.residual[n])
        for part in range(4):
            certificates[n, part] = parts[part]
    return certificates


@merged
def _conclude(
    component: Component,
    terms: Terms,
    place: Place,
    quotas: Integers,
    entries: Entries,
    price: Floats,
    flat: Floats,
    state: State,
    potential: float,
    residual: float,
) -> tuple[float, float, float, float]:
    """The same for one component; its own prices and its state change in place."""
    c, s = component, terms
    still = np.zeros(c.node_price.size)
    lowered = False
    for n in range(still.size):
        still[n] = 1.0 if flat[n] == STILL else 0.0
        lowered = lowered or flat[n] == STILL
    here, value = state, potential
    if lowered:
        lower_flat_prices(c, s, price, state, still)
        here = new_state(c, quotas.size)
        value = evaluate(c, s, price, here)
    if residual <= LARGEST_RESIDUAL:
        settle(c, state)
    _enter(c, s, place, quotas, entries, price, state, flat, here.gap)
    quantities = Quantities(state.flow, state.output, state.use, state.sink)
    return certificate_at(c, s, price, quantities, value, here)


@inner
def _enter(
    component: Component,
    terms: Terms,
    place: Place,
    quotas: Integers,
    entries: Entries,
    price: Floats,
    state: State,
    flat: Floats,
    gap: Floats,
) -> None:
    """Prices, quantities and rents into the answer's arrays."""
    c, s, to = component, terms, entries
    m, nodes = c.producers, c.node_price.size
    for n in range(nodes):
        g, r = place.node_good[n], place.node_region[n]
        if n < m:
            to.producer_price[g, r], to.producer_disposal[g, r] = price[n], state.sink[n]
            to.flat_producer[g, r] = flat[n] > 0.0
        else:
            to.delivered_price[g, r], to.delivered_disposal[g, r] = price[n], state.sink[n]
            to.flat_delivered[g, r] = flat[n] > 0.0
    for k in range(quotas.size):
        to.permit_price[quotas[k]] = price[nodes + k]
    for link in range(place.links.size):
        to.flow[place.links[link]] = state.flow[link]
        if np.isfinite(s.link_cap_ratio[link]):
            rent = gap[link] - c.link_scale[link] * (s.link_cap_ratio[link] - 1.0)
            to.link_rent[place.links[link]] = max(rent, 0.0)
    for p in range(place.processes.size):
        to.production[place.processes[p]] = state.output[p]
    for u in range(place.uses.size):
        to.use[place.uses[u]] = state.use[u]
