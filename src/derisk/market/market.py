"""Market: one month's equilibrium of all goods, from arrays to arrays."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.answer import Answer, answer_pieces
from derisk.market.build import build_component
from derisk.market.certificate import EXACT, Certificate, certify
from derisk.market.check_network import check_network
from derisk.market.component import good_components, merge_components
from derisk.market.equilibrium import Equilibrium
from derisk.market.gradient import Question
from derisk.market.network_arrays import NetworkArrays
from derisk.market.pieces import Piece
from derisk.market.potential import look
from derisk.market.prices import given_prices, given_quantities
from derisk.market.rents import single_quota_error
from derisk.market.restrict import restrict
from derisk.market.shock import CheckedShock, Looked, Shock, check_shock

Integers = NDArray[np.int64]


class Market:
    """The market of a balanced base year; solves for prices and quantities under a shock.

    Equation (6.1) of docs/theory/market.md. Links, processes and use rows are one-dimensional arrays with index
    columns; goods and regions are whole numbers from 0. A market is never changed by a solve and may be shared by
    threads; kernels let go of Python's lock and call no BLAS.

    Args:
        base_flow_t: (link,) base flows, home deliveries included [t].
        origin: (link,) region that ships.
        destination: (link,) region that receives.
        good: (link,) good shipped.
        base_price_usd_per_t: (good,) or (good, region) price at both ends of every base flow, positive [USD/t].
        trade_elasticity: (good,) elasticity of a flow to the delivered price; below 2 it counts as 2.
        process_region: (process,).
        process_good_matrix: (process, good) tonnes out (positive) or in (negative) per tonne of main output.
        base_output_t: (process,) base output; 0 for a process that did not run [t].
        capacity_t: (process,) most it can make; raised to base output / 0.98 where less [t].
        unit_cost_usd_per_t: (process,) read only where base output is 0; elsewhere cost is residual [USD/t].
        supply_steepness: (process,) elasticity of output to the margin; 0 for a host that runs whatever the price.
        base_use_t: (use_row,) [t].
        use_good: (use_row,).
        use_region: (use_row,).
        demand_elasticity: (use_row,) positive number.
        value_in_use_usd_per_t: (use_row,) price above which the use leaves, above its base price [USD/t].
        link_weight_t: (link,) the base flow, except on links without one: there, what the link would carry at base
            prices once a shock's `flow_cap_t` opens it; such links are closed while no caps are given. Base flows if
            None [t].
        gap_scale_ratio: (link,) price gap that moves a link's flow, over that which moves others: a link of 0.2 answers
            five times as strongly as the trade elasticity says (equation 6.3a). 1 if None.

    Raises:
        ShapeError: wrong shapes, indices, signs, or a node whose base does not balance; all problems at once.
    """

    def __init__(
        self,
        *,
        base_flow_t: ArrayLike,
        origin: ArrayLike,
        destination: ArrayLike,
        good: ArrayLike,
        base_price_usd_per_t: ArrayLike,
        trade_elasticity: ArrayLike,
        process_region: ArrayLike,
        process_good_matrix: ArrayLike,
        base_output_t: ArrayLike,
        capacity_t: ArrayLike,
        unit_cost_usd_per_t: ArrayLike,
        supply_steepness: ArrayLike,
        base_use_t: ArrayLike,
        use_good: ArrayLike,
        use_region: ArrayLike,
        demand_elasticity: ArrayLike,
        value_in_use_usd_per_t: ArrayLike,
        link_weight_t: ArrayLike | None = None,
        gap_scale_ratio: ArrayLike | None = None,
    ) -> None:
        self.network: NetworkArrays = check_network(
            base_flow_t=base_flow_t,
            origin=origin,
            destination=destination,
            good=good,
            base_price_usd_per_t=base_price_usd_per_t,
            trade_elasticity=trade_elasticity,
            process_region=process_region,
            process_good_matrix=process_good_matrix,
            base_output_t=base_output_t,
            capacity_t=capacity_t,
            unit_cost_usd_per_t=unit_cost_usd_per_t,
            supply_steepness=supply_steepness,
            base_use_t=base_use_t,
            use_good=use_good,
            use_region=use_region,
            demand_elasticity=demand_elasticity,
            value_in_use_usd_per_t=value_in_use_usd_per_t,
            link_weight_t=link_weight_t,
            gap_scale_ratio=gap_scale_ratio,
        )
        self._neutral = self.network.no_changes
        self._component_of_good = good_components(self.network)
        self._built: dict[tuple[int, ...], Piece] = {}
        numbers = np.unique(self._component_of_good)
        self._apart = [self._piece(np.flatnonzero(self._component_of_good == number)) for number in numbers]

    @property
    def goods(self) -> int:
        """Number of goods."""
        return self.network.goods

    @property
    def regions(self) -> int:
        """Number of regions."""
        return self.network.regions

    @property
    def links(self) -> int:
        """Number of links."""
        return self.network.links

    @property
    def processes(self) -> int:
        """Number of processes."""
        return self.network.processes

    @property
    def uses(self) -> int:
        """Number of use rows."""
        return self.network.uses

    def base_equilibrium(self) -> Equilibrium:
        """The equilibrium without any shock: the base year itself, unless a new process already pays."""
        return self.solve(Shock())

    def solve(self, shock: Shock, *, start: Equilibrium | None = None, tolerance: float = 1e-10) -> Equilibrium:
        """The equilibrium under a shock; a solve that fails is returned too, with its reason.

        Args:
            shock: what differs from the base.
            start: an equilibrium whose prices are tried first; base prices if None. Quantities do not depend on it.
            tolerance: residual to reach (equation 6.16).

        Raises:
            ShapeError: the shock's arrays do not match the market.
        """
        net, checked = self.network, self.checked(shock)
        answer = Answer(net, checked)
        answer_pieces(net, self.pieces(checked), checked, answer, start, tolerance)
        answer.price_single_quotas(net, checked)
        return answer.equilibrium(Question(self, shock))

    def certify(self, shock: Shock, equilibrium: Equilibrium) -> Certificate:
        """How far any prices and quantities are from the equilibrium under a shock (equation 6.21).

        Args:
            shock: the shock.
            equilibrium: prices and quantities of this market, whoever computed them.

        Raises:
            ShapeError: the shock's arrays do not match the market, or the permit prices the shock.
        """
        net, checked = self.network, self.checked(shock)
        if equilibrium.permit_price.shape != checked.quota_t.shape:
            what = f"equilibrium has permit prices of shape {equilibrium.permit_price.shape}"
            raise ShapeError(Problem(what, "Market.certify", f"shape {checked.quota_t.shape}, the shock's quotas"))
        certificate = EXACT
        for piece in self.pieces(checked):
            part = restrict(piece, checked)
            price, quantities = given_prices(piece, part, equilibrium), given_quantities(piece, equilibrium)
            certificate = certificate.joined(certify(piece.component, part.terms, price, quantities))
        prices = equilibrium.producer_price, equilibrium.delivered_price, equilibrium.permit_price
        single = single_quota_error(net, checked, *prices, equilibrium.flow)
        return certificate.joined(replace(EXACT, complementarity=single))

    def potential(self, shock: Shock, equilibrium: Equilibrium) -> float:
        """Value of the convex function the market minimises, at an equilibrium's prices [USD] (equation 6.1).

        Args:
            shock: the shock the function belongs to.
            equilibrium: any prices of this market; permit prices in the shock's order.
        """
        checked = self.checked(shock)
        value = 0.0
        for piece in self.pieces(checked):
            part = restrict(piece, checked)
            price = given_prices(piece, part, equilibrium)
            value += look(piece.component, part.terms, price)[0]
        return float(value)

    def solve_batch(self, shocks: Iterable[Shock], *, threads: int | None = None) -> list[Equilibrium]:
        """One equilibrium for each shock, in order; the numbers do not depend on `threads`.

        Args:
            shocks: the shocks.
            threads: how many to solve at once; as many as there are processors if None.

        Raises:
            ShapeError: a shock's arrays do not match the market.
        """
        waiting = enumerate(shocks := list(shocks))  # threads take turns at it: whoever is free takes the next
        answers: dict[int, Equilibrium] = {}

        def work() -> None:
            for number, shock in waiting:
                answers[number] = self.solve(shock)

        with ThreadPoolExecutor(max_workers=threads or os.cpu_count()) as pool:
            for working in [pool.submit(work) for _ in range(threads or os.cpu_count() or 1)]:
                working.result()
        return [answers[number] for number in range(len(shocks))]

    def checked(self, shock: Shock, looked: Looked | None = None) -> CheckedShock:
        """The shock as full arrays of this market; raises ShapeError with every problem."""
        return check_shock(shock, self._neutral, looked)

    def pieces(self, *shocks: CheckedShock) -> list[Piece]:
        """The components of the goods, those that a quota of some shock ties together taken as one."""
        members = {id(shock.member_link): shock for shock in shocks if shock.shared.any()}
        ties = {goods for shock in members.values() for goods in self._goods_tied(shock)}
        goods_of_quota = [np.array(goods) for goods in sorted(ties)]
        if not goods_of_quota:
            return self._apart
        merged = merge_components(self._component_of_good, goods_of_quota)
        return [self._piece(np.flatnonzero(merged == number)) for number in np.unique(merged)]

    def _goods_tied(self, shock: CheckedShock) -> Iterator[tuple[int, ...]]:
        """Goods of each quota that ties several."""
        shared = shock.shared[shock.member_quota]
        good, quota = self.network.link_good[shock.member_link[shared]], shock.member_quota[shared]
        least, most = np.full(shock.quota_t.size, self.goods), np.full(shock.quota_t.size, -1)
        np.minimum.at(least, quota, good)
        np.maximum.at(most, quota, good)
        for number in np.flatnonzero(least < most):
            yield tuple(np.unique(good[quota == number]).tolist())

    def _piece(self, goods: Integers) -> Piece:
        """The component of some goods, built once."""
        key = tuple(int(g) for g in goods)
        if key not in self._built:
            component, place = build_component(self.network, goods)
            local = np.full(self.network.links, -1)
            local[place.links] = np.arange(place.links.size)
            self._built[key] = Piece(component, place, local)
        return self._built[key]
