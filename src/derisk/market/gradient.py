"""Gradient: exact derivatives of an outcome of an equilibrium by every input of the market and the shock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derisk.errors import Problem, ShapeError
from derisk.market.adjoint import Changes, Weights, carry_back
from derisk.market.network_arrays import NetworkArrays
from derisk.market.pieces import Piece
from derisk.market.prices import given_prices
from derisk.market.restrict import Part, restrict
from derisk.market.shock import CheckedShock, Shock
from derisk.market.supply import LARGEST_BASE_SHARE, STORE
from derisk.market.switches import Switch, switches_of
from derisk.market.trade import SMALLEST_EXPONENT

if TYPE_CHECKING:
    from derisk.market.equilibrium import Equilibrium
    from derisk.market.market import Market

Floats = NDArray[np.float64]

OUTCOMES = ("producer_price", "delivered_price", "permit_price", "flow", "production", "use")
"""Fields of an equilibrium that an outcome may depend on."""


class Gradient(dict[str, Floats]):
    """Input name to derivatives of the outcome, in the input's own shape; base prices by (good, region).

    Names are those of the arguments of `Market` and of `Shock`. A derivative is one-sided where the equilibrium stands
    at a switch; `switches` says which side was taken.
    """

    switches: tuple[Switch, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What an equilibrium answers: a market and a shock."""

    market: Market
    shock: Shock

    def gradient(self, equilibrium: Equilibrium, outcome_gradient: Mapping[str, ArrayLike]) -> Gradient:
        """Derivatives by every input, see `Equilibrium.gradient`."""
        shock = self.market.checked(self.shock)
        result = gradient_of(self.market.network, self.market.pieces(shock), shock, equilibrium, outcome_gradient)
        del result["store_scale"]
        return result


def gradient_of(
    net: NetworkArrays,
    pieces: list[Piece],
    shock: CheckedShock,
    equilibrium: Equilibrium,
    outcome_gradient: Mapping[str, ArrayLike],
) -> Gradient:
    """Derivatives by every input of a network, and by the scales of its stores, `store_scale` (process,).

    Args:
        net: of one month, or of several.
        pieces: its components.
        shock: what the equilibrium answers.
        equilibrium: of all components.
        outcome_gradient: see `Equilibrium.gradient`.
    """
    outcome = _checked_outcome(net, shock, outcome_gradient)
    result = _empty(net, shock)
    switches: list[Switch] = []
    for piece in pieces:
        part = restrict(piece, shock)
        weights = _weights(piece, part, shock, equilibrium, outcome)
        if not any(w.any() for w in weights):
            continue
        price = given_prices(piece, part, equilibrium)
        changes, state, flat = carry_back(piece.component, part.terms, price, weights)
        _enter(net, piece, part, changes, result)
        switches += switches_of(piece, part, price, state, flat, weights.price)
    _add_single_quotas(net, shock, equilibrium, outcome["permit_price"], result)
    _add_absent_nodes(pieces, outcome, result)
    result["trade_elasticity"][net.trade_exponent <= SMALLEST_EXPONENT] = 0.0
    raised = (net.base_output_t > 0.0) & (net.capacity_t <= net.base_output_t / LARGEST_BASE_SHARE)
    result["capacity_t"][raised & (net.process_kind != STORE)] = 0.0
    result.switches = tuple(switches)
    return result


def _empty(net: NetworkArrays, shock: CheckedShock) -> Gradient:
    """Zeros of every input's shape."""
    return Gradient(
        capacity_ratio=np.zeros(net.processes),
        flow_cap_t=np.zeros(net.links),
        quota_t=np.zeros(shock.quota_t.size),
        wedge_usd_per_t=np.zeros(net.links),
        demand_ratio=np.zeros(net.uses),
        cost_usd_per_t=np.zeros(net.processes),
        store_scale=np.zeros(net.processes),
        base_price_usd_per_t=np.zeros((net.goods, net.regions)),
        trade_elasticity=np.zeros(net.goods),
        gap_scale_ratio=np.zeros(net.links),
        capacity_t=np.zeros(net.processes),
        unit_cost_usd_per_t=np.zeros(net.processes),
        supply_steepness=np.zeros(net.processes),
        demand_elasticity=np.zeros(net.uses),
        value_in_use_usd_per_t=np.zeros(net.uses),
    )


def _checked_outcome(
    net: NetworkArrays, shock: CheckedShock, outcome_gradient: Mapping[str, ArrayLike]
) -> dict[str, Floats]:
    """The outcome's weights as full arrays; one ShapeError names every problem."""
    price = (net.goods, net.regions)
    shapes = (price, price, shock.quota_t.shape, (net.links,), (net.processes,), (net.uses,))
    outcome: dict[str, Floats] = {}
    problems = [
        Problem(f"unknown outcome '{name}'", "gradient(outcome_gradient)", ", ".join(OUTCOMES))
        for name in outcome_gradient
        if name not in OUTCOMES
    ]
    for name, shape in zip(OUTCOMES, shapes, strict=True):
        values = np.asarray(outcome_gradient.get(name, np.zeros(shape)), dtype=np.float64)
        if values.shape != shape:
            problems.append(Problem(f"{name} has shape {values.shape}", "gradient(outcome_gradient)", f"shape {shape}"))
        elif not np.isfinite(values).all():
            problems.append(Problem(f"{name} is not finite", "gradient(outcome_gradient)", "finite numbers"))
        outcome[name] = values
    if problems:
        raise ShapeError(*problems)
    return outcome


def _weights(
    piece: Piece, part: Part, shock: CheckedShock, equilibrium: Equilibrium, outcome: dict[str, Floats]
) -> Weights:
    """The outcome's weights in a component's numbering."""
    place, m = piece.place, piece.component.producers
    good, region = place.node_good, place.node_region
    gap = np.zeros(place.links.size)
    for quota, link, weight in _priced_members(shock, equilibrium):
        if piece.local_link[link] >= 0:
            gap[piece.local_link[link]] += outcome["permit_price"][quota] / weight
    return Weights(
        price=np.concatenate(
            [
                outcome["producer_price"][good[:m], region[:m]],
                outcome["delivered_price"][good[m:], region[m:]],
                outcome["permit_price"][part.quotas],
            ]
        ),
        flow=outcome["flow"][place.links],
        output=outcome["production"][place.processes],
        use=outcome["use"][place.uses],
        gap=gap,
    )


def _priced_members(shock: CheckedShock, equilibrium: Equilibrium) -> list[tuple[int, int, float]]:
    """Quota, link and weight of the members that set the permit price of a quota solved as caps."""
    priced: dict[int, tuple[float, int, float]] = {}
    members = zip(shock.member_quota, shock.member_link, shock.member_weight, strict=True)
    for quota, link, weight in members:
        if shock.shared[quota] or weight <= 0.0 or equilibrium.permit_price[quota] <= 0.0:
            continue
        rent = float(equilibrium.link_rent[link] / weight)
        if quota not in priced or rent > priced[quota][0]:
            priced[int(quota)] = (rent, int(link), float(weight))
    return [(quota, link, weight) for quota, (_, link, weight) in priced.items()]


def _enter(net: NetworkArrays, piece: Piece, part: Part, changes: Changes, result: Gradient) -> None:
    """Enter a component's derivatives into the market's arrays."""
    place = piece.place
    result["capacity_ratio"][place.processes] = changes.process_ratio
    result["cost_usd_per_t"][place.processes] = changes.process_margin
    result["capacity_t"][place.processes] = changes.process_capacity
    result["store_scale"][place.processes] = changes.process_scale
    result["supply_steepness"][place.processes] = changes.process_steepness
    new = net.base_output_t[place.processes] <= 0.0
    result["unit_cost_usd_per_t"][place.processes[new]] = changes.process_margin[new]
    result["flow_cap_t"][place.links] = changes.link_cap
    result["wedge_usd_per_t"][place.links] = changes.link_wedge
    np.add.at(result["trade_elasticity"], net.link_good[place.links], changes.link_exponent)
    result["gap_scale_ratio"][place.links] = changes.link_scale
    result["quota_t"][part.quotas] = changes.quota
    result["demand_ratio"][place.uses] = changes.use_ratio
    result["demand_elasticity"][place.uses] = changes.use_elasticity
    result["value_in_use_usd_per_t"][place.uses] = changes.use_value
    np.add.at(result["base_price_usd_per_t"], (place.node_good, place.node_region), changes.node_price)


def _add_single_quotas(
    net: NetworkArrays, shock: CheckedShock, equilibrium: Equilibrium, by_permit: Floats, result: Gradient
) -> None:
    """Quotas solved as caps: their tonnage is a cap, and their permit price the cap's rent (equation 6.24)."""
    finite = np.isfinite(shock.quota_t[shock.member_quota]) & ~shock.shared[shock.member_quota]
    priced = _priced_members(shock, equilibrium)
    setting = {(quota, link) for quota, link, _ in priced}
    for row in np.flatnonzero(finite & (shock.member_weight > 0.0)):
        quota, link, weight = int(shock.member_quota[row]), int(shock.member_link[row]), shock.member_weight[row]
        if shock.quota_t[quota] <= weight * shock.flow_cap_t[link] * (1.0 + 1e-12):
            if shock.quota_t[quota] > 0.0 or (quota, link) in setting:
                result["quota_t"][quota] += result["flow_cap_t"][link] / weight
            result["flow_cap_t"][link] = 0.0
    for quota, link, weight in priced:
        good, region, cap = net.link_good[link], net.destination[link], shock.flow_cap_t[link]
        price, exponent = net.base_price[good, region], net.trade_exponent[good]
        scale_ratio = net.gap_scale_ratio[link]
        weighed = by_permit[quota] / weight
        if cap > 0.0:
            ratio = cap / net.link_weight_t[link]
            room = ratio ** (1.0 / exponent)
            result["quota_t"][quota] -= weighed * scale_ratio * price * room / (exponent * cap) / weight
            result["trade_elasticity"][good] += weighed * scale_ratio * price * room * np.log(ratio) / exponent**2
        else:
            room = 0.0
        result["gap_scale_ratio"][link] -= weighed * price * (room - 1.0)
        result["base_price_usd_per_t"][good, region] -= weighed * scale_ratio * (room - 1.0)


def _add_absent_nodes(pieces: list[Piece], outcome: dict[str, Floats], result: Gradient) -> None:
    """Where a good has no producer or no delivered node the price reported is the base price."""
    absent = {name: np.ones_like(result["base_price_usd_per_t"]) for name in OUTCOMES[:2]}
    for piece in pieces:
        place, m = piece.place, piece.component.producers
        absent["producer_price"][place.node_good[:m], place.node_region[:m]] = 0.0
        absent["delivered_price"][place.node_good[m:], place.node_region[m:]] = 0.0
    for name, where in absent.items():
        result["base_price_usd_per_t"] += where * outcome[name]
