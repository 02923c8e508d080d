"""Window: the months ahead as one market, tied by stores, of which the first month happens (section 6.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.answer import Answer, answer_pieces
from derisk.market.build import fill_component
from derisk.market.component import Component, Place
from derisk.market.equilibrium import Equilibrium
from derisk.market.market import Market
from derisk.market.moments import Moment, Tree, check_moments, check_probability, present_value
from derisk.market.network_arrays import NetworkArrays
from derisk.market.pieces import Piece
from derisk.market.replicate import (
    discount_component,
    discount_network,
    join_shocks,
    process_weights,
    replicate_layout,
    replicate_network,
    take_sizes,
)
from derisk.market.restrict import moves
from derisk.market.shock import CheckedShock, Looked, Shock
from derisk.market.stores import StoreArrays, Stores, add_stores, check_stores
from derisk.market.window_equilibrium import WindowEquilibrium, first_month
from derisk.market.window_question import WindowQuestion

Floats = NDArray[np.float64]

AT_REST = 1e-12
"""A store whose opening is this near its target, relative to it, moves nothing."""


@dataclass(frozen=True, slots=True)
class _Start:
    """Prices to start from, in the replicated market's arrays."""

    producer_price: Floats
    delivered_price: Floats
    permit_price: Floats


class Worth:
    """The replicated market at one set of beliefs: its network and pieces in present value."""

    def __init__(self, weight: Floats, months: NetworkArrays, processes: int, stores: int) -> None:
        self.weight = weight
        self.by_process = process_weights(weight, processes, stores)
        self.network = discount_network(months, weight, self.by_process)
        self.pieces: dict[tuple[int, ...], Piece] = {}


class Window:
    """A tree of months ahead, solved as one market; built once for many solves.

    Equation (6.28) of docs/theory/market.md: the sum over moments of what each month's function is worth today, with
    stores that carry goods from each moment to all that may follow it. Goods that nothing touches stay at their base.

    Args:
        market: one month.
        stores: where goods are held.
        moments: the tree, parents first; the first is this month.
        discount_ratio_per_month: worth today of a dollar a month later, above 0 and at most 1.

    Raises:
        ShapeError: stores, moments or the discount are none.
    """

    def __init__(
        self, market: Market, stores: Stores, moments: Sequence[Moment], *, discount_ratio_per_month: float
    ) -> None:
        if not 0.0 < discount_ratio_per_month <= 1.0:
            what = f"discount_ratio_per_month is {discount_ratio_per_month}"
            raise ShapeError(Problem(what, "Window", "above 0 and at most 1"))
        self.market = market
        self.discount_ratio_per_month = discount_ratio_per_month
        self.tree: Tree = check_moments(moments)
        self.stores: StoreArrays = check_stores(stores, market.network)
        self._months = replicate_network(market.network, self.tree, self.stores, discount_ratio_per_month)
        self._built: dict[tuple[int, ...], tuple[Component, Place, NDArray[np.int64]]] = {}
        self._worth: Worth | None = None

    def solve(
        self,
        shocks: Sequence[Shock],
        opening_t: ArrayLike,
        *,
        probability: ArrayLike | None = None,
        start: WindowEquilibrium | None = None,
        before: WindowEquilibrium | None = None,
        tolerance: float = 1e-10,
        threads: int = 1,
    ) -> WindowEquilibrium:
        """The equilibrium of all moments; a solve that fails is returned too, with its reason.

        Args:
            shocks: (moment,) what differs from the base in each; pass the same object where moments are alike.
            opening_t: (store,) stock the first month opens with [t].
            probability: (moment,) of each branch, given its parent, where beliefs differ from those of the moments.
            start: an earlier answer of a window of this shape, whose prices are tried first.
            before: the answer before that one; prices are then tried first that move on as they did between the two.
            tolerance: residual to reach (equation 6.16).
            threads: how many components to solve at once; the numbers do not depend on it.

        Raises:
            ShapeError: shocks, openings, probabilities or the start do not match the window, or threads are none.
        """
        if threads < 1:
            raise ShapeError(Problem(f"threads is {threads}", "Window.solve", "a whole number from 1 up"))
        opening = self._opening(opening_t)
        checked = self._checked(shocks)
        worth = self._worth_of(probability)
        ratio = opening / self.stores.target_t
        joined = join_shocks(checked, self.tree, worth.weight, ratio, self.market.links)
        answer = Answer(worth.network, joined)
        first = None if start is None else self._start(start, before, worth.weight)
        distinct = list({id(shock): shock for shock in checked}.values())
        awake = np.zeros(self.market.goods, dtype=np.bool_)
        awake[self.stores.good[np.abs(ratio - 1.0) > AT_REST]] = True
        moved = []
        for month in self.pieces_of(distinct):
            moving = awake[month.place.node_good].any()
            if moving or any(moves(month, shock) for shock in distinct):
                moved.append(self.piece(month, worth))
            else:
                answer.rest(month)
        answer_pieces(worth.network, moved, joined, answer, first, tolerance, all_touched=True, threads=threads)
        answer.price_single_quotas(worth.network, joined)
        question = WindowQuestion(self, worth, tuple(checked), joined)
        return self._equilibrium(answer.equilibrium(None), opening, question)

    def pieces_of(self, shocks: Sequence[CheckedShock]) -> list[Piece]:
        """The components of one month that have a node, those that a quota of some shock ties together taken as one."""
        return [piece for piece in self.market.pieces(*shocks) if piece.place.node_good.size]

    def _opening(self, opening_t: ArrayLike) -> Floats:
        """The openings as an array."""
        opening = np.array(opening_t, dtype=np.float64)
        if opening.shape != (self.stores.size,) or not (np.isfinite(opening) & (opening >= 0.0)).all():
            what = f"opening_t of shape {opening.shape} is wrong"
            raise ShapeError(Problem(what, "Window.solve", f"shape ({self.stores.size},), finite numbers from 0 up"))
        return opening

    def _checked(self, shocks: Sequence[Shock]) -> list[CheckedShock]:
        """The shocks as full arrays, each object looked at once."""
        if len(shocks) != self.tree.size:
            raise ShapeError(Problem(f"{len(shocks)} shocks", "Window.solve", f"{self.tree.size}, one for each moment"))
        looked = Looked()
        seen = {id(shock): self.market.checked(shock, looked) for shock in {id(s): s for s in shocks}.values()}
        return [seen[id(shock)] for shock in shocks]

    def _worth_of(self, probability: ArrayLike | None) -> Worth:
        """The replicated market in present value under some beliefs; the last ones are kept."""
        chances = self.tree.probability
        if probability is not None:
            chances = check_probability(self.tree.parent, probability, "Window.solve(probability)")
        weight = present_value(self.tree, chances, self.discount_ratio_per_month)
        if self._worth is None or not np.array_equal(weight, self._worth.weight):
            self._worth = Worth(weight, self._months, self.market.processes, self.stores.size)
        return self._worth

    def piece(self, month: Piece, worth: Worth) -> Piece:
        """The component of several moments for the goods of one month's, built when first asked for."""
        key = month.goods
        if key not in worth.pieces:
            if key not in self._built:
                self._built[key] = self._build(month)
            component, place, local = self._built[key]
            now = discount_component(component, place, self._months, worth.weight, worth.by_process)
            worth.pieces[key] = Piece(*now, local)
        return worth.pieces[key]

    def _build(self, month: Piece) -> tuple[Component, Place, NDArray[np.int64]]:
        """The component of some goods over all moments, stores included, in the money of each moment."""
        component, place = fill_component(self._months, replicate_layout(month, self._months, self.market.network))
        component = take_sizes(component, place, month, self._months, self.tree)
        component, place = add_stores(component, place, self._months, self.stores, self.tree.parent)
        local = np.full(self._months.links, -1)
        local[place.links] = np.arange(place.links.size)
        return component, place, local

    def _start(self, start: WindowEquilibrium, before: WindowEquilibrium | None, weight: Floats) -> _Start:
        """Prices of an earlier answer in the replicated market's arrays, moved on from the one before it."""
        shape = (self.tree.size, self.market.goods, self.market.regions)
        for given in (start, start if before is None else before):
            if given.producer_price.shape != shape:
                what = f"start has prices of shape {given.producer_price.shape}"
                raise ShapeError(Problem(what, "Window.solve(start=...)", f"an answer of a window of shape {shape}"))
        of = start if before is None else before
        producer, delivered = (
            (_move_on(now, then) * weight[:, None, None]).transpose(1, 0, 2).reshape(shape[1], -1)
            for now, then in (
                (start.producer_price, of.producer_price),
                (start.delivered_price, of.delivered_price),
            )
        )
        if [permit.size for permit in of.permit_price] != [permit.size for permit in start.permit_price]:
            of = start
        permits = [
            np.maximum(2.0 * now - then, 0.0) * w
            for now, then, w in zip(start.permit_price, of.permit_price, weight, strict=True)
        ]
        return _Start(producer, delivered, np.concatenate(permits))

    def _equilibrium(self, months: Equilibrium, opening: Floats, question: WindowQuestion) -> WindowEquilibrium:
        """The answer, prices in the money of their moments."""
        net, count, weight = self.market.network, self.tree.size, question.worth.weight
        producer, delivered = (
            np.divide(price.reshape(net.goods, count, -1).transpose(1, 0, 2), weight[:, None, None], order="C")
            for price in (months.producer_price, months.delivered_price)
        )
        ends = np.cumsum([0, *(shock.quota_t.size for shock in question.shocks)])
        permits = [months.permit_price[ends[n] : ends[n + 1]] / weight[n] for n in range(count)]
        stored = months.production[net.processes * count + self.stores.size :].reshape(count, -1)
        return WindowEquilibrium(
            first=first_month(months, net, int(ends[1])),
            opening_t=opening,
            closing_t=stored[0].copy(),
            delivered_price=delivered,
            producer_price=producer,
            permit_price=tuple(permits),
            stored_t=stored,
            converged=months.converged,
            residual=months.residual,
            reason=months.reason,
            months=months,
            question=question,
        )


def _move_on(now: Floats, then: Floats) -> Floats:
    """Prices that change once more as they did from `then` to `now`, at most to twice or half of what they are."""
    return np.clip(2.0 * now - then, 0.5 * now, 2.0 * now)
