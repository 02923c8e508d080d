"""Certificate: how far from an equilibrium some prices and quantities are, checked apart from the solver."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, kernel, lean
from derisk.market.component import Component
from derisk.market.disposal import disposal_value
from derisk.market.links import trade_costs
from derisk.market.potential import look
from derisk.market.rows import total_rows
from derisk.market.state import TILE, Quantities, Scratch, State, Terms
from derisk.market.supply import supply_cost
from derisk.market.uses import value_uses

Floats = NDArray[np.float64]

LARGEST_RESIDUAL = 1e-8
"""A solve has converged when no part of its certificate is larger."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Four numbers without unit, the worst over components, all zero at an exact equilibrium (equation 6.21)."""

    imbalance: float
    """Largest excess at a good and region of the quantities as returned, relative to the node's throughput."""
    complementarity: float
    """Largest of permit price times tonnage left over base revenue of the quota's links, and of tonnage over quota."""
    gradient: float
    """Gradient of the potential at the prices as returned, valued at base prices, over base market value."""
    duality_gap: float
    """Potential at the prices less welfare of the quantities, over base market value."""

    @property
    def numbers(self) -> tuple[float, float, float, float]:
        """All four, in their order."""
        return self.imbalance, self.complementarity, self.gradient, self.duality_gap

    @property
    def worst(self) -> float:
        """The largest of the four; infinite where one of them is not a number."""
        return max(v if v == v else math.inf for v in self.numbers)

    @property
    def holds(self) -> bool:
        """Whether every number is at most 1e-8."""
        return self.worst <= LARGEST_RESIDUAL

    def joined(self, other: Certificate) -> Certificate:
        """The worse of two certificates, number by number."""
        return Certificate(*map(_worse, self.numbers, other.numbers))

    def __str__(self) -> str:
        names = [part.name.replace("_", " ") for part in fields(self)]
        return ", ".join(f"{name} {value:.1e}" for name, value in zip(names, self.numbers, strict=True))


EXACT = Certificate(0.0, 0.0, 0.0, 0.0)
"""The certificate of an equilibrium without error."""


def certify(component: Component, terms: Terms, price: Floats, quantities: Quantities) -> Certificate:
    """Certificate of one component's prices and quantities.

    Equation (6.21) of docs/theory/market.md. Welfare is computed from the quantities by the curves' conjugates, which
    the solver does not know: an error in a curve, its slope or the linear algebra cannot hide in both.

    Args:
        component: base-year arrays.
        terms: the shock.
        price: (node, then quota) [USD/t].
        quantities: flows, outputs, uses and disposal as they are returned.
    """
    potential, state = look(component, terms, price)
    return Certificate(*certificate_at(component, terms, price, quantities, potential, state))


@kernel
def certificate_at(
    component: Component, terms: Terms, price: Floats, quantities: Quantities, potential: float, state: State
) -> tuple[float, float, float, float]:
    """The certificate's four numbers, where the potential and the state at these very prices are at hand."""
    c, excess = component, state.gradient
    nodes, quotas = c.node_price.size, terms.quota_t.size
    value = _base_value(c)
    gradient = 0.0
    for n in range(nodes):
        gradient += c.node_price[n] * abs(excess[n])
    for k in range(quotas):
        gradient += terms.quota_t[k] * abs(
            min(price[nodes + k], terms.quota_price[k] * excess[nodes + k] / terms.quota_t[k])
        )
    imbalance = _imbalance(c, quantities)
    complementarity = _complementarity(c, terms, price, quantities)
    gap = abs(potential - welfare(c, terms, quantities, state.scratch)) / value
    return imbalance, complementarity, gradient / value, gap


@lean
def welfare(component: Component, terms: Terms, quantities: Quantities, scratch: Scratch) -> float:
    """Worth of uses and disposal less cost of trade and output [USD]; minus infinity out of bounds (equation 6.22)."""
    c, s, q = component, terms, quantities
    total = 0.0
    for block in range(c.block_start.size - 1):
        for first in range(c.block_start[block], c.block_start[block + 1], TILE):
            last = min(first + TILE, c.block_start[block + 1])
            total -= trade_costs(
                q.flow[first:last],
                c.link_base_t[first:last],
                c.link_scale[first:last],
                s.link_wedge[first:last],
                s.link_cap_t[first:last],
                c.link_exponent[first],
                scratch.ratio[: last - first],
                scratch.power[: last - first],
            )
    for p in range(c.process_kind.size):
        y, ratio = q.output[p], s.process_ratio[p]
        total -= s.process_margin[p] * y
        if ratio > 0.0:
            total -= ratio * supply_cost(
                y / ratio,
                c.process_kind[p],
                c.process_base_t[p],
                c.process_capacity_t[p],
                c.process_scale[p],
                c.process_steepness[p],
            )
        elif y != 0.0:
            total = -math.inf
    total += value_uses(c, s, q.use, scratch)
    for n in range(c.node_price.size):
        total += disposal_value(q.sink[n], c.node_sink_t[n], c.node_width[n])
    return total


@kernel
def _worse(one: float, other: float) -> float:
    """The larger; not a number where either is not."""
    return other if not other <= one and one == one else one


@inner
def _base_value(component: Component) -> float:
    """Worth of the base year's trade at base prices [USD]."""
    value = 0.0
    for link in range(component.link_base_t.size):
        value += component.node_price[component.link_head[link]] * component.link_base_t[link]
    for n in range(component.node_price.size):
        value = max(value, 1e-6 * component.node_price[n] * component.node_world_t[n])
    return value if value > 0.0 else 1.0


@inner
def _imbalance(component: Component, quantities: Quantities) -> float:
    """Largest excess relative to the throughput of its node, of the base and of the quantities together."""
    c, q = component, quantities
    came, sent = np.zeros(q.sink.size), q.sink.copy()
    total_rows(q.flow, c.row_head, c.row_start, c.row_run, sent, came[c.producers :])
    excess, gross = came - sent, came + sent
    for p in range(c.process_kind.size):
        for entry in range(c.process_start[p], c.process_start[p + 1]):
            tonnes = c.process_tonnes[entry] * q.output[p]
            excess[c.process_node[entry]] += tonnes
            gross[c.process_node[entry]] += abs(tonnes)
    for u in range(c.use_node.size):
        excess[c.use_node[u]] -= q.use[u]
        gross[c.use_node[u]] += q.use[u]
    worst = 0.0
    for n in range(excess.size):
        relative = abs(excess[n]) / (c.node_throughput_t[n] + gross[n])
        worst = _worse(worst, relative)
    return worst


@inner
def _complementarity(component: Component, terms: Terms, price: Floats, quantities: Quantities) -> float:
    """Largest permit price times tonnage left over base revenue, and largest tonnage over its quota."""
    c, s = component, terms
    nodes, quotas = c.node_price.size, s.quota_t.size
    left, revenue = s.quota_t.copy(), np.zeros(quotas)
    for member in range(s.member_quota.size):
        link = s.member_link[member]
        left[s.member_quota[member]] -= s.member_weight[member] * quantities.flow[link]
        revenue[s.member_quota[member]] += c.node_price[c.link_head[link]] * c.link_base_t[link]
    worst = 0.0
    for k in range(quotas):
        permit = price[nodes + k]
        for number in (abs(permit * left[k]) / revenue[k], -left[k] / s.quota_t[k], -permit / s.quota_price[k]):
            worst = _worse(worst, number)
    return worst
