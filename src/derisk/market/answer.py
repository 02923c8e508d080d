"""Answer: an equilibrium while its components are solved and entered, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from derisk.market.attempts import PATIENCES, solve_patiently
from derisk.market.certificate import EXACT, LARGEST_RESIDUAL, Certificate
from derisk.market.enter import Entries, enter_pieces
from derisk.market.equilibrium import Equilibrium
from derisk.market.gradient import Question
from derisk.market.handles import addresses
from derisk.market.network_arrays import NetworkArrays
from derisk.market.pieces import Piece
from derisk.market.prices import Priced, first_prices
from derisk.market.restrict import quotas_of
from derisk.market.shock import CheckedShock
from derisk.market.solve import Found, solve_pieces

Floats = NDArray[np.float64]


def answer_pieces(
    net: NetworkArrays,
    pieces: Sequence[Piece],
    shock: CheckedShock,
    answer: Answer,
    start: Priced | None,
    tolerance: float,
    *,
    all_touched: bool = False,
    threads: int = 1,
) -> None:
    """Solve components and enter their parts of the answer; a component whose start fails is tried again.

    Args:
        net: the market's arrays.
        pieces: the components.
        shock: of the market.
        answer: changed in place; the same whatever the number of threads.
        start: prices tried first; base prices if None.
        tolerance: residual to reach.
        all_touched: solve components that the shock leaves alone, too.
        threads: how many components to solve at once.
    """

    def entered(group: Sequence[Piece]) -> tuple[Found, Floats]:
        return _enter_solved(net, group, shock, answer.entries, start, tolerance, all_touched=all_touched)

    if threads == 1 or len(pieces) < 2:
        if pieces:
            answer.take(net, pieces, *entered(pieces))
        return
    largest_first = sorted(range(len(pieces)), key=lambda number: -pieces[number].place.links.size)
    with ThreadPoolExecutor(max_workers=min(threads, len(pieces))) as pool:
        begun = {number: pool.submit(entered, [pieces[number]]) for number in largest_first}
    for number, piece in enumerate(pieces):
        answer.take(net, [piece], *begun[number].result())


def _enter_solved(
    net: NetworkArrays,
    pieces: Sequence[Piece],
    shock: CheckedShock,
    entries: Entries,
    start: Priced | None,
    tolerance: float,
    *,
    all_touched: bool,
) -> tuple[Found, Floats]:
    """Where components ended, entered, and the (component, 4) numbers of their certificates."""
    handles, quotas, changes = addresses([piece.handles for piece in pieces]), quotas_of(pieces, shock), shock.changes
    first = first_prices(net, shock.quota_t.size, start)
    found = solve_pieces(handles, changes, quotas, first, all_touched, tolerance, PATIENCES[0])
    for number, residual in enumerate(found.residual.tolist()):
        if residual <= LARGEST_RESIDUAL:
            continue
        alone = found.only(number)
        found.put(
            number, solve_patiently(net, pieces[number], shock, [] if start is None else [first], alone, tolerance)
        )
    return found, enter_pieces(handles, quotas, found, entries)


class Answer:
    """An equilibrium while its components are entered one by one, over base values."""

    def __init__(self, net: NetworkArrays, shock: CheckedShock) -> None:
        shape = (net.goods, net.regions)
        self.entries = Entries(
            producer_price=net.base_price.copy(),
            delivered_price=net.base_price.copy(),
            permit_price=np.zeros(shock.quota_t.size),
            flow=net.base_flow_t.copy(),
            link_rent=np.zeros(net.links),
            production=net.base_output_t * shock.capacity_ratio,
            use=net.base_use_t.copy(),
            producer_disposal=np.zeros(shape),
            delivered_disposal=np.zeros(shape),
            flat_producer=np.zeros(shape, dtype=bool),
            flat_delivered=np.zeros(shape, dtype=bool),
        )
        self.residual = 0.0
        self.certificate: Certificate = EXACT
        self.iterations = 0
        self.reasons: list[str] = []

    def take(self, net: NetworkArrays, pieces: Sequence[Piece], found: Found, numbers: Floats) -> None:
        """Count components that were solved and entered, or left alone, and say which of them have no answer.

        Args:
            net: the market's arrays.
            pieces: the components.
            found: where each ended.
            numbers: (component, 4) those of its certificate.
        """
        self.certificate = self.certificate.joined(Certificate(*numbers.max(axis=0).tolist()))
        steps, ends, parts = found.iterations.tolist(), found.residual.tolist(), numbers.tolist()
        for number, touched in enumerate(found.touched.tolist()):
            if not touched:
                self.rest(pieces[number])
                continue
            residual = ends[number] if ends[number] < np.inf else np.inf  # also where it is not a number
            self.iterations += steps[number]
            self.residual = max(self.residual, residual)
            if not residual <= LARGEST_RESIDUAL:
                where = _where(net, pieces[number], int(found.worst[number]))
                reason = f"no equilibrium after {steps[number]} steps: residual {residual:.1e} at {where}"
                self.reasons.append(reason)
            elif not all(part <= LARGEST_RESIDUAL for part in parts[number]):
                self.reasons.append(f"no certificate after {steps[number]} steps: {Certificate(*parts[number])}")

    def rest(self, piece: Piece) -> None:
        """Leave a component at its base, whose certificate is known."""
        if not piece.base_certificate.holds:
            self.reasons.append(f"the base year itself has no certificate: {piece.base_certificate}")
        self.certificate = self.certificate.joined(piece.base_certificate)

    def price_single_quotas(self, net: NetworkArrays, shock: CheckedShock) -> None:
        """Permit prices of quotas that were solved as caps: what the cap is worth per tonne of quota weight."""
        if not shock.quota_t.size:
            return
        members = ~shock.shared[shock.member_quota] & np.isfinite(shock.quota_t[shock.member_quota])
        members &= shock.member_weight > 0.0
        quota, link, weight = shock.member_quota[members], shock.member_link[members], shock.member_weight[members]
        binds = shock.quota_t[quota] <= weight * self.entries.flow[link] * (1.0 + 1e-12)
        rents = self.entries.link_rent[link[binds]] / weight[binds]
        np.maximum.at(self.entries.permit_price, quota[binds], rents)

    def equilibrium(self, question: Question | None) -> Equilibrium:
        """The finished record."""
        return Equilibrium(
            **self.entries._asdict(),
            residual=self.residual,
            certificate=self.certificate,
            converged=not self.reasons,
            reason="; ".join(self.reasons),
            iterations=self.iterations,
            question=question,
        )


def _where(net: NetworkArrays, piece: Piece, worst: int) -> str:
    """Words for a node or a quota of one component."""
    component, place = piece.component, piece.place
    nodes = component.node_price.size
    if worst >= nodes:
        return f"quota {worst - nodes} of those that tie good {place.node_good[0]} to others"
    moment, region = divmod(int(place.node_region[worst]), net.regions // component.parent.size)
    side = "producer" if worst < component.producers else "delivered"
    where = f"good {place.node_good[worst]} in region {region} ({side} side)"
    return where + (f", moment {moment}" if component.parent.size > 1 else "")
