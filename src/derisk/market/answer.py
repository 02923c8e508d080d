"""Answer: an equilibrium while its components are solved and entered, one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derisk.market.attempts import PATIENCES, solve_patiently
from derisk.market.certificate import EXACT, LARGEST_RESIDUAL, Certificate
from derisk.market.enter import Entries, Seats, conclude
from derisk.market.equilibrium import Equilibrium
from derisk.market.gradient import Question
from derisk.market.network_arrays import NetworkArrays
from derisk.market.newton import solve_component
from derisk.market.restrict import Part, Piece, Priced, start_prices
from derisk.market.shock import CheckedShock

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
    component, place, terms = piece.component, piece.place, part.terms
    seats = Seats(place.node_good, place.node_region, place.links, place.processes, place.uses, part.quotas)
    base = np.concatenate([component.node_price, np.zeros(part.quotas.size)])
    starts = [base] if start is None else [start_prices(net, piece, part, start), base]
    result = solve_component(component, terms, starts[0], tolerance, PATIENCES[0])
    if not result[3] <= LARGEST_RESIDUAL:
        result = solve_patiently(component, place, terms, starts, result, tolerance)
    price, state, flat, residual, iterations, worst, value = result
    numbers = conclude(component, terms, seats, answer.entries, price, state, flat, residual, value)
    certificate = Certificate(*numbers)
    if not np.isfinite(price).all():
        residual = np.inf
    answer.certificate = answer.certificate.joined(certificate)
    answer.iterations += iterations
    if not residual <= answer.residual:
        answer.residual = float(residual)
    if not residual <= LARGEST_RESIDUAL:
        where = _where(net, piece, part, worst)
        answer.reasons.append(f"no equilibrium after {iterations} steps: residual {residual:.1e} at {where}")
    elif not certificate.holds:
        answer.reasons.append(f"no certificate after {iterations} steps: {certificate}")


def _where(net: NetworkArrays, piece: Piece, part: Part, worst: int) -> str:
    """Words for a node or a quota of one component."""
    component, place = piece.component, piece.place
    nodes = component.node_price.size
    if worst >= nodes:
        return f"quota {part.quotas[worst - nodes]}"
    moment, region = divmod(int(place.node_region[worst]), net.regions // component.parent.size)
    side = "producer" if worst < component.producers else "delivered"
    where = f"good {place.node_good[worst]} in region {region} ({side} side)"
    return where + (f", moment {moment}" if component.parent.size > 1 else "")


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

    @property
    def entries(self) -> Entries:
        """The arrays, as the kernels take them."""
        return Entries(*(getattr(self, name) for name in Entries._fields))

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
