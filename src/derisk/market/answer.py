"""Answer: an equilibrium while its components are solved and entered, one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.attempts import solve_patiently
from derisk.market.certificate import EXACT, LARGEST_RESIDUAL, Certificate, certify, quantities_of
from derisk.market.equilibrium import Equilibrium
from derisk.market.gradient import Question
from derisk.market.network_arrays import NetworkArrays
from derisk.market.restrict import Part, Piece, Priced, start_prices
from derisk.market.settle import settle
from derisk.market.shock import CheckedShock
from derisk.market.state import State

Floats = NDArray[np.float64]


def solve_piece(
    net: NetworkArrays,
    piece: Piece,
    part: Part,
    answer: Answer,
    start: Priced | None,
    tolerance: float,
) -> None:
    """Solve one component and enter its part of the answer; a start that fails is tried again from the base."""
    component, place = piece.component, piece.place
    base = np.concatenate([component.node_price, np.zeros(part.quotas.size)])
    starts = [base] if start is None else [start_prices(net, piece, part, start), base]
    result = solve_patiently(component, place, part.terms, starts, tolerance)
    price, state, flat, residual, iterations, worst = result
    nodes, m = component.node_price.size, component.producers
    if residual <= LARGEST_RESIDUAL:
        settle(component, state)
    answer.enter(piece, part, price, state, flat)
    certificate = certify(component, part.terms, price, quantities_of(state))
    answer.certificate = answer.certificate.joined(certificate)
    answer.iterations += iterations
    if not residual <= answer.residual:
        answer.residual = float(residual)
    if not (residual <= LARGEST_RESIDUAL and np.isfinite(price).all()):
        if worst < nodes:
            moment, region = divmod(int(place.node_region[worst]), net.regions // component.parent.size)
            side = "producer" if worst < m else "delivered"
            where = f"good {place.node_good[worst]} in region {region} ({side} side)"
            where += f", moment {moment}" if component.parent.size > 1 else ""
        else:
            where = f"quota {part.quotas[worst - nodes]}"
        answer.reasons.append(f"no equilibrium after {iterations} steps: residual {residual:.1e} at {where}")
    elif not certificate.holds:
        answer.reasons.append(f"no certificate after {iterations} steps: {certificate}")


class Answer:
    """An equilibrium while its components are entered one by one, over base values."""

    def __init__(self, net: NetworkArrays, shock: CheckedShock) -> None:
        self.producer_price = net.base_price.copy()
        self.delivered_price = net.base_price.copy()
        self.permit_price = np.zeros(shock.quota_t.size)
        self.flow = net.base_flow_t.copy()
        self.link_rent = np.zeros(net.links)
        self.production = net.base_output_t * shock.capacity_ratio
        self.use = net.base_use_t.copy()
        shape = (net.goods, net.regions)
        self.producer_disposal = np.zeros(shape)
        self.delivered_disposal = np.zeros(shape)
        self.flat_producer = np.zeros(shape, dtype=bool)
        self.flat_delivered = np.zeros(shape, dtype=bool)
        self.residual = 0.0
        self.certificate: Certificate = EXACT
        self.iterations = 0
        self.reasons: list[str] = []

    def enter(self, piece: Piece, part: Part, price: Floats, state: State, flat: Floats) -> None:
        """Enter a component's prices and quantities."""
        component, place, terms = piece.component, piece.place, part.terms
        m, nodes = component.producers, component.node_price.size
        good, region = place.node_good, place.node_region
        lam, mu = (good[:m], region[:m]), (good[m:], region[m:])
        self.producer_price[lam], self.delivered_price[mu] = price[:m], price[m:nodes]
        self.permit_price[part.quotas] = price[nodes:]
        self.flow[place.links] = state.flow
        capped = np.flatnonzero(np.isfinite(terms.link_cap_ratio))
        gap = state.gap
        if flat.any():  # prices nothing answers to were lowered after the gaps were computed
            gap = price[component.link_head] - price[component.link_tail] - terms.link_wedge
            np.subtract.at(gap, terms.member_link, terms.member_weight * price[nodes + terms.member_quota])
        at_cap = component.link_price[capped] * (terms.link_cap_ratio[capped] - 1.0)
        self.link_rent[place.links[capped]] = np.maximum(gap[capped] - at_cap, 0.0)
        self.production[place.processes] = state.output
        self.use[place.uses] = state.use
        self.producer_disposal[lam], self.delivered_disposal[mu] = state.sink[:m], state.sink[m:]
        self.flat_producer[lam], self.flat_delivered[mu] = flat[:m] > 0.0, flat[m:] > 0.0

    def rest(self, piece: Piece) -> None:
        """Leave a component at its base, whose certificate is known."""
        self.certificate = self.certificate.joined(piece.base_certificate)
        if not piece.base_certificate.holds:
            self.reasons.append(f"the base year itself has no certificate: {piece.base_certificate}")

    def price_single_quotas(self, net: NetworkArrays, shock: CheckedShock) -> None:
        """Permit prices of quotas that were solved as caps: what the cap is worth per tonne of quota weight."""
        members = ~shock.shared[shock.member_quota] & np.isfinite(shock.quota_t[shock.member_quota])
        members &= shock.member_weight > 0.0
        quota, link, weight = shock.member_quota[members], shock.member_link[members], shock.member_weight[members]
        binds = shock.quota_t[quota] <= weight * self.flow[link] * (1.0 + 1e-12)
        np.maximum.at(self.permit_price, quota[binds], self.link_rent[link[binds]] / weight[binds])

    def equilibrium(self, question: Question | None) -> Equilibrium:
        """The finished record."""
        return Equilibrium(
            producer_price=self.producer_price,
            delivered_price=self.delivered_price,
            permit_price=self.permit_price,
            flow=self.flow,
            link_rent=self.link_rent,
            production=self.production,
            use=self.use,
            producer_disposal=self.producer_disposal,
            delivered_disposal=self.delivered_disposal,
            flat_producer=self.flat_producer,
            flat_delivered=self.flat_delivered,
            residual=self.residual,
            certificate=self.certificate,
            converged=not self.reasons,
            reason="; ".join(self.reasons),
            iterations=self.iterations,
            question=question,
        )
