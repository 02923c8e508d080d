"""Enter: one solved component settled, certified and entered into the answer, in one compiled call."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.certificate import LARGEST_RESIDUAL, certificate_at
from derisk.market.compiled import inner, kernel
from derisk.market.component import Component
from derisk.market.newton import STILL
from derisk.market.potential import evaluate, lower_flat_prices
from derisk.market.settle import settle
from derisk.market.state import Quantities, State, Terms, new_state

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


class Seats(NamedTuple):
    """Where a component's entries stand in the answer."""

    good: Integers
    """(node,)."""
    region: Integers
    """(node,)."""
    links: Integers
    processes: Integers
    uses: Integers
    quotas: Integers


@kernel
def conclude(
    component: Component,
    terms: Terms,
    seats: Seats,
    entries: Entries,
    price: Floats,
    state: State,
    flat: Floats,
    residual: float,
    value: float,
) -> tuple[float, float, float, float]:
    """Lower flat prices, book the last grams, enter prices and quantities; the certificate's four numbers (6.21).

    Args:
        component: base-year arrays.
        terms: the shock.
        seats: where its entries stand.
        entries: the answer, changed in place.
        price, state, flat, residual, value: as `solve_component` returns them.
    """
    c, s = component, terms
    still = np.zeros(flat.size)
    for n in range(flat.size):
        still[n] = 1.0 if flat[n] == STILL else 0.0
    here = state
    if still.any():
        lower_flat_prices(c, s, price, state, still)
        here = new_state(c, s.quota_t.size)
        value = evaluate(c, s, price, here)
    if residual <= LARGEST_RESIDUAL:
        settle(c, state)
    _enter(c, s, seats, entries, price, state, flat, here.gap)
    quantities = Quantities(state.flow, state.output, state.use, state.sink)
    return certificate_at(c, s, price, quantities, value, here)


@inner
def _enter(
    component: Component,
    terms: Terms,
    seats: Seats,
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
        g, r = seats.good[n], seats.region[n]
        if n < m:
            to.producer_price[g, r], to.producer_disposal[g, r] = price[n], state.sink[n]
            to.flat_producer[g, r] = flat[n] > 0.0
        else:
            to.delivered_price[g, r], to.delivered_disposal[g, r] = price[n], state.sink[n]
            to.flat_delivered[g, r] = flat[n] > 0.0
    for k in range(seats.quotas.size):
        to.permit_price[seats.quotas[k]] = price[nodes + k]
    for link in range(seats.links.size):
        to.flow[seats.links[link]] = state.flow[link]
        if np.isfinite(s.link_cap_ratio[link]):
            rent = gap[link] - c.link_price[link] * (s.link_cap_ratio[link] - 1.0)
            to.link_rent[seats.links[link]] = max(rent, 0.0)
    for p in range(seats.processes.size):
        to.production[seats.processes[p]] = state.output[p]
    for u in range(seats.uses.size):
        to.use[seats.uses[u]] = state.use[u]
